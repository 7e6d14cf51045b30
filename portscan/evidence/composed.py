"""What the entries of a compose file say around a number: in which network they are, and which host a port belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.records import dataclass
from portscan.source import Source

MODE = "network_mode"
PORT = compiled(r"(?<![A-Za-z])port(?![a-z])|(?<![A-Z])PORT(?![A-Z])|Port(?![a-z])")
# What the other half of an address that is written in two variables is called: `REDIS_HOST` beside `REDIS_PORT`.
HOSTS = ("host", "hostname", "server", "addr", "address")
DEFAULT = compiled(r"\$\{\w+:?-([^${}]*)\}")


@dataclass(frozen=True)
class Composed:
    """The entries of one file, which is parsed when something in its text asks for it."""

    source: Source

    @cached_property
    def on_host(self) -> frozenset[str]:
        """The services that share the network of the host: in there is no other side, and no mapping leads inside."""
        if MODE not in self.source.text:
            return frozenset()
        return frozenset(key for key, entry in self._services.items() if entry.get(MODE) == "host")

    def host_of(self, literal: PortLiteral) -> str | None:
        """The service of the file that the variable beside a port names, in the environment of the same entry."""
        names = tuple(_hosts(literal)) if literal.owner and literal.kind in ("named", "default") else ()
        if literal.host or not any(name in self.source.text for name in names):
            return None
        told = _environment(self._services.get(str(literal.owner), {}).get("environment"))
        hosts = (DEFAULT.sub(r"\1", told[name]).strip().lower() for name in names if name in told)
        return next((host for host in hosts if host in self._keys), None)

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(key.lower() for key in self._services)

    @cached_property
    def _services(self) -> Mapping[str, Mapping[str, Any]]:
        if not self.source.path.endswith((".yml", ".yaml")):
            return {}
        from portscan.document.document import parse

        data = parse(self.source.data).data()
        services = data.get("services") if isinstance(data, dict) else None
        entries = services.items() if isinstance(services, dict) else ()
        return {str(key): entry for key, entry in entries if isinstance(entry, dict)}


def _hosts(literal: PortLiteral) -> Iterator[str]:
    """What the variable of the host may be called, spelled as that of the port: `CACHE__HOST`, `HOST_DB`, `redisHost`."""
    name = (literal.name or "").rpartition(".")[2]
    for port in PORT.finditer(name):
        for word in HOSTS:
            spelled = word.upper() if port[0].isupper() else word if port[0].islower() else word.capitalize()
            yield name[: port.start()] + spelled + name[port.end() :]


def _environment(said: object) -> dict[str, str]:
    """The variables of an entry, in either of the forms that Compose has for them."""
    if isinstance(said, dict):
        return {str(name): str(value) for name, value in said.items() if value is not None}
    pairs = (str(each).partition("=") for each in said) if isinstance(said, list) else ()
    return {name: value for name, _, value in pairs}
