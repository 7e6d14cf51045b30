"""What the syntax of JavaScript says about a value: the names it goes by, the function it is handed to, what it stands in for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portscan.sites import HOLDERS, ITEM

if TYPE_CHECKING:
    from tree_sitter import Node

# functions whose first argument is still the value that its surroundings name
TRANSPARENT = frozenset(("Number", "parseInt", "parseFloat", "String", "Number.parseInt", "toNumber", "toInt", "Set", "Object.freeze"))
FALLBACK_CALL = re.compile(r"\.(?:default|catch|withDefault|orElse)$")
IDENTIFIER = re.compile(r"[A-Za-z_$][\w$-]*")
NAMING = frozenset(("name", "key", "id"))  # beside a key that holds a value they say what the value is called
FUNCTIONS = ("function_declaration", "function_expression", "method_definition", "generator_function_declaration")


@dataclass(slots=True)
class Climb:
    """What the nodes above a value say of it."""

    tree: _Tree
    names: list[str] = field(default_factory=list)
    left: str = ""
    call: str = ""
    argument: int = -1

    def up(self, node: Node) -> None:
        """Climb from `node` as far as it is still this value that is spoken of."""
        below, parent = node, node.parent
        while parent is not None:
            handler = getattr(self, f"on_{parent.type}", None)
            if handler is None or not handler(parent, below):
                return
            below, parent = parent, parent.parent

    def _through(self, _node: Any, _below: Any) -> bool:
        return True

    on_parenthesized_expression = on_as_expression = on_satisfies_expression = on_non_null_expression = _through
    on_await_expression = on_unary_expression = on_object = on_jsx_expression = on_sequence_expression = _through
    on_spread_element = on_expression_statement = _through

    def on_ternary_expression(self, node: Node, below: Node) -> bool:
        condition = node.child_by_field_name("condition")
        return condition is None or condition.id != below.id

    def on_binary_expression(self, node: Node, below: Node) -> bool:
        operator = self.tree.code(node.child_by_field_name("operator"))
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if operator in ("||", "??"):
            if right is not None and right.id == below.id:
                self.left = f"{self.tree.code(left)} {self.left}"
            return True
        if operator in ("===", "==", "!==", "!="):
            other = left if right is not None and right.id == below.id else right
            self.names.append(_last_name(self.tree.code(other)))
        return False

    def on_augmented_assignment_expression(self, node: Node, below: Node) -> bool:
        operator = self.tree.code(node.child_by_field_name("operator"))
        left = node.child_by_field_name("left")
        if operator in ("||=", "??=") and left is not None and left.id != below.id:
            self.left = self.tree.code(left)
            self.names.append(_last_name(self.left))
        return False

    def on_arguments(self, node: Node, below: Node) -> bool:
        call = node.parent
        if call is None:
            return False
        callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        name = self.tree.code(callee)
        given = [c for c in node.named_children if c.type != "comment"]
        place = next((i for i, c in enumerate(given) if c.id == below.id), 0)
        before = "".join(f"{self.tree.code(c)}, " for c in given[:place])
        self.left = f"{name}({before} {self.left}"
        if name in TRANSPARENT or FALLBACK_CALL.search(name):
            return True
        if place and given[place - 1].type == "string" and not self.names:
            self.names.append(self.tree.code(given[place - 1]).strip("\"'"))
        if not self.call:
            self.call, self.argument = name, -1 if self.names and below.type == "object" else place
        return bool(before) and not self.names

    def on_call_expression(self, node: Node, below: Node) -> bool:
        function = node.child_by_field_name("function")
        return function is None or function.id != below.id

    on_new_expression = on_call_expression

    def on_pair(self, node: Node, below: Node) -> bool:
        key = node.child_by_field_name("key")
        if key is None or key.id == below.id:
            return False
        self.names.append(self.tree.code(key).strip("\"'`[]"))
        return True

    def on_array(self, _node: Node, _below: Node) -> bool:
        self.names.append(ITEM)
        return True

    def on_variable_declarator(self, node: Node, below: Node) -> bool:
        name = node.child_by_field_name("name")
        if name is not None and name.id != below.id and name.type == "identifier":
            self.names.append(self.tree.code(name))
        return False

    def on_assignment_expression(self, node: Node, below: Node) -> bool:
        left = node.child_by_field_name("left")
        if left is not None and left.id != below.id:
            self.names.append(_last_name(self.tree.code(left)))
        return False

    def on_assignment_pattern(self, node: Node, _below: Node) -> bool:
        self.names.append(_last_name(self.tree.code(node.child_by_field_name("left"))))
        return False

    def on_object_assignment_pattern(self, node: Node, _below: Node) -> bool:
        name = _last_name(self.tree.code(node.child_by_field_name("left")))
        self.names.append(name)
        above = node.parent.parent if node.parent is not None else None
        if above is not None and above.type in ("variable_declarator", "assignment_pattern"):
            source = above.child_by_field_name("value") or above.child_by_field_name("right")
            self.left = f"{self.tree.code(source)}.{name}"
        return False

    def _named(self, node: Node, below: Node) -> bool:
        """A parameter, a class field, an enumeration's member or a JSX attribute: its name comes first."""
        name = node.child_by_field_name("pattern") or node.child_by_field_name("name") or node.named_children[0]
        if name.id != below.id:
            self.names.append(_last_name(self.tree.code(name)))
        return False

    on_required_parameter = on_optional_parameter = on_public_field_definition = on_field_definition = _named
    on_enum_assignment = on_jsx_attribute = _named


def _last_name(code: str) -> str:
    """The last name of `this.port`, `config["port"]` or `process.env.PORT`."""
    found = IDENTIFIER.findall(code)
    return found[-1] if found else ""
