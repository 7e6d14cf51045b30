"""One pattern for running text: URLs, `host:port`, `port=3000`, `-> 80/tcp`. `rules/detect/*.yaml` holds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from portscan.detect.hits import Hit, port_of
from portscan.detect.mappings import several
from portscan.expressions import compiled
from portscan.knowledge import with_parts
from portscan.patterns import Pattern, pattern_of
from portscan.records import dataclass

LONG = 200  # characters
Says = Callable[[str], object]
NOTHING: Sequence[Hit] = ()


@dataclass(frozen=True)
class TextRule:
    """One pattern. Its group `port` holds the digits; `name`, where there is one, must say port.

    `where` must be found in what leads to the text (its names, and the function it is handed to). `least` is the least
    number of digits. With `mapping`, the group `port` holds a port mapping. A text must hold one of `quick`, and of the
    pieces `needs`; `heads` are the pairs of characters that may stand in front of the digits, None when any may, and so many
    `digits` there are at least. One that claims `several` numbers, or does so behind others, has them in front of the first.
    """

    id: str
    kind: str
    source: str
    ignore_case: bool
    quick: tuple[str, ...]
    needs: tuple[str, ...]
    heads: tuple[tuple[str, str], ...] | None
    several: bool
    digits: int
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
    def led(self) -> bool:
        """Whether something has to lead to the text."""
        return not self._leads("")

    @cached_property
    def needed(self) -> re.Pattern[str]:
        """What a text must hold; in a long one it is found sooner than the pattern is not."""
        return compiled("|".join(self.needs))

    @cached_property
    def named(self) -> bool:
        """Whether a name in the text has to say port."""
        return "(?P<name>" in self.source

    @cached_property
    def _hosted(self) -> bool:
        return "(?P<host>" in self.source

    @cached_property
    def _groups(self) -> tuple[str, ...]:
        """The groups that hold digits."""
        return tuple(group for group in ("port", "last") if f"(?P<{group}>" in self.source)

    def applies(self, language: str, context: str, form: str) -> bool:
        """Whether the pattern is meant for such a text."""
        return (
            (not self.languages or language in self.languages)
            and language not in self.except_languages
            and (not self.contexts or context in self.contexts)
            and (not self.forms or form in self.forms)
        )

    def found(self, text: str, near: str, says: Says) -> Sequence[Hit]:
        """The ports that it sees in `text`, to which `near` leads; whoever asks has looked for one of `quick`."""
        # In a short text the pattern is sought sooner than a word in a long path that leads to it.
        before = len(text) > LONG or not near
        if before and not (self._leads(near) and (len(text) <= LONG or self.needed.search(text))):
            return NOTHING
        matches = list(self.pattern.finditer(text))
        if not matches or not (before or self._leads(near)) or (self.unless and self._unless.search(near)):
            return NOTHING
        return [hit for match in matches if not self.named or says(match["name"]) for hit in self._hits(match)]

    def _leads(self, near: str) -> bool:
        """Whether what leads to a text has the word for which the pattern is meant."""
        return not self.where or self._where.search(near) is not None

    def _hits(self, match: re.Match[str]) -> list[Hit]:
        hits: list[Hit] = []
        host, name = match["host"] if self._hosted else None, match["name"] if self.named else None
        for group in self._groups:
            digits = match[group]
            if not digits or (len(digits) < self.least and not self.mapping):
                continue
            start = match.start(group)
            kind: Any = self.kind
            if self.mapping:
                hits += (h.shifted(start, kind) for h in several(digits, self.id) if h.end - h.start >= self.least)
            elif (port := port_of(digits)) is not None:
                hits.append(Hit(start, start + len(digits), port, kind, self.id, host, None, name))
        return hits


def text_rules(rules: Iterable[Mapping[str, Any]], parts: Mapping[str, str]) -> tuple[TextRule, ...]:
    """The entries of kind `text` among `rules`; `<<part>>` in a pattern stands for a shared piece."""
    return tuple(_rule(r, parts) for r in rules if r["match"] == "text")


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
        several=bool(rule.get("several", True)),
        digits=rule.get("digits", 1),
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
