"""The report as GitLab's code quality artefact: one issue for each finding, known by its fingerprint."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from portscan.fingerprints import DIGITS, fingerprints
from portscan.reporters import USUAL, Options
from portscan.reporters.unread import broken
from portscan.reporters.words import advice, elsewhere, named
from portscan.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portscan.model import Finding, Location, Report, Severity, Skipped
    from portscan.terminal import Streams

FROM_THE_TOP: Final = True
FIXES: Final = False
STATISTICS: Final = False

SEVERITIES: Mapping[Severity, str] = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> str:  # noqa: ARG001
    """The report as a list of issues. Files that could not be read are issues as well, the least severe there are."""
    prints = fingerprints(report.findings, sources)
    issues = [_issue(finding, known) for finding, known in zip(report.findings, prints, strict=True)]
    return _listed([*issues, *(_unread(one) for one in broken(report.skipped))])


def _issue(finding: Finding, fingerprint: str) -> dict[str, Any]:
    place = finding.location
    issue = {
        "description": advice(finding),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": {"path": named(finding.path), "lines": _lines(place)},
        "categories": ["Style"],
        "type": "issue",
    }
    if not finding.related:
        return issue
    also = "\n".join(f"- {elsewhere(each)}" for each in finding.related)
    others = [{"path": named(each.path), "lines": _lines(each.location)} for each in finding.related]
    return {**issue, "content": {"body": f"See also:\n{also}"}, "other_locations": others}


def _lines(place: Location) -> dict[str, int]:
    return {"begin": place.line, "end": place.end_line}


def _unread(one: Skipped) -> dict[str, Any]:
    known = f"not-read\0{one.path}\0{one.reason}".encode("utf-8", "surrogateescape")
    return {
        "description": f"Not read: {printable(one.reason)}.",
        "check_name": "not-read",
        "fingerprint": sha256(known).hexdigest()[:DIGITS],
        "severity": "info",
        "location": {"path": named(one.path), "lines": {"begin": 1, "end": 1}},
        "categories": ["Style"],
        "type": "issue",
    }


def _listed(issues: Sequence[Mapping[str, Any]]) -> str:
    rows = ",\n".join(f"  {json.dumps(issue)}" for issue in issues)
    return f"[\n{rows}\n]\n" if rows else "[]\n"
