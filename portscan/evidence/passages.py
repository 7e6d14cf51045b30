"""The passage of prose in which a number stands: a table row, a list item, a sentence, or a line of what a fence shows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.records import dataclass
from portscan.source import Source

# Where a paragraph cannot go on from the line before; of these, an item of a list is itself the beginning of one.
BLOCK = compiled(r"[ \t>]*(?:$|[-*+•] |\d+[.)] |#|\||```|~~~|<)")
FENCE = compiled(r"[ \t>]*(```|~~~)")
FENCES, TICKS = compiled(r"```|~~~"), compiled("```")  # the second is found sooner
BREAKS = ("  ", "\\")  # at the end of a line: the next one stands for itself
FARTHEST, LONGEST = 1_000, 5  # characters on either side of a number; digits of one
JOINED = 4  # lines that are looked at for the rest of a sentence, in either direction
INSIDE = compiled(r"\W*\(?(?:in(?:side)? (?:the )?|no )?(?:containers?|intern[ao]?l?)\b", re.IGNORECASE)
RANGE = compiled(r"\d{2,5}[ `\"'*]*(?:-|–|—|\.\.+|to|through|até)[ `\"'*]*\d{2,5}")
SENTENCE = compiled(r"(?<=[.!?;])[ \t\n]+(?=[\"'`*(\[]*[A-Z0-9À-Ý`])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage, and where the number begins in it."""

    text: str
    at: int = 0

    @property
    def row(self) -> bool:
        """Whether it is the row of a table."""
        return self.text.lstrip().startswith("|")

    @property
    def inside(self) -> bool:
        """Whether the number is that of a container: `5434:5432`, "5432 (container)"."""
        digits = len(self.text[self.at :]) - len(self.text[self.at :].lstrip("0123456789"))
        mapped = self.text[max(self.at - 2, 0) : self.at]
        return (mapped[:1].isdigit() and mapped[1:] == ":") or INSIDE.match(self.text, self.at + digits) is not None

    @property
    def ranged(self) -> bool:
        """Whether the number is an end of a range: `3100-3199`."""
        return any(match.start() <= self.at < match.end() for match in RANGE.finditer(self.text))


class Around(Protocol):
    """What knows the passages of a file."""

    def of(self, literal: PortLiteral, /) -> Passage:
        """The passage that a number stands in."""
        ...


@dataclass
class Passages:
    """The passages of one file. Of most numbers in code nobody asks for it; the one that was asked for last is kept."""

    source: Source
    latest: tuple[PortLiteral, Passage] | None = None

    def of(self, literal: PortLiteral) -> Passage:
        """The passage that a number stands in: in code its line, in prose what is said about it."""
        if self.latest is None or self.latest[0] is not literal:
            self.latest = literal, self._of(literal)
        return self.latest[1]

    def _of(self, literal: PortLiteral) -> Passage:
        number = literal.location.line
        whole, place = self.source.line_text(number), literal.location.column - 1
        line, at = _near(whole, place)
        if literal.context == "comment":
            start = whole.find(literal.said)
            return _sentence(*_near(literal.said, place - start)) if start >= 0 else _sentence(line, at)
        if literal.context == "code" or line.lstrip().startswith("|") or self._fenced(number):
            return Passage(line, at)
        before = "".join(f"{text}\n" for text in reversed(list(self._before(number))))
        after = "".join(f"\n{text}" for text in self._after(number))
        return _sentence(before + line + after, len(before) + at)

    def _fenced(self, number: int) -> bool:
        """Whether a line is part of what is shown in a fence: there each speaks for itself."""
        place = bisect_left(self._fences, number)
        return place % 2 == 1 and number not in self._fences[place : place + 1]

    @cached_property
    def _fences(self) -> list[int]:
        """The lines that open and that close a fence, in turn; what nobody closes goes on beyond the last line."""
        found: list[int] = []
        text = self.source.text
        opened, reached, marks = "", 0, FENCES if "~~~" in text else TICKS
        for fence in marks.finditer(text):
            before = text[reached : fence.start()]
            begin = max(before.rfind("\n"), before.rfind("\r")) + 1
            first, reached = begin > 0 or not reached, fence.end()
            if first and opened in ("", fence[0]) and not before[begin:].strip(" \t>"):
                opened = "" if opened else fence[0]
                found.append(self.source.line_number(fence.start()))
        return found

    def _before(self, number: int) -> Iterator[str]:
        """The lines above that the paragraph began with, the nearest first."""
        for above in range(number - 1, max(number - 1 - JOINED, 0), -1):
            if BLOCK.match(self.source.line_text(above + 1)):
                return
            text = self.source.line_text(above)
            if not text.strip() or FENCE.match(text) or text.lstrip().startswith(("|", "#")) or text.endswith(BREAKS):
                return
            yield text

    def _after(self, number: int) -> Iterator[str]:
        """The lines below in which the paragraph goes on."""
        for below in range(number + 1, number + 1 + JOINED):
            text = self.source.line_text(below)
            if BLOCK.match(text) or self.source.line_text(below - 1).endswith(BREAKS):
                return
            yield text


def _near(text: str, at: int) -> tuple[str, int]:
    """What stands around the character at `at`, in whole words, and where that is in it: nobody means what is further away."""
    start, end = max(at - FARTHEST, 0), at + FARTHEST
    begin = start and max(text.find(" ", start, at) + 1, start)
    stop = len(text) if end >= len(text) else max(text.rfind(" ", at, end), at + LONGEST)
    return text[begin:stop], at - begin


def _sentence(text: str, at: int) -> Passage:
    """The sentence of `text` that holds the character at `at`."""
    start, end = 0, len(text)
    for gap in SENTENCE.finditer(text):
        if gap.end() <= at:
            start = gap.end()
        elif gap.start() > at:
            end = gap.start()
            break
    return Passage(text[start:end], at - start)
