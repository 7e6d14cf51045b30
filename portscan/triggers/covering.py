"""Pieces that need not be sought, since another piece is found wherever they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from portscan.expressions import compiled
from portscan.triggers.commands import called_in
from portscan.triggers.piece import END, SPACE

ADDRESSED = compiled(r":\[123456789\](?![?*])|:[1-9]")  # in a piece that needs an address
LETTERS = compiled("[A-Za-z_]+")
EDGED = compiled(r"(\w+)\(\?:\(\?<!(\[A-Za-z\]|\\w)\1\)\|\(\?<=\\\\\[nrt\]\1\)\)\(\?!\2\).*")
SIGN = compiled(r"\\?([^\w\s\[(\\])(?![?*{|])")  # what is found only where that sign is
REPEATING = frozenset("?*{|")  # what stands behind the end of an expression, and says that there may be other things


class Chosen:
    """Pieces that are sought anyway, in the order in which they came; what begins or ends with one of them is told at once."""

    def __init__(self, pieces: Iterable[str] = ()) -> None:
        self._pieces: tuple[str, ...] = ()
        self._spaced: tuple[str, ...] = ()
        self.add(pieces)

    def __iter__(self) -> Iterator[str]:
        return iter(self._pieces)

    def add(self, pieces: Iterable[str]) -> None:
        """Seek these, too."""
        new = tuple(pieces)
        self._pieces += new
        self._spaced += tuple(piece.removesuffix(END) + SPACE for piece in new if piece.endswith(END))  # a blank ends a word

    def covers(self, piece: str, *, addresses: bool = False) -> bool:
        """Whether one of them, or of all `addresses`, is found wherever `piece` is."""
        return (
            (addresses and ADDRESSED.search(piece) is not None)
            or (piece.startswith(self._pieces) and any(_begins(piece, other) for other in self._pieces))
            or (piece.endswith(self._pieces) and any(_ends(piece, other) for other in self._pieces))
            or piece.startswith(self._spaced)
            or any(_is_in(other, word) for word in _words(piece) for other in self._pieces)
        )


def shortest(pieces: Iterable[str]) -> list[str]:
    """The pieces that no other one of them covers."""
    kept = Chosen()
    for piece in sorted(set(pieces), key=lambda p: (len(p), p)):
        if not kept.covers(piece):
            kept.add((piece,))
    return list(kept)


def _begins(piece: str, other: str) -> bool:
    return piece == other or (piece.startswith(other) and piece[len(other)] not in REPEATING)


def _ends(piece: str, other: str) -> bool:
    """Whether nothing but letters stands in front of the other: `ort)` in `Port)`."""
    return piece.endswith(other) and LETTERS.fullmatch(piece, 0, len(piece) - len(other)) is not None


def _words(piece: str) -> Iterable[str]:
    """A word that stands by itself wherever the piece is: `Port` is in `forwardPorts`, `port` in `--port`."""
    edged, name = EDGED.fullmatch(piece), called_in(piece)
    if edged or name:
        yield f"\0{edged[1]}\0" if edged else f" {name} "


@lru_cache(maxsize=1 << 16)  # languages have most of their pieces in common
def _is_in(other: str, word: str) -> bool:
    """Whether a piece is found in a word alone; one for a command needs more."""
    sign = SIGN.match(other)
    return not (sign and sign[1] not in word) and not called_in(other) and re.search(other, word) is not None
