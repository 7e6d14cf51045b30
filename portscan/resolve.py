"""Which service is a literal about? The registry is known here, and no syntax.

Evidence is taken in this order: the host next to the number, the variable, the compose service it is written under, the
service whose `paths` own the file, and last the number itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from portscan.config import Config
from portscan.directives import Directive
from portscan.model import PortLiteral
from portscan.registry.model import Endpoint, Previous, Registry, Service

LOOPBACK = frozenset(("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]", "::1", "host.docker.internal", "host.containers.internal", "", "*"))
INTERNAL = (".local", ".localhost", ".internal", ".svc", ".cluster.local", ".lan", ".test", ".home", ".intranet", ".docker")
URL_PATH = re.compile(r"(?<=\d)/[^\s|)\]>\"'`]+")
DOMAIN = re.compile(r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z][A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A literal in its file: the text of its line, the pin that speaks of it, the other half of its port mapping."""

    literal: PortLiteral
    line: str = ""
    pin: Directive | None = None
    partner: PortLiteral | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A literal and what the registry knows of it.

    `endpoints` are the ones it may be about; `claimed` is the one that evidence other than the number points to, and
    `owner` the service in whose files or compose entry it stands. `retired` is set for a service's previous port.
    """

    place: Place
    endpoints: tuple[Endpoint, ...] = ()
    claimed: Endpoint | None = None
    owner: Service | None = None
    named: tuple[Service, ...] = ()
    retired: Previous | None = None
    foreign: bool = False

    @property
    def literal(self) -> PortLiteral:
        """The literal itself."""
        return self.place.literal

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the literal is about, None when there is none or more than one."""
        return self.endpoints[0] if len(self.endpoints) == 1 else None


@dataclass(frozen=True)
class Resolver:
    """Resolves the literals of one repository against its registry."""

    registry: Registry
    config: Config
    _owners: dict[str, Service | None] = field(default_factory=dict, compare=False)

    def resolve(self, place: Place) -> Resolved:
        """What the registry knows of a literal."""
        literal = place.literal
        owner = self._compose(literal) or self._file(literal.path)
        claimed = self._claimed(literal, owner, place)
        endpoints = (claimed,) if claimed else self._by_number(literal, owner)
        return Resolved(
            place,
            endpoints,
            claimed,
            owner,
            self._named(place.line) if literal.context != "code" else (),
            self._retired(literal, owner, claimed, endpoints),
            self._foreign(literal.host),
        )

    def _compose(self, literal: PortLiteral) -> Service | None:
        return self.registry.by_host.get(literal.owner.lower()) if literal.owner else None

    def _file(self, path: str) -> Service | None:
        if path not in self._owners:
            self._owners[path] = next((s for matches, s in self._globs if matches(path)), None)
        return self._owners[path]

    @cached_property
    def _globs(self) -> tuple[tuple[Callable[[str], object], Service], ...]:
        return tuple((glob(pattern).fullmatch, service) for service in self.registry.services for pattern in service.paths)

    def _claimed(self, literal: PortLiteral, owner: Service | None, place: Place) -> Endpoint | None:
        by_variable = self._by_variable(literal, owner)
        if by_variable:
            return by_variable
        service = self.registry.by_host.get((literal.host or "").lower())
        if service:
            return nearest(service, literal)
        if literal.owner and literal.kind == "mapping" or (literal.side and owner and literal.owner):
            return self._published(literal, owner, place) if owner else None
        return None

    def _by_variable(self, literal: PortLiteral, owner: Service | None) -> Endpoint | None:
        """The endpoint of the variable that is looked up or assigned; a generic one stands for the owner's."""
        assigned = (literal.name or "").rsplit(".", 1)[-1]
        for name in (*literal.variables, *(() if literal.variables else (assigned,))):
            if name in self.registry.by_variable:
                return self.registry.by_variable[name]
            if name in self.config.generic_variables and owner is not None and _is_variable(name, literal):
                return nearest(owner, literal)
        return None

    def _published(self, literal: PortLiteral, owner: Service, place: Place) -> Endpoint | None:
        """The endpoint that a compose service's mapping is about: by either side, the main one if it can be no other."""
        other = place.partner
        for endpoint in owner.endpoints:
            if literal.side == "host" and other and other.port == endpoint.container_port:
                return endpoint
        return next((e for e in owner.endpoints if literal.port in (e.port, e.container_port)), None)

    def _by_number(self, literal: PortLiteral, owner: Service | None) -> tuple[Endpoint, ...]:
        found = self.registry.by_port.get(literal.port, ())
        inside = literal.side == "container" or not found
        if inside:
            found = self.registry.by_container_port.get(literal.port, found)
        if len(found) > 1:
            found = _narrowed(found, literal, owner)
        return found

    def _retired(
        self, literal: PortLiteral, owner: Service | None, claimed: Endpoint | None, endpoints: tuple[Endpoint, ...]
    ) -> Previous | None:
        known = self.registry.by_previous_port.get(literal.port, ())
        if claimed:
            return next((p for p in known if p.service == claimed.service and literal.port != claimed.port), None)
        if any(e.port == literal.port for e in endpoints):
            return None
        ours = [p for p in known if owner and p.service == owner.name]
        return (ours or list(known) or [None])[0]

    def _foreign(self, host: str | None) -> bool:
        """A public DNS name that no registry entry claims."""
        name = (host or "").lower()
        return bool(DOMAIN.fullmatch(name)) and not name.endswith(INTERNAL) and name not in self.registry.by_host and name not in LOOPBACK

    def _named(self, line: str) -> tuple[Service, ...]:
        """The services that a line of prose speaks of."""
        said = URL_PATH.sub(" ", line)  # what a URL asks for is no word about its port
        return tuple(service for pattern, service in self._spoken if pattern.search(said))

    @cached_property
    def _spoken(self) -> tuple[tuple[re.Pattern[str], Service], ...]:
        return tuple((_spoken_of(service), service) for service in self.registry.services)


