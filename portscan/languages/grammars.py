"""Grammars of tree-sitter."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from portscan.languages import Unreadable
from portscan.model import Reason
from portscan.native import library

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# tree-sitter asks whether to go on every hundred steps of its own; a program takes some three such asks for a hundred bytes.
STEPS, STEPS_PER_BYTE = 1_000, 0.5
CHUNK = 1 << 16
PLACES = {
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
}


@lru_cache(maxsize=4)
def parser(grammar: str) -> Parser:
    """A parser for one of the grammars in `PLACES`."""
    from tree_sitter import Language, Parser

    package, name = PLACES[grammar]
    return Parser(Language(getattr(library(package, "_binding"), name)()))


def tree_of(grammar: str, data: bytes) -> Node:
    """The root of the tree of `data`; `Unreadable` where the parser tries and tries to make sense of it."""
    most, steps = STEPS + int(len(data) * STEPS_PER_BYTE), 0

    def enough(_offset: int, _has_error: bool) -> bool:
        nonlocal steps
        steps += 1
        return steps > most

    chosen, views = parser(grammar), []

    def read(offset: int, _point: object) -> memoryview:
        views.append(memoryview(data)[offset : offset + CHUNK])
        return views[-1]

    try:
        return chosen.parse(read, progress_callback=enough).root_node
    except ValueError:
        chosen.reset()
        raise Unreadable(Reason("JavaScript: too far from any program")) from None
    finally:  # the binding never lets go of what it is given: only an empty view must be lost by that
        for view in views:
            view.release()
