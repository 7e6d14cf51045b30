"""Files that Compose mounts into a container: what runs in there reads the container's environment, not the host's."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from portscan import regular
from portscan.connectivity.names import COMPOSE
from portscan.expressions import compiled

# `- ./a.py:/etc/a.py:ro` under `volumes`, or `source: ./a.py`
SOURCE = compiled(r"""^[ \t]*(?:-[ \t]+["']?([^\s"':$]+):/|(?:-[ \t]+)?source:[ \t]*["']?([^\s"'$]+))""", re.MULTILINE)


def mounted(top: Path, file: Path) -> bool:
    """Whether a Compose file in the folder of a file, or above it up to `top`, mounts this very file."""
    path = os.path.normpath(file)
    folders = [folder for folder in Path(path).parents if folder == top or top in folder.parents]
    return any(path in _sources(folder) for folder in folders)


@lru_cache(maxsize=1024)
def _sources(folder: Path) -> frozenset[str]:
    """What the Compose files in a folder mount, as whole paths."""
    try:
        names = sorted(name for name in os.listdir(folder) if COMPOSE.search(name))  # noqa: PTH208  (no need for paths)
    except OSError:
        return frozenset()
    found = (match[1] or match[2] for name in names for match in SOURCE.finditer(regular.text(folder / name)))
    return frozenset(os.path.normpath(folder / each) for each in found)
