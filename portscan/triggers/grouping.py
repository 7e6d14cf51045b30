"""Many pieces as few searches: by the sign or the letters that they have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from portscan.expressions import compiled
from portscan.triggers.lines import lined
from portscan.triggers.piece import SIGNS, unnamed
from portscan.triggers.spelling import QUOTED_FLAG

WORD = compiled(r"[A-Za-z_]{3,}")
FOLDED = compiled(r"(?:\[[A-Z][a-z]\])+")
EITHER, CASED = compiled(r"\[[A-Z]([a-z])\]"), compiled("[A-Z]|a-z")
SHORTEST_FOLDED = len("[Aa]") * 3
BEHIND = compiled(r"\(\?:\(\?<![^()]*\)\|\(\?<=[^()]*\)\)")
SHORTEST_CORE = 4
UNNAMED = "|".join(re.escape(unnamed(sign)) for sign in sorted(SIGNS))
Begun = tuple[str, str]  # what a pattern begins with, and the pattern
HEAD = compiled(rf"(?:\\[^\w\\]|[^\w\s\[(\\])(?![?*{{])(?:{UNNAMED})?")


def grouped(pieces: Sequence[str]) -> dict[str, Any]:
    """The plain form of triggers for pieces."""
    lowered = {piece: low for piece in pieces if (low := _lowered(piece))}
    within = [piece for piece in pieces if piece not in lowered and lined(piece)]
    listed = [piece for piece in pieces if piece.endswith(QUOTED_FLAG)]
    plain = [piece for piece in pieces if piece not in within and piece not in listed and piece not in lowered]
    return {
        "lined": _grouped(within),
        "patterns": _grouped(piece for piece in plain if not WORD.match(piece)),
        "listed": _grouped(listed),
        "words": _by_core([piece for piece in plain if WORD.match(piece)], list(lowered.values())),
    }


def _lowered(piece: str) -> str:
    """A piece that begins with letters in either case, for a text in lower case; nothing where another letter has a case."""
    edge, letters = BEHIND.search(piece), FOLDED.match(BEHIND.sub("", piece))
    if letters is None or len(letters.group()) < SHORTEST_FOLDED or CASED.search(EITHER.sub("", piece)):
        return ""
    low = EITHER.sub(lambda found: found[1], letters.group())
    rest = EITHER.sub(lambda found: found[1], BEHIND.sub("", piece)[letters.end() :])
    return low + (rf"(?:(?<!\w{low})|(?<=\\[nrt]{low}))" if edge else "") + rest


def _grouped(pieces: Iterable[str]) -> list[str]:
    """The pieces that begin with the same sign as one pattern: what begins with a plain character is found fast."""
    groups: dict[str, list[str]] = {}
    for piece in pieces:
        head = HEAD.match(piece)
        groups.setdefault(head.group() if head else piece, []).append(piece[head.end() if head else len(piece) :])
    return [head + (f"(?:{'|'.join(rest)})" if any(rest) else "") for head, rest in groups.items()]


def _by_core(words: Sequence[str], lowered: Sequence[str]) -> list[tuple[str, list[Begun], list[Begun]]]:
    """Pieces by what their letters have in common, in as few cores as may be: each of them costs a look at the text.

    Beside a core, in lower case, stand the patterns for the text, and those for the text in lower case, with their beginnings.
    """
    left = {**dict.fromkeys(words, 0), **dict.fromkeys(lowered, 1)}
    found: list[tuple[str, list[Begun], list[Begun]]] = []
    while left:
        shared = Counter(core for piece in left for core in _cores(_letters(piece).lower()))
        best = max(shared, key=lambda core: (shared[core], len(core), core))
        chosen = {piece for piece in left if best in _letters(piece).lower()}
        alike = [_beginning_alike(piece for piece in left if piece in chosen and left[piece] == low) for low in (0, 1)]
        found.append((best, alike[0], alike[1]))
        left = {piece: low for piece, low in left.items() if piece not in chosen}
    return found


def _letters(piece: str) -> str:
    """The letters with which a piece begins."""
    match = WORD.match(piece)
    return match.group() if match else ""


def _beginning_alike(pieces: Iterable[str]) -> list[Begun]:
    """Those that begin with the same letters as one pattern, beside these: `ports` and `porta` are sought by `port`."""
    groups: dict[str, list[str]] = {}
    for piece in sorted(pieces, key=lambda piece: len(_letters(piece))):
        head = next((known for known in groups if piece.startswith(known)), _letters(piece))
        groups.setdefault(head, []).append(piece[len(head) :])
    return [(head, f"{head}(?:{'|'.join(rest)})") for head, rest in groups.items()]


@lru_cache(maxsize=1 << 12)
def _cores(word: str) -> frozenset[str]:
    """The pieces of a word that are long enough to be rare."""
    least = min(len(word), SHORTEST_CORE)
    return frozenset(word[i:j] for i in range(len(word)) for j in range(i + least, len(word) + 1))
