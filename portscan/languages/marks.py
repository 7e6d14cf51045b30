"""The marks of a language's comments and strings, as the expression that finds its tokens.

The language's data gives its `comments`, `blocks` and `strings`. A string mark written as a pair, `[open, close]`, is raw
and may span lines; a single mark knows escapes and ends with its line, unless it is a triple one or `lines` is set. Whoever
writes a raw string may choose a part of its marks, `R"x(…)x"`: `<mark>` stands for it, and `mark` says what it may be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from portscan.expressions import compiled
from portscan.records import dataclass

Pair: TypeAlias = "tuple[str, str]"  # what opens a text, and what closes it

SIGNS = r"\\\\|:=|=>|=<(?=\s)|->|\|\|=?|\?\?=?|\?:|===?|!==?|~=|&&|::|<<|\|>|<>|[^\s\w]"
LINE_ENDS = r"\r\n"
DEEPEST = 5  # comments within comments
HERE: Pair = ("<<", "")  # a here-document, which closes with a word of its own
HEREDOC = r"<<[-~<]?[\"']?(?P<tag>[A-Z_]\w+)(?!\w)[\"']?[^\n]{0,2000}\n[\s\S]*?(?:^[ \t]*(?P=tag)\b|"
MARK = "<mark>"
UNENDED = "unended"  # begins the names of the groups that stand where a text has no end, each with the number of its pair


@dataclass(frozen=True, slots=True)
class Marks:
    """What a language's data says of its comments, its strings, and what may stand between digits."""

    comments: tuple[str, ...]
    blocks: tuple[Pair, ...]
    strings: tuple[str | Pair, ...]
    mark: str
    lines: bool
    heredocs: bool
    nested: bool
    separator: str

    @property
    def raw(self) -> tuple[Pair, ...]:
        """The strings that know no escapes."""
        return tuple(mark for mark in self.strings if not isinstance(mark, str))

    @property
    def quotes(self) -> tuple[str, ...]:
        """The other strings, which open and close with the same mark; the longest first."""
        return tuple(sorted((mark for mark in self.strings if isinstance(mark, str)), key=len, reverse=True))

    @property
    def spanning(self) -> tuple[Pair, ...]:
        """The texts that may go on in further lines."""
        long = ((quote, quote) for quote in self.quotes if self.lines or len(quote) > 1)
        return (*self.blocks, *self.raw, *long, *((HERE,) if self.heredocs else ()))


def marks_of(data: Mapping[str, Any]) -> Marks:
    """The marks by the data of a language."""
    return Marks(
        tuple(data.get("comments", ("//",))),
        tuple((begin, end) for begin, end in data.get("blocks", ())),
        tuple(mark if isinstance(mark, str) else (mark[0], mark[1]) for mark in data.get("strings", ('"', "'"))),
        str(data.get("mark", "")),
        bool(data.get("lines")),
        bool(data.get("heredocs")),
        bool(data.get("nested")),
        str(data.get("digit_separator", "")),
    )


