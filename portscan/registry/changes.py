"""What has changed between two registries, by meaning: who was added, moved, renamed, retired, and what else is said now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from portscan.records import dataclass, fields

if TYPE_CHECKING:
    from portscan.registry.model import Endpoint, Range, Registry, Service

Kind = Literal["added", "removed", "renamed", "moved", "retired", "revived", "window", "owner", "changed", "range", "governance"]

# In the order in which somebody who reviews a change wants to read it.
KINDS: Final[tuple[Kind, ...]] = (
    *("moved", "removed", "renamed", "added", "retired", "revived"),
    *("window", "owner", "changed", "range", "governance"),
)
NOBODY: Final = "nobody"
# What has a kind of its own, or is no statement about the service.
APART: Final = frozenset(("name", "endpoints", "owner", "status", "replacement", "previous", "location", "places"))


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that differs. `subject` is the service or the range; `before` and `after` are none where there was none."""

    kind: Kind
    subject: str
    message: str
    before: str | None = None
    after: str | None = None


def changes(before: Registry | None, after: Registry | None) -> tuple[Change, ...]:
    """Every change from one registry to the other, the gravest first; none stands for a registry that is not there."""
    old = before.by_name if before else {}
    new = after.by_name if after else {}
    renamed = dict(_renamed(old, new))
    found = [
        *(_added(new[name]) for name in new if name not in old and name not in renamed.values()),
        *(_removed(old[name]) for name in old if name not in new and name not in renamed),
        *(Change("renamed", to, f"`{name}` is called `{to}` now", name, to) for name, to in renamed.items()),
    ]
    for name, service in old.items():
        now = new.get(renamed.get(name, name))
        if now is not None:
            found += _between(service, now)
    found += _ranges(before, after)
    found += _governed(before, after)
    return tuple(sorted(found, key=lambda change: (KINDS.index(change.kind), change.subject, change.message)))


def _renamed(old: Mapping[str, Service], new: Mapping[str, Service]) -> Iterator[tuple[str, str]]:
    """A service that is gone and one that has come, with the same ports in the same stack, are one; if that is certain."""
    gone = [service for name, service in old.items() if name not in new]
    come = [service for name, service in new.items() if name not in old]
    for service in gone:
        alike = [other for other in come if _identity(other) == _identity(service)]
        if len(alike) == 1 and sum(_identity(other) == _identity(service) for other in gone) == 1:
            yield service.name, alike[0].name


def _identity(service: Service) -> tuple[Any, ...]:
    return service.stack, *((endpoint.name, endpoint.port, endpoint.container_port) for endpoint in service.endpoints)


def _added(service: Service) -> Change:
    where = f" in {service.stack}" if service.stack else ""
    return Change("added", service.name, f"`{service.name}` is new, at {service.port}{where}", None, str(service.port))


def _removed(service: Service) -> Change:
    return Change("removed", service.name, f"`{service.name}` is gone; {service.port} is free", str(service.port), None)


def _between(before: Service, after: Service) -> Iterator[Change]:
    """What differs in the entries of one service."""
    yield from _endpoints(before, after)
    yield from _status(before, after)
    yield from _windows(before, after)
    if before.owner != after.owner:
        message = f"`{after.name}` belongs to {after.owner or NOBODY} now, not to {before.owner or NOBODY}"
        yield Change("owner", after.name, message, before.owner, after.owner)
    for key in (field.name for field in fields(after) if field.name not in APART):
        yield from _said(after.name, key, getattr(before, key), getattr(after, key))


def _endpoints(before: Service, after: Service) -> Iterator[Change]:
    old = {endpoint.name: endpoint for endpoint in before.endpoints}
    new = {endpoint.name: endpoint for endpoint in after.endpoints}
    for name, endpoint in new.items():
        label = _label(after.name, name)
        if name not in old:
            yield Change("changed", after.name, f"{label} is new, at {endpoint.port}", None, str(endpoint.port))
        else:
            yield from _endpoint(after.name, label, old[name], endpoint)
    for name, endpoint in old.items():
        if name not in new:
            message = f"{_label(after.name, name)} is gone; {endpoint.port} is free"
            yield Change("changed", after.name, message, str(endpoint.port), None)


