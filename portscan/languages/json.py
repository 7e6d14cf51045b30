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
from portscan.records import dataclass, field
from portscan.sites import NAMING, Form, Items, Site, Value
from portscan.text import Text

# A member of an object that names nothing, whose key is neither number nor address and whose value holds no two digits in a row:
# most are so.
IDLE = compiled(
    rf"\s*\"(?!(?:{'|'.join(sorted(NAMING))}|\d+)\")[^\":\\\r\n]*(?::(?!\d\d)[^\":\\\r\n]*)*\"\s*:\s*"
    r"(?P<value>\"[^\"\\\d\r\n]*(?:\d(?!\d)[^\"\\\d\r\n]*)*\"|true|false|null|-?\d(?:\.\d)?(?=[\s,]))\s*,"
)
# Any other member whose key and value are written plainly.
MEMBER = compiled(
    r"\s*(?P<token>\"(?P<key>[^\"\\\r\n]*)\")\s*:\s*"
    r"(?P<value>\"[^\"\\\r\n]*(?:\\.[^\"\\\r\n]*)*\"|[^\s{}\[\]:,\"'/]+)\s*(?:(?P<more>,)|(?=\}))"
)
# The beginning of an object or a list whose key is written plainly.
OPENING = compiled(r"\s*(?P<token>\"(?P<key>[^\"\\\r\n]*)\")\s*:\s*(?P<opens>[{\[])")
DIGITS = compiled("[0-9][0-9]")
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
    walk = _Walk(text, str(dialect(language.data.get("formats", ()), path, text.value).get("dialect", "")))
    while match := walk.next():
        walk.token(match)
    yield from walk.found
    yield from comments_of(walk.comments, language)


@dataclass(slots=True)
class _Walk:
    """One pass over the tokens. `last` is the latest that is a key or a value, `found` are the sites.

    `opened` are quotes of strings that do not end, and how far none of their kind ends one.
    """

    text: Text
    dialect: str
    position: int = 0
    last: str = ""
    levels: list[Place] = field(default_factory=list)
    opened: list[tuple[int, str]] = field(default_factory=list)
    comments: list[Text] = field(default_factory=list)
    found: list[Site] = field(default_factory=list)

    def next(self) -> re.Match[str] | None:
        """The next token."""
        opened = self.opened
        while True:
            barred = "".join([quote for _, quote in opened]) if opened else ""
            match = _tokens(barred).search(self.text.value, self.position)
            if match is None or (opened and match.start() >= opened[-1][0]):
                if not opened:
                    return None
                opened.pop()
            elif match.lastgroup is None:
                self.position = match.end()
                return match
            else:
                opened.append((match.end(match.lastgroup), match.group()))
                self.position = match.end()

    def token(self, match: re.Match[str]) -> None:
        token = match.group()
        in_mapping = bool(self.levels) and self.levels[-1].mapping
        if token[0] == "/":
            self.comments.append(self.text.part(*match.span()))
        elif token in "{[":
            self.levels.append(begun(token == "{"))
            if token == "{":
                self.members(self.levels[-1])
        elif token in "}]":
            self.close()
        elif token == ",":
            if in_mapping:
                self.members(self.levels[-1])
        elif token != ":":
            self.last = token
            self.scalar(token, match.start())
        elif in_mapping:  # where a quote is missing, the colon tells which text is the key
            self.levels[-1].key = self.last.strip("\"'")

    def members(self, level: Place) -> None:
        """Pass over the members that say nothing, and read those that are written plainly, without their tokens."""
        source, position = self.text.value, self.position
        level.key = None
        while True:
            while idle := IDLE.match(source, position):
                position, self.last = idle.end(), idle["value"]
            member = None if self.opened else MEMBER.match(source, position)
            if member is None:
                opening = None if self.opened else OPENING.match(source, position)
                if opening is None:
                    break
                position, level = opening.end(), self.opening(level, opening)
                if level.mapping:
                    continue
                break
            position = member.end()
            self.member(level, member)
            if member["more"] is None:
                break
            level.key = None
        self.position = position

    def member(self, level: Place, member: re.Match[str]) -> None:
        key, value = member.group("key", "value")
        level.key = key
        self.key(key, member["token"], member.start("token"))
        level.key = key.strip("\"'")
        self.last = value
        self.value(level, value, member.start("value"))

    def opening(self, level: Place, opening: re.Match[str]) -> Place:
        """The object or list that begins under a key."""
        level.key = key = opening["key"]
        self.last = opening["token"]
        self.key(key, self.last, opening.start("token"))
        level.key = key.strip("\"'")
        self.levels.append(begun(opening["opens"] == "{"))
        return self.levels[-1]

    def close(self) -> None:
        level: Place = self.levels.pop() if self.levels else Level(True)
        if any(DIGIT.search(token) for token, _ in level.words):
            words = tuple(self.part(token, start) for token, start in level.words)
            self.found.append(Items(words, names(self.levels), dialect=self.dialect))

    def scalar(self, token: str, start: int) -> None:
        """Note a key or a value, and its site if it is one."""
        level: Place = self.levels[-1] if self.levels else Level(True, "")
        if not level.mapping:
            level.words.append((token, start))
        elif level.key is None:
            level.key = _plain(token)
            self.key(level.key, token, start)
        else:
            self.value(level, token, start)

    def key(self, key: str, token: str, start: int) -> None:
        """Note a key that is a number or an address."""
        if key.isdigit():
            self.found.append(Value(self.part(token, start), "word", (*names(self.levels)[:-1], "{key}"), dialect=self.dialect))
        elif ":" in key and ADDRESS.search(token):
            self.found.append(Value(self.part(token, start), "string", names(self.levels)[:-1], dialect=self.dialect))

    def value(self, level: Place, token: str, start: int) -> None:
        """Note a value. Most hold no digits, and of these only the names of objects are looked at."""
        if level.key in NAMING:
            level.called = _plain(token)
        if DIGITS.search(token):
            form: Form = "string" if token[0] in "\"'" else "number"
            self.found.append(Value(self.part(token, start), form, names(self.levels), dialect=self.dialect))

    def part(self, token: str, start: int) -> Text:
        """The characters of a key or a value, without quotes and escapes."""
        if token[0] in "\"'":
            return self.text.part(start + 1, start + len(token) - 1).unescaped(ESCAPES)
        return self.text.part(start, start + len(token))


def _plain(token: str) -> str:
    """A key or a value without quotes and escapes."""
    if token[0] not in "\"'":
        return token
    return ESCAPED.sub(r"\1", token[1:-1]) if "\\" in token else token[1:-1]
