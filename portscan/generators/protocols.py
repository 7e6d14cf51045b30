"""What the registry's protocols mean to the generators: the scheme of an address, and whether a browser can ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portscan.registry.model import Endpoint

# By protocol: the scheme of its addresses. A protocol that is not here has no address that a program could use.
SCHEMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{name: name for name in ("http", "https", "ws", "wss", "grpc", "redis", "rediss", "amqp", "amqps", "mongodb", "mysql")},
        **{
            name: name
            for name in ("mqtt", "nats", "ftp", "sftp", "ssh", "smtp", "ldap", "ldaps", "rtsp", "tcp", "udp", "clickhouse")
        },
        "h2": "https",
        "websocket": "ws",
        "grpcs": "grpcs",
        "postgres": "postgresql",
        "postgresql": "postgresql",
        "timescale": "postgresql",
        "timescaledb": "postgresql",
        "pgbouncer": "postgresql",
        "rabbitmq": "amqp",
        "redis-sentinel": "redis",
        "mariadb": "mysql",
        "mongo": "mongodb",
    }
)
WEB: Final = frozenset(("http", "https", "ws", "wss"))


def scheme(endpoint: Endpoint) -> str | None:
    """The scheme of the endpoint's addresses; none where the registry names no protocol that has one."""
    protocol = (endpoint.protocol or "").lower()
    return SCHEMES.get(protocol.partition("/")[0]) or SCHEMES.get(protocol.rpartition("/")[2])
