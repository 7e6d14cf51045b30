"""A page for people: every port by stack, what is left of each range, owners, what is on its way out, who needs whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from portscan.config.kinds import TABLE, TEXT
from portscan.config.tables import key
from portscan.generated import HTML, MDX, page
from portscan.generators.addresses import in_container
from portscan.generators.model import Artefact, Context, Templated
from portscan.generators.yaml_text import dump
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Range, Registry, Service
from portscan.tuples import NamedTuple

NAME: Final = "docs"
HELP: Final = "a page with every port, range and owner, as Markdown or as MDX for Docusaurus"
MDX_ENDING: Final = ".mdx"
FENCE: Final = "---\n"
UNPUBLISHED: Final = "not published"


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Where the page goes, and what stands at its top."""

    path: str = key(TEXT, "The page; one that ends in .mdx is MDX.", default="config/ports/README.md")
    block: str = key(TEXT, "Write only a block of this name into a page of yours, between two marks.", default="")
    title: str = key(TEXT, "The title of the page.", default="Ports")
    front_matter: tuple[tuple[str, Any], ...] = key(
        TABLE, "Front matter, such as `sidebar_position = 3`; MDX has the title in it at least.", default=()
    )


class Row(NamedTuple):
    """An endpoint in the table of its stack."""

    name: str
    port: str
    inside: str
    variable: str
    protocol: str
    owner: str
    status: str
    description: str


class Span(NamedTuple):
    """A range: its ports, how many of them are taken, how many are free, and the first of those."""

    name: str
    range: Range
    used: int
    free: int
    next: int | None


class Node(NamedTuple):
    """A service in the diagram, under a name that the language of diagrams takes, and those that it needs."""

    id: str
    label: str
    outside: bool
    needs: tuple[str, ...]


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The page, or the block."""
    settings = context.settings
    mdx = settings.path.endswith(MDX_ENDING)
    body = context.rendered(
        "ports.md.j2",
        "entities" if mdx else "markdown",
        title="" if settings.block else settings.title,
        tables=tuple((name, range_, tuple(_rows(services))) for name, range_, services in context.stacks),
        spans=tuple(_spans(context.registry)),
        owners=_owners(context),
        retired=tuple(old for service in context.services for old in service.previous),
        nodes=tuple(_nodes(context.services)),
        approvers=context.registry.governance.approvers,
        source=context.source,
    )
    prologue = "" if settings.block else _front_matter(settings, mdx)
    style = MDX if mdx else HTML
    yield Artefact(
        settings.path,
        body if settings.block else page(body, style),
        style,
        prologue,
        settings.block or None,
        sources=context.sources,
    )


def _front_matter(settings: Settings, mdx: bool) -> str:
    given: Mapping[str, Any] = {**({"title": settings.title} if mdx else {}), **dict(settings.front_matter)}
    return f"{FENCE}{dump(given)}{FENCE}" if given else ""


def _rows(services: tuple[Service, ...]) -> Iterator[Row]:
    for service in services:
        for endpoint in service.endpoints:
            name = f"{service.name} / {endpoint.name}" if endpoint.name else service.name
            about = "" if endpoint.name else service.description or ""
            inside = _inside(service, endpoint)
            protocol = endpoint.protocol or ""
            outside = str(endpoint.port) if endpoint.published else UNPUBLISHED
            yield Row(name, outside, inside, endpoint.variable, protocol, service.owner or "", _status(service), about)


def _inside(service: Service, endpoint: Endpoint) -> str:
    if service.external:
        return "external"
    return str(endpoint.container_port) if in_container(service) or not endpoint.published else "on the host"


def _status(service: Service) -> str:
    if service.deprecated and service.replacement:
        return f"deprecated, use {service.replacement}"
    return service.status


def _spans(registry: Registry) -> Iterator[Span]:
    """The ranges in ascending order. What is reserved counts as taken, whoever has it."""
    taken = {endpoint.port for endpoint in registry.own}
    for range_ in sorted(registry.ranges, key=lambda range_: (range_.first, range_.last)):
        ports = range(range_.first, range_.last + 1)
        free = [port for port in ports if port not in taken and not any(port in held for held in registry.reserved)]
        yield Span(range_.name, range_, len(ports) - len(free), len(free), free[0] if free else None)


def _owners(context: Context[Settings]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The services of each owner, owners by name."""
    names = sorted({service.owner for service in context.services if service.owner}, key=lambda name: (name.casefold(), name))
    return tuple((name, tuple(s.name for s in context.services if s.owner == name)) for name in names)


def _nodes(services: tuple[Service, ...]) -> Iterator[Node]:
    """The services that need another one, or are needed, in the order of the registry."""
    known = {service.name: service for service in services}
    needs = {service.name: tuple(n for n in dict.fromkeys(service.depends_on) if n in known) for service in services}
    needed = {name for names in needs.values() for name in names}
    ids = _ids(tuple(known))
    for service in services:
        if needs[service.name] or service.name in needed:
            label = f"{service.name} :{service.port}"
            yield Node(ids[service.name], label, service.external, tuple(ids[name] for name in needs[service.name]))


def _ids(names: tuple[str, ...]) -> Mapping[str, str]:
    """An identifier for each name, made of it, so that a further service renames no other one."""
    found: dict[str, str] = {}
    for name in names:
        plain = f"s_{re.sub(r'[^A-Za-z0-9]', '_', name)}"
        taken = sum(other == plain or other.startswith(f"{plain}__") for other in found.values())
        found[name] = f"{plain}__{taken}" if taken else plain
    return found
