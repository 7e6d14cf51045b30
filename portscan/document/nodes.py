"""The tree of a YAML document: plain values, each with the offsets at which it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from typing import Any, Final, TypeAlias

from portscan.expressions import compiled
from portscan.records import dataclass

Path: TypeAlias = tuple[str | int, ...]

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {word: value for value in (True, False) for word in (str(value), str(value).lower(), str(value).upper())}
_INTEGER: Final = compiled(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = compiled(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# Longer digits are no port and no number anybody means; Python refuses to convert the longest.
_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """One value, `text` as YAML reads it; `plain` unless it is quoted, a block, or tagged as text."""

    text: str
    start: int
    end: int
    plain: bool
    weight: int = 1
    height: int = 0
    tag: str = ""

    @property
    def value(self) -> Any:
        """The value by YAML 1.2's core schema: `yes` is text, `010` is ten, a date is text."""
        return resolve(self.text) if self.plain else self.text


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A key of a mapping with its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list. `weight` counts the nodes below it with aliases written out, `height` the levels."""

    items: tuple[Node, ...]
    start: int
    end: int
    weight: int
    height: int
    tag: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A mapping, its keys in the order of the file, merged (`<<`) ones last."""

    entries: MappingType[str, Entry]
    start: int
    end: int
    weight: int
    height: int
    tag: str = ""


Node: TypeAlias = Scalar | Sequence | Mapping


def resolve(text: str) -> Any:
    """The value of a plain scalar."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return float(re.sub(r"\.(?=[a-zA-Z])", "", text))
    return text


def _integer(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        return -(10**_MOST_DIGITS) if text.startswith("-") else 10**_MOST_DIGITS
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    return int(text, base)


def plain(node: Node) -> Any:
    """The tree as dictionaries, lists and values. Depth and size were bounded when the tree was made."""
    if isinstance(node, Mapping):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value


def scalars(node: Node) -> Iterator[Scalar]:
    """Every key and every value below a node, in order."""
    pending = [node]
    while pending:
        below = pending.pop()
        if isinstance(below, Scalar):
            yield below
        elif isinstance(below, Sequence):
            pending += reversed(below.items)
        else:
            pending += (each for entry in [*below.entries.values()][::-1] for each in (entry.value, entry.key))


def stretch(node: Node) -> tuple[int, int]:
    """The offsets to point at for a node: a mapping's first key, a list's first item, a scalar itself."""
    if isinstance(node, Mapping) and node.entries:
        first = next(iter(node.entries.values())).key
        # A mapping made of merged keys only starts where it is written, not where they are.
        return (first.start, first.end) if first.start >= node.start else (node.start, node.start)
    if isinstance(node, Sequence) and node.items:
        return node.start, node.start
    return node.start, node.end
