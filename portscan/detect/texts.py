"""Ports in running text: URLs, `host:port`, `port=3000`, `-> 80/tcp`. `rules/detect/*.yaml` holds the patterns.

A pattern of kind `none` takes back digits that look like a port and are something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from portscan.detect.hits import Hit, port_of
from portscan.detect.mappings import several
from portscan.knowledge import with_parts
from portscan.patterns import Pattern, pattern_of

LONG = 200


@dataclass(frozen=True)
class TextRule:
    """One pattern. Its group `port` holds the digits; `name`, where there is one, must say port.

    `where` must be found in what leads to the text (its names, and the function it is handed to). `least` is the least
    number of digits. With `mapping`, the group `port` holds a port mapping.
    """

    id: str
    kind: str
    source: str
    ignore_case: bool
    quick: tuple[str, ...]
    needs: tuple[str, ...]
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
    def needed(self) -> re.Pattern[str]:
        """What a text must hold; in a long one it is found sooner than the pattern is not."""
        return re.compile("|".join(self.needs))

    @property
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

    def suits(self, near: str) -> bool:
        """Whether what leads to the text allows the pattern."""
        if self.where and not self._of(self.where).search(near):
            return False
        return not (self.unless and self._of(self.unless).search(near))


Chosen = tuple[re.Pattern[str], tuple[TextRule, ...], tuple[TextRule, ...]]


@dataclass(frozen=True, slots=True)
class Texts:
    """The patterns of one language, sorted out by context and form when the first such text is there.

    First comes what a text must hold for any of them to be found in it, then those that find, then those that take back.
    """

    rules: tuple[TextRule, ...]
    language: str
    chosen: dict[tuple[str, str], Chosen] = field(default_factory=dict)

    def scan(self, text: str, near: str, context: str, form: str, says: Callable[[str], object]) -> list[Hit]:
        """The ports in `text`, to which `near` leads; digits claimed by one pattern are not offered to the next."""
        chosen = self.chosen.get((context, form))
        if chosen is None:
            chosen = self.chosen[context, form] = _sorted_out(self.rules, self.language, context, form)
        sought, finding, denying = chosen
        if not sought.search(text):
            return []
        hits: dict[int, Hit] = {}
        taken: set[int] = set()
        for rule in finding:
            for quick in rule.quick:
                if quick in text:
                    break
            else:
                continue
            for hit in _found(rule, text, near, says):
                if hit.start not in taken:
                    taken.update(range(hit.start, hit.end))
                    hits[hit.start] = hit
        if hits:
            denied = {hit.start for rule in denying for hit in _found(rule, text, near, says)}
            return [hit for hit in hits.values() if hit.start not in denied]
        return []


def _found(rule: TextRule, text: str, near: str, says: Callable[[str], object]) -> Iterator[Hit]:
    if len(text) > LONG and not rule.needed.search(text):
        return
    suits = None
    for match in rule.pattern.finditer(text):
        suits = rule.suits(near) if suits is None else suits
        if not suits:
            return
        if not rule.named or says(match["name"]):
            yield from (hit for hit in _hits(rule, match) if hit.end - hit.start >= rule.least)


def _hits(rule: TextRule, match: re.Match[str]) -> Iterator[Hit]:
    found = match.groupdict()
    for group in ("port", "last"):
        digits = found.get(group)
        if not digits:
            continue
        if rule.mapping:
            shown: Any = rule.kind
            yield from (replace(h.shifted(match.start(group)), kind=shown) for h in several(digits, rule.id))
            continue
        port = port_of(digits)
        if port is not None:
            kind: Any = rule.kind
            yield Hit(match.start(group), match.end(group), port, kind, rule.id, found.get("host"), name=found.get("name"))


def text_rules(rules: Iterable[Mapping[str, Any]], parts: Mapping[str, str]) -> tuple[TextRule, ...]:
    """The entries of kind `text` among `rules`; `<<part>>` in a pattern stands for a shared piece."""
    return tuple(_rule(r, parts) for r in rules if r["match"] == "text")


def _sorted_out(rules: tuple[TextRule, ...], language: str, context: str, form: str) -> Chosen:
    chosen = [rule for rule in rules if rule.applies(language, context, form)]
    finding = tuple(r for r in chosen if r.kind != "none")
    needed = "|".join(sorted({piece for rule in finding for piece in rule.needs})) if finding else "(?!)"
    return re.compile(needed), finding, tuple(r for r in chosen if r.kind == "none")


def _rule(rule: Mapping[str, Any], parts: Mapping[str, str]) -> TextRule:
    quick = rule.get("quick", "")
    return TextRule(
        id=rule["id"],
        kind=rule["kind"],
        source=with_parts(rule["pattern"], parts),
        ignore_case=bool(rule.get("ignore_case")),
        quick=(quick,) if isinstance(quick, str) else tuple(quick),
        needs=tuple(rule.get("needs", ("",))),
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