@lru_cache(maxsize=256)
def pattern(marks: Marks, short: frozenset[Pair], barred: str) -> re.Pattern[str]:
    """The tokens. Texts in the pairs `short` end with their lines; the quotes in `barred` open no string."""
    spans = {pair: _unended(number) for number, pair in enumerate(marks.spanning) if pair not in short}
    blocks = (_block(*pair, DEEPEST if marks.nested else 0, spans.get(pair)) for pair in marks.blocks)
    lines = (f"{re.escape(mark)}[^\\r\\n]*" for mark in marks.comments)
    raw = "".join(f"{_chosen(_raw(*pair, spans.get(pair)), f'mark{n}', marks.mark)}|" for n, pair in enumerate(marks.raw))
    quotes = [quote for quote in marks.quotes if quote not in tuple(barred)]
    plain = "|".join(_string(quote, spans.get((quote, quote))) for quote in quotes) or "(?!)"
    ending = (quote for quote in quotes if len(quote) == 1 and (quote, quote) not in spans)
    char = "" if "'" in marks.strings else r"|(?P<char>'(?:\\[^\r\n']{1,8}|[^\\'\r\n])')"
    return compiled(
        rf"(?P<comment>{'|'.join((*blocks, *lines)) or '(?!)'})"
        + (rf"|(?P<heredoc>{HEREDOC}{spans[HERE]}))" if HERE in spans else "")
        + rf"|(?P<string>{raw}[$@frbLuR]{{0,2}}(?:{plain})){char}{''.join(f'|{endless(quote)}' for quote in ending)}"
        rf"|(?P<name>[$@]{{0,2}}[A-Za-z_][\w$]*[!?]?)|(?P<number>{_number(marks.separator)})|(?P<newline>\n)|(?P<sign>{SIGNS})",
        re.MULTILINE,
    )


def unended(match: re.Match[str]) -> int | None:
    """The number of the spanning pair whose text has no end in the source."""
    groups = (name for name, text in match.groupdict().items() if text is not None and name.startswith(UNENDED))
    return next((int(name.removeprefix(UNENDED)) for name in groups), None)


def endless(quote: str) -> str:
    """The quote of a string that does not end with its line; its group is what stands there instead of its end."""
    mark = re.escape(quote)
    return f"{mark}(?=(?P<endless{ord(quote)}>(?:\\\\.|[^{mark}\\\\\\r\\n])*))"


def _unended(number: int) -> str:
    return rf"(?P<{UNENDED}{number}>\Z)"


def _block(opening: str, closing: str, deeper: int, unended: str | None) -> str:
    """A comment of several lines; it may hold others of its kind, so many levels `deeper`."""
    begin, end = re.escape(opening), re.escape(closing)
    if unended is None:
        return f"{begin}[^\\r\\n]*?(?:{end}|(?=[\\r\\n])|\\Z)"
    if not deeper:
        return f"{begin}[\\s\\S]*?(?:{end}|{unended})"
    heads = re.escape(opening[0] + closing[0])
    inner = _block(opening, closing, deeper - 1, "\\Z")
    return f"{begin}(?:[^{heads}]+|(?!{begin}|{end})[{heads}]|{inner})*(?:{end}|{unended})"


def _raw(opening: str, closing: str, unended: str | None) -> str:
    """A raw string. A quote that is doubled within `@"…"` ends none."""
    begin, end = re.escape(opening), re.escape(closing)
    if len(closing) == 1 < len(opening):
        inner = f"[^{end}{'' if unended else LINE_ENDS}]*"
        return f"{begin}{inner}(?:{end}{end}{inner})*{f'(?:{end}|{unended})' if unended else end}"
    return f"{begin}[^\\r\\n]*?{end}" if unended is None else f"{begin}[\\s\\S]*?(?:{end}|{unended})"


def _chosen(raw: str, name: str, mark: str) -> str:
    """A raw string of which the part of its marks that is chosen is the same at both ends."""
    return raw.replace(MARK, f"(?P<{name}>{mark})", 1).replace(MARK, f"(?P={name})")


def _number(separator: str) -> str:
    return rf"\d(?:[\w.]|{re.escape(separator)}(?=\w))*" if separator else r"\d[\w.]*"


def _string(quote: str, unended: str | None) -> str:
    mark = re.escape(quote)
    if unended is not None:
        return f"{mark}(?:\\\\[\\s\\S]|(?!{mark})[^\\\\])*(?:{mark}|{unended})"
    if len(quote) > 1:
        return f"{mark}(?:\\\\.|(?!{mark})[^\\\\\\r\\n])*{mark}"
    return f"{mark}(?:\\\\.|[^{mark}\\\\\\r\\n])*(?:{mark}|(?=[\\r\\n]*\\Z))"  # the last one of a file may not end
