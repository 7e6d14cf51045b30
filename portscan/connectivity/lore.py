"""The shelf `rules/connectivity`: names, images and places that the checks know, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatch
from functools import lru_cache
from typing import Any

from portscan.document.shelves import remembered
from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.resources import folder

SHELF = ("connectivity", "reach.yaml")


@dataclass(frozen=True, slots=True)
class Image:
    """What the process of an image listens on, the main port first.

    `closed`: on nothing else, unless one of `settings` is told to it.
    """

    image: str
    ports: tuple[int, ...]
    closed: bool = False
    settings: tuple[str, ...] = ()


LONGEST = 200  # characters of a name


@dataclass(frozen=True, slots=True)
class Lore:
    """What is known; see the file for what each list is for."""

    loopback: frozenset[str]
    gateways: tuple[str, ...]
    gateway_address: str
    outside: re.Pattern[str]
    pages: frozenset[str]
    outside_paths: re.Pattern[str]
    readers: frozenset[str]
    server_schemes: frozenset[str]
    host_ends: tuple[str, ...]
    port_ends: tuple[str, ...]
    browser_packages: frozenset[str]
    beside_the_service: tuple[str, ...]
    workbenches: tuple[str, ...]
    images: Mapping[str, Image]

    def image(self, reference: str) -> Image | None:
        """What is known of an image, by its reference: `timescale/timescaledb:2.17-pg16`."""
        return self.images.get(called(reference))

    def meant_for_others(self, name: str) -> bool:
        """Whether what is called so holds addresses for a browser, or for people outside."""
        name = name[:LONGEST]
        last = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.rpartition(".")[2]).upper().replace("-", "_")
        return bool(self.outside.fullmatch(last) or ("." in name and self.outside_paths.fullmatch(name)))

    def page(self, name: str) -> bool:
        """Whether a service, by its name, serves pages."""
        return bool(self.pages & set(re.split(r"[^a-z]+", name.lower())))

    def workbench(self, path: str) -> bool:
        """Whether a compose file makes containers in which people work, rather than services."""
        return any(fnmatch(path, pattern) or fnmatch(path, f"*/{pattern}") for pattern in self.workbenches)

    def beside(self, path: str) -> bool:
        """Whether a file, by its path below the build context, is none that a running service reads."""
        return anywhere(self.beside_the_service).search(path.lower()) is not None


def called(reference: str) -> str:
    """The name of an image without registry, owner and version."""
    return reference.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()


@lru_cache(maxsize=32)
def anywhere(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Patterns of file names that may begin in any directory as one expression, to be searched: what a star stands for at an
    end is not walked through, and thousands of names are asked about.
    """
    return compiled("|".join(map(_anywhere, patterns)) or "(?!)", re.DOTALL)


def _anywhere(pattern: str) -> str:
    body = re.escape(pattern.strip("*")).replace(r"\*", ".*").replace(r"\?", ".")
    start = "" if pattern.startswith("*") else r"(?:\A|/)"
    return f"{start}{body}" if pattern.endswith("*") else rf"{start}{body}\Z"


@lru_cache(maxsize=1)
def lore() -> Lore:
    """The shelf, read once."""
    data = remembered(folder("rules") / SHELF[0] / SHELF[1])
    return Lore(
        frozenset(data["loopback"]),
        tuple(data["gateways"]),
        data["gateway_address"],
        compiled("|".join(data["outside"])),
        frozenset(data["pages"]),
        compiled("|".join(data["outside_paths"]), re.IGNORECASE),
        frozenset(data["readers"]),
        frozenset(data["server_schemes"]),
        tuple(data["host_ends"]),
        tuple(data["port_ends"]),
        frozenset(data["browser_packages"]),
        tuple(pattern.lower() for pattern in data["beside_the_service"]),
        tuple(data["workbenches"]),
        {entry["image"]: _image(entry) for entry in data["images"]},
    )


def _image(entry: Mapping[str, Any]) -> Image:
    return Image(entry["image"], tuple(entry["ports"]), entry.get("closed", False), tuple(entry.get("settings", ())))
