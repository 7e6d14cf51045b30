"""`portscan graph`: who calls whom, on which network and port, as the compose files and the registry say; faults are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.errors import UserError
from portscan.terminal import deliver

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.config import Config
    from portscan.connectivity.check import Check
    from portscan.registry.model import Registry
    from portscan.terminal import Streams

NAME: Final = "graph"
TOPIC: Final = "find and fix"
FORMATS = ("text", "mermaid", "dot", "json")
HELP: Final = "show who calls whom, and what cannot work"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--format", choices=("text", "mermaid", "dot", "json"), default="text", help="how to show it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")


def run(args: Namespace, streams: Streams) -> int:
    """Draw the graph. That something in it cannot work is for `scan` to complain about."""
    from pathlib import Path

    from portscan.connectivity.graph import graph
    from portscan.pipeline.connecting import whole_check
    from portscan.reporters.graph import RENDERERS
    from portscan.reporters.unread import read_in_part
    from portscan.workspace import load_config

    root = Path.cwd()
    config = load_config(args, root)
    check = whole_check(root, _registry(args, config, streams), config)
    _some(check)
    deliver(RENDERERS[args.format](graph(check)), streams, args.output)
    streams.err.write(read_in_part(check.world.budget.unfollowed(), NAME))
    return 0


def _some(check: Check) -> None:
    if not check.system.members:
        raise UserError("there is no compose file here", "Run it where the compose files are, or below.")


def _registry(args: Namespace, config: Config, streams: Streams) -> Registry:
    """The registry, which knows what runs on the host; the graph is drawn without one, too."""
    from pathlib import Path

    from portscan.registry.loader import USUAL_PATH
    from portscan.registry.model import Registry
    from portscan.workspace import nearest, open_workspace

    if args.registry or nearest(Path.cwd(), config).exists():
        return open_workspace(args, streams).registry
    return Registry(USUAL_PATH, "1", ())
