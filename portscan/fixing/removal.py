"""How a comment that has no effect is taken out: the whole of it, or one code of the list in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from portscan.directives import BEHIND, ENDS, MARKS, Directive, directives
from portscan.expressions import compiled
from portscan.fixing.comments import comments
from portscan.languages import Language
from portscan.model import Location
from portscan.source import Source
from portscan.spelling import Change, Declined, Spelled

OPENING = compiled(r"(?:\{\{-? ?)?/\*+|<[%!]-{2,}|\{\{!-{2,}|-{2,}\[=*\[|<%?#+|\{#|\(\*|\{/\*")
CLOSING = compiled(ENDS)
COMMA = compiled(r"[ \t]*,[ \t]*")
MARK = compiled(MARKS, re.IGNORECASE)
NEXT = compiled(rf"[ \t]*(?:{MARKS})[ \t]*portscan:", re.IGNORECASE)
IN_TEXT = "this is part of a text, not a comment: change the text, or its place"
SHARED = "another directive stands in the same comment: take out by hand what has no effect"
GOES_ON = "the comment goes on in the next line: take out the words that portscan reads"
WITHIN = "it may lie within another comment, which ends behind it: take out the words that portscan reads"


class Removals:
    """Takes directives out of one file. What they are, and where comments stand, is found out once."""

    def __init__(self, source: Source, language: Language) -> None:
        self.source, self.language = source, language

    @cached_property
    def said(self) -> tuple[Directive, ...]:
        """All directives of the file."""
        return directives(self.source, self.language.context == "doc")

    def meant(self, at: Location) -> Directive | None:
        """The directive that a place is about."""
        return next((each for each in reversed(self._by_line.get(at.line, ())) if each.location.column <= at.column), None)

    def of(self, directive: Directive, at: Location) -> Spelled | Declined:
        """What takes out the directive, or the single code of it that stands at a place."""
        if not self._commented(self._start(directive)):
            return Declined(IN_TEXT)
        if directive.location != at:
            start = self._start(directive)
            return Spelled(
                (_code(self.source.text, *(start + c - directive.location.column for c in (at.column, at.end_column))),)
            )
        changes = []
        for each in (directive, *self._ends.get(directive, ())):
            if each in self._shared:
                return Declined(SHARED)
            first = self._start(each)
            last = _end(self.source.text, first, self._stop(each))
            if isinstance(last, Declined):
                return last
            changes.append(_taken(self.source.text, first, last))
        return Spelled(tuple(changes))

    @cached_property
    def _commented(self) -> Callable[[int], bool]:
        return comments(self.source, self.language)

    @cached_property
    def _by_line(self) -> Mapping[int, Sequence[Directive]]:
        found: dict[int, list[Directive]] = {}
        for each in self.said:
            found.setdefault(each.location.line, []).append(each)
        return found

    @cached_property
    def _ends(self) -> Mapping[Directive, tuple[Directive, ...]]:
        """For what begins a block the directive that ends it."""
        opened: list[Directive] = []
        found: dict[Directive, tuple[Directive, ...]] = {}
        for each in self.said:
            if each.reach == "start":
                opened.append(each)
            elif each.reach == "end" and opened:
                found[opened.pop()] = (each,)
        return found

    @cached_property
    def _shared(self) -> AbstractSet[Directive]:
        """Directives that lie in the comment of another one, or hold one, so that what is left would be no comment."""
        shared: set[Directive] = set()
        for beside in self._by_line.values():
            open_: dict[str, Directive] = {}  # the first with each mark: those behind it lie in its comment
            for each in beside if len(beside) > 1 else ():
                around = [outer for mark, outer in open_.items() if self._holds(mark, outer, each)]
                shared |= {each, *around} if around else set()
                open_.setdefault(_mark(self.source.text, self._start(each)), each)
        return shared

    def _holds(self, mark: str, outer: Directive, inner: Directive) -> bool:
        """Whether the comment of `outer` goes on beyond `inner`. Two that end with their line, and begin alike, get on well."""
        text, first, then = self.source.text, self._start(outer), self._start(inner)
        if OPENING.match(text, first):
            apart = CLOSING.search(text, self._stop(outer), then) is not None
        else:
            apart = mark == _mark(text, then)
        return not apart and self._commented(first)

    def _start(self, directive: Directive) -> int:
        return self.source.line_start(directive.location.line) + directive.location.column - 1

    def _stop(self, directive: Directive) -> int:
        return self.source.line_start(directive.location.end_line) + directive.location.end_column - 1


def _mark(text: str, start: int) -> str:
    found = MARK.match(text, start)
    return found.group() if found else ""


def _code(text: str, start: int, end: int) -> Change:
    """One item of a list, with the comma that divided it from its neighbour."""
    begin = text.rfind("[", 0, start) + 1
    before, after = re.search(r"(?<![ \t])[ \t]*,[ \t]*$", text[begin:start]), COMMA.match(text, end)
    first = begin + before.start() if before else start
    return Change(first, end if before or not after else after.end(), "")


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
    behind = compiled(r"[ \t]*").match(text, last)
    ending = compiled(r"[ \t]*(?:\r\n|\n|\r|\Z)").match(text, last)
    if not text[begin:first].strip() and ending:
        return Change(begin, ending.end(), "")
    space = begin + len(text[begin:first].rstrip(" \t"))
    return Change(space, last if space < first or behind is None else behind.end(), "")
