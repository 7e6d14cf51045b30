"""The registry as it was at a revision."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from portscan.errors import UserError
from portscan.git.history import commit_of
from portscan.git.objects import contents
from portscan.git.running import work_tree_of
from portscan.registry.loader import load, read
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from portscan.registry.model import Registry

WORK_TREE = "the work tree"


class Version(NamedTuple):
    """A registry and what it is called: a revision, or the work tree. None where there was no registry yet."""

    name: str
    registry: Registry | None


def version_at(file: Path, revision: str) -> Version:
    """The registry at `file` as `revision` has it; a `UserError` where git has no such revision, or it was in error."""
    folder = os.path.realpath(file.parent)
    path = path_in_git(file)
    data = contents(folder, commit_of(folder, revision), path)
    return Version(revision, None if data is None else _loaded(data, f"{file.name} at {revision}"))


def path_in_git(file: Path) -> str:
    """The path of a file from the top of its repository."""
    folder = os.path.realpath(file.parent)
    top = work_tree_of(folder)
    if top is None:
        raise UserError(f"{folder} is not in a git repository", "Without one there are no revisions to compare.")
    return os.path.relpath(f"{folder}/{file.name}", top).replace(os.sep, "/")


def version_here(file: Path) -> Version:
    """The registry as it is on the disk now."""
    if not file.exists():
        return Version(WORK_TREE, None)
    return Version(WORK_TREE, _loaded(read(file, os.path.relpath(file)), os.path.relpath(file)))


def _loaded(data: bytes, label: str) -> Registry:
    found = load(label, data)
    if found.registry is None:
        first = found.findings[0]
        raise UserError(f"{label} is in error at line {first.location.line}: {first.message}", "Compare with another revision.")
    return found.registry
