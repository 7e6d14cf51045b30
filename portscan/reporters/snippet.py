"""A line of source with carets under a place in it, as it can be shown in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portscan.records import dataclass
from portscan.secrets import around
from portscan.terminal import cells, printable

if TYPE_CHECKING:
    from portscan.model import Location
    from portscan.source import Source

TAB = 4
MORE = "…"
MARGIN = 400  # characters on either side that are looked at: nobody sees more of a line, however long it is


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line as it is shown, and the cells that the carets take: `indent` before them, `length` of them."""

    text: str
    indent: int
    length: int

    @property
    def carets(self) -> str:
        """The line that goes below the text."""
        return " " * self.indent + "^" * self.length


def snippet(source: Source, place: Location, width: int) -> Snippet | None:
    """The line of `place` in at most `width` cells; None when the source has no such place."""
    line = source.line_text(place.line)
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    if start > len(line) or place.line > source.lines:
        return None
    front, behind = around(line, start, end)
    first = max(0, start - MARGIN)
    before, found = _shown(front[-MARGIN:], 0), line[start : max(end, start)][:MARGIN]
    marked = _shown(found, cells(before))
    after = _shown(behind[:MARGIN], cells(before + marked))
    return _cropped(before, marked, after.rstrip(), width, cut=(first > 0, end + MARGIN < len(line)))


def _shown(text: str, column: int) -> str:
    """Printable text with its tabs drawn out; `column` is the cell that it begins in."""
    parts: list[str] = []
    for i, part in enumerate(text.split("\t")):
        if i:
            parts.append(" " * (TAB - column % TAB))
            column += len(parts[-1])
        parts.append(printable(part))
        column += cells(parts[-1])
    return "".join(parts)


def _cropped(before: str, marked: str, after: str, width: int, cut: tuple[bool, bool]) -> Snippet:
    """Keep what is marked; of the rest, a third of the room goes to what stands before it."""
    marked = _head(marked, width)
    room = max(width - cells(marked), 0)
    left = max(room // 3, room - cells(after) - cut[1])
    if cells(before) > left or cut[0]:
        before = MORE + _tail(before, left - 1) if left > 0 else ""
    room -= cells(before)
    if cells(after) > room or cut[1]:
        after = _head(after, room - 1) + MORE if room > 0 else ""
    return Snippet(before + marked + after, cells(before), max(cells(marked), 1))


def _head(text: str, room: int) -> str:
    """As much of the beginning as fits."""
    while text and cells(text) > room:
        text = text[: min(len(text) - 1, max(room, 0))]
    return text


def _tail(text: str, room: int) -> str:
    """As much of the end as fits."""
    while text and cells(text) > room:
        text = text[len(text) - min(len(text) - 1, max(room, 0)) :]
    return text
