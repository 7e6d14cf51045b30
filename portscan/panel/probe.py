"""What answers on this machine now: which registered ports accept connections, and which health checks are content."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Final

from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.registry.model import Endpoint, Registry

HERE: Final = "127.0.0.1"
PATIENCE: Final = 0.2  # seconds that a port of this machine gets to accept a connection
LONGER: Final = 2.0  # seconds that a health check gets to answer
AT_ONCE: Final = 32


class Listener(NamedTuple):
    """A port that accepts connections; `healthy` is none where the registry names no check."""

    port: int
    healthy: bool | None = None


def listening(registry: Registry) -> tuple[Listener, ...]:
    """The registered ports that something on this machine listens on, and how it is. Nobody else's machine is asked."""
    own = [endpoint for endpoint in registry.own if endpoint.transport == "tcp"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda endpoint: _asked(endpoint, registry), own)
        return tuple(sorted({one.port: one for one in found if one is not None}.values()))


def _asked(endpoint: Endpoint, registry: Registry) -> Listener | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as asking:
        asking.settimeout(PATIENCE)
        if asking.connect_ex((HERE, endpoint.port)):
            return None
    return Listener(endpoint.port, _healthy(endpoint, registry))


def _healthy(endpoint: Endpoint, registry: Registry) -> bool | None:
    """Whether the service's health check answers as it should; only its main endpoint has one, and only HTTP can be asked."""
    check = registry.by_name[endpoint.service].healthcheck
    protocol = (endpoint.protocol or "").lower()
    if check is None or endpoint.name is not None or protocol not in ("http", "https"):
        return None
    kind = HTTPSConnection if protocol == "https" else HTTPConnection
    connection = kind(HERE, endpoint.port, timeout=LONGER)
    try:
        connection.request("GET", check.endpoint)
        return connection.getresponse().status == check.expected
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
