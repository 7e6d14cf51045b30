"""What of a large YAML text is worth reading: entries of block mappings say the same under their keys as among the others.

A text is cut in front of keys, by their columns alone. That the parser begins a key there as well follows from one piece to
the next: a piece that begins with a key, and is a text by itself, leaves nothing open, and what stands behind it at the column
of its key, or further out, does not go on with it. So every piece is parsed, but without its events, which are what costs;
where one is refused, the text stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.sites import NAMING
from portscan.text import Text

Span: TypeAlias = tuple[int, int]
SHORTEST, ENOUGH = 16_384, 4_096  # characters of a text that is worth cutting, and of a piece that is not cut any further
# A key as nearly all are written, with its value or `alone` on the line; and one that says what those beside it are about.
KEY = r"(?P<key>\"(?:[^\"\\\n]|\\[^\n])*\" *|'[^'\n]*' *|[^\s\"'#\-?:,\[\]{}&*!|>%@`][^\n#]*?):(?=(?P<alone> *\n)|[ \n])"
NAME = rf"[\"']?(?:{'|'.join(sorted(NAMING))})[\"']? *:"
NOTHING = compiled(r"(?:\n *(?:#[^\n]*)?(?=\n))*")  # lines without a value
BLANKS = compiled(r"\n *")
DOCUMENT = compiled(r"\n---[^\n]*")
SAMPLES = 16  # pieces that tell whether it is worth while to look through the others
DEEPEST, LONGEST = 64, 1_024  # columns at which keys are sought, and characters of a line that is said again with each piece
# Other ways to end a line, a document, or to say how one is to be read.
STRANGE = ("\r", "\x85", "\u2028", "\u2029", "\n...", "\n%", "\ufeff")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of entries, and the lines that lead to it: the keys above, and what begins the document."""

    above: tuple[Span, ...]
    start: int
    end: int

    def said(self, source: str) -> str:
        return "".join([source[start:end] for start, end in (*self.above, (self.start, self.end))])


def worthwhile(text: Text, worth: Callable[[str], bool]) -> Text:
    """The pieces of a text that are worth it, with the lines that lead to them; all of it where it is short, or in doubt."""
    source = text.value
    # A line is sought by the line end in front of it, which is found soonest: where that is here, the line is in `source`.
    sought = f"\n{source}"
    if len(source) < SHORTEST or any(sign in sought for sign in STRANGE):
        return text
    pieces = tuple(_pieces(sought))
    kept = _worth(source, pieces, worth)
    if kept is None or not taken(source[piece.start : piece.end] for piece in pieces):
        return text
    return text.only(_spans(kept))


def _worth(source: str, pieces: Sequence[_Piece], worth: Callable[[str], bool]) -> list[_Piece] | None:
    """The pieces that are worth it. Where that is half of the text, or each of a few here and there, it is read as it is."""
    kept: list[_Piece] = []
    if len(pieces) > SAMPLES and all(worth(piece.said(source)) for piece in pieces[:: len(pieces) // SAMPLES]):
        return None
    rest = len(source) // 2 if len(pieces) > 1 else 0
    for piece in pieces:
        if worth(piece.said(source)):
            kept.append(piece)
            rest -= piece.end - piece.start
        if rest <= 0:
            return None
    return kept if pieces else None


def _pieces(source: str) -> Iterator[_Piece]:
    """All of a text, document by document; nothing where one begins in another way than by a plain line."""
    begins = [match.span() for match in DOCUMENT.finditer(source)]
    if any(source[start:end].rstrip(" ") != "\n---" for start, end in begins):
        return
    yield from _cut(source, (), 0, begins[0][0] if begins else len(source))
    for begin, (following, _) in pairwise((*begins, (len(source), 0))):
        yield from _cut(source, (begin,), begin[1], following)


def _cut(source: str, above: tuple[Span, ...], start: int, end: int, outer: int = -1) -> Iterator[_Piece]:
    """What lies between two places: runs of entries, and those of a large entry by themselves."""
    for entry, last in _entries(source, start, end, outer):
        lead = entry.start(), entry.end("alone") - 1
        if last - entry.start() > ENOUGH and 0 < lead[1] - lead[0] < LONGEST:
            inner = tuple(_cut(source, (*above, lead), lead[1], last, entry.start("key") - entry.start() - 1))
            if len(inner) > 1:
                if start < entry.start():
                    yield _Piece(above, start, entry.start())
                yield from inner
                start = last
        if last - start > ENOUGH:
            yield _Piece(above, start, last)
            start = last
    if start < end:
        yield _Piece(above, start, end)


def _entries(source: str, start: int, end: int, outer: int) -> Iterator[tuple[re.Match[str], int]]:
    """The entries of the mapping that stands there, each with its end; none where it is no such mapping, or one names it."""
    nothing = NOTHING.match(source, start, end)
    first = nothing.end() if nothing else start
    blanks = BLANKS.match(source, first, end)
    column = blanks.end() - first - 1 if blanks else outer
    known = outer < column < DEEPEST and not _at(column, NAME).search(source, first, end)
    if not known or not _at(column, KEY).match(source, first, end):
        return
    latest: re.Match[str] | None = None
    for entry in _at(column, KEY).finditer(source, first, end):
        if latest:
            yield latest, entry.start()
        latest = entry
    if latest:
        yield latest, end


@lru_cache(maxsize=2 * DEEPEST)
def _at(column: int, pattern: str) -> re.Pattern[str]:
    """What begins at a column of a line."""
    return re.compile(f"\n{' ' * column}{pattern}")


def taken(texts: Iterable[str]) -> bool:
    """Whether the parser in C takes each of some texts by itself."""
    from portscan.yaml_parser import parser, refusals

    fast = parser()
    try:
        for text in texts if fast else ():
            fast(text).raw_parse()
    except refusals():
        return False
    return fast is not None


def _spans(pieces: Iterable[_Piece]) -> Iterator[Span]:
    """The places of pieces and of the lines that lead to them, each once."""
    reached = 0
    for piece in pieces:
        for start, end in (*piece.above, (piece.start, piece.end)):
            if start >= reached:
                yield start, end
                reached = end
