"""The single pieces of evidence by which endpoints are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from portscan.evidence.hosts import LOOPBACK, bare_host
from portscan.evidence.places import Place
from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.registry.model import Endpoint, Registry, Service

ANY_ADDRESS = frozenset(("*", "0.0.0.0", "::"))  # where a process listens, and nobody calls
# Words in the name of a variable by which a container is told how others reach it, not where it listens.
OUTSIDE = frozenset(("advertised", "exposed", "external", "host", "public", "published"))
SCHEMES = frozenset((80, 443))  # the ports of http and https
HUMP, APART = compiled(r"(?<=[a-z0-9])(?=[A-Z])"), compiled(r"[^a-z0-9]+")
UDP = compiled(r"\d*(?::\d+)?/udp\b", re.IGNORECASE)
# A choice between the ports of http and https: `tls ? 443 : 80`, `80 if plain else 443`, `if tls { 443 } else { 80 }`.
BETWEEN = r"[\s\"'`(){}]*"
BY_SCHEME = compiled(
    "|".join(
        rf"(?:\?{BETWEEN}{one}{BETWEEN}:|(?<!\d){one}(?:{BETWEEN}if\b[^?;]{{0,200}}?)?{BETWEEN}\belse\b){BETWEEN}{other}(?!\d)"
        for one, other in ((443, 80), (80, 443))
    )
)


def with_number(service: Service, port: int) -> Endpoint | None:
    """The endpoint of a service that has a number, on the outside rather than inside."""
    outside = next((e for e in service.endpoints if e.port == port), None)
    return outside or next((e for e in service.endpoints if e.container_port == port), None)


def has(endpoints: Iterable[Endpoint], port: int) -> bool:
    """Whether one of the endpoints has the number, outside or inside."""
    return any(port in (e.port, e.container_port) for e in endpoints)


def of_number(services: Sequence[Service], port: int) -> Service | None:
    """The one of several services that has a number; the only one whatever its number."""
    having = services if len(services) == 1 else [s for s in services if has(s.endpoints, port)]
    return having[0] if len(having) == 1 else None


def at_host(hosts: Sequence[Service], port: int) -> Endpoint | None:
    """The endpoint at a host: the one with the number, or that of the only service there, whatever its number."""
    service = of_number(hosts, port)
    return (with_number(service, port) or service.main) if service else None


def by_partner(compose: Service, other: PortLiteral, registry: Registry) -> Endpoint | None:
    """The endpoint of a compose service that the other half of a mapping tells."""
    if other.side == "container":
        return next((e for e in compose.endpoints if e.container_port == other.port), None)
    variables = (registry.by_variable.get(name) for name in other.variables)
    known = next((e for e in variables if e is not None and e.service == compose.name), None)
    return known or next((e for e in compose.endpoints if e.port == other.port), None)


def anybodys(registry: Registry, port: int) -> bool:
    """Whether somebody has the number, outside or inside, or once had it."""
    return any(port in ports for ports in (registry.by_port, registry.by_container_port, registry.by_previous_port))


def declares(registry: Registry, endpoint: Endpoint) -> bool:
    """Whether the registry says in so many words on which port the container listens."""
    service = registry.by_name[endpoint.service]
    key = "container_port" if endpoint.name is None else f"ports.{endpoint.name}.container_port"
    return any(place == key for place, _ in service.places)


def listens(place: Place) -> bool:
    """Whether an entry of a compose file tells its process where to listen: a mapping of the entry leads to the number there."""
    literal = place.literal
    told = literal.port in place.inside and literal.side is None and literal.kind != "mapping" and place.partner is None
    if not told or literal.host:
        return told and str(literal.host).strip("[]") in ANY_ADDRESS
    return not OUTSIDE & frozenset(said_words(last(literal.name)).split("_"))


def binds(literal: PortLiteral) -> bool:
    """Whether an address of this machine stands before the number: `API_BIND=127.0.0.1:4010`."""
    return bool(literal.host) and (literal.host in ANY_ADDRESS or bare_host(literal.host) in LOOPBACK)


def names_of(services: Iterable[Service | None]) -> frozenset[str]:
    """The names of the services that there are."""
    return frozenset(s.name for s in services if s is not None)


def spoken(found: Sequence[Endpoint], literal: PortLiteral, registry: Registry) -> frozenset[str]:
    """The services whose name what holds the value is called by, the longest name only: `TELEGRAM_DB_URL`."""
    said = f"_{said_words(' '.join((literal.name or '', *literal.variables)))}_"
    lengths = {e.service: _longest(registry.by_name[e.service].hosts, said) for e in found}
    longest = max(lengths.values(), default=0)
    return frozenset(name for name, length in lengths.items() if length and length == longest)


def _longest(names: Iterable[str], said: str) -> int:
    return max((len(name) for name in map(said_words, names) if f"_{name}_" in said), default=0)


def last(name: str | None) -> str:
    """The last part of a key path."""
    return (name or "").rpartition(".")[2]


def of_check(name: str | None) -> bool:
    """Whether a key path leads through a health check."""
    return "healthcheck" in (name or "").lower()


@lru_cache(maxsize=4096)
def said_words(name: str) -> str:
    """The words of a name in any of the usual cases, joined in the same way."""
    return APART.sub("_", HUMP.sub("_", name).lower()).strip("_")


def transported(found: Sequence[Endpoint], place: Place) -> tuple[Endpoint, ...]:
    """Those that go over UDP where the mapping says so, and the others where it does not."""
    if place.literal.kind != "mapping" or len({e.transport for e in found}) < 2:
        return tuple(found)
    text, at = place.passage.text, place.passage.at + len(str(place.literal.port))
    wanted = "udp" if UDP.match(text, at) else "tcp"
    return tuple(e for e in found if e.transport == wanted)


def by_scheme(place: Place) -> bool:
    """Whether a number is one branch of a choice between the ports of http and https."""
    if place.literal.port not in SCHEMES:
        return False
    return any(match.start() <= place.passage.at < match.end() for match in BY_SCHEME.finditer(place.passage.text))


def one_each(endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """The first endpoint of each service."""
    first: dict[str, Endpoint] = {}
    for endpoint in endpoints:
        first.setdefault(endpoint.service, endpoint)
    return tuple(first.values())
