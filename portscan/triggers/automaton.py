"""The triggers of a language behind an automaton: in one pass, Hyperscan tells which of them may be in a text.

It seeks what they begin with (`approximation.py`), hundreds of short runs of bytes at the speed of a few. In most texts there is
none; of a text that has some, the triggers to which these belong are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from portscan.expressions import EXPRESSIONS
from portscan.native import library
from portscan.triggers import BECOMING_ASCII, Triggers, encoded, lowered, numbered
from portscan.triggers.approximation import approximation

DIGITS = 0  # the number of the check without which nothing counts
Plain = tuple[bytes, tuple[int, ...]]  # an automaton, and the numbers of the checks that it does not know


class Check(NamedTuple):
    """A pattern, and in what it is sought: the text, its lines with digits, or the text in lower case."""

    pattern: str
    within: str


def checks_of(triggers: Triggers) -> tuple[Check, ...]:
    """What a text is asked for, by number; first the digits."""
    sought = {
        "lines": (triggers.digits, *triggers.lined),
        "addresses": (triggers.address,),
        "text": (*triggers.patterns, *triggers.listed, *(pattern for _, begun, _ in triggers.words for _, pattern in begun)),
        "low": [pattern for _, _, folded in triggers.words for _, pattern in folded],
    }
    return tuple(Check(pattern, within) for within, patterns in sought.items() for pattern in patterns)


def engine() -> str | None:
    """What tells one Hyperscan's automata from those of another; None where there is no Hyperscan."""
    try:
        return str(library("hyperscan", "_hs_ext").__version__)
    except (ImportError, AttributeError):
        return None


def compiled(checks: Sequence[Check]) -> Plain:
    """The automaton for some checks, as bytes; a `ValueError` where Hyperscan makes none of them."""
    hyperscan = library("hyperscan", "_hs_ext")
    runs = [approximation(check.pattern, lowered=check.within == "low") for check in checks]
    numbered_runs = [(run.encode(), number) for number, told in enumerate(runs) for run in told]
    expressions, numbers = zip(*numbered_runs, strict=True)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    flags = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL
    try:
        database.compile(expressions=expressions, ids=numbers, flags=[flags] * len(numbers))
    except hyperscan.error as error:
        raise ValueError from error
    return hyperscan.dumpb(database), tuple(number for number, told in enumerate(runs) if not told)


class Sifted:
    """Triggers of which only those are asked that may be found in a text."""

    __slots__ = ("checks", "database", "folded", "refusal", "triggers", "untold")

    def __init__(self, triggers: Triggers, plain: Plain) -> None:
        """A `ValueError` where the automaton is not one for this machine."""
        hyperscan = library("hyperscan", "_hs_ext")
        self.refusal: type[Exception] = hyperscan.error
        try:
            self.database = hyperscan.loadb(plain[0], mode=hyperscan.HS_MODE_BLOCK)
            self.database.scratch = hyperscan.Scratch(self.database)
        except self.refusal as error:
            raise ValueError from error
        self.triggers = triggers
        self.checks = checks_of(triggers)
        self.untold = frozenset(plain[1])
        self.folded = frozenset(number for number, check in enumerate(self.checks) if check.within == "low")

    def found_in(self, text: str) -> bool:
        """Whether `text` may hold a port."""
        data = encoded(text)
        asked = set(self.untold)
        try:
            self.database.scan(data, match_event_handler=lambda number, *_: asked.add(number))
        except self.refusal:  # it is asked by somebody else at this moment
            return self.triggers.found_in(text)
        if len(data) != len(text) and any(sign in data for sign in BECOMING_ASCII):
            asked |= self.folded
        if DIGITS not in asked or len(asked) == 1:
            return False
        seen = _Seen(text, data)
        held = any(self._holds(number, seen) for number in sorted(asked - {DIGITS}))
        return held and (text.isascii() or self._holds(DIGITS, seen))

    def _holds(self, number: int, seen: _Seen) -> bool:
        pattern, within = self.checks[number]
        if within == "addresses":
            return self.triggers.any_address(seen.lines)
        return EXPRESSIONS[pattern, 0].search(getattr(seen, within)) is not None


class _Seen:
    """A text as it is looked through."""

    def __init__(self, text: str, data: bytes) -> None:
        self.text = text
        self._data = data

    @cached_property
    def lines(self) -> str:
        return numbered(self.text, self._data)

    @cached_property
    def low(self) -> str:
        return lowered(self.text, self._data).decode("utf-8", "surrogatepass")
