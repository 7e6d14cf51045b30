"""The report in SARIF 2.1.0, within what GitHub's code scanning takes: the gravest first, and what is left out is said."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from portscan import __version__
from portscan.reporters import USUAL, Options
from portscan.reporters.ranking import gravest_first
from portscan.reporters.replacements import edited
from portscan.reporters.sarif_parts import descriptors, place, result
from portscan.reporters.words import by_severity, count
from portscan.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portscan.model import Finding, Report, Skipped
    from portscan.terminal import Streams

FROM_THE_TOP: Final = True
FIXES: Final = True
STATISTICS: Final = False

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# What GitHub takes of one run; of a file that holds more it drops results as it likes, or refuses all of it.
MOST_RESULTS = 25_000
MOST_BYTES = 10 * 1024 * 1024  # compressed
SHOWN = 5_000
HEAD = 1024 * 1024  # bytes that everything but the results may take
MOST_NOTIFICATIONS = 1_000  # our own limit: the names of more files help nobody


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> list[str]:
    """The report as a log with one run, a result to a line."""
    found = gravest_first(report.findings)
    rows = list(islice(_rows(found, report, sources, options), MOST_RESULTS))
    kept = _fitting(rows)
    left_out = _left_out(found, kept)
    if left_out:
        streams.err.write(f"portscan: {left_out}\n")
    return list(_log(_run(report, options, _remarks(kept, left_out)), rows[:kept]))


def _rows(found: Sequence[Finding], report: Report, sources: Mapping[str, bytes], options: Options) -> Iterator[str]:
    prints = _prints(report.findings, sources) if options.fingerprints else {}
    files = edited(report, sources)
    for finding in found:
        yield json.dumps(result(finding, prints.get(id(finding)), files))


def _prints(findings: Sequence[Finding], sources: Mapping[str, bytes]) -> Mapping[int, str]:
    """The fingerprint of each finding object; they are counted in the order of their places."""
    from portscan.fingerprints import fingerprints

    return dict(zip(map(id, findings), fingerprints(findings, sources), strict=True))


def _fitting(rows: Sequence[str]) -> int:
    """How many of the rows GitHub takes, from the first on."""
    kept = len(rows)
    while kept and _compressed(rows[:kept]) > MOST_BYTES - HEAD:
        kept = kept * 9 // 10
    return kept


def _compressed(rows: Sequence[str]) -> int:
    data = "\n".join(rows).encode()
    return len(gzip.compress(data, 6)) if len(data) > MOST_BYTES - HEAD else len(data)


def _left_out(found: Sequence[Finding], kept: int) -> str:
    """What the log does not hold, in words; empty when it holds everything."""
    if kept == len(found):
        return ""
    rest = found[kept:]
    return (
        f"{len(rest):,} of {count(len(found), 'finding')} are left out of this report ({by_severity(rest)}): "
        f"GitHub takes {MOST_RESULTS:,} results, or 10 MB compressed. The JSON report has all of them."
    )


def _remarks(kept: int, left_out: str) -> list[dict[str, Any]]:
    if left_out:
        return [_notification("left-out", "warning", left_out)]
    shown = f"GitHub shows the first {SHOWN:,} of {count(kept, 'finding')}; the gravest come first."
    return [_notification("not-shown", "note", shown)] if kept > SHOWN else []


def _run(report: Report, options: Options, remarks: list[dict[str, Any]]) -> dict[str, Any]:
    rules = descriptors(options.rules, {finding.code: finding.name for finding in report.findings})
    unread = [_unread(one) for one in report.skipped[:MOST_NOTIFICATIONS]]
    if len(report.skipped) > len(unread):
        unread.append(_notification("not-read", "note", f"{len(report.skipped) - len(unread):,} more paths were not read."))
    return {
        "tool": {"driver": {"name": "portscan", "semanticVersion": __version__, "rules": rules}},
        "automationDetails": {"id": f"portscan/{options.command}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The top of the repository."}}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [*remarks, *unread]}],
    }


def _unread(one: Skipped) -> dict[str, Any]:
    return {
        **_notification("not-read", "note", f"Not read: {printable(one.reason)}."),
        "locations": [{"physicalLocation": place(one.path)}],
    }


def _notification(name: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": name}, "level": level, "message": {"text": text}}


def _log(run: Mapping[str, Any], rows: Sequence[str]) -> Iterator[str]:
    """The log, a result to a piece: those of very many findings are no text of their own beside it."""
    yield f'{{\n"$schema": "{SCHEMA}",\n"version": "2.1.0",\n"runs": [{{\n'
    yield "".join(f"{json.dumps(name)}: {json.dumps(part)},\n" for name, part in run.items())
    yield '"results": ['
    yield from (f",\n{row}" if number else f"\n{row}" for number, row in enumerate(rows))
    yield "\n]\n}]\n}\n" if rows else "]\n}]\n}\n"
