"""Every regular expression of portscan: those that its code spells, and those that it makes of its rules.

What the code spells is read off the code. What it makes while it runs is written down as it is made, in a process of its own
(`recording.py`) that reads the examples of all rules. A call that neither of them sees is told.
"""

from __future__ import annotations

import ast
import importlib
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

KEEPER = "portscan.expressions"  # compiles for others
TOP = Path(__file__).resolve().parent.parent.parent
PACKAGE = TOP / "portscan"
SEARCHING = frozenset(("search", "finditer", "findall", "sub", "subn", "split"))
ANCHORED = frozenset(("match", "fullmatch"))
FUNCTIONS = SEARCHING | ANCHORED | {"compile"}
# How what is kept in a field or handed on is used, where the code does not show it by a name.
KEPT: Mapping[tuple[str, str], frozenset[str]] = {
    ("portscan.patterns", "expression"): frozenset(("search", "fullmatch")),
    ("portscan.detect.texts", "'|'.join(self.needs)"): frozenset(("search",)),
    ("portscan.detect.roles", "PORT"): frozenset(("fullmatch",)),
    ("portscan.detect.roles", "UPSTREAM"): frozenset(("fullmatch",)),
    ("portscan.detect.roles", "FORWARD"): frozenset(("fullmatch",)),
    ("portscan.connectivity.lore", "'|'.join(data['outside'])"): frozenset(("fullmatch",)),
    ("portscan.connectivity.lore", "'|'.join(data['outside_paths'])"): frozenset(("fullmatch",)),
    ("portscan.fixing.removal", "'[ \\\\t]*(?:\\\\r\\\\n|\\\\n|\\\\r|\\\\Z)'"): frozenset(("match",)),
    ("portscan.fixing.assigned", "pattern.replace('<variable>', name)"): frozenset(("search", "finditer")),
    ("portscan.life.adopting.listeners", "entry['names']"): frozenset(("fullmatch",)),
    ("portscan.languages.lines", "key_value"): frozenset(("match",)),
    ("portscan.languages.shell", "TOKEN"): frozenset(("match",)),
    ("portscan.languages.shell", "IN_LINES"): frozenset(("match",)),
    ("portscan.directives", "SPOKEN"): frozenset(("match",)),
    ("portscan.directives", "SPOKEN_IN_DOCUMENTS"): frozenset(("match",)),
}
PASSED = "passed"  # handed on, to be used nobody knows how
WORD = "word"  # what an expression is filled in with where only a run would tell


class Expression(NamedTuple):
    """An expression as it is compiled at a place, its name or how it is written there, and the ways in which it is used."""

    pattern: str | bytes
    flags: int
    ways: frozenset[str]
    place: str
    name: str

    @property
    def module(self) -> str:
        """The module that compiles it."""
        return self.place.partition(":")[0]


class Call(NamedTuple):
    """A call of a function of `re` in the code."""

    place: str
    function: str
    node: ast.Call
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name that it gets, else what it is handed."""
        return self.names[0] if len(self.names) == 1 else ast.unparse(self.node.args[0])


@lru_cache(maxsize=1)
def trees() -> Mapping[str, ast.Module]:
    """The modules of portscan by their names."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(TOP).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(file.read_text(encoding="utf-8"))
    return found


def calls() -> Iterator[tuple[str, Call]]:
    """Every call of a function of `re`, with its module."""
    for module, tree in trees().items():
        within = ((_names(node), node.value) for node in ast.walk(tree) if isinstance(node, ast.Assign))
        named = {id(call): names for names, value in (*within, *_assignments(tree)) for call in _made(value)}
        keeps = any(isinstance(node, ast.ImportFrom) and node.module == KEEPER for node in tree.body)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (function := _function(node, keeps)):
                yield module, Call(f"{module}:{node.lineno}", function, node, named.get(id(node), ()))


def _assignments(tree: ast.Module) -> Iterator[tuple[tuple[str, ...], ast.expr]]:
    """The names that are bound at the top of a module, with what they are bound to."""
    for statement in tree.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            yield _names(statement) if isinstance(statement, ast.Assign) else (ast.unparse(statement.target),), statement.value


def _names(statement: ast.Assign) -> tuple[str, ...]:
    return tuple(node.id for each in statement.targets for node in ast.walk(each) if isinstance(node, ast.Name))


def _made(value: ast.expr) -> Iterator[ast.Call]:
    """The calls that make what a name is bound to, one or several at once."""
    several = value.elts if isinstance(value, ast.Tuple) else [value]
    return (each for each in several if isinstance(each, ast.Call))


def _function(node: ast.Call, keeps: bool) -> str:
    """The function of `re` that is called; where expressions are kept, `compiled` and `compiled_bytes` are such that compile."""
    called = node.func
    if keeps and isinstance(called, ast.Name) and called.id in ("compiled", "compiled_bytes"):
        return "compile"
    known = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re"
    return called.attr if known and isinstance(called, ast.Attribute) and called.attr in FUNCTIONS else ""


