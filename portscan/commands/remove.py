"""`portscan remove`: a service leaves the registry, once nothing refers to it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.errors import UserError
from portscan.terminal import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.registry.model import Endpoint
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

    parser.add_argument("service", metavar="SERVICE", help="the service, or SERVICE.PORT-NAME, a further port of it")
    parser.add_argument("--force", action="store_true", help="also while literals and other services refer to it")
    add_ways(parser)


def run(args: Namespace, streams: Streams) -> int:
    """Look for what refers to the service; without any, or by force, take it out."""
    from portscan.life import registrar
    from portscan.life.moves import endpoint_of, label_of
    from portscan.registry import acts
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    endpoint = endpoint_of(work.registry, args.service)
    label = label_of(endpoint)
    if not args.force and (held := _holders(work, endpoint)):
        for line in held:
            streams.err.write(printable(line) + "\n")
        raise UserError(f"`{label}` is still in use", "Nothing was changed. Bind or remove these first, or give --force.")
    data = registrar.values(work)
    gone = acts.removed(data, endpoint.service) if endpoint.name is None else acts.closed(data, endpoint.service, endpoint.name)
    draft = registrar.drafted(work, gone)
    free = f"; port {endpoint.port} is free" if endpoint.port not in draft.registry.by_port else ""
    done = f"`{label}` is no longer registered{free}."
    registrar.conclude(work, draft, args, streams, done)
    return DONE


def _holders(work: Workspace, endpoint: Endpoint) -> list[str]:
    """What refers to a service, or to a further port: other entries, pins, and literals in code."""
    from portscan.life.registrar import values
    from portscan.life.usage import about, places
    from portscan.registry.acts import references

    name = endpoint.service
    whole = endpoint.name is None
    meant = work.registry.by_name[name].endpoints if whole else (endpoint,)
    names = {each.variable for each in meant} | ({name} if whole else set())
    entries = [f"{work.registry.path}: {reference}" for reference in references(values(work), name)] if whole else []
    file = work.config.file.name if work.config.file else ""
    pins = [f"{file}: the pin of {pin.port} in {pin.path}" for pin in work.config.pins if pin.service in names]
    return [*entries, *pins, *places(list(about(work, meant)), MOST)]
