"""Which pieces stand on one line with a digit: they are sought in the lines with digits alone, which are few."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from portscan.expressions import compiled
from portscan.triggers.heads import DIGITS, characters
from portscan.triggers.needs import parsed

NUMBER, REPEATED = compiled(r"\d|\\d"), compiled(r"\{\d{0,9},?\d{0,9}\}")


@lru_cache(maxsize=4096)  # languages have most of their pieces in common
def lined(piece: str) -> bool:
    """Whether wherever `piece` is found there is a digit on its line, and nothing on other lines counts."""
    if not NUMBER.search(REPEATED.sub("", piece)):
        return False
    elements = parsed(piece)
    return _numbered(elements) and not _leaves(elements)


def _numbered(elements: Any) -> bool:
    """Whether one of some elements is a digit in any case."""
    return any(_digit(str(operation), argument) for operation, argument in elements)


def _digit(operation: str, argument: Any) -> bool:
    if operation == "SUBPATTERN":
        return _numbered(argument[3])
    if operation == "BRANCH":
        return all(map(_numbered, argument[1]))
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        return int(argument[0]) > 0 and _numbered(argument[2])
    return operation in ("LITERAL", "IN") and (characters(operation, argument, False) or {""}) <= DIGITS


def _leaves(elements: Any) -> bool:
    """Whether one of some elements may take the end of a line, or look behind it."""
    return any(_leaving(str(operation), argument) for operation, argument in elements)


def _leaving(operation: str, argument: Any) -> bool:
    found = characters(operation, argument, False)
    if found is not None:
        return "\n" in found
    if operation == "BRANCH":
        return any(map(_leaves, argument[1]))
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        return _leaves(argument[2])
    if operation in ("ASSERT", "ASSERT_NOT"):
        return _looks_further(argument[0], argument[1])
    return _leaves(argument[3]) if operation == "SUBPATTERN" else "BOUNDARY" not in str(argument)


def _looks_further(direction: int, elements: Any) -> bool:
    """Whether more counts than a line and what ends it, or the line in front of it: one character."""
    first = characters(str(elements[0][0]), elements[0][1], False) if len(elements) else None
    if first is not None and (direction < 0 or len(elements) == 1):
        return _leaves(elements[1:])
    return _leaves(elements)
