"""Whom the name of a variable or of a host speaks of, where that is not who has the number.

`FRONTEND_PORT=8080` is the port of `frontend`, whoever else has 8080, and `firepit:4317` is a port of `firepit`: a number may
be the same by chance, a name is not. The beginning of a service's name is not that service's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from portscan.evidence import last, said_words
from portscan.evidence.hosts import bare_host, in_cluster, is_elsewhere, is_here
from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Registry, Service

OF_PORT = compiled(
    r"(?=[A-Z0-9]+(?:_[A-Z0-9]+)*\Z)(?P<whose>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*?)_PORT(?:_[A-Z0-9]+)*"
)  # a variable that holds a port, by its name
# Words in names that say nothing about whose they are: how a port is reached, and what its owner is a kind of.
HOW = """
    port ports url uri host hosts hostname addr address endpoint base default internal external public private http https
    listen listener bind vite next react env local remote dev development prod test target published container expose exposed
    origin origins p the of my your main user custom grpc rest tcp udp ws wss websocket ssl tls metrics health healthcheck
    probe status admin management debug debugger inspect
"""
KINDS = "server service app application api node ui web site db database"
NOBODYS = frozenset((*HOW.split(), *KINDS.split()))
# What stands where a host is to be filled in.
PART = compiled(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
ANY_HOST = compiled(r"(?:your|my|some)?[-_.]?(?:host(?:name)?|server|ip|domain)(?:[-_](?:name|ip|address))?")


@dataclass(frozen=True, slots=True)
class Outsider:
    """Who is spoken of: `service` where the registry knows them, `variable` where one holds their port.

    `holders` are those who have the number all the same.
    """

    name: str
    variable: str | None = None
    service: Service | None = None
    holders: tuple[Endpoint, ...] = ()


@dataclass(frozen=True)
class Called:
    """Knows of which services a name speaks, without asking each of them."""

    registry: Registry

    def by(self, name: str) -> list[Service]:
        """The services that the name of a variable speaks of, in their order."""
        near = {at for word in (*said_words(name).split("_"), *words(name)) for at in self._by_word.get(word, ())}
        return [service for at in sorted(near) if speaks_of(name, service := self.registry.services[at])]

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[int]]:
        """The places of services, by the words without one of which no name speaks of them."""
        found: dict[str, list[int]] = {}
        for at, service in enumerate(self.registry.services):
            hosts = (word for host in service.hosts for word in said_words(host).split("_"))
            for word in {*hosts, *(word for own in _own(service) for word in own), *_protocols(service)}:
                found.setdefault(word, []).append(at)
        return found


@dataclass(frozen=True)
class Outsiders:
    """Finds the outsiders by a registry."""

    registry: Registry

    def of(self, literal: PortLiteral, holders: Sequence[Endpoint], owner: Service | None) -> Outsider | None:
        """Who is spoken of but those who have the number; `owner` is the service whose entry or file it stands in."""
        host = bare_host(literal.host)
        services = [self.registry.by_name[endpoint.service] for endpoint in holders]
        if is_elsewhere(host) and not ANY_HOST.fullmatch(host):
            name = (literal.host or "").strip("[].")
            return Outsider(in_cluster(host) or name, None, None, tuple(holders))
        if owner in services or any(speaks_of(name, each) for name in names(literal) for each in services):
            return None
        return next((self._named(name, holders, owner) for name in names(literal) if holds_a_port(name)), None)

    def _named(self, variable: str, holders: Sequence[Endpoint], owner: Service | None) -> Outsider:
        """Of those whom a variable may speak of it is the one in whose entry it stands, else the longest name."""
        fitting = self._called.by(variable)
        service = owner if owner in fitting else max(fitting, key=lambda service: len(service.name), default=None)
        match = OF_PORT.fullmatch(variable)
        assert match is not None
        name = service.name if service else _bare(match["whose"])
        return Outsider(name, variable, service, tuple(holders))

    @cached_property
    def _called(self) -> Called:
        return Called(self.registry)


def names(literal: PortLiteral) -> tuple[str, ...]:
    """What a number is called: the variables that are looked up, else what it is assigned to."""
    return literal.variables or ((last(literal.name),) if literal.kind == "named" and literal.name else ())


def _bare(whose: str) -> str:
    """The name in a variable, without what says how it is reached: `WAHA_INTERNAL` is `waha`."""
    parts, common = whose.lower().split("_"), HOW.split()
    while parts[-1] in common and len(parts) > 1:
        parts.pop()
    while parts[0] in common and len(parts) > 1:
        parts.pop(0)
    return "-".join(parts)


def holds_a_port(name: str) -> bool:
    """Whether the name of a variable says that it is the port of somebody."""
    match = OF_PORT.fullmatch(name)
    return match is not None and bool(words(match["whose"]))


def strange(literal: PortLiteral, service: Service, called: Called) -> str | None:
    """The name under which a number stands, if that is not the service's.

    An address on this machine may have any name but that of another service.
    """
    here = literal.host is not None and is_here(bare_host(literal.host))
    given = (name for name in names(literal) if words(name) and not speaks_of(name, service))
    return next((name for name in given if not here or holds_a_port(name) or called.by(name)), None)


def speaks_of(name: str, service: Service) -> bool:
    """Whether the name of a variable is made of the whole name of a service, or of what it speaks."""
    said, spoken = f"_{said_words(name)}_", words(name)
    if any(f"_{said_words(each)}_" in said for each in service.hosts):
        return True
    return any(own <= spoken for own in _own(service)) or not spoken.isdisjoint(_protocols(service))


def _own(service: Service) -> list[frozenset[str]]:
    """The words of each of the names that a service goes by."""
    called = (service.name, service.compose_service or "", *service.aliases, *(e.variable for e in service.endpoints))
    return [own for own in map(words, called) if own]


def _protocols(service: Service) -> frozenset[str]:
    """What a service speaks, where that says whose a name is."""
    return frozenset((endpoint.protocol or "").partition("/")[0].lower() for endpoint in service.endpoints) - NOBODYS


@lru_cache(maxsize=4096)
def words(name: str) -> frozenset[str]:
    """The words of an identifier that say whose it is."""
    return frozenset(part.lower() for part in PART.findall(name)) - NOBODYS
