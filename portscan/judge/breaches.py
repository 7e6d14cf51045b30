"""What is wrong with a literal, in the terms of the rules: the values that fill the words of `rules/findings/PS00*`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal, TypeAlias

from portscan.expressions import compiled
from portscan.findings import Breach
from portscan.judge.doubts import COMMON, claimed, doubt
from portscan.judge.references import References
from portscan.judge.registering import Registering, further
from portscan.model import PortLiteral, Severity
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Previous, Registry
from portscan.resolve import Resolved

VALUE_LANGUAGES = frozenset(("env",))  # files that set variables and do nothing else

# Variables that are called after an address, of which a port is but a part.
ADDRESS = compiled(r"(?:URLS?|URIS?|ADDR(?:ESS(?:ES)?)?|HOSTS?|DSN|ENDPOINTS?|ORIGINS?|SERVERS?|NODES|BROKERS?)$", re.IGNORECASE)
# Why a literal is no finding.
Quiet = Literal["pinned", "bound", "value", "verified", "allowed", "foreign host", "scheme", "right", "past", "range", "unsaid"]
Verdict: TypeAlias = "Breach | Quiet"


@dataclass(frozen=True, slots=True)
class Breaches:
    """Makes the breaches PS001 to PS006. `spellings` say how each language reads a variable; the `mute` ones have no comments."""

    registry: Registry
    generic: tuple[str, ...]
    today: date
    spellings: References
    mute: frozenset[str] = frozenset()

    def hardcoded(self, resolved: Resolved, endpoint: Endpoint) -> Breach:
        """PS001: the port of `endpoint` is written out."""
        return self.of("PS001", resolved, endpoint, remedy=self._remedy(resolved.literal, endpoint))

    def unregistered(self, resolved: Resolved) -> Breach:
        """PS002: nobody has this port, or not who is said to have it."""
        service, outsider = self._registering.service(resolved), resolved.outsider
        name = service.name if service else outsider.name if outsider else ""
        return self.of(
            "PS002",
            resolved,
            service.main if service else None,
            variable=None,
            whose=f" of `{name}`" if name else "",
            standing=self._standing(resolved),
            remedy=self._registering.remedy(resolved),
        )

    def _standing(self, resolved: Resolved) -> str:
        """How the registry has the number."""
        if any(resolved.literal.port in span for span in self.registry.reserved):
            return "reserved by the registry, and belongs to no service"
        holders = resolved.outsider.holders if resolved.outsider else ()
        names = ", ".join(f"`{each.service}`" for each in holders)
        return f"not in the registry, which has it for {names}" if names else "not in the registry"

    def stale(
        self, resolved: Resolved, endpoint: Endpoint, why: str, severity: Severity | None = None, *, certain: bool = True
    ) -> Breach:
        """PS003: the number contradicts the registry; PS006 while the service moves away from it.

        What is not `certain` to be about this very port of the service names no variable, so that nothing is rewritten.
        """
        if resolved.retired is not None and resolved.retired.service == endpoint.service:
            return self.retired(resolved, resolved.retired, severity)
        remedy = (
            f"Write {endpoint.port}"
            if certain
            else self._doubt(endpoint, further(self.registry.by_name[endpoint.service], resolved))
        )
        known = endpoint.variable if certain else None
        return self.of("PS003", resolved, endpoint, severity, known, why=why, remedy=remedy)

    def misdirected(self, resolved: Resolved, endpoint: Endpoint) -> Breach:
        """PS003 inside a container, where the port is another than outside."""
        inside = endpoint.container_port
        why = "that is what its container listens on"
        return self.of("PS003", resolved, endpoint, variable=None, why=why, expected=inside, remedy=f"Write {inside}")

    def unknown_variable(self, resolved: Resolved, endpoint: Endpoint) -> Breach:
        """PS004: the look-up of a variable that the registry does not know falls back to the port of `endpoint`."""
        if any(variable in self.generic for variable in resolved.literal.variables):
            unknown, instead = "and no service owns this file", "list the file under `paths` of the service that it belongs to"
        elif resolved.outsider is not None:
            own = self._registering.instead(resolved, resolved.outsider)
            unknown, instead = "which the registry does not know", f"{own} if that is another one"
        else:
            unknown, instead = "which the registry does not know", self._own_variable(resolved.literal, endpoint)
        return self.of("PS004", resolved, endpoint, unknown=unknown, instead=instead)

    def _own_variable(self, literal: PortLiteral, endpoint: Endpoint) -> str:
        """What to do about a variable that nobody has: one that holds an address is no port of the registry."""
        if literal.kind == "url" or literal.host is not None or ADDRESS.search(literal.variable or ""):
            return self._pin(literal, endpoint)
        return f"give `{endpoint.service}` the variable with `env`"

    def ambiguous(self, resolved: Resolved, candidates: Iterable[Endpoint], stranger: str | None = None) -> Breach:
        """PS005: several services have the number, or one of them and a `stranger` whose entry this is."""
        names = ", ".join(f"`{each.service}`" for each in candidates)
        beyond = f", or of the compose service `{stranger}`, which the registry does not know" if stranger else ""
        mute = resolved.literal.language in self.mute
        pin = "tie it to one with a `[[pin]]` in the configuration" if mute else "pin the line with `portscan: SERVICE`"
        return self.of("PS005", resolved, None, services=f"{names}{beyond}", pin=pin)

    def retired(self, resolved: Resolved, old: Previous, severity: Severity | None = None) -> Breach:
        """PS006: the service had this port before. Its date decides how much that weighs in code."""
        over = self.today > old.until
        when = f"was given up on {old.end}" if over else f"goes away after {old.until}"
        weight: Severity = severity or ("error" if over else "warning")
        now = self.registry.endpoint_of(old)
        why = None if claimed(resolved, now) else doubt(resolved, now)
        remedy = self._anew(resolved, now) + (f", if it is that one: it {why}" if why else "")
        # Where nothing but the number speaks against it, a person can decide; what has another's name is not rewritten.
        known = "" if severity or why in (None, COMMON) else None
        return self.of("PS006", resolved, now, weight, known, when=when, remedy=remedy)

    def _anew(self, resolved: Resolved, now: Endpoint) -> str:
        """What to write in place of a former number, so that it is in order: the number alone only where that is enough."""
        literal, ties = resolved.literal, resolved.variable == now
        enough = literal.context != "code" or (ties and (literal.bound or literal.language in VALUE_LANGUAGES))
        if enough or resolved.pinned:
            return f"Write {now.port}"
        spelled = self._spelled(literal, now)
        if spelled:
            return f"Read {now.variable}{spelled}"
        return f"Write {now.port} and {self._pin(literal, now)}, since nothing looks a variable up here"

    @property
    def _registering(self) -> Registering:
        return Registering(self.registry)

    def _remedy(self, literal: PortLiteral, endpoint: Endpoint) -> str:
        if literal.port != endpoint.port:
            inside = f"On the host it is {endpoint.port}, read from {endpoint.variable}"
            return f"{inside}; in the network of the containers {self._pin(literal, endpoint)}"
        spelled = self._spelled(literal, endpoint)
        if spelled:
            return f"Read {endpoint.variable}{spelled}"
        return (
            f"Nothing looks a variable up here: let the program that reads it take {endpoint.variable}, "
            f"or {self._pin(literal, endpoint)}"
        )

    def _pin(self, literal: PortLiteral, endpoint: Endpoint) -> str:
        """How to say in a file whose number it is: in a comment, or else in the configuration."""
        if literal.language in self.mute:
            from shlex import quote

            return f"pin the number in the configuration with `portscan --fix --pin {quote(literal.path)}`"
        return f"pin the line with `portscan: {endpoint.service}`"

    def _doubt(self, endpoint: Endpoint, command: str) -> str:
        several = len(self.registry.by_name[endpoint.service].endpoints) > 1
        if several:
            return (
                f"Write the one of its ports that is meant, or list this one under `ports` of `{endpoint.service}` with {command}"
            )
        inside = "`container_port`, if that is what its container listens on"
        return f"Write {endpoint.port}, or give `{endpoint.service}` this number as its {inside}"

    def _spelled(self, literal: PortLiteral, endpoint: Endpoint) -> str:
        """How the literal's language reads the variable: the end of a sentence, empty where it cannot."""
        template = self.spellings.get(literal.language)
        if template is None:
            return ""
        return f": `{template.replace('<variable>', endpoint.variable).replace('<port>', str(endpoint.port))}`"

    def of(
        self,
        code: str,
        resolved: Resolved,
        endpoint: Endpoint | None,
        severity: Severity | None = None,
        variable: str | None = "",
        **more: object,
    ) -> Breach:
        """A breach about an endpoint. `variable` is that of the endpoint unless another one, or none, is given."""
        literal = resolved.literal
        values = {
            "port": literal.port,
            "service": endpoint.service if endpoint else "",
            "expected": endpoint.port if endpoint else "",
            "bind": endpoint.variable if endpoint else "",
            "variable": literal.variable or "",
            "spelling": self._spelled(literal, endpoint) if endpoint else "",
            **more,
        }
        named = endpoint.variable if variable == "" and endpoint else variable or None
        service = endpoint.service if endpoint else None
        return Breach(code, literal.location, values, literal.port, service, named, severity)
