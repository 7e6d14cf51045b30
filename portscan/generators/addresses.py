"""Where a service is reached: from the host, and from a container beside it."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import quote

from portscan.errors import UserError
from portscan.generators.protocols import scheme
from portscan.registry.model import Endpoint, Registry, Service
from portscan.tuples import NamedTuple

View = Literal["host", "container"]
# How a container calls the machine that it runs on; on Linux it needs `extra_hosts` for that.
HOST_FROM_CONTAINER: Final = "host.docker.internal"
PORT_ENDING: Final = "_PORT"
HOST_PORT_ENDING: Final = "_HOST_PORT"


class Address(NamedTuple):
    """One endpoint as somebody sees it. `stem` is what its other variables begin with; `url` is none where nothing is to ask."""

    service: Service
    endpoint: Endpoint
    stem: str
    host: str
    port: int
    url: str | None


def address(service: Service, endpoint: Endpoint, view: View) -> Address:
    """The address of an endpoint in a view."""
    host, port = _reached(service, endpoint, view)
    prefix = scheme(endpoint) if seen(endpoint, view) and endpoint.transport == "tcp" else None
    url = f"{prefix}://{host}:{port}" if prefix else None
    return Address(service, endpoint, stem(endpoint.variable), host, port, url)


def stem(variable: str) -> str:
    """A variable without _PORT, or the _HOST_PORT of those that tell the port of the host from that of the container."""
    ending = next((each for each in (HOST_PORT_ENDING, PORT_ENDING) if variable.endswith(each)), "")
    return variable.removesuffix(ending)


def seen(endpoint: Endpoint, view: View) -> bool:
    """Whether somebody reaches an endpoint at all: from the host only what is published."""
    return endpoint.published or view == "container"


def in_container(service: Service) -> bool:
    """Whether the service runs in a container; where the registry does not say, whether it speaks of one."""
    if service.external:
        return False
    if service.container is None:
        inside = service.container_port != service.port or not service.main.published
        speaks = service.networks or service.compose_service or inside
        return bool(speaks)
    return service.container


def compose_name(service: Service) -> str:
    """The service's key in compose files, which is its host name there."""
    return service.compose_service or service.name


def gateway_of(registry: Registry, name: str, where: str) -> Service | None:
    """The service called `name` that is the gateway; none where no name is given."""
    if name and name not in registry.by_name:
        raise UserError(f"{where}: gateway: the registry has no service `{name}`", "Name a service of the registry.")
    return registry.by_name[name] if name else None


def through_gateway(service: Service, gateway: Service) -> str | None:
    """The address of a service behind the gateway, on the host; none when it has no route there."""
    if service.gateway_path is None or service is gateway:
        return None
    path = quote(service.gateway_path, safe="/-._~")
    return f"{scheme(gateway.main) or 'http'}://{gateway.host or 'localhost'}:{gateway.port}{path}"


def _reached(service: Service, endpoint: Endpoint, view: View) -> tuple[str, int]:
    if service.external:
        return service.host or service.name, endpoint.port
    if view == "host":
        return "localhost", endpoint.port
    if in_container(service):
        return compose_name(service), endpoint.container_port
    return HOST_FROM_CONTAINER, endpoint.port
