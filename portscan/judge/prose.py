"""Documents and comments cannot bind: only a number that contradicts what stands beside it is wrong there."""

from __future__ import annotations

from portscan.config import Config
from portscan.evidence import anybodys, has
from portscan.evidence.beside import Named
from portscan.evidence.hosts import LOOPBACK, bare_host
from portscan.expressions import compiled
from portscan.judge.breaches import Breaches, Verdict
from portscan.judge.doubts import claimed, doubt
from portscan.judge.past import tells_of_the_past
from portscan.model import Severity
from portscan.registry.model import Endpoint, Previous, Registry, Service
from portscan.resolve import Resolved

PATH = compiled(r"/[\w{<:$]")
NUMBER = compiled(r"\d+")
ASKED = compiled(r"/[\w./-]*")


def said(resolved: Resolved, registry: Registry, config: Config, say: Breaches) -> Verdict:
    """What is wrong with a number in prose, or why nothing is."""
    literal, named = resolved.literal, _named(resolved, registry)
    severity: Severity = "note" if literal.context == "comment" else "warning"
    if named is not None and _right(resolved, named.service):
        return "right"
    if tells_of_the_past(literal):
        return "past"
    if resolved.retired is not None and (
        named is None or named.service.name == resolved.retired.service or _is_gateway(resolved)
    ):
        return _former(resolved, resolved.retired, registry, say, severity)
    if resolved.place.passage.ranged:
        return "range"
    if named is None or literal.port in config.allow or not _contradicted(resolved, named, registry):
        return "unsaid"
    endpoint = resolved.variable or resolved.host or named.service.main
    certain = resolved.variable is not None or (named.alone and len(named.service.endpoints) == 1)
    return say.stale(resolved, endpoint, f"the text speaks of `{named.service.name}`", severity, certain=certain)


def _former(resolved: Resolved, old: Previous, registry: Registry, say: Breaches, severity: Severity) -> Verdict:
    """A number that a service had; silent where it may be about anybody."""
    named = resolved.named is not None and resolved.named.service.name == old.service
    now = registry.endpoint_of(old)
    if named or claimed(resolved, now) or doubt(resolved, now) is None:
        return say.retired(resolved, old, severity)
    return "unsaid"


def _is_gateway(resolved: Resolved) -> bool:
    """Whether the number is that of an address with a path: a gateway answers at one port for many services."""
    passage = resolved.place.passage
    return PATH.match(passage.text, passage.at + len(str(resolved.literal.port))) is not None


def _named(resolved: Resolved, registry: Registry) -> Named | None:
    """The service that the variable, the host or the words beside the number name, in this order."""
    by_address: Endpoint | None = resolved.variable or resolved.host
    if by_address is not None:
        return Named(registry.by_name[by_address.service], True)
    elsewhere = bare_host(resolved.literal.host) not in LOOPBACK
    return None if elsewhere else resolved.named


def _contradicted(resolved: Resolved, named: Named, registry: Registry) -> bool:
    """Whether the passage can mean no other port: the right one is not in it, and nobody else has this one, or had it.

    A gateway answers at one port for many services, each with a path of its own; which port that is, is no matter of theirs.
    """
    passage, literal = resolved.place.passage, resolved.literal
    if _routed(passage.text, passage.at + len(str(literal.port)), named.service):
        return False
    if resolved.variable is not None or resolved.host is not None:
        return resolved.variable is not None or not passage.inside
    own = {str(endpoint.port) for endpoint in named.service.endpoints}
    further = not own.isdisjoint(NUMBER.findall(passage.text))
    anothers = anybodys(registry, literal.port)
    return not further and not passage.inside and (not anothers or (named.label and not _is_gateway(resolved)))


def _right(resolved: Resolved, service: Service) -> bool:
    """Whether the number is the variable's, or one of the service's, on either side."""
    port = resolved.literal.port
    return port == resolved.variable.port if resolved.variable else has(service.endpoints, port)


def _routed(text: str, end: int, service: Service) -> bool:
    """Whether the address that goes on at `end` asks for the path under which the gateway serves a service."""
    asked, route = ASKED.match(text, end), (service.gateway_path or "").rstrip("/")
    if asked is None or service.gateway_path is None:
        return False
    path = asked.group().rstrip("/")
    return path == route or (route != "" and path.startswith(f"{route}/"))
