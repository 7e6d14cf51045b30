"""Literals in their surroundings: what resolving one of them needs to know of its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portscan.directives import Directive, pins_of
from portscan.evidence.composed import Composed
from portscan.evidence.passages import Passage, Passages
from portscan.model import PortLiteral
from portscan.source import Source

FARTHEST = 4  # lines between the two halves of a mapping in the long form


@dataclass(frozen=True, slots=True)
class Place:
    """A literal in its file: the passage it stands in, the pins that speak of it, the other half of its port mapping.

    `beside` are the other numbers that the same pins speak of, `inside` those to which the mappings of the same entry lead.
    A number whose host is told in a variable beside it stands behind that host, as in an address. What stands in an entry
    that is `on_host` is about the host: its process has no other network.
    """

    literal: PortLiteral
    passage: Passage
    pins: tuple[Directive, ...] = ()
    beside: tuple[int, ...] = ()
    partner: PortLiteral | None = None
    inside: frozenset[int] = frozenset()
    on_host: bool = False


def places(source: Source, literals: Sequence[PortLiteral], said: tuple[Directive, ...]) -> Iterator[Place]:
    """The literals of a file, in their order, each with what stands around it; `said` are the file's directives."""
    passages = Passages(source)
    lines: dict[int, list[PortLiteral]] = {}
    inside: dict[str, set[int]] = {}
    composed = Composed(source)
    for literal in literals:
        lines.setdefault(literal.location.line, []).append(literal)
        if literal.side == "container" and literal.owner and literal.owner not in composed.on_host:
            inside.setdefault(literal.owner, set()).add(literal.port)
    listening = {owner: frozenset(ports) for owner, ports in inside.items()}
    for index, literal in enumerate(literals):
        line = lines[literal.location.line]
        pins = pins_of(said, literal.location.line) if said else ()
        beside = tuple(other.port for other in line if other is not literal) if pins else ()
        partner = _partner(literal, line, literals[max(index - 1, 0) : index + 2]) if literal.owner else None
        targets = listening.get(literal.owner, frozenset()) if literal.owner else frozenset()
        host = composed.host_of(literal)
        told = replace(literal, host=host) if host else literal
        yield Place(told, passages.of(literal), pins, beside, partner, targets, literal.owner in composed.on_host)


def _partner(literal: PortLiteral, line: Sequence[PortLiteral], near: Sequence[PortLiteral]) -> PortLiteral | None:
    """The other half of the port mapping that the literal is one half of."""
    containers = [each for each in line if each.side == "container"]
    hosts = [each for each in line if each.side == "host" or (each.side is None and each.variables)]
    own, others = (containers, hosts) if literal.side == "container" else (hosts, containers)
    if literal not in own:
        return None
    if len(own) == len(others):
        return others[own.index(literal)]
    if others:
        return _nearest(literal, others)
    return next((each for each in near if _in_long_form(literal, each)), None)


def _nearest(literal: PortLiteral, others: Sequence[PortLiteral]) -> PortLiteral | None:
    """The half behind the published port, or in front of the container's."""
    if literal.side == "container":
        return next((each for each in reversed(others) if each.span < literal.span), None)
    return next((each for each in others if each.span > literal.span), None)


def _in_long_form(literal: PortLiteral, other: PortLiteral) -> bool:
    """Whether `target` and `published` of one mapping are written on lines of their own."""
    parent, _, key = (literal.name or "").rpartition(".")
    beside, _, another = (other.name or "").rpartition(".")
    apart = abs(literal.location.line - other.location.line)
    halves = {literal.side, other.side} == {"host", "container"} or "container" in (literal.side, other.side)
    return parent == beside and key != another and 0 < apart <= FARTHEST and literal.owner == other.owner and halves
