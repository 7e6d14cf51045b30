"""A page for those who are new: where ports are decided, how to read one, and how to get one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portscan.config.kinds import TEXT
from portscan.config.tables import key
from portscan.generated import page
from portscan.generators import governance
from portscan.generators.model import Artefact, Context
from portscan.records import dataclass
from portscan.registry.model import Service

NAME: Final = "onboarding"
HELP: Final = "a page about ports for new developers"


@dataclass(frozen=True, slots=True)
class Settings(governance.Settings):
    """Where the page goes, and what it names."""

    path: str = key(TEXT, "The page, in Markdown or MDX.", default="docs/ports-onboarding.md")
    health: str = key(TEXT, "The health script, where there is one.", default="")


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The page, with a service of the registry for its examples."""
    stacks = tuple((name, range_, _owners(services)) for name, range_, services in context.stacks)
    script = governance.coded(context.settings.health) if context.settings.health else None
    body = governance.written(context, "onboarding", example=_example(context.services), owners=stacks, script=script)
    style = governance.style(context.settings.path)
    yield Artefact(context.settings.path, page(body, style), style, sources=context.sources)


def _example(services: tuple[Service, ...]) -> Service | None:
    """The service to show: best one of ours that speaks HTTP at the same port inside and outside of its container."""
    published = [service for service in services if service.main.published]
    ours = [service for service in published if not service.external and service.status == "active"]
    return max(ours, key=lambda service: (service.protocol == "http", service.port == service.container_port), default=None)


def _owners(services: tuple[Service, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(service.owner for service in services if service.owner))
