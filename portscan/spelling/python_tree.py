"""A Python file as libcst sees it: which node holds a character, what stands above it, and in which role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

LEAVES = (cst.Integer, cst.SimpleString, cst.FormattedStringText)
LINE_END = re.compile(r"\r\n|\n|\r")
OPENING = re.compile(r"([A-Za-z]*)(\"\"\"|'''|\"|')")

# where a name is bound otherwise than by an import: node type and the role of the name in it
BINDERS = frozenset(
    (
        *("Param.name", "AssignTarget.target", "AnnAssign.target", "AugAssign.target", "NamedExpr.target", "AsName.name"),
        *("For.target", "CompFor.target", "FunctionDef.name", "ClassDef.name", "Element.value", "Del.target"),
        *("MatchAs.name", "MatchStar.name", "NameItem.name"),
    )
)
TARGETS = frozenset(("AssignTarget", "For", "CompFor", "AsName"))


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
        return max(start for start in self.lines if start <= offset)

    def nodes(self) -> Iterator[cst.CSTNode]:
        """Every node."""
        stack: list[cst.CSTNode] = [self.module]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(node.children)

    def leaf(self, start: int, end: int) -> cst.CSTNode | None:
        """The number or the piece of text that holds the characters `start:end`."""
        for node in self.nodes():
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

    def binds(self, name: str) -> bool:
        """Whether something other than an import gives `name` a value."""
        return any(isinstance(node, cst.Name) and node.value == name and self._is_target(node) for node in self.nodes())

    def _is_target(self, name: cst.Name) -> bool:
        steps = self.above(name)
        step = next(steps)
        if step.role != "Element.value":
            return step.role in BINDERS
        return any(s.role in BINDERS - {"Element.value"} for s in (next(steps), next(steps)))


def _field(parent: Any, child: cst.CSTNode) -> str:
    for field in fields(parent):
        value = getattr(parent, field.name)
        if value is child or (isinstance(value, (list, tuple)) and any(each is child for each in value)):
            return field.name
    return ""


def opening(code: str) -> tuple[str, str]:
    """The prefix and the quotes with which a string begins."""
    match = OPENING.match(code)
    assert match is not None
    return match[1], match[2]


@lru_cache(maxsize=4)
def parsed(text: str) -> Tree | None:
    """The tree of a text, None when libcst refuses it."""
    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        positions, parents = wrapper.resolve(PositionProvider), wrapper.resolve(ParentNodeProvider)
    except (cst.ParserSyntaxError, RecursionError, ValueError):
        return None
    return Tree(text, wrapper.module, positions, parents, (0, *(m.end() for m in LINE_END.finditer(text))))
