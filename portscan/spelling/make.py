"""Makefiles: `$(or $(X),3103)` where make expands, `$${X:-3103}` in recipes, whose shell gets make's environment."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from portscan.knowledge import shipped
from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.places import holds
from portscan.spelling.shell_quoting import quoting

OF_JUST: Final = re.compile(r"(?:^|/)\.?justfile$", re.IGNORECASE)
# `SHELL = …` makes another program read the recipes, `.RECIPEPREFIX` makes other lines recipes.
SHELL: Final = re.compile(r"^(?:[^\n:#=]{0,200}:)?[ ]*(?:(?:export|override)[ ]+)*SHELL[ ]*(?:[:?]{0,3}=)([^\n]*)", re.MULTILINE)
PREFIX: Final = re.compile(r"^\.RECIPEPREFIX\b", re.MULTILINE)
TOGETHER: Final = re.compile(r"^\.ONESHELL\b", re.MULTILINE)  # one shell reads all lines of a recipe
DEFINED: Final = re.compile(r"^[ ]*(?:(?:export|override)[ ]+)*(define|endef)\b", re.MULTILINE)
REFERENCE: Final = re.compile(r"\$(?:[^({]|(?P<open>[({]))|(?P<bracket>[(){}])", re.DOTALL)
PAIRS: Final = {"(": ")", "{": "}"}
IN_JUST: Final = "just hands `$$` on: write `{{{{ env('{0}', '{1}') }}}}` here"
IN_REFERENCE: Final = "make reads this itself: put the number into a variable, `{0} ?= {1}` above, and read $({0}) here"
IN_DEFINITION: Final = "whoever uses this definition may be no recipe: write `{0} ?= {1}` above, and read $({0}) here"
OTHERWISE: Final = "write `{0} ?= {1}` above, and read $({0}) here"
NO_SHELL: Final = "another program than a shell reads the recipes: write `{0} ?= {1}` above, and read $({0}) here"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Bind in make's own way, or in the shell's in a recipe."""
    del literal
    variable = binding.variable
    text, digits = source.text, source.text[start:end]
    why = _no_recipe(source.path, text, start)
    if why:
        return Declined(why.format(variable, digits))
    begin = _beginning(text, start)
    before = _for_the_shell(text[begin:start])
    if before is None:
        return Declined(IN_REFERENCE.format(variable, digits))
    state = quoting(before, len(before))
    if state in ("bare", "double", "brace"):
        return Spelled((Change(start, end, f"$${{{variable}:-{digits}}}"),))
    if state == "single":
        return Spelled((Change(start, end, f"'\"$${{{variable}:-{digits}}}\"'"),))
    return Declined("the shell does not expand here: use double quotes, then run the fix again")


def _no_recipe(path: str, text: str, start: int) -> str:
    """Why no shell reads the line as it stands; empty where one does."""
    if OF_JUST.search(path):
        return IN_JUST
    if holds(PREFIX, text, 0, len(text)) or not text.startswith("\t", _logical(text, start)):
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


def _logical(text: str, start: int) -> int:
    """Where the line begins that holds a character, with those that a backslash continues."""
    begin = text.rfind("\n", 0, start) + 1
    while begin and _continued(text, begin):
        begin = text.rfind("\n", 0, begin - 1) + 1
    return begin


def _continued(text: str, begin: int) -> bool:
    """Whether the line that begins there goes on with the one above."""
    above = text[max(begin - 100, 0) : begin].removesuffix("\n").removesuffix("\r")
    return (len(above) - len(above.rstrip("\\"))) % 2 == 1


def _beginning(text: str, start: int) -> int:
    """Where the shell begins to read: with the line, or with the first of the recipe."""
    begin = _logical(text, start)
    if holds(TOGETHER, text, 0, len(text)):
        while begin and text.startswith("\t", above := _logical(text, begin - 1)):
            begin = above
    return begin


def _for_the_shell(recipe: str) -> str | None:
    """A recipe with a dot for each character of what make fills in; None if that has not ended."""
    pieces, open_, reached, i = [], list[str](), 0, 0
    while match := REFERENCE.search(recipe, i):
        i = match.end()
        if match["open"] and not open_:
            pieces.append(recipe[reached : match.start()])
            reached = match.start()
        if match["open"] or (open_ and match["bracket"] in PAIRS):
            open_.append(PAIRS[match["open"] or match["bracket"]])
        elif open_ and match["bracket"] == open_[-1]:
            open_.pop()
            if not open_:
                pieces.append("." * (i - reached))
                reached = i
    return None if open_ else "".join(pieces) + recipe[reached:]


def faults(source: Source) -> int:
    """The grammar is not checked here; the changes stay within a word of a recipe."""
    del source
    return 0
