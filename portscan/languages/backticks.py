"""JavaScript with a backtick too many: it pairs with a later one, and what lies between would be text instead of code.

Its marks alone do not tell a program from a text. But behind a text that ends where another one should begin stands what no
program goes on with, and tree-sitter sees a fault there. Without the mark that opens the text, or with one at the end of its
first line, the tree is another one. It is right if no fault is left in it: what tree-sitter does not know stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from portscan.expressions import compiled_bytes
from portscan.languages.grammars import tree_of
from portscan.records import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

MOST = 4  # marks that are mended in a file, each for some more readings of it
WIDEST = 4  # marks of a line that are looked at
MOST_READ = 10_000_000  # bytes: in a large file one mark is mended, and perhaps not four
TICK = b"`"
CLOSING = compiled_bytes(rb"[^\n`](?=[ \t\r\f\v;,)\]]{0,200}(?:\n|\Z))")  # what a mark may end in front of: `fetch(`http://x);`


@dataclass(frozen=True, slots=True)
class Mended:
    """The tree of a program, and how many of its backticks had to be read otherwise than they stand there."""

    root: Node
    marks: int = 0


def mended_tree(grammar: str, data: bytes) -> Mended:
    """The tree of a program as it would be without backticks too many, if that has no fault at all; else its own."""
    own = tree_of(grammar, data)
    root, marks, readings = own, 0, iter(range(MOST_READ // (len(data) + 1)))
    while root.has_error and marks < MOST:
        better = _better(grammar, data, root, readings)
        if better is None:
            break
        (root, data), marks = better, marks + 1
    return Mended(own) if root.has_error else Mended(root, marks)


def _better(grammar: str, data: bytes, root: Node, readings: Iterator[int]) -> tuple[Node, bytes] | None:
    """A tree without a fault, or whose first one is further down than the others', and what it is the tree of.

    Each try takes one of the `readings` that are left.
    """
    fault = _fault(root)
    if fault is None:
        return None
    reached, better = fault.start_byte, None
    tries = (each for mark in _doubtful(data, root, fault) for each in _otherwise(data, mark))
    for each, _ in zip(tries, readings, strict=False):
        tree = tree_of(grammar, each)
        fault = _fault(tree)
        if fault is None:
            return tree, each
        if fault.start_byte > reached:
            reached, better = fault.start_byte, (tree, each)
    return better


def _fault(node: Node) -> Node | None:
    """The first place where something had to be left out or thought up."""
    while not (node.is_error or node.is_missing):
        below = next((child for child in node.children if child.has_error), None)
        if below is None:
            return None
        node = below
    return node


def _doubtful(data: bytes, root: Node, fault: Node) -> Iterator[int]:
    """The marks that may be too many: what opens a text that ends in the line of a fault, and what stands there alone."""
    first, last = data.rfind(b"\n", 0, fault.start_byte) + 1, data.find(b"\n", fault.start_byte)
    marks = [at.start() for at in re.finditer(TICK, data[: last if last >= 0 else len(data)][first:])]
    found: dict[int, None] = {}
    for mark in (first + at for at in marks[:WIDEST]):
        node = root.descendant_for_byte_range(mark, mark + 1)
        text = node.parent if node is not None else None
        found[text.start_byte if text is not None and text.type == "template_string" else mark] = None
    yield from found


def _otherwise(data: bytes, start: int) -> Iterator[bytes]:
    """The program without the mark at `start`, and with the text that it opens ended in its line; nothing changes its place."""
    yield data[:start] + b" " + data[start + 1 :]
    line = CLOSING.search(data, start + 1)
    if line:
        yield data[: line.start()] + TICK + data[line.end() :]
