"""YAML of which each line is a key, with a plain value or none: read line by line, without an object for each event.

What a line says follows from its own characters and its column, if the parser takes the text: none of its values can go on in the
next line, since there stands a key. So the parser is asked whether it does, and for its events where any line is another one.
"""

from __future__ import annotations

from typing import Any, Protocol

from portscan.expressions import compiled
from portscan.languages.keyed import Level, begun
from portscan.languages.yaml_parts import taken
from portscan.sites import NAMING
from portscan.text import Text

DIGIT = compiled(r"\d")
WORD = r"A-Za-z0-9_./@+=~(),$%;\-"
VALUE = rf"[A-Za-z0-9_/](?:[{WORD} :]*[{WORD}])?"
# Any other line is told by its first character: to seek beyond it would go through a long one again and again.
LINE = compiled(rf"( *)(?:([A-Za-z_][A-Za-z0-9_./-]*):(?: +([\"']?)({VALUE})\3)? *)?(?:(?<!\S)#[^\n]*)?(?:\n|\Z)|((?s:.))")


class Walk(Protocol):
    """What is told of values, with the levels at which they stand."""

    text: Text
    levels: list[Level[Any]]

    def value(self, part: Text) -> None:
        """A value with a digit in it."""


def told(walk: Walk) -> bool:
    """Tell a walk the values of its text. Where that is not plain, nothing of what was told counts."""
    text, levels, columns = walk.text, walk.levels, [-1]
    empty = False  # whether the last key has no value, unless one follows further in
    for line in LINE.finditer(text.value):
        key, value, other = line.group(2, 4, 5)
        if other is not None or (value is not None and ": " in value):
            return False
        if key is None:
            continue
        column = line.end(1) - line.start()
        if empty and column <= columns[-1] and levels[-1].key in NAMING:
            levels[-1].called = ""
        if column != columns[-1] and not _gone_to(column, columns, levels):
            return False
        level = levels[-1]
        level.key, empty = key, value is None
        if value is not None and key in NAMING:
            level.called = value
        if value is not None and DIGIT.search(value):
            walk.value(text.part(*line.span(4)))
    return taken((text.value,))


def _gone_to(column: int, columns: list[int], levels: list[Level[Any]]) -> bool:
    """Whether there is a level at a column: further in it is a new one, further out one of those that are open."""
    if column > columns[-1]:
        columns.append(column)
        levels.append(begun(True))
    while column < columns[-1]:
        columns.pop()
        levels.pop()
    return column == columns[-1]
