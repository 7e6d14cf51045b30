"""How the shell reads a character: what is quoted around it, followed from the beginning of the script to its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache
from typing import Final

from portscan.expressions import compiled
from portscan.records import dataclass, field

State = tuple[str, str]  # how characters are read, and what ends that
Region = tuple[int, str]  # where characters begin to be read in a way, and in which

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
    "bare": compiled(
        rf"""{ESCAPE}|(?<![^\s;&|()`])\#[^\n]*|\$?{BRACKETS}|<<<
        |(?P<heredoc><<-?[ \t]*(?=[A-Za-z_'"\\]){PIECES})|(?P<end>\n)|{QUOTES}|(?P<bracket>\()
        |(?P<case>(?<![^\s;&|(){{}}!`])case(?=[ \t][^\n]{{1,300}}[ \t]in\b))|(?P<close>[)}}]|(?<![\w$./-])esac(?![\w./-]))""",
        re.DOTALL | re.VERBOSE,
    ),
    "brace": compiled(rf"{ESCAPE}|{QUOTES}|(?P<close>\}})", re.DOTALL),
    "double": compiled(rf"{ESCAPE}|\${BRACKETS}|(?P<brace>{CUTS})|(?P<value>\$\{{)|{OPENS}|(?P<close>[\"}}])", re.DOTALL),
    "here": compiled(rf"{ESCAPE}|\${BRACKETS}|(?P<brace>{CUTS})|{OPENS}", re.DOTALL),
    "single": compiled(r"(?P<close>')"),
    "ansi": compiled(r"\\.|(?P<close>')", re.DOTALL),
    "doubt": compiled(r"\\.|(?P<backtick>`)", re.DOTALL),
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
QUOTED: Final = compiled(r"[\\'\"]")


def quoting(text: str, offset: int, first: int = 0, last: int | None = None) -> str:
    """How the shell reads a character of the script that is the part `first:last` of a text.

    It is bare, within `${…}` (brace), double, single or ansi quotes, here (a here-document), verbatim (one that is quoted), or
    in doubt: behind a backslash within backticks, which takes quotes away before they are read.
    """
    begins, states = _regions(text, first, len(text) if last is None else last)
    return states[bisect_right(begins, offset - first) - 1]


@lru_cache(maxsize=16)
def _regions(text: str, first: int, last: int) -> tuple[Sequence[int], Sequence[str]]:
    """Where in a script another way of reading begins, and which: it is read once, however many characters are asked about."""
    regions = [(0, BARE[0]), *_Script(text[first:last]).regions(0, last - first, BARE)]
    return [begin for begin, _ in regions], [state for _, state in regions]


@dataclass(frozen=True, slots=True)
class _Script:
    """A script that is being read. `hopeless` are the ends of here-documents of which there is none further down."""

    text: str
    hopeless: set[str] = field(default_factory=set)

    def regions(self, first: int, last: int, around: State) -> Iterator[Region]:
        """The regions between `first`, which is read as `around`, and `last`."""
        open_, due = [around], list[str]()
        match = STEPS[around[0]].search(self.text, first, last)
        while match is not None:
            reached, before = match.end(), open_[-1][0]
            if match.lastgroup == "heredoc":
                due.append(match.group())
            elif match.lastgroup == "end":
                reached = yield from self._documents(reached, last, before, due)
                due.clear()
            elif match.lastgroup is not None:
                _step(open_, match.lastgroup, match.group())
                if open_[-1][0] != before:
                    yield match.start() + 1, open_[-1][0]
            match = STEPS[open_[-1][0]].search(self.text, reached, last)

    def _documents(self, first: int, last: int, outside: str, due: Sequence[str]) -> Generator[Region, None, int]:
        """The regions of the here-documents that begin at `first`, one behind the other; the place behind them is returned."""
        begin = reached = first
        for operator in due:
            end, after = self._end(reached, last, operator)
            if QUOTED.search(operator):
                yield begin, "verbatim"
            else:
                yield begin, HERE[0]
                yield from self.regions(reached, end, HERE)
            begin, reached = end, after
        if due:
            yield begin, outside
        return reached

    def _end(self, position: int, last: int, operator: str) -> tuple[int, int]:
        """Where the here-document ends that begins at `position`, and what ends it; a script in another text may be indented."""
        tabs, word = operator.startswith("<<-"), operator.lstrip("<-").strip()
        tag = re.escape(re.sub(r"\\(.)|['\"]", r"\1", word))
        ways = (rf"^{chr(9)}*{tag}\r?$" if tabs else rf"^{tag}\r?$", rf"^[ \t]*{tag}[ \t]*\r?$")
        found = (self._sought(way, position, last) for way in ways)
        end = next((match for match in found if match), None)
        return end.span() if end else (last, last)

    def _sought(self, way: str, position: int, last: int) -> re.Match[str] | None:
        """What ends a here-document in one of the ways; what was sought to the end of the script is not sought again."""
        if way in self.hopeless:
            return None
        match = re.compile(way, re.MULTILINE).search(self.text, position, last)
        if match is None and last == len(self.text):
            self.hopeless.add(way)
        return match


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
