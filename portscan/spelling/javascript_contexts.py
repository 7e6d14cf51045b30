"""Where in JavaScript and TypeScript a literal cannot become an expression, or not without a person's consent."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.spelling.javascript_tree import Step, Tree
from portscan.spelling.javascript_types import fits_pattern, is_constant_elsewhere, is_literally_typed, is_narrowly_typed

if TYPE_CHECKING:
    from tree_sitter import Node

MODULES = compiled(r"^(?:import|require(?:\.resolve)?|importScripts|(?:jest|vi)\.\w*[mM]ock|proxyquire)$")
CONST = b"const"
CASTS = "as_expression", "type_assertion"
IN_BROWSER = compiled(r"\.(?:\$\$?eval|evaluate(?:Handle|All)?|addInitScript|waitForFunction|executeScript)$")
FUNCTIONS = frozenset(
    ("arrow_function", "function_expression", "function_declaration", "method_definition", "generator_function")
)
# nodes that have a type for what is in them
TYPED = "variable_declarator.value", "public_field_definition.value", "required_parameter.value", "optional_parameter.value"
RETURNING = "arrow_function.body", "function_declaration.body", "function_expression.body", "method_definition.body"
# a file that only says which types there are
FOREIGN = compiled(r"\.d\.(?:\w+\.)?[cm]?ts$")


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a leaf below a role: `type`, or `type.field`. `when` looks closer.

    Beyond the function that the leaf stands in, only the rules that reach `through` functions hold.
    """

    role: str
    words: str
    declined: bool = True
    when: Callable[[Tree, Step, Node], bool] = lambda _tree, _step, _leaf: True
    through: bool = False


def _is_direct(_tree: Tree, step: Step, leaf: Node) -> bool:
    return step.below.id == leaf.id


def _is_tag(_tree: Tree, step: Step, leaf: Node) -> bool:
    return step.below.id == leaf.id and leaf.type == "template_string"


def _loads_module(tree: Tree, step: Step, leaf: Node) -> bool:
    parent = tree.parent(leaf)
    direct = parent is not None and parent.id == step.below.id
    return direct and leaf.type != "number" and bool(MODULES.search(tree.code(step.node.child_by_field_name("function"))))


def _runs_in_browser(tree: Tree, step: Step, leaf: Node) -> bool:
    if not IN_BROWSER.search(tree.code(step.node.child_by_field_name("function"))):
        return False
    functions = (child for child in step.below.children if child.type in FUNCTIONS)
    return any(function.start_byte <= leaf.start_byte < function.end_byte for function in functions)


def is_constant(tree: Tree, cast: Node) -> bool:
    """Whether a cast is `as const`, or `<const>` in front."""
    if cast.type == "type_assertion":
        return tree.data.startswith(b"<const>", cast.start_byte)
    return tree.data[max(cast.start_byte, cast.end_byte - len(CONST)) : cast.end_byte] == CONST


def _is_constant(tree: Tree, step: Step, _leaf: Node) -> bool:
    return is_constant(tree, step.node)


def _is_constant_itself(tree: Tree, step: Step, leaf: Node) -> bool:
    whole = step.below
    while whole.type == "parenthesized_expression":
        whole = whole.named_children[0]
    return whole.id == leaf.id and leaf.type != "template_string" and _is_constant(tree, step, leaf)


def _begins(_tree: Tree, step: Step, leaf: Node) -> bool:
    return leaf.type != "number" and step.node.start_byte == leaf.start_byte


TYPE = "a type cannot read the environment: write `number` or `string`"
NAME = "a name cannot read the environment: write `[…]` with an expression in it"
MODULE = "the name of a module must be a constant: move the address into the configuration of the build"
LITERALLY = "`as const` needs the literal itself: drop it, then run the fix again"
WIDENED = "`as const` no longer fixes the type: it becomes `number` or `string`"
DECLARED = "the declared type allows only this value: widen it to `number` or `string`, then run the fix again"
NARROW = "the declared type may allow only this value"
CONSTANT = "this file needs the constant for its very value, in a type or an enumeration"
FITTING = "a type of this file is a pattern that the text has to fit"
UNRUN = "a declaration is never run: change what it describes"
RULES = (
    *(Rule(kind, TYPE) for kind in ("literal_type", "type_annotation", "type_arguments", "type_alias_declaration")),
    *(Rule(kind, TYPE) for kind in ("interface_declaration", "template_literal_type", "index_type_query")),
    *(Rule(f"{kind}.key", NAME, when=_is_direct) for kind in ("pair", "pair_pattern")),
    *(Rule(f"{kind}.name", NAME, when=_is_direct) for kind in ("method_definition", "public_field_definition")),
    Rule("field_definition.property", NAME, when=_is_direct),
    *(Rule(f"{kind}.source", MODULE, when=_is_direct) for kind in ("import_statement", "export_statement")),
    *(Rule(kind, MODULE, when=_is_direct) for kind in ("module", "import_require_clause", "import_attribute")),
    Rule("call_expression.arguments", MODULE, when=_loads_module),
    Rule("call_expression.arguments", "what a tag does with a template is not known: write the value out by hand", when=_is_tag),
    Rule("call_expression.arguments", "this function runs in the page: hand the port to it as an argument",
         when=_runs_in_browser, through=True),
    Rule("expression_statement", "a statement that begins with a text is left as it is: assign it first", when=_begins),
    *(Rule(kind, "a member of an enumeration must be a constant: use an object") for kind in ("enum_assignment", "enum_body")),
    *(Rule(cast, LITERALLY, when=_is_constant_itself) for cast in CASTS),
    *(Rule(cast, WIDENED, False, _is_constant) for cast in CASTS),
    *(Rule(role, DECLARED, when=is_literally_typed) for role in (*TYPED, *RETURNING)),
    *(Rule(role, NARROW, False, is_narrowly_typed) for role in (*TYPED, *RETURNING)),
    Rule("variable_declarator.value", CONSTANT, False, is_constant_elsewhere),
    Rule("ambient_declaration", UNRUN, through=True),
    Rule("decorator", "the framework's compiler may need the literal in a decorator", False),
)  # fmt: skip


def rule_for(tree: Tree, leaf: Node) -> Rule | None:
    """The strictest of the rules that what is above a leaf comes under."""
    if leaf.type == "regex":
        return Rule("regex", "a pattern is a constant: build it with `new RegExp(…)`")
    if leaf.type == "template_literal_type":
        return Rule("template_literal_type", TYPE)
    found, crossed = [Rule("", FITTING, False)] if fits_pattern(tree, leaf) else [], False
    for step in tree.above(leaf):
        rules = _below(step.node.type, step.role)
        found += [rule for rule in rules if (rule.through or not crossed) and rule.when(tree, step, leaf)]
        crossed = crossed or step.role.endswith(".body")
    return min(found, key=lambda rule: not rule.declined, default=None)


def foreign(path: str) -> str | None:
    """Why a file is not to be changed at all."""
    return UNRUN if FOREIGN.search(path) else None


@lru_cache(maxsize=1024)
def _below(kind: str, role: str) -> tuple[Rule, ...]:
    """The rules for what is below a type of node, in a role there."""
    return tuple(rule for rule in RULES if rule.role in (kind, role))
