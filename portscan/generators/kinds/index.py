"""The registry as JSON, for programs that look ports up while they run: by service, by number and by variable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from portscan.config.kinds import TEXT
from portscan.config.tables import key
from portscan.generators.addresses import address
from portscan.generators.json_text import json_artefact
from portscan.generators.model import Artefact, Context
from portscan.generators.model import Settings as Common
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Service

NAME: Final = "index"
HELP: Final = "the registry as JSON, by service, by port and by variable"
FORMAT: Final = 1  # of schema/index.schema.json


@dataclass(frozen=True, slots=True)
class Settings(Common):
    """Where the index goes."""

    path: str = key(TEXT, "The JSON file.", default="config/ports/index.json")


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The index, as `schema/index.schema.json` describes it."""
    endpoints = [endpoint for service in context.services for endpoint in service.endpoints]
    yield json_artefact(
        context.settings.path,
        {
            "format": FORMAT,
            "registry": {"path": context.source, "version": context.registry.version},
            "services": {service.name: _service(service) for service in context.services},
            "ports": _ports(endpoints),
            "variables": {endpoint.variable: endpoint.port for endpoint in endpoints},
            "ranges": {range_.name: {"first": range_.first, "last": range_.last} for range_ in context.registry.ranges},
        },
    )


def _ports(endpoints: list[Endpoint]) -> dict[str, list[dict[str, Any]]]:
    """Who has each published port, in their order; external and alternative services may share one."""
    found: dict[str, list[dict[str, Any]]] = {}
    for endpoint in sorted((each for each in endpoints if each.published), key=lambda endpoint: endpoint.port):
        named = {"service": endpoint.service, **({"endpoint": endpoint.name} if endpoint.name else {})}
        found.setdefault(str(endpoint.port), []).append(named)
    return found


def _service(service: Service) -> dict[str, Any]:
    """One service. Keys for which the registry says nothing are left out."""
    known: dict[str, Any] = {
        **_endpoint(service, service.main),
        "stack": service.stack,
        "owner": service.owner,
        "description": service.description,
        "status": service.status,
        "replacement": service.replacement,
        "container": service.container,
        "external": service.external or None,
        "host": service.host,
        "aliases": list(service.aliases),
        "composeService": service.compose_service,
        "networks": list(service.networks),
        "exposure": service.exposure,
        "gatewayPath": service.gateway_path,
        "dependsOn": list(service.depends_on),
        "profiles": list(service.profiles),
        "alternativeTo": service.alternative_to,
        "healthcheck": _healthcheck(service),
        "previous": _previous(service, service.main),
        "endpoints": {each.name: _further(service, each) for each in service.endpoints if each.name},
    }
    return {name: value for name, value in known.items() if value not in (None, [], {}, "")}


def _further(service: Service, endpoint: Endpoint) -> dict[str, Any]:
    previous = _previous(service, endpoint)
    return {**_endpoint(service, endpoint), **({"previous": previous} if previous else {})}


def _previous(service: Service, endpoint: Endpoint) -> list[dict[str, Any]]:
    return [{"port": old.port, "until": old.until.isoformat()} for old in service.previous if old.name == endpoint.name]


def _endpoint(service: Service, endpoint: Endpoint) -> dict[str, Any]:
    found = address(service, endpoint, "host")
    known = {
        "port": endpoint.port,
        "published": None if endpoint.published else False,
        "containerPort": endpoint.container_port,
        "variable": endpoint.variable,
        "protocol": endpoint.protocol,
        "transport": endpoint.transport,
        "url": found.url,
    }
    return {name: value for name, value in known.items() if value is not None}


def _healthcheck(service: Service) -> dict[str, Any] | None:
    check = service.healthcheck
    return {"endpoint": check.endpoint, "expected": check.expected} if check else None
