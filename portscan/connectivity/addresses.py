"""Addresses in values: whom a process is told to call, and the exact characters that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from portscan.connectivity.lore import Lore
from portscan.connectivity.traced import Spot, Traced
from portscan.expressions import compiled
from portscan.tuples import NamedTuple

HOST = r"(?:[A-Za-z0-9_](?:[\w.-]*\w)?|\[[0-9a-fA-F:.]+\])"
ALONE = compiled(HOST)
URL = compiled(rf"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{{0,40}}):(?://(?:[^\s/@,'\"]*@)?)(?P<host>{HOST}):(?P<port>\d{{1,5}})(?!\d)")
# What follows the first of several hosts behind one scheme: `mongodb://a:1,b:2`.
BARE = compiled(rf"(?:(?<=^)|(?<=[\s,;'\"=@]))(?P<host>{HOST}):(?P<port>\d{{1,5}})(?=$|[\s,;/'\"])")
PORT = compiled(r":\d")
DIGITS = compiled(r"\d{1,20}")  # what is a number at all, and not too long to be made one
# Credentials and the like in front of what is looked for are no address.
HIGHEST = 65535


class Address(NamedTuple):
    """A host and a port that stand together, each with its place where that is in one stretch.

    `scheme` is empty where none is written; `name` is the variable, option or key that holds the address, `port_name` the
    one that holds the port where that is another.
    """

    host: str
    port: int
    host_at: Spot | None
    port_at: Spot | None
    scheme: str = ""
    name: str = ""
    port_name: str = ""


class Told(NamedTuple):
    """An address that a container is told. `how` says in a few words where from.

    `own` is what a proxy is told of the very service that speaks of it, `settled` what nothing but the process in the container
    reads.
    """

    address: Address
    how: str
    settled: bool = False
    own: bool = False


def in_value(value: Traced, name: str = "") -> Iterator[Address]:
    """Every address in a value: URLs, and `host:port` where nothing else can be meant."""
    text = value.text
    if not PORT.search(text):
        return
    taken: list[tuple[int, int]] = []
    for match in URL.finditer(text):
        taken.append(match.span())
        yield _address(value, match, match["scheme"].lower(), name)
    for match in BARE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken) and _fits(match):
            yield _address(value, match, "", name)


def _fits(match: re.Match[str]) -> bool:
    """Whether `a:1` is an address rather than a version, a time or a key: its host has a letter, or is one by itself."""
    host = match["host"]
    return 0 < int(match["port"]) <= HIGHEST and (any(sign.isalpha() for sign in host) or host.count(".") == 3)


def _address(value: Traced, match: re.Match[str], scheme: str, name: str) -> Address:
    host, port = value.place(*match.span("host")), value.place(*match.span("port"))
    return Address(match["host"].lower(), int(match["port"]), host, port, scheme.rpartition("+")[2], name)


def in_pairs(environment: Mapping[str, Traced | None], lore: Lore) -> Iterator[Address]:
    """The addresses that are written in two variables, such as `REDIS_HOST` and `REDIS_PORT`."""
    for name, port_name in coupled(environment, lore):
        host, port = environment[name], environment[port_name]
        address = paired(host, port, name, port_name) if host and port else None
        if address is not None:
            yield address


def coupled(environment: Mapping[str, Traced | None], lore: Lore) -> Iterator[tuple[str, str]]:
    """The names of two variables that may hold an address together."""
    for name, host in environment.items():
        upper = name.upper()
        if host is None or not upper.endswith(lore.host_ends):
            continue
        stem, _, end = upper.rpartition("_")
        partner = _partner(environment, stem, lore) if end in lore.host_ends else ""
        if partner:
            yield name, partner


def paired(host: Traced, port: Traced, name: str, port_name: str) -> Address | None:
    """The address that two variables hold, if it is one."""
    if not ALONE.fullmatch(host.text) or not DIGITS.fullmatch(port.text) or not 0 < int(port.text) <= HIGHEST:
        return None
    scheme = name.upper().rpartition("_")[0].split("_")[-1].lower()
    return Address(host.text.lower(), int(port.text), host.whole(), port.whole(), scheme, name, port_name)


def _partner(environment: Mapping[str, Traced | None], stem: str, lore: Lore) -> str:
    names = (f"{stem}_{end}".lstrip("_") for end in lore.port_ends)
    return next((name for name in names if environment.get(name) is not None), "")
