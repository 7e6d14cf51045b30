"""Comments right above an entry of a list: whose they are, and what `init` left for a person to decide.

What stands between entries may be a heading, or anybody's. An entry's own is only what says so: a CONFLICT, or a comment that
names the entry, at its column and with no empty line in between. The name of its stack alone is a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.registry.editing.page import Page, Spot

CONFLICT: Final = "CONFLICT: "
LINE: Final = compiled(r"[ \t]*#[ \t]?([^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Note:
    """A comment: the lines `start:end` of the text, and its words."""

    start: int
    end: int
    words: str

    @property
    def conflict(self) -> bool:
        """Whether `init` wrote it for a person to decide."""
        return self.words.startswith(CONFLICT)


def own(page: Page, dash: int, item: Spot) -> Iterator[Note]:
    """The comments of an entry whose dash is at an offset, nearest first, up to the first that is not its own."""
    named = {key.text: value.text for key, value in item.pairs} if item.kind == "map" else {}
    for note in above(page, dash, named.get("stack", "")):
        if not (note.conflict or _names(note.words, named)):
            return
        yield note


def above(page: Page, dash: int, heading: str = "") -> Iterator[Note]:
    """The comments right above an entry, nearest first. A conflict is one, and what else stands together, without the heading."""
    end, column = page.line_start(dash), page.column(dash)
    lines: list[tuple[int, str]] = []
    while end and (words := _comment(page, page.line_above(end), column)) is not None and words.strip() != heading:
        end = page.line_above(end)
        lines.append((end, words))
    yield from _grouped(lines, page.line_start(dash))


def _grouped(lines: list[tuple[int, str]], stop: int) -> Iterator[Note]:
    """Comments by their lines, nearest first: what goes on is indented further, and a conflict begins one of its own."""
    words: list[str] = []
    for number, (start, text) in enumerate(lines):
        words.insert(0, text.strip())
        more = lines[number + 1 :]
        over = not more or text.startswith(CONFLICT) or (not text.startswith(" ") and _in_conflict(more))
        if over:
            yield Note(start, stop, " ".join(words))
            stop, words = start, []


def _in_conflict(lines: list[tuple[int, str]]) -> bool:
    """Whether the first of some lines, nearest first, is the end of a conflict."""
    return next((text for _, text in lines if not text.startswith(" ")), "").startswith(CONFLICT)


def _comment(page: Page, start: int, column: int) -> str | None:
    """The words of the line that begins there, if it is a comment at a column."""
    line = page.text[start : page.line_end(start)]
    match = LINE.fullmatch(line)
    return match[1] if match and len(line) - len(line.lstrip()) == column else None


def _names(words: str, named: dict[str, str]) -> bool:
    """Whether a comment names an entry, by a name that its stack has not got."""
    name = named.get("name", "")
    said = re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w/-]|\.\w)", words, re.IGNORECASE)
    return bool(name) and name != named.get("stack") and said is not None
