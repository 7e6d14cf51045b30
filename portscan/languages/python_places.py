"""Where the nodes of a libcst tree stand, counted in characters of the source while the tree is written out once.

libcst's own positions are the same, in lines and columns, and take three times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from libcst._nodes.internal import CodegenState

if TYPE_CHECKING:
    import libcst as cst

Span = tuple[int, int]


class Places(CodegenState):
    """The spans of all nodes, without the blanks and brackets around them."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.reached = 0
        self.open: list[int] = []
        self.spans: dict[cst.CSTNode, Span] = {}
        module._codegen(self)

    def add_indent_tokens(self) -> None:
        """The indentation of a line is written."""
        for token in self.indent_tokens:
            self.reached += len(token)

    def add_token(self, value: str) -> None:
        """A piece of the source is written."""
        self.reached += len(value)

    def pop_trailing_newline(self) -> None:
        """The last line end was not there; nothing stands behind it."""

    def before_codegen(self, node: cst.CSTNode) -> None:  # noqa: ARG002
        """A node begins, with what is around it."""
        self.open.append(self.reached)

    def after_codegen(self, node: cst.CSTNode) -> None:
        """A node ends. If it has told already where it stands without what is around it, that counts."""
        start = self.open.pop()
        if node not in self.spans:
            self.spans[node] = (start, self.reached)

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
