"""Where in Python a value is held against what is written: a port that moves would not be found there any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portscan.spelling.python_contexts import is_enumeration
from portscan.spelling.python_tree import Step, Tree
from portscan.trees import cst

ROLES = frozenset(
    ("DictElement.key", "Element.value", "Index.value", "ComparisonTarget.comparator", "Comparison.left", "MatchValue.value")
)
BOUNDS = frozenset(("ge", "gt", "le", "lt"))  # of pydantic and the like


def compared(tree: Tree) -> Iterator[tuple[int, int]]:
    """The digits of numbers, and of texts that are nothing else, that are a key, a choice, a member, a bound or a pattern."""
    for node in tree.nodes:
        if isinstance(node, cst.Integer) or (isinstance(node, cst.SimpleString) and node.raw_value.isdigit()):
            above = tree.above(node)
            step = next(above)
            if step.role in ROLES or _is_bound(step.node) or (step.role == "Assign.value" and _is_member(tree, above)):
                start, end = tree.span(node)
                quotes = 0 if isinstance(node, cst.Integer) else len(node.quote)
                yield start + len(getattr(node, "prefix", "")) + quotes, end - quotes


def _is_bound(node: Any) -> bool:
    return isinstance(node, cst.Arg) and node.keyword is not None and node.keyword.value in BOUNDS


def _is_member(tree: Tree, above: Iterator[Step]) -> bool:
    """Whether what an assignment is in is an enumeration."""
    return any(isinstance(step.node, cst.ClassDef) and is_enumeration(tree, step.node) for step in above)
