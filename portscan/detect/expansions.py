"""Fallbacks inside a text: `${PORT:-3000}`, `${server.port:8080}`, `{$PORT:80}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portscan.patterns import Pattern, pattern_of


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
    for rule in rules:
        reached = 0
        for match in rule.opening.finditer(text):
            end = _closing(text, match.end())
            if match.start() >= reached and end is not None:
                reached = end
                yield Fallback(match["variable"], match.end(), end, match.start())


def _closing(text: str, start: int) -> int | None:
    depth = 0
    for i in range(start, len(text)):
        if text[i] == "{":
            depth += 1
        elif text[i] == "}":
            if depth == 0:
                return i
            depth -= 1
    return None


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
