"""Matchers on the key path to a value. Most rules are out of the question by the last steps of a path alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from portscan.expressions import compiled
from portscan.model import Side
from portscan.records import dataclass, field
from portscan.tuples import NamedTuple

MOST_KEPT = 4096  # names, and patterns of paths, of which is remembered what they lead to


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

    def ending(self, last: str) -> Sequence[str]:
        """Those of the paths that may end in the name `last`."""
        named = self._in_names.get(last.removesuffix("\n"), ())  # an expression ends in front of a last line end, too
        return [*named, *(path for ending, path in self._in_patterns if ending.search(last))]

    def before(self, paths: Iterable[str]) -> frozenset[str] | None:
        """The names of which one stands before the last where one of `paths` fits; None where that may be any."""
        found = [path.split("/")[-2:-1] for path in paths]
        plain = all(each and not self._is_pattern(each[0]) for each in found)
        return frozenset(name for each in found for name in each) if plain else None

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
        return [(self.expression((ending,)), path) for ending, path in endings if self._is_pattern(ending)]

    def _is_pattern(self, ending: str) -> bool:
        return "*" in ending or self.ignore_case

    def expression(self, globs: Iterable[str]) -> re.Pattern[str]:
        """Paths as one expression."""
        return compiled("|".join(map(glob, globs)), re.IGNORECASE if self.ignore_case else 0)


class Possible(NamedTuple):
    """The rules for paths that end in one name, and the names of which one must stand before it, where it is not any."""

    rules: Sequence[tuple[PathRule, re.Pattern[str]]]
    before: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Paths:
    """All rules about key paths. Most are out of the question for a path by its last name alone, or with the one before."""

    rules: tuple[PathRule, ...]
    by_last: dict[tuple[str, str], Possible] = field(default_factory=dict)
    known: dict[tuple[tuple[str, ...], str], PathRule | None] = field(default_factory=dict)

    def role(self, names: tuple[str, ...], dialect: str) -> PathRule | None:
        """The first rule for what stands at the key path `names` of a file in `dialect`."""
        name = names[-1] if names else ""
        possible = self._possible(name.rpartition("/")[2] if "/" in name else name, dialect)
        if not possible.rules or (possible.before is not None and _front(names) not in possible.before):
            return None
        try:
            return self.known[names, dialect]
        except KeyError:
            path = "/".join(names)
            found = next((rule for rule, paths in possible.rules if paths.search(path)), None)
            if len(self.known) >= MOST_KEPT:
                self.known.clear()
            self.known[names, dialect] = found
            return found

    def _possible(self, last: str, dialect: str) -> Possible:
        found = self.by_last.get((last, dialect))
        if found is None:
            if len(self.by_last) >= MOST_KEPT:
                self.by_last.clear()
            of_dialect = (rule for rule in self.rules if not rule.dialects or dialect in rule.dialects)
            fitting = [(rule, globs) for rule in of_dialect if (globs := rule.ending(last))]
            before = [rule.before(globs) for rule, globs in fitting]
            anything = None in before
            found = self.by_last[last, dialect] = Possible(
                [(rule, rule.expression(globs)) for rule, globs in fitting],
                None if anything else frozenset(name for names in before for name in names or ()),
            )
        return found


def _front(names: Sequence[str]) -> str:
    """The step of a path before its last one."""
    name = names[-1] if names else ""
    if "/" in name:
        return name.split("/")[-2]
    return names[-2].rpartition("/")[2] if len(names) > 1 else ""


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
