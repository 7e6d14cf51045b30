"""From a document that fits the schema to the registry; what the schema cannot say about ranges is checked here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from portscan.document.text import Problem, quoted
from portscan.model import HIGHEST_PORT, LOWEST_PORT, Location
from portscan.registry.model import Endpoint, Governance, Healthcheck, Previous, Range, Registry, Service, variable_name

if TYPE_CHECKING:
    from portscan.document.document import Document
    from portscan.document.nodes import Path


def build(path: str, document: Document) -> Registry:
    """The registry of a document that fits the schema and of which `span_problems` finds nothing wrong."""
    data = document.data()
    updated = data.get("lastUpdated")
    return Registry(
        path=path,
        version=str(data["version"]),
        services=tuple(_service(document, ("services", index), entry) for index, entry in enumerate(data["services"])),
        last_updated=date.fromisoformat(updated) if updated else None,
        ranges=tuple(_range(name, text, document.place(("ranges", name))) for name, text in data.get("ranges", {}).items()),
        reserved=tuple(
            _range("", entry, document.place(("reserved", index))) for index, entry in enumerate(data.get("reserved", ()))
        ),
        governance=_governance(data.get("governance", {})),
    )


def span_problems(document: Document) -> Iterator[Problem]:
    """Ranges that run backwards or leave the space of ports, in a document that fits the schema."""
    data = document.data()
    for name, text in data.get("ranges", {}).items():
        yield from _span_problem(f"The range {quoted(name)}", text, document.place(("ranges", name)))
    for index, entry in enumerate(data.get("reserved", ())):
        yield from _span_problem("The reserved range", str(entry), document.place(("reserved", index)))


def _span_problem(subject: str, text: str, location: Location) -> Iterator[Problem]:
    first, last = _ends(text)
    if min(first, last) < LOWEST_PORT or max(first, last) > HIGHEST_PORT:
        message = f"{subject} is {quoted(text)}, which is not between {LOWEST_PORT} and {HIGHEST_PORT}."
        yield Problem(message, location, f"Ports go from {LOWEST_PORT} to {HIGHEST_PORT}.")
    elif first > last:
        yield Problem(f"{subject} runs backwards: {quoted(text)}.", location, f'Write "{last}-{first}".')


def _ends(entry: str | int) -> tuple[int, int]:
    first, _, last = str(entry).partition("-")
    return int(first), int(last or first)


def _range(name: str, entry: str | int, location: Location) -> Range:
    return Range(name, *_ends(entry), location)


def _governance(data: Mapping[str, Any]) -> Governance:
    return Governance(tuple(data.get("approvers", ())), data.get("adr"))


def _service(document: Document, path: Path, entry: Mapping[str, Any]) -> Service:
    return Service(
        name=entry["name"],
        stack=entry.get("stack"),
        endpoints=tuple(_endpoints(document, path, entry)),
        host=entry.get("host"),
        aliases=tuple(entry.get("aliases", ())),
        compose_service=entry.get("compose_service"),
        paths=tuple(entry.get("paths", ())),
        owner=entry.get("owner"),
        description=entry.get("description"),
        notes=entry.get("notes"),
        container=entry.get("container"),
        external=entry.get("external", False),
        exposure=entry.get("exposure"),
        gateway_path=entry.get("gatewayPath"),
        networks=_networks(entry),
        depends_on=tuple(entry.get("depends_on", ())),
        profiles=tuple(entry.get("profiles", ())),
        alternative_to=entry.get("alternative_to"),
        healthcheck=Healthcheck(**entry["healthcheck"]) if "healthcheck" in entry else None,
        status="deprecated" if entry.get("deprecated") else entry.get("status", "active"),
        # An explicit null says that nothing takes the service's place; no key says nothing.
        replacement=(entry["replacement"] or "") if "replacement" in entry else None,
        previous=tuple(_previous(document, path, entry)),
        location=document.place(path),
        places=tuple(_places(document, path, entry)),
    )


def _networks(entry: Mapping[str, Any]) -> tuple[str, ...]:
    single = (entry["network"],) if "network" in entry else ()
    return (*single, *entry.get("networks", ()))


def _endpoints(document: Document, path: Path, entry: Mapping[str, Any]) -> Iterator[Endpoint]:
    name = entry["name"]
    yield _endpoint(name, None, entry, document.place((*path, _key(entry))))
    for port_name, further in entry.get("ports", {}).items():
        yield _endpoint(name, port_name, further, document.place((*path, "ports", port_name, _key(further))))


def _key(entry: Mapping[str, Any]) -> str:
    """The key that has the number of an endpoint."""
    return "port" if "port" in entry else "container_port"


def _endpoint(service: str, name: str | None, entry: Mapping[str, Any], location: Location) -> Endpoint:
    return Endpoint(
        service=service,
        name=name,
        port=entry[_key(entry)],
        container_port=entry.get("container_port", entry.get("port")),
        variable=entry.get("env") or variable_name(service, *([name] if name else [])),
        protocol=entry.get("protocol"),
        location=location,
        published="port" in entry,
    )


def _previous(document: Document, path: Path, entry: Mapping[str, Any]) -> Iterator[Previous]:
    """What the main port was before, then the further ones, in the order of the file."""
    yield from _former(document, path, entry["name"], None, entry)
    for port_name, further in entry.get("ports", {}).items():
        yield from _former(document, (*path, "ports", port_name), entry["name"], port_name, further)


def _former(document: Document, path: Path, service: str, name: str | None, entry: Mapping[str, Any]) -> Iterator[Previous]:
    for index, old in enumerate(entry.get("previous", ())):
        location = document.place((*path, "previous", index, "port"))
        yield Previous(service, old["port"], date.fromisoformat(old["until"]), location, name)


def _places(document: Document, path: Path, entry: Mapping[str, Any]) -> Iterator[tuple[str, Location]]:
    """The places of a service's keys, of the items of its lists, and of the keys of its further ports."""
    for key, value in entry.items():
        yield key, document.place((*path, key))
        for part in range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ():
            yield f"{key}.{part}", document.place((*path, key, part))
            if key == "ports":
                yield from ((f"{key}.{part}.{inner}", document.place((*path, key, part, inner))) for inner in value[part])
