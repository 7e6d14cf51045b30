"""Do fixes hold? The file is read again as it would be with them made.

They hold if the parser sees no new fault, every other literal is where it was, the findings are gone and no others have
come. Fixes of a file are tried together, and taken apart only when they fail together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

from portscan.config import Pin
from portscan.edit import Moves, Overlap, applied
from portscan.model import Applicability, Edit, Finding, Fix, PortLiteral, Skipped
from portscan.records import dataclass, replace
from portscan.source import Source, decode

FAILED = "no automatic fix, since "
ORDER: tuple[Applicability, ...] = ("safe", "unsafe", "display")


@dataclass(frozen=True, slots=True)
class State:
    """A file as it would be: its literals, and the findings that nothing suppresses."""

    literals: tuple[PortLiteral, ...]
    findings: tuple[Finding, ...]


Gist = tuple[str, "int | None", "str | None"]
Examine = Callable[[Source, tuple[Pin, ...]], "State | Skipped"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A fix of a finding. One that pins is tried last, since it may hide what others mend; `pins` go to the configuration."""

    finding: Finding
    fix: Fix
    pinning: bool = False
    pins: tuple[Pin, ...] = ()

    @property
    def phase(self) -> int:
        """When it is tried, among those that pin or among those that do not."""
        return ORDER.index(self.fix.applicability)

    def no_safer(self, than: Applicability) -> Attempt:
        """The attempt as one that stands on another which is only so safe."""
        applicability = ORDER[max(ORDER.index(self.fix.applicability), ORDER.index(than))]
        return replace(self, fix=replace(self.fix, applicability=applicability))


@dataclass(frozen=True, slots=True)
class Verifier:
    """Tries fixes of one file. `state` is the file as it is; `faults` counts the syntax errors of a text."""

    source: Source
    state: State
    examine: Examine
    faults: Callable[[Source], int]

    def settled(self, options: Sequence[Sequence[Attempt]]) -> list[Attempt | str]:
        """For each finding the first of its attempts that holds together with the others', or why its first one did not."""
        kept: dict[int, Attempt] = {}
        why: dict[int, str] = {}
        for pinning, turn in product((False, True), range(max(map(len, options), default=0))):
            open_ = {place: each[turn] for place, each in enumerate(options) if place not in kept and turn < len(each)}
            due = {place: each for place, each in open_.items() if each.pinning == pinning}
            last = {place for place in due if turn + 1 == len(options[place])}
            for phase in range(len(ORDER)):
                reached = {place: each for place, each in due.items() if each.phase <= phase}
                self._settle(reached, last, phase, kept, why)
        return [kept.get(place) or why.get(place, "") for place in range(len(options))]

    def _settle(
        self, due: Mapping[int, Attempt], last: AbstractSet[int], phase: int, kept: dict[int, Attempt], why: dict[int, str]
    ) -> None:
        """Keep those of this phase that hold. A `last` one that failed may hold on top of them, no safer than they."""
        more = {place: each for place, each in due.items() if each.phase == phase}
        while more:
            failed = self._failed(list(kept.values()), list(more.values()))
            held = {place: each for place, each in more.items() if each not in failed}
            kept.update(held)
            for place in more.keys() - held.keys():
                why.setdefault(place, failed[more[place]])
            least = ORDER[phase]
            more = {place: each.no_safer(least) for place, each in due.items() if place in last - kept.keys()} if held else {}

    def _failed(self, kept: Sequence[Attempt], more: Sequence[Attempt]) -> dict[Attempt, str]:
        """Those of `more` that do not hold on top of `kept`, each with the reason; halves are tried when the whole does not."""
        why = self._failure([*kept, *more]) if more else ""
        if not why:
            return {}
        if len(more) == 1:
            return {more[0]: why}
        middle = len(more) // 2
        first = self._failed(kept, more[:middle])
        held = [attempt for attempt in more[:middle] if attempt not in first]
        return {**first, **self._failed([*kept, *held], more[middle:])}

    def _failure(self, made: Sequence[Attempt]) -> str:
        """Why attempts do not hold together; empty when they do."""
        edits = [edit for attempt in made for edit in attempt.fix.edits if edit.path == self.source.path]
        try:
            after = decode(self.source.path, applied(self.source.data, edits))
        except Overlap:
            return "another fix changes the same characters"
        if isinstance(after, Skipped):
            return f"the file could not be read with it: {after.reason}"
        found = self.examine(after, tuple(dict.fromkeys(pin for attempt in made for pin in attempt.pins)))
        if isinstance(found, Skipped):
            return f"the file could not be read with it: {found.reason}"
        faults = self.faults(after)
        if faults and faults > self.faults(self.source):
            return "the file would have one syntax error more with it"
        fixed = [attempt.finding for attempt in made]
        return _disturbance(self.state, found, fixed, edits) or _remainder(self.state, found, fixed)


def _disturbance(before: State, after: State, fixed: Iterable[Finding], edits: Sequence[Edit]) -> str:
    """A literal that is not fixed and is not read any more at the place to which the edits have moved it."""
    touched = {finding.literal for finding in fixed}
    here = {(literal.span.start, literal.port, literal.kind, literal.context) for literal in after.literals}
    moves, removed = Moves(edits), _Removed(edits)
    for literal in before.literals:
        place = (moves.of(literal.span.start), literal.port, literal.kind, literal.context)
        if place not in here and literal not in touched and not removed.holds(literal):
            return f"{literal.port} in line {literal.location.line} would be read otherwise"
    return ""


class _Removed:
    """The comments that are taken out, and the numbers in them."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._spans = sorted({edit.span for edit in edits if not edit.after})

    def holds(self, literal: PortLiteral) -> bool:
        """Whether a number stood in one of them."""
        at = literal.span.start
        number = bisect_left(self._spans, (at + 1,)) - 1
        return number >= 0 and at < self._spans[number].end


def _remainder(before: State, after: State, fixed: Iterable[Finding]) -> str:
    """A finding that is still there, or has come, though the fixed ones should be gone and nothing else have happened."""
    found = Counter(map(gist, after.findings))
    expected = Counter(map(gist, before.findings)) - Counter(map(gist, fixed))
    return "" if found == expected else come(after.findings, expected) or "it would hide what is wrong beside it"


def come(findings: Iterable[Finding], expected: Counter[Gist]) -> str:
    """What has come that was not expected, in words; empty where nothing has."""
    left = expected.copy()
    for finding in findings:
        left[gist(finding)] -= 1
        if left[gist(finding)] < 0:
            return instead(finding)
    return ""


def instead(finding: Finding) -> str:
    """Why a fix does not hold that brings a finding."""
    return f"there would be {finding.code} in its place: {finding.message.rstrip('.')}"


def gist(finding: Finding) -> Gist:
    """A finding without its place."""
    return finding.code, finding.port, finding.service
