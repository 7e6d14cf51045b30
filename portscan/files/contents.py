"""The bytes of a file, or why they cannot be had. File descriptors, since commit hooks wait for this."""

from __future__ import annotations

import os
import stat
from errno import EACCES, ELOOP, ENOENT, ENOTDIR, ENXIO, EPERM

from portscan import passed_over
from portscan.model import Reason, Skipped
from portscan.tuples import NamedTuple

LARGEST = 8 * 1024 * 1024  # nobody writes a larger text; a parser may take a hundred times its size
BLOCK = 1024 * 1024
REASONS = {
    EACCES: Reason("permission denied"),
    EPERM: Reason("permission denied"),
    ELOOP: Reason("symbolic link"),
    ENOENT: Reason("not in the working tree"),
    ENOTDIR: Reason("not in the working tree"),
    ENXIO: Reason("not a regular file"),
}
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class FileEntry(NamedTuple):
    """A file to read: `path` as shown to users, relative and with forward slashes; `absolute` as the system knows it.

    `given` is true of a file that was named by hand: it is read whatever its name or contents suggest.
    """

    path: str
    absolute: str
    given: bool = False


def read(entry: FileEntry, *, largest: int = LARGEST) -> bytes | Skipped:
    """The bytes of a file, or why they cannot be had. Never waits for a FIFO, never reads a device."""
    try:
        data = _read(entry, largest)
    except OSError as error:
        other = Reason(f"cannot be read: {(error.strerror or 'unknown reason').lower()}")
        return Skipped(entry.path, REASONS.get(error.errno or 0, other))
    if isinstance(data, str):
        return Skipped(entry.path, data)
    return data if entry.given else written(entry.path, data)


def size_of(entry: FileEntry) -> int:
    """The bytes of a file; none where they cannot be had."""
    try:
        return os.lstat(entry.absolute).st_size
    except OSError:
        return 0


def written(path: str, data: bytes) -> bytes | Skipped:
    """The contents of a file that somebody wrote; those of one that a bundler did are passed over."""
    return Skipped(path, Reason("minified file")) if passed_over.bundled(path, data) else data


def too_large(largest: int = LARGEST) -> Reason:
    """Why a larger file is not read."""
    return Reason(f"larger than {largest >> 20} MiB")


def _read(entry: FileEntry, largest: int) -> bytes | Reason:
    """The bytes, or the reason not to read them."""
    handle = os.open(entry.absolute, FLAGS if entry.given else FLAGS | NO_FOLLOW)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return Reason("directory" if stat.S_ISDIR(state.st_mode) else "not a regular file")
        data = _drain(handle, state.st_size, largest) if state.st_size <= largest else None
        return too_large(largest) if data is None else data
    finally:
        os.close(handle)


def _drain(handle: int, size: int, largest: int) -> bytes | None:
    """Everything up to the end of the file; None when it grows beyond `largest` meanwhile."""
    data = os.read(handle, size + 1)
    if len(data) == size:  # one byte more was asked for, so this is the end
        return data
    parts, total = [data], len(data)
    while total <= largest:
        part = os.read(handle, BLOCK)
        if not part:
            return b"".join(parts)
        parts.append(part)
        total += len(part)
    return None
