"""Literals in their surroundings: what resolving one of them needs to know of its file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from portscan.directives import Directive, pins_by_line
from portscan.evidence.composed import Composed
from portscan.evidence.passages import Around, Passage, Passages
from portscan.model import PortLiteral, Span
from portscan.records import dataclass, replace
from portscan.source import Source

FARTHEST = 4  # lines between the two halves of a mapping in the long form


@dataclass(frozen=True, slots=True)
class Place:
    """A literal in its file: the passages of that, the pins that speak of it, the other half of its port mapping.

    `beside` are all numbers that the same pins speak of, `inside` those to which the mappings of the same entry lead.
    A number whose host is told in a variable beside it stands behind that host, as in an address. What stands in an entry
    that is `on_host` is about the host: its process has no other network.
    """

    literal: PortLiteral
    passages: Around
    pins: tuple[Directive, ...] = ()
    beside: frozenset[int] = frozenset()
    partner: PortLiteral | None = None
    inside: frozenset[int] = frozenset()
    on_host: bool = False

    @property
    def passage(self) -> Passage:
        """The passage that the literal stands in."""
        return self.passages.of(self.literal)


def places(source: Source, literals: Sequence[PortLiteral], said: tuple[Directive, ...]) -> Iterator[Place]:
    """The literals of a file, in their order, each with what stands around it; `said` are the file's directives."""
    passages = Passages(source)
    lines: dict[int, list[PortLiteral]] = {}
    inside: dict[str, set[int]] = {}
    composed = Composed(source)
    pinned = pins_by_line(said)
    apart = not pinned and all(literal.owner is None for literal in literals)  # as in most files
    for literal in () if apart else literals:
        lines.setdefault(literal.location.line, []).append(literal)
        if literal.side == "container" and literal.owner and literal.owner not in composed.on_host:
            inside.setdefault(literal.owner, set()).add(literal.port)
    listening = {owner: frozenset(ports) for owner, ports in inside.items()}
    halves: dict[int, _Halves] = {}
    for index, literal in enumerate(literals):
        number = literal.location.line
        pins = pinned.get(number, ())
        if literal.owner is None and not pins:  # as most are
            yield Place(literal, passages)
            continue
        line = halves.setdefault(number, _Halves(lines[number]))
        beside = line.ports if pins else frozenset()
        partner = line.partner(literal, literals[max(index - 1, 0) : index + 2]) if literal.owner else None
        targets = listening.get(literal.owner, frozenset()) if literal.owner else frozenset()
        host = composed.host_of(literal)
        told = replace(literal, host=host) if host else literal
        yield Place(told, passages, pins, beside, partner, targets, literal.owner in composed.on_host)


@dataclass(frozen=True)
class _Halves:
    """The literals of a line, in their order, by the side of a port mapping on which they stand."""

    line: Sequence[PortLiteral]

    @cached_property
    def _containers(self) -> Sequence[PortLiteral]:
        return [each for each in self.line if each.side == "container"]

    @cached_property
    def _hosts(self) -> Sequence[PortLiteral]:
        return [each for each in self.line if each.side == "host" or (each.side is None and each.variables)]

    @cached_property
    def ports(self) -> frozenset[int]:
        """All numbers of the line."""
        return frozenset(each.port for each in self.line)

    def partner(self, literal: PortLiteral, near: Sequence[PortLiteral]) -> PortLiteral | None:
        """The other half of the port mapping that the literal is one half of."""
        inside = literal.side == "container"
        own, others = (self._containers, self._hosts) if inside else (self._hosts, self._containers)
        at = bisect_left(own, literal.span, key=_span)
        if at == len(own) or own[at] is not literal:
            return None
        if len(own) == len(others):
            return others[at]
        if others:
            return _nearest(literal, others)
        return next((each for each in near if _in_long_form(literal, each)), None)


def _span(literal: PortLiteral) -> Span:
    return literal.span


def _nearest(literal: PortLiteral, others: Sequence[PortLiteral]) -> PortLiteral | None:
    """The half behind the published port, or in front of the container's."""
    if literal.side == "container":
        at = bisect_left(others, literal.span, key=_span) - 1
        return others[at] if at >= 0 else None
    at = bisect_right(others, literal.span, key=_span)
    return others[at] if at < len(others) else None


def _in_long_form(literal: PortLiteral, other: PortLiteral) -> bool:
    """Whether `target` and `published` of one mapping are written on lines of their own."""
    parent, _, key = (literal.name or "").rpartition(".")
    beside, _, another = (other.name or "").rpartition(".")
    apart = abs(literal.location.line - other.location.line)
    halves = {literal.side, other.side} == {"host", "container"} or "container" in (literal.side, other.side)
    return parent == beside and key != another and 0 < apart <= FARTHEST and literal.owner == other.owner and halves
