"""The registry as the rest of the tool sees it: immutable, with every look-up made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal

from portscan.expressions import compiled
from portscan.model import Location
from portscan.records import dataclass, field
from portscan.registry.lookups import made

Status = Literal["planned", "active", "deprecated"]
Transport = Literal["tcp", "udp"]

NOWHERE: Final = Location(1, 1, 1, 1)
OTHER: Final = compiled(r"[^A-Za-z0-9]+")


def variable_name(*names: str) -> str:
    """The variable that carries a port: `docs-hub` gives DOCS_HUB_PORT, `rabbitmq`, `management` RABBITMQ_MANAGEMENT_PORT."""
    return OTHER.sub("_", "_".join((*names, "port"))).upper()


@dataclass(frozen=True, slots=True)
class Range:
    """The ports from `first` to `last`, both included, that are reserved for a stack."""

    name: str
    first: int
    last: int
    location: Location = NOWHERE

    def __contains__(self, port: int) -> bool:
        return self.first <= port <= self.last

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def overlaps(self, other: Range) -> bool:
        """Whether some port belongs to both ranges."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One port of a service. `name` is none for the main one; `location` is that of its `port` key.

    What is not `published` is reached by other containers only, at the same number that is then its `port`.
    """

    service: str
    name: str | None
    port: int
    container_port: int
    variable: str
    protocol: str | None = None
    location: Location = NOWHERE
    published: bool = True

    @property
    def transport(self) -> Transport:
        """UDP where the protocol says so, TCP otherwise; ports of different transports do not collide."""
        return "udp" if (self.protocol or "").lower().rpartition("/")[2] == "udp" else "tcp"


@dataclass(frozen=True, slots=True)
class Previous:
    """A port that a service had before; `until` is the last day on which files may still use it.

    `name` is that of the endpoint which has another one since: none for the main one.
    """

    service: str
    port: int
    until: date
    location: Location = NOWHERE
    name: str | None = None

    @property
    def end(self) -> date:
        """The day on which it is given up: the first on which no file may use it."""
        return self.until + timedelta(days=1) if self.until < date.max else self.until


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """The path to ask for, and the HTTP status of a healthy answer."""

    endpoint: str
    expected: int = 200


@dataclass(frozen=True, slots=True)
class Governance:
    """Who approves changes of the registry, and where that was decided."""

    approvers: tuple[str, ...] = ()
    adr: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of the registry. `endpoints` holds the main port first, then the further ones in the order of the file.

    `container` is none where the registry does not say. `replacement` is none where it is not given and "" where the
    registry says that there is none. `location` is the entry's first key, `places` has the other keys, by dotted path.
    """

    name: str
    stack: str | None
    endpoints: tuple[Endpoint, ...]
    host: str | None = None
    aliases: tuple[str, ...] = ()
    compose_service: str | None = None
    paths: tuple[str, ...] = ()
    owner: str | None = None
    description: str | None = None
    notes: str | None = None
    container: bool | None = None
    external: bool = False
    exposure: str | None = None
    gateway_path: str | None = None
    networks: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    alternative_to: str | None = None
    healthcheck: Healthcheck | None = None
    status: Status = "active"
    replacement: str | None = None
    previous: tuple[Previous, ...] = ()  # of all its endpoints
    location: Location = NOWHERE
    places: tuple[tuple[str, Location], ...] = field(default=(), repr=False)

    @property
    def main(self) -> Endpoint:
        """The endpoint of the service's own `port`."""
        return self.endpoints[0]

    @property
    def port(self) -> int:
        """The published port."""
        return self.main.port

    @property
    def container_port(self) -> int:
        """The port in the container: the published one where nothing else is said."""
        return self.main.container_port

    @property
    def variable(self) -> str:
        """The environment variable of the main port."""
        return self.main.variable

    @property
    def protocol(self) -> str | None:
        """What is spoken at the main port."""
        return self.main.protocol

    @property
    def deprecated(self) -> bool:
        """Whether the service is about to go."""
        return self.status == "deprecated"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host name of the service in lower case, its own first."""
        names = (self.name, self.compose_service, self.host, *self.aliases)
        return tuple(dict.fromkeys(name.lower() for name in names if name))

    def endpoint(self, name: str | None) -> Endpoint | None:
        """The endpoint of that name."""
        return next((endpoint for endpoint in self.endpoints if endpoint.name == name), None)

    def at(self, *keys: str) -> Location:
        """The place of the first of `keys` that is written; "depends_on.0" and "ports.management.port" are keys, too.

        The entry's own place where none of them is written.
        """
        places = dict(self.places)
        return next((places[key] for key in keys if key in places), self.location)


@dataclass(frozen=True, slots=True)
class Registry:
    """All services, ranges and reserved ports, with look-ups that list several owners in the order of the file.

    `by_port` has what is published. `by_host` gives the service that has the best claim to a host name (its own name before its
    compose service, that before host and aliases); `sharing_host` all that answer to it. Where names or variables are repeated,
    which is an error of its own, the first one is found.
    """

    path: str
    version: str
    services: tuple[Service, ...]
    last_updated: date | None = None
    ranges: tuple[Range, ...] = ()
    reserved: tuple[Range, ...] = ()
    governance: Governance = Governance()
    by_name: Mapping[str, Service] = field(init=False, repr=False, compare=False)
    by_variable: Mapping[str, Endpoint] = field(init=False, repr=False, compare=False)
    by_port: Mapping[int, tuple[Endpoint, ...]] = field(init=False, repr=False, compare=False)
    by_container_port: Mapping[int, tuple[Endpoint, ...]] = field(init=False, repr=False, compare=False)
    by_previous_port: Mapping[int, tuple[Previous, ...]] = field(init=False, repr=False, compare=False)
    by_host: Mapping[str, Service] = field(init=False, repr=False, compare=False)
    sharing_host: Mapping[str, tuple[Service, ...]] = field(init=False, repr=False, compare=False)
    by_stack: Mapping[str, Range] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, value in made(self):
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        # Mapping proxies cannot be pickled, and are quicker made again than sent to another process.
        return Registry, (self.path, self.version, self.services, self.last_updated, self.ranges, self.reserved, self.governance)

    @property
    def endpoints(self) -> Iterator[Endpoint]:
        """Every endpoint of every service, in the order of the file."""
        return (endpoint for service in self.services for endpoint in service.endpoints)

    def endpoint_of(self, old: Previous) -> Endpoint:
        """The port that has another number since."""
        return next(endpoint for endpoint in self.by_name[old.service].endpoints if endpoint.name == old.name)

    @property
    def own(self) -> Iterator[Endpoint]:
        """The endpoints that are published on our own hosts: a port of those belongs to one of them only."""
        return (e for service in self.services if not service.external for e in service.endpoints if e.published)

    @property
    def stacks(self) -> tuple[str, ...]:
        """The stacks that have a range; without ranges those that services name."""
        return tuple(self.by_stack) or self.named_stacks

    @property
    def named_stacks(self) -> tuple[str, ...]:
        """The stacks that services name."""
        return tuple(dict.fromkeys(each.stack for each in self.services if each.stack))

    def ended(self, today: date) -> date | None:
        """The day on which the last transition window closed: what is said of former ports changes with it, not every day."""
        return max((old.until for service in self.services for old in service.previous if old.until < today), default=None)
