"""The ports of a compose service as facts: numbers, variables and what is spoken, each with the place that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from portscan.expressions import compiled
from portscan.judge.wellknown import WellKnown, directory
from portscan.life.adopting.found import Fact
from portscan.life.adopting.health import asked

if TYPE_CHECKING:
    from portscan.connectivity.model import Mapped, Part
    from portscan.life.adopting.saying import Sayer

VARIABLE = compiled(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
LAST = compiled(r"(?:^[\"']?|:)\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?[-?][^{}]*)?\})$", re.ASCII)
INSIDE = compiled(r":(?:\$\{[^}]*\}|[^:}])*$")  # the side of the container in the short form
BY_NUMBER = "port-"
DEBUG = "debug"
PORT_NAME = compiled(r"[A-Za-z][A-Za-z0-9-]*")
WEB = frozenset((80, 443, 3000, 4000, 4200, 5000, 5173, 8000, 8080, 8081, 8443, 8888, 9000))
SECURE = frozenset((443, 8443))


def main_of(ports: Sequence[Mapped], kind: WellKnown | None) -> Mapped:
    """The port that a service is known by: a published one of TCP, its kind's main one, else the first; no debugger's."""
    ranks = {port: rank for rank, port in enumerate(kind.ports)} if kind else {}
    return min(
        ports,
        key=lambda port: (
            _debugs(port, kind),
            port.fixed is None,
            port.protocol != "tcp",
            ranks.get(port.target, len(ranks)),
        ),
    )


def debugged(ports: Sequence[Mapped], kind: WellKnown | None) -> bool:
    """Whether nothing is mapped but ports for a debugger: what the service itself listens on is not among them."""
    return bool(ports) and all(_debugs(port, kind) for port in ports)


def _debugs(mapped: Mapped, kind: WellKnown | None) -> bool:
    return mapped.target in directory().debuggers and not (kind and mapped.target in kind.ports)


def facts_of(ports: Sequence[Mapped], kind: WellKnown | None, part: Part, say: Sayer) -> dict[str, Fact]:
    """What is said of the main port, and of the further ones."""
    main = main_of(ports, kind)
    place = say.place(main.item)
    facts = {key: Fact(value, place) for key, value in _numbers(main).items()}
    if main.fixed is not None:
        facts["port"] = Fact(main.fixed, say.place(main.outside.whole() or main.item))
    if main.fixed is None:
        facts["container_port"] = Fact(main.target, f"{place}, at no certain port of the host")
    variable = _variable(say, main)
    if variable:
        facts["env"] = Fact(variable, place)
    protocol = _protocol(main, kind, part, say)
    if protocol:
        facts["protocol"] = protocol
    return {**facts, **further_of(ports, main, part.name, say)}


def _numbers(mapped: Mapped) -> dict[str, Any]:
    """The keys of an entry that hold numbers. Without a certain port of the host there is the one in the container only."""
    if mapped.fixed is None:
        return {"container_port": mapped.target}
    return {"port": mapped.fixed, **({"container_port": mapped.target} if mapped.target != mapped.fixed else {})}


def _variable(say: Sayer, mapped: Mapped) -> str | None:
    """The variable that the port is read from: on the side of the host, where there is one."""
    if not mapped.published:
        return _named(say.written(mapped.inside))
    written = say.written(mapped.outside)
    inside = INSIDE.search(written)
    return _named(written[: inside.start()] if inside and mapped.item == mapped.outside.spot else written)


def _named(text: str) -> str | None:
    """The variable that says port, else the one that the number stands in whatever it is called: `$BIND`, `1.2.3.4:${BIND}`."""
    last = LAST.search(text)
    return next((name for name in VARIABLE.findall(text) if "PORT" in name.upper()), last[1] or last[2] if last else None)


def _protocol(main: Mapped, kind: WellKnown | None, part: Part, say: Sayer) -> Fact | None:
    """What is spoken. A number alone tells it only where nothing else could, or where browsers are expected."""
    image = part.image.text if part.image else ""
    if main.protocol == "udp":
        return Fact("udp", "as it is published")
    if kind is not None and kind.protocol.endswith("/udp"):
        return Fact(kind.protocol.removesuffix("/udp"), f"the image {image}")
    if kind is not None and main.target in kind.ports:
        return Fact(kind.protocol if main.target == kind.ports[0] else _by_port(main.target, kind), f"the image {image}")
    check = asked(part)
    if check is not None and check.protocol and check.about(main.target):
        return Fact(check.protocol, say.section("healthcheck"))
    if main.target in WEB:
        return Fact("https" if main.target in SECURE else "http", f"a guess: port {main.target}")
    known = None if image or part.build else directory().by_port.get(main.target)
    return Fact(known.protocol, f"port {main.target}, where {known.name} is expected") if known and not known.shared else None


def _by_port(port: int, kind: WellKnown) -> str:
    """What is spoken at a further port of a kind: web pages, unless something else is expected there."""
    other = directory().by_port.get(port)
    return other.protocol if other and other.name != kind.name and port not in WEB else "http"


def further_of(ports: Sequence[Mapped], main: Mapped | None, service: str, say: Sayer) -> dict[str, Fact]:
    """The ports but the main one, called as their variables tell, for what waits there, or by their numbers."""
    found: dict[str, dict[str, Any]] = {}
    same = (main.fixed or main.target, main.protocol) if main else None
    own = _variable(say, main) if main else None
    for mapped in ports:
        if mapped is main or (mapped.fixed or mapped.target, mapped.protocol) == same:
            continue
        variable = _variable(say, mapped)
        udp = {"protocol": "udp"} if mapped.protocol == "udp" else {}
        entry = {**_numbers(mapped), **udp, **({"env": variable} if variable else {})}
        if entry not in found.values():
            names = (
                *_names(variable, (own, service)),
                *((DEBUG,) if mapped.target in directory().debuggers else ()),
                f"{BY_NUMBER}{mapped.target}",
                f"{BY_NUMBER}{mapped.fixed}",
            )
            found[next(name for name in names if name not in found)] = entry
    return {"ports": Fact(found, say.section("ports"))} if found else {}


def _names(variable: str | None, before: Sequence[str | None]) -> Iterator[str]:
    """What a variable calls a port, once the words are gone that the service's name and main variable begin with."""
    words = _words(variable or "")
    known = max(_common(words, _words(each or "")) for each in before)
    name = "-".join(words[known:]).lower()
    if known and PORT_NAME.fullmatch(name):
        yield name


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^A-Za-z0-9]+", name.upper()) if word and word != "PORT"]


def _common(words: Sequence[str], others: Sequence[str]) -> int:
    """With how many words both begin."""
    return next(
        (i for i, pair in enumerate(zip(words, others, strict=False)) if pair[0] != pair[1]), min(len(words), len(others))
    )
