"""A project as plain data and back: a small part of the time that it takes to load it.

What is asked of every container, whatever files a hook is about, is made at once. The rest are mappings, of which all of a
project lie in one vault: it is opened when somebody looks into one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, cast

from portscan.cache import kept
from portscan.connectivity.addresses import Address, Told
from portscan.connectivity.model import Attached, Build, EnvFile, Mapped, Mounted, Network, Part, Project, Service
from portscan.connectivity.traced import Piece, Spot, Traced
from portscan.gate import memory
from portscan.records import dataclass, field, fields

PLAIN: Final = {
    kind: tuple(each.name for each in fields(kind))
    for kind in (Attached, Build, EnvFile, Mapped, Mounted, Network, Part, Project, Service)
}
SEALED: Final = frozenset(("environment", "labels", "extra_hosts", "sections", "arguments"))
put = tuple.__new__


def packed(project: Project) -> bytes:
    """The project as bytes. What several of its services are told is written once."""
    packing = _Packing()
    light = packing.plain(project)
    return kept.packed((light, kept.packed(packing.vault)))


def unpacked(data: bytes) -> Project:
    """The project that was packed."""
    light, vault = cast("tuple[Any, bytes]", memory.unpacked(data))
    return _Opening(_Vault(vault)).project(light)


@dataclass(frozen=True, slots=True)
class _Packing:
    """Values in plain form, each once; mappings that are sealed go into the vault, and their number stands for them."""

    vault: list[Any] = field(default_factory=lambda: [None])
    known: dict[int, Any] = field(default_factory=dict)
    same: dict[Any, Any] = field(default_factory=dict)

    def plain(self, value: Any, name: str = "") -> Any:
        """A value of the model."""
        if isinstance(value, Mapping):
            entries = {key: self.plain(each) for key, each in value.items()}
            return self._sealed(entries) if entries and name in SEALED else entries
        names = PLAIN.get(type(value))
        if names is None and not isinstance(value, tuple):
            return value
        if id(value) not in self.known:
            parts = ((each, "") for each in value) if names is None else ((getattr(value, each), each) for each in names)
            made = tuple(self.plain(*part) for part in parts)
            self.known[id(value)] = self.same.setdefault(made, made) if isinstance(value, Told) else made
        return self.known[id(value)]

    def _sealed(self, made: dict[str, Any]) -> int:
        self.vault.append(made)
        return len(self.vault) - 1


class _Vault:
    """The mappings of a project, in plain form once one of them is looked into."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def shelves(self) -> list[dict[str, Any]]:
        """All of them."""
        return cast("list[dict[str, Any]]", memory.unpacked(self._data))


class Sealed(Mapping[str, Any]):
    """A mapping in a vault. Its values are made when they are looked at."""

    def __init__(self, vault: _Vault, number: int, opened: Callable[[Any], Any]) -> None:
        self._vault, self._number, self._opened = vault, number, opened
        self._made: dict[str, Any] = {}

    @property
    def _plain(self) -> dict[str, Any]:
        return self._vault.shelves[self._number]

    def __getitem__(self, key: str) -> Any:
        if key not in self._made:
            plain = self._plain[key]
            self._made[key] = None if plain is None else self._opened(plain)
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._plain

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)


class _Opening:
    """Makes a project of its plain form, where what is empty stands for itself. What was one thing is one again."""

    def __init__(self, vault: _Vault) -> None:
        self._vault = vault
        self._addressed: dict[int, Address] = {}
        self._said: dict[int, Told] = {}
        how: dict[str, Callable[[Any], Any]] = {
            **dict.fromkeys(("key", "body"), _spot),
            **dict.fromkeys(("image", "container_name", "hostname", "network_mode"), _traced),
            **dict.fromkeys(("expose", "links", "external_links", "command", "entrypoint", "healthcheck"), _values),
            **dict.fromkeys(("environment", "labels", "extra_hosts"), self._sealed_values),
            "sections": self._sealed_spots,
            "depends_on": _spots,
            "networks": _attached,
            "mounts": _mounted,
            "ports": _mapped,
            "env_files": _given,
            "build": self._build,
        }
        self._fields = [(PLAIN[Part].index(name), made) for name, made in how.items()]

    def project(self, plain: tuple[Any, ...]) -> Project:
        """The project."""
        name, directory, files, services, networks, env_files, told = plain
        known = {key: self._network(each) for key, each in networks.items()}
        made = {key: self._service(each) for key, each in services.items()}
        return Project(name, directory, files, made, known, env_files, told)

    def _network(self, plain: tuple[Any, ...]) -> Network:
        key, name, external, spot = plain
        return Network(key, name, external, spot and _spot(spot))

    def _service(self, plain: tuple[Any, ...]) -> Service:
        project, said, networks, environment, parts, told = plain
        whole = self._part(said)
        all_parts = tuple([whole if each is said else self._part(each) for each in parts])
        environment = environment and self._sealed_values(environment)
        return Service(project, whole, _attached(networks), environment, all_parts, tuple(map(self._told, told)))

    def _part(self, plain: tuple[Any, ...]) -> Part:
        values = list(plain)
        for index, made in self._fields:
            if values[index]:
                values[index] = made(values[index])
        return Part(*values)

    def _told(self, plain: tuple[Any, ...]) -> Told:
        key = id(plain)
        if key not in self._said:
            address, *rest = plain
            self._said[key] = put(Told, (self._address(address), *rest))
        return self._said[key]

    def _address(self, plain: tuple[Any, ...]) -> Address:
        key = id(plain)
        if key not in self._addressed:
            host, port, host_at, port_at, *rest = plain
            self._addressed[key] = put(Address, (host, port, host_at and _spot(host_at), port_at and _spot(port_at), *rest))
        return self._addressed[key]

    def _build(self, plain: tuple[Any, ...]) -> Build:
        context, dockerfile, arguments = plain
        return Build(context, dockerfile, arguments and self._sealed_values(arguments))

    def _sealed_values(self, number: int) -> Sealed:
        return Sealed(self._vault, number, _traced)

    def _sealed_spots(self, number: int) -> Sealed:
        return Sealed(self._vault, number, _spot)


def _spot(plain: tuple[Any, ...]) -> Spot:
    return put(Spot, plain)


def _traced(plain: tuple[Any, ...]) -> Traced:
    pieces, spot = plain
    return put(Traced, (tuple([put(Piece, each) for each in pieces]), spot and put(Spot, spot)))


def _values(plain: tuple[Any, ...]) -> tuple[Traced, ...]:
    return tuple([_traced(each) for each in plain])


def _spots(plain: dict[str, Any]) -> dict[str, Spot]:
    return {key: put(Spot, each) for key, each in plain.items()}


def _attached(plain: dict[str, Any]) -> dict[str, Attached]:
    return {key: Attached(aliases, spot and put(Spot, spot)) for key, (aliases, spot) in plain.items()}


def _mounted(plain: dict[str, Any]) -> dict[str, Mounted]:
    return {key: Mounted(*each) for key, each in plain.items()}


def _mapped(plain: tuple[Any, ...]) -> tuple[Mapped, ...]:
    return tuple([_port(each) for each in plain])


def _port(plain: tuple[Any, ...]) -> Mapped:
    *about, outside, inside, item = plain
    made = (*about, _traced(outside), _traced(inside), item and _spot(item))
    return Mapped(*made)


def _given(plain: tuple[Any, ...]) -> tuple[EnvFile, ...]:
    return tuple([EnvFile(*each) for each in plain])
