"""The files of a repository as the checks of its Compose files see them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from portscan.document import nodes

if TYPE_CHECKING:
    from portscan.config import Config
    from portscan.connectivity.world import World


def world(root: Path, config: Config) -> World:
    """All files below `root` that a scan would read."""
    from portscan.connectivity.world import World
    from portscan.files import listing
    from portscan.files.contents import read

    anchor = config.file.parent if config.file else None
    found = listing(root, (), include=config.include, exclude=config.exclude, anchor=anchor)
    known = {entry.path: entry for entry in found.entries}

    def contents(path: str) -> bytes | None:
        data = read(known[path]) if path in known else None
        return data if isinstance(data, bytes) else None

    return World(frozenset(known), contents, root.absolute().name)


def started(root: Path, config: Config, name: str) -> str:
    """The first Compose file that has a service of that name; empty when none has."""
    from portscan.connectivity.projects import compose_files

    there = world(root, config)
    return next((path for path in compose_files(there) if name in _services(there, path)), "")


def _services(there: World, path: str) -> frozenset[str]:
    """The keys of the services in a Compose file."""
    document = there.document(path)
    root = document.root if document else None
    entry = root.entries.get("services") if isinstance(root, nodes.Mapping) else None
    return frozenset(map(str, entry.value.entries)) if entry and isinstance(entry.value, nodes.Mapping) else frozenset()
