"""A registry as it is written: where every key and value begins and ends, aliases and anchors included.

The tree of `portscan.document` holds values, with aliases followed and merges made. Here nothing is followed: an alias is a
spot of its own, and a mapping has the keys that are written in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from portscan.document.nodes import Path
from portscan.document.syntax import events
from portscan.expressions import compiled
from portscan.records import dataclass, field

PROPERTIES: Final = compiled(r"(?:[&!]\S*\s*)*")
COMMENT: Final = compiled(r"(?:(?<=\s)|^)#[^\r\n]*", re.MULTILINE)
LINE_END: Final = compiled(r"\r\n|\n|\r|\Z")


class Awkward(ValueError):
    """A place that cannot be edited safely, and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A key or value as written: `text[start:end]`, with its anchor or tag from `head` on.

    A list or mapping in block style ends where its last value does. `children` are the items of a list; keys and values in
    turn of a mapping. `style` is the first sign of a quoted or block scalar, "" for a plain one.
    """

    kind: Literal["leaf", "alias", "list", "map"]
    head: int
    start: int
    end: int
    style: str = ""
    flow: bool = False
    text: str = ""
    children: tuple[Spot, ...] = ()

    @property
    def pairs(self) -> Iterator[tuple[Spot, Spot]]:
        """Keys and values of a mapping."""
        return zip(self.children[::2], self.children[1::2], strict=True)


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a registry and the spots in it. `masked` is the text with blanks in place of comments."""

    text: str
    root: Spot
    masked: str = field(repr=False, default="")

    def spot(self, path: Path) -> Spot | None:
        """The value at a path; an alias leads nowhere."""
        here: Spot | None = self.root
        for part in path:
            if here is None:
                return None
            if isinstance(part, int):
                here = here.children[part] if here.kind == "list" and part < len(here.children) else None
            else:
                here = next((value for key, value in here.pairs if key.text == part), None) if here.kind == "map" else None
        return here

    def key(self, path: Path) -> Spot | None:
        """The key at a path that ends in one."""
        holder = self.spot(path[:-1])
        return next((key for key, _ in holder.pairs if key.text == path[-1]), None) if holder and holder.kind == "map" else None

    def colon(self, key: Spot) -> int:
        """The offset behind the colon of a key."""
        return self.masked.index(":", key.end) + 1

    def dash(self, item: Spot, after: int) -> int:
        """The offset of the dash of an item in block style; nothing but it stands between `after` and the item."""
        found = self.masked.rfind("-", after, item.head)
        if found < 0:
            raise Awkward("its dash cannot be told")
        return found

    def dashes(self, sequence: Spot) -> tuple[int, ...]:
        """The offsets of the dashes of a list in block style."""
        befores = (sequence.head, *(item.end for item in sequence.children))
        return tuple(self.dash(item, before) for item, before in zip(sequence.children, befores, strict=False))

    def column(self, offset: int) -> int:
        """How many characters stand before an offset on its line."""
        return offset - self.line_start(offset)

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_above(self, begin: int) -> int:
        """Where the line before the one that begins at `begin` begins; 0 on the first one."""
        return self.line_start(begin - (2 if self.text.startswith("\r\n", begin - 2) else 1)) if begin else 0

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, before its line end."""
        found = LINE_END.search(self.text, offset)
        return found.start() if found else len(self.text)

    def next_line(self, offset: int) -> int:
        """Where the line after that of an offset begins; the end of the text on the last one."""
        found = LINE_END.search(self.text, offset)
        return found.end() if found else len(self.text)

    def tail(self, end: int, column: int) -> int:
        """The end of the lines that belong to what ends at `end`: its own, and comments right below, deeper than `column`."""
        stop = self.line_end(end)
        while (following := self.next_line(stop)) < len(self.text) and following > stop:
            line = self.text[following : self.line_end(following)]
            if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) <= column:
                break
            stop = self.line_end(following)
        return stop


def page(text: str) -> Page:
    """The page of a registry that can be read."""
    return Page(text, _root(text), _masked(text))


def _root(text: str) -> Spot:
    stack: list[tuple[Any, list[Spot]]] = []
    done: list[Spot] = []
    for event in events(text):
        name = type(event).__name__
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            stack.append((event, []))
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            opened, children = stack.pop()
            (stack[-1][1] if stack else done).append(_branch(text, opened, event, tuple(children)))
        elif name in ("ScalarEvent", "AliasEvent"):
            (stack[-1][1] if stack else done).append(_leaf(text, event, alias=name == "AliasEvent"))
    return done[0]


def _leaf(text: str, event: Any, *, alias: bool) -> Spot:
    head, end = event.start_mark.index, event.end_mark.index
    if alias:
        return Spot("alias", head, head, end)
    start = _behind_properties(text, head, end) if event.anchor or event.tag else head
    style = text[start] if start < end and text[start] in "\"'|>" and event.style else ""
    if style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    return Spot("leaf", head, start, end, style, text=str(event.value))


def _branch(text: str, opened: Any, closed: Any, children: tuple[Spot, ...]) -> Spot:
    kind: Literal["map", "list"] = "map" if type(opened).__name__.startswith("Mapping") else "list"
    head, flow = opened.start_mark.index, bool(opened.flow_style)
    start = _behind_properties(text, head, len(text)) if opened.anchor or opened.tag else head
    end = closed.end_mark.index if flow else children[-1].end
    return Spot(kind, head, start, end, flow=flow, children=children)


def _behind_properties(text: str, head: int, end: int) -> int:
    match = PROPERTIES.match(text, head, end)
    return match.end() if match else head


def _masked(text: str) -> str:
    """The text with blanks for comments. A `#` in quotes may be taken for one; only what stands between values is asked for."""
    return COMMENT.sub(lambda match: " " * len(match[0]), text)
