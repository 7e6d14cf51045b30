"""The state of the work tree, seen from the top of the repository as the states of its past are."""

from __future__ import annotations

from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.pipeline.state import State, on_disk
from portscan.records import replace

if TYPE_CHECKING:
    from portscan.workspace import Workspace


def state_here(work: Workspace) -> State:
    """The repository as it lies on the disk."""
    registry = work.registry if work.elsewhere else replace(work.registry, path=from_top(work))
    return on_disk(work.top, registry, work.config, work.today)


def from_top(work: Workspace) -> str:
    """The path of the registry from the top of the repository."""
    return Path(relpath(work.registry_file.resolve(), work.top.resolve())).as_posix()
