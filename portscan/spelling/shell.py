"""Shell: `${X:-3103}`, wherever the shell expands; single quotes are left for the length of the expansion."""

from __future__ import annotations

import re
from dataclasses import replace

from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled

# what is run in a container or on another machine, where the port does not move with the variable of this one
ELSEWHERE = re.compile(
    r"\b(?:docker|podman|compose|nerdctl)\s(?:[^|;&]{0,300}\s)?exec\s|\bkubectl\s(?:[^|;&]{0,300}\s)?exec\s|\bssh\s[^|;&]{0,300}[\"']"
)
THERE = "the command runs elsewhere, where the port does not move with the variable"
BARE, HERE = ("bare", ""), ("here", "")
BRACKETS = r"\(\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)\)"  # a calculation, in which `<<` shifts
PIECES = r"(?:\\.|'[^'\n]*'|\"[^\"\n]*\"|[^\s;&|<>()'\"\\`])+"
# Reading from one quote or bracket to the next; what is in no group is passed over.
STEPS = {
    "bare": re.compile(
        rf"""\\.|(?<![^ \t\n;])\#[^\n]*|\$?{BRACKETS}|<<<|(?P<heredoc><<-?[ \t]*(?=[A-Za-z_'"\\]){PIECES})|(?P<end>\n)
        |(?P<ansi>\$')|(?P<single>')|(?P<double>")|\$\(\(|(?P<substitution>\$\()|(?P<close>\))""",
        re.DOTALL | re.VERBOSE,
    ),
    "double": re.compile(r"\\.|\$\(\(|(?P<substitution>\$\()|(?P<close>\")", re.DOTALL),
    "here": re.compile(r"\\.|\$\(\(|(?P<substitution>\$\()", re.DOTALL),
    "single": re.compile(r"(?P<close>')"),
    "ansi": re.compile(r"\\.|(?P<close>')", re.DOTALL),
}


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
    """How the shell reads a character: bare, double, single, ansi, here (a here-document), or verbatim (one that is quoted)."""
    return _read(script, 0, offset, BARE)


def _read(script: str, first: int, offset: int, around: tuple[str, str]) -> str:
    """The same for what begins at `first` within a state."""
    open_, due, i = [around], list[str](), first
    while i < offset:
        match = STEPS[open_[-1][0]].match(script, i)
        i = match.end() if match else i + 1
        if match is None or match.lastgroup is None:
            continue
        if match.lastgroup == "heredoc":
            due.append(match.group())
        elif match.lastgroup == "end":
            for operator in due:
                last, after = _end(script, i, operator)
                if offset < last:
                    return "verbatim" if re.search(r"[\\'\"]", operator) else _read(script, i, offset, HERE)
                i = after
            due.clear()
        else:
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


def _end(script: str, position: int, operator: str) -> tuple[int, int]:
    """Where the here-document ends that begins at `position`, and what ends it. A script within another text may be indented."""
    tabs, word = operator.startswith("<<-"), operator.lstrip("<-").strip()
    tag = re.escape(re.sub(r"\\(.)|['\"]", r"\1", word))
    ways = (rf"^{chr(9)}*{tag}\r?$" if tabs else rf"^{tag}\r?$", rf"^[ \t]*{tag}[ \t]*\r?$")
    found = (re.compile(way, re.MULTILINE).search(script, position) for way in ways)
    end = next((match for match in found if match), None)
    return end.span() if end else (len(script), len(script))
