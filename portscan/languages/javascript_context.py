"""What the syntax of JavaScript says about a value: the names it goes by, the function it is handed to, what it stands in for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from portscan.expressions import compiled
from portscan.records import dataclass, field
from portscan.sites import HOLDERS, ITEM, NAMING

if TYPE_CHECKING:
    from tree_sitter import Node

# functions whose first argument is still the value that its surroundings name
TRANSPARENT = frozenset(
    ("Number", "parseInt", "parseFloat", "String", "Number.parseInt", "toNumber", "toInt", "Set", "Object.freeze")
)
OWN_FALLBACK = compiled(r"\|\||\?\?")
FALLBACK_CALL = compiled(r"\.(?:default|catch|withDefault|orElse)$")
# an argument of these says nothing of those behind it: `beforeAll(() => start(env.PORT), 60000)`
FUNCTIONS = frozenset(("arrow_function", "function_expression", "generator_function", "class"))
NO_VALUE = "() => {}"
HIGHEST = 200  # nodes; each step up takes tree-sitter as long as it is deep
IDENTIFIER = compiled(r"[A-Za-z_$][\w$-]*")


@dataclass(slots=True)
class Climb:
    """What the nodes above a value say of it. `code` gives the source text of a node."""

    code: Callable[[Node | None], str]
    names: list[str] = field(default_factory=list)
    left: str = ""
    call: str = ""
    argument: int = -1
    returned: bool = False

    def up(self, node: Node) -> None:
        """Climb from `node` as far as it is still this value that is spoken of."""
        below, parent = node, node.parent
        for _ in range(HIGHEST):
            if parent is None:
                return
            handler = getattr(self, f"_on_{parent.type}", None)
            if handler is None or not handler(parent, below):
                return
            below, parent = parent, parent.parent

    def _through(self, _node: Any, _below: Any) -> bool:
        return True

    _on_parenthesized_expression = _on_as_expression = _on_satisfies_expression = _on_non_null_expression = _through
    _on_await_expression = _on_unary_expression = _on_object = _on_jsx_expression = _on_sequence_expression = _through
    _on_spread_element = _on_expression_statement = _through

    def _on_ternary_expression(self, node: Node, below: Node) -> bool:
        if _is(node, "condition", below):
            return False
        other = self.code(node.child_by_field_name("consequence" if _is(node, "alternative", below) else "alternative"))
        self.left = self.left if OWN_FALLBACK.search(other) else f"{other} : {self.left}"
        return True

    def _on_return_statement(self, _node: Node, _below: Node) -> bool:
        self.returned = True
        return True

    def _within(self, _node: Node, _below: Node) -> bool:
        return self.returned

    _on_statement_block = _on_if_statement = _on_else_clause = _on_try_statement = _on_switch_case = _on_switch_body = _within
    _on_switch_statement = _within

    def _function(self, node: Node, _below: Node) -> bool:
        """What a function returns goes by the function's name."""
        if self.returned:
            self.names.append(self.code(node.child_by_field_name("name")))
        return False

    _on_function_declaration = _on_method_definition = _on_generator_function_declaration = _function

    def _on_arrow_function(self, node: Node, below: Node) -> bool:
        """A function without a name has that of the variable it is assigned to."""
        body = _is(node, "body", below)
        self.returned = self.returned or (body and below.type != "statement_block")
        return body and self.returned

    _on_function_expression = _on_arrow_function

    def _on_binary_expression(self, node: Node, below: Node) -> bool:
        operator = self.code(node.child_by_field_name("operator"))
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if operator in ("||", "??"):
            if right is not None and right.id == below.id:
                self.left = f"{self.code(left)} {self.left}"
            return True
        if operator in ("===", "==", "!==", "!="):
            other = left if right is not None and right.id == below.id else right
            if other is not None and other.type != "string":  # `args[0] === "--port"` says nothing of a number in there
                self.names.append(last_name(self.code(other)))
        return False

    def _on_augmented_assignment_expression(self, node: Node, below: Node) -> bool:
        operator = self.code(node.child_by_field_name("operator"))
        left = node.child_by_field_name("left")
        if operator in ("||=", "??=") and left is not None and left.id != below.id:
            self.left = self.code(left)
            self.names.append(last_name(self.left))
        return False

    def _on_arguments(self, node: Node, below: Node) -> bool:
        call = node.parent
        if call is None or self.returned:
            return False
        name = self.code(call.child_by_field_name("function") or call.child_by_field_name("constructor"))
        given = [c for c in node.named_children if c.type != "comment"]
        place = next((i for i, c in enumerate(given) if c.id == below.id), 0)
        if name in TRANSPARENT:
            return not place
        held = bool(self.names) and HOLDERS.issuperset(self.names)
        whole = not self.names or held
        before = "".join(f"{NO_VALUE if c.type in FUNCTIONS else self.code(c)}, " for c in given[:place])
        self.left = f"{name}({before} {self.left}" if whole else self.left
        if FALLBACK_CALL.search(name):
            return True
        told = self._told(given[:place]) if whole else None
        if told is not None:
            self.names.append(told)
        if not self.call:
            self.call, self.argument = name, -1 if self.names and below.type == "object" else place
        return held or (bool(before.strip("0123456789, ")) and not self.names)

    def _told(self, before: list[Node]) -> str | None:
        """The name that an earlier argument gives: `option("--port <n>", "what it is", 3000)`, `get("port", 3000)`."""
        texts = [self.code(n).strip("\"'`") for n in before if n.type == "string"]
        flag = next((t for t in texts if t.startswith("-")), None)
        return flag or (texts[-1] if before and before[-1].type == "string" else None)

    def _on_call_expression(self, node: Node, below: Node) -> bool:
        return not _is(node, "function", below) or below.type == "member_expression"

    _on_new_expression = _on_call_expression

    def _on_member_expression(self, node: Node, below: Node) -> bool:
        """`number().default(3000).min(1)`: what is called on a value still speaks of it, and so does what goes through a list."""
        if below.type == "array" and _is(node, "object", below):
            self.names.append(self._each(node.parent))
            return False
        return _is(node, "object", below) and below.type == "call_expression"

    def _each(self, call: Node | None) -> str:
        """What a function calls each of a list: `[4001, 4002].map((port) => …)`."""
        given = call.child_by_field_name("arguments") if call is not None else None
        taken = given.named_children[0] if given is not None and given.named_children else None
        named = taken.child_by_field_name("parameter") or taken.child_by_field_name("parameters") if taken is not None else None
        first = named.named_children[0] if named is not None and named.named_children else named
        return last_name(self.code(first).partition(":")[0]) if taken is not None and taken.type in FUNCTIONS else ""

    def _on_pair(self, node: Node, below: Node) -> bool:
        key = node.child_by_field_name("key")
        if key is None or key.id == below.id:
            return False
        name = self.code(key).strip("\"'`[]")
        self.names.append(name)
        if name in HOLDERS and node.parent is not None and len(self.names) == 1:
            self.names += self._beside(node.parent)
        return True

    def _beside(self, node: Node) -> list[str]:
        """The name that an object gives to the value it holds: `{ name: "port", default: 3000 }`."""
        for pair in node.named_children:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if value is not None and value.type == "string" and self.code(key).strip("\"'") in NAMING:
                return [self.code(value).strip("\"'")]
        return []

    def _on_array(self, _node: Node, _below: Node) -> bool:
        self.names.append(ITEM)
        return True

    def _on_variable_declarator(self, node: Node, below: Node) -> bool:
        name = node.child_by_field_name("name")
        if name is not None and name.id != below.id and name.type == "identifier":
            self.names.append(self.code(name))
        return False

    def _on_assignment_expression(self, node: Node, below: Node) -> bool:
        left = node.child_by_field_name("left")
        if left is not None and left.id != below.id:
            self.names.append(last_name(self.code(left)))
        return False

    def _on_assignment_pattern(self, node: Node, _below: Node) -> bool:
        self.names.append(last_name(self.code(node.child_by_field_name("left"))))
        return False

    def _on_for_in_statement(self, node: Node, below: Node) -> bool:
        """What a loop goes through is called what each of it is called: `for (const port of [4001, 4002])`."""
        if _is(node, "right", below) and self.code(node.child_by_field_name("operator")) == "of":
            self.names.append(last_name(self.code(node.child_by_field_name("left"))))
        return False

    def _on_object_assignment_pattern(self, node: Node, _below: Node) -> bool:
        name = last_name(self.code(node.child_by_field_name("left")))
        self.names.append(name)
        above = node.parent.parent if node.parent is not None else None
        if above is not None and above.type in ("variable_declarator", "assignment_pattern"):
            source = above.child_by_field_name("value") or above.child_by_field_name("right")
            self.left = f"{self.code(source)}.{name} {self.left}"
        return False

    def _named(self, node: Node, below: Node) -> bool:
        """A parameter, a class field, an enumeration's member or a JSX attribute: its name comes first."""
        name = node.child_by_field_name("pattern") or node.child_by_field_name("name") or node.named_children[0]
        if name.id != below.id:
            self.names.append(last_name(self.code(name)))
        return False

    _on_required_parameter = _on_optional_parameter = _on_public_field_definition = _on_field_definition = _named
    _on_enum_assignment = _on_jsx_attribute = _named


def _is(node: Node, role: str, below: Node) -> bool:
    """Whether `below` is the child of `node` that has `role`."""
    child = node.child_by_field_name(role)
    return child is not None and child.id == below.id


def last_name(code: str) -> str:
    """The last name of `this.port`, `config["port"]` or `process.env.PORT`."""
    found = IDENTIFIER.findall(code)
    return found[-1] if found else ""
