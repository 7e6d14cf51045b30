"""Does an identifier say that its value is a port? `rules/detect/10-names.yaml` holds the words, a registry further names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from portscan.expressions import compiled
from portscan.patterns import Pattern, pattern_of
from portscan.records import dataclass
from portscan.sites import HOLDERS, ITEM

MOST_KEPT = 4096  # names of which is remembered what they say
WORD = compiled(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(identifier: str) -> tuple[str, ...]:
    """The lower-case words of an identifier in any of the usual cases: `httpPort`, `HTTP_PORT`, `http-port`."""
    return tuple(w.lower() for w in WORD.findall(identifier))


@dataclass(frozen=True, slots=True)
class NameRule:
    """One entry: a word that means port, the compounds that end in it, and the words beside it that take it back.

    Or identifiers that are known to mean one, as they are written.
    """

    id: str
    means: frozenset[str]
    compound: Pattern
    not_before: frozenset[str]
    not_after: frozenset[str]
    plural: frozenset[str]
    identifiers: frozenset[str] = frozenset()

    def says(self, identifier: str) -> bool:
        """Whether `identifier` names a port."""
        if identifier in self.identifiers:
            return True
        parts = words(identifier)
        return any(self._at(parts, i) for i in range(len(parts)))

    def _at(self, parts: tuple[str, ...], i: int) -> bool:
        if parts[i] not in self.means and not self.compound.fullmatch(parts[i]):
            return False
        before = parts[i - 1] if i else ""
        return before not in self.not_before and not self.not_after.intersection(parts[i + 1 :])

    def collects(self, identifier: str) -> bool:
        """Whether `identifier` names a collection of ports, so that what it holds are ports whatever their keys."""
        parts = words(identifier)
        return bool(parts) and self.says(identifier) and not self.plural.isdisjoint(parts)


@dataclass(frozen=True)
class Names:
    """All entries about names. What they say of a name is remembered: the same ones come again and again."""

    rules: tuple[NameRule, ...]

    def find(self, names: tuple[str, ...]) -> tuple[str, str] | None:
        """The rule that reads a port in a path of names, and the name it read it in."""
        return (self._alone(names[-1]) if names else None) or self._along(names)

    @cached_property
    def _alone(self) -> Callable[[str], tuple[str, str] | None]:
        """What the last name of a path says whatever the others are: the first rule is asked for it before anything else."""
        return lru_cache(maxsize=MOST_KEPT)(self._by_itself)

    def _by_itself(self, name: str) -> tuple[str, str] | None:
        leading = name == ITEM or name.lower() in HOLDERS or not self.rules
        return None if leading or not self.rules[0].says(name) else (self.rules[0].id, name)

    @cached_property
    def _along(self) -> Callable[[tuple[str, ...]], tuple[str, str] | None]:
        return lru_cache(maxsize=MOST_KEPT)(self._find)

    def _find(self, names: tuple[str, ...]) -> tuple[str, str] | None:
        plain = [name for name in names if name != ITEM]
        while plain and plain[-1].lower() in HOLDERS:
            plain.pop()
        return self._last(*plain[:-3:-1]) if plain else None

    @cached_property
    def says(self) -> Callable[[str], str | None]:
        """The rule by which an identifier names a port."""
        return lru_cache(maxsize=MOST_KEPT)(lambda name: next((rule.id for rule in self.rules if rule.says(name)), None))

    @cached_property
    def _last(self) -> Callable[..., tuple[str, str] | None]:
        return lru_cache(maxsize=MOST_KEPT)(self._by_last)

    def _by_last(self, name: str, outer: str = "") -> tuple[str, str] | None:
        """What the last name of a path says, and the one around it."""
        for rule in self.rules:
            if rule.says(name):
                return rule.id, name
            if rule.collects(outer) and not rule.not_after.intersection(words(name)):
                return rule.id, outer
        return None


def compile_names(rules: Iterable[Mapping[str, Any]]) -> Names:
    """The entries of kind `name` among `rules`."""
    return Names(tuple(_rule(r) for r in rules if r["match"] == "name"))


@lru_cache(maxsize=1024)
def _set(items: tuple[str, ...]) -> frozenset[str]:
    return frozenset(items)


def _rule(rule: Mapping[str, Any]) -> NameRule:
    return NameRule(
        id=rule["id"],
        means=_set(tuple(rule.get("words", ()))),
        compound=pattern_of(rule, rule.get("compound", r"(?!)")),
        not_before=_set(tuple(rule.get("not_before", ()))),
        not_after=_set(tuple(rule.get("not_after", ()))),
        plural=_set(tuple(rule.get("plural", ()))),
        identifiers=_set(tuple(rule.get("identifiers", ()))),
    )
