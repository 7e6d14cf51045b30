"""Justfiles: `${X:-3103}` in recipes, as in the shell that reads them. What stands between `{{` and `}}` is just's own.

just hands a line of a recipe to the shell as it is, and a line that ends with a backslash with the next one; a recipe with a `#!`
goes to that program as a whole. No `$` is doubled: `$$` is the number of the shell's process.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Final

from portscan.expressions import compiled
from portscan.knowledge import shipped
from portscan.spelling import Change, Declined, Spelled
from portscan.spelling.just_values import bind_value
from portscan.spelling.shell import bind_in
from portscan.tuples import NamedTuple

# Each text in one way only: three quotes open a long one, and are never an empty one and a third.
LONG: Final = r"'''(?:(?!''')[\s\S])*'''|```(?:(?!```)[\s\S])*```|\"\"\"(?:(?!\"\"\")(?:\\[\s\S]|[^\\]))*\"\"\""
STRING: Final = rf"{LONG}|'(?!'')[^']*'|`(?!``)[^`]*`|\"(?!\"\")(?:\\[\s\S]|[^\"\\])*\""
STATEMENT: Final = compiled(rf"(?:{STRING}|\\\r?\n|[^\n#])*(?:#[^\n]*)?(?:\n|\Z)")
QUOTED: Final = compiled(STRING)
HEADER: Final = compiled(r"@?[A-Za-z_][\w-]*(?=[ \t:])(?=[^\n]*?:(?!=))[^\n]*")
BODY: Final = compiled(r"(?:[ \t]+\S[^\n]*(?:\n|\Z)|[ \t]*\r?\n)*")
# What does not end as it began takes all the rest with it, which just would not read either.
FILLED_IN: Final = compiled(rf"\{{\{{(?:\{{\{{|(?:{STRING}|[^}}\"'`]|\}}(?!\}}))*(?:\}}\}}|[\s\S]*))")
READER: Final = compiled(r"[ \t]*#!([^\n]*)")
SHELL: Final = compiled(r"set[ \t]+(?:(?:windows-)?shell|script-interpreter)[ \t]*:=[ \t]*\[([^\]]*)\]")
SCRIPT: Final = compiled(r"\[[^\]\n]{0,200}?\bscript\b(?:\(([^)\n]{0,200})\))?")
BY_HAND: Final = "just reads this itself: write `env('{0}', '{1}')`, between `{{{{` and `}}}}` in a recipe"
DIGITS: Final = compiled(r"(?<=['\"])\d{2,5}(?=['\"])")
NO_SHELL: Final = "another program than a shell reads the recipe: write `{{{{ env('{0}', '{1}') }}}}` here"


class Recipe(NamedTuple):
    """The lines of a recipe, from its first character to behind its last one; `script` says that one program reads them all."""

    first: int
    last: int
    script: bool
    known: bool


def bind_recipe(text: str, start: int, end: int, variable: str) -> Spelled | Declined:
    """Bind the digits `start:end` of a justfile where a shell reads them."""
    every = recipes(text)
    number = bisect_right(every, start, key=attrgetter("first")) - 1
    recipe = every[number] if number >= 0 and start < every[number].last else None
    if recipe is None:
        return _outside(text, start, end, variable)
    if not recipe.known:
        return Declined(NO_SHELL.format(variable, text[start:end]))
    first, last = (recipe.first, recipe.last) if recipe.script else _line(text, recipe, start)
    script = _for_the_shell(text, first, last)
    if script[start - first] != text[start]:
        return Declined(BY_HAND.format(variable, text[start:end]))
    spelled = bind_in(script, 0, len(script), start - first, end - first, variable)
    if isinstance(spelled, Declined):
        return spelled
    return Spelled(tuple(Change(each.start + first, each.end + first, each.after) for each in spelled.changes))


def digits_in(text: str) -> Iterator[tuple[int, int]]:
    """The texts that are nothing but digits: a value may be compared with them."""
    return (match.span() for match in DIGITS.finditer(text))


def _outside(text: str, start: int, end: int, variable: str) -> Spelled | Declined:
    """Bind what just reads, in the value of a variable."""
    begins = _statements(text)
    number = bisect_right(begins, start)
    first, last = begins[number - 1], begins[number] if number < len(begins) else len(text)
    return bind_value(text, first, last, start, end, variable) or Declined(BY_HAND.format(variable, text[start:end]))


@lru_cache(maxsize=4)
def _statements(text: str) -> Sequence[int]:
    """Where statements begin, and recipes with what is above them; a text of several lines is in one of them."""
    return [0, *(match.start() for match, _, _ in _parts(text) if match.start())]


@lru_cache(maxsize=4)
def _for_the_shell(text: str, first: int, last: int) -> str:
    """What the shell gets, with dots for what just fills in."""
    return FILLED_IN.sub(lambda match: "." * len(match.group()), text[first:last])


def _line(text: str, recipe: Recipe, start: int) -> tuple[int, int]:
    """Where the line begins and ends that is handed to the shell together, with those that it goes on in."""
    begins = _lines(text, recipe.first, recipe.last)
    number = bisect_right(begins, start)
    return begins[number - 1], begins[number] if number < len(begins) else recipe.last


@lru_cache(maxsize=4)
def _lines(text: str, first: int, last: int) -> Sequence[int]:
    """Where lines of a recipe begin, but for those that go on with the one above."""
    newlines = compiled("\n").finditer(text, first, last)
    return [first, *(newline.end() for newline in newlines if not _goes_on(text, newline.start()))]


def _goes_on(text: str, end: int) -> bool:
    """Whether the line that ends there goes on in the next one."""
    return text[max(end - 2, 0) : end].removesuffix("\r").endswith("\\")


@lru_cache(maxsize=4)
def recipes(text: str) -> tuple[Recipe, ...]:
    """The recipes of a justfile."""
    return tuple(_recipes(text, all(_is_shell(match[1]) for match in SHELL.finditer(text))))


def _recipes(text: str, shells: bool) -> Iterator[Recipe]:
    script = None
    for match, statement, body in _parts(text):
        if body is not None:
            yield _recipe(body, script, shells)
            script = None
        elif statement.startswith("["):
            script = SCRIPT.match(match.group()) or script


def _parts(text: str) -> Iterator[tuple[re.Match[str], str, re.Match[str] | None]]:
    """Every statement: as it is written, without texts and comments, and with its body if it begins a recipe."""
    at = 0
    while at < len(text) and (match := STATEMENT.match(text, at)) is not None:
        at, statement = match.end(), QUOTED.sub("''", match.group()).split("#")[0].rstrip()
        body = BODY.match(text, at) if HEADER.fullmatch(statement) else None
        at = body.end() if body is not None else at
        yield match, statement, body


def _recipe(body: re.Match[str], script: re.Match[str] | None, shells: bool) -> Recipe:
    """A recipe by its body and the attribute that makes a script of it."""
    reader = READER.match(body.group()) or script
    known = shells if reader is None or reader[1] is None else _is_shell(reader[1])
    return Recipe(*body.span(), script=reader is not None, known=known)


def _is_shell(words: str) -> bool:
    """Whether a program that is named among some words is a shell that we know."""
    return not set(re.findall(r"[a-z]+", words)).isdisjoint(shipped().languages["shell"]["shebangs"])
