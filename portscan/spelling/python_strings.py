"""The source of a Python string: its prefix, its quotes, and what stands between them."""

from __future__ import annotations

import re
from functools import cached_property

from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.spelling.places import touched

OPENING = compiled(r"([A-Za-z]*)(\"\"\"|'''|\"|')")
ESCAPE = compiled(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|.)", re.DOTALL)


@dataclass(frozen=True)
class String:
    """The characters `first:last` of a text, which are `code`."""

    first: int
    last: int
    code: str

    @property
    def prefix(self) -> str:
        """The letters in front of the quotes."""
        return _opening(self.code)[1]

    @property
    def quotes(self) -> str:
        """The quotes, three of them or one."""
        return quotes_of(self.code)

    @property
    def inside(self) -> int:
        """Where the text begins behind the quotes."""
        return self.first + len(self.prefix + self.quotes)

    @cached_property
    def body(self) -> str:
        """What stands between the quotes."""
        return self.code[self.inside - self.first : len(self.code) - len(self.quotes)]

    @property
    def bytes(self) -> bool:
        """Whether these are bytes."""
        return "b" in self.prefix.lower()

    @property
    def raw(self) -> bool:
        """Whether a backslash is no escape."""
        return "r" in self.prefix.lower()

    @cached_property
    def braced(self) -> bool:
        """Whether there are braces, which would mean something else in an f-string."""
        return "{" in self.body or "}" in self.body

    def escaped(self, start: int, end: int) -> bool:
        """Whether some of the characters `start:end` belong to an escape."""
        return not self.raw and touched(ESCAPE, self.body, (0, len(self.body)), start - self.inside, end - self.inside)

    def unsplittable(self, at: int) -> bool:
        """Whether quotes in front of `at` would not end the text there."""
        head = at - self.first
        quoted = len(self.quotes) == 3 and self.inside < at and self.code.endswith(self.quotes[0], 0, head)
        return quoted or (self.raw and self.code.endswith("\\", 0, head))


def quotes_of(code: str) -> str:
    """The quotes with which a string begins."""
    return _opening(code)[2]


def _opening(code: str) -> re.Match[str]:
    match = OPENING.match(code)
    assert match is not None
    return match
