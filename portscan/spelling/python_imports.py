"""How a Python file reaches its environment: by the import that it has, or by one that is put in the right place."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from portscan.records import dataclass
from portscan.spelling import Change, Declined
from portscan.spelling.python_names import Import, imported, imports, is_late, is_taken
from portscan.spelling.python_tree import Tree
from portscan.trees import cst

# what an import gives, and how the environment is read through it
READERS = {"os": "{}.environ.get", "os.environ": "{}.get", "os.getenv": "{}"}
TAKEN = "`{}` is another thing in this file: import `os` under a name of its own and read the variable there"


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a variable is read, and the import that must be put in for it.

    `function` reads it from the environment, as a text. With `constant`, `function` is a module that holds it as a number.
    """

    function: str
    imported: tuple[Change, ...] = ()
    constant: bool = False

    def within(self, variable: str, quote: str, fallback: str) -> str:
        """The value where number and text are the same: in a field, or between alternatives."""
        return f"{self.function}.{variable}" if self.constant else f"{self.function}({quote}{variable}{quote}) or {fallback}"

    def number(self, variable: str, quote: str, fallback: str) -> str:
        """The value as a number."""
        value = self.within(variable, quote, fallback)
        return value if self.constant else f"int({value})"

    def text(self, variable: str, quote: str, fallback: str) -> str:
        """The value as a text."""
        value = self.within(variable, quote, fallback)
        return f"str({value})" if self.constant else value


def lookup(tree: Tree, offset: int) -> Lookup | Declined:
    """How the environment is read at `offset`: the way that is imported above it, else by an `import os`."""
    usable = (i for i in _usable(tree) if tree.span(i.statement)[0] < offset)
    for found in usable:
        if not (is_taken(tree, found.name, found.target) or is_late(tree, found.name, offset)):
            return Lookup(_function(tree, found))
    if is_taken(tree, "os", "os") or is_late(tree, "os", offset):
        return Declined(TAKEN.format("os"))
    put = _insertion(tree)
    return Lookup("os.environ.get", (put,)) if put.start <= offset else Declined("put `import os` above this line first")


@lru_cache(maxsize=4)
def _usable(tree: Tree) -> Sequence[Import]:
    """What the module itself imports by which the environment is read, the best first."""
    return sorted((i for i in imports(tree, _top(tree)) if i.target in READERS), key=lambda i: list(READERS).index(i.target))


def constant(tree: Tree, offset: int, path: str, module: str) -> Lookup | Declined:
    """How the constants of a module are read at `offset`: through the import of it above, else through a new one."""
    statement, name, target = _statement(path, module)
    for found in _importing(tree, target):
        if tree.span(found.statement)[0] < offset and not is_taken(tree, found.name, target):
            return Lookup(found.name, constant=True)
    if _occurs(tree, name):
        return Declined(TAKEN.format(name).partition(":")[0] + ": import the constants by hand")
    put = _behind_imports(tree, statement)
    return (
        Lookup(name, (put,), constant=True)
        if put.start <= offset
        else Declined("put the import of the constants above this line first")
    )


@lru_cache(maxsize=4)
def _importing(tree: Tree, target: str) -> Sequence[Import]:
    """The imports by which the module itself reaches a target."""
    return [found for found in imports(tree, _top(tree)) if found.target == target]


@lru_cache(maxsize=4)
def _occurs(tree: Tree, name: str) -> bool:
    """Whether a file has a name for anything."""
    return any(isinstance(node, cst.Name) and node.value == name for node in tree.nodes) or any(
        each.name == name for each in imported(tree)
    )


def _statement(path: str, module: str) -> tuple[str, str, str]:
    """The import of a module, the name that it gives, and the whole name of the module as `_imports` sees it."""
    if module.endswith(".py"):
        beside = posixpath.dirname(module) == posixpath.dirname(path)
        module = posixpath.basename(module)[:-3] if beside else module[:-3].replace("/", ".")
    package, _, name = module.rpartition(".")
    if not package:
        return (f"from . import {name}", name, f"..{name}") if module.startswith(".") else (f"import {name}", name, name)
    return f"from {package} import {name}", name, f"{package}.{name}"


