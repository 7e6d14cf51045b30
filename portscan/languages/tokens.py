"""The tokens of a programming language, and how its brackets and separators divide them. No grammar is needed for that.

The language's data gives its `comments`, `blocks` and `strings`. A string mark written as a pair, `[open, close]`, is raw
and may span lines; a single mark knows escapes and ends with its line, unless it is a triple one or `lines` is set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from portscan.records import dataclass, field

OPEN, CLOSE = frozenset("([{"), frozenset(")]}")
PARTNER = {")": "(", "]": "[", "}": "{"}
# a line that ends or begins with one of these is not the end, or the beginning, of a statement
UNFINISHED = frozenset(("=", ":=", "=>", "->", "||", "&&", "??", "?:", "+", "<<", "|>", ".", "::", "\\", "?", "(", "[", "{", ","))
GOING_ON = frozenset((".", "?", "||", "&&", "??", "?:", "->", "=>", "|", "|>", "+", "<<", "=", ":", ")", "]", "}", "orelse"))
SECOND = frozenset(("else", "elif", "elsif", "catch", "finally", "rescue", "as", "and", "or", "in"))  # may follow a block
SIGNS = r"\\\\|:=|=>|->|\|\|=?|\?\?=?|\?:|===?|!==?|&&|::|<<|\|>|<>|[^\s\w]"
DEEPEST = 5  # comments within comments
HEREDOC = r"<<[-~<]?[\"']?(?P<tag>[A-Z_]\w+)(?!\w)[\"']?[^\n]{0,2000}\n[\s\S]*?(?:^[ \t]*(?P=tag)\b|\Z)"


@dataclass(frozen=True, slots=True)
class Token:
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
    """The tokens of `source`, divided."""
    pattern_without = partial(
        _pattern,
        tuple(data.get("comments", ("//",))),
        tuple((a, b) for a, b in data.get("blocks", ())),
        tuple(s if isinstance(s, str) else tuple(s) for s in data.get("strings", ('"', "'"))),
        bool(data.get("lines")),
        bool(data.get("heredocs")),
        bool(data.get("nested")),
        str(data.get("digit_separator", "")),
    )
    tokens, comments, fresh = [], [], True
    for match in matches(pattern_without, source):
        kind = "sign" if _opens(match) else str(match.lastgroup)
        if kind == "newline":
            fresh = True
            continue
        token = Token(kind, match.start(), match.end(), match.group(), fresh)
        if kind == "comment":
            comments.append(token)
        elif kind != "char":
            tokens.append(token)
            fresh = False
    return divided(Code(source, tokens, comments))


def matches(pattern_without: Callable[[str], re.Pattern[str]], source: str) -> Iterator[re.Match[str]]:
    """The tokens of `source`, by the pattern that knows all strings but those in the marks it is given.

    Where a quote opens a string that never ends (`endless`), none of its kind ends one before the line does: to look again
    at each of them would take time with the square of the line's length.
    """
    barred, stops, at = "", [len(source) + 1], 0
    while at < len(source):
        for match in pattern_without(barred).finditer(source, at):
            if match.start() >= stops[-1]:
                barred, at = barred[:-1], max(at, stops.pop())
                break
            yield match
            at = match.end()
            if _opens(match):
                barred += match.group()
                stops.append(match.end(str(match.lastgroup)))
                break
        else:
            return


def _opens(match: re.Match[str]) -> bool:
    return match.lastgroup is not None and match.lastgroup.startswith("endless")


def divided(code: Code) -> Code:
    """Fill in what is said of each token."""
    levels = [_Level(-1, 0, 0)]
    for index, token in enumerate(code.tokens):
        if token.value in CLOSE and len(levels) > 1 and code.tokens[levels[-1].opener].value == PARTNER[token.value]:
            opener = levels.pop().opener
            code.partner[index], code.partner[opener] = opener, index
        level = levels[-1]
        if _begins(code, index, level):
            level.statement = level.segment = index
            level.place = 0
        code.opener.append(level.opener)
        code.statement.append(level.statement)
        code.segment.append(level.segment)
        code.place.append(level.place)
        if token.value in OPEN:
            levels.append(_Level(index, index + 1, index + 1))
        elif token.value == ",":
            level.segment = index + 1
            level.place += 1
        elif token.value == ";":
            level.statement = level.segment = index + 1
            level.place = 0
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


@lru_cache(maxsize=256)
def _pattern(
    comments: tuple[str, ...],
    blocks: tuple[tuple[str, str], ...],
    strings: tuple[str | tuple[str, str], ...],
    lines: bool,
    heredocs: bool,
    nested: bool,
    separator: str,
    barred: str,
) -> re.Pattern[str]:
    block = "|".join(_block(a, b, DEEPEST if nested else 0) for a, b in blocks)
    line = "|".join(f"{re.escape(c)}[^\\r\\n]*" for c in comments)
    raw = "|".join(f"{re.escape(s[0])}[\\s\\S]*?(?:{re.escape(s[1])}|\\Z)" for s in strings if not isinstance(s, str))
    marks = [s for s in sorted((s for s in strings if isinstance(s, str)), key=len, reverse=True) if s not in tuple(barred)]
    plain = "|".join(_string(s, lines) for s in marks) or "(?!)"
    unending = "" if lines else "".join(f"|{endless(s)}" for s in marks if len(s) == 1)
    char = "" if "'" in strings else r"|(?P<char>'(?:\\[^\r\n']{1,8}|[^\\'\r\n])')"
    return re.compile(
        rf"(?P<comment>{'|'.join(filter(None, (block, line))) or '(?!)'})"
        + (rf"|(?P<heredoc>{HEREDOC})" if heredocs else "")
        + rf"|(?P<string>{raw + '|' if raw else ''}[$@frbLuR]{{0,2}}(?:{plain})){char}{unending}"
        rf"|(?P<name>[$@]{{0,2}}[A-Za-z_][\w$]*[!?]?)|(?P<number>{_number(separator)})|(?P<newline>\n)|(?P<sign>{SIGNS})",
        re.MULTILINE,
    )


def _block(opening: str, closing: str, deeper: int) -> str:
    """A comment of several lines; it may hold others of its kind, so many levels `deeper`."""
    begin, end = re.escape(opening), re.escape(closing)
    if not deeper:
        return f"{begin}[\\s\\S]*?(?:{end}|\\Z)"
    heads = re.escape(opening[0] + closing[0])
    return f"{begin}(?:[^{heads}]+|(?!{begin}|{end})[{heads}]|{_block(opening, closing, deeper - 1)})*(?:{end}|\\Z)"


def _number(separator: str) -> str:
    return rf"\d(?:[\w.]|{re.escape(separator)}(?=\w))*" if separator else r"\d[\w.]*"


def _string(quote: str, lines: bool) -> str:
    mark = re.escape(quote)
    if len(quote) > 1 or lines:
        return f"{mark}(?:\\\\[\\s\\S]|(?!{mark})[^\\\\])*(?:{mark}|\\Z)"
    return f"{mark}(?:\\\\.|[^{mark}\\\\\\r\\n])*(?:{mark}|(?=[\\r\\n]*\\Z))"  # the last one of a file may not end


def endless(quote: str) -> str:
    """The quote of a string that does not end with its line; its group is what stands there instead of its end."""
    mark = re.escape(quote)
    return f"{mark}(?=(?P<endless{ord(quote)}>(?:\\\\.|[^{mark}\\\\\\r\\n])*))"
