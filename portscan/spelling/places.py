"""Where lines, signs and patterns stand in a text: sought once for all of its ports, since a line may be as long as the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter


def line_around(text: str, offset: int) -> tuple[int, int]:
    """Where the line of a character begins and ends, without its line feed."""
    feeds = _signs(text, "\n")
    number = bisect_left(feeds, offset)
    return (feeds[number - 1] + 1 if number else 0), (feeds[number] if number < len(feeds) else len(text))


def count_between(text: str, sign: str, start: int, end: int) -> int:
    """How often a sign stands between two places."""
    found = _signs(text, sign)
    return bisect_left(found, end) - bisect_left(found, start)


def touched(pattern: re.Pattern[str], text: str, part: tuple[int, int], start: int, end: int) -> bool:
    """Whether what a pattern finds in a part of a text has some of the characters `start:end`."""
    found = _matches(pattern, text, *part)
    number = bisect_right(found, start, key=itemgetter(1))
    return number < len(found) and found[number][0] < end


@lru_cache(maxsize=16)
def holds(pattern: re.Pattern[str], text: str, first: int, last: int) -> bool:
    """Whether there is anything for a pattern in a part of a text."""
    return pattern.search(text, first, last) is not None


@lru_cache(maxsize=16)
def _signs(text: str, sign: str) -> Sequence[int]:
    return [match.start() for match in re.finditer(re.escape(sign), text)]


@lru_cache(maxsize=16)
def _matches(pattern: re.Pattern[str], text: str, first: int, last: int) -> Sequence[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text, first, last)]
