"""A JavaScript or TypeScript file as tree-sitter sees it. Offsets are in characters; the bytes stay in here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from portscan.languages.grammars import tree_of
from portscan.records import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

LEAVES = frozenset(("number", "string", "template_string", "template_literal_type", "jsx_text", "regex"))
GRAMMARS = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx"}


class Step(NamedTuple):
    """A node above another one, and the role of the lower one in it: `type.field`, or `type.` where it has no field."""

    node: Node
    below: Node
    role: str


@dataclass(frozen=True, eq=False)
class Tree:
    """One parsed text, and the bytes that tree-sitter was given for it."""

    text: str
    data: bytes
    root: Node

    def span(self, node: Node) -> tuple[int, int]:
        """The characters of a node."""
        return self._character(node.start_byte), self._character(node.end_byte)

    def code(self, node: Node | None) -> str:
        """The source text of a node."""
        return "" if node is None else self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def leaf(self, start: int, end: int) -> Node | None:
        """The number, text or pattern that holds the characters `start:end`."""
        first = len(self.text[:start].encode("utf-8", "surrogatepass"))
        node = self.root.descendant_for_byte_range(first, first + end - start)
        while node is not None and node.type not in LEAVES:
            node = node.parent
        return node

    def nodes(self, *types: str) -> Iterator[Node]:
        """Every node, or those of some types."""
        stack = [self.root]
        while stack:
            node = stack.pop()
            if not types or node.type in types:
                yield node
            stack.extend(node.children)

    def _character(self, byte: int) -> int:
        if len(self.data) == len(self.text):
            return byte
        return len(self.data[:byte].decode("utf-8", "surrogatepass"))


def above(node: Node) -> Iterator[Step]:
    """What stands above a node, nearest first."""
    parent = node.parent
    while parent is not None:
        yield Step(parent, node, f"{parent.type}.{_field(parent, node)}")
        node, parent = parent, parent.parent


def _field(parent: Node, child: Node) -> str:
    place = next(i for i, each in enumerate(parent.children) if each.id == child.id)
    return parent.field_name_for_child(place) or ""


@lru_cache(maxsize=4)
def parsed(path: str, text: str) -> Tree:
    """The tree of a text, in the grammar that goes with its path."""
    suffix = path[path.rfind(".") :].lower() if "." in path else ""
    data = text.encode("utf-8", "surrogatepass")
    return Tree(text, data, tree_of(GRAMMARS.get(suffix, "javascript"), data))
