"""What is published twice: two services that ask for one port of the machine, and can run at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from portscan.connectivity.bounds import COMPARED
from portscan.connectivity.loading import DEFAULT
from portscan.connectivity.model import EVERYWHERE, Mapped, Project
from portscan.connectivity.system import Member, System
from portscan.connectivity.traced import Spot
from portscan.records import dataclass
from portscan.registry.model import Endpoint
from portscan.registry.model import Service as Registered

LARGEST_COMMON = 0.5


@dataclass(frozen=True, slots=True)
class Publication:
    """A port of the machine that a service asks for. `spot` is where the number is written, `item` the whole entry."""

    member: Member
    mapped: Mapped
    port: int

    @property
    def spot(self) -> Spot | None:
        """Where to point at."""
        return self.mapped.outside.whole() or self.mapped.item


@dataclass(frozen=True, slots=True)
class Clash:
    """Two that cannot both be there: `wrong` is the one that should move, as far as that is known, `right` stays.

    `endpoint` is the port that the registry has for the wrong one, `native` a service on the host that has this one.
    """

    wrong: Publication
    right: Publication | None
    endpoint: Endpoint | None
    native: Registered | None = None


def clashes(system: System) -> Iterator[Clash]:
    """Every clash, once for each place."""
    by_port: dict[tuple[int, str], list[Publication]] = {}
    for each in publications(system):
        by_port.setdefault((each.port, each.mapped.protocol), []).append(each)
    seen: set[object] = set()
    for (port, protocol), those in sorted(by_port.items(), key=lambda pair: pair[0]):
        pairs = _compared(system, those)
        found = (clash for one, other in pairs if (clash := _between(system, one, other)))
        for clash in (*found, *_with_natives(system, port, protocol, those)):
            key = clash.wrong.spot
            if key not in seen:
                seen.add(key)
                yield clash


def _compared(system: System, those: Sequence[Publication]) -> Iterator[tuple[Publication, Publication]]:
    """Every two of them, as far as there is room to compare so many."""
    for index, one in enumerate(those):
        rest = those[index + 1 :]
        if rest and not system.world.budget.allows(COMPARED, len(rest), one.member.service.said.path):
            return
        yield from ((one, other) for other in rest)


def publications(system: System) -> Iterator[Publication]:
    """Every port of the machine that is certain to be asked for."""
    for member in system.members:
        if member.service.mode in ("host", "none") or member.service.mode.startswith("container:"):
            continue
        for mapped in member.service.ports:
            if mapped.fixed is not None:
                yield Publication(member, mapped, mapped.fixed)


def _between(system: System, one: Publication, other: Publication) -> Clash | None:
    if one.member is other.member and one.mapped.target == other.mapped.target:
        return None  # said twice, and done once
    if not (_addresses_meet(one.mapped.address, other.mapped.address) and _at_once(system, one.member, other.member)):
        return None
    ours, theirs = _endpoint(system, one), _endpoint(system, other)
    rights = [endpoint is not None and endpoint.port == one.port for endpoint in (ours, theirs)]
    first_moves = rights[1] if rights[0] != rights[1] else _later(other, one)
    wrong, right, endpoint = (one, other, ours) if first_moves else (other, one, theirs)
    return Clash(wrong, right, endpoint if endpoint is not None and endpoint.port != wrong.port else None)


def _later(one: Publication, other: Publication) -> bool:
    """Whether the other one is written further down, or in a later file."""
    return (other.mapped.item or Spot("", 0, 0)) > (one.mapped.item or Spot("", 0, 0))


def _addresses_meet(one: str, other: str) -> bool:
    """Whether two addresses of the machine can be the same: all of a family includes each of it."""
    if one == other:
        return True
    all_one, all_other = one in EVERYWHERE, other in EVERYWHERE
    six = {":" in address for address in (one, other) if address not in ("", "*")}
    return (all_one or all_other) and len(six) < 2


def _endpoint(system: System, publication: Publication) -> Endpoint | None:
    """What the registry says about this very port of the service: by its number in the container, else the only one."""
    entry = system.registered(publication.member)
    if entry is None:
        return None
    inside = [endpoint for endpoint in entry.endpoints if endpoint.container_port == publication.mapped.target]
    published = [endpoint for endpoint in entry.endpoints if endpoint.port == publication.port]
    return next(iter((*published, *inside, *(entry.endpoints if len(entry.endpoints) == 1 else ()))), None)


def _at_once(system: System, one: Member, other: Member) -> bool:
    """Whether two services can run at the same time, and are known to."""
    if one is other:
        return True
    if one.identity == other.identity or one.source == other.source or _exclusive(system, one, other):
        return False
    if one.project is other.project:
        return True
    if one.project.name == other.project.name or _variants(one, other):
        return False
    return _of_one_system(system, one, other)


def _exclusive(system: System, one: Member, other: Member) -> bool:
    """Whether profiles, or the registry, say that only one of two runs."""
    first, second = (frozenset(each.service.said.profiles) for each in (one, other))
    if first and second and not first & second:
        return True
    ours, theirs = system.registered(one), system.registered(other)
    if ours is None or theirs is None:
        return False
    apart = bool(ours.profiles) and bool(theirs.profiles) and not set(ours.profiles) & set(theirs.profiles)
    return apart or ours.name == theirs.name or ours.alternative_to == theirs.name or theirs.alternative_to == ours.name


def _variants(one: Member, other: Member) -> bool:
    """Whether two projects are two ways to start the same things."""
    ours, theirs = frozenset(one.project.services), frozenset(other.project.services)
    if one.name == other.name or len(ours & theirs) >= LARGEST_COMMON * min(len(ours), len(theirs)):
        return True
    return _named_alike(one.project.files[0], other.project.files[0]) and _named_alike(one.name, other.name)


def _named_alike(one: str, other: str) -> bool:
    """Whether one name is the other with something more: `compose.rag.yml` and `compose.rag.gpu.yml`."""
    short, long = sorted((re.sub(r"\.ya?ml$", "", name) for name in (one, other)), key=len)
    return long.startswith(short) and not long[len(short) : len(short) + 1].isalnum()


def _of_one_system(system: System, one: Member, other: Member) -> bool:
    """Whether two projects belong together: both are registered, share a network, or are started by one script."""
    if system.registered(one) and system.registered(other):
        return True
    shared = _declared(one.project) & _declared(other.project)
    return bool(shared or frozenset(one.project.told) & frozenset(other.project.told))


def _declared(project: Project) -> frozenset[str]:
    """The networks that a project declares, by the names that other projects know them by."""
    return frozenset(each.name for each in project.networks.values() if each.key != DEFAULT)


def _with_natives(system: System, port: int, protocol: str, those: Sequence[Publication]) -> Iterator[Clash]:
    """Services that the registry has on the host itself: a container that publishes their port takes it from them."""
    for endpoint in system.registry.by_port.get(port, ()):
        native = system.registry.by_name[endpoint.service]
        if native.container is not False or native.external or endpoint.transport != protocol or system.of_entry(native):
            continue
        for each in those:
            entry = system.registered(each.member)
            if entry is not None and (entry.alternative_to == native.name or native.alternative_to == entry.name):
                continue
            own = _endpoint(system, each)
            yield Clash(each, None, own if own and own.port != port else None, native)
