"""`portscan report`: the map of the ports as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.terminal import deliver

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.terminal import Streams

NAME: Final = "report"
TOPIC: Final = "generate and show"
HELP: Final = "draw the map of the ports, for a README or a wiki"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--format", choices=("svg", "html"), default="svg", help="a picture, or a page with it (default: svg)")
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")


def run(args: Namespace, streams: Streams) -> int:
    """Draw the map."""
    from portscan.panel import picture
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    draw = picture.svg if args.format == "svg" else picture.html
    deliver(draw(work.registry, work.today), streams, args.output)
    return 0
