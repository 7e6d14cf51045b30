"""From the two characters in front of a run of digits to the patterns that may claim it."""

from __future__ import annotations

from collections.abc import Sequence

from portscan.detect.text_rules import TextRule
from portscan.expressions import compiled
from portscan.records import dataclass, field
from portscan.triggers import front

RUN = compiled("[0-9][0-9]*")  # found sooner than `[0-9]+`
LONG = 5  # digits, of which there are no more in a port
MOST_KEPT = 4096  # pairs of characters of which is remembered what may claim digits behind them


@dataclass(frozen=True, slots=True)
class Fronts:
    """The heads of all patterns, each with a bit of its own: those whose first, or second, characters are in a set.

    `owners` are the bits of the patterns that the heads are of, `anything` those of patterns that have none, and `lengths` those
    of patterns that may claim so many digits.
    """

    firsts: dict[str, int]
    seconds: dict[str, int]
    owners: tuple[int, ...]
    anything: int
    lengths: tuple[int, ...]
    known: dict[str, int] = field(default_factory=dict)

    def runs(self, text: str, wanted: int) -> dict[int, int]:
        """Where the runs of digits in `text` begin that one of the `wanted` patterns may claim, with the bits of these."""
        found: dict[int, int] = {}
        known, lengths = self.known, self.lengths
        for match in RUN.finditer(text):
            start, end = match.span()
            before = text[start - 2 : start] if start > 1 else front(text, start)
            bits = known.get(before)
            bits = wanted & (self._worked_out(before) if bits is None else bits)
            bits = bits & lengths[end - start] if end - start < LONG else bits
            if bits:
                found[start] = bits
        return found

    def _worked_out(self, before: str) -> int:
        if len(self.known) >= MOST_KEPT:
            self.known.clear()
        there = front(before, len(before))
        heads = _with(there[0], self.firsts) & _with(there[1], self.seconds)
        found = self.anything
        while heads:
            number = heads.bit_length() - 1
            found |= self.owners[number]
            heads ^= 1 << number
        self.known[before] = found
        return found


def _with(character: str, sets: dict[str, int]) -> int:
    found = 0
    for characters, heads in sets.items():
        if character in characters:
            found |= heads
    return found


def fronts_of(rules: Sequence[TextRule]) -> Fronts:
    """The heads of patterns, of which each has the bit of its number."""
    firsts: dict[str, int] = {}
    seconds: dict[str, int] = {}
    owners = [1 << number for number, rule in enumerate(rules) for _ in rule.heads or ()]
    for number, (first, second) in enumerate(pair for rule in rules for pair in rule.heads or ()):
        firsts[first] = firsts.get(first, 0) | 1 << number
        seconds[second] = seconds.get(second, 0) | 1 << number
    anything = sum(1 << number for number, rule in enumerate(rules) if rule.heads is None)
    lengths = (sum(1 << number for number, rule in enumerate(rules) if rule.digits <= length) for length in range(LONG))
    return Fronts(firsts, seconds, tuple(owners), anything, tuple(lengths))
