"""What a text in a language must hold for any rule to find a port in it; `triggers.pieces` works it out from the rules."""

from __future__ import annotations

from portscan.expressions import EXPRESSIONS, compiled

TYPE_CHECKING = False  # `typing` is loaded by nobody who only searches
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeAlias

    Begun: TypeAlias = Sequence[tuple[str, str]]
    Words: TypeAlias = Sequence[tuple[str, Begun, Begun]]

DIGIT = "[1-9]"  # what every port begins with
# A text that may be a key: no prefix of a string, nor a word between two of them
KEY, ASCII = r"([\"'`])(?!(?:instanceof|satisfies)\\*\1)\w[\w .-]+\w(\\*)\1", 256  # as in `re`
LONGEST_KEY = 60
# A name, and what may stand in front of one that is no part of an address.
NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
APART = frozenset(" \t\n\r\"'`,;:[{=?|&<#")
START, OTHER = "\0", "\1"  # in `front`: no character at all; any that is not ASCII


# Bytes of a text: digits, line ends, and all others. The signs of two letters that become ASCII in lower case.
MARKS = bytes(48 if 48 <= byte <= 57 else 10 if byte == 10 else 0 for byte in range(256))
BECOMING_ASCII = (b"\xe2\x84\xaa", b"\xc4\xb0")
# A list of words is sought by the flags in it: hardly any text has one, and commas and brackets are everywhere.
DASH = r"""-(?<=["'`]-)-?[A-Za-z]"""


class Triggers:
    """What one must be found of, beside `digits`: patterns, or words; `every` when nothing is certain.

    What is `lined` is sought in the lines with digits alone, and lists of words (`listed`) where there is a flag. Of `words`
    there is what they have in common, in lower case, with the patterns that are sought where that is, and those for the text
    in lower case.
    `address` is a colon and a digit, wherever that may be one; where it is `keyed`, not behind a key between quotes, where it is
    `lone`, not one digit behind a name, and where it is `pathed`, nor behind the last name of a path.
    """

    __slots__ = ("address", "digits", "every", "keyed", "lined", "listed", "lone", "pathed", "patterns", "words")

    def __init__(
        self,
        digits: str = DIGIT,
        address: str = "(?!)",
        keyed: bool = False,
        lone: bool = False,
        pathed: bool = False,
        lined: Sequence[str] = (),
        patterns: Sequence[str] = (),
        listed: Sequence[str] = (),
        words: Words = (),
        every: bool = False,
    ) -> None:
        self.digits = digits
        self.address = address
        self.keyed = keyed
        self.lone = lone
        self.pathed = pathed
        self.lined = lined
        self.patterns = patterns
        self.listed = listed
        self.words = words
        self.every = every

    def found_in(self, text: str) -> bool:
        """Whether `text` may hold a port."""
        if self.every and self.digits == DIGIT:
            return compiled(DIGIT).search(text) is not None
        data = encoded(text)
        lines = numbered(text, data)
        if not compiled(self.digits).search(lines):
            return False
        if self.every or self.any_address(lines) or _any_of(self.lined, lines) or _any_of(self.patterns, text):
            return True
        listed = self.listed and compiled(DASH).search(text) and _any_of(self.listed, text)
        return bool(listed) or self._any_word(text, lowered(text, data))

    def _any_word(self, text: str, low: bytes) -> bool:
        small = ""
        for core, patterns, folded in self.words:
            if core.encode() not in low:
                continue
            if _any_begun(patterns, text):
                return True
            small = small or (low.decode("utf-8", "surrogatepass") if folded else "")
            if folded and _any_begun(folded, small):
                return True
        return False

    def any_address(self, text: str) -> bool:
        """Whether there is an address that is no `"total":100` and no `step:1` where these are passed over."""
        quotes = Quotes(text)
        for match in compiled(self.address).finditer(text):
            at = match.start()
            if not (self.lone and alone(text, at, self.pathed)) and not (self.keyed and quotes.key_before(at)):
                return True
        return False


