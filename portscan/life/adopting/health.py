"""What the health check of a compose service tells: the path that it asks for, and what is spoken there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from portscan.connectivity.interpolation import interpolate
from portscan.connectivity.traced import Piece, Traced
from portscan.expressions import compiled
from portscan.records import dataclass

if TYPE_CHECKING:
    from portscan.connectivity.model import Part

ITSELF = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "$HOSTNAME", "${HOSTNAME}")
ADDRESS = r"(?:{hosts})(?::(?P<port>[^/\s\"'|)?]*))?(?P<path>/[^\s\"'|;)]*)?"
ASKS = compiled(r"(?:^|[\s/\"'(])(?:curl|wget2?|https?)\s")  # programs that speak HTTP, also where no scheme is written
CONNECTS = r"\bnc\s[^;&|]{{0,300}}?(?:{hosts})\s+(?P<netcat>\d+)|/dev/tcp/(?:{hosts})/(?P<device>\d+)"
GRPC = compiled(r"(?:^|[\s/])(?:grpc[_-]health[_-]probe|grpcurl)\b")
USUAL = {"http": "80", "https": "443"}
STAYS = {"HOSTNAME": Traced((Piece("$HOSTNAME"),))}  # the container itself, whatever it is called


@dataclass(frozen=True, slots=True)
class Asked:
    """What a health check asks for: the protocol where it speaks one, the port, and the path, if it has one.

    The port is empty where nothing tells the value of the variable that stands in its place.
    """

    protocol: str
    port: str
    path: str | None = None

    def about(self, target: int) -> bool:
        """Whether it asks at that port of the container, as far as that can be told."""
        return not self.port.isdecimal() or int(self.port) == target


def asked(part: Part) -> Asked | None:
    """What is asked of a service by itself; none where the check is a program of its own."""
    text = " ".join(_filled(value, part) for value in part.healthcheck or ())
    if GRPC.search(text):
        port = re.search(r":(\d+)\b", text)
        return Asked("grpc", port[1] if port else "")
    return next(_asked(text, _names(part)), None)


def every(part: Part) -> Iterator[Asked]:
    """All that is asked of a service by itself."""
    text = " ".join(_filled(value, part) for value in part.healthcheck or ())
    first = asked(part)
    yield from (first,) if first and first.protocol == "grpc" else ()
    yield from _asked(text, _names(part))


def _filled(value: Traced, part: Part) -> str:
    """A word of the check with the variables of the container's shell; one that nothing sets leaves nothing behind."""
    own = {**{name: found for name, found in part.environment.items() if found}, **STAYS}
    return interpolate(value, own.get).value.text


def _names(part: Part) -> tuple[str, ...]:
    own = (value.text for value in (part.container_name, part.hostname) if value is not None)
    return (*ITSELF, part.name, *own)


def _asked(text: str, hosts: tuple[str, ...]) -> Iterator[Asked]:
    address = ADDRESS.format(hosts="|".join(map(re.escape, hosts)))
    schemed = tuple(re.finditer(rf"(?P<scheme>https?)://{address}", text))
    asking = ASKS.search(text)
    bare = re.compile(rf"(?<=\s)[\"']?{address}").search(text, asking.end() - 1) if asking else None
    yield from (Asked(each["scheme"], _port(each, each["scheme"]), each["path"] or "/") for each in schemed)
    if bare and not schemed:
        yield Asked("http", _port(bare, "http"), bare["path"] or "/")
    connects = re.finditer(CONNECTS.format(hosts="|".join(map(re.escape, hosts))), text)
    yield from (Asked("", each["netcat"] or each["device"]) for each in connects)


def _port(address: re.Match[str], scheme: str) -> str:
    """The port that is asked; the usual one only where none is written at all, for a variable without a value is one."""
    return USUAL[scheme] if address["port"] is None else address["port"]
