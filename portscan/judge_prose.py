"""Documents and comments cannot bind: only a number that contradicts what stands beside it is wrong there."""

from __future__ import annotations

import re

from portscan.beside import Named
from portscan.breaches import Breaches, Verdict
from portscan.config import Config
from portscan.model import Severity
from portscan.registry.model import Endpoint, Registry, Service
from portscan.resolve import LOOPBACK, Resolved, bare_host


def said(resolved: Resolved, registry: Registry, config: Config, say: Breaches) -> Verdict:
    """What is wrong with a number in prose, or why nothing is."""
    literal, named = resolved.literal, _named(resolved, registry)
    severity: Severity = "note" if literal.context == "comment" else "warning"
    service = named.service if named else None
    if service is not None and _has(service, literal.port):
        return "right"
    if resolved.retired is not None and (service is None or service.name == resolved.retired.service):
        return say.retired(resolved, resolved.retired, severity)
    if resolved.place.passage.ranged:
        return "range"
    if named is None or service is None or literal.port in config.allow or not _contradicted(resolved, named, registry):
        return "unsaid"
    endpoint = resolved.variable or resolved.host or service.main
    certain = resolved.variable is not None or len(service.endpoints) == 1
    return say.stale(resolved, endpoint, f"the text speaks of `{service.name}`", severity, certain=certain)


def _named(resolved: Resolved, registry: Registry) -> Named | None:
    """The service that the variable, the host or the words beside the number name, in this order."""
    by_address: Endpoint | None = resolved.variable or resolved.host
    if by_address is not None:
        return Named(registry.by_name[by_address.service], True)
    elsewhere = bare_host(resolved.literal.host) not in LOOPBACK
    return None if elsewhere else resolved.named


def _contradicted(resolved: Resolved, named: Named, registry: Registry) -> bool:
    """Whether the passage can mean no other port: the right one is not in it, and nobody else has this one."""
    ports = "|".join(str(e.port) for e in named.service.endpoints)
    further = re.search(rf"(?<!\d)(?:{ports})(?!\d)", resolved.place.passage.text)
    anothers = resolved.literal.port in registry.by_port or resolved.literal.port in registry.by_container_port
    return further is None and (named.label or not anothers)


def _has(service: Service, port: int) -> bool:
    return any(port in (e.port, e.container_port) for e in service.endpoints)
