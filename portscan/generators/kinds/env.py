"""Env files with the port, host and address of every service, as the host and as a container sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portscan.config.kinds import TEXT, VARIABLE, listed
from portscan.config.tables import key
from portscan.errors import UserError
from portscan.generated import HASH
from portscan.generators.addresses import HOST_PORT_ENDING, Address, View, address, gateway_of, seen, through_gateway
from portscan.generators.model import Artefact, Context, Templated
from portscan.generators.protocols import WEB, scheme
from portscan.records import dataclass
from portscan.registry.model import Service
from portscan.tuples import NamedTuple

NAME: Final = "env"
HELP: Final = "env files: NAME_PORT, NAME_HOST and NAME_URL of every service"


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Where the env files go, and what more is in them."""

    path: str = key(TEXT, "The file with the addresses as the host sees them.", default=".env.shared")
    container_path: str = key(TEXT, "The file with the addresses as a container sees them; none when left out.", default="")
    block: str = key(TEXT, "Write only a block of this name into `path`, between two marks.", default="")
    gateway: str = key(TEXT, "The service that is the gateway: routes through it become NAME_GATEWAY_URL.", default="")
    public: tuple[str, ...] = key(
        listed(VARIABLE), "Beginnings such as VITE_ or NEXT_PUBLIC_, under which browsers get web addresses.", default=()
    )


class Line(NamedTuple):
    """A variable with its value."""

    name: str
    value: str


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The file for the host, and the one for containers where it is asked for."""
    settings = context.settings
    views: tuple[tuple[str, View, str | None], ...] = (
        (settings.path, "host", settings.block or None),
        (settings.container_path, "container", None),
    )
    for path, view, block in views:
        if path:
            body = context.rendered("env.j2", "value", groups=_groups(context, view), view=view)
            yield Artefact(path, body, HASH, block=block, sources=context.sources)


def _groups(context: Context[Settings], view: View) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """The lines of each stack. No name may be given twice: which one counts would depend on the reader."""
    gateway = gateway_of(context.registry, context.settings.gateway, f"generate.{NAME}")
    others = frozenset(context.registry.by_variable)
    groups = tuple(
        (name, tuple(line for service in services for line in _lines(service, view, gateway, context.settings.public, others)))
        for name, _, services in context.stacks
    )
    given: dict[str, str] = {}
    for line in (line for _, lines in groups for line in lines):
        if given.setdefault(line.name, line.value) != line.value:
            raise UserError(f"two services would both set {line.name}", "Give one of them another `env` in the registry.")
    return tuple((name, lines) for name, lines in groups if lines)


def _lines(
    service: Service, view: View, gateway: Service | None, public: tuple[str, ...], others: frozenset[str]
) -> Iterator[Line]:
    for endpoint in (each for each in service.endpoints if seen(each, view)):
        found = address(service, endpoint, view)
        yield Line(endpoint.variable, str(found.port))
        if endpoint.variable.endswith(HOST_PORT_ENDING) and f"{found.stem}_PORT" in others:
            continue  # the stem is that of another port
        yield Line(f"{found.stem}_HOST", found.host)
        if found.url:
            yield Line(f"{found.stem}_URL", found.url)
        if view == "host":
            yield from _public(found, public)
    route = through_gateway(service, gateway) if gateway and view == "host" else None
    if route:
        yield Line(f"{service.variable.removesuffix('_PORT')}_GATEWAY_URL", route)
        yield from (Line(f"{prefix}{service.variable.removesuffix('_PORT')}_GATEWAY_URL", route) for prefix in public)


def _public(found: Address, public: tuple[str, ...]) -> Iterator[Line]:
    """The forms for browsers: bundlers hand on only what begins so."""
    if found.url and scheme(found.endpoint) in WEB:
        for prefix in public:
            yield Line(f"{prefix}{found.endpoint.variable}", str(found.port))
            yield Line(f"{prefix}{found.stem}_URL", found.url)
