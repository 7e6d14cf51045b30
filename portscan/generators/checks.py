"""What can be asked of a service to see whether it is well: by whom, at which address, and what it should answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from portscan.expressions import compiled
from portscan.generators.addresses import Address, View, address, seen
from portscan.generators.protocols import scheme
from portscan.records import dataclass
from portscan.registry.model import Previous, Registry, Service

Kind: TypeAlias = Literal["http", "https", "redis", "postgres", "amqp", "tcp"]
# How far a check goes: the service's own port, its route through the gateway, or its own port because it has no route.
Way: TypeAlias = Literal["own", "route", "only"]

# Protocols whose servers say something that a program without a library can tell from silence, by scheme.
SPOKEN: Final[dict[str, Kind]] = {"redis": "redis", "postgresql": "postgres", "amqp": "amqp"}
SECURE: Final = frozenset(("https", "wss"))
SAFE_IN_PATH: Final = "/?&=:@!*,;~+-._%"
STRAY_PERCENT: Final = compiled(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Check:
    """A question to one endpoint. `path` and `expected` are of use for HTTP only.

    `via` is where the question goes: the endpoint itself, or the gateway in front of it. `remark` says why a bad answer is
    nobody's fault, and is empty where it is one.
    """

    subject: Address
    via: Address
    kind: Kind
    way: Way
    path: str = ""
    expected: int = 200
    remark: str = ""

    @property
    def service(self) -> Service:
        """The service that is asked after."""
        return self.subject.service

    @property
    def name(self) -> str:
        """The service, and the name of the port where it is a further one."""
        further = self.subject.endpoint.name
        return f"{self.service.name}/{further}" if further else self.service.name

    @property
    def web(self) -> bool:
        """Whether it is a question over HTTP."""
        return self.kind in ("http", "https")

    @property
    def target(self) -> str:
        """The address that is asked, as a URL for HTTP and as `host:port` otherwise."""
        place = f"{bracketed(self.via.host)}:{self.via.port}"
        return f"{self.kind}://{place}{self.path}" if self.web else place


@dataclass(frozen=True, slots=True)
class Unchecked:
    """An endpoint that is not asked, and why."""

    subject: Address
    reason: str


def checks(services: Iterable[Service], gateway: Service | None, view: View) -> Iterator[Check | Unchecked]:
    """What to ask of each endpoint, in the order of the registry; what cannot be asked is there with its reason."""
    for service in services:
        for endpoint in service.endpoints:
            found = address(service, endpoint, view)
            if service.status == "planned":
                yield Unchecked(found, "planned: not there yet")
            elif not seen(endpoint, view):
                yield Unchecked(found, "not published: only other containers reach it")
            elif endpoint.transport == "udp":
                yield Unchecked(found, "UDP: nothing answers to an empty question")
            else:
                yield from _asked(found, gateway, view)


def retired(registry: Registry, services: Iterable[Service]) -> Iterator[Previous]:
    """Ports that our services had before and that nobody has now: after their last day nothing should listen there."""
    for service in services:
        if not service.external:
            yield from (old for old in service.previous if old.port not in registry.by_port)


def bracketed(host: str) -> str:
    """A host as addresses hold it: an address of IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _asked(found: Address, gateway: Service | None, view: View) -> Iterator[Check]:
    service = found.service
    routed = gateway is not None and found.endpoint is service.main and service.gateway_path is not None
    yield _own(found, "own" if routed and service is not gateway else "only")
    if gateway is not None and routed and service is not gateway:
        yield _route(found, address(gateway, gateway.main, view))


def _own(found: Address, way: Way) -> Check:
    service, health = found.service, found.service.healthcheck
    spoken = scheme(found.endpoint) or ""
    if health and found.endpoint is service.main:
        kind: Kind = "https" if spoken in SECURE else "http"
        return Check(found, found, kind, way, in_address(health.endpoint), health.expected, _remark(service))
    return Check(found, found, SPOKEN.get(spoken, "tcp"), way, remark=_remark(service))


def _route(found: Address, gateway: Address) -> Check:
    """The route of a service: below its path at the gateway, its own health endpoint."""
    service, health = found.service, found.service.healthcheck
    below = health.endpoint if health else "/"
    path = in_address(f"{(service.gateway_path or '').rstrip('/')}{below}")
    kind: Kind = "https" if scheme(gateway.endpoint) in SECURE else "http"
    return Check(found, gateway, kind, "route", path, health.expected if health else 200, _remark(service))


def _remark(service: Service) -> str:
    """Why the service may be down without anything being wrong."""
    if service.external:
        return "external"
    if service.deprecated:
        return "deprecated"
    if service.alternative_to:
        return f"in place of {service.alternative_to}"
    return f"profile {', '.join(service.profiles)}" if service.profiles else ""


def in_address(path: str) -> str:
    """A path as addresses hold it: without its fragment, which no server is told, and with odd characters encoded."""
    sent = STRAY_PERCENT.sub("%25", path.partition("#")[0])
    return quote(sent, safe=SAFE_IN_PATH) or "/"
