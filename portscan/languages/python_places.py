"""Where the nodes of a libcst tree stand, and what is above them, noted while the tree is written out once.

libcst's own positions are the same, in lines and columns, and take three times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portscan.languages.python_parser import CodegenState

if TYPE_CHECKING:
    import libcst as cst

Span = tuple[int, int]
# libcst leaves these out of what it writes: then no place behind them is right
DIFFERENT = "a form feed, a backslash or a byte order mark that belongs to nothing"


class Places(CodegenState):
    """The spans of all nodes of a source, in characters, without blanks and brackets around them, and the node above each."""

    def __init__(self, module: cst.Module, source: str) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.reached = 0
        self.open: list[tuple[cst.CSTNode, int]] = []
        self.above: dict[cst.CSTNode, cst.CSTNode] = {}
        self.spans: dict[cst.CSTNode, Span] = {}
        module._codegen(self)
        if "".join(self.tokens) != source:
            raise ValueError(DIFFERENT)

    def add_indent_tokens(self) -> None:
        """The indentation of a line is written."""
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        """A piece of the source is written."""
        self.reached += len(value)
        self.tokens.append(value)

    def pop_trailing_newline(self) -> None:
        """The last line end was not there; nothing stands behind it."""
        del self.tokens[-1:]

    def before_codegen(self, node: cst.CSTNode) -> None:
        """A node begins, with what is around it."""
        if self.open:
            self.above[node] = self.open[-1][0]
        self.open.append((node, self.reached))

    def after_codegen(self, node: cst.CSTNode) -> None:
        """A node ends. If it has told already where it stands without what is around it, that counts."""
        _, start = self.open.pop()
        if node not in self.spans:
            self.spans[node] = (start, self.reached)

    def ancestors(self, node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
        """The nodes above one, from the outermost to the nearest."""
        found = []
        above = self.above.get(node)
        while above is not None:
            found.append(above)
            above = self.above.get(above)
        return tuple(reversed(found))

    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> Any:
        """While this is open, the node itself is written."""
        return _Recording(self, node, start_node, end_node)


class _Recording:
    """Notes where a node begins and ends; it may begin or end where one of its parts does."""

    __slots__ = ("end_node", "node", "places", "start", "start_node")

    def __init__(self, places: Places, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None) -> None:
        self.places, self.node, self.start_node, self.end_node = places, node, start_node, end_node
        self.start = 0

    def __enter__(self) -> None:
        self.start = self.places.reached

    def __exit__(self, *_: object) -> None:
        spans = self.places.spans
        start = self.start if self.start_node is None else spans[self.start_node][0]
        end = self.places.reached if self.end_node is None else spans[self.end_node][1]
        spans[self.node] = (start, end)
