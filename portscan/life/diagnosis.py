"""The registry set against what listens here: which registered services run, and who sits on whose port."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from portscan.judge.wellknown import directory
from portscan.life.listeners import Listener, Machine
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Range, Registry, Service

State = Literal["listens", "stranger", "unsure", "silent"]


@dataclass(frozen=True, slots=True)
class Case:
    """A registered port: whether its service holds it, and who does."""

    endpoint: Endpoint
    state: State
    listener: Listener | None = None
    why: str = ""


def cases(registry: Registry, machine: Machine, base: Path) -> Iterator[Case]:
    """Every port that should be held on this machine."""
    for endpoint in registry.own:
        service = registry.by_name[endpoint.service]
        listener = machine.at(endpoint.port, endpoint.transport)
        yield Case(endpoint, "silent") if listener is None else _judged(service, endpoint, listener, base)


def _judged(service: Service, endpoint: Endpoint, listener: Listener, base: Path) -> Case:
    if listener.container:
        ours = {listener.compose.lower(), listener.container.lower()} & set(service.hosts)
        why = f"its compose service is `{listener.compose}`" if listener.compose else "it is called otherwise"
        return Case(endpoint, "listens", listener) if ours else Case(endpoint, "stranger", listener, why)
    if listener.pid is None:
        return Case(endpoint, "unsure", listener, "without more rights its process cannot be seen")
    if _belongs(service, endpoint, listener, base):
        return Case(endpoint, "listens", listener)
    # What Docker itself holds for a container that it does not tell of.
    if listener.program.startswith(("docker-proxy", "com.docker", "rootlessport", "conmon", "slirp4netns")):
        return Case(endpoint, "unsure", listener, "Docker holds it, and does not tell for which container")
    return Case(endpoint, "unsure", listener, "nothing tells whether it is the service")


def _belongs(service: Service, endpoint: Endpoint, listener: Listener, base: Path) -> bool:
    """Whether a process works in the service's files, is called like it, or is what its protocol is spoken by."""
    roots = [base / glob.split("*")[0].rstrip("/") for glob in service.paths if glob.split("*")[0].strip("/")]
    folder = Path(listener.folder) if listener.folder else None
    if folder is not None and any(folder == root or root in folder.parents for root in roots):
        return True
    words = {os.path.basename(part).lower() for part in (listener.program, *listener.command)}  # noqa: PTH119
    if words & set(service.hosts):
        return True
    protocol = (endpoint.protocol or "").split("/")[0].lower()
    kinds = (known for known in directory().services if known.protocol.split("/")[0] == protocol != "http")
    return any(word.startswith((known.name, *known.images)) for known in kinds for word in words if known.images)


def strangers(registry: Registry, machine: Machine) -> tuple[Listener, ...]:
    """Who listens on a port of some range without being registered."""
    return tuple(
        each
        for each in machine.listeners
        if not any(endpoint.transport == each.transport for endpoint in registry.by_port.get(each.port, ()))
        and any(each.port in span for span in registry.ranges)
    )


def free(registry: Registry, machine: Machine, span: Range) -> tuple[tuple[int, ...], tuple[Listener, ...]]:
    """The ports of a range that nobody has, and those that somebody holds."""
    held = tuple(each for each in machine.listeners if each.port in span)
    taken = {each.port for each in held} | {port for port in registry.by_port if port in span}
    reserved = {port for port in range(span.first, span.last + 1) if any(port in kept for kept in registry.reserved)}
    return tuple(port for port in range(span.first, span.last + 1) if port not in taken | reserved), held
