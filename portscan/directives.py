"""What comments say to portscan: pins (`portscan: dashboard`) and ignores (`portscan: ignore[PS001] reason`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from portscan.model import Location
from portscan.source import Source

Reach = Literal["line", "next-line", "start", "end", "file", "pin"]

# A comment mark must stand right in front of the word, so that a text which merely speaks of portscan says nothing to it.
DIRECTIVE = re.compile(
    r"(?:#|//|/\*+|<!--|--|;|%|\{#|\(\*|\brem\b|\{/\*)[ \t]*portscan:[ \t]*"
    r"(?:(?P<ignore>ignore)(?P<reach>-next-line|-start|-end|-file)?(?:\[(?P<codes>[^\]\r\n]*)\])?(?P<reason>[^\r\n]*)"
    r"|(?P<service>[A-Za-z0-9][\w.-]*))",
    re.IGNORECASE,
)
CLOSING = re.compile(r"\s*(?:\*/|-->|#\}|\*\)|\*/\})\s*$")


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive. `codes` are what an ignore is limited to, all when empty; `service` is what a pin names.

    A directive that has its line to itself speaks of the next line as well.
    """

    reach: Reach
    line: int
    alone: bool
    location: Location
    codes: tuple[str, ...] = ()
    reason: str = ""
    service: str = ""


def directives(source: Source) -> tuple[Directive, ...]:
    """The directives of a file, in order."""
    if "portscan:" not in source.text:
        return ()
    return tuple(_directive(source, match) for match in DIRECTIVE.finditer(source.text))


def _directive(source: Source, match: re.Match[str]) -> Directive:
    location = source.location(*match.span())
    before = source.line_text(location.line)[: location.column - 1]
    alone = not before.strip(" \t-*")
    if match["service"]:
        return Directive("pin", location.line, alone, location, service=match["service"])
    reaches: dict[str, Reach] = {"-next-line": "next-line", "-start": "start", "-end": "end", "-file": "file"}
    reach = reaches.get((match["reach"] or "").lower(), "line")
    codes = tuple(code.strip().upper() for code in (match["codes"] or "").split(",") if code.strip())
    return Directive(reach, location.line, alone, location, codes, CLOSING.sub("", match["reason"] or "").strip())


def pin_of(found: tuple[Directive, ...], line: int) -> Directive | None:
    """The pin that speaks of a line: one on it, or one that has the line above to itself."""
    pins = [d for d in found if d.reach == "pin"]
    here = next((d for d in pins if d.line == line), None)
    return here or next((d for d in pins if d.alone and d.line == line - 1), None)
