"""Ports in running text: which patterns are asked of one, and which of them claims which digits.

A pattern of kind `none` takes back digits that look like a port and are something else. From each run of digits it goes to
the patterns that may claim it by what stands in front of it, so that most are not asked at all.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from portscan.detect.fronts import Fronts
from portscan.detect.hits import Hit
from portscan.detect.text_rules import LONG, NOTHING, Says, TextRule
from portscan.expressions import compiled
from portscan.records import dataclass, field

K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT = 4096  # short texts of which is remembered what is in them: documents repeat themselves
DIGITS = compiled("[0-9][0-9]")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The patterns for one kind of text, those that find and those that take back, each with a bit of its own.

    `bits` are all of them, `several` those that claim further numbers than that whose front is known, `headless` those of which
    nothing is known, but what of a text must hold one of: `asked`. The `led` find nothing where nothing leads to a text.
    """

    finding: tuple[tuple[int, TextRule], ...]
    denying: tuple[tuple[int, TextRule], ...]
    fronts: Fronts
    bits: int
    several: int
    headless: int
    led: int
    asked: tuple[re.Pattern[str], ...]
    by_bits: dict[int, tuple[tuple[int, TextRule], ...]] = field(default_factory=dict)
    pieces: dict[int, Sequence[str]] = field(default_factory=dict)
    known: dict[tuple[str, str], Sequence[Hit]] = field(default_factory=dict)

    def scan(self, text: str, near: str, says: Says) -> Sequence[Hit]:
        """The ports in `text`, to which `near` leads."""
        return self._scan(text, self.fronts.runs(text, self.bits), near, says)

    def _scan(self, text: str, runs: Mapping[int, int], near: str, says: Says) -> Sequence[Hit]:
        every = _bits(runs, ())
        always = every & self.several
        for needed in self.asked:
            if needed.search(text):
                always |= self.headless
        left = (every | always) & (self.bits if near else self.bits & ~self.led)
        hits: dict[int, Hit] = {}
        taken: set[int] = set()
        for bit, rule in self._those(left):
            found = rule.found(text, near, says) if bit & left and _any_in(text, rule.quick) else NOTHING
            for hit in found:
                if hit.start not in taken:
                    taken.update(range(hit.start, hit.end))
                    hits[hit.start] = hit
            left = (_bits(runs, taken) | always) & left if found else left
        return self._undenied(hits, runs, text, near, says) if hits else NOTHING

    def again(self, text: str, near: str, says: Says) -> Sequence[Hit]:
        """The ports in a short text, which may have been there before."""
        known = self.known.get((near, text))
        if known is None:
            known = self.scan(text, near, says)
            _keep(self.known, (near, text), known)
        return known

    def lines(self, text: str, says: Says) -> Iterator[tuple[int, int, Sequence[Hit]]]:
        """The lines of `text` that hold ports, with these, and those in which there may be a fallback. Each is a text of its own.

        There are two digits in a row.
        """
        end = 0
        while two := DIGITS.search(text, end):
            begin = text.rfind("\n", end, two.start()) + 1
            end = text.find("\n", two.end())
            end = end if end >= 0 else len(text)
            line = text[begin : end - text.endswith("\r", begin, end)]
            expanding = "{" in line
            hits = NOTHING if expanding else self._in_line(line, says)
            if hits or expanding:
                yield begin, begin + len(line), hits

    def _in_line(self, line: str, says: Says) -> Sequence[Hit]:
        """The ports in a line. Of most lines it is soon known that there is none, so that these are not remembered."""
        known = self.known.get(("", line))
        if known is None:
            runs = self.fronts.runs(line, self.bits)
            if not self._telling(_bits(runs, ()), line):
                return NOTHING
            known = self._scan(line, runs, "", says)
            if len(line) <= LONG:
                _keep(self.known, ("", line), known)
        return known

    def _telling(self, bits: int, line: str) -> bool:
        """Whether one of the patterns with `bits` may find something in a line."""
        for piece in self._pieces(bits):
            if piece in line:
                return True
        for needed in self.asked:  # noqa: SIM110  (as in `_any_in`)
            if needed.search(line):
                return True
        return False

    def _pieces(self, bits: int) -> Sequence[str]:
        """What one must be found of in a text to which nothing leads, for a pattern with `bits` to find something in it."""
        found = self.pieces.get(bits)
        if found is None:
            every = {piece for _, rule in self._those(bits & ~self.led & ~self.headless) for piece in rule.quick}
            found = tuple(piece for piece in every if not any(each in piece for each in every - {piece}))
            _keep(self.pieces, bits, found)
        return found

    def _those(self, bits: int) -> tuple[tuple[int, TextRule], ...]:
        """The patterns with `bits` that find something."""
        those = self.by_bits.get(bits)
        if those is None:
            those = tuple(each for each in self.finding if each[0] & bits)
            _keep(self.by_bits, bits, those)
        return those

    def _undenied(self, hits: Mapping[int, Hit], runs: Mapping[int, int], text: str, near: str, says: Says) -> Sequence[Hit]:
        """The hits that no pattern takes back. Where one begins within a run of digits, nothing is known of what may."""
        bits = 0
        for start in hits:
            bits |= runs.get(start, -1)
        asked = (rule for bit, rule in self.denying if bits & bit and _any_in(text, rule.quick))
        denied = {hit.start for rule in asked for hit in rule.found(text, near, says)}
        return [hit for hit in hits.values() if hit.start not in denied]


