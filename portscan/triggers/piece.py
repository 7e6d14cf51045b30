"""Short pieces of text as regular expressions, and how telling it is that one of them is there.

Values are handed on without the escapes of their language; a piece allows for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from portscan.expressions import compiled
from portscan.records import dataclass

ESCAPABLE = frozenset("\"'`\\/.")
BLANKS = frozenset(" \t\n\r\f\v")
# How telling it is that a character is there; `LEAST` is what a piece must reach, `BESIDE` what digits weigh beside a sign.
DIGIT, BLANK, WORD, COMMON, LETTER, SIGN = 1.9, 1.0, 0.2, 1.5, 2.0, 2.5
COMMON_SIGNS = frozenset(".,()\"'=-_/")
LEAST, BESIDE = 4.0, 7.0
CLASSES = {"CATEGORY_DIGIT": ("0-9", DIGIT), "CATEGORY_SPACE": (r"\s", BLANK), "CATEGORY_WORD": (r"\w", WORD)}
CLOCK = compiled(r"\[0-9\](?:\{\d,\d\})?|:")
REPEATED = compiled(r"(.+)\{(\d+),\d+\}", re.DOTALL)
LETTERED = compiled(r"[A-Za-z_]|\[[A-Za-z]{2}\]")
ESCAPED = r"\\?"
SPACE = r"(?:[\s]|\\[nrt])"
SPACES = f"{SPACE}*"
SIGNS = frozenset((r"\(", "/"))  # what is common behind a name
EDGE = ""  # stands for the beginning of a word
END = "(?!\\w)"  # a name that ends the text goes on in no other way


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text: regular expressions for its characters, and how telling each of them is."""

    parts: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()

    def __add__(self, other: Piece) -> Piece:
        return Piece(self.parts + other.parts, self.weights + other.weights)

    @property
    def weight(self) -> float:
        """How telling all of it is. Times of day are as common as ports."""
        if ":" in self.parts and all(CLOCK.fullmatch(part) for part in self.parts):
            return min(sum(self.weights), LEAST)
        beside = BESIDE if SIGN in self.weights else DIGIT
        return sum(w for w in self.weights if w != DIGIT) + (beside if DIGIT in self.weights else 0)

    @property
    def pattern(self) -> str:
        """All of it. What it begins with is left out up to a plain character, which is found fast, if enough is left then."""
        for start, part in enumerate(self.parts):
            if Piece(weights=self.weights[start:]).weight < LEAST:
                break
            if not part.startswith(("[", "(")) and not (part == EDGE and not _lettered(self.parts[start + 1 :])):
                behind = _behind_digits(self.parts[:start], part.removeprefix(ESCAPED))
                return _joined((part.removeprefix(ESCAPED) + behind, *self.parts[start + 1 :]))
        return _joined(self.parts)


def _behind_digits(parts: tuple[str, ...], sign: str) -> str:
    """Behind digits and blanks a sign stands behind no name."""
    digits = next((part for part in reversed(parts) if part != SPACES), "")
    return unnamed(sign) if digits.startswith("[0-9]") and sign in SIGNS else ""


def unnamed(sign: str) -> str:
    """That `sign` stands behind no name; in front of it may be the escape of a blank."""
    return rf"(?:(?<![A-Za-z_$.)\]]{sign})|(?<=\\[nrt]{sign}))"


def _lettered(parts: tuple[str, ...]) -> bool:
    """Whether the first of `parts` is a letter: only there an edge tells a word from others."""
    return bool(parts) and LETTERED.fullmatch(parts[0]) is not None


def _joined(parts: tuple[str, ...]) -> str:
    """The parts as one expression, at its end with the least number of repetitions.

    The edge of a word is asked for behind its first letter, so that this is sought first; it may be the escape of a line end.
    """
    parts = (*parts[:-1], REPEATED.sub(lambda m: m[1] * int(m[2]), parts[-1]))
    if parts[0] == EDGE and len(parts) > 1 and _lettered(parts[1:]):
        size = next((i for i, part in enumerate(parts[1:]) if not part.isalpha()), len(parts) - 1) or 1
        first = "".join(parts[1 : size + 1])
        return rf"{first}(?:(?<!\w{first})|(?<=\\[nrt]{first})){''.join(parts[size + 1 :])}"
    return "".join(parts)


Pieces = tuple[Piece, ...]  # one of them is there


def weight(pieces: Pieces) -> float:
    """How telling it is that one of `pieces` is there: as telling as the commonest of them is."""
    return min((piece.weight for piece in pieces), default=0.0)


def weight_of(character: str) -> float:
    """How telling it is that a character is there."""
    if character in BLANKS:
        return BLANK
    if character in COMMON_SIGNS:
        return COMMON
    return DIGIT if character.isdigit() else LETTER if character.isalpha() else SIGN


def one_of(single: set[str], classes: Iterable[str], folded: bool, inside: bool) -> str:
    """One of some characters, as it may be written in a source: behind a backslash, or as the escape of a blank."""
    every = {v for c in single for v in ((c.lower(), c.upper()) if folded else (c,)) if len(v) == 1}
    ordered = sorted(every)
    plain = re.escape(ordered[0]) if len(ordered) == 1 and not classes else f"[{''.join(_members(ordered, classes))}]"
    if "CATEGORY_SPACE" in classes or not every.isdisjoint("\n\r\t"):
        return rf"(?:{plain}|\\[nrt])"
    return ESCAPED + plain if inside and not ESCAPABLE.isdisjoint(every) else plain


def _members(characters: Iterable[str], classes: Iterable[str]) -> Iterator[str]:
    yield from (CLASSES[c][0] for c in classes)
    yield from (f"\\{c}" if c in "\\]^-[&~|" else c for c in characters)
