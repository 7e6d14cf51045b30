"""The services of compose files that have a port: what the files say of them, each fact with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING, Any

from portscan.connectivity.loading import Files, load
from portscan.connectivity.lore import called
from portscan.expressions import compiled
from portscan.judge.wellknown import WellKnown, directory
from portscan.life.adopting import testimony
from portscan.life.adopting.defaults import defaults
from portscan.life.adopting.found import Fact, Found
from portscan.life.adopting.health import asked
from portscan.life.adopting.publishing import BY_NUMBER, debugged, facts_of, further_of, main_of
from portscan.life.adopting.saying import Sayer
from portscan.records import replace

if TYPE_CHECKING:
    from portscan.connectivity.model import Mapped, Part, Project, Service
    from portscan.connectivity.world import World

FILE = compiled(r"(?:^|/)[^/]*compose[^/]*\.ya?ml$", re.IGNORECASE)
BASE = compiled(r"(?:^|/)(?:docker-)?compose\.ya?ml$")
NEVER = compiled(r"(?:^|/)(?:node_modules|vendor|\.(?!devcontainer/)[^/]+)/")
NUMBERS = frozenset(("port", "container_port"))  # one number is nothing without the other
PORTS = NUMBERS | {"env", "protocol", "ports", "healthcheck"}


def files(paths: Iterable[str]) -> tuple[str, ...]:
    """The compose files among the paths: those that stand for themselves before those that change others."""
    found = (path for path in paths if FILE.search(path) and not NEVER.search(path))
    return tuple(sorted(found, key=lambda path: (dirname(path), not BASE.search(path), path)))


Key = tuple[str, str]


def found(world: World, paths: Sequence[str]) -> tuple[tuple[Found, ...], dict[Key, Found]]:
    """The services that have a port, one for each key in a folder; and those of which nothing says at which one they listen.

    The latter are by folder and key.
    """
    known: dict[Key, Found] = {}
    inner: dict[Key, Found] = {}
    for path in paths:
        project = load(world, Files((path,), dirname(path)), defaults(world, path))
        for service in project.services.values():
            where = (dirname(path), service.name)
            each = _found(world, project, service)
            kept = known if each.port else inner
            kept[where] = _both(kept[where], each) if where in kept else each
    merged = tuple(_both(each, inner[key]) if key in inner else each for key, each in known.items())
    return merged, {key: each for key, each in inner.items() if key not in known}


def _both(first: Found, second: Found) -> Found:
    """What two files say of one service: the first decides, the second adds what is new, a port of the host above all."""
    if second.published and not first.published:
        facts = {**{key: fact for key, fact in first.facts.items() if key not in PORTS}, **_ports_of(second)}
        first = replace(first, port=second.port, published=True, facts=facts)
    facts = {**{key: fact for key, fact in second.facts.items() if key not in NUMBERS}, **first.facts}
    ports = _ports_of_both(_values(first, "ports"), {**_main_besides(first, second), **_values(second, "ports")})
    if ports:
        said = (each.facts[key] for each, key in ((first, "ports"), (second, "ports"), (second, "port")) if key in each.facts)
        facts["ports"] = Fact(ports, next(said).source)
    names = tuple(dict.fromkeys((*first.names, *second.names))) if first.names and second.names else ()
    first = replace(first, names=names, hints=(*first.hints, *second.hints))
    return replace(first, facts=facts, needs=tuple(dict.fromkeys((*first.needs, *second.needs))))


def _main_besides(first: Found, second: Found) -> dict[str, Any]:
    """The port that the second file knows a service by, where the first knows it by another one; a variable has one default."""
    main, *taken = _main(second), _main(first), *_values(first, "ports").values()
    default = "env" in main and any(port.get("env") == main["env"] for port in taken)
    if default or second.port == first.port or not (first.published and second.published):
        return {}
    udp = {"protocol": "udp"} if "protocol" in second.facts and second.facts["protocol"].value == "udp" else {}
    return {f"{BY_NUMBER}{main.get('container_port', second.port)}": {**main, **udp}}


def _main(each: Found) -> dict[str, Any]:
    """The main port of a service as a further one is written."""
    return {key: each.facts[key].value for key in ("port", "container_port", "env") if key in each.facts}


def _ports_of_both(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """The further ports of both files; the second may know the variable of one, and with it its name."""
    alike = {_number(port): (name, port) for name, port in second.items()}
    found: dict[str, Any] = {}
    for name, port in first.items():
        other, more = alike.get(_number(port), (name, {}))
        found[other if name.startswith(BY_NUMBER) and other not in first else name] = {**more, **port}
    numbers = {_number(port) for port in found.values()}
    return {**{name: port for name, port in second.items() if _number(port) not in numbers}, **found}


def _number(port: Mapping[str, Any]) -> tuple[int, bool]:
    return port.get("port", port.get("container_port")), "protocol" in port


def _ports_of(each: Found) -> dict[str, Fact]:
    return {key: fact for key, fact in each.facts.items() if key in PORTS}


def _values(each: Found, key: str) -> dict[str, Any]:
    return dict(each.facts[key].value) if key in each.facts else {}


def _found(world: World, project: Project, service: Service) -> Found:
    """What is said of a service; without a port where nothing says which one it has."""
    image = service.said.image.text if service.said.image else ""
    kind = directory().of_image(image) if image else None
    say = Sayer(world, service.said)
    place, needs = say.place(service.said.key), tuple(service.said.depends_on)
    ports = [port for port in service.ports if port.protocol in ("tcp", "udp")]
    if not ports or service.mode == "host" or debugged(ports, kind):
        on_host = service.mode == "host"
        further = further_of(() if on_host else ports, None, service.name, say)
        facts = {**_service_facts(world, project, service, say, None), **_unmapped(service.said, kind, image, say), **further}
        port = facts["container_port"].value if "container_port" in facts else 0
        names, hints = testimony.names(service.said), testimony.own(service.said, kind, say)
        known = kind is not None and service.said.build is None and called(image) in kind.images and not on_host
        usual = Fact(kind.ports[0], f"the image {image}") if kind and known else None
        return Found(service.name, place, port, facts, kind, needs, on_host, names, hints, usual)
    main = main_of(ports, kind)
    facts = {**facts_of(ports, kind, service.said, say), **_service_facts(world, project, service, say, main)}
    return Found(service.name, place, main.fixed or main.target, facts, kind, needs, published=main.fixed is not None)


def _unmapped(part: Part, kind: WellKnown | None, image: str, say: Sayer) -> dict[str, Fact]:
    """What is known of the port of a service that maps none: where its own health check asks, and what is spoken there."""
    check = asked(part)
    place = say.section("healthcheck")
    spoken = {"protocol": Fact(check.protocol, place)} if check and check.protocol else {}
    on_host = part.network_mode is not None and part.network_mode.text == "host"
    known = check is not None and check.port.isdecimal() and not on_host
    inside = {"container_port": Fact(int(check.port), place)} if check and known else {}
    return {**inside, **spoken, **({"protocol": Fact(kind.protocol, f"the image {image}")} if kind else {})}


def _service_facts(world: World, project: Project, service: Service, say: Sayer, main: Mapped | None) -> dict[str, Fact]:
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
    own = _own_folder(world, project, said)
    if own:
        facts["paths"] = Fact([f"{own}/**"], say.section("build"))
    check = asked(said)
    if check and check.path and (main is None or check.about(main.target)):
        facts["healthcheck"] = Fact({"endpoint": check.path}, say.section("healthcheck"))
    return facts


def _own_folder(world: World, project: Project, part: Part) -> str:
    """The folder that a service is built from: its context, or in it the folder of its Dockerfile that is called as it is."""
    if part.build is None:
        return ""
    context = normpath(part.build.context.strip("/") or ".").removeprefix(".")
    inner = dirname(normpath(join(context, part.build.dockerfile)))
    alike = testimony.squeezed(basename(inner)) == testimony.squeezed(part.name)
    own = inner if alike and inner.startswith(f"{context}/" if context else "") else context
    known = own != project.directory and any(path.startswith(f"{own}/") for path in world.paths)
    return own if own and known else ""
