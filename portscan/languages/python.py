"""Python, by libcst. Positions are in characters of the text that libcst was given, so no encoding can shift them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portscan.languages import Language, Unreadable
from portscan.languages.prose import comments_of
from portscan.sites import ITEM, Site, Value
from portscan.text import Text

if TYPE_CHECKING:
    import libcst as cst

CANDIDATE = re.compile(r"\d{2}")
TRANSPARENT = frozenset(("int", "str", "float", "Field", "Query", "Option", "Argument", "field", "default", "Optional"))
PREFIX = re.compile(r"[A-Za-z]*(\"\"\"|'''|\"|')")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Numbers, strings and comments of a Python file."""
    del path
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        module = cst.parse_module(text.value)
    except (cst.ParserSyntaxError, RecursionError, ValueError) as error:
        raise Unreadable(f"libcst: {str(error).splitlines()[0]}") from None
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    walk = _Walk(text, wrapper.resolve(PositionProvider), _line_starts(text.value))
    yield from walk.visit(wrapper.module, ())
    yield from comments_of(walk.comments, language)


def _line_starts(text: str) -> list[int]:
    """Where libcst sees lines begin: behind each line feed, carriage return, or both."""
    return [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]


@dataclass(slots=True)
class _Walk:
    """One pass over the tree. `comments` collects what is judged as comment when the pass is over."""

    text: Text
    positions: Any
    lines: list[int]
    comments: list[Text] = field(default_factory=list)

    def part(self, node: cst.CSTNode) -> Text:
        """The source text of a node."""
        place = self.positions[node]
        start = self.lines[place.start.line - 1] + place.start.column
        return self.text.part(start, self.lines[place.end.line - 1] + place.end.column)

    def code(self, node: cst.CSTNode) -> str:
        return self.part(node).value

    def visit(self, node: cst.CSTNode, parents: tuple[cst.CSTNode, ...]) -> Iterator[Site]:
        stack: list[tuple[cst.CSTNode, tuple[cst.CSTNode, ...]]] = [(node, parents)]
        while stack:
            current, above = stack.pop()
            yield from self.leaf(current, above)
            below = (*above, current)
            stack.extend((child, below) for child in reversed(current.children))

    def leaf(self, node: cst.CSTNode, above: tuple[cst.CSTNode, ...]) -> Iterator[Site]:
        kind = type(node).__name__
        if kind == "Comment":
            if CANDIDATE.search(node.value):  # type: ignore[attr-defined]
                self.comments.append(self.part(node))
        elif kind == "Integer":
            text = self.part(node)
            if text.value.isdigit():
                yield self.value(text, "number", node, above)
        elif kind in ("SimpleString", "FormattedString"):
            yield from self.string(node, above)

    def string(self, node: cst.CSTNode, above: tuple[cst.CSTNode, ...]) -> Iterator[Site]:
        whole = self.part(node)
        if not CANDIDATE.search(whole.value):
            return
        opening = PREFIX.match(whole.value)
        assert opening is not None
        inner = whole.part(opening.end(), len(whole.value) - len(opening[1]))
        if type(node).__name__ == "SimpleString" and _is_docstring(above):
            self.comments.append(inner)
            return
        yield self.value(inner, "string", node, above)

    def value(self, text: Text, form: Any, node: cst.CSTNode, above: tuple[cst.CSTNode, ...]) -> Value:
        return _Climb(self).value(text, form, node, above)


def _is_docstring(above: tuple[cst.CSTNode, ...]) -> bool:
    return bool(above) and type(above[-1]).__name__ == "Expr"


