"""The one exception that a user may see: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable


class UserError(Exception):
    """The request cannot be carried out as given (exit status 2).

    `title` says what is wrong in one line, `hint` what to do; both are shown as they are.
    """

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip() if self.hint else self.title


def closest(word: str, known: Iterable[str], least: float = 0.7) -> str:
    """The one of the `known` words that is most like `word`, of several the first; empty when none is `least` of 1 alike."""
    from difflib import SequenceMatcher

    def alike(other: str) -> float:
        return SequenceMatcher(None, word, other).ratio()

    best = max(known, key=alike, default="")
    return best if alike(best) >= least else ""
