"""The report as annotations of a GitHub workflow: commands to its runner, which reads them in the log of a step.

The runner takes ten errors, ten warnings and ten notices of a step and drops the rest without a word, so the rest is
plain text, in groups that fold.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from portscan.reporters import USUAL, Options
from portscan.reporters.ranking import gravest_first
from portscan.reporters.unread import broken, passed_over
from portscan.reporters.words import advice, by_severity, count, elsewhere
from portscan.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portscan.model import Finding, Report, Severity
    from portscan.terminal import Streams

FROM_THE_TOP: Final = True
FIXES: Final = False
STATISTICS: Final = False

COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
MOST = 10  # annotations of each severity in a step
MOST_IN_A_JOB = 50
LONGEST = 4_000  # characters of a message


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> str:  # noqa: ARG001
    """The gravest findings as annotations, the rest and the files that could not be read as groups of text."""
    annotated, rest = _divided(gravest_first(report.findings))
    lines = [*map(_annotation, annotated), *_rest(rest, len(annotated)), *_skipped(report), _summary(report)]
    return "".join(f"{line}\n" for line in lines)


def _divided(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What the runner will show, and the rest."""
    seen: Counter[Severity] = Counter()
    annotated: list[Finding] = []
    rest: list[Finding] = []
    for finding in findings:
        seen[finding.severity] += 1
        (annotated if seen[finding.severity] <= MOST else rest).append(finding)
    return annotated, rest


def _annotation(finding: Finding) -> str:
    place = finding.location
    properties = {"file": printable(finding.path), "line": place.line, "endLine": place.end_line}
    if place.line == place.end_line:  # columns of a range over several lines are refused
        properties |= {"col": place.column, "endColumn": max(place.end_column - 1, place.column)}
    properties |= {"title": f"{finding.code} {finding.name}"}
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = "\n".join((advice(finding)[:LONGEST], *map(elsewhere, finding.related[:MOST])))
    return f"::{COMMANDS[finding.severity]} {told}::{_data(message)}"


def _rest(findings: Sequence[Finding], annotated: int) -> Iterator[str]:
    if not findings:
        return
    yield (
        f"GitHub annotates {MOST} findings of each severity in a step and {MOST_IN_A_JOB} in a job: "
        f"{annotated} are annotated, {len(findings):,} more are listed here ({by_severity(findings)})."
    )
    for path, group in groupby(sorted(findings, key=lambda finding: finding.path), key=lambda finding: finding.path):
        here = list(group)
        yield f"::group::{_data(printable(path))}: {count(len(here), 'finding')}"
        yield from (_line(finding) for finding in here)
        yield "::endgroup::"


def _line(finding: Finding) -> str:
    place = f"{finding.path}:{finding.location.line}:{finding.location.column}"
    return _inert(f"{printable(place)}: {finding.severity} {finding.code} {advice(finding)}")


def _skipped(report: Report) -> Iterator[str]:
    unread, rest = broken(report.skipped), passed_over(report.skipped)
    if unread:
        yield f"::group::{count(len(unread), 'path')} not read"
        yield from (_inert(f"{printable(one.path)}: {printable(one.reason)}") for one in unread)
        yield "::endgroup::"
    if rest:
        yield f"{rest}."


def _summary(report: Report) -> str:
    skipped = broken(report.skipped)
    unread = f"; {count(len(skipped), 'path')} not read" if skipped else ""
    hidden = f"; {report.baselined:,} more in the baseline" if report.baselined else ""
    if not report.findings:
        return f"No findings in {count(report.files, 'file')}{hidden}{unread}."
    return f"{count(len(report.findings), 'finding')} ({by_severity(report.findings)}){hidden}{unread}."


def _inert(text: str) -> str:
    """A line that the runner takes for text: its commands begin with `::`, and older ones stand behind `##[` anywhere."""
    return f"  - {text}".replace("##[", "# #[")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace("##[", "# #[")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
