"""The services of compose files that publish a port: what the files say of them, each fact with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from posixpath import dirname
from typing import TYPE_CHECKING, Any

from portscan.connectivity.loading import Files, load
from portscan.life.adopting.found import Fact, Found
from portscan.wellknown import WellKnown, directory

if TYPE_CHECKING:
    from portscan.connectivity.model import Mapped, Part, Project, Service
    from portscan.connectivity.traced import Spot, Traced
    from portscan.connectivity.world import World

FILE = re.compile(r"(?:^|/)[^/]*compose[^/]*\.ya?ml$", re.IGNORECASE)
BASE = re.compile(r"(?:^|/)(?:docker-)?compose\.ya?ml$")
NEVER = re.compile(r"(?:^|/)(?:node_modules|vendor|\.(?!devcontainer/)[^/]+)/")
VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
ADDRESS = re.compile(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::[^/\s\"'|)]+)?(/[^\s\"'|;)]*)?")
WEB = frozenset((80, 443, 3000, 4000, 4200, 5000, 5173, 8000, 8080, 8081, 8443, 8888, 9000))


def files(paths: Iterable[str]) -> tuple[str, ...]:
    """The compose files among the paths: those that stand for themselves before those that change others."""
    found = (path for path in paths if FILE.search(path) and not NEVER.search(path))
    return tuple(sorted(found, key=lambda path: (dirname(path), not BASE.search(path), path)))


Key = tuple[str, str]


def found(world: World, paths: Sequence[str]) -> tuple[tuple[Found, ...], dict[Key, Found]]:
    """The services that publish a port, one for each key in a folder; and those that are only reached by others.

    The latter are by folder and key, and have no port.
    """
    known: dict[Key, Found] = {}
    inner: dict[Key, Found] = {}
    for path in paths:
        project = load(world, Files((path,), dirname(path)))
        for service in project.services.values():
            where = (dirname(path), service.name)
            each = _found(world, project, service)
            kept = known if each.port else inner
            kept[where] = _both(kept[where], each) if where in kept else each
    merged = tuple(_both(each, inner[key]) if key in inner else each for key, each in known.items())
    return merged, {key: each for key, each in inner.items() if key not in known}


def _both(first: Found, second: Found) -> Found:
    """What two files say of one service: the first decides, the second adds what is new."""
    facts = {**second.facts, **first.facts}
    ports = {**_values(second, "ports"), **_values(first, "ports")}
    for name, other in _values(second, "ports").items():
        if ports[name]["port"] == other["port"]:  # a variable, say, that only the other file reads it from
            ports[name] = {**other, **ports[name]}
    if ports:
        facts["ports"] = Fact(ports, first.facts["ports"].source if "ports" in first.facts else second.facts["ports"].source)
    return replace(first, facts=facts, needs=tuple(dict.fromkeys((*first.needs, *second.needs))))


def _values(each: Found, key: str) -> dict[str, Any]:
    return dict(each.facts[key].value) if key in each.facts else {}


def _found(world: World, project: Project, service: Service) -> Found:
    """What is said of a service; without a port where it publishes none, or none that is certain."""
    image = service.said.image.text if service.said.image else ""
    kind = directory().of_image(image) if image else None
    say = _Sayer(world, service.said)
    facts = _service_facts(world, project, service, say)
    place, needs = say.place(service.said.key), tuple(service.said.depends_on)
    published = [port for port in service.ports if port.fixed is not None and port.protocol in ("tcp", "udp")]
    if not published or service.mode == "host":
        if kind is not None:
            facts["protocol"] = Fact(kind.protocol, f"the image {image}")
        return Found(service.name, place, 0, facts, kind, needs)
    main = _main(published, kind)
    facts = {**_port_facts(main, kind, image, say), **facts, **_further(published, main, say)}
    return Found(service.name, place, main.fixed or 0, facts, kind, needs)


def _main(published: Sequence[Mapped], kind: WellKnown | None) -> Mapped:
    """The port that a service is known by: its kind's main one, else the first."""
    ranks = {port: rank for rank, port in enumerate(kind.ports)} if kind else {}
    return min(published, key=lambda port: (port.protocol != "tcp", ranks.get(port.target, len(ranks))))


