"""Any programming language, by its tokens: the tolerant reader for languages without a parser here, and for broken files.

The language's data gives its `comments`, `blocks` and `strings`. What is in front of a value on its line or in its call
says what it is called, and what it stands in for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portscan.languages import Language
from portscan.languages.prose import comments_of
from portscan.sites import Site, Value
from portscan.text import Text

DIGITS = re.compile(r"\d{2}")
REACH = 60  # tokens in front of a value that are looked at
TRANSPARENT = frozenset(("int", "Integer", "parseInt", "valueOf", "String", "string", "uint16", "u16", "int32", "Some", "ok", "Ok", "to_string", "into", "ToString", "Parse", "strconv", "Atoi", "Int", "static_cast", "Short", "Number"))
ASSIGNING = frozenset(("=", ":=", ":", "=>", "->", "||=", "??=", "==", "!=", "===", "eq"))
OPEN, CLOSE = "([{", ")]}"
PAIRS = dict(zip(CLOSE, OPEN, strict=True))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of source: `kind` is name, number, string, comment or sign."""

    kind: str
    start: int
    end: int
    value: str


@lru_cache(maxsize=64)
def _pattern(comments: tuple[str, ...], blocks: tuple[tuple[str, str], ...], strings: tuple[str, ...]) -> re.Pattern[str]:
    line = "|".join(f"{re.escape(c)}[^\\r\\n]*" for c in comments) or "(?!)"
    block = "|".join(f"{re.escape(a)}[\\s\\S]*?(?:{re.escape(b)}|\\Z)" for a, b in blocks) or "(?!)"
    string = "|".join(_string(q) for q in sorted(strings, key=len, reverse=True))
    return re.compile(
        rf"(?P<comment>{block}|{line})|(?P<string>[$@frbLuR]{{0,2}}(?:{string}))|(?P<name>[$@]?[A-Za-z_][\w$]*[!?]?)"
        rf"|(?P<number>\d[\w.]*)|(?P<sign>:=|=>|->|\|\|=?|\?\?=?|\?:|===?|!==?|&&|::|\r?\n|[^\s\w])"
    )


