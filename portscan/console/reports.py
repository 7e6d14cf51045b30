"""How a command hands over its report: the arguments that say so, and the report in the form that they ask for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from portscan.errors import UserError
from portscan.records import replace
from portscan.reporters import NAMES, Options, reporter
from portscan.terminal import append, deliver

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from portscan.cache.pages import Memory
    from portscan.findings import FindingRule
    from portscan.model import Finding, Report
    from portscan.terminal import Streams

SUMMARY = "GITHUB_STEP_SUMMARY"  # names the file whose Markdown GitHub shows below a run of a workflow


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments about the report."""
    parser.add_argument(
        "--format", choices=NAMES, default="text", metavar="FORMAT", help=f"one of {', '.join(NAMES)} (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write the report to FILE instead of standard output")
    parser.add_argument(
        "--statistics", action="store_true", help="count findings by code, service and folder, in place of listing them"
    )
    parser.add_argument("--no-fingerprints", action="store_true", help="leave the fingerprints out of a SARIF report")


def show(
    report: Report,
    args: Namespace,
    streams: Streams,
    sources: Mapping[str, bytes],
    *,
    command: str = "scan",
    rules: Callable[[], Mapping[str, FindingRule]] | None = None,
    fixes: bool = False,
    root: Path | None = None,
) -> None:
    """Write `report`, whose paths are relative to the working directory, where and as `args` say.

    `sources` are the bytes of files by path, `rules` loads what the findings may be of, where that is more than what is shipped;
    `fixes` tells whether their fixes were worked out. `root` is given where the report is about all that is there, so that how it
    looks is worth remembering.
    """
    form = reporter(args.format)
    if args.statistics and not form.STATISTICS:
        able = ", ".join(name for name in NAMES if reporter(name).STATISTICS)
        raise UserError(f"--statistics cannot be told as {args.format}", f"Use {able}.")
    if form.FROM_THE_TOP:
        report, sources = _from_the_top(report, sources)
    if args.output is not None and getattr(args, "color", "auto") != "always":
        streams = replace(streams, color=False)
    memory = _memory(root, streams) if root else None
    options = Options(command, not args.no_fingerprints, args.statistics, rules, fixes, memory)
    deliver(form.render(report, streams, sources, options), streams, args.output)
    if memory:
        memory.save()
    if args.format == "github" and os.environ.get(SUMMARY):
        append(os.environ[SUMMARY], "".join(reporter("markdown").render(report, streams, sources, options)))


def _memory(root: Path, streams: Streams) -> Memory:
    """How the pages looked before, wherever they were to look like this."""
    from portscan.cache.pages import memory_of

    return memory_of(root, repr((streams.color, streams.width, streams.detail)))


def _from_the_top(report: Report, sources: Mapping[str, bytes]) -> tuple[Report, Mapping[str, bytes]]:
    """The same with paths that begin at the top of the repository."""
    from pathlib import Path

    from portscan.files import repository_root
    from portscan.tops import from_the_top

    here = Path.cwd()
    seen = from_the_top(here, repository_root(here))
    paths = {path for one in report.findings for path in _paths(one)}
    if all(seen(path) == path for path in (*paths, *(one.path for one in report.skipped), *sources)):
        return report, sources
    moved = replace(
        report,
        findings=tuple(_moved(finding, seen) for finding in report.findings),
        skipped=tuple(replace(one, path=seen(one.path)) for one in report.skipped),
    )
    return moved, {seen(path): data for path, data in sources.items()}


def _paths(finding: Finding) -> Iterator[str]:
    """The paths of a finding: its own, what it refers to, and what its fix changes."""
    yield finding.path
    yield from (each.path for each in finding.related)
    yield from (edit.path for edit in finding.fix.edits) if finding.fix else ()


def _moved(finding: Finding, seen: Callable[[str], str]) -> Finding:
    fix = finding.fix
    return replace(
        finding,
        path=seen(finding.path),
        related=tuple(replace(each, path=seen(each.path)) for each in finding.related),
        fix=fix and replace(fix, edits=tuple(replace(edit, path=seen(edit.path)) for edit in fix.edits)),
    )
