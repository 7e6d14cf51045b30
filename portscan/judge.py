"""Is a resolved literal a finding, and which one? `docs/architecture.md` has the table of what counts as bound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from portscan.config import Config
from portscan.findings import Breach, FindingRule
from portscan.model import Finding, PortLiteral, Severity
from portscan.registry.model import Endpoint, Registry, Service
from portscan.resolve import LOOPBACK, Resolved

ASSIGNING_LANGUAGES = frozenset(("env",))
DECLARING_LANGUAGES = frozenset(("dockerfile",))  # `ARG API_PORT=4010` declares what an operator may set


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges literals by the rules of `rules/findings`. `today` decides about transition windows."""

    registry: Registry
    config: Config
    rules: Mapping[str, FindingRule]
    today: date
    spellings: Mapping[str, str]

    def judge(self, resolved: Resolved) -> Finding | None:
        """The finding at a literal, None when it is bound, verified or none of our business."""
        literal = resolved.literal
        if literal.port in self.config.allow:
            return None
        breach = self._breach(resolved)
        if breach is None:
            return None
        finding = self.rules[breach.code].finding(literal.path, breach)
        return replace(finding, literal=literal)

    def _breach(self, resolved: Resolved) -> Breach | None:
        if resolved.place.pin is not None:
            return self._pinned(resolved)
        if resolved.literal.context != "code":
            return self._prose(resolved)
        return self._code(resolved)

    def _pinned(self, resolved: Resolved) -> Breach | None:
        pin = resolved.place.pin
        service = self.registry.by_name.get(pin.service) if pin else None
        if service is None:
            return self._make("PS007", resolved, None, what=f"The pin `{pin.service if pin else ''}` names no registered service")
        literal = resolved.literal
        if any(literal.port in (e.port, e.container_port) for e in service.endpoints):
            return None
        return self._stale(resolved, service.main, f"the pin ties it to `{service.name}`")

    def _prose(self, resolved: Resolved) -> Breach | None:
        """Documents and comments cannot bind: only a number that contradicts what stands beside it is wrong."""
        literal = resolved.literal
        severity: Severity = "note" if literal.context == "comment" else "warning"
        by_host = (self.registry.by_name[resolved.claimed.service],) if resolved.claimed else ()
        named = by_host or resolved.named
        if any(literal.port in (e.port, e.container_port) for s in named for e in s.endpoints):
            return None
        if resolved.retired and (not named or any(s.name == resolved.retired.service for s in named)):
            return self._retired(resolved, severity)
        elsewhere = not by_host and (literal.host or "").lower() not in LOOPBACK
        if len(named) != 1 or elsewhere or self._is_range_end(literal.port):
            return None
        if not by_host and (_is_further(resolved) or self._is_known(resolved)):
            return None
        return self._stale(resolved, named[0].main, f"the text speaks of `{named[0].name}`", severity)

    def _is_known(self, resolved: Resolved) -> bool:
        """The number is that of another service: in a table row that is a contradiction, in a sentence it may be about both."""
        port, row = resolved.literal.port, resolved.place.line.lstrip().startswith("|")
        own = resolved.owner is not None and any(port in (e.port, e.container_port) for e in resolved.owner.endpoints)
        return own or (not row and port in self.registry.by_port)

    def _is_range_end(self, port: int) -> bool:
        return any(port in (r.first, r.last) for r in self.registry.ranges)

    def _code(self, resolved: Resolved) -> Breach | None:
        literal = resolved.literal
        if resolved.foreign and not self.config.strict:
            return None
        if literal.bound:
            return self._fallback(resolved)
        if _assigns(resolved):
            return self._assigned(resolved)
        if self._is_inside(resolved):
            return None
        if literal.side == "container" and not self.config.strict:
            return None  # the container side follows the image, and what is published is judged on the host side
        claimed = resolved.claimed
        if literal.side == "host" and literal.owner and claimed and literal.port != claimed.port:
            return self._published(resolved, claimed)
        return self._hardcoded(resolved)

    def _fallback(self, resolved: Resolved) -> Breach | None:
        """The fallback of an environment look-up: bound if the variable is registered and the number is the registry's."""
        literal, claimed = resolved.literal, resolved.claimed
        known = claimed is not None and any(self._stands_for(v, claimed) for v in literal.variables)
        if known and claimed is not None:
            if literal.port == claimed.port or (literal.port == claimed.container_port and self._is_generic(literal)):
                return None
            return self._stale(resolved, claimed, f"it is the fallback of `{literal.variable}`")
        if self._is_inside(resolved):
            return None
        return self._hardcoded(resolved, unregistered=literal.variable)

    def _stands_for(self, variable: str, endpoint: Endpoint) -> bool:
        registered = self.registry.by_variable.get(variable)
        if registered is not None:
            return registered.service == endpoint.service
        return variable in self.config.generic_variables

    def _is_generic(self, literal: PortLiteral) -> bool:
        return not any(variable in self.registry.by_variable for variable in literal.variables)

    def _assigned(self, resolved: Resolved) -> Breach | None:
        claimed = resolved.claimed
        if claimed is None or resolved.literal.port == claimed.port:
            return None
        in_container = resolved.literal.port == claimed.container_port and not self._is_registered(resolved.literal.name)
        return None if in_container else self._stale(resolved, claimed, f"it is the value of `{_last(resolved.literal.name)}`")

    def _is_registered(self, name: str | None) -> bool:
        return _last(name) in self.registry.by_variable

    def _is_inside(self, resolved: Resolved) -> bool:
        """A port used inside the network of the containers: verified when it is the service's container port."""
        if self.config.strict:
            return False
        literal = resolved.literal
        host = (literal.host or "").lower()
        by_host = self.registry.by_host.get(host)
        if by_host is not None and host not in LOOPBACK:
            return _in_container(by_host) and any(literal.port == e.container_port for e in by_host.endpoints)
        own = resolved.owner
        checks = "healthcheck" in (literal.name or "").lower()
        return own is not None and checks and host in LOOPBACK and any(literal.port == e.container_port for e in own.endpoints)

    def _published(self, resolved: Resolved, claimed: Endpoint) -> Breach | None:
        """Compose publishes a service elsewhere than the registry says, or publishes a further port of it."""
        other = resolved.place.partner
        if other is None or other.port in (claimed.container_port, claimed.port):
            return self._stale(resolved, claimed, f"compose publishes `{claimed.service}` here")
        return self._hardcoded(replace(resolved, claimed=None, endpoints=self.registry.by_port.get(resolved.literal.port, ())))

    def _hardcoded(self, resolved: Resolved, unregistered: str | None = None) -> Breach | None:
        literal = resolved.literal
        if resolved.retired is not None:
            return self._retired(resolved)
        candidates = [e for e in resolved.endpoints if literal.port in (e.port, e.container_port)]
        if not candidates:
            claimed = resolved.claimed
            if claimed is not None and self._is_registered(literal.name) and unregistered is None:
                return self._stale(resolved, claimed, f"it is the value of `{_last(literal.name)}`")
            return self._make("PS002", resolved, None)
        if len(candidates) > 1:
            services = ", ".join(f"`{e.service}`" for e in candidates)
            return self._make("PS005", resolved, None, services=services)
        endpoint = candidates[0]
        if unregistered is not None:
            return self._make("PS004", resolved, endpoint, variable=unregistered)
        return self._make("PS001", resolved, endpoint)

    def _retired(self, resolved: Resolved, severity: Severity | None = None) -> Breach:
        old = resolved.retired
        assert old is not None
        endpoint = self.registry.by_name[old.service].main
        over = self.today > old.until
        when = f"was to be gone by {old.until}" if over else f"goes away after {old.until}"
        chosen: Severity = severity or ("error" if over else "warning")
        return self._make("PS006", resolved, endpoint, chosen, when=when)

    def _stale(self, resolved: Resolved, endpoint: Endpoint, why: str, severity: Severity | None = None) -> Breach:
        return self._make("PS003", resolved, endpoint, severity, why=why)

    def _spelled(self, literal: PortLiteral, endpoint: Endpoint | None) -> str:
        """How the literal's language reads the variable: the end of a sentence, empty where it cannot."""
        template = self.spellings.get(literal.language)
        if template is None or endpoint is None:
            return ""
        return f": `{template.replace('<variable>', endpoint.variable).replace('<port>', str(endpoint.port))}`"

    def _make(
        self, code: str, resolved: Resolved, endpoint: Endpoint | None, severity: Severity | None = None, **more: object
    ) -> Breach:
        literal = resolved.literal
        values = {
            "port": literal.port,
            "service": endpoint.service if endpoint else "",
            "expected": endpoint.port if endpoint else "",
            "bind": endpoint.variable if endpoint else "",
            "variable": literal.variable or "",
            "spelling": self._spelled(literal, endpoint),
            **more,
        }
        return Breach(
            code,
            literal.location,
            values,
            port=literal.port,
            service=endpoint.service if endpoint else None,
            variable=endpoint.variable if endpoint else None,
            severity=severity,
        )


def _assigns(resolved: Resolved) -> bool:
    """Whether the literal is the whole value of a variable in an env-like file, or of the registered one in a Dockerfile."""
    literal, claimed = resolved.literal, resolved.claimed
    if literal.kind != "named" or claimed is None:
        return False
    declares = literal.language in DECLARING_LANGUAGES and _last(literal.name) == claimed.variable
    return declares or literal.language in ASSIGNING_LANGUAGES


def _in_container(service: Service) -> bool:
    return service.container is not False and not service.external


def _is_further(resolved: Resolved) -> bool:
    """Whether the line also holds the right number of the service it speaks of: then this number is about something else."""
    ports = "|".join(str(e.port) for s in resolved.named for e in s.endpoints)
    return bool(ports) and re.search(rf"(?<!\d)(?:{ports})(?!\d)", resolved.place.line) is not None


def _last(name: str | None) -> str:
    return (name or "").rsplit(".", 1)[-1]
