"""Which calls can be behind a finding about some files: in a hook the others need not be judged."""

from __future__ import annotations

from functools import cached_property

from portscan.connectivity.addresses import Address
from portscan.connectivity.listening import Listening
from portscan.connectivity.system import Member, System
from portscan.records import dataclass


@dataclass(frozen=True)
class Concern:
    """Tells them. A finding is about a file at the place of the call, the container that calls, or the one that is meant."""

    system: System
    listening: Listening
    files: frozenset[str]

    def touches(self, caller: Member, address: Address) -> bool:
        """Whether a call of an address may concern the files."""
        place = address.port_at
        if address.host in self._names or address.port in self._ports or (place is not None and place.path in self.files):
            return True
        said = caller.service.said
        return bool(said.links or said.external_links) or caller.key in self._keys

    def _own(self, member: Member) -> bool:
        spots = (member.service.said.key, *(port.item for port in member.service.ports))
        return any(spot is not None and spot.path in self.files for spot in spots)

    @cached_property
    def _members(self) -> tuple[Member, ...]:
        return tuple(filter(self._own, self.system.members))

    @cached_property
    def _keys(self) -> frozenset[object]:
        return frozenset(member.key for member in self._members)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name for member in self._members for name in self.system.names(member))

    @cached_property
    def _ports(self) -> frozenset[int]:
        published = (port.fixed for member in self._members for port in member.service.ports if port.fixed is not None)
        return frozenset(published).union(*map(self.listening.certain, self._members))
