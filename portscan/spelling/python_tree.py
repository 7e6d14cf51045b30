"""A Python file as libcst sees it: which node holds a character, what stands above it, and in which role."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import fields
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

from portscan.records import dataclass

LEAVES = (cst.Integer, cst.SimpleString, cst.FormattedStringText)
LINE_END = re.compile(r"\r\n|\n|\r")


class Step(NamedTuple):
    """A node above another one, and the role that the lower one has in it, as `Type.field`."""

    node: Any
    below: Any
    role: str


@dataclass(frozen=True, eq=False)
class Tree:
    """One parsed text. Offsets are in characters."""

    text: str
    module: cst.Module
    positions: Any
    parents: Any
    lines: tuple[int, ...]

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The characters of a node, without parentheses around it."""
        place = self.positions[node]
        return (
            self.lines[place.start.line - 1] + place.start.column,
            self.lines[place.end.line - 1] + place.end.column,
        )

    def code(self, node: cst.CSTNode) -> str:
        """The source text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def line_start(self, offset: int) -> int:
        """Where the line of a character begins."""
        return self.lines[bisect_right(self.lines, offset) - 1]

    @cached_property
    def nodes(self) -> tuple[cst.CSTNode, ...]:
        """Every node."""
        found: list[cst.CSTNode] = [self.module]
        for node in found:
            found.extend(node.children)
        return tuple(found)

    def leaf(self, start: int, end: int) -> cst.CSTNode | None:
        """The number or the piece of text that holds the characters `start:end`."""
        for node in self.nodes:
            if isinstance(node, LEAVES):
                first, last = self.span(node)
                if first <= start and end <= last:
                    return node
        return None

    def above(self, node: cst.CSTNode) -> Iterator[Step]:
        """What stands above a node, nearest first."""
        parent = self.parents.get(node)
        while parent is not None:
            yield Step(parent, node, f"{type(parent).__name__}.{_field(parent, node)}")
            node, parent = parent, self.parents.get(parent)


def _field(parent: Any, child: cst.CSTNode) -> str:
    for field in fields(parent):
        value = getattr(parent, field.name)
        if value is child or (isinstance(value, (list, tuple)) and any(each is child for each in value)):
            return field.name
    return ""


@lru_cache(maxsize=4)
def parsed(text: str) -> Tree | None:
    """The tree of a text, None when libcst refuses it."""
    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        positions, parents = wrapper.resolve(PositionProvider), wrapper.resolve(ParentNodeProvider)
    except (cst.ParserSyntaxError, RecursionError, ValueError):
        return None
    if wrapper.module.code != text:
        return None  # it leaves out some form feeds and backslashes: then no place behind them is right
    return Tree(text, wrapper.module, positions, parents, (0, *(m.end() for m in LINE_END.finditer(text))))
