"""The check for services that wait for each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from portscan.findings import Breach

if TYPE_CHECKING:
    from portscan.registry.model import Registry

Graph = Mapping[str, tuple[str, ...]]
MOST_SHOWN: Final = 8


def dependency_cycle(registry: Registry) -> Iterator[Breach]:
    """PS111: services that depend on each other in a circle; of each knot of circles the shortest through its first service."""
    graph = {
        name: tuple(other for other in service.depends_on if other in registry.by_name)
        for name, service in registry.by_name.items()
    }
    for knot in _knots(graph):
        first = next(service for service in registry.services if service.name in knot)
        cycle = _cycle(graph, first.name, knot)
        place = first.at(f"depends_on.{first.depends_on.index(cycle[1])}")
        yield Breach("PS111", place, {"service": first.name, "cycle": _shown(cycle)}, first.port, first.name, first.variable)


def _shown(cycle: tuple[str, ...]) -> str:
    if len(cycle) > MOST_SHOWN:
        cycle = (*cycle[: MOST_SHOWN - 2], "…", cycle[-1])
    return " → ".join(cycle)


def _cycle(graph: Graph, start: str, knot: Collection[str]) -> tuple[str, ...]:
    """The shortest way from `start`, which lies in a circle, back to itself."""
    came_from: dict[str, str] = {}
    queue = deque([start])
    while start not in came_from:
        name = queue.popleft()
        for other in graph[name]:
            if other in knot and other not in came_from:
                came_from[other] = name
                queue.append(other)
    trail = [start]
    while len(trail) == 1 or trail[-1] != start:
        trail.append(came_from[trail[-1]])
    return tuple(reversed(trail))


def _knots(graph: Graph) -> Iterator[frozenset[str]]:
    """The sets of services that reach each other: walk with the arrows for an order, then against them from its end."""
    against: dict[str, list[str]] = {name: [] for name in graph}
    for name, others in graph.items():
        for other in others:
            against[other].append(name)
    placed: set[str] = set()
    for name in reversed(_finished(graph)):
        if name in placed:
            continue
        knot = _reached(against, name, placed)
        if len(knot) > 1 or name in graph[name]:
            yield knot


def _finished(graph: Graph) -> list[str]:
    """The services in the order in which a walk along the arrows is done with them."""
    order: list[str] = []
    seen: set[str] = set()
    for root in graph:
        stack = [(root, iter(graph[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            _name, rest = stack[-1]
            following = next((other for other in rest if other not in seen), None)
            if following is None:
                order.append(stack.pop()[0])
            else:
                seen.add(following)
                stack.append((following, iter(graph[following])))
    return order


def _reached(graph: Mapping[str, list[str]], start: str, placed: set[str]) -> frozenset[str]:
    found, queue = {start}, [start]
    while queue:
        fresh = [other for other in graph[queue.pop()] if other not in found and other not in placed]
        found.update(fresh)
        queue += fresh
    placed |= found
    return frozenset(found)


CHECKS: Final = (dependency_cycle,)
