"""Matchers on what a reader says about a value: the function it is handed to, what it stands in for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from portscan.expressions import compiled
from portscan.patterns import Pattern, pattern_of
from portscan.records import dataclass

WORD = compiled(r"\w")
FAR = 2000  # characters of the code around a value in which look-ups and calls are sought
REACH = 120  # characters in front of a number that are looked at


@dataclass(frozen=True, slots=True)
class CallRule:
    """Functions whose positional argument `argument` is a port (any argument where it is None).

    With `named`, the last identifier of the function must say port.
    """

    id: str
    callee: Pattern
    argument: int | None
    least: int
    named: bool


@dataclass(frozen=True, slots=True)
class BeforeRule:
    """What may stand right in front of a number that is a port; the group `name`, where there is one, must say port."""

    id: str
    kind: str
    pattern: Pattern
    least: int


def call_rule(rules: Iterable[CallRule], call: str, argument: int, says: Callable[[str], object]) -> CallRule | None:
    """The first rule by which argument number `argument` of `call` is a port."""
    if not call:
        return None
    for rule in rules:
        if rule.argument == argument or (rule.argument is None and argument >= 0):
            match = rule.callee.search(near(call))
            if match and (not rule.named or says(match.group())):
                return rule
    return None


def near(text: str) -> str:
    """The part of a text in front of a value in which a pattern may go back and forth: nobody writes a look-up that long."""
    return text[-FAR:]


def before_rule(
    rules: Iterable[BeforeRule], left: str, digits: int, says: Callable[[str], object]
) -> tuple[BeforeRule, str | None] | None:
    """The first rule by which a number of so many `digits` behind `left` is a port, and the name that says so."""
    if not left:
        return None
    for rule in rules:
        match = rule.pattern.search(left[-REACH:]) if digits >= rule.least else None
        if match:
            name = match.groupdict().get("name")
            if name is None or says(name):
                return rule, name
    return None


def variables(lookups: Iterable[Pattern], left: str) -> Iterator[str]:
    """The environment variables looked up in the source text `left`, nearest to its end first."""
    if not left:
        return
    found: dict[str, int] = {}
    for lookup in lookups:
        for match in lookup.finditer(left):
            found.setdefault(match["variable"], match.start("variable"))
    yield from sorted(found, key=lambda name: -found[name])


def compile_calls(rules: Iterable[Mapping[str, Any]], language: str) -> tuple[CallRule, ...]:
    """The entries of kind `call` for `language`, in order."""
    return tuple(
        CallRule(r["id"], pattern_of(r, r["callee"]), r.get("argument"), r.get("least", 2), bool(r.get("named")))
        for r in rules
        if r["match"] == "call" and (not r.get("languages") or language in r["languages"])
    )


def compile_befores(rules: Iterable[Mapping[str, Any]], language: str) -> tuple[BeforeRule, ...]:
    """The entries of kind `before` for `language`, in order."""
    return tuple(
        BeforeRule(r["id"], r["kind"], pattern_of(r, f"(?:{r['pattern']})$"), r.get("least", 2))
        for r in rules
        if r["match"] == "before" and (not r.get("languages") or language in r["languages"])
    )


def compile_lookups(rules: Iterable[Mapping[str, Any]], language: str, reference: str) -> tuple[Pattern, ...]:
    """The look-ups of `language`: those of the rules, and its `reference`, where none of them matches what is advised."""
    known = tuple(
        pattern_of(rule, rule["pattern"])
        for rule in rules
        if rule["match"] == "lookup" and language in rule.get("languages", (language,))
    )
    advised = reference.replace("<variable>", "SOME_PORT")
    of_reference = None if any(pattern.search(advised) for pattern in known) else as_lookup(reference)
    return (*known, of_reference) if of_reference else known


def as_lookup(reference: str) -> Pattern | None:
    """How a variable is looked up by the `reference` of a language: `getEnv("<variable>", "<port>")`; None for an expansion."""
    before, _, behind = reference.partition("<variable>")
    if not WORD.search(before):
        return None
    closing = behind[:1] if behind[:1] in ("'", '"', ")", "]", "}") else ""
    opened, closed = (re.sub(r"[\"']", r"""["']""", re.escape(piece)) for piece in (before, closing))
    return re.compile(rf"(?<!\w){opened}(?P<variable>[A-Za-z_]\w*){closed}")
