"""How the findings of a report are spread: over the codes, the services and the folders, the fullest first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portscan.model import Report

NOBODY = "(no service)"
TOP = "(top)"
DEPTH = 2


def statistics(report: Report) -> dict[str, dict[str, int]]:
    """Counts by `codes`, by `services` and by `folders`; of a folder's path the first two parts count."""
    return {
        "codes": _counted(finding.code for finding in report.findings),
        "services": _counted(finding.service or NOBODY for finding in report.findings),
        "folders": _counted(_folder(finding.path) for finding in report.findings),
    }


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _folder(path: str) -> str:
    return "/".join(path.split("/")[:-1][:DEPTH]) or TOP
