"""Which service is a literal about? The registry is known here, and no syntax.

Evidence is taken in this order: the variable that is looked up or set, the host next to the number, the mapping of a
compose service. Without any, the number decides, unless a name says that it is somebody else's; where several services have
it, what the value is called, the compose service it is written under, and the owner of the file tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

from portscan.config import Config
from portscan.evidence import at_host, by_partner, has, listens, names_of, one_each, spoken, transported, with_number
from portscan.evidence.beside import Named, Speech
from portscan.evidence.hosts import LOOPBACK, bare_host, in_cluster, is_public
from portscan.evidence.outsiders import Outsider, Outsiders
from portscan.evidence.owners import Owners
from portscan.evidence.places import Place
from portscan.evidence.variables import named_by, registered
from portscan.model import PortLiteral
from portscan.records import dataclass, field
from portscan.registry.model import Endpoint, Previous, Registry, Service

MOST_KEPT = 4096  # literals of which is remembered what they tell by themselves: names and numbers repeat themselves
# Languages in which setting a name sets a variable of the environment.
ENVIRONMENTS = frozenset(("env", "shell", "dockerfile", "yaml", "procfile", "makefile", "batch", "powershell"))


# Of what is resolved: its endpoints, variable, presumed, host, inside, mapped, owner, retired, foreign and outsider.
Evidence: TypeAlias = (
    "tuple[tuple[Endpoint, ...], Endpoint | None, bool, Endpoint | None, bool, Endpoint | None, Service | None, "
    "Previous | None, bool, Outsider | None]"
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A literal and what the registry knows of it.

    `endpoints` are the ones it may be about, one for each service. `variable`, `host` and `mapped` are those that evidence
    other than the number points to: the variable that is looked up or set, the host beside the number, the mapping of a
    compose service; `inside` says that only the network of the containers knows the host by that name. `owner` is the
    service in whose compose entry or files the literal stands; `presumed` says that the variable is a generic one which is
    taken for that service's because it owns the file. `named` is the one that prose gives the number to, `pinned` what the
    pins name. `retired` is set for a service's previous port, `foreign` for a public host that nobody claims. An `outsider` is
    whom a host or a variable speaks of in place of those who have the number: these are `endpoints` only of a look-up.
    """

    place: Place
    endpoints: tuple[Endpoint, ...] = ()
    variable: Endpoint | None = None
    presumed: bool = False
    host: Endpoint | None = None
    inside: bool = False
    mapped: Endpoint | None = None
    owner: Service | None = None
    retired: Previous | None = None
    foreign: bool = False
    outsider: Outsider | None = None
    named: Named | None = None
    pinned: tuple[Endpoint, ...] = ()

    @property
    def literal(self) -> PortLiteral:
        """The literal itself."""
        return self.place.literal

    @property
    def listening(self) -> bool:
        """Whether it is the port on which the process of a compose entry listens, as the entry tells it."""
        whose = self.owner.name if self.owner else None
        return listens(self.place) and (self.variable is None or self.variable.service == whose)


