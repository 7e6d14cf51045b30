"""`portscan panel`: the port landscape as a page, in a directory or served to a browser on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portscan.errors import UserError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.panel.history import Past
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "panel"
TOPIC: Final = "generate and show"
HELP: Final = "show ranges, services, calls and findings as a page"
FILE: Final = "index.html"
LOOPBACK: Final = "127.0.0.1"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    from portscan.life.auditing.trend import EVERY

    way = parser.add_mutually_exclusive_group()
    way.add_argument("--output", metavar="DIR", help=f"write the page to DIR/{FILE}")
    way.add_argument("--serve", action="store_true", help="serve it to a browser on this machine, and keep it up to date")
    parser.add_argument("--since", metavar="WHEN", help="also the trend since a day (YYYY-MM-DD), a tag or a commit")
    parser.add_argument("--every", choices=EVERY, default="month", help="a point of the trend for each (default: month)")
    parser.add_argument("--port", type=int, default=0, help="the port to serve on (default: a free one)")
    parser.add_argument("--host", default=LOOPBACK, help="the address to serve on (default: this machine alone)")


def run(args: Namespace, streams: Streams) -> int:
    """Write the page once, or serve it until somebody presses Ctrl-C."""
    if not args.output and not args.serve:
        raise UserError("say where the page should go", "Give --output DIR, or --serve.")
    return _serve(args, streams) if args.serve else _write(args, streams)


def _write(args: Namespace, streams: Streams) -> int:
    from pathlib import Path

    from portscan.panel.data import document
    from portscan.panel.page import page
    from portscan.panel.survey import surveyed
    from portscan.terminal import deliver, made_folder, printable
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    html = page(document(surveyed(work, _past(args, work, streams))))
    file = str(Path(made_folder(args.output)) / FILE)
    deliver(html, streams, file)
    streams.err.write(f"portscan: wrote {printable(file)}; open it in a browser.\n")
    return 0


def _serve(args: Namespace, streams: Streams) -> int:
    from threading import Thread

    from portscan.panel.probe import listening
    from portscan.panel.server import Board
    from portscan.panel.watch import files_state, watch
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    past = _past(args, work, streams)

    def state() -> object:
        return files_state(work.root, work.registry_file), listening(work.registry)

    def look() -> dict[str, Any]:
        return _document(open_workspace(args, streams), past)

    known = state()  # before anything is read: what changes meanwhile is seen by the first look
    board = Board(look())
    server = _bound(args, board)
    Thread(target=watch, args=(board, known, state, look), daemon=True).start()
    streams.err.write(f"portscan: the panel is at {server.address}; press Ctrl-C to stop.\n")
    streams.err.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        streams.err.write("portscan: stopped.\n")
    finally:
        board.stop()
        server.server_close()
    return 0


def _past(args: Namespace, work: Workspace, streams: Streams) -> Past:
    """What was before; reading it takes a while, and it does not change while the panel is served."""
    from portscan.console.progress import progress
    from portscan.life.auditing.past import asked
    from portscan.panel.history import Past, history, trend

    with progress(streams.err, "portscan panel") as shown:
        points = trend(asked(args, work), args.since, args.every, shown) if args.since else ()
    return Past(history(work.registry_file), points)


def _document(work: Workspace, past: Past) -> dict[str, Any]:
    from portscan.panel.data import document
    from portscan.panel.probe import listening
    from portscan.panel.survey import surveyed
    from portscan.records import replace

    return document(replace(surveyed(work, past, live=True), listening=listening(work.registry)))


def _bound(args: Namespace, board: Any) -> Any:
    from portscan.panel.server import Panel

    try:
        return Panel(args.host, args.port, board)
    except (OSError, OverflowError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise UserError(f"the panel cannot be served at {args.host}:{args.port}: {reason}", "Name another with --port.") from None
