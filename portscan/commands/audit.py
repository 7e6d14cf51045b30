"""`portscan audit`: how well the repository keeps to its registry, in figures, and how that has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.life.auditing.approvals import Approvals
    from portscan.life.auditing.reports import Audit
    from portscan.life.auditing.trend import Row
    from portscan.pipeline.states import Memory, Shown
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
    found = _audit(args, work, args.since or (begin if args.quarterly else None), streams)
    if args.quarterly:
        return _quarterly(work, found, streams)
    if args.format == "json":
        deliver(json.dumps(reports.data(found), indent=2, ensure_ascii=False) + "\n", streams, args.output)
    elif args.format == "markdown":
        deliver(reports.markdown(found, f"Port audit of {work.today}"), streams, args.output)
    else:
        deliver(reports.text(found), streams, args.output)
    return DONE


def _audit(args: Namespace, work: Workspace, since: str | None, streams: Streams) -> Audit:
    from portscan.console.progress import progress
    from portscan.life.auditing.figures import measured
    from portscan.life.auditing.present import state_here
    from portscan.life.auditing.reports import Audit
    from portscan.pipeline.states import begun, counts, memory_of

    memory = memory_of(work.top)
    with progress(streams.err, "portscan audit") as shown:
        shown("the work tree")
        here = begun(state_here(work), memory)
        (count,) = counts([here], memory, shown)
        trend = _trend(args, work, since, memory, shown) if since else ()
    memory.keep()
    figures = measured(count, here.registry, work.today)
    return Audit(work.today, figures, _approvals(work, trend), work.registry.governance.approvers, trend)


def _trend(args: Namespace, work: Workspace, since: str, memory: Memory, shown: Shown) -> tuple[Row, ...]:
    from portscan.life.auditing.past import asked
    from portscan.life.auditing.trend import rows

    return rows(asked(args, work), since, args.every, memory, shown)


def _approvals(work: Workspace, trend: tuple[Row, ...]) -> Approvals:
    from portscan.git.history import commits, committed
    from portscan.life.auditing.approvals import counted
    from portscan.life.auditing.present import from_top

    since = f"{trend[0].day} 00:00:00 +0000" if trend else ""
    found = commits(str(work.top), path=from_top(work), since=since) if committed(str(work.top)) else ()
    return counted(found, work.registry.governance.approvers)


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
