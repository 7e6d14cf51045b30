"""The report for people: what is wrong where, what to write instead, and the figures last, where the eye stays."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from portscan.reporters import USUAL, Options
from portscan.reporters.ranking import SEVERITIES
from portscan.reporters.statistics import statistics
from portscan.reporters.text_file import fixable, of_file
from portscan.reporters.words import advice, by_severity, count, wrapped
from portscan.terminal import Streams, Style, cells, paint, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portscan.model import Finding, Report, Skipped

FROM_THE_TOP: Final = False
FIXES: Final = False
STATISTICS: Final = True

MANY = 100  # findings, from which on a baseline is worth a word
BASELINE = "`portscan --write-baseline` starts from here: what there is now is not reported again.\n"
NAMED = 3  # files that are named for each reason not to read them


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> str:
    """The report as text, findings grouped by file; a line for each finding and no more where the user wants it quiet."""
    if streams.detail == "quiet" and not options.statistics:
        return "".join(f"{_line(finding)}\n" for finding in report.findings)
    blocks = [
        *(_figures(report, streams) if options.statistics else _files(report.findings, streams, sources)),
        skipped_block(report.skipped, streams),
        "" if options.statistics else _codes(report.findings, streams),
        _summary(report, streams, options),
    ]
    return "\n".join(block for block in blocks if block)


def _files(findings: Sequence[Finding], streams: Streams, sources: Mapping[str, bytes]) -> Iterator[str]:
    for path, group in groupby(findings, key=attrgetter("path")):
        yield of_file(path, tuple(group), streams, sources.get(path))


def _line(finding: Finding) -> str:
    place = f"{finding.path}:{finding.location.line}:{finding.location.column}"
    return f"{printable(place)}: {finding.severity}: {finding.code} {advice(finding)}"


def _figures(report: Report, streams: Streams) -> Iterator[str]:
    """How many findings each code, service and folder has."""
    for title, figures in statistics(report).items():
        if figures:
            wide = len(f"{max(figures.values()):,}")
            rows = "".join(f"  {number:>{wide},}  {printable(name)}\n" for name, number in figures.items())
            yield f"{paint(f'By {title}', 'bold', streams.color)}\n{rows}"


def skipped_block(skipped: Sequence[Skipped], streams: Streams) -> str:
    """The files that were not read, by reason, the commonest first; empty when there are none."""
    if not skipped:
        return ""
    reasons = Counter(one.reason for one in skipped).most_common()
    wide = max(cells(printable(reason)) for reason, _ in reasons)
    lines = [paint(f"{count(len(skipped), 'path')} not read", "bold", streams.color)]
    for reason, number in reasons:
        start = f"  {_padded(printable(reason), wide)}  {number:>{len(f'{len(skipped):,}')},}  "
        names = _names([one.path for one in skipped if one.reason == reason], streams.detail == "verbose")
        lines += wrapped(start, names, streams.width)
    return "".join(f"{line}\n" for line in lines)


def _names(paths: Sequence[str], every: bool) -> str:
    most = len(paths) if every else NAMED
    named = ", ".join(map(printable, paths[:most]))
    return f"{named} and {len(paths) - most:,} more" if len(paths) > most else named


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - cells(text))


def _codes(findings: Sequence[Finding], streams: Streams) -> str:
    """How often each code was found."""
    found = Counter((finding.code, finding.name) for finding in findings)
    wide = max((len(name) for _, name in found), default=0)
    figures = len(str(max(found.values(), default=0)))
    lines = []
    for (code, name), number in sorted(found.items()):
        lines.append(f"{paint(code, 'code', streams.color)}  {name:<{wide}}  {number:>{figures}}\n")
    return "".join(lines)


def _summary(report: Report, streams: Streams, options: Options) -> str:
    hidden = f"; {report.baselined:,} more in the baseline" if report.baselined else ""
    unread = f"{hidden}; {count(len(report.skipped), 'path')} not read" if report.skipped else hidden
    if not report.findings:
        good = paint("No findings", "good", streams.color)
        return f"{good} in {count(report.files, 'file')}{unread}.\n"
    style: Style = min((finding.severity for finding in report.findings), key=SEVERITIES.index)
    number = paint(count(len(report.findings), "finding"), style, streams.color)
    touched = len({finding.path for finding in report.findings})
    where = f"{touched} of {count(max(report.files, touched), 'file')}"
    start = BASELINE if len(report.findings) >= MANY and not report.baselined and options.command == "scan" else ""
    return f"{number} ({by_severity(report.findings)}) in {where}{unread}.\n{_remedies(report.findings)}{start}"


def _remedies(findings: Sequence[Finding]) -> str:
    safe = sum(fixable(finding, "safe") for finding in findings)
    unsafe = sum(fixable(finding, "unsafe") for finding in findings)
    if safe:
        more = f", {unsafe} more with `--unsafe-fixes`" if unsafe else ""
        return f"[*] {safe} can be fixed with `portscan --fix`{more}.\n"
    return f"{unsafe} can be fixed with `portscan --fix --unsafe-fixes`.\n" if unsafe else ""
