"""The entry that a service of the registry gets in a Compose file: what the registry knows of it, ready to be pasted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from portscan.generators.yaml_text import dump

if TYPE_CHECKING:
    from portscan.registry.model import Endpoint, Registry, Service


def entry(registry: Registry, service: Service) -> str:
    """The lines below `services:`; what is built, or from which image it is made, is for a person to say."""
    name = service.compose_service or service.name
    text = dump({name: dict(_keys(registry, service, name))})
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))


def _keys(registry: Registry, service: Service, name: str) -> Iterator[tuple[str, Any]]:
    yield "build", name
    published = [_mapping(each) for each in service.endpoints if each.published]
    if published:
        yield "ports", published
    if service.networks:
        yield "networks", list(service.networks)
    needed = [registry.by_name[other] for other in service.depends_on if other in registry.by_name]
    inside = [other.compose_service or other.name for other in needed if other.container is True]
    if inside:
        yield "depends_on", inside


def _mapping(endpoint: Endpoint) -> str:
    protocol = "/udp" if endpoint.transport == "udp" else ""
    return f"${{{endpoint.variable}:-{endpoint.port}}}:{endpoint.container_port}{protocol}"
