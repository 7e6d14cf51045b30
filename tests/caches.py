"""Cache directories for the processes that tests start."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from portscan.cache.kept import cache_directory

TOP = Path(__file__).resolve().parent.parent
COMPILING = "from portscan import findings, knowledge; knowledge.load(); findings.catalogue()"
SHELF = "rules"
OWN = cache_directory()  # that of this run, whatever a test sets for itself


def with_rules(folder: Path) -> str:
    """The cache directory `folder`, in which the rules are compiled already, as in a wheel: that takes a checkout seconds."""
    if not folder.exists():
        (folder / SHELF).mkdir(parents=True)
        for name, data in _rules().items():
            (folder / SHELF / name).write_bytes(data)
    return str(folder)


@lru_cache(maxsize=1)
def _rules() -> dict[str, bytes]:
    more = {"PYTHONPATH": str(TOP), "PORTSCAN_CACHE_DIR": str(OWN)}
    subprocess.run([sys.executable, "-c", COMPILING], env={**os.environ, **more}, check=True)
    found = {}
    for file in (OWN / SHELF).iterdir():
        with suppress(FileNotFoundError):  # another run makes room
            found[file.name] = file.read_bytes()
    return found
