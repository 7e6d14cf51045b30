"""Ports in running text: URLs, `host:port`, `port=3000`, `-> 80/tcp`. `rules/detect/*.yaml` holds the patterns.

A pattern of kind `none` claims digits that look like a port and are something else, so that no later one takes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portscan.detect.hits import Hit, port_of
from portscan.detect.mappings import several


@dataclass(frozen=True, slots=True)
class TextRule:
    """One pattern. Its group `port` holds the digits; `name`, where there is one, must say port.

    `where` must be found in what leads to the text (its names, and the function it is handed to). `least` is the least
    number of digits. With `mapping`, the group `port` holds a port mapping.
    """

    id: str
    kind: str
    pattern: re.Pattern[str]
    quick: str
    where: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    least: int
    mapping: bool
    languages: frozenset[str]
    except_languages: frozenset[str]
    contexts: frozenset[str]
    forms: frozenset[str]

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
        return (self.where is None or bool(self.where.search(near))) and (self.unless is None or not self.unless.search(near))


def scan(rules: Iterable[TextRule], text: str, near: str, says: Callable[[str], object]) -> Iterator[Hit]:
    """The ports that `rules`, in their order, find in `text`; digits claimed by one rule are not offered to the next."""
    taken: set[int] = set()
    for rule in rules:
        if rule.quick not in text or not rule.suits(near):
            continue
        for match in rule.pattern.finditer(text):
            if match.groupdict().get("name") and not says(match["name"]):
                continue
            for hit in _hits(rule, match):
                if hit.start not in taken and hit.end - hit.start >= rule.least:
                    taken.update(range(hit.start, hit.end))
                    if rule.kind != "none":
                        yield hit


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


def compile_texts(rules: Iterable[Mapping[str, Any]], parts: Mapping[str, str]) -> tuple[TextRule, ...]:
    """The entries of kind `text` among `rules`, in order; `{part}` in a pattern stands for a shared piece."""
    return tuple(_rule(r, parts) for r in rules if r["match"] == "text")


def _rule(rule: Mapping[str, Any], parts: Mapping[str, str]) -> TextRule:
    pattern = rule["pattern"]
    for name, piece in parts.items():
        pattern = pattern.replace(f"<<{name}>>", piece)
    return TextRule(
        id=rule["id"],
        kind=rule["kind"],
        pattern=re.compile(pattern, re.IGNORECASE if rule.get("ignore_case") else 0),
        quick=rule.get("quick", ""),
        where=re.compile(rule["where"]) if "where" in rule else None,
        unless=re.compile(rule["unless"]) if "unless" in rule else None,
        least=rule.get("least", 1),
        mapping=bool(rule.get("mapping")),
        languages=frozenset(rule.get("languages", ())),
        except_languages=frozenset(rule.get("except_languages", ())),
        contexts=frozenset(rule.get("contexts", ())),
        forms=frozenset(rule.get("forms", ())),
    )
