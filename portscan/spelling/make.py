"""Makefiles: `$(or $(X),3103)` where make expands, `$${X:-3103}` in recipes, whose shell gets make's environment."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from portscan.expressions import compiled
from portscan.knowledge import shipped
from portscan.languages.make import OF_JUST
from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.just import bind_recipe, digits_in
from portscan.spelling.places import holds
from portscan.spelling.shell import noted
from portscan.spelling.shell_quoting import quoting

# `SHELL = …` makes another program read the recipes, `.RECIPEPREFIX` makes other lines recipes.
SHELL: Final = compiled(r"^(?:[^\n:#=]{0,200}:)?[ ]*(?:(?:export|override)[ ]+)*SHELL[ ]*(?:[:?]{0,3}=)([^\n]*)", re.MULTILINE)
PREFIX: Final = compiled(r"^\.RECIPEPREFIX\b", re.MULTILINE)
TOGETHER: Final = compiled(r"^\.ONESHELL\b", re.MULTILINE)  # one shell reads all lines of a recipe
DEFINED: Final = compiled(r"^[ ]*(?:(?:export|override)[ ]+)*(define|endef)\b", re.MULTILINE)
REFERENCE: Final = compiled(r"\$(?:[^({]|(?P<open>[({]))|(?P<bracket>[(){}])", re.DOTALL)
PAIRS: Final = {"(": ")", "{": "}"}
IN_REFERENCE: Final = "make reads this itself: put the number into a variable, `{0} ?= {1}` above, and read $({0}) here"
IN_DEFINITION: Final = "whoever uses this definition may be no recipe: write `{0} ?= {1}` above, and read $({0}) here"
OTHERWISE: Final = "write `{0} ?= {1}` above, and read $({0}) here"
NO_SHELL: Final = "another program than a shell reads the recipes: write `{0} ?= {1}` above, and read $({0}) here"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Bind in make's own way, or in the shell's in a recipe."""
    del literal
    bind_there = bind_recipe if OF_JUST.search(source.path) else _bound
    return noted(bind_there(source.text, start, end, binding.variable), source.text, start)


def held(source: Source) -> Iterator[tuple[int, int]]:
    """The characters of what values may be held against: in a Makefile only recipes are bound, which hold none of them."""
    return digits_in(source.text) if OF_JUST.search(source.path) else iter(())


def _bound(text: str, start: int, end: int, variable: str) -> Spelled | Declined:
    """Bind the digits `start:end` of a Makefile."""
    digits = text[start:end]
    why = _no_recipe(text, start)
    if why:
        return Declined(why.format(variable, digits))
    begin, end_of_recipe = _recipe(text, start)
    recipe = _for_the_shell(text, begin, end_of_recipe)
    if recipe[start - begin] != digits[0]:
        return Declined(IN_REFERENCE.format(variable, digits))
    state = quoting(recipe, start - begin)
    if state in ("bare", "double", "brace"):
        return Spelled((Change(start, end, f"$${{{variable}:-{digits}}}"),))
    if state == "single":
        return Spelled((Change(start, end, f"'\"$${{{variable}:-{digits}}}\"'"),))
    return Declined("the shell does not expand here: use double quotes, then run the fix again")


def _no_recipe(text: str, start: int) -> str:
    """Why no shell reads the line as it stands; empty where one does."""
    if holds(PREFIX, text, 0, len(text)) or not text.startswith("\t", _recipe(text, start)[0]):
        return OTHERWISE
    begins, words = _definitions(text)
    if words[bisect_left(begins, start)] == "define":
        return IN_DEFINITION
    return "" if _for_shells(text) else NO_SHELL


@lru_cache(maxsize=4)
def _definitions(text: str) -> tuple[Sequence[int], Sequence[str]]:
    """Where definitions have begun and ended, and in front of each such place the word that was the last."""
    found = tuple(DEFINED.finditer(text))
    return [match.end() - 1 for match in found], ["", *(match[1] for match in found)]


@lru_cache(maxsize=4)
def _for_shells(text: str) -> bool:
    """Whether recipes are read by shells that we know."""
    shells = (re.findall(r"[a-z]+", match[1]) for match in SHELL.finditer(text))
    known = shipped().languages["shell"]["shebangs"]
    return all(set(words).intersection(known) for words in shells)


def _recipe(text: str, start: int) -> tuple[int, int]:
    """Where that begins and ends which is read together with a character."""
    begins = _beginnings(text)
    place = bisect_right(begins, start)
    return begins[place - 1], begins[place] if place < len(begins) else len(text)


@lru_cache(maxsize=4)
def _beginnings(text: str) -> Sequence[int]:
    """Where lines begin, but for those that go on with the one above: behind a backslash, or as a recipe for one shell."""
    together = TOGETHER.search(text) is not None
    found = [0]
    for newline in re.finditer("\n", text):
        at = newline.end()
        recipe = together and text.startswith("\t", at) and text.startswith("\t", found[-1])
        if not recipe and not _continued(text, at):
            found.append(at)
    return found


def _continued(text: str, begin: int) -> bool:
    """Whether the line that begins there goes on with the one above."""
    above = text[max(begin - 100, 0) : begin].removesuffix("\n").removesuffix("\r")
    return (len(above) - len(above.rstrip("\\"))) % 2 == 1


@lru_cache(maxsize=4)
def _for_the_shell(text: str, first: int, last: int) -> str:
    """A recipe with a dot for each character of what make fills in, which may have no end."""
    recipe = text[first:last]
    pieces, open_, reached = [], list[str](), 0
    for match in REFERENCE.finditer(recipe):
        if match["open"] and not open_:
            pieces.append(recipe[reached : match.start()])
            reached = match.start()
        if match["open"] or (open_ and match["bracket"] in PAIRS):
            open_.append(PAIRS[match["open"] or match["bracket"]])
        elif open_ and match["bracket"] == open_[-1]:
            open_.pop()
            if not open_:
                pieces.append("." * (match.end() - reached))
                reached = match.end()
    return "".join(pieces) + ("." * (len(recipe) - reached) if open_ else recipe[reached:])


def faults(source: Source) -> int:
    """The grammar is not checked here; the changes stay within a word of a recipe."""
    del source
    return 0
