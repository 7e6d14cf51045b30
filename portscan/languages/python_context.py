"""What the syntax of Python says about a value: the names it goes by, the function it is handed to, what it stands in for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from portscan.expressions import compiled
from portscan.records import dataclass, field
from portscan.sites import HOLDERS, ITEM

if TYPE_CHECKING:
    import libcst as cst

# functions and classes whose argument is still the value that its surroundings name
TRANSPARENT = frozenset(
    (
        *("int", "str", "float", "bytes", "set", "frozenset", "list", "tuple", "sorted", "range", "default", "Optional"),
        *("Field", "field", "Query", "Option", "Argument", "Integer", "Int", "IntegerField", "PositiveIntegerField"),
    )
)
EVERY_ARGUMENT = frozenset(("range", "default"))
FLAG = compiled(r"--?[A-Za-z]")
OWN_FALLBACK = compiled(r"\bor\b")
LOOKUP = compiled(r"(?:\bgetenv|\benviron\.get)$")
NAME = compiled(r"[A-Za-z_]\w*")
PLAIN = compiled(r"[rbu]?([\"'])[^\"'\n]*\1|[\w.]+")


@dataclass(slots=True)
class Climb:
    """What the nodes above a value say of it. `code` gives the source text of a node."""

    code: Callable[[cst.CSTNode], str]
    names: list[str] = field(default_factory=list)
    left: str = ""
    call: str = ""
    argument: int = -1

    def up(self, node: cst.CSTNode, above: tuple[cst.CSTNode, ...]) -> None:
        """Climb from `node` as far as it is still this value that is spoken of."""
        below = node
        for index in range(len(above) - 1, -1, -1):
            handler = getattr(self, _handler(type(above[index]).__name__), None)
            if handler is None or not handler(above[index], below, above[index - 1] if index else None):
                return
            below = above[index]

    def _through(self, _node: Any, _below: Any, _parent: Any) -> bool:
        return True

    _on_concatenated_string = _on_unary_operation = _on_element = _on_index = _on_annotation = _on_await = _through
    _on_formatted_string_expression = _on_simple_statement_line = _on_named_expr = _on_dict = _through
    _on_return = _on_indented_block = _on_simple_statement_suite = _through

    def _block(self, _node: Any, below: Any, _parent: Any) -> bool:
        """A compound statement: what is returned inside it is returned by the function around it."""
        return type(below).__name__ in ("IndentedBlock", "SimpleStatementSuite", "Else", "If", "ExceptHandler", "Finally")

    _on_if = _on_else = _on_try = _on_with = _on_except_handler = _on_while = _on_finally = _block

    def _on_list(self, node: Any, below: Any, _parent: Any) -> bool:
        if not self.call:
            self.names.append(ITEM)
        self._after(node, below)
        return True

    _on_set = _on_list

    def _on_tuple(self, node: Any, below: Any, parent: Any) -> bool:
        if type(parent).__name__ == "Arg":
            self.argument = _place(node, "elements", below)
            self.call = "tuple"
            self._after(node, below)
            return True
        return self._on_list(node, below, parent)

    def _after(self, node: Any, below: Any) -> None:
        """The element in front tells what this one is: `("localhost", 8080)`. A look-up there says nothing of this one."""
        place = _place(node, "elements", below)
        before = self.code(node.elements[place - 1].value) if place else ""
        if not self.left and PLAIN.fullmatch(before):
            self.left = f"({before}, "

    def _on_attribute(self, node: Any, below: Any, _parent: Any) -> bool:
        return node.value is below and type(below).__name__ == "Call"

    def _on_boolean_operation(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.right is below:
            self.left = f"{self.code(node.left)} {self.left}"
        return True

    def _on_if_exp(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.test is below:
            return False
        other = self.code(node.body if node.orelse is below else node.orelse)
        self.left = self.left if OWN_FALLBACK.search(other) else f"{other} ; {self.left}"
        return True

    def _on_comparison(self, node: Any, below: Any, _parent: Any) -> bool:
        if type(below).__name__ == "ComparisonTarget" and len(node.comparisons) == 1:
            self.names.append(last_name(self.code(node.left)))
        return False

    def _on_comparison_target(self, node: Any, _below: Any, _parent: Any) -> bool:
        return type(node.operator).__name__ in ("Equal", "NotEqual", "In", "NotIn")

    def _on_dict_element(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.value is not below:
            return False
        self.names.append(self.code(node.key).strip("\"'"))
        return True

    def _on_arg(self, node: Any, _below: Any, parent: Any) -> bool:
        place = _place(parent, "args", node) if hasattr(parent, "args") else 0
        callee = self.code(parent.func) if hasattr(parent, "func") else ""
        if node.keyword is not None:
            return self._keyword(node.keyword.value, callee, parent, place)
        before = "".join(f"{self.code(a)}, " for a in parent.args[:place]) if place else ""
        self.left = f"{callee}({before} {self.left}"
        last = callee.rsplit(".", 1)[-1]
        if last in TRANSPARENT:
            return not place or last in EVERY_ARGUMENT
        previous: Any = parent.args[place - 1].value if place else None
        if type(previous).__name__ == "SimpleString" and not self.names:
            self.names.append(self.code(previous).strip("\"'"))
        self._end(callee, place)
        return bool(before) and (not self.names or bool(LOOKUP.search(callee)))

    def _keyword(self, name: str, callee: str, call: Any, place: int) -> bool:
        """A keyword argument has its own name, unless it only says that it holds the value: `default=8000`."""
        self.names.append(name)
        if name not in HOLDERS:
            return self._end(callee, -1)
        before = "".join(f"{self.code(a)}, " for a in call.args[:place])
        self.left = f"{callee}({before} {self.left}"
        texts = [self.code(a.value).strip("\"'") for a in call.args[:place] if type(a.value).__name__ == "SimpleString"]
        told = next((t for t in texts if t.startswith("--")), texts[0] if texts else None)
        if told is not None and len(self.names) == 1:
            self.names.append(told)
        return True

    def _end(self, callee: str, place: int) -> bool:
        if self.call == "tuple":
            self.call = f"{callee}(tuple"
        elif not self.call:
            self.call, self.argument = callee, place
        return False

    def _on_call(self, node: Any, below: Any, _parent: Any) -> bool:
        return node.func is not below or type(below).__name__ == "Attribute"

    def _on_param(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.default is below:
            self.names.append(node.name.value)
        return False

    def _on_function_def(self, node: Any, _below: Any, _parent: Any) -> bool:
        if node.returns is None or self.code(node.returns.annotation) != "None":  # what returns nothing gives nobody a value
            self.names.append(node.name.value)
        return False

    def _on_assign(self, node: Any, _below: Any, _parent: Any) -> bool:
        self.names.append(last_name(self.code(node.targets[0].target)))
        return False

    def _on_ann_assign(self, node: Any, _below: Any, _parent: Any) -> bool:
        self.names.append(last_name(self.code(node.target)))
        return False

    def _on_for(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.iter is below:
            self.names.append(last_name(self.code(node.target)))
        return False


@lru_cache(maxsize=256)
def _handler(node_type: str) -> str:
    return "_on" + re.sub(r"(?=[A-Z])", "_", node_type).lower()


def last_name(code: str) -> str:
    """The last name of `self.port`, `config["port"]` or `os.environ["PORT"]`."""
    found = NAME.findall(code)
    return found[-1] if found else ""


def _place(parent: Any, field: str, below: Any) -> int:
    """The place of a node among its neighbours, which may be as many as there are."""
    return _places(parent, field)[id(below)]


@lru_cache(maxsize=8)
def _places(parent: Any, field: str) -> Mapping[int, int]:
    return {id(each): place for place, each in enumerate(getattr(parent, field))}
