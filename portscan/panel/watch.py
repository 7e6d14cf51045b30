"""Looks again when the repository or the ports of this machine have changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from portscan.errors import UserError
from portscan.files import listing

if TYPE_CHECKING:
    from pathlib import Path

    from portscan.panel.server import Board

PAUSE: Final = 1.0  # seconds between two looks


def watch(
    board: Board, known: object, state: Callable[[], object], look: Callable[[], dict[str, Any]], pause: float = PAUSE
) -> None:
    """Publish what `look` finds whenever `state` has changed or somebody asks; a registry in error keeps the last document.

    `known` is the state in which what the board shows was found, or an earlier one.
    """
    while not board.stopped:
        asked = board.wanted.wait(pause)
        board.wanted.clear()
        now = state()
        if board.stopped or not (asked or now != known):
            continue
        known = now
        try:
            board.publish(look())
        except UserError as error:
            board.publish({**board.data, "problem": str(error)})


def files_state(root: Path, registry: Path) -> frozenset[tuple[str, int, int]]:
    """What tells that a file has changed: its time and its size, for every file that is read, and the registry."""
    entries = (entry.absolute for entry in listing(root, ()).entries)
    return frozenset(_stamps((*entries, str(registry))))


def _stamps(paths: Iterable[str]) -> Iterable[tuple[str, int, int]]:
    for path in paths:
        try:
            found = os.stat(path)  # noqa: PTH116  (thousands of them)
        except OSError:
            continue
        yield path, found.st_mtime_ns, found.st_size
