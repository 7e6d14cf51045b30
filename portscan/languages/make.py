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
COMMENT = compiled(r"(?:(?<=\s)|^)#.*")
# Not that of a line that goes on: `docker run \ … -p 4010:80`
PREFIX = compiled(r"(?m)(?<!\\\n)(?<!\\\r\n)^([^\S\n]*)[@+-]+")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Variables, recipes and comments of a Makefile. `NAME ?= 1` is the fallback of a look-up of NAME."""
    del path
    comments: list[Text] = []
    reached = 0
    for match in RECIPE.finditer(text.value):
        yield from _plain(text.part(reached, match.start()), comments)
        yield Embedded("shell", _recipe(text.part(*match.span())))
        reached = match.end()
    yield from _plain(text.part(reached, len(text.value)), comments)
    yield from comments_of(comments, language)


def _recipe(text: Text) -> Text:
    """A recipe as shell: `@` and `-` in front of a line become blanks, `$$` is the shell's `$`."""
    value = PREFIX.sub(lambda m: m[1] + " " * (len(m.group()) - len(m[1])), text.value)
    return Text(value, text.start, text.offsets).unescaped({"$": "$"}, mark="$")


def _plain(text: Text, comments: list[Text]) -> Iterator[Site]:
    for match in re.finditer(r"[^\r\n]+", text.value):
        line = text.part(*match.span())
        mark = COMMENT.search(line.value)
        if mark:
            comments.append(line.part(mark.start(), len(line.value)))
            line = line.part(0, mark.start())
        found = ASSIGNMENT.fullmatch(line.value)
        if found:
            left = f"${{{found[1]}}}" if found[2] == "?=" else ""
            yield Value(line.part(*found.span(3)), "word", (found[1],), left=left)
        elif line.value.strip():
            yield Value(line, "string")
