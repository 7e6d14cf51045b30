"""Matchers on what a reader says about a value: the key path to it, the function it is handed to, what it stands in for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from portscan.expressions import compiled
from portscan.model import Side
from portscan.patterns import Pattern, pattern_of
from portscan.records import dataclass, field

WORD = compiled(r"\w")
MOST_KEPT = 4096  # names, and patterns of paths, of which is remembered what they lead to
FAR = 2000  # characters of the code around a value in which look-ups and calls are sought
REACH = 120  # characters in front of a number that are looked at


@dataclass(frozen=True)
class PathRule:
    """Key paths of one dialect and the role of what stands there (`port`, `mapping`, `address`, a language, `none`)."""

    id: str
    kind: str
    role: str
    globs: tuple[str, ...]
    ignore_case: bool
    dialects: frozenset[str]
    whole: bool
    side: Side | None

    def ending(self, last: str) -> re.Pattern[str] | None:
        """Those of the paths that may end in the name `last`, as one expression; None where there are none."""
        globs = [path for ending, path in self._in_patterns if ending.search(last)]
        globs += self._in_names.get(last.removesuffix("\n"), ())  # an expression ends in front of the last line end, too
        return self._of(globs) if globs else None

    @cached_property
    def _in_names(self) -> Mapping[str, Sequence[str]]:
        """The paths that end in a name as it is written, by that name."""
        found: dict[str, list[str]] = {}
        for path in self.globs:
            if not self._is_pattern(ending := path.rpartition("/")[2]):
                found.setdefault(ending, []).append(path)
        return found

    @cached_property
    def _in_patterns(self) -> Sequence[tuple[re.Pattern[str], str]]:
        """The other paths, each with what it ends in."""
        endings = ((path.rpartition("/")[2], path) for path in self.globs)
        return [(self._of((ending,)), path) for ending, path in endings if self._is_pattern(ending)]

    def _is_pattern(self, ending: str) -> bool:
        return "*" in ending or self.ignore_case

    def _of(self, globs: Iterable[str]) -> re.Pattern[str]:
        return compiled("|".join(map(glob, globs)), re.IGNORECASE if self.ignore_case else 0)


@dataclass(frozen=True, slots=True)
class Paths:
    """All rules about key paths. Most are out of the question for a path by its last name alone."""

    rules: tuple[PathRule, ...]
    by_last: dict[tuple[str, str], tuple[tuple[PathRule, re.Pattern[str]], ...]] = field(default_factory=dict)
    known: dict[tuple[tuple[str, ...], str], PathRule | None] = field(default_factory=dict)

    def role(self, names: tuple[str, ...], dialect: str) -> PathRule | None:
        """The first rule for what stands at the key path `names` of a file in `dialect`."""
        possible = self._possible(names[-1].rpartition("/")[2] if names else "", dialect)
        if not possible:
            return None
        try:
            return self.known[names, dialect]
        except KeyError:
            path = "/".join(names)
            found = next((rule for rule, paths in possible if paths.search(path)), None)
            if len(self.known) >= MOST_KEPT:
                self.known.clear()
            self.known[names, dialect] = found
            return found

    def _possible(self, last: str, dialect: str) -> tuple[tuple[PathRule, re.Pattern[str]], ...]:
        found = self.by_last.get((last, dialect))
        if found is None:
            if len(self.by_last) >= MOST_KEPT:
                self.by_last.clear()
            of_dialect = (rule for rule in self.rules if not rule.dialects or dialect in rule.dialects)
            found = self.by_last[last, dialect] = tuple((rule, paths) for rule in of_dialect if (paths := rule.ending(last)))
        return found


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


@lru_cache(maxsize=MOST_KEPT)
def glob(pattern: str) -> str:
    """A key path pattern as a regular expression: `*` is one name, `**` any number of them; it must reach the end."""
    steps = []
    for step in pattern.split("/"):
        if step == "**":
            steps.append("(?:[^/]+/)*?")
        else:
            one = "".join("[^/]*" if c == "*" else re.escape(c) for c in step)
            steps.append(f"{one}/")
    body = "".join(steps)
    return f"^{body[:-1]}$" if body.endswith("/") else f"^{body}[^/]*$"


def compile_paths(rules: Iterable[Mapping[str, Any]]) -> tuple[PathRule, ...]:
    """The entries of kind `path` among `rules`, in order."""
    return tuple(
        PathRule(
            id=r["id"],
            kind=r.get("kind", "mapping"),
            role=str(r["role"]),
            globs=tuple(r["paths"]),
            ignore_case=bool(r.get("ignore_case")),
            dialects=frozenset(r.get("dialects", ())),
            whole=bool(r.get("whole")),
            side=r.get("side"),
        )
        for r in rules
        if r["match"] == "path"
    )


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
