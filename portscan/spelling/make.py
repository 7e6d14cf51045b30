"""Makefiles: `$(or $(X),3103)` where make expands, `$${X:-3103}` in recipes, whose shell gets make's environment."""

from __future__ import annotations

from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.shell import quoting


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Bind in make's own way, or in the shell's in a recipe."""
    del literal
    variable = binding.variable
    text, digits = source.text, source.text[start:end]
    line_start = text.rfind("\n", 0, start) + 1
    if not text.startswith(("\t", "    "), line_start):
        return Declined(f"write `{variable} ?= {digits}` above, and read $({variable}) here")
    state = quoting(text[line_start:], start - line_start)
    if state in ("bare", "double"):
        return Spelled((Change(start, end, f"$${{{variable}:-{digits}}}"),))
    if state == "single":
        return Spelled((Change(start, end, f"'\"$${{{variable}:-{digits}}}\"'"),))
    return Declined("the shell does not expand here: use double quotes, then run the fix again")


def faults(source: Source) -> int:
    """The grammar is not checked here; the changes stay within a word of a recipe."""
    del source
    return 0
