"""Shell: `${X:-3103}`, wherever the shell expands; single quotes are left for the length of the expansion."""

from __future__ import annotations

from functools import lru_cache

from portscan.expressions import compiled
from portscan.knowledge import shipped
from portscan.model import PortLiteral
from portscan.records import replace
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.places import line_around
from portscan.spelling.shell_quoting import quoting

# what is run in a container or on another machine, where the port does not move with the variable of this one
ELSEWHERE = compiled(r"\b(?=((?:docker|podman|compose|nerdctl|kubectl)\s(?:[^|;&]{0,300}?\s)??exec\s|ssh\s[^|;&]{0,300}?[\"']))")
THERE = "the command runs elsewhere, where the port does not move with the variable"
FIRST_LINE = compiled(r"#![ \t]*(\S[^\n]*)")
READ_BY = "its first line has `{}` read this file, which may expand nothing so: read the variable in its own way"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Replace the digits by an expansion with them as fallback."""
    del literal
    stranger = another(source.text)
    if stranger:
        return Declined(READ_BY.format(stranger))
    return noted(bind_in(source.text, 0, len(source.text), start, end, binding.variable), source.text, start)


def noted(spelled: Spelled | Declined, text: str, start: int) -> Spelled | Declined:
    """What was spelled, for a person where the command runs elsewhere."""
    if isinstance(spelled, Declined) or start < _elsewhere(text, line_around(text, start)):
        return spelled
    return replace(spelled, applicability="unsafe", note=THERE)


@lru_cache(maxsize=16)
def _elsewhere(text: str, line: tuple[int, int]) -> int:
    """From where on a line is run elsewhere; behind its end where all of it is run here."""
    return min((match.end(1) for match in ELSEWHERE.finditer(text, *line)), default=line[1] + 1)


def bind_in(text: str, first: int, last: int, start: int, end: int, variable: str) -> Spelled | Declined:
    """The same for a script that is the part `first:last` of a text."""
    digits = text[start:end]
    expansion = f"${{{variable}:-{digits}}}"
    state = quoting(text, start, first, last)
    if state == "single":
        return Spelled((Change(start, end, f"'\"{expansion}\"'"),))
    if state == "verbatim":
        return Declined("a quoted here-document is not expanded: unquote its delimiter, or write the file with `portscan sync`")
    if state == "ansi":
        return Declined("$'…' is not expanded: use double quotes, then run the fix again")
    if state == "doubt":
        return Declined("quotes within backticks are read twice: write `$(…)`, then run the fix again")
    return Spelled((Change(start, end, expansion),))


@lru_cache(maxsize=16)
def another(text: str) -> str:
    """The program that reads a script by its first line, if it is no shell that we know; empty where it says nothing."""
    line = FIRST_LINE.match(text)
    words = [word.rpartition("/")[2].rstrip("0123456789.") for word in line[1].split()] if line else []
    known = shipped().languages["shell"]["shebangs"]
    return "" if any(word in known for word in words) else next((word for word in words if word != "env"), "")


def faults(source: Source) -> int:
    """The shell's grammar is not checked here; the quotes that a fix opens it also closes."""
    del source
    return 0
