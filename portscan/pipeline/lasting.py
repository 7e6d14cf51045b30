"""Whether what fixes write lasts: numbers that change, held against the checks of the whole repository as it would be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from portscan.edit import by_path
from portscan.model import Edit, Finding
from portscan.records import replace
from portscan.verifying import FAILED, instead

if TYPE_CHECKING:
    from portscan.connectivity.check import Check

NUMBER = rb"\d{2,5}"
Lines = dict[tuple[str, int], Finding]
Shown = Callable[[Sequence[Finding]], Sequence[Finding]]


def lasting(findings: Sequence[Finding], check: Check, shown: Shown) -> tuple[Finding, ...]:
    """The findings without the fixes that write a number with which the repository has a fault that it has not now.

    A fault that nobody would be `shown` does not count, nor one at which no number is written: whatever brought that.
    """
    from portscan.connectivity.verify import brought

    while any(map(renumbers, findings)):
        fixed = [finding for finding in findings if finding.fix and finding.fix.applicability != "display"]
        lines = _lines(fixed)
        why = {id(lines[place]): new for new in shown(brought(check, fixed)) for place in _places(new) if place in lines}
        if not why:
            break
        findings = [_without_fix(each, why[id(each)]) if id(each) in why else each for each in findings]
    return tuple(findings)


def renumbers(finding: Finding) -> bool:
    """Whether a fix that may be made changes a number: digits are taken out that do not come back."""
    fix = finding.fix
    return fix is not None and fix.applicability != "display" and any(map(_renumbers, fix.edits))


def _renumbers(edit: Edit) -> bool:
    return not set(re.findall(NUMBER, edit.before)) <= set(re.findall(NUMBER, edit.after))


def _lines(fixed: Iterable[Finding]) -> Lines:
    """The lines on which numbers change, as they are counted once all is written, and the findings whose fixes change them."""
    whose = {id(edit): finding for finding in fixed if finding.fix for edit in finding.fix.edits}
    every = [edit for finding in fixed if finding.fix for edit in finding.fix.edits]
    lines: Lines = {}
    for path, group in by_path(every):
        further = 0
        for edit in group:
            if _renumbers(edit):
                lines[path, edit.location.line + further] = whose[id(edit)]
            further += edit.after.count(b"\n") - edit.before.count(b"\n")
    return lines


def _places(finding: Finding) -> Iterator[tuple[str, int]]:
    yield finding.path, finding.location.line
    yield from ((related.path, related.location.line) for related in finding.related)


def _without_fix(finding: Finding, new: Finding) -> Finding:
    return replace(finding, fix=None, help=f"By hand: {FAILED}{instead(new)}.")
