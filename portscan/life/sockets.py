"""Whether something listens on a port of this machine, found out without sending a byte."""

from __future__ import annotations

import errno
import os
import socket
from typing import Final

FAMILIES: Final = ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::"))
TAKEN: Final = frozenset((errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE)))


def listening(port: int, transport: str = "tcp") -> bool:
    """Whether a port is held. Where this may not be tried (below 1024, without rights), the answer is no."""
    return any(_held(family, address, port, transport) for family, address in FAMILIES)


def _held(family: int, address: str, port: int, transport: str) -> bool:
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    try:
        with socket.socket(family, kind) as tried:
            if kind == socket.SOCK_STREAM and os.name == "posix":
                # A connection that was closed a moment ago is no listener.
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            tried.bind((address, port))
    except OSError as error:
        return error.errno in TAKEN
    return False


def reachable(host: str, port: int, patience: float = 1.0) -> bool:
    """Whether a TCP connection to a port can be made."""
    try:
        with socket.create_connection((host, port), timeout=patience):
            return True
    except OSError:
        return False