@dataclass(frozen=True)
class Resolver:
    """Resolves the literals of one repository against its registry.

    Paths of literals are as users see them; `prefix` leads to them from the top of the repository, where the globs of the
    registry begin.
    """

    registry: Registry
    config: Config
    prefix: str = ""
    _told: dict[object, Evidence] = field(default_factory=dict, compare=False, repr=False)

    def resolve(self, place: Place) -> Resolved:
        """What the registry knows of a literal."""
        literal = place.literal
        named = self._speech.named(place.passage, len(str(literal.port))) if literal.context != "code" else None
        return Resolved(place, *self._evidence(place), named, self._pinned(place))

    def _evidence(self, place: Place) -> Evidence:
        """What a literal tells by itself: without an entry or a mapping around it, the same wherever it stands."""
        literal = place.literal
        compose = self._owners.of_entry(literal)
        owner = compose or self._owners.of_file(literal)
        if literal.owner is not None or literal.kind == "mapping":
            return self._worked_out(place, compose, owner)
        told = (literal.port, literal.host, literal.name, literal.variables, literal.side, literal.kind)
        key = (told, literal.language, literal.context, owner.name if owner else None)
        found = self._told.get(key)
        if found is None:
            if len(self._told) >= MOST_KEPT:
                self._told.clear()
            found = self._told[key] = self._worked_out(place, None, owner)
        return found

    def _worked_out(self, place: Place, compose: Service | None, owner: Service | None) -> Evidence:
        literal = place.literal
        variable = self._variable(literal, owner)
        hosts = self._hosts(literal.host, literal.port)
        host = at_host(hosts, literal.port)
        mapped = self._mapped(place, compose) if compose else None
        claimed = variable or host or mapped
        endpoints = (claimed,) if claimed else self._by_number(place, hosts, owner)
        outsider = None if claimed or hosts else self._outsiders.of(literal, endpoints, owner)
        if outsider is not None and not (literal.bound and outsider.variable):
            endpoints = ()
        return (
            endpoints,
            variable,
            variable is not None and compose is None and not self._known(literal),
            host,
            host is not None and self._inside(literal.host, host),
            mapped,
            owner,
            None if outsider else self._retired(literal, owner, variable, claimed, endpoints),
            self._foreign(literal.host, hosts),
            outsider,
        )

    # The evidence, one piece after the other

    def _variable(self, literal: PortLiteral, owner: Service | None) -> Endpoint | None:
        """The endpoint of the variable that is looked up or set; a generic one stands for the owner's."""
        known = self._known(literal)
        if known or owner is None or literal.context != "code":
            return known
        # A constant of a program may be called PORT and have nothing to do with the environment.
        meant = bool(literal.variables) or (literal.kind == "named" and literal.language in ENVIRONMENTS)
        generic = meant and any(name in self.config.generic_variables for name in named_by(literal))
        return (with_number(owner, literal.port) or owner.main) if generic else None

    def _known(self, literal: PortLiteral) -> Endpoint | None:
        """The endpoint of the nearest registered variable among those that are looked up or set."""
        return registered(literal, self.registry, self.config.generic_variables)

    def _hosts(self, host: str | None, port: int) -> tuple[Service, ...]:
        """The services that answer to a host name: the one whose own name it is, if it has the number, else all of them.

        Compose services of several projects may be called the same, and a machine may be the host of many.
        """
        name = bare_host(host)
        known = self.registry.sharing_host.get(name) or self.registry.sharing_host.get(in_cluster(name), ())
        own = tuple(each for each in known if each.name.lower() in (name, in_cluster(name)) and with_number(each, port))
        return () if name in LOOPBACK else own or known

    def _inside(self, host: str | None, endpoint: Endpoint) -> bool:
        """Whether a host is the name of a service among containers, and not the one by which the world knows it."""
        service = self.registry.by_name[endpoint.service]
        names = {name.lower() for name in (service.name, service.compose_service, *service.aliases) if name}
        return bare_host(host) in names or in_cluster(bare_host(host)) in names

    def _mapped(self, place: Place, compose: Service) -> Endpoint | None:
        """The endpoint that a compose service's mapping is about: the other half tells, else the number."""
        literal, other = place.literal, place.partner
        if literal.side is None and other is None:
            return None
        if other is not None and (found := by_partner(compose, other, self.registry)):
            return found
        found = with_number(compose, literal.port)
        anothers = literal.side == "host" and literal.port in self.registry.by_port
        return found or (compose.main if anothers else None)

    @cached_property
    def _owners(self) -> Owners:
        return Owners(self.registry, self.prefix)

    @cached_property
    def _outsiders(self) -> Outsiders:
        return Outsiders(self.registry)

    @cached_property
    def _speech(self) -> Speech:
        return Speech(self.registry)

    def _by_number(self, place: Place, hosts: Sequence[Service], owner: Service | None) -> tuple[Endpoint, ...]:
        """The endpoints that have the number, narrowed down by whatever else the place tells: one for each service."""
        port, inside = place.literal.port, self.registry.by_container_port.get(place.literal.port, ())
        outside = self.registry.by_port.get(port, ())
        if not (outside or inside):
            return ()
        found = transported((*outside, *(e for e in inside if e not in outside)), place)
        for services in (names_of(hosts), spoken(found, place.literal, self.registry), names_of((owner,))):
            chosen = one_each(e for e in found if e.service in services)
            if len(chosen) == 1:
                return chosen
        pool = inside if place.literal.side == "container" and inside else outside or inside
        return one_each(e for e in found if e in pool)

    def _pinned(self, place: Place) -> tuple[Endpoint, ...]:
        """What the pins name, unless the other numbers on the line are what they are about."""
        if not place.pins:
            return ()
        found = tuple(self.endpoints_of(name) for pin in place.pins for name in pin.services)
        fitting = tuple(endpoints for endpoints in found if endpoints and has(endpoints, place.literal.port))
        idle = tuple(endpoints for endpoints in found if endpoints and not any(has(endpoints, port) for port in place.beside))
        return next(iter(fitting or idle), ())

    def endpoints_of(self, name: str) -> tuple[Endpoint, ...]:
        """What a pin names: a service with all its ports, or by its variable one of them; nothing when it is misspelt."""
        if name in self.registry.by_variable:
            return (self.registry.by_variable[name],)
        service = self.registry.by_name.get(name)
        return service.endpoints if service else ()

    def _retired(
        self,
        literal: PortLiteral,
        owner: Service | None,
        variable: Endpoint | None,
        claimed: Endpoint | None,
        endpoints: tuple[Endpoint, ...],
    ) -> Previous | None:
        """The service that had this number before, if the literal can be about it; a variable is about one of its ports only."""
        known = [p for p in self.registry.by_previous_port.get(literal.port, ()) if not self._still_inside(literal, p)]
        if not known:
            return None
        if claimed:
            ours = [p for p in known if p.service == claimed.service and (variable is None or p.name == variable.name)]
            return ours[0] if ours and literal.port != claimed.port else None
        inside = literal.owner is not None and literal.host is None  # a container may be told of the port in another
        if any(e.port == literal.port or (inside and e.container_port == literal.port) for e in endpoints):
            return None
        ours = [p for p in known if owner and p.service == owner.name]
        return (*ours, *known)[0]

    def _still_inside(self, literal: PortLiteral, old: Previous) -> bool:
        """Whether a mapping leads to a number that a service gave up outside, and that its container still listens on."""
        endpoints = self.registry.by_name[old.service].endpoints
        return literal.side == "container" and any(literal.port == e.container_port for e in endpoints)

    def _foreign(self, host: str | None, hosts: Sequence[Service]) -> bool:
        """A public DNS name that no registry entry claims."""
        return not hosts and is_public(bare_host(host))
