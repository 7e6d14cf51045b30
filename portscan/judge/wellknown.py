"""The shelf `rules/services`: what is expected at a port, and what an image speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from portscan.document.shelves import remembered
from portscan.records import dataclass
from portscan.resources import folder

FILE: Final = ("services", "well-known.yaml")


@dataclass(frozen=True, slots=True)
class WellKnown:
    """A kind of service that everybody expects at the same ports, the main one first. `role` names a stack for it."""

    name: str
    protocol: str
    ports: tuple[int, ...]
    images: tuple[str, ...]
    role: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """All of them; `refused` are the ports at which browsers open no page, `usual` those that are nobody's and everybody's.

    At `debuggers` a program waits for one, whatever else it serves. `tools` are development tools that serve a page beside the
    application, with the programs that start them.
    """

    services: tuple[WellKnown, ...]
    refused: frozenset[int]
    by_port: Mapping[int, WellKnown]
    usual: frozenset[int]
    debuggers: frozenset[int]
    tools: Mapping[str, frozenset[str]]

    def of_image(self, image: str) -> WellKnown | None:
        """What runs in an image, told by the words of its name: the longest that fits, the last one of the path first."""
        name = re.split(r"[:@]", image.rsplit("/", 1)[-1])[0].lower()
        found = [(len(word), service) for service in self.services for word in service.images if _holds(name, word)]
        if not found:
            vendor = image.lower().rsplit("/", 2)[-2] if "/" in image else ""
            found = [(len(word), service) for service in self.services for word in service.images if word == vendor]
        return max(found, key=lambda pair: pair[0], default=(0, None))[1]

    def tool(self, command: str) -> str:
        """The development tool that a command line starts, by the words in it; empty when it starts none."""
        words = frozenset(word.rsplit("/", 1)[-1] for word in command.split())
        return next((name for name, programs in self.tools.items() if words & programs), "")


def _holds(name: str, word: str) -> bool:
    """Whether a name is a word, or begins or ends with it: `redis-stack`, but not what exports the figures of a redis."""
    return name == word or (name.startswith(f"{word}-") and not name.endswith("exporter")) or name.endswith(f"-{word}")


@lru_cache(maxsize=1)
def directory() -> Directory:
    """What comes with portscan."""
    data = remembered(folder("rules") / FILE[0] / FILE[1])
    services = tuple(
        WellKnown(
            entry["name"],
            entry["protocol"],
            tuple(entry["ports"]),
            tuple(entry["images"]),
            entry["role"],
            entry.get("shared", False),
        )
        for entry in data["services"]
    )
    by_port: dict[int, WellKnown] = {}
    for rank in range(max(len(service.ports) for service in services)):  # main ports first
        for service in services:
            if rank < len(service.ports):
                by_port.setdefault(service.ports[rank], service)
    return Directory(
        services,
        frozenset(data["browsers-refuse"]),
        MappingProxyType(by_port),
        frozenset((*data["usual"], *by_port)),
        frozenset(data["debuggers"]),
        MappingProxyType({name: frozenset(programs) for name, programs in data["tools"].items()}),
    )
