"""Ports in running text: which patterns are asked of one, and which of them claims which digits.

A pattern of kind `none` takes back digits that look like a port and are something else. From each run of digits it goes to
the patterns that may claim it by what stands in front of it, so that most are not asked at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from portscan.detect.hits import Hit
from portscan.detect.text_rules import LONG, NOTHING, Says, TextRule
from portscan.expressions import compiled
from portscan.records import dataclass, field
from portscan.triggers import front

MOST_KEPT = 4096  # short texts of which is remembered what is in them: documents repeat themselves
RUN = compiled("[0-9]+")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The patterns for one kind of text, those that find and those that take back, each with a bit of its own.

    Those that may claim digits behind anything are `always` asked, but for texts in which nothing of what they need is `asked`.
    """

    finding: tuple[tuple[int, TextRule], ...]
    denying: tuple[tuple[int, TextRule], ...]
    always: int
    asked: re.Pattern[str]
    fronts: dict[str, int] = field(default_factory=dict)
    by_bits: dict[int, tuple[tuple[int, TextRule], ...]] = field(default_factory=dict)
    known: dict[str, Sequence[Hit]] = field(default_factory=dict)

    def scan(self, text: str, near: str, says: Says) -> Sequence[Hit]:
        """The ports in `text`, to which `near` leads."""
        runs = self.runs(text)
        hits: dict[int, Hit] = {}
        taken: set[int] = set()
        always = self.always if self.asked.search(text) else 0
        left = _bits(runs, taken) | always
        while left:
            bit, found = self._first(left, text, near, says)
            for hit in found:
                if hit.start not in taken:
                    taken.update(range(hit.start, hit.end))
                    hits[hit.start] = hit
            left = bit and (_bits(runs, taken) | always) & -(bit << 1)  # of the patterns behind this one
        return self._undenied(hits, runs, text, near, says) if hits else []

    def _first(self, bits: int, text: str, near: str, says: Says) -> tuple[int, Sequence[Hit]]:
        """The first of the patterns with `bits` that finds something, and what it finds; no bit when none does."""
        for bit, rule in self._those(bits):
            for piece in rule.quick:  # most patterns are let go here, without a call
                if piece in text:
                    if found := rule.found(text, near, says):
                        return bit, found
                    break
        return 0, NOTHING

    def _those(self, bits: int) -> tuple[tuple[int, TextRule], ...]:
        """The patterns with `bits` that find something."""
        those = self.by_bits.get(bits)
        if those is None:
            if len(self.by_bits) >= MOST_KEPT:
                self.by_bits.clear()
            those = self.by_bits[bits] = tuple(each for each in self.finding if each[0] & bits)
        return those

    def _undenied(self, hits: Mapping[int, Hit], runs: Mapping[int, int], text: str, near: str, says: Says) -> Sequence[Hit]:
        """The hits that no pattern takes back. Where one begins within a run of digits, nothing is known of what may."""
        bits = 0
        for start in hits:
            bits |= runs.get(start, -1)
        asked = (rule for bit, rule in self.denying if bits & bit and any(piece in text for piece in rule.quick))
        denied = {hit.start for rule in asked for hit in rule.found(text, near, says)}
        return [hit for hit in hits.values() if hit.start not in denied]

    def runs(self, text: str) -> dict[int, int]:
        """Where the runs of digits in `text` begin, with the bits of the patterns that may claim them."""
        return {start: bits for match in RUN.finditer(text) if (bits := self._behind(front(text, start := match.start())))}

    def _behind(self, before: str) -> int:
        bits = self.fronts.get(before)
        if bits is None:
            rules = (*self.finding, *self.denying)
            bits = self.fronts[before] = sum(bit for bit, rule in rules if rule.behind(before))
        return bits


@dataclass(frozen=True, slots=True)
class Texts:
    """The patterns of one language, sorted out by context and form when the first such text is there."""

    rules: tuple[TextRule, ...]
    language: str
    chosen: dict[tuple[str, str], Chosen] = field(default_factory=dict)

    def scan(self, text: str, near: str, context: str, form: str, says: Says) -> Sequence[Hit]:
        """The ports in `text`, to which `near` leads; digits claimed by one pattern are not offered to the next."""
        chosen = self.chosen.get((context, form))
        if chosen is None:
            chosen = self.chosen[context, form] = _sorted_out(self.rules, self.language, context, form)
        if near or len(text) > LONG:
            return chosen.scan(text, near, says)
        known = chosen.known.get(text)
        if known is None:
            if len(chosen.known) >= MOST_KEPT:
                chosen.known.clear()
            known = chosen.known[text] = chosen.scan(text, near, says)
        return known


def _bits(runs: Mapping[int, int], taken: set[int]) -> int:
    """The patterns that may claim what nobody has claimed yet."""
    found = 0
    for start, bits in runs.items():
        if start not in taken:
            found |= bits
    return found


def _sorted_out(rules: tuple[TextRule, ...], language: str, context: str, form: str) -> Chosen:
    chosen = [(1 << number, rule) for number, rule in enumerate(rules) if rule.applies(language, context, form)]
    finding = tuple((bit, rule) for bit, rule in chosen if rule.kind != "none")
    denying = tuple((bit, rule) for bit, rule in chosen if rule.kind == "none")
    always = [(bit, rule) for bit, rule in finding if rule.heads is None]
    asked = "|".join(re.escape(piece) for _, rule in always for piece in rule.quick) if always else "(?!)"
    return Chosen(finding, denying, sum(bit for bit, _ in always), compiled(asked))
