"""Pins in comments: the words that tie a number to its service, behind its line or above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from portscan.fixing.comments import comments
from portscan.languages import Language
from portscan.model import Skipped
from portscan.records import dataclass
from portscan.source import Source, decode
from portscan.spelling import Change, Declined, Spelled

CONTINUED = "the line is part of a longer one: pin the number in the configuration"
IN_TEXT = "the number is part of a text, in which a comment would be none: pin the number in the configuration"
SPOKEN = "something is said to portscan in this line already: mend that"


@dataclass(frozen=True)
class Remarks:
    """The pins that a file may get: at each of the characters `wanted` a number of the service begins.

    Whether one would be a comment is told by the text that has all of them, which is parsed once; `faults` says whether they
    break anything.
    """

    source: Source
    language: Language
    wanted: Mapping[int, str]
    faults: Callable[[Source], int]

    def at(self, start: int) -> Spelled | Declined | None:
        """A comment that ties the number at `start` to its service; None where the language has none."""
        change = _pin(self.source, self.language, start, self.wanted[start])
        if not isinstance(change, Change):
            return change
        if self._closes(change):
            return Declined(IN_TEXT)
        stands = self._together.get(change.start) if self._together else self._alone(change)
        return Spelled((change,)) if stands else Declined(IN_TEXT)

    def _closes(self, change: Change) -> bool:
        """Whether the comment would stand in one that is there, and end it with its own end."""
        return len(_marks(self.language) or ()) > 1 and self._there(change.start)

    @cached_property
    def _there(self) -> Callable[[int], bool]:
        return comments(self.source, self.language)

    def _alone(self, change: Change) -> bool:
        after = self._with([change])
        return after is not None and comments(after, self.language)(change.start + _lead(change))

    @cached_property
    def _together(self) -> Mapping[int, bool]:
        """Of the places for comments, whether there would be one; nothing where only each by itself can tell."""
        found = (_pin(self.source, self.language, start, service) for start, service in self.wanted.items())
        changes = {each.start: each for each in found if isinstance(each, Change)}
        ordered = [changes[start] for start in sorted(changes)]
        after = self._with(ordered) if len(ordered) > 1 else None
        if after is None or self.faults(after) > self.faults(self.source):
            return {}
        inside, ends = comments(after, self.language), accumulate(len(each.after) for each in ordered)
        return {
            each.start: inside(each.start + end - len(each.after) + _lead(each)) for each, end in zip(ordered, ends, strict=True)
        }

    def _with(self, changes: Iterable[Change]) -> Source | None:
        """The file with comments in it."""
        pieces: list[str] = []
        reached = 0
        for change in changes:
            pieces += self.source.text[reached : change.start], change.after
            reached = change.end
        text = "".join((*pieces, self.source.text[reached:]))
        after = decode(self.source.path, self.source.data[: self.source.bom] + text.encode(self.source.encoding))
        return None if isinstance(after, Skipped) else after


def _pin(source: Source, language: Language, start: int, service: str) -> Change | Declined | None:
    """What puts the words in, whether or not they would be a comment."""
    marks = _marks(language)
    if marks is None:
        return None
    begin = source.text.rfind("\n", 0, start) + 1
    end = source.text.find("\n", start)
    end = len(source.text) if end < 0 else end - source.text.endswith("\r", 0, end)
    line = source.text[begin:end]
    if "portscan:" in line:
        return Declined(SPOKEN)
    above = bool(language.data.get("remark_above"))
    mark = language.data.get("continued", "\\")
    if line.rstrip().endswith(mark) or (above and _goes_on(source.text, begin, mark)):
        return Declined(CONTINUED)
    words = " ".join((marks[0].strip(), f"portscan: {service}", *marks[1:]))
    return _above(source.text, begin, line, words) if above else Change(end, end, f"  {words}")


def _goes_on(text: str, begin: int, mark: str) -> bool:
    """Whether what stands in front of a line goes on in it."""
    while begin and text[begin - 1] in "\r\n":
        begin -= 1
    return text.endswith(mark, 0, begin)


def _lead(change: Change) -> int:
    """The blanks in front of a comment."""
    return len(change.after) - len(change.after.lstrip())


def _marks(language: Language) -> Sequence[str] | None:
    """What stands before and behind the words of a comment; nothing in a template of which nobody knows what it makes."""
    if language.data.get("wraps"):
        return None
    comments, blocks = language.data.get("comments"), language.data.get("blocks")
    found: Sequence[str] | None = language.data.get("remark") or (comments[:1] if comments else None)
    return found or (blocks[0] if blocks else None)


def _above(text: str, begin: int, line: str, words: str) -> Change:
    newline = "\r\n" if "\r\n" in text else "\n"
    return Change(begin, begin, line[: len(line) - len(line.lstrip())] + words + newline)
