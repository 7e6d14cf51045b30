"""The registry against the compose files: who is in one and not in the other, and what they say differently of the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from portscan.connectivity.system import Member, System
from portscan.connectivity.traced import Spot
from portscan.document import nodes
from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.registry.checks.names import network_places
from portscan.registry.model import Service as Registered

LISTED = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference. `entry` and `key` say where in the registry, `spot` where in the compose files; one of them leads.

    `values` fill the words of the rule.
    """

    code: str
    values: Mapping[str, object]
    entry: Registered | None = None
    key: str = "name"
    spot: Spot | None = None
    related: tuple[tuple[str, Spot], ...] = ()


def gaps(system: System, *, absent: bool = True) -> Iterator[Gap]:
    """Every difference. Nothing differs where there are no compose files at all. Services that are `absent` need not be told."""
    if not system.members:
        return
    for entry in system.registry.services:
        members = system.of_entry(entry)
        if absent:
            yield from _absent(system, entry, members)
        if members:
            yield from _container(entry, members)
            yield from _network(system, entry, members)
            yield from _dependencies(system, entry, members)
    yield from _strangers(system)


def _absent(system: System, entry: Registered, members: tuple[Member, ...]) -> Iterator[Gap]:
    """A service that should run in a container, and that no file of the repository speaks of."""
    expected = entry.container is True and entry.status == "active" and not entry.external
    if expected and not members and not _mentioned(system, entry):
        yield Gap("PS112", {"service": entry.name}, entry)


def _mentioned(system: System, entry: Registered) -> bool:
    """Whether some compose file holds one of its names or variables, wherever that is, as a word of its own."""
    names = (*entry.hosts, *(endpoint.variable for endpoint in entry.endpoints))
    near = [text for text in _texts(system) if any(name.lower() in text for name in names)]
    whole = compiled(rf"(?<![\w-])(?<!\w\.)(?:{'|'.join(map(re.escape, map(str.lower, names)))})(?![\w-]|\.\w)")
    return any(map(whole.search, near))


def _texts(system: System) -> tuple[str, ...]:
    """What the compose files say without their comments, in lower case."""
    files = {path for project in system.projects for path in project.files}
    return system.kept(("texts",), lambda: tuple(map(partial(_text, system), files)))


def _text(system: System, path: str) -> str:
    document = system.world.document(path)
    root = document.root if document else None
    return "\n".join(scalar.text for scalar in nodes.scalars(root)).lower() if root else ""


def _container(entry: Registered, members: tuple[Member, ...]) -> Iterator[Gap]:
    if entry.container is False and all(not member.service.said.profiles for member in members):
        values = {"service": entry.name, "compose": members[0].name, "path": members[0].service.said.path}
        yield Gap("PS115", values, entry, "container", related=_here(members[:1]))


def _network(system: System, entry: Registered, members: tuple[Member, ...]) -> Iterator[Gap]:
    """The registry's networks, each of which one of the service's containers should be in."""
    joined = {name for member in members for name in (*system.networks(member), *member.service.networks)}
    known = {name for project in system.projects for net in project.networks.values() for name in (net.key, net.name)}
    for network, key in network_places(entry):
        if network in known and joined and network not in joined:
            listed = ", ".join(f"`{name}`" for name in sorted(joined - {"default"})[:LISTED])
            yield Gap(
                "PS114", {"service": entry.name, "network": network, "joined": listed}, entry, key, related=_here(members[:1])
            )


def _dependencies(system: System, entry: Registered, members: tuple[Member, ...]) -> Iterator[Gap]:
    """What only one of the two says the service depends on, where both could say it."""
    if not entry.depends_on:
        return
    member = members[0]
    ours = {name: found.name for name in member.service.said.depends_on if (found := _entry(system, member, name))}
    for name, registered in ours.items():
        if registered not in entry.depends_on:
            spot = member.service.said.depends_on[name]
            yield Gap(
                "PS116",
                {
                    "service": entry.name,
                    "other": registered,
                    "says": "the compose file",
                    "lacks": "the registry",
                    "command": _needing(entry, (*entry.depends_on, registered)),
                },
                spot=spot,
            )
    for index, name in enumerate(entry.depends_on):
        near = [
            each
            for each in member.project.services.values()
            if (found := _entry(system, member, each.name)) and found.name == name
        ]
        if near and name not in ours.values():
            command = _needing(entry, tuple(other for other in entry.depends_on if other != name))
            says = {"says": "the registry", "lacks": "the compose file", "command": command}
            yield Gap(
                "PS116", {"service": entry.name, "other": name, **says}, entry, f"depends_on.{index}", related=_here(members[:1])
            )


def _needing(entry: Registered, names: tuple[str, ...]) -> str:
    """The command by which an entry depends on others."""
    said = f"--depends-on {','.join(dict.fromkeys(names))}" if names else "--unset depends_on"
    return f"portscan edit {entry.name} {said}"


def _entry(system: System, member: Member, name: str) -> Registered | None:
    service = member.project.services.get(name)
    return system.registered(Member(member.project, service)) if service else None


def _strangers(system: System) -> Iterator[Gap]:
    """Compose services that publish a port, and that the registry does not know."""
    seen: set[tuple[str, str]] = set()
    for member in system.members:
        ports = [port for port in member.service.ports if port.first]
        known = system.registered(member) is not None or system.fitting(member)  # one of those it is, whichever
        if ports and not known and member.source not in seen:
            seen.add(member.source)
            listed = ", ".join(dict.fromkeys(port.published for port in ports[:LISTED]))
            values = {"compose": member.name, "ports": listed, "remedy": _hint(system, member)}
            yield Gap("PS113", values, spot=member.service.said.key)


def _hint(system: System, member: Member) -> str:
    """What to do about a stranger: it may be an entry that nothing starts, under another name."""
    endpoints = [e for port in member.service.ports for e in system.registry.by_port.get(port.fixed or 0, ())]
    orphans = {e.service for e in endpoints if not system.of_entry(system.registry.by_name[e.service])}
    if len(orphans) == 1:
        return f"Is it `{orphans.pop()}`, which has that port? Then say `compose_service: {member.name}` there; else register it"
    return "Register it with `portscan new`, or name it as `compose_service` of its entry"


def _here(members: Iterable[Member]) -> tuple[tuple[str, Spot], ...]:
    return tuple((f"`{member.name}` is here", member.service.said.key) for member in members)
