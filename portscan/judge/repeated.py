"""Numbers that nobody has: what is said of one in code is said of each that is called alike, wherever in its file it stands."""

from __future__ import annotations

from functools import cached_property

from portscan.evidence import last
from portscan.evidence.places import Place
from portscan.judge.literals import Judge
from portscan.model import Finding
from portscan.records import dataclass, field
from portscan.resolve import Resolver

SCHEMES = frozenset((80, 443))  # of these the line tells whether they are the branches of a choice
CHECK = "healthcheck"


@dataclass(frozen=True)
class Repeated:
    """Judges the literals of one file, those of the same kind once.

    Of a number that somebody has, all of its key path and the line around it may tell whose it is; so may the entry or the pin
    that any number stands with, and in prose it is the passage that is judged.
    """

    resolver: Resolver
    judge: Judge
    _said: dict[tuple[object, ...], Finding | None] = field(default_factory=dict, compare=False, repr=False)

    def found(self, place: Place) -> Finding | None:
        """The finding at a place, None where there is none."""
        literal = place.literal
        around = literal.context != "code" or literal.owner is not None or place.pins
        if around or literal.port in self._known:
            return self.judge.judge(self.resolver.resolve(place))
        name = literal.name or ""
        called = last(name), CHECK in name.lower()
        kind = literal.port, literal.host, *called, literal.variables, literal.kind, literal.side, literal.language
        if kind in self._said:
            said = self._said[kind]
            return said.at(literal) if said is not None else None
        said = self._said[kind] = self.judge.judge(self.resolver.resolve(place))
        return said

    @cached_property
    def _known(self) -> frozenset[int]:
        """The numbers that are, or were, somebody's."""
        services = self.resolver.registry.services
        ports = {port for service in services for each in service.endpoints for port in (each.port, each.container_port)}
        return frozenset((*ports, *self.resolver.registry.by_previous_port, *SCHEMES))
