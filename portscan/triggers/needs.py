"""What a text must hold for a regular expression to match in it: a few short pieces, one of which is there for certain.

A piece is a regular expression itself, of bounded length, so that it can be sought in a whole file where the expression
that it was taken from is meant for one value of it. Values are handed on without the escapes of their language; a piece
allows for them. None stands for "nothing telling": then every text has to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import Any

from portscan.expressions import compiled
from portscan.records import dataclass, field, replace
from portscan.triggers.piece import BLANKS, CLASSES, DIGIT, EDGE, END, LEAST, LETTER, Piece, Pieces, one_of, weight, weight_of

try:
    from re import _parser as sre  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_parse as sre

MOST_REPEATS, MOST_PIECES = 5, 256
LETTERS = compiled(r"[A-Za-z]|\[[A-Za-z]{2}\]")
NOTHING: Pieces = (Piece(),)


def parsed(pattern: str, flags: int = 0) -> Any:
    """The elements of an expression."""
    return sre.parse(pattern, flags)


@lru_cache(maxsize=1024)
def needs(
    pattern: str, *, ignore_case: bool = False, apart: str = "", also: tuple[str, ...] = (), named: bool = False
) -> list[tuple[str, ...]]:
    """Sets of pieces, the most telling first: every text that `pattern` matches holds a piece of each of them.

    At the characters `apart` the text may have been put together of parts that stand elsewhere. `also` are texts of
    which one is known to be there as well. A text that is `named` begins and ends with whole words.
    """
    run = _Run()
    elements = parsed(pattern, re.IGNORECASE if ignore_case else 0)
    _Reader(frozenset(apart), named).read(elements, bool(elements.state.flags & re.IGNORECASE), run)
    run.close()
    given = tuple(Piece(tuple(map(re.escape, text)), tuple(map(weight_of, text))) for text in also)
    offers = sorted((each for each in (*run.offers, given) if weight(each) >= LEAST), key=weight, reverse=True)
    return [tuple(dict.fromkeys(piece.pattern for piece in offer)) for offer in offers]


@dataclass(slots=True)
class _Run:
    """Pieces that go on with what comes next, and the best that are complete."""

    open: Pieces = NOTHING
    offers: list[Pieces] = field(default_factory=list)
    head: Pieces | None = None  # what it begins with, up to the first gap

    def add(self, pieces: Pieces) -> None:
        """One of `pieces` stands right behind what is open."""
        if len(self.open) * len(pieces) > MOST_PIECES:
            self.close()
        self.open = tuple(a + b for a, b in product(self.open, pieces))

    def close(self, then: Pieces = NOTHING) -> None:
        """There may be something between what is open and what comes next; `then` is known to be right in front of that."""
        self.head = self.open if self.head is None else self.head
        self.offer(self.open)
        self.open = then if len(then) <= MOST_PIECES else NOTHING

    def offer(self, pieces: Pieces) -> None:
        """Note what is certain to be there."""
        if weight(pieces):
            self.offers.append(pieces)

    @property
    def best(self) -> Pieces:
        """The most telling."""
        return max(self.offers, key=weight, default=())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Goes over a parsed expression; each kind of element has a method of its name."""

    apart: frozenset[str] = field(default_factory=frozenset)
    named: bool = False

    def best(self, elements: Any, folded: bool) -> Pieces:
        run = _Run()
        self.read(elements, folded, run)
        run.close()
        return run.best

    def read(self, elements: Any, folded: bool, run: _Run) -> None:
        for operation, argument in elements:
            handler = getattr(self, f"_{str(operation).lower()}", None)
            if handler is None:
                run.close()
            else:
                handler(argument, folded, run)

    def _literal(self, code: int, folded: bool, run: _Run) -> None:
        self._set({chr(code)}, (), folded, run)

    def _in(self, members: Any, folded: bool, run: _Run) -> None:
        single: set[str] = set()
        classes = []
        for kind, value in members:
            if str(kind) == "LITERAL":
                single.add(chr(value))
            elif str(kind) == "CATEGORY" and str(value) in CLASSES:
                classes.append(str(value))
            elif str(kind) == "RANGE" and value[1] - value[0] < 10:
                single.update(map(chr, range(value[0], value[1] + 1)))
            else:
                run.close()
                return
        self._set(single, classes, folded, run)

    def _set(self, single: set[str], classes: Iterable[str], folded: bool, run: _Run) -> None:
        every = single | (BLANKS if "CATEGORY_SPACE" in classes else set())
        if not self.apart.isdisjoint(every):
            run.close()
            return
        rarity = min((*map(weight_of, single), *(CLASSES[c][1] for c in classes)))
        inside = any(piece.parts for piece in run.open)
        part = one_of(single, classes, folded, inside)
        few = len(every) < 4 or classes or rarity == DIGIT
        run.add((Piece((part,), (rarity if few else rarity / 2,)),))

    def _subpattern(self, argument: Any, folded: bool, run: _Run) -> None:
        _, added, removed, inner = argument
        self.read(inner, (folded or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE, run)

    def _branch(self, argument: Any, folded: bool, run: _Run) -> None:
        """One of several: what is open goes on with what each begins with, and what each ends with goes on."""
        runs = [_Run() for _ in argument[1]]
        for inner, each in zip(runs, argument[1], strict=True):
            self.read(each, folded, inner)
        tails = tuple(piece for inner in runs for piece in inner.open)
        if all(inner.head is None for inner in runs):
            run.add(tails)
            return
        run.add(tuple(piece for inner in runs for piece in (inner.open if inner.head is None else inner.head)))
        run.close(tails)
        for inner in runs:
            inner.close()
        if all(inner.best for inner in runs):
            run.offer(tuple(piece for inner in runs for piece in inner.best))

    def _max_repeat(self, argument: Any, folded: bool, run: _Run) -> None:
        least, most, inner = int(argument[0]), int(argument[1]), argument[2]
        if not least and most == 1:
            self._maybe(inner, folded, run)
            return
        if most > MOST_REPEATS and least < 2 and _blank(inner):
            self._blanks(inner, least, folded, run)
            return
        short = most <= MOST_REPEATS and least != most and len(inner) == 1 and str(inner[0][0]) in ("IN", "LITERAL")
        if short and self._few(inner, least, most, folded, run):
            return
        for _ in range(min(least, MOST_REPEATS)):
            self.read(inner, folded, run)
        if least != most or least > MOST_REPEATS:
            last = _Run()
            for _ in range(min(least, 1)):
                self.read(inner, folded, last)
            run.close(last.open)

    _min_repeat = _possessive_repeat = _max_repeat

    def _blanks(self, inner: Any, least: int, folded: bool, run: _Run) -> None:
        """Any number of blanks, in whatever way they are written, as one part."""
        alone = _Run()
        self.read(inner, folded, alone)
        piece = alone.open[0]
        if piece.parts:
            run.add((Piece((f"{piece.parts[0]}{'+' if least else '*'}",), (piece.weight if least else 0.0,)),))
        else:
            run.close()

    def _few(self, inner: Any, least: int, most: int, folded: bool, run: _Run) -> bool:
        """Between `least` and `most` of one kind of character, as one part. Not where there is nothing to say of it."""
        alone = _Run()
        self.read(inner, folded, alone)
        piece = alone.open[0]
        if not piece.parts or not least:
            return False
        run.add((replace(piece, parts=(f"{piece.parts[0]}{{{least},{most}}}",)),))
        return True

    def _maybe(self, inner: Any, folded: bool, run: _Run) -> None:
        """What comes next stands behind what is open, or behind the optional part; nothing in that is certain."""
        there = _Run(run.open)
        self.read(inner, folded, there)
        run.offer(run.open)
        if there.head is not None and run.head is None:
            run.head = run.open
        run.open = (*run.open, *there.open) if len(there.open) < MOST_PIECES else NOTHING

    def _at(self, argument: Any, _folded: bool, run: _Run) -> None:
        """An anchor takes no room; the edge of a word tells `port` from `import`."""
        beginning = not _begun(run)
        within = str(argument) == "AT_BOUNDARY" and all(piece.parts and LETTERS.fullmatch(piece.parts[-1]) for piece in run.open)
        if within or (str(argument) == "AT_END" and self.named):
            run.add((Piece((END,), (0.0,)),))
        elif beginning and (str(argument) == "AT_BOUNDARY" or (self.named and str(argument) == "AT_BEGINNING")):
            run.add((Piece((EDGE,), (LETTER,)),))

    def _assert_not(self, argument: Any, _folded: bool, run: _Run) -> None:
        """What must not be there may be there all the same, outside the text; behind what is no word, a word begins."""
        members = argument[1][0][1] if argument[0] < 0 and len(argument[1]) == 1 and str(argument[1][0][0]) == "IN" else ()
        told = {str(kind if value is None else value) for kind, value in members}
        if "CATEGORY_WORD" in told and "NEGATE" not in told and not _begun(run):
            run.add((Piece((EDGE,), (LETTER,)),))

    def _assert(self, argument: Any, folded: bool, run: _Run) -> None:
        """What is looked at in advance is there as well."""
        run.offer(self.best(argument[1], folded))


def _blank(elements: Any) -> bool:
    """Whether they are one character that is a blank."""
    kinds = [str(value) for operation, members in elements if str(operation) == "IN" for _, value in members]
    return len(elements) == 1 and kinds == ["CATEGORY_SPACE"]


def _begun(run: _Run) -> bool:
    """Whether a piece is open."""
    return any(piece.parts for piece in run.open)
