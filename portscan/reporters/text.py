"""The report for people: what is wrong where, what to write instead, and the figures last, where the eye stays."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from portscan.reporters import USUAL, Options
from portscan.reporters.ranking import SEVERITIES
from portscan.reporters.snippet import snippet
from portscan.reporters.words import by_severity, count, elsewhere, wrapped
from portscan.source import Source, decode
from portscan.terminal import Streams, Style, cells, paint, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portscan.model import Finding, Report, Skipped

NAMED = 3  # files that are named for each reason not to read them


class Columns(NamedTuple):
    """What the findings of a file share: the width of the widest place, and whether any of them has a star."""

    places: int
    stars: bool


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> str:  # noqa: ARG001
    """The report as text, findings grouped by file."""
    blocks = [
        *(_file(path, tuple(group), streams, sources) for path, group in groupby(report.findings, key=attrgetter("path"))),
        skipped_block(report.skipped, streams),
        _codes(report.findings, streams),
        _summary(report, streams),
    ]
    return "\n".join(block for block in blocks if block)


def skipped_block(skipped: Sequence[Skipped], streams: Streams) -> str:
    """The files that were not read, by reason, the commonest first; empty when there are none."""
    if not skipped:
        return ""
    reasons = Counter(one.reason for one in skipped).most_common()
    wide = max(cells(printable(reason)) for reason, _ in reasons)
    lines = [paint(f"{count(len(skipped), 'path')} not read", "bold", streams.color)]
    for reason, number in reasons:
        start = f"  {_padded(printable(reason), wide)}  {number:>{len(str(len(skipped)))}}  "
        names = _names([one.path for one in skipped if one.reason == reason])
        lines += wrapped(start, names, streams.width)
    return "".join(f"{line}\n" for line in lines)


def _names(paths: Sequence[str]) -> str:
    named = ", ".join(map(printable, paths[:NAMED]))
    return f"{named} and {len(paths) - NAMED} more" if len(paths) > NAMED else named


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - cells(text))


def _file(path: str, findings: Sequence[Finding], streams: Streams, sources: Mapping[str, bytes]) -> str:
    source = decode(path, sources[path]) if path in sources else None
    shown = source if isinstance(source, Source) else None
    columns = Columns(max(len(_place(finding)) for finding in findings), any(_fixable(finding, "safe") for finding in findings))
    head = paint(printable(path), "path", streams.color)
    return f"{head}\n" + "\n".join(_finding(finding, shown, streams, columns) for finding in findings)


def _place(finding: Finding) -> str:
    return f"{finding.location.line}:{finding.location.column}"


def _finding(finding: Finding, source: Source | None, streams: Streams, columns: Columns) -> str:
    gutter = " " * (columns.places + 2)
    lines = [*_headline(finding, streams, columns), *_quoted(finding, source, streams, len(gutter))]
    for label, style, text in _remarks(finding):
        first, *rest = wrapped(f"{gutter}= {label}", printable(text), streams.width)
        cut = len(gutter) + 2
        painted = first[:cut] + paint(label, style, streams.color) + first[cut + len(label) :]
        lines += [painted, *rest]
    return "".join(f"{line}\n" for line in lines)


def _headline(finding: Finding, streams: Streams, columns: Columns) -> Iterator[str]:
    """`line:col severity CODE message`; a star marks what `--fix` takes care of."""
    star = " [*]" if _fixable(finding, "safe") else " " * 4 * columns.stars
    place = f"  {_place(finding):<{columns.places}}  "
    start = f"{place}{finding.severity:<7}  {finding.code}{star}  "
    first, *rest = wrapped(start, printable(finding.message), streams.width)
    yield "".join(
        (
            place,
            paint(f"{finding.severity:<7}", finding.severity, streams.color),
            f"  {paint(finding.code, 'code', streams.color)}{paint(star, 'help', streams.color)}  ",
            first[len(start) :],
        )
    )
    yield from rest


def _quoted(finding: Finding, source: Source | None, streams: Streams, gutter: int) -> Iterator[str]:
    """The source line, the carets under the digits, and beside them whose port it is."""
    owner = _owner(finding)
    shown = snippet(source, finding.location, streams.width - gutter - 3) if source else None
    if shown is None:
        yield from _alone(owner, gutter, streams)
        return
    bar = paint("|", "dim", streams.color)
    number = paint(f"{finding.location.line:>{gutter - 1}}", "dim", streams.color)
    beside = owner and gutter + 3 + cells(shown.carets) + 1 + cells(owner) <= streams.width
    label = f" {owner}" if beside else ""
    yield f"{number} {bar} {shown.text}".rstrip()
    yield f"{'':>{gutter}}{bar} {' ' * shown.indent}{paint('^' * shown.length + label, finding.severity, streams.color)}"
    if not beside:
        yield from _alone(owner, gutter, streams)


def _alone(owner: str, gutter: int, streams: Streams) -> list[str]:
    """The owner on a line of its own."""
    return wrapped(f"{'':>{gutter}}= ", owner, streams.width) if owner else []


def _owner(finding: Finding) -> str:
    parts = [printable(part) for part in (finding.service, finding.variable) if part]
    return ": ".join(parts)


def _remarks(finding: Finding) -> Iterator[tuple[str, Style, str]]:
    """What else there is to say: a label, its style, and the text."""
    if finding.help:
        yield "help: ", "help", finding.help
    if _fixable(finding, "display") and finding.fix:
        yield "by hand: ", "help", finding.fix.title
    for related in finding.related:
        yield "see: ", "note", elsewhere(related)


def _fixable(finding: Finding, applicability: str) -> bool:
    return finding.fix is not None and finding.fix.applicability == applicability


def _codes(findings: Sequence[Finding], streams: Streams) -> str:
    """How often each code was found."""
    found = Counter((finding.code, finding.name) for finding in findings)
    wide = max((len(name) for _, name in found), default=0)
    figures = len(str(max(found.values(), default=0)))
    lines = []
    for (code, name), number in sorted(found.items()):
        lines.append(f"{paint(code, 'code', streams.color)}  {name:<{wide}}  {number:>{figures}}\n")
    return "".join(lines)


def _summary(report: Report, streams: Streams) -> str:
    hidden = f"; {report.baselined:,} more in the baseline" if report.baselined else ""
    unread = f"{hidden}; {count(len(report.skipped), 'path')} not read" if report.skipped else hidden
    if not report.findings:
        good = paint("No findings", "good", streams.color)
        return f"{good} in {count(report.files, 'file')}{unread}.\n"
    style: Style = min((finding.severity for finding in report.findings), key=SEVERITIES.index)
    number = paint(count(len(report.findings), "finding"), style, streams.color)
    touched = len({finding.path for finding in report.findings})
    where = f"{touched} of {count(max(report.files, touched), 'file')}"
    return f"{number} ({by_severity(report.findings)}) in {where}{unread}.\n{_remedies(report.findings)}"


def _remedies(findings: Sequence[Finding]) -> str:
    safe = sum(_fixable(finding, "safe") for finding in findings)
    unsafe = sum(_fixable(finding, "unsafe") for finding in findings)
    if safe:
        more = f", {unsafe} more with `--unsafe-fixes`" if unsafe else ""
        return f"[*] {safe} can be fixed with `portscan --fix`{more}.\n"
    return f"{unsafe} can be fixed with `portscan --fix --unsafe-fixes`.\n" if unsafe else ""