def _string(quote: str) -> str:
    mark = re.escape(quote)
    if len(quote) > 1 or quote == "`":
        return f"{mark}(?:\\\\[\\s\\S]|(?!{mark})[\\s\\S])*(?:{mark}|\\Z)"
    return f"{mark}(?:\\\\.|[^{mark}\\\\\\r\\n])*{mark}"


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Numbers, strings and comments, with what stands in front of them."""
    del path
    data = language.data
    pattern = _pattern(
        tuple(data.get("comments", ("//",))),
        tuple((a, b) for a, b in data.get("blocks", ())),
        tuple(data.get("strings", ('"', "'"))),
    )
    tokens = [Token(str(m.lastgroup), m.start(), m.end(), m.group()) for m in pattern.finditer(text.value)]
    comments = [text.part(t.start, t.end) for t in tokens if t.kind == "comment" and DIGITS.search(t.value)]
    code = [t for t in tokens if t.kind != "comment"]
    for index, token in enumerate(code):
        if token.kind in ("number", "string") and DIGITS.search(token.value):
            yield from _value(text, code, index)
    yield from comments_of(comments, language)


def _value(text: Text, code: Sequence[Token], index: int) -> Iterator[Site]:
    token = code[index]
    look = _Look(text.value, code, index)
    look.back()
    names = tuple(n for n in look.names if n)
    if token.kind == "number":
        digits = re.fullmatch(r"(\d{1,5})(?:[uUlL]+|_?[ui](?:16|32|64))?", token.value)
        if digits:
            yield Value(text.part(token.start, token.start + len(digits[1])), "number", names, look.call, look.argument, look.left)
        return
    quotes = re.match(r"[$@A-Za-z]{0,2}(\"\"\"|'''|[\"'`])", token.value)
    if quotes:
        end = len(token.value) - len(quotes[1]) if token.value.endswith(quotes[1]) else len(token.value)
        inner = text.part(token.start + quotes.end(), token.start + max(quotes.end(), end))
        inner = inner.unescaped({'"': '"', "'": "'", "\\": "\\"})
        yield Value(inner, "string", names, look.call, look.argument, look.left)


@dataclass(slots=True)
class _Look:
    """Reads backwards from a value."""

    source: str
    code: Sequence[Token]
    index: int
    names: tuple[str, ...] = ()
    left: str = ""
    call: str = ""
    argument: int = -1

    def back(self) -> None:
        """Find the name, the call and the text that this value stands in for."""
        if self.index > 1 and self.code[self.index - 2].value == "define":
            self.names = (self.code[self.index - 1].value,)
            return
        i = self.index - 1
        commas = depth = seen = 0
        newline = False
        while i >= 0 and seen < REACH:
            token, seen = self.code[i], seen + 1
            value = token.value
            if value in CLOSE and depth == 0 and newline and value == "}":
                break
            if value in CLOSE:
                depth += 1
            elif value in OPEN and depth:
                depth -= 1
            elif value == "(":
                if self._opened(i, commas):
                    break
                commas = 0
            elif value == "[":
                if i and self.code[i - 1].kind == "name" and commas == 0 and not self._assigned(i):
                    pass
                commas = 0
            elif value in ("{", ";") or (value == "}" and depth == 0):
                break
            elif depth == 0 and value == ",":
                commas += 1
                if not self.call and not self.names:
                    self._previous(i)
            elif depth == 0 and value in ASSIGNING and not commas and self._name(i):
                if value != ":":
                    break
            newline = newline or value.strip("\r") == "\n"
            if newline and depth == 0 and (self.names or self.call) and self._ends(i):
                break
            i -= 1
        begin = self.code[max(i, 0)].start if self.code else 0
        self.left = self.source[begin : self.code[self.index].start]

    def _ends(self, i: int) -> bool:
        """Whether the line break at `i` ends a statement: what follows does not go on with a dot or an operator."""
        following = self.code[i + 1].value if i + 1 < len(self.code) else ""
        return following not in (".", "||", "??", "?:", "->", "|", "&&")

    def _opened(self, i: int, commas: int) -> bool:
        """The value is an argument of what stands in front of the bracket at `i`; True when that is no mere wrapper."""
        first = i
        while first > 0 and (self.code[first - 1].kind == "name" or self.code[first - 1].value in (".", "::", "->", "&", "new", ")")):
            if self.code[first - 1].value == ")":
                first = self._matching(first - 1)
                continue
            first -= 1
        callee = self.source[self.code[first].start : self.code[i].start].strip()
        if not callee:
            if not self.call:
                self.call, self.argument = "tuple", commas
            return False
        last = re.split(r"\W+", callee)[-1]
        if last in TRANSPARENT or re.search(r"(?:unwrap_or\w*|orElse\w*|getOrDefault|or_else|OrDefault|default_value|if_nil)$", callee):
            return False
        if self.call == "tuple":
            self.call = f"{callee}(tuple"
        elif not self.call:
            self.call, self.argument = callee, commas
        return True

    def _matching(self, i: int) -> int:
        depth = 0
        for j in range(i, max(i - REACH, -1), -1):
            if self.code[j].value in CLOSE:
                depth += 1
            elif self.code[j].value in OPEN:
                depth -= 1
                if depth == 0:
                    return j
        return i

    def _assigned(self, i: int) -> bool:
        return any(self.code[j].value in ASSIGNING for j in range(max(i - 2, 0), i))

    def _previous(self, i: int) -> None:
        """`put("port", 8080)`: the string in front of the comma is the name."""
        before = self.code[i - 1] if i else None
        symbol = i > 1 and before is not None and before.kind == "name" and self.code[i - 2].value == ":"
        if before is not None and (before.kind == "string" or symbol):
            self.names = (before.value.strip("\"'`"),)

    def _name(self, i: int) -> bool:
        """The name on the left of the sign at `i`; a type between them is passed over (`port: u16 = 8080`)."""
        j = i - 1
        if j >= 0 and self.code[j].value == "]":
            j = self._matching(j) + 1
            inner = self.code[j]
            if inner.kind == "string":
                self.names = (inner.value.strip("\"'`"),)
                return True
        if j < 0 or self.code[j].kind not in ("name", "string"):
            return False
        found = self.code[j].value.strip("\"'`?!")
        if j >= 2 and self.code[j - 1].value == ":" and self.code[i].value == "=" and self.code[j - 2].kind == "name":
            found = self.code[j - 2].value
        elif j >= 1 and self.code[i].value == "=" and self.code[j - 1].kind == "name" and found in ("int", "uint16", "uint", "string", "int32"):
            found = self.code[j - 1].value
        self.names = (*((found,)), *self.names) if self.names else (found,)
        return True


