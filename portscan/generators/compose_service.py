"""What an override file says of one service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from portscan.connectivity.model import Project
from portscan.connectivity.model import Service as Written
from portscan.expressions import compiled
from portscan.generators.addresses import HOST_FROM_CONTAINER
from portscan.generators.compose_ports import Entry
from portscan.generators.healthchecks import command
from portscan.generators.protocols import scheme
from portscan.generators.yaml_text import Tagged
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Previous, Registry, Service

GATEWAY: Final = f"{HOST_FROM_CONTAINER}:host-gateway"
INTERNAL: Final = "internal"  # the exposure of what is not published on the host
NAMEABLE: Final = compiled(r"[A-Za-z0-9._-]{1,128}")
RHYTHM: Final = {"interval": "10s", "timeout": "6s", "retries": 6, "start_period": "30s"}


@dataclass(frozen=True, slots=True)
class Target:
    """A service of the registry under its name in a compose file, and what that file says of it, if there is one."""

    name: str
    service: Service
    written: Written | None = None
    ports: tuple[Entry, ...] = ()

    @property
    def isolated(self) -> bool:
        """Whether it has the network of the host or of another container, where ports and networks say nothing."""
        return bool(self.written and self.written.mode)

    @property
    def profiles(self) -> frozenset[str]:
        """The profiles that start it; none when it always starts."""
        return frozenset(self.written.said.profiles if self.written else ())

    def says(self, section: str) -> bool:
        """Whether the compose file has that section for it already."""
        return bool(self.written and any(section in part.sections for part in (self.written.said, *self.written.parts)))

    def sets(self, variable: str) -> bool:
        """Whether the compose file gives that variable a value of its own, which may have a path or a password in it."""
        return bool(self.written and variable in self.written.said.environment)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the service stands among: the registry, the other targets of its file, the day, and the settings: whether to add
    checks, and whether to publish what the file of yours does not.
    """

    registry: Registry
    targets: Sequence[Target]
    project: Project | None
    today: date
    healthchecks: bool
    publish: bool = False

    def target(self, name: str) -> Target | None:
        """The target that is the registry's service of that name."""
        return next((target for target in self.targets if target.service.name == name), None)

    def checked(self, target: Target) -> bool:
        """Whether Compose can tell that a service is healthy."""
        return self.healthchecks or target.says("healthcheck")


def said(target: Target, around: Surroundings) -> dict[str, Any]:
    """The sections of the service, in the order in which people write them; those with nothing to say are left out."""
    native = tuple(_native(target, around))
    sections: dict[str, Any] = {
        "ports": Tagged("!override", tuple(_ports(target, around))) if _published(target, around) else None,
        "expose": None if target.isolated else tuple(_exposed(target)),
        "networks": None if target.isolated else tuple(n for n in target.service.networks if NAMEABLE.fullmatch(n)),
        "environment": {name: url for name, url in map(_url, native) if url and not target.sets(name)},
        "extra_hosts": (GATEWAY,) if native and not target.isolated else None,
        "depends_on": {other.name: {"condition": condition} for other, condition in _needs(target, around)},
        "healthcheck": _healthcheck(target) if around.healthchecks and not target.says("healthcheck") else None,
    }
    return {name: section for name, section in sections.items() if section}


def _published(target: Target, around: Surroundings) -> bool:
    """Whether the host sees the service. A file that publishes nothing of it may have a reason, such as a gateway."""
    shown = target.service.exposure != INTERNAL and any(endpoint.published for endpoint in target.service.endpoints)
    if target.isolated or not shown:
        return False
    return around.publish or target.written is None or bool(target.ports)


def _ports(target: Target, around: Surroundings) -> Iterator[Any]:
    """The registry's ports, the former ones as long as they may be used, and those of the file that nobody registered."""
    replaced: list[Entry] = []
    for endpoint in (each for each in target.service.endpoints if each.published):
        former = [old.port for old in _before(target.service, endpoint)]
        written = [entry for entry in target.ports if entry.is_for(endpoint, former)]
        at = next((f"{entry.address}:" for entry in written if entry.address), "")
        replaced += written
        yield f"{at}${{{endpoint.variable}:-{endpoint.port}}}:{_inside(endpoint)}"
        yield from (f"{at}{port}:{_inside(endpoint)}" for port in _former(target.service, endpoint, around))
    yield from (entry.value for entry in target.ports if entry not in replaced)


def _before(service: Service, endpoint: Endpoint) -> Iterator[Previous]:
    return (old for old in service.previous if old.name == endpoint.name)


def _former(service: Service, endpoint: Endpoint, around: Surroundings) -> Iterator[int]:
    """Ports of the transition: until its last day, and unless somebody else has the port by now."""
    for old in _before(service, endpoint):
        if old.until >= around.today and old.port not in around.registry.by_port:
            yield old.port


def _inside(endpoint: Endpoint) -> str:
    return f"{endpoint.container_port}/udp" if endpoint.transport == "udp" else str(endpoint.container_port)


def _exposed(target: Target) -> Iterator[str]:
    yield from dict.fromkeys(_inside(endpoint) for endpoint in target.service.endpoints)


def _native(target: Target, around: Surroundings) -> Iterator[Endpoint]:
    """The ports of what the service needs and what runs on the host itself, outside all containers."""
    for name in target.service.depends_on:
        other = around.registry.by_name.get(name)
        if other is not None and other.container is False and not other.external:
            yield from other.endpoints


def _url(endpoint: Endpoint) -> tuple[str, str | None]:
    """The variable with the address of what runs on the host, and that address; none where the protocol has none."""
    prefix = scheme(endpoint)
    url = f"{prefix}://{HOST_FROM_CONTAINER}:${{{endpoint.variable}:-{endpoint.port}}}" if prefix else None
    return f"{endpoint.variable.removesuffix('_PORT')}_URL", url


def _needs(target: Target, around: Surroundings) -> Iterator[tuple[Target, str]]:
    """The services of the same file that this one needs, but for those that would close a circle or may not be started."""
    for name in dict.fromkeys(target.service.depends_on):
        other = around.target(name)
        if other is None or other is target or not _started_with(other, target):
            continue
        if target.name not in _reachable(other.name, _edges(around)):
            yield other, "service_healthy" if around.checked(other) else "service_started"


def _started_with(other: Target, target: Target) -> bool:
    """Whether every profile that starts the one starts the other: Compose does not know a service that is not started."""
    return not other.profiles or (bool(target.profiles) and target.profiles <= other.profiles)


def _edges(around: Surroundings) -> Mapping[str, frozenset[str]]:
    """Who waits for whom, by the file of yours and by the registry."""
    written = {
        name: frozenset(service.said.depends_on) for name, service in (around.project.services if around.project else {}).items()
    }
    named = {target.service.name: target.name for target in around.targets}
    asked = {
        target.name: frozenset(named[name] for name in target.service.depends_on if name in named) for target in around.targets
    }
    return {name: written.get(name, frozenset()) | asked.get(name, frozenset()) for name in {*written, *asked}}


def _reachable(start: str, edges: Mapping[str, frozenset[str]]) -> set[str]:
    seen: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            pending += edges.get(name, ())
    return seen


def _healthcheck(target: Target) -> dict[str, Any]:
    """The check. Compose replaces variables in it before the container sees it, hence the doubled `$`."""
    return {"test": ["CMD-SHELL", command(target.service).replace("$", "$$")], **RHYTHM}
