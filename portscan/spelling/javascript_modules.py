"""Constants of a generated module in JavaScript and TypeScript: `import * as ports from "./ports"`, once for a file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.spelling import Change, Declined
from portscan.spelling.javascript_tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

TYPED = (".ts", ".tsx", ".mts", ".cts")
SCRIPT = (*TYPED, ".js", ".jsx", ".mjs", ".cjs")
MODULE = compiled(r"^[^\S\n]*(?:import\b(?!\s*\()|export\b)", re.MULTILINE)
COMMON = compiled(r"\brequire\(|\bmodule\.exports\b|^exports\.", re.MULTILINE)
WITH_ENDING = compiled(r"\bfrom\s*[\"']\.{1,2}/[^\"'\n]*\.js[\"']")
HEADING = ("hash_bang_line", "comment")
UNCERTAIN = "it is not certain whether this file is a module: import the constant by hand"
TAKEN = "`{}` is another thing in this file: import the constant by hand"
LATE = "the constants would be loaded below this line: load them above it first"


@dataclass(frozen=True, slots=True)
class Constant:
    """The expression for a constant, and the import that must be put in for it."""

    expression: str
    imported: tuple[Change, ...] = ()


def constant(tree: Tree, path: str, module: str, name: str, offset: int) -> Constant | Declined:
    """How the constant `name` of `module` is reached at `offset`: by the import that is there, else by a new one."""
    found = _reached(tree, path, module, name)
    put = found.imported[:1] if isinstance(found, Constant) else ()
    late = any(change.start > offset and "require(" in change.after for change in put)
    return Declined(LATE) if late else found


@lru_cache(maxsize=256)
def _reached(tree: Tree, path: str, module: str, name: str) -> Constant | Declined:
    """The same for a place below all that a file loads."""
    specifier = _specifier(tree, path, module)
    for source, expression in _reachable(tree, name):
        if _stem(source) == _stem(specifier):
            return Constant(expression)
    alias = _camel(module)
    if _occurs(tree, alias):
        return Declined(TAKEN.format(alias))
    load = _loader(tree, path)
    if load is None:
        return Declined(UNCERTAIN)
    return Constant(f"{alias}.{name}", (_insertion(tree, load.format(alias=alias, specifier=_quoted(tree, specifier))),))


@lru_cache(maxsize=4)
def _occurs(tree: Tree, name: str) -> bool:
    """Whether a file has a name for anything."""
    return any(tree.code(node) == name for node in tree.nodes("identifier", "shorthand_property_identifier_pattern"))


def _specifier(tree: Tree, path: str, module: str) -> str:
    """What an import calls the module: the way to it without an ending, or with the one that the file's imports have."""
    stem, ending = posixpath.splitext(module)
    if ending not in SCRIPT or module[0] in "@~#":
        return module
    way = posixpath.relpath(stem, posixpath.dirname(path) or ".")
    if ending in TYPED:
        ending = ".js" if WITH_ENDING.search(tree.text) else ""
    return (way if way.startswith(".") else f"./{way}") + ending


def _stem(source: str) -> str:
    stem, ending = posixpath.splitext(source)
    return stem if ending in SCRIPT else source


def _reachable(tree: Tree, name: str) -> Iterator[tuple[str, str]]:
    """The expressions by which the imports of a file reach the constant `name`, with what each imports from."""
    for node in reversed(tuple(tree.nodes("import_statement"))):
        source = tree.code(node.child_by_field_name("source")).strip("\"'")
        yield from ((source, expression) for expression in _clauses(tree, node, name))
    for node in reversed(tuple(tree.nodes("variable_declarator"))):
        match = re.fullmatch(r"require\(\s*[\"']([^\"']+)[\"']\s*\)", tree.code(node.child_by_field_name("value")))
        target = node.child_by_field_name("name")
        if match and target is not None and target.type == "identifier":
            yield match[1], f"{tree.code(target)}.{name}"
        elif match and target is not None and any(tree.code(child) == name for child in target.named_children):
            yield match[1], name


def _clauses(tree: Tree, statement: Node, name: str) -> Iterator[str]:
    pending = list(statement.named_children)
    while pending:
        node = pending.pop()
        if node.type == "namespace_import":
            yield f"{tree.code(node.named_children[0])}.{name}"
        elif node.type == "import_specifier" and tree.code(node.child_by_field_name("name")) == name:
            yield tree.code(node.child_by_field_name("alias")) or name
        elif node.type in ("import_clause", "named_imports"):
            pending.extend(node.named_children)


def _camel(module: str) -> str:
    """A name for the module: `registry-ports.ts` is `registryPorts`."""
    words: list[str] = re.findall(r"[A-Za-z][A-Za-z0-9]*", posixpath.basename(_stem(module))) or ["ports"]
    return words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])


@lru_cache(maxsize=4)
def _loader(tree: Tree, path: str) -> str | None:
    """How a file loads what it needs; None where that cannot be told."""
    typed_or_module = path.endswith((*TYPED[:3], ".mjs")) or MODULE.search(tree.text)
    if typed_or_module and not path.endswith(".cjs"):
        return "import * as {alias} from {specifier};"
    return "const {alias} = require({specifier});" if path.endswith(".cjs") or COMMON.search(tree.text) else None


def _quoted(tree: Tree, specifier: str) -> str:
    return f"{tree.quote}{specifier}{tree.quote}"


@lru_cache(maxsize=4)
def _insertion(tree: Tree, statement: str) -> Change:
    """The statement behind the last of those like it, else in front of the first that does anything."""
    newline = "\r\n" if "\r\n" in tree.text else "\n"
    loads = "import_statement" if statement.startswith("import") else "require("
    before = [n for n in tree.root.named_children if n.type == loads or (loads == "require(" and _requires(tree, n))]
    if before:
        if not tree.code(before[-1]).rstrip().endswith(";"):
            statement = statement.removesuffix(";")
        at = tree.text.find("\n", tree.span(before[-1])[1]) + 1
        return Change(at, at, statement + newline) if at else _at_end(tree, newline + statement)
    first = next((n for n in tree.root.named_children if n.type not in HEADING and not _directive(tree, n)), None)
    at = tree.span(first)[0] if first is not None else len(tree.text)
    return Change(at, at, statement + newline)


def _at_end(tree: Tree, text: str) -> Change:
    return Change(len(tree.text), len(tree.text), text)


def _requires(tree: Tree, node: Node) -> bool:
    return node.type in ("lexical_declaration", "variable_declaration") and "require(" in tree.code(node)


def _directive(tree: Tree, node: Node) -> bool:
    return node.type == "expression_statement" and bool(re.fullmatch(r"[\"'][^\"']*[\"'];?", tree.code(node).strip()))
