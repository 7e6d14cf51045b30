"""Override files for Compose: each is merged on top of a file of yours, and makes ports, networks and checks the registry's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import basename, dirname
from typing import Any, Final

from portscan.config.kinds import GLOB, SWITCH, TEXT, listed
from portscan.config.tables import key
from portscan.connectivity.loading import Files, load
from portscan.connectivity.model import Project
from portscan.connectivity.world import World
from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.files import listing
from portscan.files.contents import FileEntry, read
from portscan.generated import HASH, whole
from portscan.generators.addresses import compose_name, in_container
from portscan.generators.compose_ports import entries
from portscan.generators.compose_service import Surroundings, Target, said
from portscan.generators.model import Artefact, Context
from portscan.generators.model import Settings as Common
from portscan.generators.yaml_text import dump
from portscan.records import dataclass, field
from portscan.registry.model import Service

NAME: Final = "compose"
HELP: Final = "override files for Compose: ports, networks, dependencies and health checks"
BESIDE: Final = "{folder}/{name}.ports.yml"
ALONE: Final = "{folder}/compose/{name}.yml"
NAMEABLE: Final = compiled(r"[A-Za-z0-9._-]{1,128}")  # what Compose takes as the name of a service or a network


@dataclass(frozen=True, slots=True)
class Settings(Common):
    """For which compose files, where the override files go, and what is in them."""

    files: tuple[str, ...] = key(
        listed(GLOB), "Your compose files: each gets an override file. Without any there is one for each stack.", default=()
    )
    path: str = key(
        TEXT, "Where they go; {folder} and {name} are those of your file, or the registry's folder and the stack.", default=""
    )
    healthchecks: bool = key(SWITCH, "Add health checks where a service of yours has none.", default=True)
    publish: bool = key(SWITCH, "Also publish services of which your file publishes nothing.", default=False)


@dataclass(frozen=True, slots=True)
class Base:
    """A compose file to be overridden, or a stack without one: what it is called, and which services of ours are in it."""

    folder: str
    name: str
    services: tuple[Target, ...]
    project: Project | None = None
    sources: tuple[str, ...] = field(default=())


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """An override file for each compose file, or each stack, that has a service of the registry."""
    bases = _files(context) if context.settings.files else _stacks(context)
    for base in bases:
        settings = context.settings
        choices = (settings.healthchecks, settings.publish)
        around = Surroundings(context.registry, base.services, base.project, context.today, *choices)
        services = {target.name: body for target in base.services if (body := said(target, around))}
        if services:
            pattern = context.settings.path or (BESIDE if base.project else ALONE)
            path = pattern.replace("{folder}", base.folder or ".").replace("{name}", base.name)
            yield Artefact(path, dump(_document(services, base.project)), HASH, sources=base.sources)


def _document(services: Mapping[str, Mapping[str, Any]], project: Project | None) -> dict[str, Any]:
    """The services, and the networks that the file of yours does not have."""
    known = set(project.networks) if project else set()
    used = dict.fromkeys(name for body in services.values() for name in body.get("networks", ()))
    missing = {name: {"name": name, "external": True} if project else {"name": name} for name in used if name not in known}
    return {"services": dict(services), **({"networks": missing} if missing else {})}


def _files(context: Context[Settings]) -> Iterator[Base]:
    """The compose files of the settings, but for what was generated itself."""
    # Without env files: what is written there is somebody's own, and must not get into what all share.
    paths = (entry.path for entry in listing(context.top).entries)
    known = frozenset(path for path in paths if not basename(path).startswith(".env"))
    world = World(known, lambda path: _bytes(context.top, path), context.top.name, budget=context.budget)
    chosen = [entry.path for entry in listing(context.top, include=context.settings.files).entries]
    bases = [path for path in chosen if whole(world.text(path) or "") is None]
    if not bases:
        raise UserError(
            f"generate.{NAME}: files: no compose file is at {', '.join(context.settings.files)}", "Mend the patterns."
        )
    for path in bases:
        project = load(world, Files((path,), dirname(path)))
        stem = basename(path).rpartition(".")[0]
        yield Base(dirname(path), stem, tuple(_within(context, world, path, project)), project, (path,))


def _bytes(top: Path, path: str) -> bytes | None:
    """What a listed file holds; none where it is a link, a directory or nothing that can be read."""
    data = read(FileEntry(path, str(top / path)))
    return data if isinstance(data, bytes) else None


def _within(context: Context[Settings], world: World, path: str, project: Project) -> Iterator[Target]:
    """The services of the registry that the file has, under the name that it has them."""
    names = {compose_name(service): service for service in context.services if not service.external}
    for name, written in project.services.items():
        service = names.get(name)
        if service is not None and service.container is not False:
            yield Target(name, service, written, entries(world, path, written))


def _stacks(context: Context[Settings]) -> Iterator[Base]:
    folder = dirname(context.source)
    for stack, _, services in context.stacks:
        targets = [Target(compose_name(service), service) for service in services if _runs(service)]
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", stack).strip("-.")[:60] or "stack"
        yield Base(folder, name, tuple(targets))


def _runs(service: Service) -> bool:
    return in_container(service) and NAMEABLE.fullmatch(compose_name(service)) is not None
