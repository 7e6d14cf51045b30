"""Where in JavaScript and TypeScript a value is held against what is written: a port that moves would not be found there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.spelling.javascript_contexts import CASTS, is_constant
from portscan.spelling.javascript_names import outside
from portscan.spelling.javascript_tree import Step, Tree

if TYPE_CHECKING:
    from tree_sitter import Node

ROLES = frozenset(
    (
        *("pair.key", "pair_pattern.key", "computed_property_name.", "subscript_expression.index", "array.", "switch_case.value"),
        *("method_definition.name", "public_field_definition.name", "field_definition.property", "property_signature.name"),
        *("enum_assignment.value", "enum_assignment.name", "literal_type."),
    )
)
NUMBER = compiled(r"(?<![\w\\])\d{2,5}(?!\w)")  # in a pattern
COMPARISONS = frozenset(("===", "!==", "==", "!=", "<", "<=", ">", ">=", "in"))
LIMITS = "min", "max", "gt", "gte", "lt", "lte"
LOOKED_UP = frozenset(("get", "set", "has", "add", "delete", "includes", "indexOf", "lastIndexOf", "literal", *LIMITS))
EQUAL = frozenset(
    ("is", "equal", "equals", "deepEqual", "strictEqual", "deepStrictEqual", "min", "max", "gt", "gte", "lt", "lte")
)
BOUNDS = frozenset(("min", "max", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const"))  # of schemas


def compared(tree: Tree) -> Iterator[tuple[int, int]]:
    """The digits of numbers, and of texts that are nothing else: of a key, a choice, a member, a bound, a type or a case."""
    for node in tree.nodes("number", "string", "template_string"):
        quotes = int(node.type != "number")
        digits = tree.data[node.start_byte + quotes : node.end_byte - quotes]
        if digits.isdigit() and _is_held(tree, outside(tree, node)):
            start, end = tree.span(node)
            yield start + quotes, end - quotes
    for pattern in tree.nodes("regex_pattern"):
        yield from (match.span() for match in NUMBER.finditer(tree.text, *tree.span(pattern)))


def _is_held(tree: Tree, step: Step) -> bool:
    if step.node.type == "binary_expression":
        return tree.code(step.node.child_by_field_name("operator")) in COMPARISONS
    if step.role == "pair.value":
        return tree.code(step.node.child_by_field_name("key")).strip("\"'") in BOUNDS or _is_member(tree, step)
    return step.role in ROLES or (step.node.type == "arguments" and _is_asked_for(tree, step.node, step.below))


def _is_member(tree: Tree, pair: Step) -> bool:
    """Whether a pair is in an object that serves as an enumeration: `{ … } as const`, `Object.freeze({ … })`."""
    above = tree.above(pair.node)
    holder = next(step for step in above if step.node.type not in ("object", "pair"))
    if holder.node.type in CASTS:
        return is_constant(tree, holder.node)
    return holder.node.type == "arguments" and tree.code(_function(tree, holder.node)) == "Object.freeze"


def _function(tree: Tree, arguments: Node) -> Node | None:
    call = tree.parent(arguments)
    return None if call is None else call.child_by_field_name("function")


def _is_asked_for(tree: Tree, arguments: Node, argument: Node) -> bool:
    """Whether a call looks its first argument up, or compares what it is given."""
    function = _function(tree, arguments)
    method = tree.code(function.child_by_field_name("property")) if function is not None else ""
    return method in EQUAL or (method in LOOKED_UP and arguments.named_children[0].id == argument.id)
