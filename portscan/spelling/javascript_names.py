"""Whether a name that means the same everywhere, as `process` or `Number` do, is another thing in a JavaScript file.

Where a name is read is listed. Whatever else it stands in gives it a value, or takes it away, and then nothing is sure of it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.spelling.javascript_tree import Step, Tree

if TYPE_CHECKING:
    from tree_sitter import Node

READ = frozenset(
    (
        *("member_expression.object", "subscript_expression.object", "subscript_expression.index", "call_expression.function"),
        *("new_expression.constructor", "arguments.", "variable_declarator.value", "assignment_expression.right", "pair.value"),
        *("augmented_assignment_expression.right", "binary_expression.left", "binary_expression.right", "return_statement."),
        *("unary_expression.argument", "ternary_expression.condition", "ternary_expression.consequence", "spread_element."),
        *("ternary_expression.alternative", "template_substitution.", "array.", "arrow_function.body", "for_in_statement.right"),
        *("if_statement.condition", "assignment_pattern.right", "object_assignment_pattern.right", "required_parameter.value"),
        *("optional_parameter.value", "public_field_definition.value", "field_definition.value", "await_expression."),
        *("jsx_expression.", "export_specifier.name", "export_statement.value", "type_query.", "nested_type_identifier.module"),
        *("class_heritage.", "extends_clause.value", "switch_case.value", "while_statement.condition", "expression_statement."),
    )
)
CLOTHES = frozenset(
    ("parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "type_assertion")
)
CLASSES = frozenset(("class.name", "class_declaration.name", "abstract_class_declaration.name"))
NAMED = ("identifier", "shorthand_property_identifier_pattern")
WRITTEN = frozenset(
    (
        *("assignment_expression.left", "augmented_assignment_expression.left", "for_in_statement.left"),
        *("pair_pattern.value", "array_pattern.", "rest_pattern.", "assignment_pattern.left"),
    )
)
PLACES = "member_expression", "subscript_expression"
EVERYWHERE = r"(?:globalThis|global|window|self)"
# what may stand above a `require`, with nothing run meanwhile that could ask for what it gives
LOADS = compiled(r"(?:(?:const|let|var)\b[^=()]*=\s*require\([^()]*\)[\w.]*|[\"'][^\"'\n]*[\"']);?")
IDLE = frozenset(("comment", "hash_bang_line", "import_statement"))


@lru_cache(maxsize=16)
def is_taken(tree: Tree, name: str) -> bool:
    """Whether a file may give `name` another meaning anywhere."""
    named = (node for node in tree.nodes(*NAMED) if tree.code(node) == name)
    classes = (node for node in tree.nodes("type_identifier") if tree.code(node) == name)
    return (
        any(not (_is_read(tree, node) or _is_itself(tree, node)) for node in named)
        or any(next(tree.above(node)).role in CLASSES for node in classes)
        or any(True for _ in tree.nodes("with_statement"))
        or any(_is_replaced(tree, node, name) for node in tree.nodes(*PLACES))
        or any(_is_handed_over(tree, node, name) for node in tree.nodes("call_expression"))
    )


def outside(tree: Tree, node: Node) -> Step:
    """Where a node stands, parentheses and casts aside."""
    return next(step for step in tree.above(node) if step.node.type not in CLOTHES)


def _is_read(tree: Tree, node: Node) -> bool:
    step = outside(tree, node)
    return node.type == "identifier" and step.role in READ and not _is_deleted(tree, step)


def _is_deleted(tree: Tree, step: Step) -> bool:
    return step.role == "unary_expression.argument" and tree.code(step.node.child_by_field_name("operator")) == "delete"


def _is_replaced(tree: Tree, place: Node, name: str) -> bool:
    """Whether something is written where the name lives, or where it keeps the environment: `global.process`, `process.env`."""
    whole = rf"{EVERYWHERE}(?:\.{name}|\[[\"'`]{name}[\"'`]\])|{name}(?:\.env|\[[\"'`]env[\"'`]\])"
    step = outside(tree, place)
    written = step.role in WRITTEN or _is_deleted(tree, step)
    return written and bool(re.fullmatch(whole, re.sub(r"[\s()?]|\bas\b\s*\w+", "", tree.code(place))))


def _is_handed_over(tree: Tree, call: Node, name: str) -> bool:
    """Whether a function is given the name and what holds it: `Object.assign(globalThis, { process })`."""
    given = call.child_by_field_name("arguments")
    if given is None or not re.search(rf"\b{name}\b", tree.code(given)):
        return False
    holders = [node for node in given.named_children if re.fullmatch(EVERYWHERE, tree.code(node))]
    return bool(holders) or tree.code(call.child_by_field_name("function")).endswith("stubGlobal")


def _is_itself(tree: Tree, node: Node) -> bool:
    """Whether a file loads the thing of that name, before it runs anything: `import process from "node:process"`."""
    source = rf"[\"'](?:node:)?{re.escape(tree.code(node))}[\"']"
    step = next(tree.above(node))
    if step.role == "import_clause." or step.node.type == "namespace_import":
        statement = next(each.node for each in tree.above(node) if each.node.type == "import_statement")
        return bool(re.fullmatch(source, tree.code(statement.child_by_field_name("source"))))
    loaded = tree.code(step.node.child_by_field_name("value"))
    return (
        step.role == "variable_declarator.name" and bool(re.fullmatch(rf"require\({source}\)", loaded)) and _is_first(tree, step)
    )


def _is_first(tree: Tree, declarator: Step) -> bool:
    statement = tree.parent(declarator.node)
    program = tree.parent(statement) if statement else None
    if statement is None or program is None or program.type != "program":
        return False
    before = (node for node in program.named_children if node.end_byte <= statement.start_byte)
    return all(node.type in IDLE or LOADS.fullmatch(tree.code(node).strip()) for node in before)
