"""The report for people: what is wrong where, what to write instead, and the figures last, where the eye stays."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from portscan.pages import pages_of
from portscan.reporters import USUAL, Options
from portscan.reporters.ranking import SEVERITIES
from portscan.reporters.told import Figures, Told, tallied, told
from portscan.reporters.unread import passed_over_line, unread_block
from portscan.reporters.words import count, counted
from portscan.terminal import Streams, Style, paint, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portscan.model import Report

FROM_THE_TOP: Final = False
FIXES: Final = False
STATISTICS: Final = True

MANY = 100  # findings, from which on a baseline is worth a word
BASELINE = "`portscan --write-baseline` starts from here: what there is now is not reported again.\n"
HINT = "`portscan --diff` shows which of these can be fixed, if any; `--fix` and `--unsafe-fixes` do it.\n"


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> Iterator[str]:
    """The report as text, findings grouped by file; a line for each finding and no more where the user wants it quiet.

    Pages are pieces of their own, each made when the one in front of it is written: all together they take a lot of memory.
    """
    if streams.detail == "quiet" and not options.statistics:
        yield from _pages(report, streams, sources, options, [])
        return
    blocks = filter(None, _blocks(report, streams, sources, options))
    yield from islice(chain.from_iterable(("\n", block) for block in blocks), 1, None)


def _blocks(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options) -> Iterator[str]:
    """The blocks that stand below each other, the figures last."""
    pages: list[Told] = []
    if options.statistics:
        pages.append(tallied(report.findings))
        yield from _spread(report, streams)
    else:
        yield from _pages(report, streams, sources, options, pages)
    figures = Figures.of(pages)
    yield unread_block(report.skipped, streams)
    if not options.statistics:
        yield _codes(figures, streams)
    yield _summary(report, figures, streams, options)


def _pages(
    report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options, tallies: list[Told]
) -> Iterator[str]:
    """The pages in words; what the figures need of them is put to the `tallies`."""
    for page in pages_of(report.findings):
        said = told(page, streams, sources, options.memory)
        tallies.append(said._replace(text=""))
        yield said.text


def _spread(report: Report, streams: Streams) -> Iterator[str]:
    """How many findings each code, service and folder has."""
    from portscan.reporters.statistics import statistics

    for title, figures in statistics(report).items():
        if figures:
            wide = len(f"{max(figures.values()):,}")
            rows = "".join(f"  {number:>{wide},}  {printable(name)}\n" for name, number in figures.items())
            yield f"{paint(f'By {title}', 'bold', streams.color)}\n{rows}"


def _codes(figures: Figures, streams: Streams) -> str:
    """How often each code was found."""
    wide = max((len(name) for _, name in figures.codes), default=0)
    most = len(str(max(figures.codes.values(), default=0)))
    lines = []
    for (code, name), number in sorted(figures.codes.items()):
        lines.append(f"{paint(code, 'code', streams.color)}  {name:<{wide}}  {number:>{most}}\n")
    return "".join(lines)


def _summary(report: Report, figures: Figures, streams: Streams, options: Options) -> str:
    unread = passed_over_line(report.skipped, streams)
    hidden = f"; {report.baselined:,} more in the baseline" if report.baselined else ""
    if not report.findings:
        good = paint("No findings", "good", streams.color)
        return f"{unread}{good} in {count(report.files, 'file')}{hidden}.\n"
    found = figures.severities.total()
    style: Style = min(figures.severities, key=SEVERITIES.index)
    number = paint(count(found, "finding"), style, streams.color)
    touched = len({page.path for page in pages_of(report.findings)})
    where = f"{touched} of {count(max(report.files, touched), 'file')}"
    start = BASELINE if found >= MANY and not report.baselined and options.command == "scan" else ""
    severities = ", ".join(counted(figures.severities, SEVERITIES))
    return f"{unread}{number} ({severities}) in {where}{hidden}.\n{_remedies(figures, options)}{start}"


def _remedies(figures: Figures, options: Options) -> str:
    """How many findings can be fixed; how to learn that, where nobody has tried: it takes longer than to find them again."""
    if figures.safe:
        more = f", {figures.unsafe} more with `--unsafe-fixes`" if figures.unsafe else ""
        return f"[*] {figures.safe} can be fixed with `portscan --fix`{more}.\n"
    if figures.unsafe:
        return f"{figures.unsafe} can be fixed with `portscan --fix --unsafe-fixes`.\n"
    untried = options.command == "scan" and not options.fixes and figures.bindable
    return HINT if untried else ""
