"""What speaks against taking a number for a service's former, or for that of a service that moves: one answer for both.

What `migrate` leaves to people because of a doubt no scan may call the service's afterwards, and the other way round.
"""

from __future__ import annotations

from functools import cached_property

from portscan.evidence import declares, last
from portscan.evidence.beside import Speech
from portscan.evidence.hosts import LOOPBACK, bare_host, is_here, to_be_filled_in
from portscan.evidence.outsiders import Called, strange, words
from portscan.expressions import compiled
from portscan.findings import Breach
from portscan.judge.past import named_after, tells_of_the_past
from portscan.judge.wellknown import directory
from portscan.model import PortLiteral
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Registry
from portscan.resolve import Resolved

PRESUMED = "only the owner of the file says that this is its port"
COMMON = "is a number that many use"
ELSEWHERE = "containers know the host by that name, and in there the port may be another"
HOST = compiled(r"[a-z][\w.-]*|\d+(?:\.\d+){3}")
# Where an entry of a compose file tells its container about others.
SETTING = compiled(r"(?:^|\.)(?:environment|args)(?:\.|$)")


def claimed(resolved: Resolved, endpoint: Endpoint) -> bool:
    """Whether more than the number says that a literal is about an endpoint."""
    claims = (resolved.variable, resolved.mapped, *resolved.pinned)
    services = (resolved.owner.name if resolved.owner else None, resolved.host.service if resolved.host else None)
    return endpoint.service in services or any(each == endpoint for each in claims if each is not None)


def doubt(resolved: Resolved, endpoint: Endpoint) -> str | None:
    """What speaks against a literal of which only the number is known, as the end of a sentence; none when nothing does."""
    host = bare_host(resolved.literal.host)
    says = host not in LOOPBACK and not to_be_filled_in(host)
    return f"stands behind `{resolved.literal.host}`" if says else _beside_the_host(resolved, endpoint)


@dataclass(frozen=True)
class Hesitation:
    """Knows why a person should look before the number of a finding is tied to its service, as a sentence without an end."""

    registry: Registry
    generic: tuple[str, ...]

    def about(self, resolved: Resolved, found: Breach) -> str:
        """Why for one finding; empty when nothing speaks against its service."""
        endpoint = self.registry.by_variable.get(found.variable or "")
        if resolved.pinned or endpoint is None:
            return ""
        if resolved.literal.context != "code":
            return ELSEWHERE if resolved.inside and resolved.host and not declares(self.registry, resolved.host) else ""
        if found.code not in ("PS001", "PS004"):
            return PRESUMED if resolved.presumed else ""
        if tells_of_the_past(resolved.literal):
            return "it tells of the past"
        if named_after(resolved.literal):
            return f"the file is named after {resolved.literal.port}"
        return self._named_otherwise(resolved, endpoint) or (
            "" if claimed(resolved, endpoint) else self._alone(resolved, endpoint)
        )

    def _named_otherwise(self, resolved: Resolved, endpoint: Endpoint) -> str:
        """A host or a variable that may be somebody else's, whoever owns the file."""
        literal, service = resolved.literal, self.registry.by_name[endpoint.service]
        host, name = bare_host(literal.host), strange(literal, service, self._called)
        if not is_here(host) and host not in self.registry.by_host and HOST.fullmatch(host):
            return f"`{literal.host}` is no host of a registered service"
        strangely = name is not None and not resolved.presumed
        return f"`{name}` may be called after another service than `{service.name}`" if strangely else ""

    def _alone(self, resolved: Resolved, endpoint: Endpoint) -> str:
        """What speaks against the number where it is all that is known."""
        literal = resolved.literal
        if any(variable in self.generic for variable in literal.variables):
            return f"`{literal.variable}` is the variable of whatever runs here"
        if literal.port in directory().usual and not _named_in_full(resolved, endpoint):
            return f"{literal.port} {COMMON}"
        why = _beside_the_host(resolved, endpoint)
        other = "" if why or _named_near(resolved, endpoint) else self._spoken(resolved)
        return f"it {why}" if why else f"it stands beside the name of `{other}`" if other else ""

    def _spoken(self, resolved: Resolved) -> str:
        """The service that the passage speaks of; it is known not to speak of the one that has the number."""
        return next(iter(self._speech.mentioned(resolved.place.passage, len(str(resolved.literal.port)))), "")

    @cached_property
    def _called(self) -> Called:
        return Called(self.registry)

    @cached_property
    def _speech(self) -> Speech:
        return Speech(self.registry)


def _beside_the_host(resolved: Resolved, endpoint: Endpoint) -> str | None:
    literal, outsider = resolved.literal, resolved.outsider
    addressed = literal.host is not None and bare_host(literal.host) in LOOPBACK
    holder = literal.owner or (resolved.owner.name if resolved.owner else None)
    stranger = next((name for name in _names(literal) if words(name) and not words(name) & _own_words(endpoint)), None)
    doubts = (
        (outsider is not None, f"goes by the name {outsider.variable if outsider else ''}"),
        (stranger is not None and not addressed, f"goes by the name {stranger}"),
        (holder is not None and not (addressed and _tells(literal)), f"is written for `{holder}`"),
        (literal.language == "dockerfile", "is about the inside of some container"),
        (literal.port in directory().usual and not _named_near(resolved, endpoint), COMMON),
        (
            literal.context != "code" and not addressed and not _named_near(resolved, endpoint),
            f"says nothing of `{endpoint.service}`",
        ),
    )
    return next((why for speaks, why in doubts if speaks), None)


def _tells(literal: PortLiteral) -> bool:
    """Whether an address may be about somebody else: in files of a service, and in what an entry tells its container."""
    return literal.owner is None or SETTING.search(literal.name or "") is not None


def _names(literal: PortLiteral) -> tuple[str, ...]:
    """What a literal is called: its variables, and what it is assigned to."""
    named = (last(literal.name),) if literal.kind == "named" and literal.name else ()
    return (*literal.variables, *named)


def _own_words(endpoint: Endpoint) -> frozenset[str]:
    return words(endpoint.service) | words(endpoint.variable) | words(endpoint.name or "")


def _named_near(resolved: Resolved, endpoint: Endpoint) -> bool:
    """Whether the passage that a number stands in speaks of the service."""
    said = resolved.place.passage.text.lower()
    return any(word in said for word in _own_words(endpoint) or {endpoint.service.lower()})


def _named_in_full(resolved: Resolved, endpoint: Endpoint) -> bool:
    """Whether the passage has all that the service is called: any redis may be meant by `redis` at its usual port."""
    said = resolved.place.passage.text.lower()
    return all(word in said for word in words(endpoint.service) or {endpoint.service.lower()})
