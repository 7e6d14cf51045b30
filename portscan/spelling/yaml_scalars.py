"""The scalars of a YAML text in the order of their places, of which the one at a place is found at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from portscan.languages.yaml import taken
from portscan.records import dataclass, field

Chain: TypeAlias = "tuple[Chain, str] | None"  # the last of the keys that lead to a place, behind those above it


@dataclass(frozen=True, slots=True)
class Scalar:
    """The value that holds a literal: its place in the text, its style, whether it is in a flow, and the keys to it."""

    start: int
    end: int
    style: str
    flow: bool
    names: tuple[str, ...]
    key: bool

    @property
    def plain(self) -> bool:
        """Whether it stands without quotes."""
        return self.style in ("", "None")


def scalar_at(text: str, offset: int) -> Scalar | None:
    """The scalar that holds the character at `offset`."""
    return _scalars(text).at(offset)


@lru_cache(maxsize=4)
def _scalars(text: str) -> _Scalars:
    """Those of a text: the parser is asked once, however many of them hold a port."""
    return taken(text, _read)


@dataclass(slots=True)
class _Level:
    """An open mapping or list: whether it is in a flow, the keys above it, and the current one of its own."""

    mapping: bool
    flow: bool
    above: Chain
    key: str | None = None

    @property
    def chain(self) -> Chain:
        return self.above if self.key is None else (self.above, self.key)


@dataclass(slots=True)
class _Scalars:
    """What is known of each scalar, by the numbers in which they follow each other. Empty ones hold no character."""

    levels: list[_Level] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    found: list[tuple[int, str, bool, Chain, bool]] = field(default_factory=list)

    def at(self, offset: int) -> Scalar | None:
        number = bisect_right(self.starts, offset) - 1
        if number < 0 or offset >= self.found[number][0]:
            return None
        end, style, flow, chain, key = self.found[number]
        return Scalar(self.starts[number], end, style, flow, _names(chain), key)

    def take(self, event: Any) -> None:
        """Note what one event completes."""
        kind = event.__class__.__name__
        top = self.levels[-1] if self.levels else _Level(False, False, None)
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            self.levels.append(_Level(kind == "MappingStartEvent", top.flow or bool(event.flow_style), top.chain))
            return
        if kind == "ScalarEvent":
            key = top.mapping and top.key is None
            self.note(event, top, key)
            if key:
                top.key = event.value
                return
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.levels.pop()
        elif kind != "AliasEvent":
            return
        if self.levels and self.levels[-1].mapping:
            self.levels[-1].key = None

    def note(self, event: Any, top: _Level, key: bool) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if start < end:
            self.starts.append(start)
            self.found.append((end, str(event.style or ""), top.flow, top.chain, key))


def _read(events: Iterator[Any]) -> _Scalars:
    scalars = _Scalars()
    for event in events:
        scalars.take(event)
    return scalars


def _names(chain: Chain) -> tuple[str, ...]:
    found = []
    while chain is not None:
        chain, name = chain
        found.append(name)
    return tuple(reversed(found))
