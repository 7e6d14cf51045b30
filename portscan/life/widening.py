"""A further port of a service that the registry has: what `portscan new SERVICE.PORT-NAME` adds under its `ports`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.life.allocation import Market, Passed, Wanted
from portscan.life.fields import filled, refuse_of_service
from portscan.life.opening import port_for
from portscan.records import dataclass
from portscan.registry.model import variable_name

if TYPE_CHECKING:
    from portscan.registry.model import Registry, Service

PORT_NAME = compiled(r"[A-Za-z][A-Za-z0-9_-]*")  # as the schema of the registry has it


@dataclass(frozen=True, slots=True)
class Widening:
    """A further port about to be registered: whose, how it is called, its entry, and the ports that were passed over for it."""

    service: str
    name: str
    entry: Mapping[str, Any]
    passed: tuple[Passed, ...] = ()

    @property
    def label(self) -> str:
        """What people call it."""
        return f"{self.service}.{self.name}"


def widened(market: Market, label: str, port: int | None, values: Mapping[str, Any], *, unpublished: bool) -> Widening:
    """The port that is given, the next free one of the stack's range, or one in the container only."""
    name, _, further = label.rpartition(".")
    service = _of(market.registry, label, name, further, values)
    refuse_of_service(values, name)
    if unpublished:
        return Widening(name, further, dict(values))
    wanted = Wanted(name, service.stack or "", values.get("protocol", service.protocol or "http"))
    found, passed = port_for(market, wanted, port)
    return Widening(name, further, filled({"port": found, **values}), passed)


def _of(registry: Registry, label: str, name: str, further: str, values: Mapping[str, Any]) -> Service:
    """The service, if it may have a further port that is called so."""
    service = registry.by_name.get(name)
    if service is None:
        problem = f"A dot stands between a service and one of its ports, and there is no service `{name}`."
    elif not PORT_NAME.fullmatch(further):
        problem = f"Begin the part behind `{name}.` with a letter, then letters, digits, hyphens and underscores."
    elif service.endpoint(further) is not None:
        problem = f"`{name}` has a port `{further}` already."
    else:
        taken = registry.by_variable.get(values.get("env") or variable_name(name, further))
        problem = (
            f"Its variable {taken.variable} is that of `{taken.service}` already; give another one with --env." if taken else ""
        )
    if service is None or problem:
        raise UserError(f"`{label}` cannot be the name of a new port", problem)
    return service
