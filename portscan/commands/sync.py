"""`portscan sync`: what can be made of the registry is made, and found out when it no longer fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.terminal import deliver_diff, printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence
    from datetime import date

    from portscan.edit import NewFile
    from portscan.generators.sync import Synced
    from portscan.model import Finding
    from portscan.terminal import Streams

NAME: Final = "sync"
TOPIC: Final = "generate and show"
HELP: Final = "write what follows from the registry, or check that it is there"
FOUND, CLEAN = 1, 0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    from portscan.console import reports
    from portscan.generators import NAMES

    parser.add_argument("--check", action="store_true", help="write nothing; report what is missing, stale or edited by hand")
    parser.add_argument("--dry-run", "--diff", action="store_true", help="write nothing; show what would change as a diff")
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help=f"only these generators: {', '.join(NAMES)}")
    parser.add_argument("--overwrite", action="store_true", help="also replace files that were edited or written by hand")
    parser.add_argument("--hook", action="store_true", help="exit with 1 when anything was written, so that a commit stops")
    parser.add_argument("--today", metavar="DATE", help="the day on which transitions are judged (default: today)")
    reports.add_arguments(parser)


def run(args: Namespace, streams: Streams) -> int:
    """Write what differs, or only tell of it; the status says whether anything is left that does."""
    from portscan.edit import diff, write
    from portscan.generators.clashes import clashes
    from portscan.generators.sync import synced
    from portscan.reporters.unread import read_in_part
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams, today=_day(args.today))
    found = synced(work, args.only, overwrite=args.overwrite)
    if args.check:
        return _report(args, found, streams, found.findings)
    streams.err.write(read_in_part(found.unfollowed, NAME))
    if args.dry_run:
        deliver_diff(diff(found.files), streams, args.output)
        return FOUND if found.files or found.kept else CLEAN
    write(work.root, work.top, found.files)
    if not args.quiet:
        _tell(found, streams)
        for line in clashes(work.root, found.files):
            streams.err.write(f"Mind: {printable(line)}.\n")
    status = _report(args, found, streams, found.kept) if found.kept or args.format != "text" else CLEAN
    return FOUND if args.hook and found.files else status


def _day(given: str | None) -> date | None:
    from datetime import date

    from portscan.errors import UserError

    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise UserError(f"--today: {given!r} is no day", "Write it as YYYY-MM-DD.") from None


def _report(args: Namespace, found: Synced, streams: Streams, findings: Sequence[Finding]) -> int:
    from portscan.console.reports import show
    from portscan.model import Report

    sources = {file.path: file.before for file in found.files if file.before is not None}
    report = Report(tuple(findings), found.unfollowed, found.count)
    show(report, args, streams, sources, command=NAME)
    return FOUND if findings else CLEAN


def _tell(found: Synced, streams: Streams) -> None:
    """What was done, a line for each file."""
    from portscan.reporters.words import count

    for file in found.files:
        alone = "; git ignores it: every clone makes its own, or `git add --force` it" if file.path in found.ignored else ""
        streams.err.write(f"{_verb(file)} {printable(file.path)}{alone}\n")
    same = found.count - len(found.files) - len(found.kept)
    streams.err.write(f"portscan: {count(len(found.files), 'file')} changed, {count(max(same, 0), 'file')} up to date.\n")


def _verb(file: NewFile) -> str:
    return "created" if file.before is None else "removed" if file.after is None else "updated"
