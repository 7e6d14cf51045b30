"""Text that remembers where each of its characters is written, through quotes, env files and interpolation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Final

from portscan.tuples import NamedTuple


class Spot(NamedTuple):
    """The characters `start:end` of the text of the file `path`."""

    path: str
    start: int
    end: int


class Piece(NamedTuple):
    """Characters that stand one behind the other from `start` of the file `path`; nowhere when there is no `start`."""

    text: str
    path: str = ""
    start: int | None = None

    def part(self, start: int, end: int) -> Piece:
        """The characters from `start` to `end`."""
        if not start and end == len(self.text):
            return self
        return Piece(self.text[start:end], self.path, None if self.start is None else self.start + start)


class Traced(NamedTuple):
    """A value, and where its pieces are written. `spot` is where the value as a whole is written down."""

    pieces: tuple[Piece, ...] = ()
    spot: Spot | None = None

    @property
    def text(self) -> str:
        """The value itself."""
        return self.pieces[0].text if len(self.pieces) == 1 else "".join(piece.text for piece in self.pieces)

    def part(self, start: int, end: int) -> Traced:
        """The characters from `start` to `end`, still traced."""
        return Traced(self._parts(start, end), self.spot)

    def place(self, start: int, end: int) -> Spot | None:
        """Where the characters from `start` to `end` are written, if that is in one stretch."""
        parts = self._parts(start, end)
        if len(parts) != 1 or parts[0].start is None:
            return None
        return Spot(parts[0].path, parts[0].start, parts[0].start + len(parts[0].text))

    def whole(self) -> Spot | None:
        """Where all of it is written, if that is in one stretch."""
        return self.place(0, len(self.text))

    def _parts(self, start: int, end: int) -> tuple[Piece, ...]:
        if len(self.pieces) != 1:
            return tuple(self._cut(start, end))
        (piece,) = self.pieces  # as most of them are
        first, last = max(start, 0), min(end, len(piece.text))
        return (piece.part(first, last),) if first < last else ()

    def _cut(self, start: int, end: int) -> Iterator[Piece]:
        reached = 0
        for piece in self.pieces:
            if reached >= end:
                return
            length = len(piece.text)
            if reached + length > start:
                first, last = max(start - reached, 0), min(end - reached, length)
                if first < last:
                    yield piece.part(first, last)
            reached += length


UNWRITTEN: Final = Traced()


def parts_of(value: Traced) -> Callable[[int, int], Traced]:
    """How to get many parts of one value: where its pieces end is found once."""
    if len(value.pieces) == 1:
        return value.part
    ends = tuple(accumulate(len(piece.text) for piece in value.pieces))

    def part(start: int, end: int) -> Traced:
        first, last = bisect_right(ends, start), bisect_right(ends, max(end - 1, start))
        near = Traced(value.pieces[first : last + 1], value.spot)
        before = ends[first - 1] if first else 0
        return near.part(start - before, end - before)

    return part


def joined(parts: Iterable[Traced], spot: Spot | None) -> Traced:
    """Several traced texts, one behind the other."""
    return Traced(tuple(piece for part in parts for piece in part.pieces if piece.text), spot)


def aligned(value: str, source: str, spot: Spot) -> Traced:
    """`value`, which a parser made of the characters of `source` at `spot`, traced to them.

    What a parser changes (escapes, folded lines) is traced to nowhere, and the next character that is the same again to
    where it stands.
    """
    start = source.find(value, spot.start, spot.end) if value else spot.start
    if start >= 0:
        return Traced((Piece(value, spot.path, start),) if value else (), spot)
    return Traced(tuple(_alike(value, source, spot)), spot)


def _alike(value: str, source: str, spot: Spot) -> Iterator[Piece]:
    position = spot.start
    for line in value.splitlines(keepends=True):
        text = line.strip()
        start = source.find(text, position, spot.end) if text else -1
        if start < 0:
            yield from _by_words(line, source, position, spot)
            continue
        before = line.index(text)
        yield from _some(Piece(line[:before]), Piece(text, spot.path, start), Piece(line[before + len(text) :]))
        position = start + len(text)


def _by_words(line: str, source: str, position: int, spot: Spot) -> Iterator[Piece]:
    """What stands between blanks is found one by one: folded lines, and lines with an escape somewhere."""
    for index, word in enumerate(line.split(" ")):
        start = source.find(word, position, spot.end) if word else -1
        yield from _some(Piece(" " if index else ""), Piece(word, spot.path, start if start >= 0 else None))
        position = start + len(word) if start >= 0 else position


def _some(*pieces: Piece) -> Iterator[Piece]:
    return (piece for piece in pieces if piece.text)
