"""`portscan audit`: how well the repository keeps to its registry, in figures, and how that has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.life.auditing.reports import Audit
    from portscan.life.auditing.trend import Row
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "audit"
TOPIC: Final = "review and watch"
HELP: Final = "measure how well the registry is kept to, and the trend"
DONE: Final = 0
FORMATS: Final = ("text", "json", "markdown")
REPORTS: Final = "docs/ports"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the trend, and how to report."""
    from portscan.life.auditing.trend import EVERY

    parser.add_argument("--since", metavar="WHEN", help="also the trend since a day (YYYY-MM-DD), a tag or a commit")
    parser.add_argument("--every", choices=EVERY, default="month", help="a row of the trend for each (default: month)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write the report to FILE instead of standard output")
    parser.add_argument("--quarterly", action="store_true", help=f"write the report of this quarter into {REPORTS}")


def run(args: Namespace, streams: Streams) -> int:
    """Measure, and report."""
    import json

    from portscan.life.auditing import reports
    from portscan.terminal import deliver
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    begin = f"{work.today.year}-{3 * ((work.today.month - 1) // 3) + 1:02}-01"
    found = _audit(work, args.since or (begin if args.quarterly else None), args.every)
    if args.quarterly:
        return _quarterly(work, found, streams)
    if args.format == "json":
        deliver(json.dumps(reports.data(found), indent=2, ensure_ascii=False) + "\n", streams, args.output)
    elif args.format == "markdown":
        deliver(reports.markdown(found, f"Port audit of {work.today}"), streams, args.output)
    else:
        deliver(reports.text(found), streams, args.output)
    return DONE


def _audit(work: Workspace, since: str | None, every: str) -> Audit:
    from portscan.git.history import commits
    from portscan.life.auditing.approvals import counted
    from portscan.life.auditing.figures import measured
    from portscan.life.auditing.reports import Audit
    from portscan.life.usage import surveyed

    figures = measured(surveyed(work, whole=True), work.registry, work.today)
    trend = _trend(work, since, every) if since else ()
    path = _from_top(work)
    first = trend[0].day if trend else ""
    changes = commits(str(work.top), path=path, since=f"{first} 00:00:00" if first else "") if _committed(work) else ()
    approvers = work.registry.governance.approvers
    return Audit(work.today, figures, counted(changes, approvers), approvers, trend)


def _trend(work: Workspace, since: str, every: str) -> tuple[Row, ...]:
    from portscan.errors import UserError
    from portscan.life.auditing.trend import rows

    if not _committed(work):
        raise UserError("there is no history to look into", "A trend needs a git repository with commits.")
    return rows(work.top, _from_top(work), since, every)


def _committed(work: Workspace) -> bool:
    from portscan.errors import UserError
    from portscan.git.objects import tree

    try:
        return bool(tree(str(work.top), "HEAD"))
    except UserError:
        return False


def _from_top(work: Workspace) -> str:
    from os.path import relpath
    from pathlib import Path

    return Path(relpath(work.registry_file.resolve(), work.top.resolve())).as_posix()


def _quarterly(work: Workspace, found: Audit, streams: Streams) -> int:
    from os.path import relpath
    from pathlib import Path

    from portscan.edit import NewFile, write
    from portscan.life.auditing.reports import markdown

    name = f"{work.today.year}-Q{(work.today.month - 1) // 3 + 1}"
    file = work.base / REPORTS / f"{name}.md"
    path = Path(relpath(file, work.root)).as_posix()
    before = file.read_bytes() if file.exists() else None
    write(work.root, work.top, [NewFile(path, before, markdown(found, f"Ports in {name}").encode("utf-8"))])
    streams.out.write(f"Wrote {path}.\n")
    return DONE
