"""Ports in running text: URLs, `host:port`, `port=3000`, `-> 80/tcp`. `rules/detect/*.yaml` holds the patterns.

A pattern of kind `none` takes back digits that look like a port and are something else. From each run of digits it goes to
the patterns that may claim it by what stands in front of it, so that most are not asked at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from portscan.detect.hits import Hit, port_of
from portscan.detect.mappings import several
from portscan.expressions import compiled
from portscan.knowledge import with_parts
from portscan.patterns import Pattern, pattern_of
from portscan.records import dataclass, field
from portscan.triggers import front

LONG, MOST_KEPT = 200, 4096  # characters; short texts of which is remembered what is in them: documents repeat themselves
Says = Callable[[str], object]
RUN = compiled("[0-9]+")
NOTHING: Sequence[Hit] = ()


@dataclass(frozen=True)
class TextRule:
    """One pattern. Its group `port` holds the digits; `name`, where there is one, must say port.

    `where` must be found in what leads to the text (its names, and the function it is handed to). `least` is the least
    number of digits. With `mapping`, the group `port` holds a port mapping. A text must hold one of `quick`, and of the
    pieces `needs`; `heads` are the pairs of characters that may stand in front of the digits, None when any may.
    """

    id: str
    kind: str
    source: str
    ignore_case: bool
    quick: tuple[str, ...]
    needs: tuple[str, ...]
    heads: tuple[tuple[str, str], ...] | None
    where: str
    unless: str
    least: int
    mapping: bool
    languages: frozenset[str]
    except_languages: frozenset[str]
    contexts: frozenset[str]
    forms: frozenset[str]
    further: str = ""

    @cached_property
    def pattern(self) -> Pattern:
        """The pattern, compiled when a text first has to be looked at."""
        return self._of(self.source, re.IGNORECASE if self.ignore_case else 0)

    def _of(self, expression: str, flags: int = 0) -> Pattern:
        return pattern_of({"id": self.id, "further": self.further}, expression, flags)

    @cached_property
    def _where(self) -> Pattern:
        return self._of(self.where)

    @cached_property
    def _unless(self) -> Pattern:
        return self._of(self.unless)

    @cached_property
    def needed(self) -> re.Pattern[str]:
        """What a text must hold; in a long one it is found sooner than the pattern is not."""
        return compiled("|".join(self.needs))

    @cached_property
    def named(self) -> bool:
        """Whether a name in the text has to say port."""
        return "(?P<name>" in self.source

    def applies(self, language: str, context: str, form: str) -> bool:
        """Whether the pattern is meant for such a text."""
        return (
            (not self.languages or language in self.languages)
            and language not in self.except_languages
            and (not self.contexts or context in self.contexts)
            and (not self.forms or form in self.forms)
        )

    def behind(self, front: str) -> bool:
        """Whether it may claim digits behind the two characters `front`."""
        return self.heads is None or any(front[0] in first and front[1] in second for first, second in self.heads)

    def found(self, text: str, near: str, says: Says) -> Sequence[Hit]:
        """The ports that it sees in `text`, to which `near` leads."""
        if not self._quickly(text) or (self.where and not self._where.search(near)):
            return NOTHING
        if len(text) > LONG and not self.needed.search(text):
            return NOTHING
        matches = list(self.pattern.finditer(text))
        if not matches or (self.unless and self._unless.search(near)):
            return NOTHING
        return [hit for match in matches if not self.named or says(match["name"]) for hit in self._hits(match)]

    def _quickly(self, text: str) -> bool:
        """Whether one of the pieces is there that a text must hold."""
        for piece in self.quick:  # noqa: SIM110  (a generator for each text and pattern takes longer than to look)
            if piece in text:
                return True
        return False

    def _hits(self, match: re.Match[str]) -> Iterator[Hit]:
        found = match.groupdict()
        for group in ("port", "last"):
            digits = found.get(group)
            if not digits or (len(digits) < self.least and not self.mapping):
                continue
            start = match.start(group)
            kind: Any = self.kind
            if self.mapping:
                yield from (h.shifted(start, kind) for h in several(digits, self.id) if h.end - h.start >= self.least)
            elif (port := port_of(digits)) is not None:
                yield Hit(start, start + len(digits), port, kind, self.id, found.get("host"), name=found.get("name"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The patterns for one kind of text, those that find and those that take back, each with a bit of its own."""

    finding: tuple[tuple[int, TextRule], ...]
    denying: tuple[tuple[int, TextRule], ...]
    always: int
    fronts: dict[str, int] = field(default_factory=dict)
    by_bits: dict[int, tuple[tuple[int, TextRule], ...]] = field(default_factory=dict)
    known: dict[str, Sequence[Hit]] = field(default_factory=dict)

    def scan(self, text: str, near: str, says: Says) -> Sequence[Hit]:
        """The ports in `text`, to which `near` leads."""
        runs = self.runs(text)
        hits: dict[int, Hit] = {}
        taken: set[int] = set()
        left = _bits(runs, taken) | self.always
        while left:
            bit, found = self._first(left, text, near, says)
            for hit in found:
                if hit.start not in taken:
                    taken.update(range(hit.start, hit.end))
                    hits[hit.start] = hit
            left = bit and (_bits(runs, taken) | self.always) & -(bit << 1)  # of the patterns behind this one
        return self._undenied(hits, runs, text, near, says) if hits else []

    def _first(self, bits: int, text: str, near: str, says: Says) -> tuple[int, Sequence[Hit]]:
        """The first of the patterns with `bits` that finds something, and what it finds; no bit when none does."""
        for bit, rule in self._those(bits):
            if found := rule.found(text, near, says):
                return bit, found
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
        denied = {hit.start for bit, rule in self.denying if bits & bit for hit in rule.found(text, near, says)}
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


def text_rules(rules: Iterable[Mapping[str, Any]], parts: Mapping[str, str]) -> tuple[TextRule, ...]:
    """The entries of kind `text` among `rules`; `<<part>>` in a pattern stands for a shared piece."""
    return tuple(_rule(r, parts) for r in rules if r["match"] == "text")


def _sorted_out(rules: tuple[TextRule, ...], language: str, context: str, form: str) -> Chosen:
    chosen = [(1 << number, rule) for number, rule in enumerate(rules) if rule.applies(language, context, form)]
    finding = tuple((bit, rule) for bit, rule in chosen if rule.kind != "none")
    denying = tuple((bit, rule) for bit, rule in chosen if rule.kind == "none")
    return Chosen(finding, denying, sum(bit for bit, rule in finding if rule.heads is None))


def _rule(rule: Mapping[str, Any], parts: Mapping[str, str]) -> TextRule:
    quick, heads = rule.get("quick", ""), rule.get("heads")
    return TextRule(
        id=rule["id"],
        kind=rule["kind"],
        source=with_parts(rule["pattern"], parts),
        ignore_case=bool(rule.get("ignore_case")),
        quick=(quick,) if isinstance(quick, str) else tuple(quick),
        needs=tuple(rule.get("needs", ("",))),
        heads=None if heads is None else tuple(heads),
        where=rule.get("where", ""),
        unless=rule.get("unless", ""),
        least=rule.get("least", 1),
        mapping=bool(rule.get("mapping")),
        languages=frozenset(rule.get("languages", ())),
        except_languages=frozenset(rule.get("except_languages", ())),
        contexts=frozenset(rule.get("contexts", ())),
        forms=frozenset(rule.get("forms", ())),
        further=rule.get("further", ""),
    )
