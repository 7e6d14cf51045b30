"""What is done to a registry week by week, as changes of its values: services come, change, are renamed, move and go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from portscan.registry.editing.changes import Change, Insert, Put, Remove
from portscan.registry.model import Endpoint, Range

Entry = Mapping[str, Any]
REFERENCES = ("replacement", "alternative_to")


def dated(data: Entry, today: date) -> Iterator[Change]:
    """The day of the change, where the registry keeps it."""
    if "lastUpdated" in data:
        yield Put(("lastUpdated",), today.isoformat())


def added(data: Entry, entry: Entry) -> Iterator[Change]:
    """A new service, behind the last one of its stack, or at the end."""
    services = data["services"]
    same = [index for index, each in enumerate(services) if each.get("stack") == entry.get("stack")]
    yield Insert(("services",), (same[-1] if same else len(services) - 1) + 1, dict(entry))


def ranged(span: Range) -> Iterator[Change]:
    """A range for a stack, in a registry that has ranges."""
    yield Put(("ranges", span.name), str(span))


def amended(data: Entry, name: str, values: Entry, gone: Sequence[str] = (), port: str | None = None) -> Iterator[Change]:
    """A service, or its further `port`, with other values; the keys in `gone` are taken out."""
    place, holder = _held(data, name, port)
    for key, value in values.items():
        if holder.get(key) != value:
            yield Put((*place, key), value)
    yield from (Remove((*place, key)) for key in gone if key in holder)


def renamed(data: Entry, old: str, new: str, kept: Entry) -> Iterator[Change]:
    """A service with another name, everywhere in the registry; `kept` are the values that no longer follow from the name."""
    yield from amended(data, old, kept)
    yield Put(("services", position(data, old), "name"), new)
    for index, service in enumerate(data["services"]):
        for part, target in enumerate(service.get("depends_on", ())):
            if target == old:
                yield Put(("services", index, "depends_on", part), new)
        yield from (Put(("services", index, key), new) for key in REFERENCES if service.get(key) == old)


def removed(data: Entry, name: str) -> Iterator[Change]:
    """A service taken out, with all that refers to it in the registry."""
    for index, service in enumerate(data["services"]):
        if service["name"] != name:
            yield from _unreferred(("services", index), service, name)
    yield Remove(("services", position(data, name)))


def opened(data: Entry, name: str, port: str, values: Entry) -> Iterator[Change]:
    """A further port of a service."""
    at = ("services", position(data, name), "ports")
    if "ports" in entry_of(data, name):
        yield Put((*at, port), dict(values))
    else:
        yield Put(at, {port: dict(values)})


def closed(data: Entry, name: str, port: str) -> Iterator[Change]:
    """A further port of a service taken out."""
    place, _ = _held(data, name, port)
    yield Remove(place if len(entry_of(data, name)["ports"]) > 1 else place[:-1])


def _unreferred(at: tuple[str | int, ...], service: Entry, name: str) -> Iterator[Change]:
    needed = service.get("depends_on", ())
    if name in needed:
        if all(each == name for each in needed):
            yield Remove((*at, "depends_on"))
        else:
            yield from (Remove((*at, "depends_on", part)) for part in reversed(range(len(needed))) if needed[part] == name)
    yield from (Remove((*at, key)) for key in REFERENCES if service.get(key) == name)


def moved(data: Entry, endpoint: Endpoint, port: int, until: date | None, *, container: bool) -> Iterator[Change]:
    """A port of a service with another number; `until` is the last day of the old one, none to forget it.

    With `container` the process in the container keeps the old number, and the entry says so where it did not; else it has
    the new one, also where the entry gives it a number of its own.
    """
    service = entry_of(data, endpoint.service)
    place, holder = _held(data, endpoint.service, endpoint.name)
    yield Put((*place, "port"), port)
    if container and "container_port" not in holder and service.get("container") is not False:
        yield Put((*place, "container_port"), endpoint.port)
    if not container and holder.get("container_port") == endpoint.port:
        yield Put((*place, "container_port"), port)
    known = holder.get("previous", [])
    past = [part for part, each in enumerate(known) if each["port"] == port]
    yield from (Remove((*place, "previous", part)) for part in reversed(past))
    if until is not None:
        yield from _remembered(place, known, past, {"port": endpoint.port, "until": until.isoformat()})


def _remembered(at: tuple[str | int, ...], known: Sequence[Entry], past: Sequence[int], old: Entry) -> Iterator[Change]:
    left = [each for part, each in enumerate(known) if part not in past]
    again = next((part for part, each in enumerate(left) if each["port"] == old["port"]), None)
    if again is not None:
        yield Put((*at, "previous", again, "until"), old["until"])
    elif known:
        yield Insert((*at, "previous"), len(left), dict(old))
    else:
        yield Put((*at, "previous"), [dict(old)])


def _held(data: Entry, name: str, port: str | None) -> tuple[tuple[str | int, ...], Entry]:
    """Where the values of a service stand, or those of its further port, and the values."""
    at, entry = ("services", position(data, name)), entry_of(data, name)
    return (at, entry) if port is None else ((*at, "ports", port), entry["ports"][port])


def entry_of(data: Entry, name: str) -> Entry:
    """The entry of a service."""
    found: Entry = data["services"][position(data, name)]
    return found


def position(data: Entry, name: str) -> int:
    """Which entry a service is: of several of one name the first."""
    return next(index for index, service in enumerate(data["services"]) if service["name"] == name)


def references(data: Entry, name: str) -> tuple[str, ...]:
    """The services whose entries refer to one, each with the key."""
    return tuple(_references(data["services"], name))


def _references(services: Iterable[Entry], name: str) -> Iterator[str]:
    for service in services:
        if service["name"] != name:
            keys = [key for key in REFERENCES if service.get(key) == name]
            keys += ["depends_on"] if name in service.get("depends_on", ()) else []
            yield from (f"`{key}` of `{service['name']}`" for key in keys)
