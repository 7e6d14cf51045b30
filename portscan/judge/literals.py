"""Is a resolved literal a finding, and which one? Clause by clause, in the order of `docs/architecture.md`.

Each clause answers with a breach, with the reason why there is none, or with nothing when it has nothing to say.
All stand in one module, though a long one, since their order decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from portscan.config import Config
from portscan.evidence import binds, by_scheme, declares, last, of_check
from portscan.evidence.hosts import LOOPBACK, bare_host
from portscan.findings import FindingRule
from portscan.judge.breaches import VALUE_LANGUAGES, Breaches, Verdict
from portscan.judge.doubts import Hesitation
from portscan.judge.past import tells_of_the_past
from portscan.judge.prose import said
from portscan.judge.references import References
from portscan.model import Finding
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Registry
from portscan.resolve import Resolved

STRICTLY = frozenset(("verified", "foreign host", "scheme"))  # what --strict reports all the same
DECLARING_LANGUAGES = frozenset(("dockerfile",))  # `ARG API_PORT=4010` declares what an operator may set


@dataclass(frozen=True)
class Judge:
    """Judges literals by the rules of `rules/findings`. `today` decides about moves; `mute` languages have no comments."""

    registry: Registry
    config: Config
    rules: Mapping[str, FindingRule]
    today: date
    spellings: References
    mute: frozenset[str] = frozenset()

    def judge(self, resolved: Resolved) -> Finding | None:
        """The finding at a literal, None when it is bound, verified or none of our business."""
        verdict = self.verdict(resolved)
        if isinstance(verdict, str):
            return None
        doubt = self._hesitation.about(resolved, verdict)
        return self.rules[verdict.code].finding(
            resolved.literal.path, verdict, resolved.literal, doubt, pinned=bool(resolved.pinned)
        )

    def verdict(self, resolved: Resolved) -> Verdict:
        """What is wrong with a literal, or why nothing is."""
        if resolved.literal.context != "code":
            return said(resolved, self.registry, self.config, self._say)
        for clause in self.CLAUSES:
            verdict = clause(self, resolved)
            if verdict is not None:
                break
        else:
            return self._unbound(resolved)
        if self.config.strict and isinstance(verdict, str) and verdict in STRICTLY:
            return self._allowed(resolved) or self._unbound(resolved)
        return verdict

    # Bound

    def _pin(self, resolved: Resolved) -> Verdict | None:
        """A pin ties the literal to a service."""
        if not resolved.pinned:
            return None
        if any(resolved.literal.port in (e.port, e.container_port) for e in resolved.pinned):
            return "pinned"
        endpoint = resolved.pinned[0]
        why = f"the pin ties it to `{endpoint.service}`"
        return self._say.stale(resolved, endpoint, why, certain=len(resolved.pinned) == 1)

    def _fallback(self, resolved: Resolved) -> Verdict | None:
        """The fallback of a look-up of a registered variable, or of a generic one that stands for its owner's."""
        literal, endpoint = resolved.literal, resolved.variable
        if not literal.bound or endpoint is None:
            return None
        if literal.port == endpoint.port:
            return "bound"
        if resolved.listening or self._listens(resolved, endpoint):
            return "verified"
        return self._say.stale(resolved, endpoint, f"it is the fallback of `{self._variable(resolved, endpoint)}`")

    def _value(self, resolved: Resolved) -> Verdict | None:
        """The value of the variable itself, in a file that sets variables and does nothing else."""
        literal, endpoint = resolved.literal, resolved.variable
        if endpoint is None or not (literal.kind == "named" or binds(literal)) or not self._sets(resolved, endpoint):
            return None
        if literal.port == endpoint.port:
            return "value"
        if self._listens(resolved, endpoint):
            return "verified"
        return self._say.stale(resolved, endpoint, f"it is the value of `{last(literal.name)}`")

    # Verified

    def _container_side(self, resolved: Resolved) -> Verdict | None:
        """The container side of a mapping. Where the registry is silent about it, the image decides."""
        if resolved.literal.side != "container":
            return None
        mapped = resolved.mapped
        wrong = mapped is not None and resolved.literal.port != mapped.container_port and declares(self.registry, mapped)
        return self._say.misdirected(resolved, mapped) if wrong and mapped else "verified"

    def _own_health_check(self, resolved: Resolved) -> Verdict | None:
        """A container that asks itself; what a compose service that is not registered listens on is its own affair."""
        literal, owner = resolved.literal, resolved.owner
        checks = of_check(literal.name) and bare_host(literal.host) in LOOPBACK
        if not checks or resolved.place.on_host or (owner is None and literal.owner is None):
            return None
        if owner is None or any(literal.port == e.container_port for e in owner.endpoints):
            return "verified"
        published = next((e for e in owner.endpoints if literal.port == e.port and declares(self.registry, e)), None)
        if published:
            return self._say.misdirected(resolved, published)
        return None if any(declares(self.registry, e) for e in owner.endpoints) else "verified"

    def _own_name(self, resolved: Resolved) -> Verdict | None:
        """A service's name in the network of the containers, with the port of its container."""
        host = resolved.host
        if host is None or not resolved.inside:
            return None
        service = self.registry.by_name[host.service]
        there = service.container is not False and not service.external
        return "verified" if there and any(resolved.literal.port == e.container_port for e in service.endpoints) else None

    def _own_entry(self, resolved: Resolved) -> Verdict | None:
        """What a compose entry tells its container: its own port in there, or another's under that one's variable."""
        literal, owner = resolved.literal, resolved.owner
        if resolved.listening:
            return "verified"
        if resolved.variable is not None and self._listens(resolved, resolved.variable):
            return "verified"
        own = literal.owner is not None and bare_host(literal.host) in LOOPBACK and literal.kind != "mapping"
        if not own or owner is None or resolved.variable is not None or resolved.place.on_host:
            return None
        ports = {e.container_port for e in owner.endpoints} - {e.port for e in owner.endpoints}
        return "verified" if literal.port in ports else None

    # None of our business

    def _allowed(self, resolved: Resolved) -> Verdict | None:
        """The configuration allows the port anywhere."""
        return "allowed" if resolved.literal.port in self.config.allow else None

    def _foreign(self, resolved: Resolved) -> Verdict | None:
        """Another's port, on a public host; the choice between the ports of http and https, which nobody decides."""
        if resolved.foreign:
            return "foreign host"
        decided = resolved.variable or resolved.host or resolved.mapped
        return "scheme" if not decided and by_scheme(resolved.place) else None

    # Contradictions

    def _published_elsewhere(self, resolved: Resolved) -> Verdict | None:
        """Compose publishes a service at another port than the registry says."""
        mapped = resolved.mapped
        if mapped is None or resolved.variable or resolved.literal.port == mapped.port:
            return None
        return self._say.stale(resolved, mapped, f"compose publishes `{mapped.service}` here")

    def _other_port_of_the_host(self, resolved: Resolved) -> Verdict | None:
        """The host is a service's, the number is one that it had, or a further port that the registry does not have."""
        host, literal = resolved.host, resolved.literal
        if host is None or resolved.variable or literal.port in (host.port, host.container_port):
            return None
        return self._say.retired(resolved, resolved.retired) if resolved.retired else self._say.unregistered(resolved)

    def _other_value(self, resolved: Resolved) -> Verdict | None:
        """A registered variable is given another number than the registry's."""
        endpoint = resolved.variable
        if endpoint is None or resolved.literal.bound or resolved.literal.port == endpoint.port:
            return None
        return self._say.stale(resolved, endpoint, f"it is the value of `{last(resolved.literal.name)}`")

    def _of_a_stranger(self, resolved: Resolved) -> Verdict | None:
        """What a compose service that is not registered listens on may be another's number by chance."""
        literal, endpoints = resolved.literal, resolved.endpoints
        stranger = literal.owner if resolved.owner is None and not (resolved.host or resolved.variable) else None
        generic = last(literal.name) in self.config.generic_variables
        if not stranger or not endpoints or literal.bound or not (generic or literal.kind in ("flag", "call")):
            return None
        return self._say.ambiguous(resolved, endpoints, stranger)

    def _unbound(self, resolved: Resolved) -> Verdict:
        """Everything else: by whether the registry knows the number, and for how many services."""
        literal = resolved.literal
        if resolved.retired is not None:
            return "past" if tells_of_the_past(literal) else self._say.retired(resolved, resolved.retired)
        candidates = [e for e in resolved.endpoints if literal.port in (e.port, e.container_port)]
        if not candidates:
            return self._say.unregistered(resolved)
        if len(candidates) > 1:
            return self._say.ambiguous(resolved, candidates)
        known = resolved.variable is not None or not literal.bound
        return self._say.hardcoded(resolved, candidates[0]) if known else self._say.unknown_variable(resolved, candidates[0])

    # In their order: the first one that has something to say decides. Those of a judge would hold on to it, and to its file.
    CLAUSES = (
        _pin,
        _fallback,
        _value,
        _container_side,
        _own_health_check,
        _own_name,
        _own_entry,
        _allowed,
        _foreign,
        _published_elsewhere,
        _other_port_of_the_host,
        _other_value,
        _of_a_stranger,
    )

    # What the clauses ask for

    @cached_property
    def _hesitation(self) -> Hesitation:
        return Hesitation(self.registry, self.config.generic_variables)

    @cached_property
    def _say(self) -> Breaches:
        return Breaches(self.registry, self.config.generic_variables, self.today, self.spellings, self.mute)

    def _names(self, resolved: Resolved) -> tuple[str, ...]:
        return resolved.literal.variables or (last(resolved.literal.name),)

    def _variable(self, resolved: Resolved, endpoint: Endpoint) -> str:
        """The variable by which the literal is about an endpoint: its own, or a generic one."""
        names = self._names(resolved)
        generic = next((name for name in names if name in self.config.generic_variables), names[0])
        return endpoint.variable if endpoint.variable in names else generic

    def _sets(self, resolved: Resolved, endpoint: Endpoint) -> bool:
        language = resolved.literal.language
        declares = language in DECLARING_LANGUAGES and last(resolved.literal.name) == endpoint.variable
        return declares or language in VALUE_LANGUAGES

    def _listens(self, resolved: Resolved, endpoint: Endpoint) -> bool:
        """Whether a variable is given the port inside the container, and in a place that speaks of the inside."""
        literal = resolved.literal
        if resolved.place.on_host or literal.port != endpoint.container_port or literal.port == endpoint.port:
            return False
        generic = endpoint.variable not in self._names(resolved)
        return generic or (literal.owner is not None and not literal.bound)
