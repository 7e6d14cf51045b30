"""`portscan remove`: a service leaves the registry, once nothing refers to it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.errors import UserError
from portscan.terminal import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "remove"
TOPIC: Final = "decide"
HELP: Final = "take a service out of the registry, if nothing refers to it"
DONE, FOUND = 0, 1
MOST: Final = 10


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the service, and how to go about it."""
    from portscan.life.fields import add_ways

    parser.add_argument("service", metavar="SERVICE", help="the service to take out")
    parser.add_argument("--force", action="store_true", help="also while literals and other services refer to it")
    add_ways(parser)


def run(args: Namespace, streams: Streams) -> int:
    """Look for what refers to the service; without any, or by force, take it out."""
    from portscan.life import registrar
    from portscan.life.fields import known
    from portscan.registry import acts
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    name = known(work.registry.by_name, args.service, "service")
    if not args.force and (held := _holders(work, name)):
        for line in held:
            streams.err.write(printable(line) + "\n")
        raise UserError(f"`{name}` is still in use", "Nothing was changed. Bind or remove these first, or give --force.")
    draft = registrar.drafted(work, acts.removed(registrar.values(work), name))
    done = f"`{name}` is no longer registered; port {work.registry.by_name[name].port} is free."
    registrar.conclude(work, draft, args, streams, done)
    return DONE


def _holders(work: Workspace, name: str) -> list[str]:
    """What refers to a service: other entries, and literals in code."""
    from portscan.life.registrar import values
    from portscan.life.usage import about, places
    from portscan.registry.acts import references

    entries = [f"{work.registry.path}: {reference}" for reference in references(values(work), name)]
    file = work.config.file.name if work.config.file else ""
    pins = [f"{file}: the pin of {pin.port} in {pin.path}" for pin in work.config.pins if pin.service == name]
    return [*entries, *pins, *places(list(about(work, name)), MOST)]
