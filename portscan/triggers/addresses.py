"""A colon and a digit is what most rules have in common, and what is common where there is no port: times, keys, slices.

Which of these contexts may be passed over is worked out from the rules: a pattern is followed through the characters of a
context, and one that can claim digits behind them is sought by pieces of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from portscan.records import dataclass, field, replace
from portscan.triggers import APART as ALONE
from portscan.triggers import NAME, OTHER, START
from portscan.triggers.heads import DIGITS, EVERY, Characters, characters
from portscan.triggers.needs import parsed

WORD = frozenset(c for c in EVERY if c.isalnum() or c == "_")
QUOTES = frozenset("\"'`")
# What neither a name nor an address goes on with: a time stands behind it. Behind a backslash nobody knows what is meant.
APART = frozenset(" \t\n\r\"'`#&(:;<=?[^{|")
SLICED = frozenset("[(,?;&|<")
COLON = frozenset(":")
DAY = (*[DIGITS] * 4, frozenset("-"), DIGITS, DIGITS, frozenset("-"), DIGITS, DIGITS, frozenset("T"))
# Where readers hand on what stands between quotes, a text begins behind one of these; else behind any sign.
QUOTING = frozenset(("javascript", "python", "json"))
COLON_IN = "(LITERAL, 58)"  # as a parsed expression shows it
FURTHEST = 12  # characters to which a pattern looks back
BEGINNINGS = QUOTES | frozenset((*"-=:>} \t\r\n", START))


@dataclass(frozen=True, slots=True)
class Context:
    """Characters in front of digits, the last of them the colon, and the expression by which they are passed over there.

    Of those in the `middle` there are any number. Where it is meant of one digit, a rule that claims two `least` is none of it.
    """

    characters: tuple[Characters, ...]
    unless: str
    closed: bool = False  # no text begins in it
    middle: Characters = frozenset()
    single: bool = False


def _class(characters: Characters) -> str:
    return "".join(re.escape(c) for c in sorted(characters))


CONTEXTS: Mapping[str, Context] = {
    "hour": Context((APART, DIGITS, COLON), rf"(?<![{_class(APART)}][0-9]:)"),
    "minute": Context((APART, DIGITS, DIGITS, COLON), rf"(?<![{_class(APART)}][0-9][0-9]:)"),
    "day": Context((APART, *DAY, DIGITS, DIGITS, COLON), rf"(?<![{_class(APART)}]\d\d\d\d-\d\d-\d\dT\d\d:)"),
    "slice": Context((SLICED, COLON), rf"(?<![{_class(SLICED)}]:)"),
    "key": Context((WORD, QUOTES, COLON), "", closed=True),
    "lone": Context((ALONE | {START}, COLON), "", middle=NAME, single=True),
    "path": Context((NAME, frozenset("/"), COLON), "", middle=NAME, single=True),  # `org/image:7`
}
KEY, LONE, PATH, WORDED = "key", "lone", "path", "worded"
ALL = (*CONTEXTS, WORDED)  # with digits that a letter, or a sixth one, stands right behind: `endings` tells of these
ADDRESS = ":[123456789]"  # what most rules have in common; sought in any case, so that the others need nothing of their own
ENDED = "(?=[0-9]{0,4}(?![0-9A-Za-z_]))"


def address(contexts: Collection[str], digits: str = ADDRESS) -> str:
    """A colon and `digits`, but in `contexts`; some of which are no matter of an expression."""
    unless = "".join(CONTEXTS[name].unless for name in contexts if name in CONTEXTS)
    return f":{unless}{digits[1:]}{ENDED if WORDED in contexts else ''}"


def claimed(pattern: str, reader: str, *, ignore_case: bool = False) -> frozenset[str]:
    """The contexts behind which `pattern` may claim digits, in what `reader` hands on."""
    return _claimed(pattern, reader in QUOTING, ignore_case)


@lru_cache(maxsize=1024)
def _claimed(pattern: str, quoting: bool, ignore_case: bool) -> frozenset[str]:
    graph = _graph(pattern, ignore_case)
    begins = BEGINNINGS if quoting else EVERY - WORD
    return frozenset(name for name, each in CONTEXTS.items() if graph.passes(each, begins))


Places = frozenset[int]
Seen = tuple[Characters, ...]
Step = tuple[str, Any, int]  # what it takes: a character, a beginning, characters behind; and where it leads


@dataclass(slots=True)
class _Graph:
    """A pattern as steps from place to place, of which there may be too many; `claims` are the places in front of the digits.

    In front of those in `short` there may be one digit.
    """

    steps: list[list[Step]] = field(default_factory=lambda: [[]])
    claims: set[int] = field(default_factory=set)
    short: set[int] = field(default_factory=set)

    def passes(self, context: Context, begins: Characters) -> bool:
        """Whether the digits behind `context` may be claimed, whatever stands in front of it."""
        begins = frozenset() if context.closed else begins
        claims = self.short if context.single else self.claims
        here: Places = frozenset(range(len(self.steps)))
        seen: Seen = ()
        for each in context.characters[:-1]:
            here, seen = self._behind(here, seen, each, begins)
        ways = self._repeated(here, seen, context.middle, begins)
        return any(not self._behind(*way, context.characters[-1], begins)[0].isdisjoint(claims) for way in ways)

    def _repeated(self, here: Places, seen: Seen, middle: Characters, begins: Characters) -> Iterator[tuple[Places, Seen]]:
        """Where it is behind any number of characters, until it goes round in circles."""
        known: set[Places] = set()
        while here not in known or len(seen) <= FURTHEST:
            yield here, seen
            if not middle:
                return
            known.add(here)
            here, seen = self._behind(here, seen, middle, begins)

    def _behind(self, here: Places, seen: Seen, characters: Characters, begins: Characters) -> tuple[Places, Seen]:
        """Where it is behind one of `characters`, or beginning there, and what has been seen then."""
        further = {to for at in here for kind, what, to in self.steps[at] if kind == "character" and what & characters}
        seen = (*seen, characters)
        return frozenset(self._closed(further | {0}, seen, begins)), seen

    def _closed(self, here: set[int], seen: Sequence[Characters], begins: Characters) -> set[int]:
        """The places that are reached from `here` without a character."""
        pending = list(here)
        while pending:
            for kind, what, to in self.steps[pending.pop()]:
                if to not in here and kind != "character" and _may(kind, what, seen, begins):
                    here.add(to)
                    pending.append(to)
        return here

    def place(self) -> int:
        self.steps.append([])
        return len(self.steps) - 1

    def step(self, at: int, kind: str, what: Any, to: int | None = None) -> int:
        """A step from the place `at`; where it leads."""
        to = self.place() if to is None else to
        self.steps[at].append((kind, what, to))
        return to


def _may(kind: str, what: Any, seen: Sequence[Characters], begins: Characters) -> bool:
    if kind == "begin":
        return not seen[-1].isdisjoint(begins)
    if kind == "behind":
        return all(not one.isdisjoint(other) for one, other in zip(reversed(what), reversed(seen), strict=False))
    return kind != "not behind" or not seen[-1] <= what


def _graph(pattern: str, ignore_case: bool) -> _Graph:
    elements = parsed(pattern, re.IGNORECASE if ignore_case else 0)
    groups = elements.state.groupdict
    reader = _Reader(_Graph(), {groups[name] for name in ("port", "last") if name in groups})
    reader.through(elements, 0, bool(elements.state.flags & re.IGNORECASE))
    return reader.graph


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes the steps of parsed elements; `numbers` are the groups that hold the digits, and whether this is `within` one."""

    graph: _Graph
    numbers: set[int]
    within: bool = False

    def through(self, elements: Any, at: int, folded: bool) -> int:
        """The place behind `elements`."""
        for operation, argument in elements:
            taken = characters(str(operation), argument, folded)
            if taken is not None:
                at = self.graph.step(at, "character", taken)
            else:
                at = getattr(self, f"_{str(operation).lower()}", self._unknown)(argument, at, folded)
        return at

    def _claim(self, at: int, digits: int) -> None:
        """That many `digits` at least may be claimed at a place."""
        self.graph.claims.add(at)
        self.graph.short.update((at,) if digits < 2 else ())

    def _unknown(self, _argument: Any, at: int, _folded: bool) -> int:
        """Of what this reader does not know anything may follow."""
        self._claim(at, 0)
        self.graph.step(at, "character", EVERY, at)
        return at

    def _subpattern(self, argument: Any, at: int, folded: bool) -> int:
        number, added, removed, inner = argument
        if number in self.numbers:
            self._claim(at, inner.getwidth()[0])
        if number in self.numbers and COLON_IN in repr(inner):  # a mapping has further digits behind its colons
            return replace(self, within=True).through(inner, at, folded)
        return self.through(inner, at, (folded or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE)

    def _branch(self, argument: Any, at: int, folded: bool) -> int:
        end = self.graph.place()
        for each in argument[1]:
            self.graph.step(self.through(each, at, folded), "nothing", None, end)
        return end

    def _max_repeat(self, argument: Any, at: int, folded: bool) -> int:
        """As often as is asked for, and then any number of times if there may be more at all."""
        least, most, inner = int(argument[0]), int(argument[1]), argument[2]
        if self.within and least < 2:
            self.graph.short.add(at)
        for _ in range(min(least, 3)):
            at = self.through(inner, at, folded)
        if most > least or least > 3:
            again = self.graph.step(at, "nothing", None)
            end = self.graph.step(again, "nothing", None)
            self.graph.step(self.through(inner, again, folded), "nothing", None, end if most == 1 else again)
            return end
        return at

    _min_repeat = _possessive_repeat = _max_repeat

    def _at(self, argument: Any, at: int, _folded: bool) -> int:
        return self.graph.step(at, "begin" if str(argument).startswith("AT_BEGINNING") else "nothing", None)

    def _assert(self, argument: Any, at: int, folded: bool) -> int:
        """Characters that are there; what is looked at in advance, and alternatives, are not asked for."""
        if argument[0] > 0:
            self.through(argument[1], at, folded)
            return self.graph.step(at, "nothing", None)
        elements = [(str(operation), what) for operation, what in argument[1]]
        if [name for name, _ in elements] == ["AT"]:
            return self._at(elements[0][1], at, folded)
        behind = [characters(name, what, folded) for name, what in elements]
        return self.graph.step(at, "nothing" if None in behind else "behind", behind)

    def _assert_not(self, argument: Any, at: int, folded: bool) -> int:
        elements = [(str(operation), what) for operation, what in argument[1]]
        absent = characters(*elements[0], folded) if argument[0] < 0 and len(elements) == 1 else None
        return self.graph.step(at, "nothing" if absent is None else "not behind", absent and absent - {OTHER})
