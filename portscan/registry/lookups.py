"""Look-ups that cannot be changed, made once of pairs of keys and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from portscan.registry.model import Registry, Service

_K = TypeVar("_K")
_V = TypeVar("_V")


def first(pairs: Iterable[tuple[_K, _V]]) -> Mapping[_K, _V]:
    """The first value of each key."""
    found: dict[_K, _V] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return MappingProxyType(found)


def grouped(pairs: Iterable[tuple[_K, _V]]) -> Mapping[_K, tuple[_V, ...]]:
    """All values of each key, in their order."""
    groups: dict[_K, list[_V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return MappingProxyType({key: tuple(values) for key, values in groups.items()})


def made(registry: Registry) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """All that a registry is asked by, under the names that it has them."""
    services, endpoints = registry.services, tuple(registry.endpoints)
    yield "by_name", first((service.name, service) for service in services)
    yield "by_variable", first((endpoint.variable, endpoint) for endpoint in endpoints)
    yield "by_port", grouped((endpoint.port, endpoint) for endpoint in endpoints if endpoint.published)
    yield "by_container_port", grouped((endpoint.container_port, endpoint) for endpoint in endpoints)
    yield "by_previous_port", grouped((old.port, old) for service in services for old in service.previous)
    yield "by_host", first(_claims(services))
    yield "sharing_host", grouped((host, service) for service in services for host in service.hosts)
    yield "by_stack", first((range_.name, range_) for range_ in registry.ranges)


def _claims(services: tuple[Service, ...]) -> Iterator[tuple[str, Service]]:
    yield from ((service.name.lower(), service) for service in services)
    yield from ((service.compose_service.lower(), service) for service in services if service.compose_service)
    yield from ((host, service) for service in services for host in service.hosts)
