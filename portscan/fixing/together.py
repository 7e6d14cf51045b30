"""Fixes that are safe only together: a number that stands more than once in one unit changes everywhere in it, or nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from portscan.model import Finding, Location
from portscan.verifying import Attempt

STAYS: Final = "the same number on line {} would stay"
Options = Sequence[Sequence[Attempt]]
Places = AbstractSet[tuple[str, Location]]


def alone(finding: Finding, right: AbstractSet[Location]) -> Finding:
    """The finding without those of its twins that are right as they are."""
    left = tuple(twin for twin in finding.twins if twin not in right)
    return finding if left == finding.twins else replace(finding, twins=left)


def together(options: Options, answers: Iterable[object]) -> Options:
    """The attempts, those of a finding unsafe where the answers leave a place at which its number stands, too."""
    made = [each.finding for each in answers if isinstance(each, Attempt) and each.fix.applicability == "safe"]
    safe = {(finding.path, finding.location) for finding in made}
    return [[_parting(each, safe) for each in attempts] for attempts in options]


def parted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What is left of a scan: a fix is not safe where the finding of its twin is hidden, or is not asked for."""
    safe = {(finding.path, finding.location) for finding in findings if finding.fix and finding.fix.applicability == "safe"}
    return tuple(unsure(finding, STAYS.format(line)) if (line := _left(finding, safe)) else finding for finding in findings)


def _parting(attempt: Attempt, safe: Places) -> Attempt:
    """The attempt, unsafe where it would part its number from what stays."""
    finding = replace(attempt.finding, fix=attempt.fix)
    line = _left(finding, safe)
    if not line:
        return attempt
    noted = unsure(finding, STAYS.format(line))
    return replace(attempt, finding=replace(noted, fix=None), fix=noted.fix or attempt.fix)


def _left(finding: Finding, safe: Places) -> int:
    """The line of a twin that stays when the safe fixes are made; 0 where there is none, or the fix is not safe anyway."""
    if finding.fix is None or finding.fix.applicability != "safe":
        return 0
    return next((twin.line for twin in finding.twins if (finding.path, twin) not in safe), 0)


def unsure(finding: Finding, why: str) -> Finding:
    """The finding with its fix for a person to look at, and why."""
    if finding.fix is None:
        return finding
    return replace(finding, help=f"{finding.help} Mind: {why}.", fix=replace(finding.fix, applicability="unsafe"))
