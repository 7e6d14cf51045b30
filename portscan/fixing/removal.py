"""How a comment that has no effect is taken out: the whole of it, or one code of the list in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.directives import BEHIND, ENDS, MARKS, Directive
from portscan.fixing.comments import commented
from portscan.languages import Language
from portscan.model import Location
from portscan.source import Source
from portscan.spelling import Change, Declined, Spelled

OPENING = re.compile(r"/\*+|<!--|\{#|\(\*|\{/\*")
CLOSING = re.compile(ENDS)
NEXT = re.compile(rf"[ \t]*(?:{MARKS})[ \t]*portscan:", re.IGNORECASE)
IN_TEXT = "this is part of a text, not a comment: change the text, or its place"
GOES_ON = "the comment goes on in the next line: take out the words that portscan reads"


def removal(source: Source, language: Language, said: tuple[Directive, ...], at: Location) -> Spelled | Declined:
    """What takes out the directive at a place, or the single code of one; `said` are all directives of the file."""
    start, end = _offset(source, at.line, at.column), _offset(source, at.end_line, at.end_column)
    directive = next(d for d in said if d.location.line == at.line and _within(d.location, at))
    if not commented(source, language, _offset(source, directive.line, directive.location.column)):
        return Declined(IN_TEXT)
    if directive.location != at:
        return Spelled((_code(source.text, start, end),))
    changes = []
    for each in _partners(said, directive):
        first = _offset(source, each.line, each.location.column)
        last = _end(source.text, first, _offset(source, each.location.end_line, each.location.end_column))
        if last is None:
            return Declined(GOES_ON)
        changes.append(_taken(source.text, first, last))
    return Spelled(tuple(changes))


def _offset(source: Source, line: int, column: int) -> int:
    return source.line_start(line) + column - 1


def _within(outer: Location, inner: Location) -> bool:
    return outer.column <= inner.column and inner.end_column <= outer.end_column


def _partners(said: tuple[Directive, ...], directive: Directive) -> Iterator[Directive]:
    """The directive, and the one that ends its block."""
    yield directive
    opened: list[Directive] = []
    for each in said if directive.reach == "start" else ():
        if each.reach == "start":
            opened.append(each)
        elif each.reach == "end" and opened and opened.pop() is directive:
            yield each


def _code(text: str, start: int, end: int) -> Change:
    """One item of a list, with the comma that divided it from its neighbour."""
    before, after = re.search(r"(?<![ \t])[ \t]*,[ \t]*$", text[:start]), re.match(r"[ \t]*,[ \t]*", text[end:])
    first = before.start() if before else start
    return Change(first, end if before or not after else end + after.end(), "")


def _end(text: str, first: int, last: int) -> int | None:
    """Where the comment ends, of which `first:last` is what portscan reads."""
    stop = re.compile(r"[\r\n]|\Z").search(text, last)
    line_end = stop.start() if stop else len(text)
    if OPENING.match(text, first):
        closing = CLOSING.search(text, last, line_end)
        return closing.end() if closing else None
    following = NEXT.search(text, last, min(line_end, last + BEHIND))
    return following.start() if following else line_end


def _taken(text: str, first: int, last: int) -> Change:
    """A comment with the space in front of it, or with its line where it has that to itself."""
    begin = text.rfind("\n", 0, first) + 1
    ending = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)").match(text, last)
    if not text[begin:first].strip() and ending:
        return Change(begin, ending.end(), "")
    space = len(text[:first].rstrip(" \t"))
    return Change(space, last if space < first else last + len(text[last:]) - len(text[last:].lstrip(" \t")), "")
