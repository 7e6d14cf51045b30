"""Shell: `${X:-3103}`, wherever the shell expands; single quotes are left for the length of the expansion."""

from __future__ import annotations

import re
from dataclasses import replace

from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled

# what is run in a container or on another machine, where the port does not move with the variable of this one
ELSEWHERE = re.compile(
    r"\b(?:docker|podman|compose|nerdctl)\s(?:[^|;&]*\s)?exec\s|\bkubectl\s(?:[^|;&]*\s)?exec\s|\bssh\s[^|;&]*[\"']"
)
THERE = "the command runs elsewhere, where the port does not move with the variable"
BARE = ("bare", "")
# Reading from one quote or bracket to the next; what is in no group is passed over.
STEPS = {
    "bare": re.compile(
        r"\\.|(?<![^ \t\n;])#[^\n]*|(?P<ansi>\$')|(?P<single>')|(?P<double>\")|\$\(\(|(?P<substitution>\$\()|(?P<close>\))",
        re.DOTALL,
    ),
    "double": re.compile(r"\\.|\$\(\(|(?P<substitution>\$\()|(?P<close>\")", re.DOTALL),
    "single": re.compile(r"(?P<close>')"),
    "ansi": re.compile(r"\\.|(?P<close>')", re.DOTALL),
}
HEREDOC = re.compile(r"<<-?[ \t]*(\\?[\"']?)([A-Za-z_]\w*)[\"']?[^\n]*\n")


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Replace the digits by an expansion with them as fallback."""
    del literal
    spelled = bind_in(source.text, 0, len(source.text), start, end, binding.variable)
    line = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    if isinstance(spelled, Declined) or not ELSEWHERE.search(line):
        return spelled
    return replace(spelled, applicability="unsafe", note=THERE)


def bind_in(text: str, first: int, last: int, start: int, end: int, variable: str) -> Spelled | Declined:
    """The same for a script that is the part `first:last` of a text."""
    digits = text[start:end]
    expansion = f"${{{variable}:-{digits}}}"
    state = quoting(text[first:last], start - first)
    if state == "single":
        return Spelled((Change(start, end, f"'\"{expansion}\"'"),))
    if state == "verbatim":
        return Declined("a quoted here-document is not expanded: unquote its delimiter, or write the file with `portscan sync`")
    if state == "ansi":
        return Declined("$'…' is not expanded: use double quotes, then run the fix again")
    return Spelled((Change(start, end, expansion),))


def faults(source: Source) -> int:
    """The shell's grammar is not checked here; the quotes that a fix opens it also closes."""
    del source
    return 0


def quoting(script: str, offset: int) -> str:
    """How the shell reads the character at `offset`: bare, double, single, ansi, or verbatim (a quoted here-document)."""
    heredoc = verbatim(script, offset)
    if heredoc is not None:
        return heredoc
    open_, i = [BARE], 0
    while i < offset:
        match = STEPS[open_[-1][0]].match(script, i)
        i = match.end() if match else i + 1
        if match and match.lastgroup:
            _step(open_, match.lastgroup, match.group())
    return open_[-1][0]


def _step(open_: list[tuple[str, str]], step: str, text: str) -> None:
    """What a quote or a bracket opens or closes."""
    state, closing = open_[-1]
    if step == "close" and text == closing:
        open_.pop()
    elif step == "substitution":
        open_.append(("bare", ")"))
    elif step == "double" and state == "bare":
        open_.append(("double", '"'))
    elif step in ("single", "ansi"):
        open_.append((step, "'"))


def verbatim(script: str, offset: int) -> str | None:
    """Whether the offset is inside a here-document, and how that is read."""
    position = 0
    while True:
        match = HEREDOC.search(script, position)
        if match is None or match.end() > offset:
            return None
        end = re.compile(rf"^[ \t]*{re.escape(match[2])}[ \t]*\r?$", re.MULTILINE).search(script, match.end())
        stop = end.start() if end else len(script)
        if offset < stop:
            return "verbatim" if match[1] else "bare"
        position = end.end() if end else stop