class _Sayer:
    """Says where something is written."""

    def __init__(self, world: World, part: Part) -> None:
        self._world, self._part = world, part

    def place(self, spot: Spot | None) -> str:
        """A file with its line."""
        if spot is None:
            return self._part.path
        source = self._world.source(spot.path)
        line = source.location(spot.start, spot.start).line if source else 1
        return f"{spot.path}:{line}"

    def section(self, key: str) -> str:
        """Where a key of the service is written."""
        return self.place(self._part.sections.get(key))

    def written(self, value: Traced) -> str:
        """The text as it stands in the file, variables and all."""
        source = self._world.source(self._part.path)
        spot = value.spot
        return source.text[spot.start : spot.end] if source and spot and spot.path == self._part.path else ""


def _port_facts(main: Mapped, kind: WellKnown | None, image: str, say: _Sayer) -> dict[str, Fact]:
    place = say.place(main.item)
    facts = {"port": Fact(main.fixed, place)}
    if main.target != main.fixed:
        facts["container_port"] = Fact(main.target, place)
    variable = _variable(say, main)
    if variable:
        facts["env"] = Fact(variable, place)
    protocol, why = _protocol(main, kind, image)
    facts["protocol"] = Fact(protocol, why)
    return facts


def _variable(say: _Sayer, main: Mapped) -> str | None:
    """The variable that the published port is read from."""
    written = say.written(main.outside)
    inside = re.search(r":(?:\$\{[^}]*\}|[^:}])*$", written)
    outside = written[: inside.start()] if inside and main.item == main.outside.spot else written
    return next((name for name in VARIABLE.findall(outside) if "PORT" in name.upper()), None)


def _protocol(main: Mapped, kind: WellKnown | None, image: str) -> tuple[str, str]:
    if main.protocol == "udp":
        return "udp", "as it is published"
    if kind is not None and kind.protocol.endswith("/udp"):
        return kind.protocol.removesuffix("/udp"), f"the image {image}"
    if kind is not None and (main.target in kind.ports or not image):
        return (kind.protocol if main.target == kind.ports[0] else _by_port(main.target, kind)), f"the image {image}"
    known = directory().by_port.get(main.target)
    if known is not None and not known.shared and main.target not in WEB:
        return known.protocol, f"port {main.target}, where {known.name} is expected"
    if main.target in (443, 8443):
        return "https", f"port {main.target}"
    return "http", "a guess" if main.target not in WEB else f"port {main.target}"


def _by_port(port: int, kind: WellKnown) -> str:
    """What is spoken at a further port of a kind: web pages, unless something else is expected there."""
    other = directory().by_port.get(port)
    return other.protocol if other and other.name != kind.name and port not in WEB else "http"


def _further(published: Sequence[Mapped], main: Mapped, say: _Sayer) -> dict[str, Fact]:
    """The other published ports, by names made of what is expected there."""
    ports: dict[str, dict[str, Any]] = {}
    for mapped in published:
        if mapped is main or (mapped.fixed, mapped.protocol) == (main.fixed, main.protocol):
            continue
        entry: dict[str, Any] = {"port": mapped.fixed}
        if mapped.target != mapped.fixed:
            entry["container_port"] = mapped.target
        if mapped.protocol == "udp":
            entry["protocol"] = "udp"
        variable = _variable(say, mapped)
        if variable:
            entry["env"] = variable
        if entry not in ports.values():
            ports[f"port-{mapped.target}" if f"port-{mapped.target}" not in ports else f"port-{mapped.fixed}"] = entry
    return {"ports": Fact(ports, say.section("ports"))} if ports else {}


def _service_facts(world: World, project: Project, service: Service, say: _Sayer) -> dict[str, Fact]:
    said = service.said
    facts = {"container": Fact(True, say.place(said.key))}
    keys = tuple(key for key in service.networks if key != "default")
    if len(keys) == 1:
        facts["network"] = Fact(keys[0], say.section("networks"))
    elif keys:
        facts["networks"] = Fact(list(keys), say.section("networks"))
    if service.said.depends_on:
        facts["depends_on"] = Fact(list(service.said.depends_on), say.section("depends_on"))
    if said.profiles:
        facts["profiles"] = Fact(list(said.profiles), say.section("profiles"))
    context = said.build.context.strip("/") if said.build else ""
    known = context != project.directory and any(path.startswith(f"{context}/") for path in world.paths)
    if context and known:
        facts["paths"] = Fact([f"{context}/**"], say.section("build"))
    path = _health(said)
    if path:
        facts["healthcheck"] = Fact({"endpoint": path}, say.section("healthcheck"))
    return facts


def _health(part: Part) -> str | None:
    """The path that a health check asks for."""
    text = " ".join(value.text for value in part.healthcheck or ())
    match = ADDRESS.search(text)
    return (match[1] or "/") if match else None
