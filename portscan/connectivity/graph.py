"""Who calls whom, as a graph to be drawn: services and hosts, calls with their network and port, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from portscan.connectivity.calls import Call
from portscan.connectivity.check import Check
from portscan.connectivity.system import Member
from portscan.connectivity.targets import Target
from portscan.connectivity.traced import Spot
from portscan.records import dataclass, replace
from portscan.registry.model import Service as Registered

Kind = Literal["container", "host", "external"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, line and column from 1."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Published:
    """A published port: "3100", or a range, on an address that is empty for all of them."""

    published: str
    target: int
    protocol: str
    address: str


@dataclass(frozen=True, slots=True)
class Node:
    """A service: in a container of a `project`, on the host, or of somebody else. `service` is its name in the registry."""

    identity: str
    name: str
    kind: Kind
    project: str = ""
    service: str = ""
    networks: tuple[str, ...] = ()
    ports: tuple[Published, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A call: `source` is told to call `host:port`, and reaches, or means, `target`. `fault` is a code, or empty."""

    source: str
    target: str
    host: str
    port: int
    network: str = ""
    how: str = ""
    fault: str = ""
    message: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A port of the machine that two services publish."""

    port: int
    protocol: str
    services: tuple[str, ...]
    message: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Graph:
    """All of it, sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    conflicts: tuple[Conflict, ...]


def graph(check: Check) -> Graph:
    """The graph of a repository."""
    return _Draw(check).graph()


@dataclass(frozen=True)
class _Draw:
    check: Check

    def graph(self) -> Graph:
        nodes = {node.identity: node for node in map(self._node, self.check.system.members)}
        edges = tuple(self._edges())
        for entry in self.check.registry.services:
            node = _outside(entry)
            if any(edge.target == node.identity for edge in edges) or self._native(entry):
                nodes.setdefault(node.identity, node)
        ordered = sorted(nodes.values(), key=lambda node: (node.project, node.name, node.identity))
        return Graph(tuple(ordered), edges, tuple(self._conflicts()))

    def _native(self, entry: Registered) -> bool:
        return entry.container is False and not entry.external and not self.check.system.of_entry(entry)

    def _node(self, member: Member) -> Node:
        entry = self.check.system.registered(member)
        ports = tuple(Published(p.published, p.target, p.protocol, p.address) for p in member.service.ports)
        networks = tuple(sorted(self.check.system.networks(member)))
        place = self._place(member.service.said.key)
        name = entry.name if entry else ""
        return Node(_identity(member), member.name, "container", member.project.name, name, networks, ports, place)

    def _edges(self) -> Iterator[Edge]:
        """Each call once, and those that cannot work in the words of their finding."""
        faults = {(fault.call.place, _identity(fault.call.caller)): fault for fault in self.check.faults}
        words = {(finding.code, finding.path, finding.location.line): finding.message for finding in self.check.findings()}
        found: dict[tuple[str, str, str, int, str], Edge] = {}
        for call in self.check.calls:
            fault = faults.get((call.place, _identity(call.caller)))
            edge = self._edge(call, fault.target) if fault else self._reaching(call)
            if edge is not None and fault is not None:
                place = edge.place
                message = words.get((fault.code, place.path, place.line), "") if place else ""
                edge = replace(edge, fault=fault.code, message=message)
            if edge is not None:
                found.setdefault((edge.source, edge.target, edge.host, edge.port, edge.fault), edge)
        yield from sorted(found.values(), key=lambda edge: (edge.source, edge.target, edge.port, edge.host))

    def _reaching(self, call: Call) -> Edge | None:
        """The edge of a call that arrives somewhere that is known."""
        system, host = self.check.system, call.address.host
        if call.own:
            return None
        reached = system.reached(call.caller, host)
        if reached:
            return self._edge(call, Target(reached[0].name, reached[0]))
        entry = system.registry.by_host.get(host)
        native = next((e for e in system.registry.by_port.get(call.address.port, ()) if host in self.check.lore.gateways), None)
        known = entry or (system.registry.by_name[native.service] if native else None)
        members = system.of_entry(known) if known else ()
        if known is None or (members and members[0].source == call.caller.source):
            return None
        return self._edge(call, Target(known.name, members[0] if members else None, known))

    def _edge(self, call: Call, target: Target) -> Edge | None:
        there = _identity(target.member) if target.member else _outside(target.entry).identity if target.entry else ""
        source = _identity(call.caller)
        if not there or there == source:
            return None
        shared = self.check.system.shared(call.caller, target.member) if target.member else ()
        network = shared[0] if shared else ""
        return Edge(source, there, call.address.host, call.address.port, network, call.how, place=self._place(call.place))

    def _conflicts(self) -> Iterator[Conflict]:
        messages = {finding.location: finding.message for finding in self.check.findings() if finding.code == "PS203"}
        for clash in self.check.clashes:
            other = _identity(clash.right.member) if clash.right else _outside(clash.native).identity if clash.native else ""
            place, location = self._place(clash.wrong.spot), self.check.location(clash.wrong.spot)
            message = messages.get(location, "") if location else ""
            services = (other, _identity(clash.wrong.member))
            yield Conflict(clash.wrong.port, clash.wrong.mapped.protocol, services, message, place)

    def _place(self, spot: Spot | None) -> Place | None:
        location = self.check.location(spot) if spot else None
        return Place(spot.path, location.line, location.column) if spot and location else None


def _identity(member: Member) -> str:
    """What a service is called in the graph: unique, also where two projects have one of the same name."""
    return f"{member.project.name}/{member.name}"


def _outside(entry: Registered) -> Node:
    kind: Kind = "external" if entry.external else "host"
    port = Published(str(entry.port), entry.port, entry.main.transport, "")
    return Node(f"{kind}/{entry.name}", entry.name, kind, "", entry.name, (), (port,))
