"""Whom a container is told to call: by its variables, its command and its labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portscan.connectivity.addresses import DIGITS, Address, Told, coupled, in_value, paired
from portscan.connectivity.lore import Lore
from portscan.connectivity.model import Part
from portscan.connectivity.traced import Traced
from portscan.records import dataclass, field

BACKENDS = ".loadbalancer.server.port"


@dataclass(frozen=True)
class Telling:
    """Finds the addresses. What an env file gives to many containers is looked at once.

    Of what was looked at, `known` holds the values as well: nothing else gets their identities meanwhile.
    """

    lore: Lore
    known: dict[tuple[int | str, ...], tuple[Any, tuple[Address, ...]]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, said: Part, environment: Mapping[str, Traced | None]) -> tuple[Told, ...]:
        """All that a container with these variables is told."""
        return (*self._by_variables(said, environment), *_by_command(said), *_by_labels(said))

    def _by_variables(self, said: Part, environment: Mapping[str, Traced | None]) -> Iterator[Told]:
        for name, value in environment.items():
            if value is not None:
                yield from (Told(each, _through(said, each, name)) for each in self._in_value(value, name))
        for names in coupled(environment, self.lore):
            yield from (Told(each, _through(said, each, each.name)) for each in self._in_pair(environment, *names))

    def _in_value(self, value: Traced, name: str) -> tuple[Address, ...]:
        key = (name, id(value))
        if key not in self.known:
            self.known[key] = (value, tuple(in_value(value, name)))
        return self.known[key][1]

    def _in_pair(self, environment: Mapping[str, Traced | None], name: str, port_name: str) -> tuple[Address, ...]:
        host, port = environment[name], environment[port_name]
        key = (name, port_name, id(host), id(port))
        if key not in self.known:
            address = paired(host, port, name, port_name) if host and port else None
            self.known[key] = ((host, port), (address,) if address else ())
        return self.known[key][1]


def _by_command(said: Part) -> Iterator[Told]:
    for words in (said.entrypoint or (), said.command or ()):
        name = ""
        for word in words:
            option, sign, _ = word.text.partition("=")
            yield from (Told(each, "in its command", bool(each.scheme)) for each in in_value(word, option if sign else name))
            name = word.text if word.text.startswith("-") else ""


def _by_labels(said: Part) -> Iterator[Told]:
    """What Traefik is told: the port on which it finds the service that carries the label."""
    for label, value in said.labels.items():
        if value is not None and label.startswith("traefik.") and label.endswith(BACKENDS) and DIGITS.fullmatch(value.text):
            address = Address(said.name, int(value.text), None, value.whole(), "http", label)
            yield Told(address, "by Traefik, which reads this label", True, True)


def _through(said: Part, address: Address, name: str) -> str:
    """By which way a value reaches a container."""
    written = address.port_at or address.host_at
    if written is None or written.path == said.path:
        return f"by `{name}`"
    given = any(file.path == written.path for file in said.env_files)
    way = "an env file of the service" if given else "the variables of its project"
    named = given or written.path.rpartition("/")[2].startswith(".env")
    return f"by `{name}`, from {way}" if named else f"by `{name}`"
