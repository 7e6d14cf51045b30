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
from portscan.reporters.unread import passed_over_line, unread_block
from portscan.reporters.words import advice, by_severity, count
from portscan.terminal import Streams, Style, paint, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portscan.model import Finding, Report

FROM_THE_TOP: Final = False
FIXES: Final = False
STATISTICS: Final = True

MANY = 100  # findings, from which on a baseline is worth a word
BASELINE = "`portscan --write-baseline` starts from here: what there is now is not reported again.\n"
HINT = "`portscan --diff` shows which of these can be fixed, if any; `--fix` and `--unsafe-fixes` do it.\n"


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> str:
    """The report as text, findings grouped by file; a line for each finding and no more where the user wants it quiet."""
    if streams.detail == "quiet" and not options.statistics:
        return "".join(f"{_line(finding)}\n" for finding in report.findings)
    blocks = [
        *(_figures(report, streams) if options.statistics else _files(report.findings, streams, sources)),
        unread_block(report.skipped, streams),
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
    unread = passed_over_line(report.skipped, streams)
    hidden = f"; {report.baselined:,} more in the baseline" if report.baselined else ""
    if not report.findings:
        good = paint("No findings", "good", streams.color)
        return f"{unread}{good} in {count(report.files, 'file')}{hidden}.\n"
    style: Style = min((finding.severity for finding in report.findings), key=SEVERITIES.index)
    number = paint(count(len(report.findings), "finding"), style, streams.color)
    touched = len({finding.path for finding in report.findings})
    where = f"{touched} of {count(max(report.files, touched), 'file')}"
    start = BASELINE if len(report.findings) >= MANY and not report.baselined and options.command == "scan" else ""
    return f"{unread}{number} ({by_severity(report.findings)}) in {where}{hidden}.\n{_remedies(report.findings, options)}{start}"


def _bindable(finding: Finding) -> bool:
    """Whether there is something to bind; what is said of the registry itself is mended there."""
    return finding.variable is not None and not finding.code.startswith("PS1")


def _remedies(findings: Sequence[Finding], options: Options) -> str:
    """How many findings can be fixed; how to learn that, where nobody has tried: it takes longer than to find them again."""
    safe = sum(fixable(finding, "safe") for finding in findings)
    unsafe = sum(fixable(finding, "unsafe") for finding in findings)
    if safe:
        more = f", {unsafe} more with `--unsafe-fixes`" if unsafe else ""
        return f"[*] {safe} can be fixed with `portscan --fix`{more}.\n"
    if unsafe:
        return f"{unsafe} can be fixed with `portscan --fix --unsafe-fixes`.\n"
    untried = options.command == "scan" and not options.fixes and any(map(_bindable, findings))
    return HINT if untried else ""
