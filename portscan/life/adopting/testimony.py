"""At which port a service listens that no mapping tells: by what it is told, what its files say, and where others call it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from portscan.connectivity.addresses import in_pairs
from portscan.connectivity.lore import lore
from portscan.evidence import ANY_ADDRESS
from portscan.expressions import compiled
from portscan.life.adopting import code
from portscan.life.adopting.found import Fact, Found
from portscan.life.adopting.health import ITSELF, every
from portscan.life.adopting.listeners import GENERIC, heard
from portscan.records import dataclass, replace
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.connectivity.model import Part
    from portscan.judge.wellknown import WellKnown
    from portscan.life.adopting.saying import Sayer
    from portscan.model import PortLiteral

NUMBER = compiled(r"\d{2,5}(?:/tcp)?")
HOST_OF = compiled(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+){0,5}?)_HOST(?:NAME)?(?![A-Za-z0-9_])")
BOUND_TO = compiled(r"(?:^|[/,\s])(?:0\.0\.0\.0|\*|\[::\])?:(\d{2,5})(?=$|[,\s])")  # at every address of its own
PORT_NAME = compiled(r"(?:^|_)(?:PORTS?|LISTEN(?:ERS?)?|BIND|ADDR|ADDRESS)(?:_|$)")
AT_HOST = compiled(r"(?:\s-h|--host)[\s=]+[\"']?([\w.-]+)")
EXPOSES = "expose-instruction"


class Said(NamedTuple):
    """A port that is said to be a service's, and where; `call` when it is one that reaches it from elsewhere."""

    port: int
    place: str
    call: bool = False


def names(part: Part) -> tuple[str, ...]:
    """The names by which others reach a service."""
    own = (value.text for value in (part.container_name, part.hostname) if value is not None)
    aliases = (alias for attached in part.networks.values() for alias in attached.aliases)
    return tuple(dict.fromkeys(name.lower() for name in (part.name, *own, *aliases) if name not in ITSELF))


def own(part: Part, kind: WellKnown | None, say: Sayer) -> tuple[Fact, ...]:
    """The ports that a service's own section speaks of: what it exposes, what its health check asks, what it is told."""
    exposed = (
        Fact(int(each.text.partition("/")[0]), say.section("expose")) for each in part.expose if NUMBER.fullmatch(each.text)
    )
    asked = (Fact(int(each.port), say.section("healthcheck")) for each in every(part) if each.port.isdecimal())
    return (*exposed, *asked, *_told(part, kind, say))


