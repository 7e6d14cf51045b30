"""Dockerfiles: `ENV`, `EXPOSE` and `LABEL` read an `ARG` of their stage; commands read the environment of the container."""

from __future__ import annotations

import re

from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.shell import bind_in

INSTRUCTION = re.compile(r"^[ \t]*([A-Za-z]+)[ \t]", re.MULTILINE)
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
    name, at = instruction
    if name in ("ENV", "EXPOSE", "LABEL"):
        newline = "\r\n" if "\r\n" in text else "\n"
        declared = re.search(rf"^[ \t]*ARG[ \t]+{variable}=", text[_stage(text, at) : at], re.MULTILINE)
        insertion = () if declared else (Change(at, at, f"ARG {variable}={digits}{newline}"),)
        return Spelled((*insertion, Change(start, end, f"${{{variable}}}")), "unsafe", NOTE)
    if name in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK") and not re.match(r"[^\n]*\[", text[at:start]):
        spelled = bind_in(text, at, len(text), start, end, variable)
        return spelled if isinstance(spelled, Declined) else Spelled(spelled.changes, "unsafe", GIVEN)
    return Declined("this form is not expanded: use the shell form, or read the variable in the program")


def _instruction(text: str, offset: int) -> tuple[str, int] | None:
    """The name and the beginning of the instruction that holds `offset`."""
    found = None
    for match in INSTRUCTION.finditer(text, 0, offset):
        before = text[: match.start()].rstrip("\r\n")
        if not before.endswith("\\"):
            found = match[1].upper(), match.start()
    return found


def _stage(text: str, offset: int) -> int:
    """Where the build stage that holds `offset` begins."""
    starts = [m.start() for m in re.finditer(r"^[ \t]*FROM[ \t]", text[:offset], re.MULTILINE | re.IGNORECASE)]
    return starts[-1] if starts else 0


def faults(source: Source) -> int:
    """What Docker accepts is not checked here; the changes keep every line what it was."""
    del source
    return 0
