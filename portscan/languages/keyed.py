"""Where a value stands in nested mappings and lists, as JSON and YAML have them: the keys that lead to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from portscan.expressions import compiled
from portscan.records import dataclass, field
from portscan.sites import HOLDERS, ITEM

Word = TypeVar("Word")
# Keys that lead to a value, at either end: with all of thousands, each value would cost as much as the file.
OUTER, INNER = 50, 50
LEFT_OUT = "…"
# In a key: `"127.0.0.1:1980": 1`, while `user:1000` may be anything.
ADDRESS = compiled(r"(?:localhost|\.[\w-]{1,63}|//[\w.-]{1,253}|\]):\d\d")


@dataclass(slots=True)
class Level(Generic[Word]):
    """An open mapping (`key` is the current one) or list, whose plain elements are `words`; `called` is its name.

    `outer` are the keys that lead to it, once somebody has asked: they stay as they are while it is open.
    """

    mapping: bool
    key: str | None = None
    called: str | None = None
    words: list[Word] = field(default_factory=list)
    outer: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """The key, or the name beside it: `{name: PORT, value: "3000"}`."""
        return self.called if self.called is not None and self.key in HOLDERS else str(self.key)


def begun(mapping: bool) -> Level[Word]:
    """A mapping or a list that begins."""
    return Level(mapping, None if mapping else ITEM)


def names(levels: Sequence[Level[Word]]) -> tuple[str, ...]:
    """The keys that lead to what comes next, outermost first; of very many those at both ends, and a sign for the others."""
    if not levels:
        return ()
    if len(levels) <= OUTER + INNER:
        last = levels[-1]
        if last.outer is None:
            last.outer = _named(levels[:-1])
        return last.outer if last.key is None else (*last.outer, last.name)
    return (*_named(levels[:OUTER]), LEFT_OUT, *_named(levels[-INNER:]))


def _named(levels: Sequence[Level[Word]]) -> tuple[str, ...]:
    return tuple([each.name for each in levels if each.key is not None])
