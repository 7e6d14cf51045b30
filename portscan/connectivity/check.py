"""The whole check: from the files of a repository and what the scan found in them to findings with their fixes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from portscan.connectivity.calls import Call, Calls
from portscan.connectivity.concern import Concern
from portscan.connectivity.faults import Fault, Faults
from portscan.connectivity.fixes import Fixes
from portscan.connectivity.listening import Listening
from portscan.connectivity.lore import Lore, lore
from portscan.connectivity.processes import Occupied, occupied
from portscan.connectivity.projects import projects
from portscan.connectivity.published import Clash, clashes
from portscan.connectivity.reality import gaps
from portscan.connectivity.system import System
from portscan.connectivity.traced import Spot
from portscan.connectivity.world import World
from portscan.findings import Breach, FindingRule
from portscan.model import Finding, Fix, Location, PortLiteral, Related, position
from portscan.records import dataclass, field, replace
from portscan.registry.checks.names import unknown_network
from portscan.registry.model import Registry
from portscan.registry.model import Service as Registered

Reread = Callable[[str, bytes], tuple[PortLiteral, ...]]


def _nothing(_path: str, _data: bytes) -> tuple[PortLiteral, ...]:
    return ()


@dataclass(frozen=True)
class Check:
    """One look at a repository. `reader` finds the literals of a file; `only` limits the files beside the compose files.

    Where only findings about some files are wanted, `about` are those: the others need not be complete.
    """

    world: World
    registry: Registry
    rules: Mapping[str, FindingRule]
    reader: Reread = _nothing
    only: frozenset[str] | None = None
    about: frozenset[str] | None = None
    _known: dict[tuple[str, bytes], tuple[PortLiteral, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def system(self) -> System:
        """The compose files as one graph."""
        return System(self.world, projects(self.world), self.registry)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call that is known."""
        return tuple(self._calls.all())

    @cached_property
    def _calls(self) -> Calls:
        return Calls(self.system, self.lore, self.literals, self._files)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """The calls that cannot work."""
        listening = Listening(self.system, self.lore)
        faults = Faults(self.system, self.lore, listening)
        if self.about is None:
            return tuple(faults.of(self.calls))
        concern = Concern(self.system, listening, self.about)
        near = tuple(self._calls.all(concern.touches))
        places = {fault.call.place for fault in faults.of(near)}
        # What is said of a place is said once, of the first that calls there: whoever else does may come before.
        there = self._calls.all(lambda _member, address: address.port_at in places) if places else ()
        return tuple(faults.of(tuple(there)))

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        """What is published twice."""
        return tuple(clashes(self.system))

    def literals(self, path: str) -> tuple[PortLiteral, ...]:
        """The literals of a file; none where no known host stands before a port, which is quicker seen than read."""
        return self._read(path) if self.world.holds(path, self._addressed) else ()

    @cached_property
    def _addressed(self) -> bytes:
        """A host that anybody knows, with a port behind it: colons are rarer than letters, so that they are sought first."""
        known = {*self.system.by_name, *self.registry.by_host, *self.lore.loopback, *self.lore.gateways}
        names = [re.escape(name.encode()) for name in sorted(known)]
        return rb":(?=\d\d)(?:%s)" % b"|".join(rb"(?<=(?i:%s)%s)" % (name, end) for name in names for end in (b":", rb"\]:"))

    def _read(self, path: str) -> tuple[PortLiteral, ...]:
        data = self.world.data(path) or b""
        if (path, data) not in self._known:
            self._known[path, data] = self.reader(path, data)
        return self._known[path, data]

    @cached_property
    def _files(self) -> tuple[str, ...]:
        """The files that may be read beside the compose files."""
        return self.world.ordered if self.only is None else tuple(sorted(self.world.paths & self.only))

    def findings(self) -> tuple[Finding, ...]:
        """All findings, each with the fix that is proposed for it and not verified yet."""
        taken = map(self._of_occupied, occupied(self.system, self._read))
        found = (*map(self._of_fault, self.faults), *map(self._of_clash, self.clashes), *taken)
        return tuple(sorted(filter(None, (*found, *self._of_gaps(), *self._networks())), key=position))

    @cached_property
    def lore(self) -> Lore:
        """What is known of names and images."""
        return lore()

    @cached_property
    def _fixes(self) -> Fixes:
        return Fixes(self.world, self.lore)

    def _of_fault(self, fault: Fault) -> Finding | None:
        call, target = fault.call, fault.target
        fix = self._fixes.of_fault(fault)
        values: dict[str, object] = {
            "caller": call.caller.name,
            "host": call.address.host,
            "port": call.address.port,
            "target": target.name,
            "where": fault.where,
            "how": call.how,
            "remedy": fix.title if fix else fault.remedy.by_hand or self._by_hand(fault),
        }
        return self._finding(fault.code, call.place, values, fault.related, target.entry, call.address.port, fix)

    def _by_hand(self, fault: Fault) -> str:
        """What a person is to write where no edit can be made."""
        remedy, address = fault.remedy, fault.call.address
        called = f"Call `{remedy.host or address.host}:{remedy.port or address.port}`"
        if not remedy.gateway:
            return called
        entry = f"{self.lore.gateways[0]}:{self.lore.gateway_address}"
        return f"{called}, and list `{entry}` under `extra_hosts` of `{fault.call.caller.name}`"

    def _of_clash(self, clash: Clash) -> Finding | None:
        wrong, right = clash.wrong, clash.right
        fix = self._fixes.of_clash(clash)
        entry = self.system.registered(wrong.member)
        holder = right.member.name if right else clash.native.name if clash.native else ""
        project = right.member.project.name if right else ""
        values: dict[str, object] = {
            "compose": wrong.member.name,
            "takes": "publishes",
            "address": wrong.mapped.address or "every address",
            "port": wrong.port,
            "protocol": wrong.mapped.protocol,
            "holder": holder,
            "where": self._beside(clash, project),
            "remedy": fix.title if fix else f"Give `{wrong.member.name}` a port of its own, or profiles that never meet",
        }
        related = ((f"`{holder}` publishes it here", right.spot),) if right and right.spot else ()
        return self._finding("PS203", wrong.spot, values, related, entry, wrong.port, fix)

    def _of_occupied(self, pair: Occupied) -> Finding | None:
        """A script on the host and a container: the one to which the registry does not give the port is wrong."""
        process, each = pair.process, pair.publication
        script = f"the script `{process.script}` of `{process.entry.name}`"
        values: dict[str, object] = {
            "compose": process.entry.name if pair.settled else each.member.name,
            "takes": f"listens, by its script `{process.script}`," if pair.settled else "publishes",
            "address": "every address",
            "port": process.port,
            "protocol": "tcp",
            "holder": each.member.name,
            "where": "" if pair.settled else f", which is what {script} takes",
            "remedy": f"Give {script} the port of the registry, {process.entry.port}",
        }
        if not pair.settled:
            values["holder"] = process.entry.name
            values["remedy"] = f"Give `{each.member.name}` a port of its own"
        spot, other = (process.spot, each.spot) if pair.settled else (each.spot, process.spot)
        entry = process.entry if pair.settled else self.system.registered(each.member)
        related = (("the other one is here", other),) if other else ()
        return self._finding("PS203", spot, values, related, entry, process.port)

    def _beside(self, clash: Clash, project: str) -> str:
        if clash.native is not None:
            return ", which the registry has on the host itself"
        return f" of the project `{project}`" if project != clash.wrong.member.project.name else ""

    @cached_property
    def _of_registry(self) -> bool:
        """Whether findings are wanted that are about the registry alone."""
        return self.about is None or self.registry.path in self.about

    def _of_gaps(self) -> Iterator[Finding | None]:
        for gap in gaps(self.system, absent=self._of_registry):
            if gap.spot is None and self.registry.path not in self.world:
                continue  # a registry that serves several repositories says more than one of them holds
            if gap.spot is not None:
                yield self._finding(gap.code, gap.spot, gap.values, gap.related, gap.entry)
            elif gap.entry is not None:
                entry = gap.entry
                related = tuple(self._related(gap.related))
                breach = Breach(gap.code, entry.at(gap.key), gap.values, entry.port, entry.name, entry.variable, related=related)
                yield self.rules[gap.code].finding(self.registry.path, breach)

    def _networks(self) -> Iterator[Finding]:
        """PS109, which needs to know the networks that there are."""
        if self._of_registry and self.system.members and self.registry.path in self.world:
            known = {
                name for project in self.system.projects for net in project.networks.values() for name in (net.key, net.name)
            }
            yield from (
                self.rules["PS109"].finding(self.registry.path, breach) for breach in unknown_network(self.registry, known)
            )

    def _finding(
        self,
        code: str,
        spot: Spot | None,
        values: Mapping[str, object],
        related: Sequence[tuple[str, Spot]],
        entry: Registered | None = None,
        port: int | None = None,
        fix: Fix | None = None,
    ) -> Finding | None:
        location = self.location(spot) if spot else None
        if spot is None or location is None:
            return None
        name, variable = (entry.name, entry.variable) if entry else (None, None)
        breach = Breach(code, location, values, port, name, variable, related=tuple(self._related(related)))
        return replace(self.rules[code].finding(spot.path, breach), fix=fix)

    def location(self, spot: Spot | None) -> Location | None:
        """The lines and columns of a place."""
        source = self.world.source(spot.path) if spot else None
        return source.location(spot.start, spot.end) if source and spot else None

    def _related(self, found: Iterable[tuple[str, Spot]]) -> Iterator[Related]:
        for message, spot in found:
            location = self.location(Spot(spot.path, spot.start, min(spot.end, self._first_line(spot))))
            if location is not None:
                yield Related(message, spot.path, location)

    def _first_line(self, spot: Spot) -> int:
        """Where the first line of a place ends: nobody wants to be shown a whole service."""
        text = self.world.text(spot.path) or ""
        end = text.find("\n", spot.start)
        return end if end >= 0 else spot.end
