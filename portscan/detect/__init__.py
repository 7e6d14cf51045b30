"""Which of the sites that a reader found hold a port? The answer is data: `rules/detect/`.

A `Detector` is made once for a language. It turns a site into hits (ports, with their place in the site's text) or, where
the rules say that a text is in another language, into an `Embedded` site for that language's reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from portscan.detect.commands import Programs, Slot, compile_programs
from portscan.detect.defaults import as_default, found_in_front
from portscan.detect.expansions import ExpansionRule, compile_expansions, fallbacks
from portscan.detect.fronts import Fronts, fronts_of
from portscan.detect.hits import Hit, port_of
from portscan.detect.mappings import several
from portscan.detect.paths import PathRule, Paths, compile_paths
from portscan.detect.roles import PUBLISH, ROLES, by_role
from portscan.detect.shapes import FLAG, command_words, element, flagged, listed
from portscan.detect.syntax import (
    BeforeRule,
    CallRule,
    before_rule,
    call_rule,
    compile_befores,
    compile_calls,
    compile_lookups,
)
from portscan.detect.text_rules import NOTHING, TextRule, text_rules
from portscan.detect.texts import Texts
from portscan.expressions import compiled
from portscan.knowledge import Knowledge, parts_of
from portscan.names import Names, compile_names
from portscan.patterns import Pattern
from portscan.records import dataclass
from portscan.sites import ARGUMENTS, Command, Embedded, Items, Lines, Site, Value

DIGIT = compiled("[1-9]")  # what every port begins with
DIGITS = compiled(r"\s*[\"']?(\d{1,5})[\"']?\s*")
DEEPEST = 40  # fallbacks within fallbacks that are looked into one by one
LINES = frozenset(("shell", "arguments"))

Found = Hit | Embedded


@dataclass(frozen=True, slots=True)
class Detector:
    """What is known of where one language writes ports."""

    language: str
    names: Names
    paths: Paths
    calls: tuple[CallRule, ...]
    befores: tuple[BeforeRule, ...]
    lookups: tuple[Pattern, ...]
    texts: Texts
    expansions: tuple[ExpansionRule, ...]
    programs: Programs

    def value(self, site: Value, inherited: tuple[str, ...] = ()) -> Sequence[Found]:
        """The ports in a value. `inherited` are the variables that the whole value is the fallback of."""
        text = site.text.value
        if not DIGIT.search(text):
            return NOTHING
        if not (site.names or site.left or site.call or inherited or "{" in text):  # as most are: words of commands
            return NOTHING if DIGITS.fullmatch(text) else self._scan(site)
        role = self.paths.role(site.names, site.dialect) if site.names else None
        if role is not None and role.role not in ROLES:
            language = "shell" if role.role in LINES else role.role
            return (Embedded(language, site.text, site.context, site.names, site.owner),)
        if role is not None and role.role == "none":
            return NOTHING
        looked_up = found_in_front(self.lookups, site.left, inherited) if site.left else inherited
        found = self._fallbacks(site, looked_up, role) if "{" in text and len(inherited) < DEEPEST else []
        hits = self._plain(site, looked_up, role)
        if not (found or looked_up or site.left):
            return hits
        claimed = {each.start for each in found if isinstance(each, Hit)}
        return [*found, *(as_default(hit, site, looked_up) for hit in hits if hit.start not in claimed)]

    def _fallbacks(self, site: Value, looked_up: tuple[str, ...], role: PathRule | None) -> list[Found]:
        every: list[Found] = []
        text = site.text.value
        for fallback in fallbacks(self.expansions, text):
            names = site.names
            if text.endswith(":", 0, fallback.opening) or self.names.says(fallback.variable) or (role and role.role != "none"):
                names = (*site.names, "port")
            inner = site._replace(text=site.text.part(fallback.start, fallback.end), names=names, left="")
            inside = self.value(inner, (fallback.variable, *looked_up))
            every += (found.shifted(fallback.start) if isinstance(found, Hit) else found for found in inside)
        return every

    def _plain(self, site: Value, looked_up: tuple[str, ...], role: PathRule | None) -> Sequence[Hit]:
        text = site.text.value
        hits: Sequence[Hit] = NOTHING
        if role is not None and role.role != "none":
            hits = [hit._replace(side=role.side or hit.side) for hit in by_role(text, role.role, role.id, role.kind)]
            if hits or role.whole:
                return hits
        digits = DIGITS.fullmatch(text)
        if digits is not None:
            return self._number(site, digits, looked_up)
        named = self._named_text(site) if site.names and site.form != "prose" else NOTHING
        return [*named, *self._scan(site)] if named else self._scan(site)

    def _number(self, site: Value, digits: re.Match[str], looked_up: tuple[str, ...]) -> Sequence[Hit]:
        port = port_of(digits[1])
        rule = self._why(site, digits[1], looked_up) if port is not None else None
        if port is None or rule is None:
            return NOTHING
        kind, identity, name = rule
        return (Hit(digits.start(1), digits.end(1), port, kind, identity, None, None, name),)

    def _why(self, site: Value, digits: str, looked_up: tuple[str, ...]) -> tuple[Any, str, str | None] | None:
        """By which rule a bare number at this site is a port: (kind, rule, name)."""
        call = call_rule(self.calls, site.call, site.argument, self.names.says) if site.call else None
        if call is not None and len(digits) >= call.least:
            return "call", call.id, None
        named = self.names.find(site.names)
        if named is not None and len(digits) > 1:
            return "named", *named
        for variable in looked_up:
            by_variable = self.names.says(variable)
            if by_variable is not None:
                return "default", by_variable, variable
        before = before_rule(self.befores, site.left, len(digits), self.names.says) if site.left else None
        return (before[0].kind, before[0].id, before[1]) if before is not None else None

    def _named_text(self, site: Value) -> Sequence[Hit]:
        """A text whose name says port and which begins with, or lists, ports."""
        text = site.text.value
        published = PUBLISH.fullmatch(text)
        places = listed(text) if published is None else ()
        named = self.names.find(site.names) if published or places else None  # most texts have nothing to be called a port
        if named is None:
            return NOTHING
        if published:
            return list(several(text, named[0]))
        spans = ((start, end, port_of(text[start:end])) for start, end in places)
        return [Hit(start, end, port, "named", named[0], name=named[1]) for start, end, port in spans if port is not None]

    def _scan(self, site: Value) -> Sequence[Hit]:
        near = "/".join((*site.names, site.call) if site.call else site.names)
        return self.texts.scan(site.text.value, near, site.context, site.form, self.names.says)

    def lines(self, site: Lines) -> Iterator[tuple[Value, Found]]:
        """The ports in texts that people read, each with its line."""
        for text in site.texts:
            for start, end, hits in self.texts.lines(text.value, site.context, self.names.says):
                value = Value(text.part(start, end), "prose", context=site.context, owner=site.owner)
                line = value.text.value
                for found in self.value(value) if "{" in line else hits if not DIGITS.fullmatch(line) else NOTHING:
                    yield value, found

    def items(self, site: Items) -> Iterator[Site]:
        """A list as what it is by its key path: a command line word by word, arguments of one, or values."""
        if not any(DIGIT.search(word.value) for word in site.words):
            return
        role = self.paths.role(site.names, site.dialect)
        if role is not None and role.role in LINES:
            words = command_words(site.words, role.role)
            yield Command(words, site.context, site.owner, names=site.names)
            return
        if site.names != (ARGUMENTS,):
            yield from (element(word, site) for word in site.words)
        if role is None and any(FLAG.match(word.value) for word in site.words):
            words = command_words(site.words, "arguments" if FLAG.match(site.words[0].value) else "shell")
            yield Command(words, site.context, site.owner, names=site.names)

    def command(self, site: Command) -> Iterator[tuple[Value, Found]]:
        """The ports in a command line, each with the word (as a value) that it stands in."""
        words = [word.value for word in site.words]
        slots = {slot.index: slot for slot in self.programs.slots(words, site.after, self.names.says)}
        for index, word in enumerate(site.words):
            if not DIGIT.search(word.value):
                continue
            value = Value(word, "word", context=site.context, owner=site.owner)
            if index not in slots:
                value = flagged(value, words[index - 1] if index else "")
            for found in self._word(value, slots.get(index)):
                yield value, found

    def _word(self, value: Value, slot: Slot | None) -> Sequence[Found]:
        if slot is None or slot.role in ("none", "text"):
            return self.value(value)
        inner = value.text.part(slot.start, len(value.text.value))
        if slot.role not in ROLES:
            return (Embedded(slot.role, inner, value.context, owner=value.owner),)
        kind: Any = slot.kind
        hits = [hit for hit in by_role(inner.value, slot.role, slot.rule, slot.kind) if hit.end - hit.start >= slot.least]
        taken = {hit.start + slot.start for hit in hits}
        as_port = value._replace(names=("port",)) if slot.role in ("port", "mapping") and "$" in inner.value else value
        others = [found for found in self.value(as_port) if isinstance(found, Embedded) or found.start not in taken]
        return [*(hit.shifted(slot.start, kind) for hit in hits), *others]


def detector(knowledge: Knowledge, language: str) -> Detector:
    """The detector for `language`."""
    rules = knowledge.rules
    names, paths, texts, fronts, programs = _in_common(knowledge)
    return Detector(
        language,
        names,
        paths,
        compile_calls(rules, language),
        compile_befores(rules, language),
        compile_lookups(rules, language, knowledge.languages[language].get("reference", "")),
        Texts(texts, fronts, language),
        compile_expansions(rules, language),
        programs,
    )


@lru_cache(maxsize=4)
def _in_common(knowledge: Knowledge) -> tuple[Names, Paths, tuple[TextRule, ...], Fronts, Programs]:
    """What is the same for all languages."""
    rules = knowledge.rules
    texts = text_rules(rules, parts_of(rules))
    return compile_names(rules), Paths(compile_paths(rules)), texts, fronts_of(texts), compile_programs(rules)
