"""The report for programs. The keys are a contract: they may be added to, never changed or taken away."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from portscan.reporters import USUAL, Options
from portscan.reporters.replacements import edited, replacement
from portscan.reporters.statistics import statistics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portscan.model import Edit, Finding, Fix, Report, Skipped
    from portscan.source import Source
    from portscan.terminal import Streams

FROM_THE_TOP: Final = False
FIXES: Final = True
STATISTICS: Final = True

VERSION = 1


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> list[str]:  # noqa: ARG001
    """The report as one JSON document, a finding to a line."""
    files = edited(report, sources)
    more = {"statistics": statistics(report)} if options.statistics else {}
    return list(
        pieces(
            findings=(row(finding, files) for finding in report.findings),
            skipped=skipped_rows(report.skipped),
            summary=summary(report),
            **more,
        )
    )


def document(**parts: Any) -> str:
    """A versioned document; the rows of a list stand on a line each.

    All text is ASCII: names of files may hold anything, and no terminal or locale can spoil an escape.
    """
    return "".join(pieces(**parts))


def pieces(**parts: Any) -> Iterator[str]:
    """The same, row by row: the data of very many rows, all at once, would take several times what their text does."""
    yield f'{{\n  "version": {VERSION}'
    for name, part in parts.items():
        yield f",\n  {json.dumps(name)}: "
        yield from _rows(part) if isinstance(part, (list, Iterator)) else (json.dumps(part),)
    yield "\n}\n"


def skipped_rows(skipped: Iterable[Skipped]) -> list[dict[str, str]]:
    """The files that were not read, and why."""
    return [{"path": one.path, "reason": one.reason} for one in skipped]


def row(finding: Finding, files: Mapping[str, Source]) -> dict[str, Any]:
    """One finding. `files` are those that it would change, as far as they are known."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "path": finding.path,
        "line": finding.location.line,
        "column": finding.location.column,
        "end_line": finding.location.end_line,
        "end_column": finding.location.end_column,
        "port": finding.port,
        "service": finding.service,
        "variable": finding.variable,
        "fix": None if finding.fix is None else _fix(finding.fix, files),
        "related": [{"message": one.message, "path": one.path, **one.location._asdict()} for one in finding.related],
    }


def summary(report: Report) -> dict[str, Any]:
    """The figures of a report."""
    severities = Counter(finding.severity for finding in report.findings)
    codes = Counter(finding.code for finding in report.findings)
    return {
        "files": report.files,
        "literals": report.literals,
        "skipped": len(report.skipped),
        "findings": len(report.findings),
        "baselined": report.baselined,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "notes": severities["note"],
        "fixable": sum(f.fix is not None and f.fix.applicability == "safe" for f in report.findings),
        "codes": dict(sorted(codes.items())),
    }


def _fix(fix: Fix, files: Mapping[str, Source]) -> dict[str, Any]:
    return {"applicability": fix.applicability, "edits": [_edit(edit, files) for edit in fix.edits]}


def _edit(edit: Edit, files: Mapping[str, Source]) -> dict[str, Any]:
    return {"path": edit.path, **edit.location._asdict(), "replacement": replacement(edit, files)}


def _rows(part: Iterable[Any]) -> Iterator[str]:
    """A list, each of its elements on a line."""
    begin = "[\n    "
    for one in part:
        yield f"{begin}{json.dumps(one)}"
        begin = ",\n    "
    yield "[]" if begin[0] == "[" else "\n  ]"
