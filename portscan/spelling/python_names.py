"""What the names of a Python file are bound to, and whether a name may be another thing than what an import makes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from portscan.spelling.python_tree import Tree
from portscan.trees import cst
from portscan.tuples import NamedTuple

# where a name gets a value, or loses it, otherwise than by an import: node type and the role of the name in it
BINDERS = frozenset(
    (
        *("Param.name", "AssignTarget.target", "AnnAssign.target", "AugAssign.target", "NamedExpr.target", "AsName.name"),
        *("For.target", "CompFor.target", "FunctionDef.name", "ClassDef.name", "MatchAs.name", "MatchStar.name"),
        *("MatchMapping.rest", "Del.target", "TypeAlias.name", "TypeVar.name", "TypeVarTuple.name", "ParamSpec.name"),
    )
)
SEQUENCES = frozenset(("Element.value", "Tuple.elements", "List.elements", "StarredElement.value"))
MEMBERS = frozenset(("environ", "getenv"))  # of `os`, by which the environment is read
NAMESPACES = frozenset(("globals()", "locals()", "vars()"))
CHANGING = frozenset(("update", "pop", "popitem", "clear", "setdefault", "__setitem__", "__delitem__"))
SETTERS = ("setattr", "delattr")


class Import(NamedTuple):
    """One name that an import gives: what it is called here and what it stands for."""

    name: str
    target: str
    statement: cst.CSTNode


def imports(tree: Tree, nodes: Iterable[cst.CSTNode]) -> Iterator[Import]:
    """What the imports among some nodes give."""
    for node in nodes:
        if isinstance(node, cst.Import):
            for alias in node.names:
                whole = tree.code(alias.name)
                first = whole.split(".")[0]
                yield Import(*((_name(alias), whole) if alias.asname else (first, first)), node)
        elif isinstance(node, cst.ImportFrom) and not isinstance(node.names, cst.ImportStar):
            module = "." * len(node.relative) + (tree.code(node.module) if node.module else "")
            yield from (Import(_name(alias), f"{module}.{tree.code(alias.name)}", node) for alias in node.names)


def _name(alias: cst.ImportAlias) -> str:
    chosen: Any = alias.asname.name if alias.asname else alias.name
    return str(chosen.value)


@lru_cache(maxsize=4)
def imported(tree: Tree) -> tuple[Import, ...]:
    """What all imports of a file give."""
    return tuple(imports(tree, tree.nodes))


@lru_cache(maxsize=64)
def is_taken(tree: Tree, name: str, target: str) -> bool:
    """Whether `name` may stand for something else than `target` anywhere in a file."""
    every = imported(tree)
    modules = {"os", *(each.name for each in every if each.target == "os")} if target == "os" else set()
    return any(each.name == name and each.target != target for each in every) or any(
        _is_bound(tree, node) if _stands_for(tree, node, name, modules) else _changes(tree, node, name, modules)
        for node in tree.nodes
    )


def _stands_for(tree: Tree, node: Any, name: str, modules: set[str]) -> bool:
    """Whether a node is the name itself, its place in a namespace, or what the environment is read by in one of the modules."""
    if isinstance(node, cst.Subscript):
        return tree.code(node.value) in NAMESPACES and _may_be(node.slice[0].slice, {name})
    if isinstance(node, cst.Attribute):
        return node.attr.value in MEMBERS and tree.code(node.value) in modules
    return isinstance(node, cst.Name) and node.value == name


def _changes(tree: Tree, node: Any, name: str, modules: set[str]) -> bool:
    """Whether a call changes a namespace, or sets a name that is given as a text."""
    if not isinstance(node, cst.Call):
        return False
    function: Any = node.func
    if isinstance(function, cst.Attribute) and function.attr.value in CHANGING and tree.code(function.value) in NAMESPACES:
        return True
    values = [argument.value for argument in node.args[:2]]
    if not tree.code(function).endswith(SETTERS) or len(values) < 2:
        return False
    return _may_be(values[1], {name, *MEMBERS}) and (isinstance(values[1], cst.SimpleString) or tree.code(values[0]) in modules)


def _may_be(key: Any, names: set[str]) -> bool:
    """Whether a key may be one of some names: what is no plain text may be any."""
    value = getattr(key, "value", key)
    text = value if isinstance(key, cst.Index) else key
    return not isinstance(text, cst.SimpleString) or text.raw_value in names


def _is_bound(tree: Tree, node: cst.CSTNode) -> bool:
    step = next(s for s in tree.above(node) if s.role not in SEQUENCES)
    return step.role in BINDERS and not isinstance(tree.parents.get(step.node), cst.ImportAlias)


def is_late(tree: Tree, name: str, offset: int) -> bool:
    """Whether a function around `offset` imports `name` itself, but further down, or not in every case."""
    return any(_holds(tree, scope, offset) and not _is_certain(tree, each, offset) for each, scope in _scoped(tree, name))


@lru_cache(maxsize=64)
def _scoped(tree: Tree, name: str) -> Sequence[tuple[Import, cst.FunctionDef]]:
    """The imports of a name that functions make for themselves."""
    found = ((each, _scope(tree, each)) for each in imported(tree) if each.name == name)
    return [(each, scope) for each, scope in found if scope is not None]


def _scope(tree: Tree, found: Import) -> cst.FunctionDef | None:
    """The function whose name an import gives a value to."""
    around = (step.node for step in tree.above(found.statement) if isinstance(step.node, (cst.FunctionDef, cst.ClassDef)))
    nearest = next(around, None)
    return nearest if isinstance(nearest, cst.FunctionDef) else None


def _holds(tree: Tree, node: cst.CSTNode, offset: int) -> bool:
    start, end = tree.span(node)
    return start <= offset < end


def _is_certain(tree: Tree, found: Import, offset: int) -> bool:
    """Whether an import is a statement of its function itself, above `offset`."""
    body = tree.parents[tree.parents[found.statement]]
    return tree.span(found.statement)[0] < offset and isinstance(tree.parents[body], cst.FunctionDef)