def nearest(service: Service, literal: PortLiteral) -> Endpoint:
    """The endpoint of `service` that has the literal's number, else its main one."""
    return next((e for e in service.endpoints if literal.port in (e.port, e.container_port)), service.main)


def _is_variable(name: str, literal: PortLiteral) -> bool:
    """Whether `name` is a variable of the environment here, and not a key that happens to be called so."""
    return name in literal.variables or (name.isupper() and literal.kind == "named")


def _narrowed(found: tuple[Endpoint, ...], literal: PortLiteral, owner: Service | None) -> tuple[Endpoint, ...]:
    """The endpoints that the variable's name, or the owner, allows; all of them when neither tells."""
    words = f"{literal.name or ''} {' '.join(literal.variables)}".upper().replace("-", "_")
    by_name = tuple(e for e in found if e.service.upper().replace("-", "_") in words)
    by_owner = tuple(e for e in found if owner is not None and e.service == owner.name)
    return by_name if len(by_name) == 1 else by_owner or found


def _spoken_of(service: Service) -> re.Pattern[str]:
    names: Iterable[str] = (service.name, *service.aliases, *(e.variable for e in service.endpoints))
    choices = "|".join(re.sub(r"(?:\\-|_|\\ )+", "[-_ ]?", re.escape(name)) for name in names)
    return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])", re.IGNORECASE)


PIECES = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def glob(pattern: str) -> re.Pattern[str]:
    """A pattern of paths: `*` stays within a folder, `**` does not; a folder stands for all that is in it."""
    pieces = re.findall(r"\*\*/|\*\*|[*?]|[^*?]+", pattern.rstrip("/"))
    body = "".join(PIECES.get(piece, re.escape(piece)) for piece in pieces)
    return re.compile(body if pattern.endswith("*") else f"{body}(?:/.*)?", re.DOTALL)


def places(literals: Iterable[PortLiteral], lines: Callable[[int], str], pins: Mapping[int, Directive | None]) -> tuple[Place, ...]:
    """The literals of one file, each with what stands around it."""
    ordered = tuple(literals)
    found = []
    for index, literal in enumerate(ordered):
        following = ordered[index + 1] if index + 1 < len(ordered) else None
        paired = literal.side == "host" and following is not None and following.side == "container"
        beside = paired and following is not None and following.location.line == literal.location.line
        number = literal.location.line
        found.append(Place(literal, literal.said or lines(number), pins.get(number), following if beside else None))
    return tuple(found)
