"""Whom a call means: the service behind a port of the host, behind a name in other networks, or on the host itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from portscan.connectivity.calls import Call
from portscan.connectivity.listening import Listening
from portscan.connectivity.lore import Lore
from portscan.connectivity.model import EVERYWHERE, Mapped
from portscan.connectivity.system import Member, System
from portscan.connectivity.traced import Spot
from portscan.records import dataclass
from portscan.registry.model import Endpoint
from portscan.registry.model import Service as Registered


@dataclass(frozen=True, slots=True)
class Target:
    """Who is meant: `member` in a container, or a service that the registry has on the host (`native`).

    `host` and `inside` are its name and port in the networks, `published` is its port on the host. `evidence` says how
    that is known.
    """

    name: str
    member: Member | None = None
    entry: Registered | None = None
    host: str = ""
    inside: int | None = None
    published: int | None = None
    evidence: tuple[tuple[str, Spot], ...] = ()

    @property
    def native(self) -> bool:
        """Whether it runs on the host, outside every container."""
        return self.member is None and self.entry is not None and self.entry.container is False

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that the registry has it in, where no compose file says better."""
        return self.entry.networks if self.member is None and self.entry is not None else ()


@dataclass(frozen=True)
class Targets:
    """Finds them."""

    system: System
    lore: Lore
    listening: Listening

    def of(self, member: Member, port: Mapped | None = None, inside: int | None = None) -> Target:
        """A container as a target; `port` is the mapping that is meant."""
        entry = self.system.registered(member)
        shown = port or next(iter(member.service.ports), None)
        evidence = ((f"`{member.name}` is here", member.service.said.key),)
        if shown is not None and shown.item:
            outside = f"{shown.published} outside" if shown.published else "a free port outside"
            evidence = ((f"`{member.name}` has {shown.target} inside, {outside}", shown.item),)
        published = port.fixed if port else None
        name = entry.name if entry else member.name
        return Target(name, member, entry, member.name, inside or (port.target if port else None), published, evidence)

    def native(self, port: int) -> Target | None:
        """The one service of the registry that runs on the host and has the port."""
        those = [e for e in self.system.registry.by_port.get(port, ()) if self._on_host(self.system.registry.by_name[e.service])]
        return self._native(those[0]) if len(those) == 1 else None

    def behind(self, member: Member, port: int) -> int | None:
        """The container port behind a published port of a container, where that is another number."""
        mapped = next((each.target for each in member.service.ports if each.fixed == port and each.target != port), None)
        entry = self.system.registered(member)
        declared = entry.endpoints if entry else ()
        return mapped or next((e.container_port for e in declared if e.port == port and e.container_port != port), None)

    def at_loopback(self, call: Call) -> Target | None:
        """Who has the port that a container looks for in itself; None where nobody has, or several do."""
        native = self.native(call.address.port)
        if native is not None and not self._published(call.address.port, call):
            return native
        published = self._nearest(call, self._published(call.address.port, call))
        if published:
            return self.of(*published)
        inside = self._nearest(call, self._inside(call))
        return self.of(inside[0], None, call.address.port) if inside else self._planned(call)

    def _planned(self, call: Call) -> Target | None:
        """A service that the registry has in a container, and that no compose file of this repository starts."""
        own = self.system.registered(call.caller)
        endpoints = [
            endpoint
            for endpoint in self.system.registry.by_port.get(call.address.port, ())
            if (entry := self.system.registry.by_name[endpoint.service]) is not own
            and entry.container is True
            and not entry.external
            and not self.system.of_entry(entry)
        ]
        if len(endpoints) != 1:
            return None
        entry = self.system.registry.by_name[endpoints[0].service]
        host = entry.compose_service or entry.name
        return Target(entry.name, None, entry, host, endpoints[0].container_port, endpoints[0].port)

    def elsewhere(self, call: Call) -> Target | None:
        """Who has a name that does not resolve: a container in other networks, or a service on the host."""
        host, port = call.address.host, call.address.port
        members = _distinct(self.system.by_name.get(host, ()))
        near = [member for member in members if member.project is call.caller.project]
        chosen = near or members
        if len(chosen) == 1 and self._answers(chosen[0], port):
            return self.of(chosen[0])
        entry = self.system.registry.by_host.get(host)
        if members or entry is None or not self._on_host(entry):
            return None
        endpoint = next((e for e in entry.endpoints if e.port == port), None)
        return self._native(endpoint) if endpoint else None

    def _answers(self, member: Member, port: int) -> bool:
        if member.service.mode and not member.service.mode.startswith("service:"):
            return False
        return port in self.listening.possible(member) or any(port == each.fixed for each in member.service.ports)

    def _on_host(self, service: Registered) -> bool:
        return service.container is False and not service.external and not self.system.of_entry(service)

    def _native(self, endpoint: Endpoint) -> Target:
        entry = self.system.registry.by_name[endpoint.service]
        return Target(entry.name, None, entry, published=endpoint.port)

    def _published(self, port: int, call: Call) -> list[tuple[Member, Mapped | None]]:
        """Who publishes a port where a caller might look for it; those that share the caller's network are itself."""
        own = {member.source for member in self.system.together(call.caller)}
        return [(member, mapped) for member, mapped in self._by_published.get(port, ()) if member.source not in own]

    @cached_property
    def _by_published(self) -> Mapping[int, Sequence[tuple[Member, Mapped]]]:
        """The containers that are reached at a port of the host, each with the mapping, by that port."""
        found: dict[int, list[tuple[Member, Mapped]]] = {}
        near = EVERYWHERE | self.lore.loopback
        for member in self.system.members:
            for mapped in () if member.on_host else member.service.ports:
                if mapped.fixed is not None and mapped.protocol == "tcp" and mapped.address in near:
                    found.setdefault(mapped.fixed, []).append((member, mapped))
        return found

    def _inside(self, call: Call) -> list[tuple[Member, Mapped | None]]:
        """Who listens on the port inside a network of the caller: meant only where no browser could be."""
        if call.address.scheme not in self.lore.server_schemes:
            return []
        mine = self.system.networks(call.caller)
        own = {member.source for member in self.system.together(call.caller)}
        return [
            (member, None)
            for member in self.system.members
            if member.source not in own
            and mine & self.system.networks(member)
            and call.address.port in self.listening.certain(member)
        ]

    def _nearest(self, call: Call, found: list[tuple[Member, Mapped | None]]) -> tuple[Member, Mapped | None] | None:
        """The only candidate: in the caller's project, else in one of its networks, else registered or anywhere."""
        mine = self.system.networks(call.caller)
        tiers = (
            [pair for pair in found if pair[0].project is call.caller.project],
            [pair for pair in found if mine & self.system.networks(pair[0])],
            [pair for pair in found if self.system.registered(pair[0])],
        )
        for tier in tiers:
            if tier:
                return tier[0] if len(_distinct(pair[0] for pair in tier)) == 1 else None
        return None


def _distinct(members: Iterable[Member]) -> list[Member]:
    """One member of each container, whatever project it is seen in."""
    found: dict[tuple[str, str], Member] = {}
    for member in members:
        found.setdefault(member.identity, member)
    return list(found.values())
