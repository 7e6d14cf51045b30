"""Where the number of a finding stands once more: in the same Compose entry, or in the same file outside of such entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from portscan.evidence.hosts import bare_host, is_here
from portscan.model import Finding, Location
from portscan.records import replace

# What is said of one port; a number that several services have (PS005) may be that of any of them.
CODES: Final = frozenset(("PS001", "PS003", "PS004", "PS005", "PS006"))
Unit = tuple[str | None, int]


def twinned(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings of one file, each with the places, its own among them, that are about the same number of the same service.

    Who shares them shares the very tuple: a file may have the same number thousands of times.
    """
    units: dict[Unit, list[Finding]] = {}
    for finding in findings:
        if unit := _unit(finding):
            units.setdefault(unit, []).append(finding)
    shared: dict[tuple[Unit, str], tuple[Location, ...]] = {}
    for finding in findings:
        unit = _unit(finding)
        if unit is None or finding.service is None or len(units[unit]) == 1:
            yield finding
            continue
        key = unit, finding.service
        if key not in shared:
            shared[key] = tuple(each.location for each in units[unit] if each.service in (None, finding.service))
        yield replace(finding, twins=shared[key])


def _unit(finding: Finding) -> Unit | None:
    """What is read by one reader; none where the number is no part of what runs, is some machine's, or has a pin."""
    literal = finding.literal
    if literal is None or finding.pinned or finding.code not in CODES:
        return None
    runs = literal.context == "code" and literal.side != "container"
    elsewhere = finding.doubt != "" and literal.host is not None and not is_here(bare_host(literal.host))
    return (literal.owner, literal.port) if runs and not elsewhere else None