@lru_cache(maxsize=4)
def _behind_imports(tree: Tree, statement: str) -> Change:
    """The statement in a line behind the last import of the module itself, else where `import os` would be."""
    newline = tree.module.default_newline
    last = [line for line in tree.module.body if _is_import(line)][-1:]
    if not last:
        put = _insertion(tree)
        return Change(put.start, put.end, put.after.replace("import os", statement))
    at = next((start for start in tree.lines if start >= tree.span(last[0])[1]), None)
    return Change(len(tree.text), len(tree.text), newline + statement) if at is None else Change(at, at, statement + newline)


def _is_import(line: cst.CSTNode) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))


def taken(tree: Tree, name: str) -> bool:
    """Whether `name`, a builtin, is something else in this file."""
    return is_taken(tree, name, "")


@lru_cache(maxsize=16)
def _function(tree: Tree, found: Import) -> str:
    """`os.getenv` where the file knows only that, else what the import is good for."""
    if found.target == "os" and f"{found.name}.getenv(" in tree.text and f"{found.name}.environ" not in tree.text:
        return f"{found.name}.getenv"
    return READERS[found.target].format(found.name)


def _top(tree: Tree) -> Iterator[cst.CSTNode]:
    """The small statements of the module itself."""
    for line in tree.module.body:
        if isinstance(line, cst.SimpleStatementLine):
            yield from line.body


@lru_cache(maxsize=4)
def _insertion(tree: Tree) -> Change:
    """`import os` in its alphabetical place among the first imports, or in front of what comes first."""
    newline = tree.module.default_newline
    lines = list(tree.module.body)
    while lines and _leads(lines[0]):
        lines.pop(0)
    following = lines[0] if lines else None
    while lines and _sorts_before(tree, lines[0], following):
        following = lines.pop(0)
    if following is not None and following not in lines:
        at = next((start for start in tree.lines if start >= tree.span(following)[1]), len(tree.text))
        return Change(at, at, f"import os{newline}")
    if lines and _is_standard(lines[0]):
        at = tree.line_start(tree.span(lines[0])[0])
        return Change(at, at, f"import os{newline}")
    at = _above_comments(tree, lines[0]) if lines else len(tree.text)
    gap = newline if len(lines) < len(tree.module.body) and _line_before(tree, at).strip() else ""
    return Change(at, at, f"{gap}import os{newline}{newline}")


def _leads(line: cst.CSTNode) -> bool:
    """Whether nothing may be put in front of a line: a docstring, or an import from the future."""
    if not isinstance(line, cst.SimpleStatementLine):
        return False
    first: Any = line.body[0]
    if isinstance(first, cst.ImportFrom):
        return isinstance(first.module, cst.Name) and first.module.value == "__future__"
    return isinstance(first, cst.Expr) and isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString))


def _root(line: cst.CSTNode) -> str:
    """The package that a line imports from, empty where it is no import or a relative one."""
    statement: Any = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
    module: Any = None
    if isinstance(statement, cst.Import):
        module = statement.names[0].name
    elif isinstance(statement, cst.ImportFrom) and not statement.relative:
        module = statement.module
    while isinstance(module, cst.Attribute):
        module = module.value
    return "" if module is None else str(module.value)


def _is_standard(line: cst.CSTNode) -> bool:
    return _root(line) in sys.stdlib_module_names


def _sorts_before(tree: Tree, line: cst.CSTNode, first: cst.CSTNode | None) -> bool:
    """Whether a line of the first block of imports stands in front of `import os` in the order of the alphabet."""
    plain = isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Import)
    joined = line is first or bool(_line_before(tree, tree.line_start(tree.span(line)[0])).strip())
    return plain and joined and _is_standard(line) and _root(line) < "os"


def _above_comments(tree: Tree, line: Any) -> int:
    """Where a statement begins, with its decorators and the comments right above it, but for those that head the file."""
    decorators = getattr(line, "decorators", ())
    at = begin = tree.line_start(tree.span(decorators[0] if decorators else line)[0])
    while _line_before(tree, at).lstrip().startswith("#"):
        at = tree.line_start(at - 1)
    return at or begin


def _line_before(tree: Tree, at: int) -> str:
    return tree.text[tree.line_start(at - 1) : at] if at else ""
