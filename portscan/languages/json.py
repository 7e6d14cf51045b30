"""JSON, with or without comments and trailing commas, by its tokens: key paths, and the exact place of each value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.keyed import ADDRESS, Level, begun, names
from portscan.languages.marks import endless
from portscan.languages.prose import comments_of
from portscan.languages.yaml import dialect
from portscan.sites import NAMING, Form, Items, Site, Value
from portscan.text import Text

# A member of an object that names nothing, whose key is neither number nor address and whose value holds no two digits in a row:
# most are so.
IDLE = compiled(
    rf"\s*\"(?!(?:{'|'.join(sorted(NAMING))}|\d+)\")[^\":\\\r\n]*(?::(?!\d\d)[^\":\\\r\n]*)*\"\s*:\s*"
    r"(?P<value>\"[^\"\\\d\r\n]*(?:\d(?!\d)[^\"\\\d\r\n]*)*\"|true|false|null|-?\d(?:\.\d)?(?=[\s,]))\s*,"
)
DIGITS = compiled(r"\d{2}")
DIGIT = compiled(r"\d")
ESCAPED = compiled(r"\\([\"\\/])")
ESCAPES = {'"': '"', "\\": "\\", "/": "/"}


@lru_cache(maxsize=8)
def _tokens(barred: str) -> re.Pattern[str]:
    """The tokens, and the quotes that open no string; those in `barred` are passed over."""
    quotes = [quote for quote in "\"'" if quote not in barred]
    strings = "".join(rf"|{q}(?:\\.|[^{q}\\\r\n])*{q}|{endless(q)}" for q in quotes)
    return re.compile(rf"//[^\r\n]*|/\*[\s\S]*?(?:\*/|\Z){strings}|[{{}}\[\]:,]|[^\s{{}}\[\]:,\"'/]+")


Place: TypeAlias = Level[tuple[str, int]]  # its words are tokens, each with its place


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """The keys that are digits, the values and the comments of a JSON file."""
    format_ = str(dialect(language.data.get("formats", ()), path, text.value).get("dialect", ""))
    levels: list[Place] = []
    comments = []
    last = ""
    position = 0
    opened: list[tuple[int, str]] = []
    while match := _next(text.value, position, opened):
        token, position = match.group(), match.end()
        if token[0] == "/":
            comments.append(text.part(*match.span()))
        elif token in "{[":
            levels.append(begun(token == "{"))
            position, last = _busy(text.value, position, last) if token == "{" else (position, last)
        elif token in "}]":
            yield from _close(text, levels, format_)
        elif token == ",":
            if levels and levels[-1].mapping:
                levels[-1].key = None
                position, last = _busy(text.value, position, last)
        elif token != ":":
            last = token
            site = _scalar(token, match.start(), text, levels, format_)
            if site is not None:
                yield site
        elif levels and levels[-1].mapping:  # where a quote is missing, the colon tells which text is the key
            levels[-1].key = last.strip("\"'")
    yield from comments_of(comments, language)


def _next(source: str, position: int, opened: list[tuple[int, str]]) -> re.Match[str] | None:
    """The next token. `opened` are quotes of strings that do not end, and how far none of their kind ends one."""
    while True:
        barred = "".join([quote for _, quote in opened]) if opened else ""
        match = _tokens(barred).search(source, position)
        if match is None or (opened and match.start() >= opened[-1][0]):
            if not opened:
                return None
            opened.pop()
        elif match.lastgroup is None:
            return match
        else:
            opened.append((match.end(match.lastgroup), match.group()))
            position = match.end()


def _busy(source: str, position: int, last: str) -> tuple[int, str]:
    """Where the first member begins, from `position` on, that may say something, and the last value in front of it."""
    while idle := IDLE.match(source, position):
        position, last = idle.end(), idle["value"]
    return position, last


def _close(text: Text, levels: list[Place], format_: str) -> Iterator[Site]:
    level: Place = levels.pop() if levels else Level(True)
    if any(DIGIT.search(token) for token, _ in level.words):
        yield Items(tuple(_value(token, start, text) for token, start in level.words), names(levels), dialect=format_)


def _scalar(token: str, start: int, text: Text, levels: list[Place], format_: str) -> Site | None:
    """The site at a key or a value, if it is one. Most hold no digits, and of these only the words are looked at."""
    level: Place = levels[-1] if levels else Level(True, "")
    if not level.mapping:
        level.words.append((token, start))
    elif level.key is None:
        level.key = _plain(token)
        if level.key.isdigit():
            return Value(_value(token, start, text), "word", (*names(levels)[:-1], "{key}"), dialect=format_)
        if ADDRESS.search(token):
            return Value(_value(token, start, text), "string", names(levels)[:-1], dialect=format_)
    else:
        if level.key in NAMING:
            level.called = _plain(token)
        if DIGITS.search(token):
            form: Form = "string" if token[0] in "\"'" else "number"
            return Value(_value(token, start, text), form, names(levels), dialect=format_)
    return None


def _plain(token: str) -> str:
    """A key or a value without quotes and escapes."""
    if token[0] not in "\"'":
        return token
    return ESCAPED.sub(r"\1", token[1:-1]) if "\\" in token else token[1:-1]


def _value(token: str, start: int, text: Text) -> Text:
    """The characters of a key or a value, without quotes and escapes."""
    if token[0] in "\"'":
        return text.part(start + 1, start + len(token) - 1).unescaped(ESCAPES)
    return text.part(start, start + len(token))
