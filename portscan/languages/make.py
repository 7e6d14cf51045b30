"""Makefiles and justfiles: assignments, and recipes in shell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import comments_of
from portscan.sites import Embedded, Site, Value
from portscan.text import Text

RECIPE = compiled(r"(?:^(?:\t|    +)[^\n]*(?:\n|\Z))+", re.MULTILINE)
ASSIGNMENT = compiled(r"[ \t]*(?:export[ \t]+|override[ \t]+)*([A-Za-z_][\w.-]*)[ \t]*(\?=|[:+!]{0,2}=)[ \t]*((?:[^ \t].*)?)")
OF_JUST = compiled(r"(?i)(?:^|/)\.?justfile$")
FARTHEST = 250  # characters from a look-up to its fallback
LOOKED_UP = compiled(r"\benv(?:_var_or_default)?\([^()]{0,200}\Z")
FILLED_IN = compiled(r"\{\{[^{}\n]{0,120}\benv(?:_var_or_default)?\([^{}\n]{0,120}\}\}")
# Up to the end where it has none: who looks for the next one does not begin within it.
QUOTED = compiled(r"'[^']*(?:'|\Z)|\"[^\"\\]*(?:\\.[^\"\\]*)*(?:\"|\\?\Z)")
COMMENT = compiled(r"(?:(?<=\s)|^)#.*")
# Not that of a line that goes on: `docker run \ … -p 4010:80`
PREFIX = compiled(r"(?m)(?<!\\\n)(?<!\\\r\n)^([^\S\n]*)[@+-]+")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Variables, recipes and comments of a Makefile. `NAME ?= 1` is the fallback of a look-up of NAME."""
    comments: list[Text] = []
    just = OF_JUST.search(path) is not None
    reached = 0
    for match in RECIPE.finditer(text.value):
        yield from _plain(text.part(reached, match.start()), comments, just)
        recipe = text.part(*match.span())
        for field in FILLED_IN.finditer(recipe.value) if just else ():
            yield from _expression(recipe.part(*field.span()))
        yield Embedded("shell", _recipe(recipe, just))
        reached = match.end()
    yield from _plain(text.part(reached, len(text.value)), comments, just)
    yield from comments_of(comments, language)


def _recipe(text: Text, just: bool) -> Text:
    """A recipe as shell: `@` and `-` in front of a line become blanks, `$$` is the shell's `$`, a look-up of just some word."""
    value = FILLED_IN.sub(lambda m: "x" * len(m.group()), text.value) if just else text.value
    value = PREFIX.sub(lambda m: m[1] + " " * (len(m.group()) - len(m[1])), value)
    return Text(value, text.start, text.offsets).unescaped({"$": "$"}, mark="$")


def _plain(text: Text, comments: list[Text], just: bool) -> Iterator[Site]:
    for match in re.finditer(r"[^\r\n]+", text.value):
        line = text.part(*match.span())
        mark = COMMENT.search(line.value)
        if mark:
            comments.append(line.part(mark.start(), len(line.value)))
            line = line.part(0, mark.start())
        found = ASSIGNMENT.fullmatch(line.value)
        if found and just and "env" in found[3]:
            yield from _expression(line.part(*found.span(3)), found[1])
        elif found:
            left = f"${{{found[1]}}}" if found[2] == "?=" else ""
            yield Value(line.part(*found.span(3)), "word", (found[1],), left=left)
        elif line.value.strip():
            yield Value(line, "string")


def _expression(text: Text, *names: str) -> Iterator[Site]:
    """The texts of an expression of just, each with the look-up whose fallback it may be: `env('PORT', '3000')`."""
    for match in (found for found in QUOTED.finditer(text.value) if found[0][1:].endswith(found[0][0])):
        left = LOOKED_UP.search(text.value, max(match.start() - FARTHEST, 0), match.start())
        yield Value(text.part(match.start() + 1, match.end() - 1), "string", names, left=left[0] if left else "")
