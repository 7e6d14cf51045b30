"""How a comment that has no effect is taken out: the whole of it, or one code of the list in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.directives import BEHIND, ENDS, MARKS, Directive
from portscan.expressions import compiled
from portscan.fixing.comments import commented
from portscan.languages import Language
from portscan.model import Location
from portscan.source import Source
from portscan.spelling import Change, Declined, Spelled

OPENING = compiled(r"(?:\{\{-? ?)?/\*+|<[%!]-{2,}|\{\{!-{2,}|-{2,}\[=*\[|<%?#+|\{#|\(\*|\{/\*")
CLOSING = compiled(ENDS)
MARK = compiled(MARKS, re.IGNORECASE)
NEXT = compiled(rf"[ \t]*(?:{MARKS})[ \t]*portscan:", re.IGNORECASE)
IN_TEXT = "this is part of a text, not a comment: change the text, or its place"
SHARED = "another directive stands in the same comment: take out by hand what has no effect"
GOES_ON = "the comment goes on in the next line: take out the words that portscan reads"
WITHIN = "it may lie within another comment, which ends behind it: take out the words that portscan reads"


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
        if _shares(source, language, said, each):
            return Declined(SHARED)
        first = _offset(source, each.line, each.location.column)
        last = _end(source.text, first, _offset(source, each.location.end_line, each.location.end_column))
        if isinstance(last, Declined):
            return last
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


def _shares(source: Source, language: Language, said: tuple[Directive, ...], directive: Directive) -> bool:
    """Whether the directive lies in the comment of another one, or holds one, so that what is left would be no comment."""
    beside = [d for d in said if d.location.line == directive.location.line]
    at = beside.index(directive)
    pairs = (*((before, directive) for before in beside[:at]), *((directive, after) for after in beside[at + 1 :]))
    return any(_holds(source, language, outer, inner) for outer, inner in pairs)


def _holds(source: Source, language: Language, outer: Directive, inner: Directive) -> bool:
    """Whether the comment of `outer` goes on beyond `inner`. Two that end with their line, and begin alike, get on well."""
    text, line = source.text, outer.location.line
    first, last, then = (
        _offset(source, line, column) for column in (outer.location.column, outer.location.end_column, inner.location.column)
    )
    if OPENING.match(text, first):
        apart = CLOSING.search(text, last, then) is not None
    else:
        apart = _mark(text, first) == _mark(text, then)
    return not apart and commented(source, language, first)


def _mark(text: str, start: int) -> str:
    found = MARK.match(text, start)
    return found.group() if found else ""


def _code(text: str, start: int, end: int) -> Change:
    """One item of a list, with the comma that divided it from its neighbour."""
    before, after = re.search(r"(?<![ \t])[ \t]*,[ \t]*$", text[:start]), re.match(r"[ \t]*,[ \t]*", text[end:])
    first = before.start() if before else start
    return Change(first, end if before or not after else end + after.end(), "")


def _end(text: str, first: int, last: int) -> int | Declined:
    """Where the comment ends, of which `first:last` is what portscan reads."""
    stop = compiled(r"[\r\n]|\Z").search(text, last)
    line_end = stop.start() if stop else len(text)
    closing = CLOSING.search(text, last, line_end)
    if OPENING.match(text, first):
        return closing.end() if closing else Declined(GOES_ON)
    following = NEXT.search(text, last, min(line_end, last + BEHIND))
    end = following.start() if following else line_end
    return Declined(WITHIN) if closing and closing.start() < end else end


def _taken(text: str, first: int, last: int) -> Change:
    """A comment with the space in front of it, or with its line where it has that to itself."""
    begin = text.rfind("\n", 0, first) + 1
    ending = compiled(r"[ \t]*(?:\r\n|\n|\r|\Z)").match(text, last)
    if not text[begin:first].strip() and ending:
        return Change(begin, ending.end(), "")
    space = len(text[:first].rstrip(" \t"))
    return Change(space, last if space < first else last + len(text[last:]) - len(text[last:].lstrip(" \t")), "")
