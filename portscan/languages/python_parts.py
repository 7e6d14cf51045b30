"""Where a Python file can be cut: into statements that say the same by themselves as they do in their file.

Those are the statements of the file and of its classes, and those of a function, but for what it returns, which goes by its
name. Where the cutting is in doubt, because strings or brackets do not end where they should, a text stays in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from portscan.expressions import compiled
from portscan.languages.marks import endless
from portscan.languages.tokens import matches
from portscan.records import dataclass
from portscan.text import Text

PREFIX = "[A-Za-z]{0,2}"
TRIPLE = PREFIX + r"(?:\"{3}(?:\\.|[^\\])*?(?:\"{3}|(?P<open>\Z))|'{3}(?:\\.|[^\\])*?(?:'{3}|\Z))"
# With one of these each token begins that counts here; to look for a prefix at each letter would take most of the time.
BEGINNING = r"(?=[\"'#()\[\]{}\\\r\n])"
PREFIXED = compiled(rf"{PREFIX}\Z")
INDENT = compiled(r"[ \t\f]*")
WORD = compiled(r"\w+|@")
GOING_ON = frozenset(("else", "elif", "except", "finally"))
OPENING = frozenset("([{")
# What begins a line that is none without others, or may be.
DEPENDENT = compiled(rf"\s*(?:@|(?:try|{'|'.join(sorted(GOING_ON))})\b|(?:match|case)\b(?!\s*=))")
DIGIT, RETURN, FUNCTION = compiled("[1-9]"), compiled(r"\breturn\b"), compiled(r"\bdef\b([^(\[:]*)")


class _InDoubt(Exception):
    """Strings or brackets are not where they should be."""


@lru_cache(maxsize=8)
def _tokens(barred: str) -> re.Pattern[str]:
    """What a quote and a bracket mean depends on the strings around them; `barred` are quotes that open none."""
    rest = r"\#[^\r\n]*|(?P<bracket>[()\[\]{}])|\\\r?\n|(?P<end>\r\n?|\n)"
    strings = f"{TRIPLE}|{plain_strings(barred)}".replace(PREFIX, "")
    return re.compile(f"{BEGINNING}(?:(?P<string>{strings})|{endless_quotes(barred)}|{rest})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Line:
    """A logical line: where it begins, how deep it stands, and its first word."""

    start: int
    depth: int
    word: str


def plain_strings(barred: str) -> str:
    """A string on one line, in one of the quotes that are not `barred`."""
    return "|".join(rf"{PREFIX}{q}(?:\\.|[^{q}\\\n])*{q}" for q in "\"'" if q not in barred) or "(?!)"


def endless_quotes(barred: str) -> str:
    """A quote that opens a string which does not end."""
    return "|".join(endless(q) for q in "\"'" if q not in barred) or "(?!)"


def parts(text: Text) -> Iterator[Text]:
    """The pieces of `text` that can be read by themselves, in order; together they are all of it."""
    return _pieces(text, _cuts(text.value))


def smaller(text: Text) -> Sequence[Text]:
    """What is read by itself where a parser refuses a text: its parts, or the statements of a part."""
    found = tuple(parts(text))
    return found if len(found) > 1 else tuple(_statements(text))


def portions(text: Text, worth: Callable[[str], bool]) -> Iterator[Text]:
    """The statements of a text that are worth reading; all of a part where what its functions return may be worth it."""
    for part in parts(text):
        if worth(part.value):
            every = tuple(_statements(part))
            chosen = [each for each in every if DIGIT.search(each.value) and worth(each.value)]
            whole = any(DEPENDENT.match(each.value) for each in chosen) or worth(_returned(each.value for each in every))
            yield from (part,) if whole else chosen


def _statements(text: Text) -> Iterator[Text]:
    """All of `text`, in order: simple statements, and the lines that begin compound ones."""
    return _pieces(text, (line.start for line in _lines(text.value) if line.start))


def _returned(statements: Iterable[str]) -> str:
    """What the functions among some statements return, under their names."""
    found = []
    for each in statements:
        found += [f"def {name}():\n" for name in FUNCTION.findall(each)]
        if RETURN.search(each):
            found.append(each)
    return "".join(found)


def _pieces(text: Text, cuts: Iterable[int]) -> Iterator[Text]:
    """A text, cut at some places; whole where these are in doubt."""
    try:
        starts = list(cuts)
    except _InDoubt:
        starts = []
    for start, end in zip([0, *starts], [*starts, len(text.value)], strict=True):
        if start < end:
            yield text.part(start, end)


def _cuts(source: str) -> Iterator[int]:
    """Where parts begin, but for the first one."""
    inside: int | None = None  # the depth of a statement to which everything deeper belongs
    decorated = False
    for line in _lines(source):
        if inside is not None and (line.depth > inside or (line.depth == inside and line.word in GOING_ON)):
            continue
        if not decorated and line.start:
            yield line.start
        decorated = line.word == "@"
        inside = None if decorated or line.word == "class" else line.depth


def _lines(source: str) -> Iterator[_Line]:
    """The logical lines that hold a statement, or raise when that cannot be told."""
    blanks = {indent[:1] for indent in re.findall(r"^[ \t]+(?=[^\s#])", source, re.MULTILINE)}
    if len(blanks) > 1:
        raise _InDoubt
    for start in _line_starts(source):
        indent = INDENT.match(source, start)
        at = indent.end() if indent else start
        if source[at : at + 1] not in ("", "\n", "\r", "#", "\\"):
            word = WORD.match(source, at)
            yield _Line(start, at - start, word.group() if word else "")


def _line_starts(source: str) -> Iterator[int]:
    depth = 0
    yield 0
    for token in matches(_tokens, source):
        kind = token.lastgroup
        if kind == "end":
            if not depth:
                yield token.end()
        elif kind == "bracket":
            depth += 1 if token.group() in OPENING else -1
            if depth < 0:
                raise _InDoubt
        elif kind == "string":
            prefix = PREFIXED.search(source, max(token.start() - 2, 0), token.start())
            _check((prefix.group() if prefix else "") + token.group())
    if depth:
        raise _InDoubt


def _check(string: str) -> None:
    """In newer Python a quote inside the braces of a formatted string need not end it."""
    head = string[: string.index(string[-1])].lower()
    if ("f" in head or "t" in head) and string.count("{") != string.count("}"):
        raise _InDoubt
