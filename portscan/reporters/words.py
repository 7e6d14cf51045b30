"""Numbers with their nouns, and text in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NARROWEST = 24


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `1,204 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def counted(numbers: Mapping[str, int], nouns: Sequence[str]) -> Iterator[str]:
    """A count for each noun that has one, in the order of `nouns`."""
    return (count(numbers[noun], noun) for noun in nouns if numbers.get(noun))


def wrapped(start: str, text: str, width: int) -> list[str]:
    """`start` and `text` in lines of `width`, those after the first indented to where the text began."""
    room = max(width - len(start), NARROWEST)
    if len(text) <= room:
        return [start + text]
    from textwrap import wrap

    lines = wrap(text, room, break_long_words=False, break_on_hyphens=False)
    return [start + lines[0], *(" " * len(start) + line for line in lines[1:])]
