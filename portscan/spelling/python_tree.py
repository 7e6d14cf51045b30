"""A Python file as libcst sees it: which node holds a character, what stands above it, and in which role."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any

from portscan.expressions import compiled
from portscan.records import dataclass, fields
from portscan.trees import MetadataWrapper, ParentNodeProvider, PositionProvider, cst
from portscan.tuples import NamedTuple

LEAVES = (cst.Integer, cst.SimpleString, cst.FormattedStringText)
LINE_END = compiled(r"\r\n|\n|\r")


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
        """The number or the piece of text that holds the characters `start:end`; none of them holds another."""
        number = bisect_right(self._leaves, start, key=itemgetter(0)) - 1
        if number < 0:
            return None
        _, last, node = self._leaves[number]
        return node if end <= last else None

    @cached_property
    def _leaves(self) -> Sequence[tuple[int, int, cst.CSTNode]]:
        """The numbers and pieces of text, in the order of their places."""
        found = ((*self.span(node), node) for node in self.nodes if isinstance(node, LEAVES))
        return sorted(found, key=itemgetter(0, 1))

    def above(self, node: cst.CSTNode) -> Iterator[Step]:
        """What stands above a node, nearest first."""
        parent = self.parents.get(node)
        while parent is not None:
            yield Step(parent, node, f"{type(parent).__name__}.{self._field(parent, node)}")
            node, parent = parent, self.parents.get(parent)

    def _field(self, parent: cst.CSTNode, child: cst.CSTNode) -> str:
        """The field of a node in which another one is, looked up: a list may be as long as the file."""
        if parent not in self._fields:
            self._fields[parent] = _fields(parent)
        return self._fields[parent].get(id(child), "")

    @cached_property
    def _fields(self) -> dict[cst.CSTNode, Mapping[int, str]]:
        return {}


def _fields(parent: Any) -> Mapping[int, str]:
    """What is in the fields of a node, by identity; the first of the fields counts."""
    found: dict[int, str] = {}
    for field in fields(parent):
        value = getattr(parent, field.name)
        for each in value if isinstance(value, (list, tuple)) else (value,):
            found.setdefault(id(each), field.name)
    return found


@lru_cache(maxsize=4)
def parsed(text: str) -> Tree | None:
    """The tree of a text, None when libcst refuses it."""
    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        positions, parents = wrapper.resolve(PositionProvider), wrapper.resolve(ParentNodeProvider)
    except (cst.ParserSyntaxError, SyntaxError, RecursionError, ValueError):  # a tree that cannot be is a SyntaxError
        return None
    if wrapper.module.code != text:
        return None  # it leaves out some form feeds and backslashes: then no place behind them is right
    return Tree(text, wrapper.module, positions, parents, (0, *(m.end() for m in LINE_END.finditer(text))))
