"""The tokens of a programming language, and how its brackets and separators divide them. No grammar is needed for that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from portscan.languages.marks import Marks, Pair, marks_of, pattern, unended
from portscan.records import dataclass, field
from portscan.tuples import NamedTuple

KINDS = frozenset(("name", "number", "string", "heredoc", "comment", "char"))
OPEN, CLOSE = frozenset("([{"), frozenset(")]}")
PARTNER = {")": "(", "]": "[", "}": "{"}
# a line that ends or begins with one of these is not the end, or the beginning, of a statement
UNFINISHED = frozenset(("=", ":=", "=>", "->", "||", "&&", "??", "?:", "+", "<<", "|>", ".", "::", "\\", "?", "(", "[", "{", ","))
GOING_ON = frozenset((".", "?", "||", "&&", "??", "?:", "->", "=>", "|", "|>", "+", "<<", "=", ":", ")", "]", "}", "orelse"))
SECOND = frozenset(("else", "elif", "elsif", "catch", "finally", "rescue", "as", "and", "or", "in"))  # may follow a block


class Token(NamedTuple):
    """A piece of source: `kind` is name, number, string, heredoc, comment, char or sign. `fresh`: the first on its line."""

    kind: str
    start: int
    end: int
    value: str
    fresh: bool = False


@dataclass(slots=True)
class _Level:
    """An open bracket: where it stands, where its current statement and segment begin, how many commas came before."""

    opener: int
    statement: int
    segment: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """The tokens of a source without its comments. For each token: the bracket around it, and where its part begins.

    A statement ends at `;` or with its line, a segment also at a comma; `place` counts the commas of the statement.
    """

    source: str
    tokens: Sequence[Token]
    comments: Sequence[Token]
    opener: list[int] = field(default_factory=list)
    statement: list[int] = field(default_factory=list)
    segment: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)

    def text(self, first: int, stop: int) -> str:
        """The source from the token `first` up to the token `stop`."""
        return self.source[self.tokens[first].start : self.tokens[stop].start] if first < stop else ""

    def back(self, index: int, least: int) -> Iterator[int]:
        """The tokens in front of `index`, nearest first, down to `least`; of a bracketed group only its opening."""
        index -= 1
        while index >= least:
            index = min(self.partner.get(index, index), index)
            yield index
            index -= 1


def tokens_of(source: str, data: Mapping[str, Any]) -> Code:
    """The tokens of `source`, divided.

    A comment or a string of several lines that has no end would hide all that follows it: its mark is read as one that ends with
    its line. Where it opens and closes with the same mark, any of those before may be the one too many, so that this holds
    for all of them; else it is the last one.
    """
    marks, short, reading = marks_of(data), frozenset[Pair](), _Reading(source)
    while (pair := reading.go_on(marks, short)) is not None:
        short |= {pair}
        reading.back_to_the(start=pair[0] == pair[1])
    return divided(Code(source, reading.tokens, reading.comments))


@dataclass(slots=True)
class _Reading:
    """The tokens so far, where the next one is sought, and whether that is the first on its line."""

    source: str
    tokens: list[Token] = field(default_factory=list)
    comments: list[Token] = field(default_factory=list)
    at: int = 0
    fresh: bool = True

    def go_on(self, marks: Marks, short: frozenset[Pair]) -> Pair | None:
        """Read all that is left, or up to a text that has no end; then the answer is the marks that should be around it."""
        fresh, quotes = self.fresh, {opens for opens, closes in marks.spanning if opens == closes and len(opens) == 1}
        add, ending = self.tokens.append, len(self.source)
        for match in matches(partial(pattern, marks, short), self.source, self.at):
            kind, (start, end) = str(match.lastgroup), match.span()
            if kind == "newline":
                fresh = True
                continue
            token = tuple.__new__(Token, (kind if kind in KINDS else "sign", start, end, match.group(), fresh))
            if kind == "comment":
                self.comments.append(token)
            elif kind != "char":
                add(token)
                fresh = False
            if end == ending and (number := unended(match)) is not None:
                return marks.spanning[number]
            if kind == "string" and token.value[-1] in quotes and self._torn(token):
                return token.value[-1], token.value[-1]
        return None

    def _torn(self, token: Token) -> bool:
        r"""Whether a string of several lines has something behind it that follows none: `"…\n url = "http://…"`."""
        behind = self.source[token.end : token.end + 1]
        return behind.isalnum() and "\n" in token.value and not token.value.endswith(token.value[-1] * 3)

    def back_to_the(self, *, start: bool) -> None:
        """Forget everything, or else the last token only."""
        last = max(self.tokens[-1:] + self.comments[-1:], key=lambda token: token.start)
        self.at, self.fresh = (0, True) if start else (last.start, last.fresh)
        for kept in (self.tokens, self.comments):
            del kept[0 if start else len(kept) - (kept[-1:] == [last]) :]


def matches(pattern_without: Callable[[str], re.Pattern[str]], source: str, at: int = 0) -> Iterator[re.Match[str]]:
    """The tokens of `source` from `at` on, by the pattern that knows all strings but those in the marks it is given.

    Where a quote opens a string that never ends (`endless`), none of its kind ends one before the line does: to look again
    at each of them would take time with the square of the line's length.
    """
    barred, stops = "", [len(source) + 1]
    while at < len(source):
        for match in pattern_without(barred).finditer(source, at):
            if barred:
                if match.start() >= stops[-1]:
                    barred, at = barred[:-1], max(at, stops.pop())
                    break
                at = match.end()
            yield match
            group = match.lastgroup
            if group is not None and group.startswith("endless"):
                at, barred = match.end(), barred + match.group()
                stops.append(match.end(group))
                break
        else:
            return


def divided(code: Code) -> Code:
    """Fill in what is said of each token."""
    level = _Level(-1, 0, 0)
    levels, tokens, before = [level], code.tokens, ""
    opener, statement, segment, place = (kept.append for kept in (code.opener, code.statement, code.segment, code.place))
    for index, token in enumerate(tokens):
        value = token.value
        if value in CLOSE and len(levels) > 1 and tokens[level.opener].value == PARTNER[value]:
            code.partner[index], code.partner[level.opener] = level.opener, index
            levels.pop()
            level = levels[-1]
        if (token.fresh or before == "}") and _begins(code, index, level):
            level.statement = level.segment = index
            level.place = 0
        opener(level.opener)
        statement(level.statement)
        segment(level.segment)
        place(level.place)
        if value in OPEN:
            level = _Level(index, index + 1, index + 1)
            levels.append(level)
        elif value == ",":
            level.segment = index + 1
            level.place += 1
        elif value == ";":
            level.statement = level.segment = index + 1
            level.place = 0
        before = value
    return code


def _begins(code: Code, index: int, level: _Level) -> bool:
    """Whether a statement begins at `index` because a line does, or because a block is over."""
    token = code.tokens[index]
    if not index or (level.opener >= 0 and code.tokens[level.opener].value != "{"):
        return False
    before = code.tokens[index - 1].value
    if before == "}" and token.kind == "name":
        return token.value not in SECOND
    return token.fresh and before not in UNFINISHED and token.value not in GOING_ON
