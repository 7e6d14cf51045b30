"""What to do about a port that the registry does not know: what registers it, as far as the place says whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portscan.outsiders import Outsider
from portscan.registry.model import Endpoint, Registry, Service
from portscan.resolve import Resolved

NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")  # as the schema of the registry has it


@dataclass(frozen=True, slots=True)
class Registering:
    """Knows by the registry what is missing in it for one literal after the other."""

    registry: Registry

    def service(self, resolved: Resolved) -> Service | None:
        """The service that is said to have the port, if the registry knows it."""
        if resolved.host is not None:
            return self.registry.by_name[resolved.host.service]
        return resolved.outsider.service if resolved.outsider else None

    def remedy(self, resolved: Resolved) -> str:
        """What to write into the registry, or in place of the number."""
        service, outsider = self.service(resolved), resolved.outsider
        if service is not None:
            inside = f" or, if its container listens on it, as `container_port` of `{service.name}`" if resolved.host else ""
            return f"List it under `ports` of `{service.name}`{inside}"
        return f"Register its service with `{self._command(resolved)}`{_unless(outsider) if outsider else ''}"

    def instead(self, outsider: Outsider, port: int) -> str:
        """What to do about a variable that seems to be somebody else's."""
        if outsider.service is not None:
            return f"list this one under `ports` of `{outsider.service.name}`"
        return f"register its service with `{self._new(outsider.name, port, outsider.variable, taken=True)}`"

    def _command(self, resolved: Resolved) -> str:
        literal, outsider = resolved.literal, resolved.outsider
        if outsider is not None and NAME.fullmatch(outsider.name):
            taken = bool(outsider.holders)
            return self._new(outsider.name, literal.port, outsider.variable, taken=taken)
        stranger = literal.owner if resolved.owner is None else None
        return self._new(stranger if stranger and NAME.fullmatch(stranger) else "NAME", literal.port)

    def _new(self, name: str, port: int, variable: str | None = None, *, taken: bool = False) -> str:
        """The command. A number that another service has is left to it: the next free one is taken."""
        stack = next((each.name for each in self.registry.ranges if port in each and not taken), None)
        options = (
            ("--stack", stack),
            ("--port", None if taken else str(port)),
            ("--env", variable),
        )
        return " ".join(("portscan new", name, *(f"{option} {value}" for option, value in options if value)))


def _unless(outsider: Outsider) -> str:
    """What to do where somebody who has the number is meant after all."""
    if len(outsider.holders) != 1:
        return ""
    holder: Endpoint = outsider.holders[0]
    if outsider.variable is None:
        return f", or list `{outsider.name}` under `aliases` of `{holder.service}` if that is what it means"
    return f", or read {holder.variable} if `{holder.service}` is meant"
