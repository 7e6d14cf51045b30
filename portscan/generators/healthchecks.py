"""How a container finds out by itself whether it is well: one shell command, made of what common images bring along.

Images differ in what they hold, so a command tries the tools for its protocol in turn. Where there is none of them it falls
back to the kernel's table of sockets, which a shell with `grep` can read: the port is open, if nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from portscan.generators.checks import in_address
from portscan.generators.protocols import WEB, scheme
from portscan.registry.model import Service
from portscan.tuples import NamedTuple

SECONDS: Final = 5


class Tool(NamedTuple):
    """A program and the words that ask with it; {port}, {url} and {status} are filled in."""

    program: str
    asks: str


# By scheme, the likeliest tool first.
TOOLS: Final[Mapping[str, Sequence[Tool]]] = MappingProxyType(
    {
        "postgresql": (Tool("pg_isready", "pg_isready -q -h 127.0.0.1 -p {port}"),),
        "redis": (
            Tool("redis-cli", "redis-cli -p {port} ping | grep -Eq 'PONG|NOAUTH'"),
            Tool("valkey-cli", "valkey-cli -p {port} ping | grep -Eq 'PONG|NOAUTH'"),
        ),
        "amqp": (Tool("rabbitmq-diagnostics", "rabbitmq-diagnostics -q check_port_listener {port}"),),
        "mysql": (
            Tool("mysqladmin", "mysqladmin ping -h 127.0.0.1 -P {port} --silent"),
            Tool("mariadb-admin", "mariadb-admin ping -h 127.0.0.1 -P {port} --silent"),
        ),
        "mongodb": (Tool("mongosh", 'mongosh --quiet --port {port} --eval "db.adminCommand({{ping: 1}})"'),),
        "grpc": (Tool("grpc_health_probe", "grpc_health_probe -addr=127.0.0.1:{port}"),),
    }
)
ASKS_WEB: Final = (
    Tool("curl", "test \"$(curl -sk -o /dev/null -m {seconds} -w '%{{http_code}}' '{url}')\" = {status}"),
    Tool("wget", "wget -S -T {seconds} -O /dev/null{insecure} '{url}' 2>&1 | grep -m1 HTTP/ | grep -q ' {status}'"),
    Tool(
        "node",
        "node -e \"fetch('{url}', {{redirect: 'manual'}})"
        '.then(r => process.exit(r.status === {status} ? 0 : 1), () => process.exit(1))"',
    ),
)


def command(service: Service) -> str:
    """The command that asks the service's main port, inside its container, for a shell; exit status 0 is well."""
    spoken = scheme(service.main) or ""
    port = service.container_port
    listening = _listening(port, service.main.transport)
    health = service.healthcheck
    if health and (spoken in WEB or not spoken):
        secure = spoken in ("https", "wss")
        url = f"{'https' if secure else 'http'}://127.0.0.1:{port}{in_address(health.endpoint)}".replace("'", "%27")
        insecure = " --no-check-certificate" if secure else ""
        asks = [
            Tool(tool.program, tool.asks.format(url=url, status=health.expected, seconds=SECONDS, insecure=insecure))
            for tool in ASKS_WEB
        ]
    else:
        asks = [Tool(tool.program, tool.asks.format(port=port)) for tool in TOOLS.get(spoken, ())]
    return _chain(asks, listening)


def _chain(tools: Sequence[Tool], fallback: str) -> str:
    """The first tool that the image has, or else the fallback."""
    if not tools:
        return fallback
    tries = [f"if command -v {tool.program} >/dev/null; then {tool.asks}; " for tool in tools]
    return f"{'el'.join(tries)}else {fallback}; fi"


def _listening(port: int, transport: str) -> str:
    """Whether a socket is open at the port: the tables name ports in hexadecimal, and 0A is "listening", 07 unconnected UDP."""
    state = "07" if transport == "udp" else "0A"
    return f"grep -Eqs ':{port:04X} 0+:0000 {state}' /proc/net/{transport} /proc/net/{transport}6"
