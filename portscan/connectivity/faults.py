"""What is wrong with a call: localhost inside a container, no shared network, a wrong port, a host that nobody answers for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from portscan.connectivity.calls import Call
from portscan.connectivity.code import Code
from portscan.connectivity.listening import Listening
from portscan.connectivity.lore import Lore
from portscan.connectivity.system import Member, System
from portscan.connectivity.targets import Target, Targets
from portscan.connectivity.traced import Spot
from portscan.records import dataclass

OPEN_MODES = ("", "service", "container")


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to write instead: another host, another port; `gateway` asks for the machine's name under `extra_hosts`.

    `by_hand` is said where nothing can be written for the user.
    """

    host: str = ""
    port: int | None = None
    gateway: bool = False
    by_hand: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A call that cannot work. `where` ends the sentence about the target, `related` are the further links of the chain."""

    code: str
    call: Call
    target: Target
    remedy: Remedy
    where: str = ""
    related: tuple[tuple[str, Spot], ...] = ()


@dataclass(frozen=True)
class Faults:
    """Judges the calls of a system."""

    system: System
    lore: Lore
    listening: Listening

    def of(self, calls: Sequence[Call]) -> Iterator[Fault]:
        """The faults, each once: at a place that several projects read it must be one in all of them."""
        judged = [(call, self._fault(call)) for call in calls if call.place is not None]
        fine = {(call.place, call.caller.source) for call, fault in judged if fault is None}
        seen: set[tuple[str, Spot | None]] = set()
        for call, fault in judged:
            key = ("" if fault is None else fault.code, call.place)
            if fault is not None and (call.place, call.caller.source) not in fine and key not in seen:
                seen.add(key)
                yield fault

    def _fault(self, call: Call) -> Fault | None:
        caller, host = call.caller, call.address.host
        if caller.service.mode.partition(":")[0] not in OPEN_MODES or self.system.keeper(caller) is None:
            return None
        if call.own:
            return self._wrong_port(call, (caller,))
        if host in self.lore.loopback:
            return self._loopback(call)
        if host in caller.service.said.extra_hosts:
            return None
        if host in self.lore.gateways:
            return self._gateway(call)
        reached = self.system.reached(caller, host)
        return self._wrong_port(call, reached) if reached else self._unreached(call)

    # PS201

    def _loopback(self, call: Call) -> Fault | None:
        """The container itself, where it does not listen on that port and another one is known to."""
        caller, port = call.caller, call.address.port
        if port in self.listening.possible(caller) or self._meant_for_others(call):
            return None
        target = self.targets.at_loopback(call)
        if target is None or not self._speaks_of(call, target) or not self._certain(call):
            return None
        return Fault("PS201", call, target, self._remedy(call, target), self._where(call, target), self._chain(call, target))

    def _meant_for_others(self, call: Call) -> bool:
        """Whether the address is for a browser, or for whoever works in the container."""
        if self.lore.workbench(call.caller.service.said.path) or self.lore.meant_for_others(call.address.name):
            return True
        if call.settled or call.address.scheme in self.lore.server_schemes:
            return False
        return self.lore.page(call.caller.name) or self._code.page(call.caller.service)

    def _speaks_of(self, call: Call, target: Target) -> bool:
        """Whether an address without a scheme is about the target: what holds it is called like it."""
        if call.address.scheme in ("http", "https", "ws", "wss", *self.lore.server_schemes):
            return True
        words = {word for word in re.split(r"[^a-z0-9]+", call.address.name.lower()) if len(word) > 2}
        return bool(words & set(re.split(r"[^a-z0-9]+", f"{target.name} {target.host}".lower())))

    def _certain(self, call: Call) -> bool:
        """Whether the process reads the value: what an env file gives to everybody may be meant for another."""
        if call.literal is not None or call.settled or call.address.name in call.caller.service.said.environment:
            return True
        return bool(call.address.name) and self._code.reads(call.caller.service, call.address.name)

    # PS206

    def _gateway(self, call: Call) -> Fault | None:
        """The machine, under a name that only Docker Desktop knows unless it is declared."""
        target = self.targets.native(call.address.port)
        if target is None or not self._certain(call):
            return None
        remedy = Remedy(call.address.host, gateway=True)
        return Fault("PS206", call, target, remedy, f"which `{call.caller.name}` does not declare", self._chain(call, target))

    def _unreached(self, call: Call) -> Fault | None:
        """A name that nobody answers to in the container's networks."""
        target = self.targets.elsewhere(call) if self._certain(call) else None
        if target is None:
            return None
        if target.native:
            where = "a name that no container has"
            return Fault("PS206", call, target, self._remedy(call, target), where, self._chain(call, target))
        mine = ", ".join(f"`{name}`" for name in sorted(self.system.networks(call.caller))) or "none"
        theirs = tuple(sorted(self.system.networks(target.member))) if target.member else ()
        remedy = Remedy(by_hand=_joining(call.caller, theirs))
        where = f"it is on {mine}, `{target.name}` on {', '.join(f'`{name}`' for name in theirs) or 'none'}"
        return Fault("PS202", call, target, remedy, where, self._chain(call, target))

    # PS204, PS205

    def _wrong_port(self, call: Call, reached: Sequence[Member]) -> Fault | None:
        """The host is right, and listens on other ports."""
        port = call.address.port
        if port in self.listening.anywhere(tuple(reached)):
            return None
        telling = self.system.kept(("telling", tuple(reached), port), lambda: self._telling(reached, port))
        if telling is None or not self._certain(call):
            return None
        member, inside = telling
        target = self.targets.of(member)
        if inside is None:
            return self._closed(call, member, target)
        remedy = Remedy(port=inside)
        return Fault("PS205", call, target, remedy, f"its container listens on {inside}", self._chain(call, target))

    def _telling(self, reached: Sequence[Member], port: int) -> tuple[Member, int | None] | None:
        """The first that is known to listen on nothing but other ports, with that behind the port of the host if it is that."""
        for member in reached:
            inside = self.targets.behind(member, port)
            if inside is not None or self.listening.closed(member):
                return member, inside
        return None

    def _closed(self, call: Call, member: Member, target: Target) -> Fault:
        ports = sorted(self.listening.certain(member))
        listed = " and ".join(map(str, ports))
        image = self.listening.image(member.service)
        main = ports[0] if len(ports) == 1 else image.ports[0] if image and image.closed else None
        remedy = Remedy(port=main) if main else Remedy(by_hand=f"Write the one of {listed} that is meant")
        return Fault("PS204", call, target, remedy, listed, self._chain(call, target))

    # What they share

    @cached_property
    def targets(self) -> Targets:
        """Who is meant."""
        return Targets(self.system, self.lore, self.listening)

    @cached_property
    def _code(self) -> Code:
        return Code(self.system.world, self.lore)

    def _remedy(self, call: Call, target: Target) -> Remedy:
        if target.native:
            host = self.lore.gateways[0]
            return Remedy(host, target.published, gateway=host not in call.caller.service.said.extra_hosts)
        if not self._shared(call, target):
            networks = tuple(sorted(self.system.networks(target.member))) if target.member else target.networks
            after = f", then write `{target.host}:{target.inside}`"
            return Remedy(by_hand=f"{_joining(call.caller, networks)}{after}")
        return Remedy(target.host, target.inside)

    def _where(self, call: Call, target: Target) -> str:
        if target.native:
            return f"which runs on the host: `{self.lore.gateways[0]}:{target.published}`"
        networks = self._shared(call, target)
        if not networks:
            return "with which it shares no network"
        source = "" if target.member else " by the registry"
        return f"reachable as `{target.host}:{target.inside}` on `{networks[0]}`{source}"

    def _shared(self, call: Call, target: Target) -> tuple[str, ...]:
        """The networks in which the two meet, by the compose files or by what the registry plans."""
        if target.member is not None:
            return self.system.shared(call.caller, target.member)
        joined = {*self.system.networks(call.caller), *call.caller.service.networks}
        return tuple(name for name in target.networks if name in joined)

    def _chain(self, call: Call, target: Target) -> tuple[tuple[str, Spot], ...]:
        """The container that calls, and what tells who is called."""
        return ((f"`{call.caller.name}` runs in a container", call.caller.service.said.key), *target.evidence)


def _joining(caller: Member, networks: tuple[str, ...]) -> str:
    if not networks:
        return f"Let `{caller.name}` share a network with it"
    return f"Add `{networks[0]}` to the networks of `{caller.name}`"