def _endpoint(service: str, label: str, before: Endpoint, after: Endpoint) -> Iterator[Change]:
    if before.port != after.port:
        message = f"{label} moves from {before.port} to {after.port}"
        yield Change("moved", service, message, str(before.port), str(after.port))
    if before.published != after.published:
        message = f"{label} is published now, at {after.port}" if after.published else f"{label} is not published any more"
        yield Change("changed", service, message, *(str(each.port) if each.published else None for each in (before, after)))
    inside = after.container_port != after.port or before.container_port != before.port
    if inside and before.container_port != after.container_port:
        yield from _said(service, "container_port", before.container_port, after.container_port)
    yield from _said(service, "env", before.variable, after.variable)
    yield from _said(service, "protocol", before.protocol, after.protocol)


def _label(service: str, endpoint: str | None) -> str:
    return f"`{service}`" if endpoint is None else f"`{endpoint}` of `{service}`"


def _status(before: Service, after: Service) -> Iterator[Change]:
    if before.status == after.status:
        return
    if after.deprecated:
        instead = f"; `{after.replacement}` replaces it" if after.replacement else ""
        yield Change("retired", after.name, f"`{after.name}` is deprecated{instead}", before.status, after.status)
    else:
        yield Change("revived", after.name, f"`{after.name}` is {after.status} now", before.status, after.status)


def _windows(before: Service, after: Service) -> Iterator[Change]:
    """Ports of before that still work: until when, since when no longer."""
    old = {each.port: each.until.isoformat() for each in before.previous}
    new = {each.port: each.until.isoformat() for each in after.previous}
    for port in sorted(old.keys() | new.keys()):
        if old.get(port) == new.get(port):
            continue
        message = (
            f"{port} of `{after.name}` is given up after {new[port]}" if port in new else f"{port} of `{after.name}` is given up"
        )
        yield Change("window", after.name, message, old.get(port), new.get(port))


def _said(subject: str, key: str, before: Any, after: Any) -> Iterator[Change]:
    if before != after:
        old, new = _text(before), _text(after)
        message = f"`{subject}`: {key} is {new or 'not said'} now" + (f", not {old}" if old else "")
        yield Change("changed", subject, message, old, new)


def _text(value: Any) -> str | None:
    """A value as people write it; none for what is not said."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, tuple) and not hasattr(value, "_fields") else str(value)


def _ranges(before: Registry | None, after: Registry | None) -> Iterator[Change]:
    old = _named(before.ranges if before else ())
    new = _named(after.ranges if after else ())
    for name in old.keys() | new.keys():
        if old.get(name) != new.get(name):
            words = f"is {new[name]} now" if name in new else "is gone"
            yield Change("range", name, f"the range of `{name}` {words}", old.get(name), new.get(name))
    reserved = [", ".join(map(_ports, registry.reserved)) if registry else "" for registry in (before, after)]
    if reserved[0] != reserved[1]:
        yield Change("range", "reserved", f"reserved is {reserved[1] or 'nothing'} now", reserved[0] or None, reserved[1] or None)


def _ports(each: Range) -> str:
    return str(each) if len(each) > 1 else str(each.first)


def _named(ranges: Iterable[Range]) -> dict[str, str]:
    return {each.name: str(each) for each in ranges}


def _governed(before: Registry | None, after: Registry | None) -> Iterator[Change]:
    old = before.governance.approvers if before else ()
    new = after.governance.approvers if after else ()
    if old != new:
        message = f"the registry is approved by {_text(new) or NOBODY} now"
        yield Change("governance", "approvers", message, _text(old), _text(new))
