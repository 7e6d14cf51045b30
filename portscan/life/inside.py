"""Whether the port in the container goes along when the published one moves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from portscan.document.document import parse
from portscan.life.adopting.publishing import INSIDE

if TYPE_CHECKING:
    from portscan.life.moves import Move
    from portscan.pipeline.stages import Judged
    from portscan.pipeline.surveys import Survey
    from portscan.workspace import Workspace


def follows(work: Workspace, move: Move, before: Survey, container: str | None) -> bool:
    """Whether the port in the container moves as well: that of a process of ours does, that of somebody's image stays.

    Where a mapping leads to what the variable of the published port says, nothing can keep them apart; in the network of the
    host there is one port only.
    """
    service = work.registry.by_name[move.endpoint.service]
    entries = tuple(_entries(before, service.compose_service or service.name))
    if _led(entries, _names(before, move)) or any(entry.get("network_mode") == "host" for entry in entries):
        return True
    key = "container_port" if move.endpoint.name is None else f"ports.{move.endpoint.name}.container_port"
    if any(place == key for place, _ in service.places):
        return False
    if container is not None:
        return container == "follow"
    if any(_reads(judged, move) for judged in before.judged):
        return True
    return all("build" in entry for entry in entries if "build" in entry or "image" in entry)


def _led(entries: tuple[Mapping[str, Any], ...], names: frozenset[str]) -> bool:
    """Whether a mapping leads to what one of the variables says."""
    words = re.compile(rf"\$\{{?(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    return any(words.search(side) for entry in entries for side in _insides(entry.get("ports")))


def _insides(ports: object) -> Iterator[str]:
    """The sides of the container, as they are written."""
    for each in ports if isinstance(ports, list) else ():
        if isinstance(each, dict):
            yield str(each.get("target", ""))
        else:
            inside = INSIDE.search(str(each))
            yield inside[0] if inside else str(each)


def _names(before: Survey, move: Move) -> frozenset[str]:
    """The variable of a port, and the generic ones that stand for it in the service's own entries."""
    own = (each for each in before.judged if each.resolved.variable == move.endpoint and each.literal.owner)
    return frozenset((move.endpoint.variable, *(name for each in own for name in each.literal.variables)))


def _reads(judged: Judged, move: Move) -> bool:
    """Whether the process in the container itself listens on what the variable of the published port says."""
    return judged.resolved.listening and judged.literal.bound and judged.resolved.variable == move.endpoint


def _entries(survey: Survey, key: str) -> Iterator[Mapping[str, Any]]:
    """What the compose files say of a service."""
    for path in {each.literal.path for each in survey.judged if each.literal.owner == key}:
        entry = parse(survey.sources[path]).data() if path.endswith((".yml", ".yaml")) else None
        services = entry.get("services") if isinstance(entry, dict) else None
        if isinstance(services, dict) and isinstance(services.get(key), dict):
            yield services[key]
