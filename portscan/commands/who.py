"""`portscan who PORT`: whose port it is, who holds it now, and what to take instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.errors import UserError
from portscan.terminal import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator
    from datetime import date

    from portscan.life.listeners import Machine
    from portscan.registry.model import Registry
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "who"
TOPIC: Final = "review and watch"
HELP: Final = "say whose a port is, and who holds it on this machine"
DONE: Final = 0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the port."""
    from portscan.life.fields import port

    parser.add_argument("port", type=port, metavar="PORT", help="the port")


def run(args: Namespace, streams: Streams) -> int:
    """Answer from the registry, and from the machine as far as it can be seen."""
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    for line in (*_registered(work.registry, args.port, work.today), *_held(args.port, work, streams)):
        streams.out.write(printable(line) + "\n")
    return DONE


def _registered(registry: Registry, port: int, today: date) -> Iterator[str]:
    from portscan.judge.wellknown import directory

    endpoints = registry.by_port.get(port, ())
    for endpoint in endpoints:
        service = registry.by_name[endpoint.service]
        further = f" ({endpoint.name})" if endpoint.name else ""
        owner = f", of {service.owner}" if service.owner else ""
        yield f"{port} belongs to `{service.name}`{further}{owner}, and is read from {endpoint.variable}."
    for endpoint in registry.by_container_port.get(port, ()):
        if not endpoint.published:
            yield f"`{endpoint.service}` listens on {port} in its container, and is published at no port."
        elif endpoint.port != port:
            yield f"`{endpoint.service}` listens on {port} in its container, and is reached at {endpoint.port}."
    for old in registry.by_previous_port.get(port, ()):
        when = f"which may be used until {old.until}" if old.until >= today else f"given up on {old.end}"
        yield f"{port} was that of `{old.service}`, {when}."
    if any(port in kept for kept in registry.reserved):
        yield f"{port} is reserved: no service may take it."
    if not endpoints:
        stacks = [span.name for span in registry.ranges if port in span]
        yield f"No service has {port}." + (f" It lies in the range of `{stacks[0]}`." if stacks else "")
        known = directory().by_port.get(port)
        if known is not None:
            yield f"Everybody expects {known.name} there."


def _held(port: int, work: Workspace, streams: Streams) -> Iterator[str]:
    from portscan.life.listeners import machine
    from portscan.life.sockets import listening

    try:
        seen = machine()
    except UserError as error:
        yield f"Something listens on {port} here." if listening(port) else f"Nothing listens on {port} here."
        streams.err.write(printable(f"Who holds ports cannot be said: {error.title}. {error.hint}") + "\n")
        return
    for line in seen.unseen:
        streams.err.write(printable(line) + "\n")
    yield from _holders(port, work, seen)


def _holders(port: int, work: Workspace, seen: Machine) -> Iterator[str]:
    from portscan.life.diagnosis import cases, free

    held = [listener for listener in seen.listeners if listener.port == port]
    for listener in held:
        where = ", ".join(address for address in listener.addresses if address)
        yield f"{listener.transport.upper()} {port} is held by {listener.told}{f' (at {where})' if where else ''}."
        command = " ".join(listener.command)
        if command:
            yield f"  {command[:200]}"
    for case in cases(work.registry, seen, work.base):
        if case.endpoint.port == port and case.state in ("stranger", "unsure"):
            yield f"Whether that is `{case.endpoint.service}`: {case.why}."
    if not held:
        yield f"Nothing listens on {port} here."
        return
    span = next((span for span in work.registry.ranges if port in span), None)
    ports = free(work.registry, seen, span)[0] if span else ()
    advice = f", or take {ports[0]}, which is free in `{span.name}`" if span and ports else ""
    yield f"To have the port, end what holds it{advice}."
