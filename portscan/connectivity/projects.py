"""Which Compose projects a repository holds: what is started together, and what stands alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from posixpath import dirname, join, normpath

from portscan.connectivity.invocations import Invocation, invocations
from portscan.connectivity.loading import ENV, Files, variables
from portscan.connectivity.lore import lore
from portscan.connectivity.model import Project
from portscan.connectivity.names import COMPOSE, ENDS, ON_TOP, USUAL
from portscan.connectivity.recalling import project_of
from portscan.connectivity.telling import Telling
from portscan.connectivity.world import World
from portscan.document import nodes
from portscan.expressions import compiled
from portscan.records import replace

REFERRED = compiled(r"(?<![\w./-])[\w./-]+\.ya?ml")


def compose_files(world: World) -> tuple[str, ...]:
    """The Compose files of the repository: by their name, and by the services that they list."""
    ending = (path for path in world.paths if path.lower().endswith(ENDS))
    return tuple(path for path in sorted(filter(COMPOSE.search, ending)) if _referred(world, path) is not None)


def projects(world: World) -> tuple[Project, ...]:
    """Every project, in the order of its first file."""
    files = compose_files(world)
    called = tuple(invocations(world, files))
    groups = [*_together(called), *_usual(world, files, called)]
    taken = {path for group in groups for path in group.files} | _of_others(world, files)
    loaded = lru_cache(None)(partial(project_of, world, Telling(lore())))
    groups += [_alone(loaded, path, groups) for path in files if path not in taken]
    return tuple(map(loaded, sorted(groups, key=lambda group: group.files)))


def _referred(world: World, path: str) -> tuple[str, ...] | None:
    """The files that one with services includes or extends; None of one without. It is asked by itself, as few files change."""

    def named(_data: bytes) -> tuple[str, ...] | None:
        if not _has_services(world, path):
            return None
        text = world.text(path) or ""
        return tuple(REFERRED.findall(text)) if "include:" in text or "extends:" in text else ()

    found: tuple[str, ...] | None = world.said(path, "referred", named)
    return found


def _has_services(world: World, path: str) -> bool:
    document = world.document(path)
    root = document.root if document else None
    entry = root.entries.get("services") if isinstance(root, nodes.Mapping) else None
    return entry is not None and isinstance(entry.value, nodes.Mapping)


def _together(called: Sequence[Invocation]) -> Iterator[Files]:
    """The groups of files that are handed to one command."""
    by_files: dict[tuple[str, ...], list[Invocation]] = {}
    for each in called:
        by_files.setdefault(each.files, []).append(each)
    for files, those in by_files.items():
        env_files = next((each.env_files for each in those if each.env_files), ())
        name = next((each.name for each in those if each.name), "")
        scripts = tuple(dict.fromkeys(each.script for each in those))
        yield Files(files, dirname(files[0]) or ".", name if name.isidentifier() or "-" in name else "", env_files, scripts)


def _usual(world: World, files: Sequence[str], called: Sequence[Invocation]) -> Iterator[Files]:
    """What `docker compose` finds by itself in each directory, where no command names that very file."""
    named = {each.files[0] for each in called}
    for directory in sorted({dirname(path) for path in files}):
        group = _by_itself(world, directory or ".")
        if group is not None and not (named & set(group.files) and group.files[0] in named):
            yield group


def _by_itself(world: World, directory: str) -> Files | None:
    said = variables(world, Files((), directory)).get("COMPOSE_FILE")
    if said is not None and said.text:
        chosen = tuple(normpath(join(directory, name)) for name in re.split(r"[:;]", said.text))
        return Files(chosen, directory, told=(normpath(join(directory, ENV)),))
    base = next((path for name in USUAL if (path := normpath(join(directory, name))) in world), None)
    if base is None:
        return None
    top = next((path for name in ON_TOP if (path := normpath(join(directory, name))) in world), None)
    return Files((base, top) if top else (base,), directory)


def _of_others(world: World, files: Sequence[str]) -> set[str]:
    """Files that others include or extend: they are no projects of their own."""
    named = ((path, name) for path in files for name in _referred(world, path) or ())
    return {found for path, name in named if (found := normpath(join(dirname(path), name))) != path}


def _alone(loaded: Callable[[Files], Project], path: str, groups: Sequence[Files]) -> Files:
    """A file that nothing names; one that only adds to services is put on top of the file of its directory that has them."""
    group = Files((path,), dirname(path) or ".")
    project = loaded(group)
    if not _fragment(project):
        return group
    near = (each for each in groups if each.directory == group.directory and path not in each.files)
    wanted = {name for service in project.services.values() for name in (service.name, *service.said.depends_on)}
    shared = {each: len(wanted & loaded(each).services.keys()) for each in near}
    best = max(shared, key=lambda each: shared[each], default=None)
    return replace(best, files=(*best.files, path), told=()) if best is not None and shared[best] else group


def _fragment(project: Project) -> bool:
    """Whether a file speaks of services that another one must complete, or depends on some that are not in it."""
    incomplete = any(service.said.image is None and service.said.build is None for service in project.services.values())
    return incomplete or any(
        name not in project.services for service in project.services.values() for name in service.said.depends_on
    )
