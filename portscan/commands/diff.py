"""`portscan diff`: what has changed in the registry between two revisions, by meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.terminal import deliver

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.revisions import Version
    from portscan.terminal import Streams

NAME: Final = "diff"
TOPIC: Final = "review and watch"
HELP: Final = "tell what has changed in the registry between two revisions"
FORMATS: Final = ("text", "markdown", "json")


def add_revisions(parser: ArgumentParser) -> None:
    """Declare the two revisions."""
    parser.add_argument("before", nargs="?", default="HEAD", metavar="FROM", help="the older revision (default: HEAD)")
    parser.add_argument("after", nargs="?", metavar="TO", help="the newer revision (default: the work tree)")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_revisions(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to tell (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")
    parser.add_argument("--exit-code", action="store_true", help="exit with 1 when something has changed")


def run(args: Namespace, streams: Streams) -> int:
    """Tell what has changed."""
    from portscan.registry.changes import changes
    from portscan.reporters.changes import RENDERERS

    before, after = versions(args)
    found = changes(before.registry, after.registry)
    deliver(RENDERERS[args.format](found, before.name, after.name, streams), streams, args.output)
    return 1 if found and args.exit_code else 0


def versions(args: Namespace) -> tuple[Version, Version]:
    """The registries that are to be compared."""
    from pathlib import Path

    from portscan.errors import UserError
    from portscan.revisions import version_at, version_here
    from portscan.workspace import load_config, nearest

    root = Path.cwd()
    file = (root / args.registry) if args.registry else nearest(root, load_config(args, root))
    before = version_at(file, args.before)
    after = version_at(file, args.after) if args.after else version_here(file)
    if before.registry is None and after.registry is None:
        raise UserError(f"there is no registry at {file} in either revision", "Name another file with --registry.")
    return before, after
