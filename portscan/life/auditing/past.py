"""The state of a repository in a commit, read from git's objects; the work tree is neither touched nor asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from portscan.git.objects import contents, objects, tree
from portscan.life.auditing.figures import Figures, measured
from portscan.passed_over import reason

if TYPE_CHECKING:
    from portscan.pipeline.surveys import Memory

BATCH = 400


def figures(top: Path, commit: str, registry_path: str, day: date, memory: Memory) -> Figures | None:
    """The figures of a commit by its own registry and its own configuration; none where it has no registry in order.

    What most commits share is read once: it is kept in `memory`.
    """
    from portscan import config as configuration
    from portscan.pipeline.surveys import survey
    from portscan.registry.loader import load

    data = contents(str(top), commit, registry_path)
    registry = load(registry_path, data).registry if data is not None else None
    if registry is None:
        return None
    with _laid_out(top, commit) as place:
        config = configuration.load(place)
        # Rules of the commit's own may read the same bytes otherwise.
        known = memory if not config.extend_rules else None
        return measured(survey(place, (), registry, config, day, memory=known, whole=True), registry, day)


@contextmanager
def _laid_out(top: Path, commit: str) -> Iterator[Path]:
    """The files of a commit in a directory of their own, elsewhere, for as long as they are needed."""
    with TemporaryDirectory(prefix="portscan-") as name:
        files = [(path, blob) for path, blob in tree(str(top), commit) if reason(path.rpartition("/")[2]) is None]
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            held = objects(str(top), [blob for _, blob in batch])
            for path, blob in batch:
                _put(Path(name), path, held.get(blob, b""))
        yield Path(name).resolve()


def _put(place: Path, path: str, data: bytes) -> None:
    target = place / path
    if ".." in path.split("/") or (target.is_absolute() and not str(target).startswith(str(place))):
        return
    os.makedirs(target.parent, exist_ok=True)  # noqa: PTH103
    with target.open("wb") as file:
        file.write(data)
