"""What weighs more: for formats whose readers show the first so many findings and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portscan.model import Finding, Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, then warnings, then notes, each in the order that they come in."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
