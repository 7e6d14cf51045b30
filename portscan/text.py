"""A run of characters of a source that remembers where each of them stands there.

Languages nest: a command inside a JSON string inside a Dockerfile. The outer reader takes the escapes away and hands on
a `Text`; whatever the inner reader finds in it has its place in the file.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from itertools import pairwise

from portscan.expressions import compiled
from portscan.tuples import NamedTuple

BRACKET = compiled(r"[\[\](){}]")
# what most languages write behind a backslash, each as long as one character
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "`": "`", "\\": "\\", "/": "/"}


class Text(NamedTuple):
    """Characters `value`; the i-th stands at `start + i` of the source, or at `offsets[i]` where it is not contiguous.

    `offsets` is an array of numbers of four bytes: a string of megabytes with escapes in it is no rarity.
    """

    value: str
    start: int = 0
    offsets: array[int] | None = None

    def at(self, index: int) -> int:
        """The character offset in the source of the character at `index`."""
        return self.start + index if self.offsets is None else self.offsets[index]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The character offsets in the source of `value[start:end]`, which must not be empty."""
        return self.at(start), self.at(end - 1) + 1

    def part(self, start: int, end: int) -> Text:
        """The characters from `start` to `end`."""
        if self.offsets is None:  # without the call of a constructor: of this there is most
            return tuple.__new__(Text, (self.value[start:end], self.start + start, None))
        return Text(self.value[start:end], 0, self.offsets[start:end])

    def only(self, spans: Iterable[tuple[int, int]]) -> Text:
        """The characters of these `spans`, one behind the other."""
        chosen = tuple(spans)
        places = self.offsets or range(self.start, self.start + len(self.value))
        offsets = placed()
        for start, end in chosen:
            offsets.extend(places[start:end])
        return Text("".join([self.value[start:end] for start, end in chosen]), 0, offsets)

    def without(self, mark: str) -> Text:
        """The same text without each `mark` between two digits; the digits still span what stood between them."""
        if not mark or mark not in self.value:
            return self
        divides = re.compile(rf"(?<=\d){re.escape(mark)}(?=\d)")
        left_out = {match.start() for match in divides.finditer(self.value)}
        places = placed(self.at(index) for index in range(len(self.value)) if index not in left_out)
        return Text(divides.sub("", self.value), 0, places)

    def folded(self) -> Text:
        """The same text as YAML folds it: what ends a line is a blank, unless the next line is empty or stands further in."""
        if "\n" not in self.value:
            return self
        every = self.value.split("\n")
        first = next((line for line in every if line.strip()), "")
        joined = [_standing(line, len(first) - len(first.lstrip(" "))) for line in every]
        ends = (" " if a and b else "\n" for a, b in pairwise(joined))
        value = "".join(line + end for line, end in zip(every, (*ends, ""), strict=True))
        return self._replace(value=value.replace("\r", " "))

    def unescaped(self, escapes: dict[str, str], mark: str = "\\") -> Text:
        """The same text with each `mark` + character of `escapes` replaced by one character; others are kept."""
        if mark not in self.value:
            return self
        pieces: list[str] = []
        offsets = placed()
        places = self.offsets or range(self.start, self.start + len(self.value))
        reached, i = 0, self.value.find(mark)
        while i >= 0:
            meant = escapes.get(self.value[i + 1 : i + 2])
            if meant is not None:
                pieces += self.value[reached:i], meant
                offsets.extend(places[reached:i])
                offsets.append(places[i + 1])
                reached = i + 2
            i = self.value.find(mark, i + 1 if meant is None else i + 2)
        offsets.extend(places[reached:])
        return Text("".join((*pieces, self.value[reached:])), 0, offsets)


def _standing(line: str, indent: int) -> bool:
    """Whether a line is no empty one and, where there is an indentation, begins right behind it."""
    return bool(line[indent : indent + 1].strip() if indent else line.strip()) and not line[:indent].strip()


def placed(places: Iterable[int] = ()) -> array[int]:
    """The places of characters, for `Text.offsets`."""
    return array("I", places)


def nesting(source: str) -> int:
    """How many brackets are open at once, at the most; those in strings count as well, which does no harm."""
    depth = deepest = 0
    for bracket in BRACKET.findall(source):
        depth = depth + 1 if bracket in "([{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest
