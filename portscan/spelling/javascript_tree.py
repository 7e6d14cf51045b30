"""A JavaScript or TypeScript file as tree-sitter sees it. Offsets are in characters; the bytes stay in here."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from operator import itemgetter
from typing import TYPE_CHECKING

from portscan.languages.backticks import mended_tree
from portscan.records import dataclass
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

LEAVES = frozenset(("number", "string", "template_string", "template_literal_type", "jsx_text", "regex"))
STEP = 1024
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
    odd: int = 0  # backticks that had to be read otherwise than they stand there

    def span(self, node: Node) -> tuple[int, int]:
        """The characters of a node."""
        return self._character(node.start_byte), self._character(node.end_byte)

    def code(self, node: Node | None) -> str:
        """The source text of a node."""
        return "" if node is None else self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def leaf(self, start: int, end: int) -> Node | None:
        """The number, text or pattern that holds the characters `start:end`."""
        first, last = self._byte(start), self._byte(end)
        number = bisect_right(self._leaves, first, key=itemgetter(0)) - 1
        node = self._leaves[number][1] if number >= 0 else None
        while node is not None and (node.end_byte < last or node.type not in LEAVES):
            node = self.parent(node)
        return node

    def nodes(self, *types: str) -> Iterator[Node]:
        """Every node, or those of some types."""
        return chain.from_iterable(map(self._by_type.__getitem__, types)) if types else iter(self._nodes)

    @cached_property
    def quote(self) -> str:
        """The quotes that stand in the text most often."""
        return max('"', "'", key=self.text.count)

    def above(self, node: Node) -> Iterator[Step]:
        """What stands above a node, nearest first."""
        while (place := self._places.get(node.id)) is not None:
            parent, field = place
            yield Step(parent, node, f"{parent.type}.{field}")
            node = parent

    def parent(self, node: Node) -> Node | None:
        """The node right above another one; tree-sitter would look for it among all children of those above."""
        place = self._places.get(node.id)
        return place[0] if place else None

    @cached_property
    def _leaves(self) -> Sequence[tuple[int, Node]]:
        """The numbers, texts and patterns behind the bytes at which they begin, outer ones first."""
        return [(node.start_byte, node) for node in self._nodes if node.type in LEAVES]

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[Node]]:
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self._nodes:
            found[node.type].append(node)
        return found

    @cached_property
    def _nodes(self) -> Sequence[Node]:
        return [self.root, *(node for node, _, _ in _walked(self.root))]

    @cached_property
    def _places(self) -> Mapping[int, tuple[Node, str]]:
        """What is right above each node, and the field there that holds it."""
        return {node.id: (parent, field) for node, parent, field in _walked(self.root)}

    def _byte(self, offset: int) -> int:
        if len(self.data) == len(self.text):
            return offset
        block = offset // STEP
        return self._checkpoints[block] + len(self.text[block * STEP : offset].encode("utf-8", "surrogatepass"))

    def _character(self, byte: int) -> int:
        if len(self.data) == len(self.text):
            return byte
        block = bisect_right(self._checkpoints, byte) - 1
        before = self.data[self._checkpoints[block] : byte].decode("utf-8", "surrogatepass")
        return min(block * STEP + len(before), len(self.text))

    @cached_property
    def _checkpoints(self) -> Sequence[int]:
        """Where every `STEP`-th character begins."""
        blocks = (self.text[i : i + STEP] for i in range(0, len(self.text), STEP))
        return list(accumulate((len(block.encode("utf-8", "surrogatepass")) for block in blocks), initial=0))


def _walked(root: Node) -> Iterator[tuple[Node, Node, str]]:
    """Every node below the root, with the one right above it and the field there that holds it."""
    cursor, parents = root.walk(), [root]
    going = cursor.goto_first_child()
    while going:
        node = cursor.node
        assert node is not None
        yield node, parents[-1], cursor.field_name or ""
        if cursor.goto_first_child():
            parents.append(node)
            continue
        while not cursor.goto_next_sibling():
            cursor.goto_parent()
            parents.pop()
            if not parents:
                return


@lru_cache(maxsize=4)
def parsed(path: str, text: str) -> Tree:
    """The tree of a text, in the grammar that goes with its path."""
    suffix = path[path.rfind(".") :].lower() if "." in path else ""
    data = text.encode("utf-8", "surrogatepass")
    mended = mended_tree(GRAMMARS.get(suffix, "javascript"), data)
    return Tree(text, data, mended.root, mended.marks)
