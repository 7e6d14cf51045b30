"""Fixes that are safe only together: a number that stands more than once in one unit changes everywhere in it, or nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Final

from portscan.model import Finding, Location
from portscan.records import dataclass, field, replace
from portscan.source import Source
from portscan.verifying import Attempt, State

STAYS: Final = "the same number on line {} would stay"
Options = Sequence[Sequence[Attempt]]


@dataclass(frozen=True, slots=True)
class Staying:
    """Knows what stays when the fixes at `safe` places are made. Twins that findings share are looked through once."""

    safe: AbstractSet[tuple[str, Location]]
    _known: dict[tuple[str, int], tuple[Location, ...]] = field(default_factory=dict, compare=False)

    def beside(self, finding: Finding) -> int:
        """The line of a twin that stays; 0 where there is none, or the fix is not safe anyway."""
        if finding.fix is None or finding.fix.applicability != "safe":
            return 0
        key = finding.path, id(finding.twins)
        if key not in self._known:
            left = (twin for twin in finding.twins if (finding.path, twin) not in self.safe)
            self._known[key] = tuple(islice(left, 2))  # one of them may be its own
        return next((twin.line for twin in self._known[key] if twin != finding.location), 0)


def without(findings: Sequence[Finding], right: AbstractSet[Location]) -> tuple[Finding, ...]:
    """The findings without those of their twins that are right as they are."""
    left: dict[int, tuple[Location, ...]] = {}
    for finding in findings if right else ():
        if id(finding.twins) not in left:
            left[id(finding.twins)] = tuple(twin for twin in finding.twins if twin not in right)
    return tuple(replace(finding, twins=left[id(finding.twins)]) for finding in findings) if right else tuple(findings)


def held_against(source: Source, state: State, places: Iterable[tuple[int, int]]) -> State:
    """The state with the `places` at which a value is held against what is written as twins of that number.

    What a literal stands at is a twin already, or somebody has decided about it.
    """
    sought = {str(each.literal.port) for each in state.findings if each.literal is not None and each.service is not None}
    fixed = (place for place in places if source.text[slice(*place)] in sought) if sought else ()
    read = {literal.location for literal in state.literals}
    more: dict[str, tuple[Location, ...]] = {}
    for start, end in fixed:
        if (location := source.location(start, end)) not in read:
            more[source.text[start:end]] = (*more.get(source.text[start:end], ()), location)
    return replace(state, findings=tuple(_with_twins(state.findings, more))) if more else state


def _with_twins(findings: Iterable[Finding], more: Mapping[str, tuple[Location, ...]]) -> Iterator[Finding]:
    """The findings with further twins; who shared them does so again."""
    shared: dict[tuple[int, int], tuple[Location, ...]] = {}
    for finding in findings:
        literal = finding.literal
        beside = more.get(str(literal.port)) if literal and literal.context == "code" and not finding.pinned else None
        if literal is None or beside is None:
            yield finding
            continue
        key = literal.port, id(finding.twins)
        yield replace(finding, twins=shared.setdefault(key, finding.twins + beside))


def together(options: Options, answers: Iterable[object]) -> Options:
    """The attempts, those of a finding unsafe where the answers leave a place at which its number stands, too."""
    made = [each.finding for each in answers if isinstance(each, Attempt) and each.fix.applicability == "safe"]
    staying = Staying(frozenset((finding.path, finding.location) for finding in made))
    return [[_parting(each, staying) for each in attempts] for attempts in options]


def parted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What is left of a scan: a fix is not safe where the finding of its twin is hidden, or is not asked for."""
    safe = frozenset(
        (finding.path, finding.location) for finding in findings if finding.fix and finding.fix.applicability == "safe"
    )
    staying = Staying(safe)
    return tuple(unsure(finding, STAYS.format(line)) if (line := staying.beside(finding)) else finding for finding in findings)


def _parting(attempt: Attempt, staying: Staying) -> Attempt:
    """The attempt, unsafe where it would part its number from what stays."""
    finding = replace(attempt.finding, fix=attempt.fix)
    line = staying.beside(finding)
    if not line:
        return attempt
    noted = unsure(finding, STAYS.format(line))
    return replace(attempt, finding=replace(noted, fix=None), fix=noted.fix or attempt.fix)


def unsure(finding: Finding, why: str) -> Finding:
    """The finding with its fix for a person to look at, and why."""
    if finding.fix is None:
        return finding
    return replace(finding, help=f"{finding.help} Mind: {why}.", fix=replace(finding.fix, applicability="unsafe"))
