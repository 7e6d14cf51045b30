"""Fixes across files are tried on the repository as it would be: a fix stands only if its fault is gone and none has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from portscan.connectivity.check import Check
from portscan.edit import Overlap, applied, by_path
from portscan.model import Edit, Finding
from portscan.records import replace

FAILED = "the fix did not hold when the compose files were read again, so it is left to you"


def verified(check: Check, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, each with its fix where that holds together with the others, and with the reason where it does not."""
    proposed = [finding for finding in findings if finding.fix is not None]
    kept = _accepted(check, findings, [], proposed)
    return tuple(finding if finding.fix is None or finding in kept else _failed(finding) for finding in findings)


def brought(check: Check, fixed: Sequence[Finding]) -> tuple[Finding, ...]:
    """What the check finds once findings of all kinds are fixed, and did not find before."""
    edits = (edit for finding in fixed if finding.fix for edit in finding.fix.edits)
    after = _after(check, [edit for edit in edits if edit.path in check.world or not edit.before])
    expected = Counter(map(_gist, check.findings())) - Counter(map(_gist, fixed))
    found = after.findings() if after else ()
    new = Counter(map(_gist, found)) - expected
    return tuple(finding for finding in found if _gist(finding) in new)


def _accepted(check: Check, findings: Sequence[Finding], kept: list[Finding], more: list[Finding]) -> list[Finding]:
    """`kept` and as many of `more` as hold; halves are tried when the whole does not."""
    if not more:
        return kept
    if _holds(check, findings, [*kept, *more]):
        return [*kept, *more]
    if len(more) == 1:
        return kept
    middle = len(more) // 2
    kept = _accepted(check, findings, kept, more[:middle])
    return _accepted(check, findings, kept, more[middle:])


def _holds(check: Check, findings: Sequence[Finding], fixed: Sequence[Finding]) -> bool:
    after = _after(check, [edit for finding in fixed if finding.fix for edit in finding.fix.edits])
    if after is None:
        return False
    expected = Counter(map(_gist, findings)) - Counter(map(_gist, fixed))
    return not Counter(map(_gist, after.findings())) - expected


def _after(check: Check, edits: Sequence[Edit]) -> Check | None:
    """The check of the repository as it would be; None where the edits get in each other's way or break a file."""
    changed: dict[str, bytes] = {}
    for path, group in by_path(edits):
        data = check.world.data(path)
        try:
            changed[path] = applied(data or b"", group)
        except Overlap:
            return None
    world = check.world.with_files(changed)
    broken = any(check.world.document(path) is not None and world.document(path) is None for path in changed)
    return None if broken else replace(check, world=world)


def _gist(finding: Finding) -> tuple[str, str, int | None, str | None]:
    return finding.code, finding.path, finding.port, finding.service


def _failed(finding: Finding) -> Finding:
    return replace(finding, fix=None, help=f"By hand: {FAILED}.")
