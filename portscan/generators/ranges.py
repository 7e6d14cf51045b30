"""How much of each range is taken."""

from __future__ import annotations

from collections.abc import Iterable

from portscan.registry.model import Range, Registry, Service
from portscan.tuples import NamedTuple


class Room(NamedTuple):
    """A range, how many of its ports services have, and how many anybody may still take."""

    range: Range
    taken: int
    free: int


def rooms(registry: Registry) -> tuple[Room, ...]:
    """The room in each range, in the order of the registry. A reserved port is not free, and nobody has taken it."""
    return tuple(_room(registry, range_) for range_ in registry.ranges)


def held(services: Iterable[Service], range_: Range) -> frozenset[int]:
    """The ports of a range that `services` have on our own hosts."""
    own = (service for service in services if not service.external)
    return frozenset(e.port for service in own for e in service.endpoints if e.published and e.port in range_)


def _room(registry: Registry, range_: Range) -> Room:
    own = held(registry.services, range_)
    overlaps = ((max(kept.first, range_.first), min(kept.last, range_.last)) for kept in registry.reserved)
    reserved = {port for first, last in overlaps for port in range(first, last + 1)}
    return Room(range_, len(own), len(range_) - len(own | reserved))
