"""The states that commits hold, read from git's objects; the work tree is neither touched nor asked."""

# ruff: noqa: PTH100  (paths that need not be there)

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from os.path import abspath, relpath
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from portscan import config as configuration
from portscan import regular
from portscan.config import Config
from portscan.errors import UserError
from portscan.files import listing_of
from portscan.files.contents import LARGEST, FileEntry, too_large, written
from portscan.git.objects import Entry, Objects, TooLarge, tree
from portscan.model import Reason, Skipped
from portscan.pipeline.state import State
from portscan.records import dataclass, replace
from portscan.registry.loader import load_kept
from portscan.registry.model import Registry
from portscan.workspace import label_of, nearest

if TYPE_CHECKING:
    from argparse import Namespace

    from portscan.workspace import Workspace

MISSING = Reason("not in this clone")
LINK = "symbolic link"
DEEPEST = 8  # links to links


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the past is looked into, and how: the top of the repository, the directory that portscan works in, and the
    registry and the configuration where they were named by hand.
    """

    top: Path
    root: Path
    registry: Path | None = None
    config: Path | None = None


def asked(args: Namespace, work: Workspace) -> Asked:
    """What the options of a command ask for."""
    registry = Path(abspath(args.registry)) if args.registry else None
    return Asked(work.top, work.root, registry, Path(args.config) if args.config else None)


@dataclass(frozen=True)
class Held:
    """What a commit holds, seen from the top of the repository: paths are those of files as they would lie on the disk."""

    top: Path
    objects: Objects
    held: tuple[Entry, ...]

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """What it holds, by path."""
        return {entry.path: entry for entry in self.held}

    def contents(self, entry: FileEntry) -> bytes | Skipped:
        """The bytes of a file, or why they cannot be had."""
        data = self.objects.read(self.by_path[entry.path].name, LARGEST)
        if data is None:
            return Skipped(entry.path, MISSING)
        return Skipped(entry.path, too_large()) if isinstance(data, TooLarge) else written(entry.path, data)

    def there(self, file: Path) -> bool:
        """Whether there is a file."""
        return self._at(file) is not None

    def read(self, file: Path) -> bytes:
        """The bytes of a file; a `FileNotFoundError` where it is not there. What lies outside the repository is read there."""
        if not Path(abspath(file)).is_relative_to(self.top):
            return regular.read(file)
        entry = self._at(file)
        data = self.objects.read(entry.name, LARGEST) if entry else None
        if not isinstance(data, bytes):
            raise FileNotFoundError(file)
        return data

    def below(self, folder: Path) -> Iterator[tuple[str, Entry]]:
        """The plain files in a directory, by their paths in it; none that could lie anywhere else."""
        prefix = f"{relpath(folder, self.top)}/".replace("\\", "/")
        for entry in self.held:
            path = entry.path.removeprefix(prefix)
            if path != entry.path and entry.reason is None and not {"..", "", "."} & {*path.replace("\\", "/").split("/")}:
                yield path, entry

    def _at(self, file: Path) -> Entry | None:
        """The plain file at a path; links are followed as far as they stay in the repository."""
        path = relpath(file, self.top).replace("\\", "/")
        for _ in range(DEEPEST):
            entry = self.by_path.get(path)
            if entry is None or entry.reason is None:
                return entry
            target = self.objects.read(entry.name, LARGEST) if entry.reason == LINK else None
            if not isinstance(target, bytes):
                return None
            path = normpath(join(dirname(path), target.decode("utf-8", "surrogateescape")))
        return None


def state_in(commit: str, day: date, asked: Asked, objects: Objects, rules: Path) -> State:
    """The state that a commit holds, by its own registry and its own configuration; a `UserError` where it has none in order.

    The rules of its own, which it may bring along, are laid out below `rules`.
    """
    top = asked.top
    held = Held(top, objects, tree(str(top), commit))
    config = configuration.load(asked.root, asked.config, held.read)
    registry = _registry(asked, config, held)
    anchor = config.file.parent if config.file else None
    names = [(entry.path, entry.reason) for entry in held.held]
    listing = listing_of(names, top, include=config.include, exclude=config.exclude, anchor=anchor)
    ids = {entry.path: bytes.fromhex(entry.name) for entry in held.held}
    own, named = _own_rules(config, held, rules)
    return State(top, registry, replace(config, extend_rules=own), day, listing, held.contents, ids, named)


def _own_rules(config: Config, held: Held, place: Path) -> tuple[tuple[str, ...], str]:
    """The directories with rules of the repository's own, laid out below `place`, and a name for what is in them."""
    folders = [(config.file.parent if config.file else held.top) / each for each in config.extend_rules]
    found = [(number, path, entry) for number, folder in enumerate(folders) for path, entry in held.below(folder)]
    if not folders:
        return (), ""
    name = sha256(repr([(number, path, entry.name) for number, path, entry in found]).encode()).hexdigest()[:16]
    for number, path, entry in found:
        data = held.objects.read(entry.name, LARGEST)
        if isinstance(data, bytes) and not (place / name / str(number) / path).exists():
            _put(place / name / str(number) / path, data)
    inside = [Path(abspath(folder)).is_relative_to(held.top) for folder in folders]
    return tuple(str(place / name / str(n)) if inside[n] else str(folder) for n, folder in enumerate(folders)), name


def _put(target: Path, data: bytes) -> None:
    os.makedirs(target.parent, exist_ok=True)  # noqa: PTH103
    with target.open("wb") as file:
        file.write(data)


def _registry(asked: Asked, config: Config, held: Held) -> Registry:
    file = asked.registry or nearest(asked.root, config, held.read, held.there)
    label = relpath(file, asked.top) if asked.registry else label_of(asked.top, config, file)
    try:
        loaded = load_kept(label.replace("\\", "/"), held.read(file))
    except FileNotFoundError:
        raise UserError("there was no registry yet" if asked.registry is None else f"there was no {label}") from None
    if loaded.registry is None:
        raise UserError(f"the registry was in error at line {loaded.findings[0].location.line}: {loaded.findings[0].message}")
    if not loaded.registry.services:
        raise UserError("the registry listed no service yet")
    return loaded.registry
