"""The `ports` of a service in a compose file of somebody's: entry by entry, as it is written, with what it publishes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from portscan.connectivity.model import Mapped, Service
from portscan.connectivity.traced import Spot
from portscan.connectivity.world import World
from portscan.document.nodes import Sequence, plain
from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.registry.model import Endpoint

# A colon that parts a short entry: none inside a variable, none inside an address of IPv6.
COLON: Final = compiled(r":(?![^{]{0,500}\})(?![^\[]{0,500}\])")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its value in the file, with variables as they are, and the ports that it publishes, as far as that is clear."""

    value: Any
    mapped: tuple[Mapped, ...]

    @property
    def address(self) -> str:
        """The address of the host that it binds, as it is written; empty for all."""
        if isinstance(self.value, Mapping):
            return str(self.value.get("host_ip", ""))
        parts = COLON.split(str(self.value))
        return parts[0] if len(parts) > 2 else ""

    def is_for(self, endpoint: Endpoint, former: Collection[int] = ()) -> bool:
        """Whether it is about an endpoint: its port in the container, its port on the host, or a former one of that."""
        outside = {endpoint.port, *former}
        return any(
            mapped.protocol == endpoint.transport and (mapped.target == endpoint.container_port or mapped.fixed in outside)
            for mapped in self.mapped
        )


def entries(world: World, path: str, service: Service) -> tuple[Entry, ...]:
    """The entries of the file at `path`, then what the service has from other files."""
    items = tuple(_items(world, path, service.name))
    here = tuple(Entry(value, tuple(m for m in service.ports if m.item == spot)) for spot, value in items)
    known = {spot for spot, _ in items}
    return (*here, *(Entry(_resolved(mapped), (mapped,)) for mapped in service.ports if mapped.item not in known))


def _items(world: World, path: str, name: str) -> Iterator[tuple[Spot, Any]]:
    document = world.document(path)
    node = document.node(("services", name, "ports")) if document else None
    for item in node.items if isinstance(node, Sequence) else ():
        yield Spot(path, item.start, item.end), plain(item)


def _resolved(mapped: Mapped) -> str:
    inside = f"{mapped.target}/{mapped.protocol}" if mapped.protocol != "tcp" else str(mapped.target)
    address = f"[{mapped.address}]" if ":" in mapped.address else mapped.address
    outside = f"{address}:{mapped.published}" if address else mapped.published
    return f"{outside}:{inside}" if outside else inside
