"""How the shell reads a character: what is quoted around it, followed from the beginning of the script to its place."""

from __future__ import annotations

import re
from typing import Final

State = tuple[str, str]  # how characters are read, and what ends that

BARE: Final[State] = ("bare", "")
HERE: Final[State] = ("here", "")
BRACKETS: Final = r"\(\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)\)"  # a calculation, in which `<<` shifts
PIECES: Final = r"(?:\\.|'[^'\n]*'|\"[^\"\n]*\"|[^\s;&|<>()'\"\\`])+"
# Within double quotes a pattern that is cut off or replaced may be quoted anew: `"${url#'http://'}"`.
CUTS: Final = r"\$\{(?=!?(?:\w+|[@*?])(?:\[[^\]\n]{0,80}\])?[#%/^,])"
OPENS: Final = r"(?P<substitution>\$\()|(?P<backtick>`)"
QUOTES: Final = rf"(?P<ansi>\$')|(?P<single>')|(?P<double>\")|(?P<brace>\$\{{)|{OPENS}"
# A mark of a comment behind an escaped blank is none.
ESCAPE: Final = r"(?P<escape>\\.(?<!\n)\#*|\\\n)"
# Reading from one quote or bracket to the next; what is in no group is passed over.
STEPS: Final = {
    "bare": re.compile(
        rf"""{ESCAPE}|(?<![^\s;&|()`])\#[^\n]*|\$?{BRACKETS}|<<<
        |(?P<heredoc><<-?[ \t]*(?=[A-Za-z_'"\\]){PIECES})|(?P<end>\n)|{QUOTES}|(?P<bracket>\()
        |(?P<case>(?<![^\s;&|(){{}}!`])case(?=[ \t][^\n]{{1,300}}[ \t]in\b))|(?P<close>[)}}]|(?<![\w$./-])esac(?![\w./-]))""",
        re.DOTALL | re.VERBOSE,
    ),
    "brace": re.compile(rf"{ESCAPE}|{QUOTES}|(?P<close>\}})", re.DOTALL),
    "double": re.compile(rf"{ESCAPE}|\${BRACKETS}|(?P<brace>{CUTS})|(?P<value>\$\{{)|{OPENS}|(?P<close>[\"}}])", re.DOTALL),
    "here": re.compile(rf"{ESCAPE}|\${BRACKETS}|(?P<brace>{CUTS})|{OPENS}", re.DOTALL),
    "single": re.compile(r"(?P<close>')"),
    "ansi": re.compile(r"\\.|(?P<close>')", re.DOTALL),
    "doubt": re.compile(r"\\.|(?P<backtick>`)", re.DOTALL),
}
OPENED: Final[dict[str, State]] = {
    "substitution": ("bare", ")"),
    "bracket": ("bare", ")"),
    "case": ("bare", "esac"),  # in which a bracket that closes ends a pattern
    "brace": ("brace", "}"),
    "value": ("double", "}"),
    "double": ("double", '"'),
    "single": ("single", "'"),
    "ansi": ("ansi", "'"),
}
BACKTICK: Final = "`"


def quoting(script: str, offset: int) -> str:
    """How the shell reads a character.

    It is bare, within `${…}` (brace), double, single or ansi quotes, here (a here-document), verbatim (one that is quoted), or
    in doubt: behind a backslash within backticks, which takes quotes away before they are read.
    """
    return _read(script, 0, offset, BARE)


def _read(script: str, first: int, offset: int, around: State) -> str:
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


def _step(open_: list[State], step: str, text: str) -> None:
    """What a quote or a bracket opens or closes."""
    if step in OPENED:
        open_.append(OPENED[step])
    elif step == "close":
        if text == open_[-1][1]:
            open_.pop()
    else:
        _backtick(open_, step)


def _backtick(open_: list[State], step: str) -> None:
    """The second one ends what the first one opened, whatever stands between; an escape between them leaves a doubt."""
    opened = next((i for i, state in enumerate(open_) if state[1] == BACKTICK), None)
    if step == "escape":
        if opened is not None:
            open_[opened:] = [("doubt", BACKTICK)]
    elif opened is None:
        open_.append(("bare", BACKTICK))
    else:
        del open_[opened:]


def _end(script: str, position: int, operator: str) -> tuple[int, int]:
    """Where the here-document ends that begins at `position`, and what ends it. A script within another text may be indented."""
    tabs, word = operator.startswith("<<-"), operator.lstrip("<-").strip()
    tag = re.escape(re.sub(r"\\(.)|['\"]", r"\1", word))
    ways = (rf"^{chr(9)}*{tag}\r?$" if tabs else rf"^{tag}\r?$", rf"^[ \t]*{tag}[ \t]*\r?$")
    found = (re.compile(way, re.MULTILINE).search(script, position) for way in ways)
    end = next((match for match in found if match), None)
    return end.span() if end else (len(script), len(script))