@dataclass(frozen=True, slots=True)
class Texts:
    """The patterns of one language, sorted out by context and form when the first such text is there."""

    rules: tuple[TextRule, ...]
    fronts: Fronts
    language: str
    chosen: dict[tuple[str, str], Chosen] = field(default_factory=dict)

    def lines(self, text: str, context: str, says: Says) -> Iterator[tuple[int, int, Sequence[Hit]]]:
        """Where the lines of a text that people read are in which there may be a port, and the ports."""
        return self._chosen(context, "prose").lines(text, says)

    def scan(self, text: str, near: str, context: str, form: str, says: Says) -> Sequence[Hit]:
        """The ports in `text`, to which `near` leads; digits claimed by one pattern are not offered to the next."""
        chosen = self._chosen(context, form)
        return chosen.scan(text, near, says) if len(text) > LONG or len(near) > LONG else chosen.again(text, near, says)

    def _chosen(self, context: str, form: str) -> Chosen:
        chosen = self.chosen.get((context, form))
        if chosen is None:
            chosen = self.chosen[context, form] = self._sorted_out(context, form)
        return chosen

    def _sorted_out(self, context: str, form: str) -> Chosen:
        those = [(1 << number, rule) for number, rule in enumerate(self.rules) if rule.applies(self.language, context, form)]
        finding = tuple((bit, rule) for bit, rule in those if rule.kind != "none")
        denying = tuple((bit, rule) for bit, rule in those if rule.kind == "none")
        headless = [(bit, rule) for bit, rule in finding if rule.heads is None]
        return Chosen(
            finding,
            denying,
            self.fronts,
            bits=_all(those),
            several=_all(each for each in those if each[1].several),
            headless=_all(headless),
            led=_all(each for each in those if each[1].led),
            asked=tuple(rule.needed for _, rule in headless),
        )


def _all(rules: Iterable[tuple[int, TextRule]]) -> int:
    return sum(bit for bit, _ in rules)


def _any_in(text: str, pieces: Sequence[str]) -> bool:
    """Whether one of `pieces` is in a text: most patterns are let go here."""
    for piece in pieces:  # noqa: SIM110  (a generator takes longer than all that it looks for)
        if piece in text:
            return True
    return False


def _bits(runs: Mapping[int, int], taken: Container[int]) -> int:
    """The patterns that may claim what nobody has claimed yet."""
    found = 0
    for start, bits in runs.items():
        if start not in taken:
            found |= bits
    return found


def _keep(known: dict[K, V], key: K, value: V) -> None:
    """Remember a value, and no more than so many."""
    if len(known) >= MOST_KEPT:
        known.clear()
    known[key] = value