def compile_triggers(plain: Mapping[str, Any] | None) -> Triggers:
    """Triggers from their plain form; those that let everything through when there is none."""
    return Triggers(every=True) if plain is None else Triggers(**plain)


def encoded(text: str) -> bytes:
    """The bytes of a text, in which most is sought faster."""
    return text.encode("utf-8", "surrogatepass")


def numbered(text: str, data: bytes) -> str:
    """The lines of `text` with digits in them, each whole; `data` are its bytes. What is in front of the first is a line end."""
    marks = data.translate(MARKS)
    spans: list[tuple[int, int]] = []
    at, end = marks.find(b"0"), 0
    while at >= 0:
        begin = marks.rfind(b"\n", end, at) + 1 or end
        end = marks.find(b"\n", at) + 1 or len(marks)
        spans.append((begin, end))
        at = marks.find(b"0", end)
    before = "\n" if spans and spans[0][0] else ""
    if len(data) == len(text):
        return before + "".join([text[begin:end] for begin, end in spans])
    return before + b"".join([data[begin:end] for begin, end in spans]).decode("utf-8", "surrogatepass")


def lowered(text: str, data: bytes) -> bytes:
    """The bytes of `text` with its ASCII letters in lower case, and what becomes ASCII by that."""
    beyond = len(data) != len(text) and any(sign in data for sign in BECOMING_ASCII)
    return encoded(text.lower()) if beyond else data.lower()


def front(text: str, at: int) -> str:
    """The two characters in front of `at` in `text`, as `heads` has them."""
    found = text[at - 2 : at] if at > 1 else f"{START}{START}{text[:at]}"[-2:]
    return found if found.isascii() else "".join(c if c.isascii() else OTHER for c in found)


def alone(text: str, at: int, pathed: bool) -> bool:
    """Whether one digit stands behind the colon at `at`, and in front of it a name that begins a text, or ends a path."""
    if text[at + 2 : at + 3].isdigit():
        return False
    begin = at
    while begin and text[begin - 1] in NAME:
        begin -= 1
    return not begin or text[begin - 1] in APART or (pathed and begin > 1 and text[begin - 1] == "/" and text[begin - 2] in NAME)


class Quotes:
    """The quotes of a text, counted line by line: behind an even number of them one opens."""

    __slots__ = ("counted", "line", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 0
        self.counted: dict[str, tuple[int, int]] = {}

    def key_before(self, at: int) -> bool:
        """Whether a text between quotes that is a name ends at `at`. It is asked from the beginning to the end."""
        mark = self.text[at - 1 : at]
        if not mark or mark not in "\"'`":
            return False
        begin = self.text.rfind(mark, max(at - LONGEST_KEY, 0), at - 1)
        found = compiled(KEY, ASCII).fullmatch(self.text, begin, at) if begin >= 0 else None
        first = begin - len(found[2]) if found else -1
        if found is None or first < 0 or self.text[first:begin] != found[2] or self.text[first - 1 : first] == "\\":
            return False
        return not self._number(found[2] + mark, first) % 2

    def _number(self, mark: str, begin: int) -> int:
        """How many `mark` there are in front of `begin` on its line; one with a further backslash is another."""
        newline = self.text.rfind("\n", max(self.line, *(at for at, _ in self.counted.values()), 0), begin)
        if newline >= 0:
            self.line, self.counted = newline, {}
        reached, number = self.counted.get(mark, (self.line, 0))
        number += self.text.count(mark, reached, begin) - self.text.count(f"\\{mark}", reached, begin)
        self.counted[mark] = begin, number
        return number


def _any_of(patterns: Sequence[str], text: str) -> bool:
    return any(EXPRESSIONS[pattern, 0].search(text) for pattern in patterns)


def _any_begun(patterns: Begun, text: str) -> bool:
    """Whether one of the patterns is found, from where its beginning is; that is sought faster than a pattern."""
    for head, pattern in patterns:
        at = text.find(head)
        if at >= 0 and EXPRESSIONS[pattern, 0].search(text, at):
            return True
    return False
