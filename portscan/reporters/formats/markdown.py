"""The report as Markdown, for a comment in a pull request or the summary of a workflow."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from portscan.model import position
from portscan.reporters import USUAL, Options
from portscan.reporters.inert import code, prose
from portscan.reporters.ranking import gravest_first
from portscan.reporters.statistics import statistics
from portscan.reporters.unread import broken, passed_over
from portscan.reporters.words import advice, by_severity, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from portscan.model import Finding, Report, Skipped
    from portscan.terminal import Streams

FROM_THE_TOP: Final = True
FIXES: Final = False
STATISTICS: Final = True

ROOM = 60_000  # bytes: GitHub takes comments of 65,536 characters
NAMED = 10  # paths that are named for each reason not to read them
COUNTED = 20  # rows of each table of figures
LONGEST = 2_000  # characters of a message
RELATED = 5


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> str:  # noqa: ARG001
    """The report in at most `ROOM` bytes: the gravest findings that fit, and how many more there are.

    The first line is a comment by which a bot finds its own earlier comment.
    """
    head = [f"<!-- portscan {options.command} -->", f"### portscan {options.command}: {_total(report)}", "", *_standing(report)]
    tail = _unread(broken(report.skipped))
    body = _figures(report) if options.statistics else _findings(report.findings, ROOM - _size((*head, *tail)))
    return "".join(f"{line}\n" for line in (*head, *body, *tail))


def _total(report: Report) -> str:
    found = report.findings
    return f"{count(len(found), 'finding')} ({by_severity(found)})" if found else "no findings"


def _standing(report: Report) -> Iterator[str]:
    fixable = sum(f.fix is not None and f.fix.applicability == "safe" for f in report.findings)
    parts = [f"{count(report.files, 'file')} read"]
    unread, rest = broken(report.skipped), passed_over(report.skipped)
    parts += [f"{count(len(unread), 'path')} not read"] if unread else []
    parts += [rest] if rest else []
    parts += [f"{report.baselined:,} more in the baseline"] if report.baselined else []
    parts += [f"{fixable:,} can be fixed with `portscan --fix`"] if fixable else []
    yield "; ".join(parts) + "."


def _findings(findings: Sequence[Finding], room: int) -> Iterator[str]:
    """The findings by file, as many as there is room for."""
    shown: list[Finding] = []
    files: set[str] = set()
    for finding in gravest_first(findings):
        room -= _size((*_item(finding), *(_heading(finding.path) if finding.path not in files else ())))
        if room < 0:
            break
        shown.append(finding)
        files.add(finding.path)
    for path, group in groupby(sorted(shown, key=position), key=lambda finding: finding.path):
        yield from _heading(path)
        yield from (line for finding in group for line in _item(finding))
    rest = gravest_first(findings)[len(shown) :]
    if rest:
        yield from ("", f"…and {count(len(rest), 'finding')} more ({by_severity(rest)}); there is no room for all of them.")


def _heading(path: str) -> tuple[str, ...]:
    return "", f"#### {code(path)}", ""


def _item(finding: Finding) -> Iterator[str]:
    place = code(f"{finding.location.line}:{finding.location.column}")
    yield f"- {place} **{finding.severity}** {code(finding.code)} {prose(advice(finding)[:LONGEST])}"
    for related in finding.related[:RELATED]:
        where = code(f"{related.path}:{related.location.line}:{related.location.column}")
        yield f"  - see {where} {prose(related.message[:LONGEST])}"


def _figures(report: Report) -> Iterator[str]:
    for title, figures in statistics(report).items():
        yield from ("", f"**By {title}**", "")
        rows = list(figures.items())
        yield from (f"- {number:,} × {code(name)}" for name, number in rows[:COUNTED])
        if len(rows) > COUNTED:
            yield f"- {sum(number for _, number in rows[COUNTED:]):,} in {len(rows) - COUNTED:,} more"


def _unread(skipped: Sequence[Skipped]) -> tuple[str, ...]:
    if not skipped:
        return ()
    reasons = Counter(one.reason for one in skipped).most_common(COUNTED)
    lines = (f"- {prose(why)}: {_names([one.path for one in skipped if one.reason == why])}" for why, _ in reasons)
    return "", f"<details><summary>{count(len(skipped), 'path')} not read</summary>", "", *lines, "", "</details>"


def _names(paths: Sequence[str]) -> str:
    named = ", ".join(code(path[:200]) for path in paths[:NAMED])
    return f"{named} and {len(paths) - NAMED:,} more" if len(paths) > NAMED else named


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)
