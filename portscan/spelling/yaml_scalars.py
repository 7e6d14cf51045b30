"""The scalars of a YAML text in the order of their places, of which the one at a place is found at once."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from portscan.languages.yaml import UNSAID, follow, taken
from portscan.records import dataclass, field
from portscan.text import placed

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

    def walked(events: Iterator[Any]) -> _Scalars:
        walk = _Scalars()
        follow(events, walk)
        return walk

    return taken(text, walked)


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
    """What is known of each scalar, by the numbers in which they follow each other: a large file has very many of them.

    Empty ones hold no character. The outermost of the `levels` is no mapping.
    """

    levels: list[_Level] = field(default_factory=lambda: [_Level(False, False, None)])
    starts: array[int] = field(default_factory=placed)
    ends: array[int] = field(default_factory=placed)
    styles: list[str] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    flows: bytearray = field(default_factory=bytearray)
    keys: bytearray = field(default_factory=bytearray)

    def at(self, offset: int) -> Scalar | None:
        one = bisect_right(self.starts, offset) - 1
        if one < 0 or offset >= self.ends[one]:
            return None
        names = _names(self.chains[one])
        return Scalar(self.starts[one], self.ends[one], self.styles[one], bool(self.flows[one]), names, bool(self.keys[one]))

    def scalar(self, event: Any) -> None:
        top = self.levels[-1]
        key = top.mapping and top.key is None
        start, end = event.start_mark.index, event.end_mark.index
        if start < end:
            self.starts.append(start)
            self.ends.append(end)
            self.styles.append(str(event.style or ""))
            self.chains.append(top.chain)
            self.flows.append(top.flow)
            self.keys.append(key)
        top.key = event.value if key else None

    def mapping(self, event: Any) -> None:
        self.begin(event, mapping=True)

    def sequence(self, event: Any) -> None:
        self.begin(event, mapping=False)

    def begin(self, event: Any, *, mapping: bool) -> None:
        top = self.levels[-1]
        self.levels.append(_Level(mapping, top.flow or bool(event.flow_style), top.chain))

    def close(self, _event: Any) -> None:
        self.levels.pop()
        self.done()

    def done(self, _event: Any = None) -> None:
        """A value is complete, so that a key comes next; or else what is no scalar was the key itself."""
        top = self.levels[-1]
        if top.mapping:
            top.key = UNSAID if top.key is None else None


def _names(chain: Chain) -> tuple[str, ...]:
    found = []
    while chain is not None:
        chain, name = chain
        found.append(name)
    return tuple(reversed(found))