def _told(part: Part, kind: WellKnown | None, say: Sayer) -> Iterator[Fact]:
    """What its environment says, in variables that are called after it or after nobody."""
    others = {address.port_name for address in in_pairs(part.environment, lore())}
    words = {word for name in names(part) for word in re.split(r"[^a-z0-9]+", name)}
    words |= {kind.name, *kind.images} if kind else set()
    for name, value in part.environment.items():
        its = name in GENERIC or name.lower().partition("_")[0] in words
        if value is None or name in others or not its or not PORT_NAME.search(name):
            continue
        found = [value.text] if NUMBER.fullmatch(value.text) else BOUND_TO.findall(value.text)
        yield from (Fact(int(number), say.place(value.whole() or value.spot)) for number in found)


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What the files of a repository say of its services: by host, by the owner in a compose file, by the folder of a program."""

    literals: Sequence[PortLiteral]
    hosts: Mapping[str, Sequence[PortLiteral]]
    owners: Mapping[tuple[str, str], Sequence[PortLiteral]]
    folders: Mapping[str, Sequence[Said]]
    sources: Mapping[str, bytes]
    ambiguous: Collection[str]

    def hear(self, each: Found) -> Found:
        """A service that maps no port, with the one that most speaks for; as it was where nothing does."""
        said = [*self._calls(each), *self._own(each)]
        ports = {port: [one for one in said if one.port == port] for port in dict.fromkeys(one.port for one in said)}
        if not ports:
            return each
        ranked = sorted(ports.items(), key=lambda item: self._weight(each, *item), reverse=True)
        port, places = ranked[0]
        more = f", and {len(places) - 1} more" if len(places) > 1 else ""
        key = "port" if each.published else "container_port"
        facts = {**each.facts, key: Fact(port, f"{places[0].place}{more}")}
        marks = (*each.marks, _conflict(ranked)) if len(ranked) > 1 else each.marks
        return replace(each, port=port, facts=facts, marks=marks)

    def _weight(self, each: Found, port: int, said: Sequence[Said]) -> tuple[int, int]:
        """How much speaks for a port: how often it is said, what its variable and its kind say; then who calls it."""
        variable = code.variable_of(replace(each, port=port), self.literals) is not None
        expected = each.kind is not None and port in each.kind.ports
        return len(said) + variable + expected, sum(one.call for one in said)

    def _calls(self, each: Found) -> Iterator[Said]:
        """Where others call it. What has the name of several is called from beside its compose file."""
        for name in each.names:
            for literal in (*self.hosts.get(name, ()), *self.hosts.get(_variable(name), ())):
                near = name not in self.ambiguous or literal.path.startswith(f"{each.folder}/" if each.folder else "")
                if near and not (literal.owner == each.key and literal.path == each.file):
                    yield Said(literal.port, _place(literal), call=True)

    def _own(self, each: Found) -> Iterator[Said]:
        yield from (Said(fact.value, fact.source) for fact in each.hints)
        for literal in self.owners.get((each.folder, each.key), ()):
            if self._speaks_of_itself(literal, each.names):
                yield Said(literal.port, _place(literal))
        for folder in each.folders:
            yield from self.folders.get(folder, ())

    def _speaks_of_itself(self, literal: PortLiteral, own: Collection[str]) -> bool:
        """Whether a command names a port of its own, or a client in a health check asks the container that it runs in."""
        name = literal.name or ""
        if ".command" in name or ".entrypoint" in name:
            return literal.host in (None, *ANY_ADDRESS) and literal.kind in ("flag", "named", "url")
        line = self.sources[literal.path].splitlines()[literal.location.line - 1].decode("utf-8", "replace")
        elsewhere = [host for host in AT_HOST.findall(line) if host not in (*ITSELF, *own)]
        return ".healthcheck" in name and literal.rule == "database-clients" and not elsewhere


def witnesses(literals: Iterable[PortLiteral], sources: Mapping[str, bytes], services: Iterable[Found]) -> Witnesses:
    """The literals of code, put in order."""
    hosts: dict[str, list[PortLiteral]] = {}
    owners: dict[tuple[str, str], list[PortLiteral]] = {}
    folders: dict[str, list[Said]] = {}
    known = tuple(literals)
    for literal in known:
        for host in _called(literal.host) if literal.host and literal.host not in ITSELF else ():
            hosts.setdefault(host, []).append(literal)
        if literal.owner:
            owners.setdefault((literal.path.rpartition("/")[0], literal.owner), []).append(literal)
        if literal.rule == EXPOSES:
            folders.setdefault(literal.path.rpartition("/")[0], []).append(Said(literal.port, _place(literal)))
    for each in heard(known, sources):
        for folder in () if each.tool else each.homes:  # a tool is no part of what is served
            folders.setdefault(folder, []).append(Said(each.literal.port, each.place))
    seen = [name for each in services for name in dict.fromkeys((each.key.lower(), *each.names))]
    return Witnesses(known, hosts, owners, folders, sources, frozenset(name for name in seen if seen.count(name) > 1))


def _called(host: str) -> tuple[str, ...]:
    """Whom a host names: itself, or the services that its variables are called after, as in `${SHOP_HOST:-localhost}`."""
    return tuple(dict.fromkeys(map(_variable, HOST_OF.findall(host)))) or (host.lower(),)


def _variable(name: str) -> str:
    """How variables call a service: `$SHOP_API` and `$SHOPAPI` both mean `shop-api`. The sign tells them from hosts."""
    return f"${squeezed(name)}"


def squeezed(name: str) -> str:
    """The letters and digits of a name, which is written in many ways: `shop-api`, `SHOP_API`, `shopApi`."""
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def _conflict(ranked: Sequence[tuple[int, Sequence[Said]]]) -> str:
    """What a person has to decide: which port is said how often, and where first."""
    said = ", ".join(f"{port} {_often(len(places))} ({places[0].place})" for port, places in ranked)
    return f"CONFLICT: it is said to listen on {said}. Decide, and list what else is true under `ports`"


def _often(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def _place(literal: PortLiteral) -> str:
    return f"{literal.path}:{literal.location.line}"
