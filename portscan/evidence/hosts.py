"""What the name of a host says by itself: this very machine, a private network, or the world."""

from __future__ import annotations

from functools import lru_cache

from portscan.expressions import compiled

LOOPBACK = frozenset(
    ("", "*", "localhost", "127.0.0.1", "0.0.0.0", "::", "::1", "host.docker.internal", "host.containers.internal")
)
INTERNAL = (".local", ".localhost", ".internal", ".svc", ".cluster.local", ".lan", ".test", ".home", ".intranet", ".docker")
PLAIN = compiled(r"[\w.:-]+")  # what a name or an address is made of, and nothing that stands for one: `{host}`, `$HOST`
CLUSTER = compiled(r"([\w-]+)\.[\w-]+\.svc(?:\.[\w.-]+)?")  # what Kubernetes calls a service
DOMAIN = compiled(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+")
NAME = compiled(r"[a-z][\w-]*(?:\.[\w-]+)*")


@lru_cache(maxsize=4096)
def bare_host(host: str | None) -> str:
    """A host name as it is compared."""
    return (host or "").lower().strip("[]").rstrip(".")


def in_cluster(host: str) -> str:
    """The service that a host name of Kubernetes begins with."""
    match = CLUSTER.fullmatch(host)
    return match[1] if match else ""


def to_be_filled_in(host: str) -> bool:
    """Whether a host stands for another text, and so says nothing."""
    return bool(host) and PLAIN.fullmatch(host) is None


def is_here(host: str) -> bool:
    """Whether a host as it is compared is this very machine, by any of its names."""
    return host in LOOPBACK or host.startswith("127.") or host.endswith(".localhost")


def is_public(host: str) -> bool:
    """Whether a host as it is compared has a name of the public DNS."""
    return host not in LOOPBACK and DOMAIN.fullmatch(host) is not None and not host.endswith(INTERNAL)


def is_elsewhere(host: str) -> bool:
    """Whether a host as it is compared is called by a name, and one of another machine: no address, and no template."""
    return not is_here(host) and NAME.fullmatch(host) is not None
