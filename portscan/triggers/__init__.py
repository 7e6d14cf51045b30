"""What a text in a language must hold for any rule to find a port in it; `triggers.pieces` works it out from the rules."""

from __future__ import annotations

from portscan.expressions import EXPRESSIONS, compiled

TYPE_CHECKING = False  # `typing` is loaded by nobody who only searches
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeAlias

    Words: TypeAlias = Sequence[tuple[Sequence[str], Sequence[str]]]

# A text that may be a key: no prefix of a string, nor a word between two of them
KEY, ASCII = r"([\"'`])(?!(?:instanceof|satisfies)\\*\1)\w[\w .-]+\w(\\*)\1", 256  # as in `re`
LONGEST_KEY = 60
# A name, and what may stand in front of one that is no part of an address.
NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
APART = frozenset(" \t\n\r\"'`,;:[{=?|&<#")
START, OTHER = "\0", "\1"  # in `front`: no character at all; any that is not ASCII


class Triggers:
    """What one must be found of, beside `digits`: patterns, or words; `every` when nothing is certain.

    The cores that words have in common, of which one is there with any of them, are sought before they are; `folded` words
    in the text in lower case.
    `address` is a colon and a digit, wherever that may be one; where it is `keyed`, not behind a key between quotes, and
    where it is `lone`, not one digit behind a name.
    """

    __slots__ = ("address", "digits", "every", "folded", "keyed", "lone", "patterns", "words")

    def __init__(
        self,
        digits: str = "[1-9]",
        address: str = "(?!)",
        keyed: bool = False,
        lone: bool = False,
        patterns: Sequence[str] = (),
        words: Words = (),
        folded: Words = (),
        every: bool = False,
    ) -> None:
        self.digits = digits
        self.address = address
        self.keyed = keyed
        self.lone = lone
        self.patterns = patterns
        self.words = words
        self.folded = folded
        self.every = every

    def found_in(self, text: str) -> bool:
        """Whether `text` may hold a port."""
        if not compiled(self.digits).search(text):
            return False
        if self.every or self._any_address(text) or _any_of(self.patterns, text):
            return True
        return _any_word(self.words, text) or _any_word(self.folded, text.lower())

    def _any_address(self, text: str) -> bool:
        """Whether there is an address that is no `"total":100` and no `step:1` where these are passed over."""
        quotes = Quotes(text)
        for match in compiled(self.address).finditer(text):
            at = match.start()
            if not (self.lone and alone(text, at)) and not (self.keyed and quotes.key_before(at)):
                return True
        return False


def compile_triggers(plain: Mapping[str, Any] | None) -> Triggers:
    """Triggers from their plain form; those that let everything through when there is none."""
    return Triggers(every=True) if plain is None else Triggers(**plain)


def front(text: str, at: int) -> str:
    """The two characters in front of `at` in `text`, as `heads` has them."""
    found = text[at - 2 : at] if at > 1 else f"{START}{START}{text[:at]}"[-2:]
    return found if found.isascii() else "".join(c if c.isascii() else OTHER for c in found)


def alone(text: str, at: int) -> bool:
    """Whether one digit stands behind the colon at `at`, and in front of it a name that nothing but a text begins with."""
    if text[at + 2 : at + 3].isdigit():
        return False
    begin = at
    while begin and text[begin - 1] in NAME:
        begin -= 1
    return not begin or text[begin - 1] in APART


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


def _any_word(words: Words, text: str) -> bool:
    for cores, found in words:
        for core in cores:
            if core in text:
                if _any_of(found, text):
                    return True
                break
    return False
