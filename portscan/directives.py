"""What comments say to portscan: pins (`portscan: dashboard`) and ignores (`portscan: ignore[PS001] reason`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Literal

from portscan.expressions import compiled
from portscan.model import Location
from portscan.records import dataclass, replace
from portscan.source import SMALLEST_CHARACTER, Source

Reach = Literal["line", "next-line", "start", "end", "file", "pin", "unknown"]

# A comment mark must stand right in front of the word, so that a text which merely speaks of portscan says nothing to it.
# A lone star begins the lines within a comment of several.
MARKS = r"<?%?#+|/{2,}|(?:\{\{-? ?)?/?\*+|(?:\{\{!|<[%!])?-{2,}(?:\[=*\[)?|;+|%+|\{#|\(\*+|@*\brem\b|\{/\*|:{2,}|!+"
# In a document only its own comments speak: what it shows in a fence is an example for its readers.
DOCUMENT_MARKS = r"<!--|\{/\*|^\.\."
ENDS = r"\*/(?: ?-?\}\}|\}?)|--%?>|[#%]>|--\}\}|#\}|\*\)|\]=*\]"
NAME = r"\w+(?:[.-]+\w+)*"
LIST = rf"{NAME}(?:[ \t]*,[ \t]*{NAME})+(?=[ \t]*(?:{ENDS}|[\r\n]|\Z))"  # `dashboard, since …` is a name and its reason
BODY = (
    r"[ \t]*(?P<word>portscan:)[ \t]*(?:"
    r"(?P<ignore>ignore)(?P<reach>-next-line|-start|-end|-file)?(?![\w-])"
    r"(?:[ \t]*\[(?P<codes>[^\]\r\n]{0,1000})\])?(?P<reason>[^\r\n]{0,1000})"
    rf"|(?P<unknown>ignore[\w-]*)|(?P<services>{LIST}|{NAME}))"
)
SPOKEN = compiled(f"(?:{MARKS}){BODY}", re.IGNORECASE)
CALL = "portscan:"
WORD = compiled(CALL, re.IGNORECASE)
SPOKEN_IN_DOCUMENTS = compiled(f"(?:{DOCUMENT_MARKS}){BODY}", re.IGNORECASE | re.MULTILINE)
# What ends the reason: the end of the comment, or a further directive.
CLOSING = compiled(rf"{ENDS}|(?:{MARKS})[ \t]*portscan:", re.IGNORECASE)
# Characters in front of the word in which its mark is sought, and behind it; a line of megabytes is not gone through for each.
BEFORE, BEHIND = 120, 1000
CODE = compiled(r"[^\s,](?:[^,]*[^\s,])?")
END = compiled(ENDS)
REST = compiled(rf"[^\r\n]{{0,{BEHIND}}}")
REACHES: dict[str, Reach] = {"-next-line": "next-line", "-start": "start", "-end": "end", "-file": "file"}


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive. `codes` are what an ignore is limited to, all when empty; `services` are what a pin names.

    A directive that has its line to itself speaks of the next line as well. `words` is what was written where it is
    nothing that portscan knows. `places` are those of the codes, in characters from the beginning.
    """

    reach: Reach
    line: int
    alone: bool
    location: Location
    codes: tuple[str, ...] = ()
    reason: str = ""
    services: tuple[str, ...] = ()
    words: str = ""
    places: tuple[int, ...] = ()

    def about(self, code: str) -> Directive:
        """The directive as if it stood where it names one of its codes."""
        line, column, end_line, _ = self.location
        start = column + self.places[self.codes.index(code)]
        return replace(self, location=Location(line, start, end_line, start + len(code)))

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines that a directive without a reach of its own is about."""
        return (self.line, self.line + 1) if self.alone else (self.line,)


def addressed(source: Source) -> bool:
    """Whether there may be a word to portscan in a file; bytes are folded far quicker than text, where ASCII is in them."""
    if source.encoding in SMALLEST_CHARACTER:
        return CALL in source.text.lower()
    return CALL.encode() in source.data.lower()


def directives(source: Source, document: bool = False) -> tuple[Directive, ...]:
    """The directives of a file, in order. A `document` is listened to less readily."""
    if not addressed(source):
        return ()
    found: list[Directive] = []
    position = 0
    pattern = SPOKEN_IN_DOCUMENTS if document else SPOKEN
    for word in WORD.finditer(source.text):
        match = _spoken(pattern, source.text, max(position, word.start() - BEFORE), word.end())
        if match is not None:
            found.append(_directive(source, match))
            position = match.start("reason") if match["ignore"] else match.end()
    return tuple(found)


def _spoken(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The directive whose word ends at `end`, with a mark that does not begin before `start`."""
    return next((m for m in map(partial(pattern.match, text), range(start, end)) if m and m.end("word") == end), None)


def _directive(source: Source, match: re.Match[str]) -> Directive:
    end = match.end() if match["ignore"] is None else match.start("reason") + len(_reason(match))
    location = source.location(match.start(), end)
    alone = _nothing_before(source, match.start()) and not _code_behind(source.text, match.start())
    if match["services"]:
        named = tuple(name.strip() for name in match["services"].split(","))
        return Directive("pin", location.line, alone, location, services=named)
    if match["unknown"]:
        return Directive("unknown", location.line, alone, location, words=match["unknown"])
    reach = REACHES.get((match["reach"] or "").lower(), "line")
    listed = tuple(CODE.finditer(match["codes"] or ""))
    codes = tuple(code.group().upper() if code.group().isascii() else code.group() for code in listed)
    places = tuple(match.start("codes") + code.start() - match.start() for code in listed)
    return Directive(reach, location.line, alone, location, codes, _reason(match).strip(), places=places)


def _nothing_before(source: Source, start: int) -> bool:
    """Whether the comment that begins at `start` is the first thing in its line."""
    begin = start - source.location(start, start).column + 1
    return start - begin <= BEHIND and not source.text[begin:start].strip(" \t-*")


def _code_behind(text: str, start: int) -> bool:
    """Whether something follows the end of the comment that begins at `start`."""
    line = REST.match(text, start)
    behind = line.group() if line else ""
    end = END.search(behind)
    return end is not None and bool(behind[end.end() :].strip())


def _reason(match: re.Match[str]) -> str:
    reason = match["reason"] or ""
    closing = CLOSING.search(reason)
    return reason[: closing.start() if closing else None].rstrip()


def pins_by_line(found: Iterable[Directive]) -> Mapping[int, tuple[Directive, ...]]:
    """The pins that speak of a line, by lines: those on it, else those that have the line above to themselves."""
    pins = tuple(each for each in found if each.reach == "pin")
    on: dict[int, tuple[Directive, ...]] = {}
    for pin in pins:
        on[pin.line] = (*on.get(pin.line, ()), pin)
    # Of several on a line only the first has nothing in front of it.
    return {**{pin.line + 1: (pin,) for pin in pins if pin.alone}, **on}