@lru_cache(maxsize=1)
def uses() -> Mapping[tuple[str, str], frozenset[str]]:
    """How the names of modules are used wherever they are known: by which methods, or `passed` where they are handed on."""
    found: dict[tuple[str, str], set[str]] = {}
    for module, tree in trees().items():
        known = {name: (module, name) for names, _ in _assignments(tree) for name in names}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                known.update({alias.asname or alias.name: (node.module, alias.name) for alias in node.names})
        methods = {id(n.value): n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in known:
                found.setdefault(known[node.id], set()).add(methods.get(id(node), PASSED))
    return {key: frozenset(ways) for key, ways in found.items()}


def ways(module: str, call: Call) -> frozenset[str]:
    """How what a call makes is used: anyhow, where nothing says how."""
    if call.function != "compile":
        return frozenset((call.function,))
    if (module, call.name) in KEPT:
        return KEPT[module, call.name]
    found = frozenset(way for name in call.names for way in uses().get((module, name), ()))
    return found if found and found <= SEARCHING | ANCHORED else SEARCHING | ANCHORED


def sought() -> Iterator[tuple[str, frozenset[str]]]:
    """Where an expression is taken from those of the run, and how it is used there."""
    for module, tree in trees().items():
        taken = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Subscript))
        for node in taken:
            if ast.unparse(node.value).startswith("EXPRESSIONS["):
                yield f"{module}:{node.lineno}", frozenset((node.attr,))


def spelled() -> Iterator[Expression]:
    """What the code spells, filled in where a part of it is known only to a run."""
    for module, call in calls():
        known = _known(module, call.node.lineno)
        pattern = _value(call.node.args[0], known)
        given = call.node.args[1 if call.function == "compile" else 2 :]
        flags = next((_evaluated(k.value, known) for k in call.node.keywords if k.arg == "flags"), 0)
        if given and call.function != "sub":
            flags = _evaluated(given[0], known)
        if isinstance(pattern, (str, bytes)):
            yield Expression(pattern, int(flags or 0), ways(module, call), call.place, call.name)


def _known(module: str, line: int) -> Mapping[str, Any]:
    """What names stand for at a line of a module, as far as that can be told without a run."""
    known = {} if module.endswith("__main__") else dict(vars(importlib.import_module(module)))
    functions = (node for node in ast.walk(trees()[module]) if isinstance(node, ast.FunctionDef))
    around = (node for node in functions if node.lineno <= line <= (node.end_lineno or 0))
    for statement in (inner for function in around for inner in ast.walk(function) if isinstance(inner, ast.Assign)):
        value = _value(statement.value, known)
        known.update({name: value for name in _names(statement) if isinstance(value, str) and statement.lineno < line})
    return known


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """What an expression of Python comes to; a part that only a run would tell is a word."""
    value = _evaluated(node, known)
    if value is not None:
        return value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(_value(part, known) or WORD) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _value(node.value, known)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        form = _value(node.func.value, known)
        named = {keyword.arg or "": WORD for keyword in node.keywords}
        return form.format(*(WORD for _ in node.args), **named) if isinstance(form, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = (_value(part, known) for part in (node.left, node.right))
        return left + (right or WORD) if isinstance(left, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        form = _value(node.left, known)
        return form.replace(b"%b", WORD.encode()) if isinstance(form, bytes) else None
    return None


def _evaluated(node: ast.expr, known: Mapping[str, Any]) -> Any:
    try:
        return eval(compile(ast.Expression(node), "?", "eval"), dict(known))
    except Exception:
        return None


@lru_cache(maxsize=1)
def recorded() -> tuple[Expression, ...]:
    """What is made while the examples of the rules are read."""
    done = subprocess.run([sys.executable, "-m", "tests.fuzzing.recording"], cwd=TOP, capture_output=True, check=True)
    seen: set[tuple[str | bytes, int, str]] = pickle.loads(done.stdout)
    known = {place: (used, "") for place, used in sought()}
    known |= {call.place: (ways(module, call), call.name) for module, call in calls()}
    anyhow = (SEARCHING | ANCHORED, "")
    found = ((pattern, flags, place, known.get(place, anyhow)) for pattern, flags, place in sorted(seen, key=str))
    return tuple(Expression(pattern, flags, used, place, name) for pattern, flags, place, (used, name) in found)


@lru_cache(maxsize=1)
def every() -> tuple[Expression, ...]:
    """All expressions, each once, with all the ways in which it is used."""
    found: dict[tuple[str | bytes, int], Expression] = {}
    ran = {one.place for one in recorded()}
    for one in (*recorded(), *(one for one in spelled() if one.place not in ran)):
        before = found.get((one.pattern, one.flags))
        found[one.pattern, one.flags] = one._replace(ways=one.ways | before.ways) if before else one
    return tuple(found.values())


def unseen() -> set[tuple[str, str]]:
    """The calls of which nobody knows what they compile: their modules, and what the calls are handed."""
    seen = {one.place for one in (*spelled(), *recorded())}
    return {(module, ast.unparse(call.node.args[0])) for module, call in calls() if call.place not in seen}