@dataclass(slots=True)
class _Climb:
    """What the nodes above a value say of it."""

    walk: _Walk
    names: list[str] = field(default_factory=list)
    left: str = ""
    call: str = ""
    argument: int = -1

    def value(self, text: Text, form: Any, node: cst.CSTNode, above: tuple[cst.CSTNode, ...]) -> Value:
        below: cst.CSTNode = node
        for index in range(len(above) - 1, -1, -1):
            if not self.step(above[index], below, above[index - 1] if index else None):
                break
            below = above[index]
        return Value(text, form, tuple(reversed(self.names)), self.call, self.argument, self.left)

    def step(self, node: Any, below: Any, parent: Any) -> bool:
        """Take in one node above the value; False ends the climb."""
        handler = getattr(self, f"on_{type(node).__name__}", None)
        return bool(handler(node, below, parent)) if handler else False

    def _through(self, _node: Any, _below: Any, _parent: Any) -> bool:
        return True

    on_ConcatenatedString = on_UnaryOperation = on_Element = on_Index = on_Annotation = on_Await = _through
    on_FormattedStringExpression = on_SimpleStatementLine = on_NamedExpr = _through

    def on_List(self, _node: Any, _below: Any, _parent: Any) -> bool:
        if not self.call:
            self.names.append(ITEM)
        return True

    on_Set = on_List

    def on_Tuple(self, node: Any, below: Any, parent: Any) -> bool:
        if type(parent).__name__ == "Arg":
            self.argument = [e is below for e in node.elements].index(True)
            self.call = "tuple"
            return True
        return self.on_List(node, below, parent)

    def on_BooleanOperation(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.right is below:
            self.left = f"{self.walk.code(node.left)} {self.left}"
        return True

    def on_IfExp(self, node: Any, below: Any, _parent: Any) -> bool:
        return node.test is not below

    def on_Comparison(self, node: Any, below: Any, _parent: Any) -> bool:
        if type(below).__name__ == "ComparisonTarget" and len(node.comparisons) == 1:
            self.names.append(_last_name(self.walk.code(node.left)))
        return False

    def on_ComparisonTarget(self, node: Any, _below: Any, _parent: Any) -> bool:
        return type(node.operator).__name__ in ("Equal", "NotEqual", "In", "NotIn")

    def on_DictElement(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.value is not below:
            return False
        self.names.append(self.walk.code(node.key).strip("\"'"))
        return True

    def on_Dict(self, _node: Any, _below: Any, _parent: Any) -> bool:
        return True

    def on_Arg(self, node: Any, _below: Any, parent: Any) -> bool:
        call = parent
        place = [a is node for a in call.args].index(True) if hasattr(call, "args") else 0
        callee = self.walk.code(call.func) if hasattr(call, "func") else ""
        before = "".join(f"{self.walk.code(a)}, " for a in call.args[:place]) if place else ""
        self.left = f"{callee}({before} {self.left}"
        if node.keyword is not None:
            name = node.keyword.value
            self.names.append(name)
            return name in ("default", "default_factory", "value", "fallback") or self._end(callee, -1)
        if callee.rsplit(".", 1)[-1] in TRANSPARENT:
            return True
        previous = call.args[place - 1].value if place else None
        if type(previous).__name__ == "SimpleString" and not self.names:
            self.names.append(self.walk.code(previous).strip("\"'"))
        self._end(callee, place)
        return bool(before) and not self.names

    def _end(self, callee: str, place: int) -> bool:
        if self.call == "tuple":
            self.call = f"{callee}(tuple"
        elif not self.call:
            self.call, self.argument = callee, place
        return False

    def on_Call(self, node: Any, below: Any, _parent: Any) -> bool:
        return node.func is not below

    def on_Param(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.default is below:
            self.names.append(node.name.value)
        return False

    def on_Assign(self, node: Any, _below: Any, _parent: Any) -> bool:
        self.names.append(_last_name(self.walk.code(node.targets[0].target)))
        return False

    def on_AnnAssign(self, node: Any, _below: Any, _parent: Any) -> bool:
        self.names.append(_last_name(self.walk.code(node.target)))
        return False

    def on_AugAssign(self, _node: Any, _below: Any, _parent: Any) -> bool:
        return False

    def on_For(self, node: Any, below: Any, _parent: Any) -> bool:
        if node.iter is below:
            self.names.append(_last_name(self.walk.code(node.target)))
        return False

    def on_Return(self, _node: Any, _below: Any, _parent: Any) -> bool:
        return False


def _last_name(code: str) -> str:
    """The last name of `self.port`, `config["port"]` or `os.environ["PORT"]`."""
    found = re.findall(r"[A-Za-z_]\w*", code)
    return found[-1] if found else ""


