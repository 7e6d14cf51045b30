"""Reads a file that came with a repository, where a name may stand for a FIFO or a device that never ends."""

from __future__ import annotations

import stat
from errno import EINVAL
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OWN = "/dev/"  # what a shell passes as `<(command)` or `/dev/stdin` was meant


def read(file: Path, most: int = -1) -> bytes:
    """The bytes of a file, at most so many of them; an `OSError` when it is none that could be read to its end."""
    mode = file.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or str(file).startswith(OWN)):
        raise OSError(EINVAL, "not a regular file", str(file))
    with file.open("rb") as stream:
        return stream.read(most)
