"""What a regular expression repeats, and texts that make it try again and again: made from its own parts.

`compiled()` lists every expression that portscan compiles: those of the modules, and those made of rules and of languages.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

if sys.version_info >= (3, 11):
    from re import _parser as parser
else:
    import sre_parse as parser

TOP = Path(__file__).resolve().parent.parent.parent
MANY = 20  # repetitions that count as any number of them
USUAL = "a7 \n"  # tried of every class that is repeated; of the others those that the expression itself speaks of
SIGNS = "\t_-.:/'\"`$&{}()[]<>#\\=,;|*+?!@%~"
ENDS = ("\0", "", "\n")


class Expression(NamedTuple):
    """An expression and its flags, and the module that compiles it."""

    pattern: str
    flags: int
    module: str


class Repeat(NamedTuple):
    """A part that may be repeated any number of times: a text that leads to it, and texts that it takes."""

    before: str
    taken: tuple[str, ...]


COLLECT = """
import importlib, json, pkgutil, re, sys
found = {}
original = re._compile
def compile(pattern, flags):
    made = original(pattern, flags)
    frame = sys._getframe(2)
    module = frame.f_globals.get("__name__", "")
    if module.startswith("portscan") and isinstance(made.pattern, str):
        found.setdefault((made.pattern, made.flags), module)
    return made
re._compile = compile
import portscan
for each in pkgutil.walk_packages(portscan.__path__, "portscan."):
    if not each.name.endswith("__main__"):
        importlib.import_module(each.name)
from tests.fuzzing.invariants import sparing, thorough
from tests.fuzzing.corpus import by_language
from portscan.source import decode, Source
from portscan.knowledge import shipped
for name in shipped().languages:
    detector = thorough()._detector(name)
    for rule in detector.texts.rules:
        rule.pattern, rule.needed
for seeds in by_language().values():
    for path, data in seeds:
        source = decode(path, data)
        if isinstance(source, Source):
            for reading in (sparing(), thorough()):
                reading.read(source)
json.dump([[*key, module] for key, module in found.items()], sys.stdout)
"""


@lru_cache(maxsize=1)
def compiled() -> tuple[Expression, ...]:
    """Every expression that portscan compiles when all its modules are loaded and all examples are read."""
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    done = subprocess.run([sys.executable, "-c", COLLECT], cwd=TOP, env=environment, capture_output=True, check=True)
    return tuple(Expression(*each) for each in json.loads(done.stdout))


def tree_of(expression: Expression) -> Any:
    """The expression as `re` parses it."""
    return parser.parse(expression.pattern, expression.flags & ~re.DEBUG)


def members(kind: str, argument: Any, every: str = USUAL + SIGNS) -> list[str]:
    """The characters of `every` that one item of the tree takes."""
    if kind == "LITERAL":
        return [chr(argument)]
    if kind == "NOT_LITERAL":
        return [each for each in every if ord(each) != argument]
    if kind == "ANY":
        return [each for each in every if each != "\n"]
    if kind == "IN":
        return [*dict.fromkeys((*(each for each in every if _in(argument, each)), *_own(argument)))]
    return []


def _in(items: Any, character: str) -> bool:
    negated = str(items[0][0]) == "NEGATE"
    found = any(_one(str(kind), value, character) for kind, value in items)
    return found != negated


def _one(kind: str, value: Any, character: str) -> bool:
    if kind == "LITERAL":
        return ord(character) == value
    if kind == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    if kind == "CATEGORY":
        name = str(value).rsplit("_", 1)[-1].lower()
        match = {"digit": character.isdigit(), "space": character.isspace(), "word": character.isalnum() or character == "_"}
        return match.get(name, False) != ("NOT" in str(value))
    return False


def _own(items: Any) -> list[str]:
    """What a class spells out itself."""
    if str(items[0][0]) == "NEGATE":
        return []
    return [chr(value if str(kind) == "LITERAL" else value[0]) for kind, value in items if str(kind) in ("LITERAL", "RANGE")]


def sample(tree: Any) -> str:
    """A short text that the tree takes, as far as that can be told: what looks around itself is left out."""
    return "".join(_sample(str(kind), argument) for kind, argument in tree)


def _sample(kind: str, argument: Any) -> str:
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return sample(argument[2]) * min(max(argument[0], 0), MANY)
    if kind == "SUBPATTERN":
        return sample(argument[3])
    if kind == "ATOMIC_GROUP":
        return sample(argument)
    if kind == "BRANCH":
        return sample(argument[1][0])
    if kind == "GROUPREF_EXISTS":
        return sample(argument[1])
    found = members(kind, argument)
    return found[0] if found else ""


def spoken(tree: Any) -> str:
    """The signs that an expression names, in whatever place."""
    found = set()
    for kind, argument in tree:
        name = str(kind)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            found.update(spoken(argument[2]))
        elif name == "IN":
            found.update(chr(value) for item, value in argument if str(item) == "LITERAL")
        elif name in ("LITERAL", "NOT_LITERAL"):
            found.add(chr(argument))
        for inner in _inner(name, argument):
            found.update(spoken(inner))
    return "".join(sorted(found))


def repeats(tree: Any, every: str, before: str = "") -> Iterator[Repeat]:
    """Every part of the tree that may come any number of times, with what leads to it."""
    for kind, argument in tree:
        name = str(kind)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if argument[1] is parser.MAXREPEAT or argument[1] > MANY:
                yield Repeat(before, tuple(dict.fromkeys(_takes(argument[2], every))))
            yield from repeats(argument[2], every, before)
        else:
            for inner in _inner(name, argument):
                yield from repeats(inner, every, before)
        before += _sample(name, argument)


def _inner(kind: str, argument: Any) -> Sequence[Any]:
    if kind == "SUBPATTERN":
        return [argument[3]]
    if kind == "ATOMIC_GROUP":
        return [argument]
    if kind == "BRANCH":
        return list(argument[1])
    if kind in ("ASSERT", "ASSERT_NOT"):
        return [argument[1]]
    if kind == "GROUPREF_EXISTS":
        return [each for each in argument[1:] if each is not None]
    return []


def _takes(tree: Any, every: str) -> Iterator[str]:
    """Texts that one round of a repetition takes: for a class its characters, else one for each of its branches."""
    items = list(tree)
    if len(items) == 1:
        kind, argument = str(items[0][0]), items[0][1]
        found = members(kind, argument, every)
        if found:
            yield from found
            return
        for inner in _inner(kind, argument):
            yield from _takes(inner, every)
        if kind in ("MAX_REPEAT", "MIN_REPEAT"):
            yield from _takes(argument[2], every)
        return
    whole = sample(items)
    if whole:
        yield whole
    for item in items:
        yield from (each for each in _takes([item], every) if each != whole)


def hard(expression: Expression) -> Iterator[tuple[str, str, str]]:
    """Texts that are hard on an expression, as what comes once, what is repeated, and what comes last."""
    tree = tree_of(expression)
    whole = sample(tree)
    seen: set[tuple[str, str]] = set()
    every = "".join(dict.fromkeys(USUAL + spoken(tree)))[:24]
    for before, taken in repeats(tree, every):
        for piece in taken:
            for head, body in ((before, piece), ("", before + piece), ("", piece)):
                if body and (head, body) not in seen:
                    seen.add((head, body))
                    yield from ((head, body, end) for end in ENDS)
    if whole and ("", whole) not in seen:
        yield from (("", whole, end) for end in ENDS[:3])
