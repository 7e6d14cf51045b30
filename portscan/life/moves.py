"""Which ports move where: one that is asked for, those of a whole stack, or all that lie outside their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portscan.errors import UserError
from portscan.life.allocation import Market, Passed, Wanted, no_range, none_free
from portscan.life.fields import known
from portscan.records import dataclass, replace
from portscan.registry.model import Endpoint, Registry, Service


@dataclass(frozen=True, slots=True)
class Move:
    """One port of a service, and the port that it gets; the `stack` that the service gets with it, if it is another one."""

    endpoint: Endpoint
    port: int
    passed: tuple[Passed, ...] = ()
    stack: str | None = None

    @property
    def label(self) -> str:
        """The service, and which of its ports."""
        return label_of(self.endpoint)


def label_of(endpoint: Endpoint) -> str:
    """What people call a port: the service, and which of its ports."""
    return endpoint.service + (f".{endpoint.name}" if endpoint.name else "")


def single(market: Market, wanted: str, port: int | None, stack: str | None = None) -> Move:
    """The move of a service, `service.port-name` or variable, to a port, or to the next free one of its range.

    With a `stack` the service moves there, and the range is that one's.
    """
    registry = market.registry
    endpoint = endpoint_of(registry, wanted)
    service = registry.by_name[endpoint.service]
    if stack is None or stack == service.stack:
        fitting = next((each.name for each in registry.ranges if port and port in each), None)
        return _single(market, service, endpoint, port, f"{wanted} {port} --stack {fitting}" if fitting else None)
    known(registry.by_stack, stack, "stack with a range")
    if port in (None, endpoint.port) and endpoint.port in registry.by_stack[stack]:
        hint = f"Nothing was changed. `portscan edit {service.name} --stack {stack}` says so."
        raise UserError(f"{endpoint.port} of `{service.name}` is in the range of `{stack}` already", hint)
    return replace(_single(market, replace(service, stack=stack), endpoint, port, f"{wanted} --stack {stack}"), stack=stack)


def _single(market: Market, service: Service, endpoint: Endpoint, port: int | None, better: str | None) -> Move:
    """The same; `better` is what to ask for where the port is not in the range of the stack."""
    if not endpoint.published:
        raise UserError(
            f"`{label_of(endpoint)}` is published at no port", "Change `container_port` in the registry, and what listens there."
        )
    if port is None:
        return _to_range(market, service, endpoint, ())
    if endpoint.name is None:
        refuse_outside(market.registry, service, port, better)
    why = market.obstacle(port, _wanted(service, endpoint))
    return Move(endpoint, port, (Passed(port, why),) if why else ())


def refuse_outside(registry: Registry, service: Service, port: int, move: str | None) -> None:
    """A `UserError` for a port that is not in the range of its service's stack, where a `move` gives it one that fits."""
    span = registry.by_stack.get(service.stack or "")
    if move is not None and span is not None and not service.external and service.main.published and port not in span:
        title = f"{port} of `{service.name}` is not in {span}, the range of `{span.name}`"
        raise UserError(title, f"Nothing was changed. `portscan migrate {move}` changes port and stack at once.")


def endpoint_of(registry: Registry, wanted: str) -> Endpoint:
    """The port of a service that somebody means."""
    if wanted in registry.by_variable:
        return registry.by_variable[wanted]
    if wanted in registry.by_name:
        return registry.by_name[wanted].main
    name, _, further = wanted.rpartition(".")
    service = registry.by_name.get(name)
    found = service.endpoint(further) if service else None
    if found is None:
        known(registry.by_name, wanted, "service")
    assert found is not None
    return found


def misplaced(market: Market, stack: str | None = None) -> tuple[Move, ...]:
    """The services outside the ranges of their stacks, all or those of one stack, each to a free port inside."""
    if stack is not None:
        known(market.registry.by_stack, stack, "stack with a range")
    return tuple(_misplaced(market, stack))


def _misplaced(market: Market, stack: str | None) -> Iterator[Move]:
    taken: list[int] = []
    for service in market.registry.services:
        span = market.registry.by_stack.get(service.stack or "")
        ours = span is not None and not service.external and service.main.published and stack in (None, service.stack)
        if ours and span is not None and service.port not in span:
            move = _to_range(market, service, service.main, taken)
            taken.append(move.port)
            yield move


def _to_range(market: Market, service: Service, endpoint: Endpoint, taken: Sequence[int]) -> Move:
    span = market.registry.by_stack.get(service.stack or "")
    if span is None:
        raise no_range(market.registry, service.stack, "Name the port.")
    found, passed = market.next_free(span, _wanted(service, endpoint), taken)
    if found is None:
        raise none_free(span, passed, "Widen the range, or name a port.")
    return Move(endpoint, found, passed)


def _wanted(service: Service, endpoint: Endpoint) -> Wanted:
    return Wanted(service.name, service.stack or "", endpoint.protocol or service.protocol or "http")
