"""Any programming language, by its tokens: the tolerant reader for languages without a parser here, and for broken files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import comments_of, lines
from portscan.languages.surroundings import surroundings
from portscan.languages.tokens import Code, Token, tokens_of
from portscan.sites import Embedded, Site, Value
from portscan.text import Text, placed

DIGITS = compiled(r"\d{2}")
NUMBER = compiled(r"(\d{1,5})(?:[uUlL]+|_?[ui](?:16|32|64))?")
QUOTE = compiled(r"[$@A-Za-z]{0,2}(\"\"\"|'''|[\"'`])")
FOUR_NUMBERS, HIGHEST_OCTET = "0,0,0,0", 255  # an address of the Internet, version 4
ARITHMETIC = frozenset("+-*/%")
JOINING = frozenset(("+", ".", "<>", "..", "<<", "~", "&"))
ESCAPES = {'"': '"', "'": "'", "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "/": "/"}
TAGS = compiled(r"\s*(?:[\w-]+:\"[^\"]*\"\s*)+")
TAG = compiled(r"(?<![\w-])([\w-]+):\"([^\"]*)\"")
DEFAULT = compiled(r"(?<!\w)default=([^\",]+)")
SCRIPT = compiled(r"<<[-~]?[ \t]*[\"']?\w*(?:SHELL|BASH|SCRIPT|SH|EOF|EOT)\w*")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Numbers, strings and comments, with what stands in front of them."""
    del path
    code = tokens_of(text.value, language.data)
    prose = [text.part(t.start, t.end) for t in code.comments if DIGITS.search(t.value)]
    documenting = frozenset(language.data.get("docs", ()))
    for index, token in enumerate(code.tokens):
        if token.kind not in ("number", "string", "heredoc") or not DIGITS.search(token.value):
            continue
        if index and code.tokens[index - 1].value in documenting:
            prose.append(text.part(token.start, token.end))
        elif token.kind == "number":
            yield from _number(text, code, index, language.digit_separator)
        elif token.kind == "string":
            yield from _string(text, code, index, language.data)
        else:
            yield from _heredoc(text.part(token.start, token.end))
    yield from comments_of(prose, language)


def _number(text: Text, code: Code, index: int, separator: str) -> Iterator[Site]:
    token = code.tokens[index]
    whole = text.part(token.start, token.end).without(separator)
    digits = NUMBER.fullmatch(whole.value)
    if digits is None:
        return
    part = whole.part(0, len(digits[1]))
    joined = _joined(text, code, index)
    if joined is not None:
        yield Value(_chain(joined, part), "string")
        return
    calculated = index > 1 and code.tokens[index - 1].value in ARITHMETIC and _operand(code.tokens[index - 2])
    if calculated or _of_an_address(code, index):
        return
    found = surroundings(code, index)
    yield Value(part, "number", found.path, found.call, found.argument, found.left)


def _operand(token: Token) -> bool:
    """Whether `token` ends a value, so that the sign behind it calculates: `port + 10`."""
    return token.kind in ("number", "name") or token.value in (")", "]")


def _of_an_address(code: Code, index: int) -> bool:
    """Whether brackets hold four numbers, of which this is one, and none is above 255: `{127, 0, 0, 1}`."""
    opener = code.opener[index]
    if opener < 0 or code.partner.get(opener) != opener + len(FOUR_NUMBERS) + 1:  # of a long list nothing is looked at
        return False
    inside = code.tokens[opener + 1 : opener + 1 + len(FOUR_NUMBERS)]
    return all(_octet(token) if kind == "0" else token.value == kind for token, kind in zip(inside, FOUR_NUMBERS, strict=True))


def _octet(token: Token) -> bool:
    return token.value.isdecimal() and len(token.value) <= 3 and int(token.value) <= HIGHEST_OCTET


def _joined(text: Text, code: Code, index: int) -> Text | None:
    """`"http://localhost:" + 8080`: the text that the number is joined to."""
    if index < 2 or code.tokens[index - 1].value not in JOINING or code.tokens[index - 2].kind != "string":
        return None
    inner = _inner(text, code.tokens[index - 2])
    return inner if inner is not None and inner.value.endswith(":") else None


def _chain(first: Text, second: Text) -> Text:
    """Two texts read as one; every character keeps its place."""
    places = (text.at(index) for text in (first, second) for index in range(len(text.value)))
    return Text(first.value + second.value, 0, placed(places))


def _inner(text: Text, token: Token, raw: frozenset[str] = frozenset()) -> Text | None:
    """What stands between the quotes of a string, its escapes read."""
    if token.value[:1] in raw:
        return text.part(token.start + 1, max(token.start + 1, token.end - token.value.endswith(token.value[0])))
    quote = QUOTE.match(token.value)
    if quote is None:
        return text.part(token.start, token.end)
    end = token.end - len(quote[1]) if token.value.endswith(quote[1]) else token.end
    return text.part(token.start + quote.end(), max(token.start + quote.end(), end)).unescaped(ESCAPES)


def _string(text: Text, code: Code, index: int, data: Mapping[str, Any]) -> Iterator[Site]:
    token = code.tokens[index]
    raw = frozenset(s[0] for s in data.get("strings", ()) if not isinstance(s, str) and len(s[0]) == 1)
    inner = _inner(text, token, raw)
    if inner is None:
        return
    if data.get("tags") and token.value[0] in raw and TAGS.fullmatch(inner.value):
        yield from _tags(inner, code.tokens[code.segment[index]].value)
        return
    found = surroundings(code, index)
    yield Value(inner, "string", found.path, found.call, found.argument, found.left)


def _tags(inner: Text, field: str) -> Iterator[Site]:
    """The tags of a struct field: `Port int `env:"PORT" envDefault:"8080"``, `Port int `env:"PORT, default=8080"``."""
    for match in TAG.finditer(inner.value):
        among = DEFAULT.search(inner.value, *match.span(2))
        if "efault" in match[1] or among:
            yield Value(inner.part(*(among.span(1) if among else match.span(2))), "string", (field,), left=inner.value)


def _heredoc(text: Text) -> Iterator[Site]:
    """A here-document, line by line; the rest of the line that opens it is code, and holds no port in practice."""
    head = text.value.index("\n") + 1
    body = text.part(head, len(text.value))
    if SCRIPT.match(text.value):
        yield Embedded("shell", body)
    for line in lines(body):
        yield Value(line, "string")
