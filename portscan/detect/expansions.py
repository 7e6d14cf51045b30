"""Fallbacks inside a text: `${PORT:-3000}`, `${server.port:8080}`, `{$PORT:80}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portscan.expressions import compiled
from portscan.patterns import Pattern, pattern_of
from portscan.records import dataclass

BRACE = compiled("[{}]")


@dataclass(frozen=True, slots=True)
class ExpansionRule:
    """How a dialect opens an expansion with a fallback; the group `variable` holds the name. It ends at the next `}`."""

    id: str
    opening: Pattern
    languages: frozenset[str]
    except_languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fallback:
    """The fallback `start:end` of the look-up of `variable`; `opening` is where the whole expansion begins."""

    variable: str
    start: int
    end: int
    opening: int


def fallbacks(rules: Iterable[ExpansionRule], text: str) -> Iterator[Fallback]:
    """The outermost fallbacks in `text`; those within a fallback are found by reading it in its turn."""
    if "{" not in text:
        return
    closings: dict[int, int] | None = None
    for rule in rules:
        reached = 0
        for match in rule.opening.finditer(text):
            if match.start() < reached:
                continue
            closings = _closings(text) if closings is None else closings
            end = closings.get(text.rfind("{", match.start(), match.end()))
            if end is not None:
                reached = end
                yield Fallback(match["variable"], match.end(), end, match.start())


def _closings(text: str) -> dict[int, int]:
    """Where each brace that is closed again is, by where it opens; all in one go, since there may be many."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for brace in BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            found[opened.pop()] = brace.start()
    return found


def compile_expansions(rules: Iterable[Mapping[str, Any]], language: str) -> tuple[ExpansionRule, ...]:
    """The entries of kind `expansion` that the dialect of `language` understands."""
    every = (
        ExpansionRule(
            r["id"], pattern_of(r, r["opening"]), frozenset(r.get("languages", ())), frozenset(r.get("except_languages", ()))
        )
        for r in rules
        if r["match"] == "expansion"
    )
    return tuple(r for r in every if (not r.languages or language in r.languages) and language not in r.except_languages)
