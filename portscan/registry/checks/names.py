"""Checks of names: those used twice, and those that name nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from portscan.findings import Breach
from portscan.model import Location, Related
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.registry.model import Endpoint, Registry, Service


def label(endpoint: Endpoint) -> str:
    """How an endpoint is called in messages."""
    return f"`{endpoint.service}`" if endpoint.name is None else f"`{endpoint.name}` of `{endpoint.service}`"


def alternatives(registry: Registry) -> Mapping[str, str]:
    """For each service, by name, the one that it and its alternatives all stand in for."""
    groups: dict[str, str] = {}
    for service in registry.services:
        trail: dict[str, None] = {}
        name = service.name
        while name not in groups and name not in trail:
            trail[name] = None
            known = registry.by_name.get(name)
            name = (known.alternative_to if known else None) or name
        groups.update(dict.fromkeys(trail, groups.get(name, name)))
    return groups


class _Claim(NamedTuple):
    """A name or a variable as some endpoint has it, and where that is written."""

    endpoint: Endpoint
    place: Location


def duplicate_name(registry: Registry) -> Iterator[Breach]:
    """PS103: a name or a variable that an earlier service has already."""
    for service in registry.services:
        first = registry.by_name[service.name]
        if first is not service:
            claims = (_Claim(each.main, each.at("name")) for each in (service, first))
            yield _twice(registry, "name", service.name, *claims)
    yield from _duplicate_variables(registry)


def _duplicate_variables(registry: Registry) -> Iterator[Breach]:
    groups = alternatives(registry)
    for service in registry.services:
        for endpoint in service.endpoints:
            first = registry.by_variable[endpoint.variable]
            if first is not endpoint and not _may_share(first, endpoint, groups):
                owners = ((service, endpoint), (registry.by_name[first.service], first))
                claims = (_Claim(each, _variable_place(owner, each)) for owner, each in owners)
                yield _twice(registry, "variable", endpoint.variable, *claims)


def _may_share(first: Endpoint, second: Endpoint, groups: Mapping[str, str]) -> bool:
    """Whether two endpoints of one variable are in order, or are reported already."""
    if first.service == second.service:
        # The second of two services of one name has all its variables twice: the name says it.
        return first.name == second.name
    return groups[first.service] == groups[second.service] and first.port == second.port


def _variable_place(service: Service, endpoint: Endpoint) -> Location:
    if endpoint.name is None:
        return service.at("env", "name")
    return service.at(f"ports.{endpoint.name}.env", f"ports.{endpoint.name}")


def _twice(registry: Registry, kind: str, value: str, second: _Claim, first: _Claim) -> Breach:
    related = Related(f"{label(first.endpoint)} has it here.", registry.path, first.place)
    values = {"kind": kind, "value": value, "service": label(second.endpoint), "holder": label(first.endpoint)}
    port, service, variable = second.endpoint.port, second.endpoint.service, second.endpoint.variable
    return Breach("PS103", second.place, values, port, service, variable, related=(related,))


def unknown_stack(registry: Registry) -> Iterator[Breach]:
    """PS105: a service's stack has no range, in a registry that has ranges.

    What is published at no port needs none, nor does what others run.
    """
    stacks = tuple(registry.by_stack)
    for service in (each for each in registry.services if each.main.published and not each.external):
        if stacks and service.stack is not None and service.stack not in registry.by_stack:
            from portscan.registry.room import line  # a hook asks for the networks, and finds no breach

            new = line(registry, service.stack, service.port)
            values = {"service": service.name, "stack": service.stack, "meant": _meant(service.stack, stacks), "line": new}
            yield _of_service("PS105", service, service.at("stack"), values)


def unknown_dependency(registry: Registry) -> Iterator[Breach]:
    """PS106: a service refers to another one that is not there."""
    names = tuple(registry.by_name)
    for service in registry.services:
        for key, place, target in _references(service):
            if target not in registry.by_name:
                values = {"service": service.name, "key": key, "target": target, "meant": _meant(target, names)}
                yield _of_service("PS106", service, service.at(place), values)


def _meant(name: str, names: Sequence[str]) -> str:
    from portscan.document.wording import meant

    return meant(name, names)


def _references(service: Service) -> Iterator[tuple[str, str, str]]:
    for index, target in enumerate(service.depends_on):
        yield "depends_on", f"depends_on.{index}", target
    for key, single in (("replacement", service.replacement), ("alternative_to", service.alternative_to)):
        if single:
            yield key, key, single


def deprecated_without_replacement(registry: Registry) -> Iterator[Breach]:
    """PS108: a service is to go, and nobody is told what to use instead."""
    for service in registry.services:
        if service.deprecated and service.replacement is None:
            yield _of_service("PS108", service, service.at("deprecated", "status"), {"service": service.name})


def unknown_network(registry: Registry, networks: Collection[str]) -> Iterator[Breach]:
    """PS109: a service's network is not among those of the compose files."""
    known = tuple(sorted(networks))
    for service in registry.services:
        for network, place in network_places(service):
            if network not in networks:
                values = {"service": service.name, "network": network, "meant": _meant(network, known)}
                yield _of_service("PS109", service, service.at(place), values)


def network_places(service: Service) -> Iterator[tuple[str, str]]:
    """The networks with their keys: `network` comes first, the list of `networks` after it."""
    listed = sum(name.startswith("networks.") for name, _ in service.places)
    for index, network in enumerate(service.networks, listed - len(service.networks)):
        yield network, "network" if index < 0 else f"networks.{index}"


def _of_service(code: str, service: Service, place: Location, values: Mapping[str, object]) -> Breach:
    return Breach(code, place, values, service.port, service.name, service.variable)


CHECKS: Final = (duplicate_name, unknown_stack, unknown_dependency, deprecated_without_replacement)
