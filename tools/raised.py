"""What portscan can say when it cannot do something: every text from which such a message is made, read out of the source.

A text is written as a template: what is filled in stands between braces, under the name that it has in the code. Two templates
are the same if they are so but for those names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Final

TOP: Final = Path(__file__).resolve().parent.parent
# The calls that make a message, and the status or the place in which a user meets it.
KINDS: Final[Mapping[str, str]] = {
    "UserError": "error",
    "NoGit": "error",
    "ArgumentTypeError": "argument",
    "Reason": "reason",
    "DocumentError": "document",
    "Words": "document",
}
OPEN: Final = frozenset({"{}"})  # what argparse says of arguments is handed on as it is; its messages are catalogued all the same
HOLE: Final = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Message:
    """A message: where it is made, what it says, and, if one can tell from there, what it says is to be done."""

    module: str
    line: int
    kind: str
    says: str
    hint: str | None


def skeleton(template: str) -> str:
    """What of a template is always the same."""
    return HOLE.sub("{}", template)


def pattern(template: str) -> re.Pattern[str]:
    """The texts that a template can become."""
    return re.compile(".*".join(map(re.escape, HOLE.split(template))), re.DOTALL)


@cache
def messages() -> tuple[Message, ...]:
    """Every message of portscan, in the order of the modules and lines."""
    files = sorted((TOP / "portscan").rglob("*.py"))
    return tuple(
        each for file in files for each in _of_module(file.relative_to(TOP).as_posix(), file.read_text(encoding="utf-8"))
    )


def _of_module(name: str, source: str) -> Iterator[Message]:
    constants = _named(import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")))
    for scope, call in _calls(ast.parse(source)):
        kind = KINDS.get(_called(call.func), "")
        if kind and call.args and not isinstance(call.args[0], ast.Starred):
            known = {**constants, **(_constants(scope.body) if scope else {})}
            hints = _texts(call.args[1], known) if len(call.args) > 1 else ("",)
            hint = hints[0] if len(hints) == 1 and skeleton(hints[0]) not in OPEN else None
            yield from (Message(name, call.lineno, kind, says, hint) for says in _texts(call.args[0], known))


def _calls(tree: ast.AST, scope: ast.FunctionDef | None = None) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
    """Every call with the function in which it stands."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield scope, node
        yield from _calls(node, node if isinstance(node, ast.FunctionDef) else scope)


def _called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""


def _named(module: ModuleType) -> dict[str, ast.expr]:
    """The texts that a module has a name for, its own and imported ones."""
    return {name: ast.Constant(value) for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}


def _constants(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """The names that stand for one text only."""
    given: dict[str, list[ast.expr]] = {}
    for node in (node for statement in body for node in ast.walk(statement)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            for target in (target for target in targets if isinstance(target, ast.Name)):
                given.setdefault(target.id, []).append(node.value)
    return {name: values[0] for name, values in given.items() if len(values) == 1}


def _texts(node: ast.expr, known: Mapping[str, ast.expr]) -> tuple[str, ...]:
    """The templates that an expression makes; one that is filled in as a whole when nothing is known of it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, ast.JoinedStr):
        return tuple("".join(parts) for parts in product(*(_texts(part, known) for part in node.values)))
    if isinstance(node, ast.FormattedValue):
        value = node.value
        shown = isinstance(value, ast.Name) and value.id.isupper()
        return _texts(value, known) if shown else (f"{{{_name(value)}}}",)
    if isinstance(node, ast.IfExp):
        return (*_texts(node.body, known), *_texts(node.orelse, known))
    if isinstance(node, ast.Name) and node.id in known:
        return _texts(known[node.id], {name: value for name, value in known.items() if name != node.id})
    return (f"{{{_name(node)}}}",)


def _name(node: ast.expr) -> str:
    """A word for what is filled in: the last name in the expression."""
    names = [
        each.attr if isinstance(each, ast.Attribute) else each.id
        for each in ast.walk(node)
        if isinstance(each, (ast.Attribute, ast.Name))
    ]
    return next((name for name in names if name not in ("lower", "join", "strerror")), "…")
