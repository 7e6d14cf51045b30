"""Checks of numbers: ports taken twice, ports outside their range, ranges that overlap or run out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Final

from portscan.findings import Breach
from portscan.model import HIGHEST_PORT, Related
from portscan.registry.checks.names import alternatives, label

if TYPE_CHECKING:
    from portscan.registry.model import Endpoint, Range, Registry

LITTLE: Final = 0.2


def duplicate_port(registry: Registry) -> Iterator[Breach]:
    """PS102: two services, or two ports of one, publish the same port, or one that is reserved."""
    yield from _reserved(registry)
    yield from _within_services(registry)
    yield from _between_services(registry)


def _reserved(registry: Registry) -> Iterator[Breach]:
    kept = _painted(registry.reserved)
    for endpoint in registry.own:
        if kept[endpoint.port]:
            spot = next(range_ for range_ in registry.reserved if endpoint.port in range_)
            yield _taken(endpoint, f"the reserved range {spot}" if len(spot) > 1 else "a reservation")


def _within_services(registry: Registry) -> Iterator[Breach]:
    for service in registry.services:
        seen: dict[tuple[str, int], Endpoint] = {}
        for endpoint in service.endpoints:
            first = seen.setdefault((endpoint.transport, endpoint.port), endpoint)
            if first is not endpoint and first.published == endpoint.published:
                yield _taken_by(registry, endpoint, first)


def _between_services(registry: Registry) -> Iterator[Breach]:
    groups = alternatives(registry)
    holders: dict[tuple[str, int], dict[str, Endpoint]] = {}
    for endpoint in registry.own:
        group = groups[endpoint.service]
        found = holders.setdefault((endpoint.transport, endpoint.port), {})
        # Alternatives never run together; a repeated name is PS103, and says it all.
        other = next((holder for other, holder in found.items() if other != group), None)
        if other is not None:
            yield _taken_by(registry, endpoint, other)
        found.setdefault(group, endpoint)


def _taken_by(registry: Registry, endpoint: Endpoint, holder: Endpoint) -> Breach:
    related = Related(f"{label(holder)} takes {holder.port} here.", registry.path, holder.location)
    return _taken(endpoint, label(holder), related)


def _taken(endpoint: Endpoint, holder: str, *related: Related) -> Breach:
    values = {"port": endpoint.port, "service": label(endpoint), "holder": holder}
    return Breach("PS102", endpoint.location, values, endpoint.port, endpoint.service, endpoint.variable, related=related)


def out_of_range(registry: Registry) -> Iterator[Breach]:
    """PS104: a service's main port is not in the range of its stack."""
    for service in registry.services:
        own = registry.by_stack.get(service.stack or "")
        if own is None or service.external or not service.main.published or service.port in own:
            continue
        fitting = next((other.name for other in registry.ranges if service.port in other), None)
        move = f", or move it to the stack `{fitting}`: `portscan edit {service.name} --stack {fitting}`" if fitting else ""
        values = {"port": service.port, "service": service.name, "range": own, "stack": own.name, "move": move}
        related = Related(f"`{own.name}` has {own}.", registry.path, own.location)
        yield Breach("PS104", service.main.location, values, service.port, service.name, service.variable, related=(related,))


def overlapping_ranges(registry: Registry) -> Iterator[Breach]:
    """PS107: some ports belong to two stacks."""
    for first, second in combinations(registry.ranges, 2):
        if first.overlaps(second):
            values = {"stack": second.name, "range": second, "other": first.name, "other_range": first}
            related = Related(f"`{first.name}` has {first}.", registry.path, first.location)
            yield Breach("PS107", second.location, values, related=(related,))


def little_headroom(registry: Registry) -> Iterator[Breach]:
    """PS110: less than a fifth of a range is free."""
    taken = _painted(registry.reserved)
    for endpoint in registry.own:
        taken[endpoint.port] = True
    for range_ in registry.ranges:
        free = taken.count(0, range_.first, range_.last + 1)
        if free < LITTLE * len(range_):
            yield Breach("PS110", range_.location, {"stack": range_.name, "range": range_, "free": free, "size": len(range_)})


def _painted(ranges: tuple[Range, ...]) -> bytearray:
    """One byte for each port, 1 where some range has it: quick however many ranges there are, and however wide."""
    ports = bytearray(HIGHEST_PORT + 1)
    for range_ in ranges:
        ports[range_.first : range_.last + 1] = b"\x01" * len(range_)
    return ports


CHECKS: Final = (duplicate_port, out_of_range, overlapping_ranges, little_headroom)
