"""What Compose files say, as values: projects, their services and networks, every text traced to where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from portscan.connectivity.addresses import Told
from portscan.connectivity.traced import UNWRITTEN, Spot, Traced
from portscan.records import dataclass, field

NOTHING: Final[Mapping[str, Traced]] = MappingProxyType({})
EVERYWHERE: Final = frozenset(("", "0.0.0.0", "::", "*"))
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Mapped:
    """One published port: `address` of the host (empty for all), `published` from `first` to `last`, or none.

    `outside` and `inside` are the two numbers as they are written; `item` is the whole entry.
    """

    target: int
    first: int | None = None
    last: int | None = None
    address: str = ""
    protocol: str = "tcp"
    mode: str = "ingress"
    outside: Traced = UNWRITTEN
    inside: Traced = UNWRITTEN
    item: Spot | None = None

    @property
    def published(self) -> str:
        """The published port as Compose writes it: a number, a range from which Docker picks one, or nothing."""
        if self.first is None:
            return ""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def fixed(self) -> int | None:
        """The published port, where it is certain which one that will be."""
        return self.first if self.first and self.first == self.last else None


@dataclass(frozen=True, slots=True)
class Attached:
    """A service in a network: under which further names, and where that is written."""

    aliases: tuple[str, ...] = ()
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Mounted:
    """A file or directory of the repository, or a config of the project, that a container sees at `target`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Build:
    """Where an image comes from: the directory of its context, and the Dockerfile relative to it."""

    context: str
    dockerfile: str = "Dockerfile"
    arguments: Mapping[str, Traced | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EnvFile:
    """An env file of a service, by its path in the repository; a `raw` one is taken literally."""

    path: str
    required: bool = True
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one file says of a service. `key` is where its name stands, `body` what it says; `None` is "nothing said".

    `reset` names what is dropped from the files below, `wholly` what replaces them (`!reset` and `!override`).
    """

    name: str
    path: str
    key: Spot
    body: Spot
    image: Traced | None = None
    build: Build | None = None
    container_name: Traced | None = None
    hostname: Traced | None = None
    network_mode: Traced | None = None
    networks: Mapping[str, Attached] = field(default_factory=dict)
    ports: tuple[Mapped, ...] = ()
    expose: tuple[Traced, ...] = ()
    environment: Mapping[str, Traced | None] = field(default_factory=dict)
    env_files: tuple[EnvFile, ...] = ()
    depends_on: Mapping[str, Spot] = field(default_factory=dict)
    links: tuple[Traced, ...] = ()
    external_links: tuple[Traced, ...] = ()
    extra_hosts: Mapping[str, Traced] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    command: tuple[Traced, ...] | None = None
    entrypoint: tuple[Traced, ...] | None = None
    healthcheck: tuple[Traced, ...] | None = None
    mounts: Mapping[str, Mounted] = field(default_factory=dict)
    labels: Mapping[str, Traced | None] = field(default_factory=dict)
    extends: tuple[str, str] | None = None
    sections: Mapping[str, Spot] = field(default_factory=dict)
    reset: frozenset[str] = frozenset()
    wholly: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Network:
    """A network of a project: the `name` that Docker knows it by, and whether the project only joins it."""

    key: str
    name: str
    external: bool = False
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a project, all files merged; `environment` holds what its env files set as well, `told` whom it may call."""

    project: str
    said: Part
    networks: Mapping[str, Attached]
    environment: Mapping[str, Traced | None]
    parts: tuple[Part, ...] = ()
    told: tuple[Told, ...] = ()

    @property
    def name(self) -> str:
        """Its key in the compose file."""
        return self.said.name

    @property
    def mode(self) -> str:
        """The network mode; empty where networks are joined."""
        return self.said.network_mode.text if self.said.network_mode else ""

    @property
    def ports(self) -> tuple[Mapped, ...]:
        """What is published, and asked to be, whether or not the network mode honours it."""
        return self.said.ports


@dataclass(frozen=True, slots=True)
class Project:
    """One Compose project: what `docker compose -f FILES` starts. `told` says where the files were seen together."""

    name: str
    directory: str
    files: tuple[str, ...]
    services: Mapping[str, Service] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    env_files: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    def network_names(self, service: Service) -> Mapping[str, Attached]:
        """The networks of a service by the names that Docker knows them by."""
        return {self.networks[key].name: how for key, how in service.networks.items() if key in self.networks}


def first(*values: V | None) -> V | None:
    """The first value that there is."""
    return next((value for value in values if value is not None), None)
