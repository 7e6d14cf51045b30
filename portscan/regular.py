"""Reads a file that came with a repository, where a name may stand for a FIFO or a device that never ends."""

from __future__ import annotations

import stat
from errno import EFBIG, EINVAL
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

STDIN: Final = "/dev/stdin"
PASSED: Final = ("/dev/fd", "/proc/self/fd")  # where a shell puts what it passes as `<(command)`
SMALL: Final = 1_000_000  # bytes of an env file, a script or a Compose file that people write
LARGEST: Final = 64 * 1024 * 1024  # nothing that is read as a whole comes near, a baseline included


def read(file: Path, most: int | None = None) -> bytes:
    """The bytes of a file, at most so many of them; an `OSError` when it is none that could be read to its end."""
    mode = file.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or _passed(file)):
        raise OSError(EINVAL, "not a regular file", str(file))
    with file.open("rb") as stream:
        data = stream.read(LARGEST + 1 if most is None else most)
    if most is None and len(data) > LARGEST:
        raise OSError(EFBIG, f"larger than {LARGEST >> 20} MiB", str(file))
    return data


def text(file: Path) -> str:
    """The text of a file that is worth a look beside another one; nothing where it is none, too large, or cannot be read."""
    try:
        state = file.stat()
        small = stat.S_ISREG(state.st_mode) and state.st_size <= SMALL
        return read(file, SMALL).decode("utf-8", "replace") if small else ""
    except OSError:
        return ""


def _passed(file: Path) -> bool:
    """Whether a user meant what the shell hands over, which is a pipe: no repository can put anything there."""
    return str(file) == STDIN or str(file.parent) in PASSED
