"""Env files as Compose reads them: every value traced to where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from portscan.connectivity.bounds import Budget
from portscan.connectivity.interpolation import Lookup, within
from portscan.connectivity.traced import Piece, Spot, Traced
from portscan.expressions import compiled

LINE = compiled(r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][\w.-]*)[ \t]*(?P<mark>[=:]|(?=(?:#.*)?$))", re.MULTILINE)
BLANK = compiled(r"[ \t]*")
BARE = compiled(r"[^\r\n]*")
COMMENT = compiled(r"(?:^|[ \t])#.*")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$$"}


def environment(path: str, text: str, lookup: Lookup, budget: Budget) -> Mapping[str, Traced]:
    """The variables of an env file. `lookup` knows those from outside, which an env file may refer to.

    A name without a value takes the one from outside, and is left out when there is none. A value that would be longer than the
    `budget` has room for is left as it is written.
    """
    found: dict[str, Traced] = {}

    def known(name: str) -> Traced | None:
        outside = lookup(name)
        return outside if outside is not None else found.get(name)

    for name, value, raw in _assigned(path, text):
        if value is None:
            outside = lookup(name)
            if outside is not None:
                found[name] = outside
        else:
            found[name] = value if raw else within(budget, path, value, known).value
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def _assigned(path: str, text: str) -> tuple[tuple[str, Traced | None, bool], ...]:
    """The same as a tuple, which is kept: many services read the same files."""
    return tuple(_assignments(path, text))


def _assignments(path: str, text: str) -> Iterator[tuple[str, Traced | None, bool]]:
    """The names with their values as written, and whether nothing is replaced in them (single quotes)."""
    position = 0
    while position < len(text):
        line = LINE.match(text, position)
        if line is None:
            position = _behind(text, position)
            continue
        if not line["mark"]:
            yield line["name"], None, True
            position = _behind(text, line.end())
            continue
        blank = BLANK.match(text, line.end())
        value, end, raw = _value(path, text, blank.end() if blank else line.end())
        yield line["name"], value, raw
        position = _behind(text, end)


def _behind(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


def _value(path: str, text: str, start: int) -> tuple[Traced, int, bool]:
    quote = text[start : start + 1]
    end = _closing(text, start + 1, quote) if quote in ("'", '"') else -1
    if end < 0:
        bare = BARE.match(text, start)
        written = COMMENT.sub("", bare[0] if bare else "").strip()
        return _piece(path, written, start), start + len(bare[0] if bare else ""), False
    if quote == "'":
        return _piece(path, text[start + 1 : end], start + 1), end + 1, True
    return Traced(tuple(_unescaped(path, text, start + 1, end)), Spot(path, start + 1, end)), end + 1, False


def _piece(path: str, written: str, start: int) -> Traced:
    return Traced((Piece(written, path, start),) if written else (), Spot(path, start, start + len(written)))


def _closing(text: str, start: int, quote: str) -> int:
    i = start
    while i < len(text):
        if text[i] == "\\" and quote == '"':
            i += 1
        elif text[i] == quote:
            return i
        i += 1
    return -1


def _unescaped(path: str, text: str, start: int, end: int) -> Iterator[Piece]:
    reached = i = start
    while i < end:
        if text[i] == "\\" and text[i + 1] in ESCAPES:
            yield Piece(text[reached:i], path, reached)
            yield Piece(ESCAPES[text[i + 1]])
            i = reached = i + 2
        else:
            i += 1
    yield Piece(text[reached:end], path, reached)
