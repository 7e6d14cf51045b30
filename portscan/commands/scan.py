"""`portscan scan`: the findings at the port literals of the repository, judged by its registry."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from portscan.console.scan_options import adjusted, codes, refuse_contradictions
from portscan.model import Report, position
from portscan.numbers import positive
from portscan.records import replace
from portscan.terminal import deliver, deliver_diff, printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Mapping

    from portscan.config import Config
    from portscan.edit import NewFile
    from portscan.extent import Extent
    from portscan.findings import FindingRule
    from portscan.mending import Mending
    from portscan.model import Finding
    from portscan.pipeline.scanning import Scan
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "scan"
TOPIC: Final = "find and fix"
HELP: Final = "report ports that go round the registry"
FOUND, CLEAN = 1, 0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    from portscan.baseline import options as baseline_options
    from portscan.console import reports

    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and directories (default: the current directory)")
    parser.add_argument("--fix", action="store_true", help="apply the safe fixes")
    parser.add_argument("--unsafe-fixes", action="store_true", help="apply the unsafe fixes as well")
    parser.add_argument("--pin", action="store_true", help="pin what cannot be bound, by a comment on its line")
    parser.add_argument("--diff", action="store_true", help="show what the fixes would change, and write nothing")
    parser.add_argument("--show-fixes", action="store_true", help="show what is changed, too, as a diff in front of the report")
    parser.add_argument("--select", metavar="CODES", help="report only these codes, or those that begin so")
    parser.add_argument("--ignore", metavar="CODES", help="do not report these codes, or those that begin so")
    parser.add_argument("--no-inline-ignores", action="store_true", help="report what comments tell portscan to ignore")
    parser.add_argument("--strict", action="store_true", help="also report what is verified, and ports of public hosts")
    reports.add_arguments(parser)
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even when there are findings")
    parser.add_argument("--jobs", type=positive, metavar="N", help="processes that share the work (default: all processors)")
    parser.add_argument(
        "--no-cache", dest="cache", action="store_false", help="read every file, also those that have not changed"
    )
    baseline_options.add_arguments(parser)
    extent = parser.add_argument_group("how much to scan")
    extent.add_argument(
        "--changed", nargs="?", const="HEAD", metavar="REVISION", help="only files that differ from REVISION (default: HEAD)"
    )
    extent.add_argument("--changed-lines", action="store_true", help="of these only the findings on lines that differ")
    extent.add_argument("--hook", action="store_true", help="the files of a commit; all when the registry is among them")
    extent.add_argument("--stdin-filename", metavar="NAME", help="read standard input, for `-`, as if it were this file")


def run(args: Namespace, streams: Streams) -> int:
    """Scan, report, and tell by the exit status whether anything was found."""
    from portscan.cache.codes import kept_expressions

    refuse_contradictions(args)
    with kept_expressions():
        return _witnessed(args, streams) if args.question is not None else _scan(args, streams)


def _scan(args: Namespace, streams: Streams) -> int:
    from portscan.console.progress import ticking
    from portscan.reporters import reporter
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    fixing = _fixing(args)
    if args.write_baseline or args.shrink_baseline:
        _write_baseline(args, work, streams)
        if args.write_baseline:
            return CLEAN
    fixes = fixing or reporter(args.format).FIXES
    with ticking(streams.err, "portscan scan", quiet=args.hook or args.quiet):
        found = _scanned(args, work, fixes=fixes)
    if fixes:
        from portscan.mending import cautious

        found = cautious(found, work.root, work.top, changing=fixing)
    if fixing:
        return _fix(args, found, work, streams)
    _show(found, args, work, streams)
    return CLEAN if args.exit_zero else _status(found.report.findings)


def _fixing(args: Namespace) -> bool:
    return bool(args.fix or args.unsafe_fixes or args.pin or args.diff)


def _witnessed(args: Namespace, streams: Streams) -> int:
    """A scan that only reports: what it says, and all that this rests on, is written down for the gate."""
    from portscan.console.progress import ticking
    from portscan.witness import witness
    from portscan.workspace import open_workspace

    screen = streams
    seen, streams = witness(args.question, streams)
    work = open_workspace(args, streams)
    seen.opened(work)
    with ticking(screen.err, "portscan scan", quiet=args.hook or args.quiet):
        found = _scanned(args, work, fixes=False)
    _show(found, args, work, streams)
    status = CLEAN if args.exit_zero else _status(found.report.findings)
    streams.out.flush()
    with suppress(OSError):
        seen.remember(work, found, _clean(args, work, streams), status)
    return status


def _clean(args: Namespace, work: Workspace, streams: Streams) -> tuple[str, str] | None:
    """What is said when nothing was found in one file, and in many; nothing where that may depend on more."""
    if args.format != "text" or args.statistics or args.select:
        return None
    from io import StringIO

    from portscan.pipeline.scanning import Scan
    from portscan.witness import NUMBER

    said = []
    for number in (1, int(NUMBER)):
        out = StringIO()
        _show(Scan(Report((), files=number)), args, work, replace(streams, out=out))
        said.append(out.getvalue())
    return said[0], said[1]


def _show(found: Scan, args: Namespace, work: Workspace, streams: Streams) -> None:
    from portscan.console.reports import show

    rules, root = partial(_rules, work.config), work.root if _remembered(args) else None
    show(found.report, args, streams, found.sources, rules=rules, fixes=_fixing(args), root=root)


def _remembered(args: Namespace) -> bool:
    """Whether it is worth while to remember how the report looks: of a commit it is another one each time."""
    everything = {*args.paths} <= {"."} and not (args.hook or args.changed or args.changed_lines)
    return bool(args.cache and everything and not _fixing(args))


def _rules(config: Config) -> Mapping[str, FindingRule]:
    from portscan.findings import catalogue
    from portscan.pipeline.rules import extra_rules

    return catalogue(extra_rules(config))


def _scanned(args: Namespace, work: Workspace, *, fixes: bool) -> Scan:
    """What is found where `args` say, without what the baseline hides."""
    from portscan.baseline.options import less, named
    from portscan.pipeline.scanning import scan_text
    from portscan.pipeline.sources import beside
    from portscan.source import standard_input

    config = adjusted(work.config, args)
    baseline = named(args, work, config)
    if args.stdin_filename is not None:
        text = standard_input(args.stdin_filename)
        found = scan_text(work.root, text, work.registry, config, work.today, fixes=fixes, pin=args.pin)
        return less(found, baseline, work, config)
    extent = _extent(args, work)
    scanned = _found(args, work, config, extent, fixes)
    found = less(scanned, baseline, work, config, extent.paths, remembered=args.cache and not fixes)
    found = replace(found, sources=beside({work.registry.path: work.registry_data}, found.sources))
    more = tuple(_of_registry(args, work, config))
    if extent.lines is None and not more:
        return found
    findings = tuple(sorted((*filter(extent.within, found.report.findings), *more), key=position))
    return replace(found, report=replace(found.report, findings=findings))


def _found(args: Namespace, work: Workspace, config: Config, extent: Extent, fixes: bool) -> Scan:
    from portscan.pipeline.scanning import Scan, scan

    if not extent.paths:
        return Scan(Report(()))
    how = {"fixes": fixes, "pin": args.pin, "by_hand": extent.by_hand, "jobs": args.jobs, "cached": args.cache}
    return scan(work.root, extent.paths, work.registry, config, work.today, **how)


def _write_baseline(args: Namespace, work: Workspace, streams: Streams) -> None:
    from portscan.baseline.options import rewrite

    config, extent = adjusted(work.config, args), _extent(args, work)
    rewrite(_found(args, work, config, extent, fixes=False), args, work, config, extent.paths, streams)


def _of_registry(args: Namespace, work: Workspace, config: Config) -> Iterable[Finding]:
    """The findings in the registry itself, for those who select them: `validate` is the command that has them all."""
    if not any(code.startswith("PS1") for code in codes(args.select)):
        return ()
    from portscan.findings import catalogue
    from portscan.registry.checks import check
    from portscan.suppress import configured

    return configured(check(work.registry, catalogue()), config, str)


def _extent(args: Namespace, work: Workspace) -> Extent:
    """How much is to be scanned."""
    from portscan.extent import WHOLE, Extent, changed, deciding, named

    if not (args.hook or args.changed or args.changed_lines):
        return Extent(tuple(args.paths) or WHOLE)
    decides = deciding(work.root, work.top, work.registry_file, work.config)
    if args.hook:
        return named(work.root, args.paths, decides)
    return changed(work.root, args.paths, args.changed or "HEAD", decides, lines=args.changed_lines)


def _status(findings: Iterable[Finding]) -> int:
    """Whether a scan has found something; notes are remarks."""
    return FOUND if any(finding.severity != "note" for finding in findings) else CLEAN


def _fix(args: Namespace, found: Scan, work: Workspace, streams: Streams) -> int:
    """Show or apply the fixes, and report what is left; the status is that of a scan that found something if any was made."""
    from portscan.baseline.carrying import told
    from portscan.edit import diff, write
    from portscan.mending import mending

    mended = mending(found, ("safe", "unsafe") if args.unsafe_fixes else ("safe",))
    baseline = _carried(args, work, mended) if args.stdin_filename is None else ()
    files = (*mended.files, *baseline)
    written = not args.diff and args.stdin_filename is None
    if args.diff:
        deliver_diff(diff(files), streams, args.output)
    elif args.stdin_filename is not None:
        fixed = {file.path: file.after for file in files}
        deliver(fixed.get(args.stdin_filename) or found.sources[args.stdin_filename], streams, args.output)
    else:
        write(work.root, work.top, files)
        if args.show_fixes:
            deliver_diff(diff(files), streams)
        _show(replace(found, report=replace(found.report, findings=mended.left)), args, work, streams)
    status = CLEAN if args.exit_zero else FOUND if mended.done and args.stdin_filename is None else _status(mended.left)
    changes = [told(file) for file in baseline] if written else ()
    for line in mended.told(changes, status, verb="would fix" if args.diff else "fixed"):
        streams.err.write(f"portscan: {printable(line)}\n")
    return status


def _carried(args: Namespace, work: Workspace, mended: Mending) -> tuple[NewFile, ...]:
    """The baseline, where it hides something on the lines that are changed: it holds their new words then."""
    from portscan.baseline.options import carried

    config, extent = adjusted(work.config, args), _extent(args, work)
    everything = replace(config, select=(), ignore=(), strict=True)
    return carried(lambda: _found(args, work, everything, extent, fixes=False), args, work, config, mended)
