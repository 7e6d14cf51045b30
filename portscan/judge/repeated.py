"""Numbers that nobody has: what is said of one in code is said of each that is called alike, wherever in its file it stands."""

from __future__ import annotations

from portscan.evidence import SCHEMES, anybodys, last, of_check
from portscan.evidence.places import Place
from portscan.judge.literals import Judge
from portscan.model import Finding
from portscan.records import dataclass, field
from portscan.resolve import Resolver


@dataclass(frozen=True)
class Repeated:
    """Judges the literals of one file, those of the same kind once.

    Of a number that somebody has, all of its key path and the line around it may tell whose it is; so may the entry or the pin
    that any number stands with, and in prose it is the passage that is judged. Of the ports of http and https the line tells
    whether they are branches of a choice.
    """

    resolver: Resolver
    judge: Judge
    _said: dict[tuple[object, ...], Finding | None] = field(default_factory=dict, compare=False, repr=False)

    def found(self, place: Place) -> Finding | None:
        """The finding at a place, None where there is none."""
        literal = place.literal
        around = literal.context != "code" or literal.owner is not None or place.pins
        if around or literal.port in SCHEMES or anybodys(self.resolver.registry, literal.port):
            return self.judge.judge(self.resolver.resolve(place))
        called = last(literal.name), of_check(literal.name)
        kind = literal.port, literal.host, *called, literal.variables, literal.kind, literal.side, literal.language
        if kind in self._said:
            said = self._said[kind]
            return said.at(literal) if said is not None else None
        said = self._said[kind] = self.judge.judge(self.resolver.resolve(place))
        return said
