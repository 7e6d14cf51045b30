"""What TypeScript says of a value by its type: where a number or a text may fit only as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from portscan.spelling.javascript_tree import Step, Tree

if TYPE_CHECKING:
    from tree_sitter import Node

# nodes between a value and the declaration that it is the whole value of, or one that it may have
WRAPPERS = frozenset(
    (
        *("parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"),
        *("binary_expression", "ternary_expression"),
    )
)
# types that say by others what fits
HOLDERS = frozenset(("Awaited", "NonNullable", "Promise", "PromiseLike"))
NARROW = frozenset(
    ("number", "string", "template_literal_type", "type_query", "lookup_type", "index_type_query", "conditional_type")
)


def is_literally_typed(tree: Tree, step: Step, leaf: Node) -> bool:
    """Whether the type that is declared for this value is the value itself."""
    kind = tree.code(_declared(step))
    if len(kind) < leaf.end_byte - leaf.start_byte or not _is_whole(tree, step, leaf):
        return False
    return bool(re.search(rf"(?<![\w.]){re.escape(tree.code(leaf))}(?![\w.])", kind))


def is_narrowly_typed(tree: Tree, step: Step, leaf: Node) -> bool:
    """Whether the type that is declared for this value may be one that no other number or text fits."""
    kind = _declared(step)
    return kind is not None and _is_whole(tree, step, leaf) and _is_narrow(tree, kind, frozenset())


def is_constant_elsewhere(tree: Tree, step: Step, leaf: Node) -> bool:
    """Whether the name that gets this value stands elsewhere for the value itself, as in a type or an enumeration."""
    name = tree.code(step.node.child_by_field_name("name"))
    return name in _constants(tree) and _is_whole(tree, step, leaf)


def fits_pattern(tree: Tree, leaf: Node) -> bool:
    """Whether a text of this file may have to fit a type that is a pattern: `` `http://localhost:${number}` ``."""
    text = "" if leaf.type == "number" else tree.code(leaf)[1:-1]
    return bool(text) and any(_holds_in_turn(text, pieces) for pieces in _patterns(tree))


def _declared(step: Step) -> Node | None:
    """The type of a declaration, or of what a function returns."""
    return step.node.child_by_field_name("return_type" if step.role.endswith(".body") else "type")


def _is_whole(tree: Tree, step: Step, leaf: Node) -> bool:
    """Whether nothing is made of a leaf on its way to the declaration."""
    between = [each.node.type for each in takewhile(lambda each: each.node.id != step.node.id, tree.above(leaf))]
    if "return_statement" in between:
        between = between[: between.index("return_statement")]
    return WRAPPERS.issuperset(between)


def _is_narrow(tree: Tree, kind: Node, seen: frozenset[str]) -> bool:
    """Whether a type may be for some numbers or texts only: by itself, or by its name, which may be declared in another file."""
    if kind.type in NARROW:
        return True
    if kind.type != "type_identifier":
        return any(_is_narrow(tree, child, seen) for child in kind.named_children)
    name = tree.code(kind)
    if name in HOLDERS or name in seen:
        return False
    alias = _aliases(tree).get(name)
    return alias is None or _is_narrow(tree, alias, seen | {name})


@lru_cache(maxsize=4)
def _aliases(tree: Tree) -> Mapping[str, Node]:
    """The types of a file that are another word for other types."""
    fields = [[each.child_by_field_name(field) for field in ("name", "value")] for each in tree.nodes("type_alias_declaration")]
    return {tree.code(name): value for name, value in fields if value is not None}


@lru_cache(maxsize=4)
def _constants(tree: Tree) -> frozenset[str]:
    """The names of a file that stand for their very values: `typeof PORT`, `enum Port { Api = PORT }`, `{ [PORT]: string }`."""
    members = (node.child_by_field_name("value") for node in tree.nodes("enum_assignment"))
    keys = (node.child_by_field_name("name") for node in tree.nodes("property_signature"))
    computed = (node for node in keys if node is not None and node.type == "computed_property_name")
    needing = chain(tree.nodes("type_query"), members, computed)
    return frozenset(word for node in needing for word in re.findall(r"[\w$]+", tree.code(node)))


@lru_cache(maxsize=4)
def _patterns(tree: Tree) -> Sequence[Sequence[str]]:
    """What stands between the fields of the patterns among the types of a file."""
    return [[*_pieces(tree, node)] for node in tree.nodes("template_literal_type")]


def _pieces(tree: Tree, pattern: Node) -> Iterator[str]:
    return (tree.code(child) for child in pattern.named_children if child.type == "string_fragment")


def _holds_in_turn(text: str, pieces: Sequence[str]) -> bool:
    reached = 0
    for piece in pieces:
        at = text.find(piece, reached)
        if at < 0:
            return False
        reached = at + len(piece)
    return True
