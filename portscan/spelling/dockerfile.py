"""Dockerfiles: `ENV`, `EXPOSE` and `LABEL` read an `ARG` of their stage; commands read the environment of the container."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.places import holds
from portscan.spelling.shell import bind_in

WIDE = compiled("\r\n")
LISTED = compiled(r"[^\n]*\[")
INSTRUCTION = compiled(r"^[ \t]*([A-Za-z]+)[ \t]", re.MULTILINE)
GIVEN = "the container must be given the variable"
NOTE = "the image is built with the number, so moving the port needs a build"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Put an `ARG` in front of the instruction and read it there, or read the environment in a shell command."""
    del literal
    variable = binding.variable
    text, digits = source.text, source.text[start:end]
    instruction = _instruction(text, start)
    if instruction is None:
        return Declined("declare `ARG` in the stage, and read it here")
    name, at, behind = instruction
    if name in ("ENV", "EXPOSE", "LABEL"):
        newline = "\r\n" if holds(WIDE, text, 0, len(text)) else "\n"
        insertion = () if _declared(text, variable, at) else (Change(at, at, f"ARG {variable}={digits}{newline}"),)
        return Spelled((*insertion, Change(start, end, f"${{{variable}}}")), "unsafe", NOTE)
    if name in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK") and not LISTED.match(text, at, start):
        spelled = bind_in(text, at, behind, start, end, variable)
        return spelled if isinstance(spelled, Declined) else Spelled(spelled.changes, "unsafe", GIVEN)
    return Declined("this form is not expanded: use the shell form, or read the variable in the program")


def _instruction(text: str, offset: int) -> tuple[str, int, int] | None:
    """The name of the instruction that holds `offset`, where it begins, and where the next one does."""
    found = _instructions(text)
    number = bisect_left(found, offset, key=itemgetter(0))
    behind = found[number][2] if number < len(found) else len(text)
    return (*found[number - 1][1:], behind) if number else None


@lru_cache(maxsize=4)
def _instructions(text: str) -> Sequence[tuple[int, str, int]]:
    """Where the names of instructions end, the names, and where they begin; a line that another continues in holds none."""
    found = (match for match in INSTRUCTION.finditer(text) if not _continued(text, match.start()))
    return [(match.end() - 1, match[1].upper(), match.start()) for match in found]


def _continued(text: str, begin: int) -> bool:
    """Whether the last line above that is not empty goes on in the one that begins there."""
    while begin and text[begin - 1] in "\r\n":
        begin -= 1
    return text.endswith("\\", 0, begin)


def _declared(text: str, variable: str, at: int) -> bool:
    """Whether the build stage that holds `at` has the argument above."""
    starts = _begins(text, r"FROM[ \t]")
    stages = bisect_left(starts, at)
    arguments = _begins(text, rf"ARG[ \t]+{variable}=")
    number = bisect_left(arguments, at)
    return number > 0 and (not stages or arguments[number - 1] >= starts[stages - 1])


@lru_cache(maxsize=256)
def _begins(text: str, pattern: str) -> Sequence[int]:
    """Where the lines begin that begin with a pattern."""
    flags = re.MULTILINE | (re.IGNORECASE if pattern.startswith("FROM") else 0)
    return [match.start() for match in re.finditer(rf"^[ \t]*{pattern}", text, flags)]


def faults(source: Source) -> int:
    """What Docker accepts is not checked here; the changes keep every line what it was."""
    del source
    return 0
