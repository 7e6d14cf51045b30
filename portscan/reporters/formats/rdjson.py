"""The report in reviewdog's diagnostic format, with fixes as suggestions. Its columns count bytes of UTF-8 from 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from portscan.model import Location
from portscan.reporters import USUAL, Options
from portscan.reporters.words import advice, named
from portscan.source import Source, decode
from portscan.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portscan.model import Edit, Finding, Related, Report, Severity, Skipped
    from portscan.terminal import Streams

FROM_THE_TOP: Final = False
FIXES: Final = True
STATISTICS: Final = False

SEVERITIES: Mapping[Severity, str] = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}
SUGGESTED = ("safe", "unsafe")
FARTHEST = 10  # lines between the edits of one suggestion


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> str:  # noqa: ARG001
    """The report as one result, a diagnostic to a line. Files that were not read are remarked on, without a place."""
    read = (decode(path, data) for path, data in sources.items())
    files = {source.path: source for source in read if isinstance(source, Source)}
    rows = [*(_diagnostic(finding, files) for finding in report.findings), *map(_unread, report.skipped)]
    body = ",\n".join(f"    {json.dumps(row)}" for row in rows)
    diagnostics = f"[\n{body}\n  ]" if rows else "[]"
    return f'{{\n  "source": {{"name": "portscan"}},\n  "diagnostics": {diagnostics}\n}}\n'


def _diagnostic(finding: Finding, files: Mapping[str, Source]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "message": advice(finding),
        "location": {"path": named(finding.path), "range": _range(finding.location, files.get(finding.path))},
        "severity": SEVERITIES[finding.severity],
        "code": {"value": finding.code},
    }
    suggested = _suggestion(finding, files)
    if suggested:
        row["suggestions"] = [suggested]
    if finding.related:
        row["related_locations"] = [_related(each, files) for each in finding.related]
    return row


def _suggestion(finding: Finding, files: Mapping[str, Source]) -> dict[str, Any] | None:
    """The fix as one range and its new text, since suggestions are taken one by one; None where it reaches too far for that."""
    fix = finding.fix
    source = files.get(finding.path)
    if fix is None or fix.applicability not in SUGGESTED or source is None or any(e.path != finding.path for e in fix.edits):
        return None
    edits = sorted(fix.edits, key=lambda edit: edit.span)
    first, last = edits[0].location, edits[-1].location
    if last.end_line - first.line > FARTHEST:
        return None
    whole = Location(first.line, first.column, last.end_line, last.end_column)
    return {"range": _range(whole, source), "text": _joined(edits, source)}


def _joined(edits: Sequence[Edit], source: Source) -> str:
    """What stands between the first and the last of the edits once they are made."""
    parts: list[bytes] = []
    reached = edits[0].span.start
    for edit in edits:
        parts += (source.data[reached : edit.span.start], edit.after)
        reached = edit.span.end
    return b"".join(parts).decode(source.encoding, "replace")


def _related(related: Related, files: Mapping[str, Source]) -> dict[str, Any]:
    place = {"path": named(related.path), "range": _range(related.location, files.get(related.path))}
    return {"message": printable(related.message), "location": place}


def _unread(one: Skipped) -> dict[str, Any]:
    return {"message": f"Not read: {printable(one.reason)}.", "location": {"path": named(one.path)}, "severity": "INFO"}


def _range(place: Location, source: Source | None) -> dict[str, Any]:
    return {"start": _position(place.line, place.column, source), "end": _position(place.end_line, place.end_column, source)}


def _position(line: int, column: int, source: Source | None) -> dict[str, int]:
    """Without the text of the line its bytes cannot be counted, and the line alone is told."""
    if source is None:
        return {"line": line}
    return {"line": line, "column": len(source.line_text(line)[: column - 1].encode()) + 1}
