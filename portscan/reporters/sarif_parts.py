"""The parts of a SARIF log: results with their places and fixes, and the rules with their help."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from portscan.expressions import compiled
from portscan.reporters.replacements import replacement
from portscan.reporters.words import advice
from portscan.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from portscan.findings import FindingRule
    from portscan.model import Edit, Finding, Fix, Location, Related
    from portscan.source import Source

FINGERPRINT = "portscan/v1"
MOST_LOCATIONS = 1_000  # that GitHub takes of one result
LINK = compiled(r"\[(?=[^\]]{0,300}\]\()")  # in a message, `[text](1)` would lead somewhere
PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
CAUTION = {"safe": "", "unsafe": " (read it before you apply it)"}


def result(finding: Finding, fingerprint: str | None, files: Mapping[str, Source]) -> dict[str, Any]:
    """One finding. `files` are those that its fix would change."""
    row: dict[str, Any] = {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": LINK.sub(r"\\[", advice(finding))},
        "locations": [{"physicalLocation": place(finding.path, finding.location)}],
    }
    if finding.related:
        row["relatedLocations"] = [_related(i, each) for i, each in enumerate(finding.related[: MOST_LOCATIONS - 1], 1)]
    if fingerprint:
        row["partialFingerprints"] = {FINGERPRINT: fingerprint}
    if finding.fix and finding.fix.applicability in CAUTION and finding.fix.edits:
        row["fixes"] = [_fix(finding.fix, files)]
    known = {"port": finding.port, "service": finding.service, "variable": finding.variable}
    properties = {name: value for name, value in known.items() if value is not None}
    return {**row, "properties": properties} if properties else row


def place(path: str, location: Location | None = None) -> dict[str, Any]:
    """A file, and the part of it that is meant. A relative path begins at the top of the repository."""
    address: dict[str, Any] = {"uri": uri(path)}
    if not os.path.isabs(path):  # noqa: PTH117  (the paths of findings are strings)
        address["uriBaseId"] = "%SRCROOT%"
    return {"artifactLocation": address, **({"region": _region(location)} if location else {})}


def uri(path: str) -> str:
    """A path as a URI, whatever bytes its name is made of."""
    quoted = quote(os.fsencode(path), safe="/")
    return f"file://{quoted}" if os.path.isabs(path) else quoted  # noqa: PTH117


def descriptors(rules: Callable[[], Mapping[str, FindingRule]] | None, found: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rules in the order of their codes; `found` are the codes of the findings with their names."""
    from portscan.findings import catalogue

    known = (rules or catalogue)()
    strangers = [{"id": code, "name": name} for code, name in sorted(found.items()) if code not in known]
    return [*(_descriptor(rule) for _, rule in sorted(known.items())), *strangers]


def _descriptor(rule: FindingRule) -> dict[str, Any]:
    from portscan.reporters.rules import as_markdown, as_text, summary

    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": summary(rule)},
        "fullDescription": {"text": rule.rationale.strip()},
        "help": {"text": as_text(rule), "markdown": as_markdown(rule)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": ["ports"], "precision": "high", "problem.severity": PROBLEM[rule.severity]},
    }


def _region(location: Location) -> dict[str, int]:
    return {
        "startLine": location.line,
        "startColumn": location.column,
        "endLine": location.end_line,
        "endColumn": location.end_column,
    }


def _related(number: int, related: Related) -> dict[str, Any]:
    return {
        "id": number,
        "message": {"text": LINK.sub(r"\\[", printable(related.message))},
        "physicalLocation": place(related.path, related.location),
    }


def _fix(fix: Fix, files: Mapping[str, Source]) -> dict[str, Any]:
    changes: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        changes.setdefault(edit.path, []).append(edit)
    return {
        "description": {"text": printable(fix.title) + CAUTION[fix.applicability]},
        "artifactChanges": [
            {
                "artifactLocation": place(path)["artifactLocation"],
                "replacements": [
                    {"deletedRegion": _region(edit.location), "insertedContent": {"text": replacement(edit, files)}}
                    for edit in edits
                ],
            }
            for path, edits in changes.items()
        ],
    }
