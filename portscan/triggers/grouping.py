"""Many pieces as few searches: by the sign or the letters that they have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portscan.expressions import compiled
from portscan.triggers.piece import SIGNS, unnamed
from portscan.triggers.spelling import QUOTED_FLAG

# A list of words is sought by the flags in it: hardly any text has one, and commas and brackets are everywhere.
QUOTED_DASHES = ('"-', "'-", "`-")
WORD = compiled(r"[A-Za-z_]{3,}")
FOLDED = compiled(r"(?:\[[A-Z][a-z]\])+")
EITHER, CASED = compiled(r"\[[A-Z]([a-z])\]"), compiled("[A-Z]|a-z")
SHORTEST_FOLDED = len("[Aa]") * 3
BEHIND = compiled(r"\(\?:\(\?<![^()]*\)\|\(\?<=[^()]*\)\)")
SHORTEST_CORE = 4
UNNAMED = "|".join(re.escape(unnamed(sign)) for sign in sorted(SIGNS))
HEAD = compiled(rf"(?:\\[^\w\\]|[^\w\s\[(\\])(?![?*{{])(?:{UNNAMED})?")


def grouped(pieces: Sequence[str]) -> dict[str, Any]:
    """The plain form of triggers for pieces."""
    words = {piece: match.group() for piece in pieces if (match := WORD.match(piece))}
    lowered = {piece: low for piece in pieces if (low := _lowered(piece))}
    listed = [piece for piece in pieces if piece.endswith(QUOTED_FLAG)]
    patterns = _grouped(piece for piece in pieces if piece not in words and piece not in lowered and piece not in listed)
    folded = {low: match.group() for low in lowered.values() if (match := WORD.match(low))}
    flags = [(QUOTED_DASHES, _grouped(listed))] if listed else []
    return {"patterns": patterns, "words": [*_by_core(words), *flags], "folded": _by_core(folded)}


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


def _by_core(words: Mapping[str, str]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Pieces by what their letters have in common, in as few cores as may be: each of them costs a look at the text."""
    left = dict(words)
    found: list[tuple[tuple[str, ...], list[str]]] = []
    while left:
        shared = Counter(core for letters in left.values() for core in _cores(letters))
        best = max(shared, key=lambda core: (shared[core], len(core), core))
        chosen = {piece: letters for piece, letters in left.items() if best in letters}
        found.append(((best,), _beginning_alike(chosen)))
        left = {piece: letters for piece, letters in left.items() if piece not in chosen}
    return found


def _beginning_alike(words: Mapping[str, str]) -> list[str]:
    """Those that begin with the same letters as one pattern, which is sought by these: `ports` and `porta` by `port`."""
    groups: dict[str, list[str]] = {}
    for piece, letters in sorted(words.items(), key=lambda item: len(item[1])):
        head = next(
            (known for known in groups if known and piece.startswith(known)), letters if piece.startswith(letters) else ""
        )
        groups.setdefault(head, []).append(piece[len(head) :])
    return [f"{head}(?:{'|'.join(rest)})" for head, rest in groups.items()]


def _cores(word: str) -> set[str]:
    """The pieces of a word that are long enough to be rare."""
    least = min(len(word), SHORTEST_CORE)
    return {word[i:j] for i in range(len(word)) for j in range(i + least, len(word) + 1)}
