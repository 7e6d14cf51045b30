"""The only module that writes into a repository: edits are planned wholly, and every file is replaced by a rename.

All new contents are written beside their files and flushed to the disk before the first rename, so that a full disk, a
read-only file or a file that changed meanwhile stops everything before anything is changed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from itertools import groupby
from pathlib import Path

from portscan.errors import UserError
from portscan.model import Edit

SCRATCH = ".portscan-"


class Overlap(ValueError):
    """Two edits want to change the same bytes in different ways."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """What a file is to hold: `before` is what it held when it was read, None when it is to be created."""

    path: str
    before: bytes | None
    after: bytes


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with the edits made. The same edit twice is one; an insertion goes in front of what is replaced there."""
    pieces: list[bytes] = []
    reached = 0
    for edit in ordered(edits):
        if edit.span.start < reached or data[edit.span.start : edit.span.end] != edit.before:
            raise Overlap(f"{edit.path}: bytes {edit.span.start}-{edit.span.end}")
        pieces += (data[reached : edit.span.start], edit.after)
        reached = edit.span.end
    return b"".join((*pieces, data[reached:]))


def ordered(edits: Iterable[Edit]) -> list[Edit]:
    """The different edits in the order of their places."""
    unique = {(edit.span, edit.after): edit for edit in edits}
    return sorted(unique.values(), key=lambda edit: (edit.span.start, edit.span.end))


def by_path(edits: Iterable[Edit]) -> Iterator[tuple[str, list[Edit]]]:
    """The edits of each file."""
    every = sorted(edits, key=lambda edit: (edit.path, edit.span))
    for path, group in groupby(every, key=lambda edit: edit.path):
        yield path, list(group)


def diff(files: Iterable[NewFile]) -> str:
    """A unified diff of the changes; bytes that are no UTF-8 are shown as replacement characters."""
    parts = []
    for file in files:
        before = (file.before or b"").decode("utf-8", "replace").splitlines(keepends=True)
        after = file.after.decode("utf-8", "replace").splitlines(keepends=True)
        old = f"a/{file.path}" if file.before is not None else "/dev/null"
        parts += [_whole(line) for line in unified_diff(before, after, old, f"b/{file.path}")]
    return "".join(parts)


def _whole(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def write(root: Path, top: Path, files: Sequence[NewFile]) -> None:
    """Make every file hold its new contents, or raise a `UserError` and leave all of them as they were.

    Paths are relative to `root`. A file keeps its mode; a symbolic link is followed only to a file inside `top`. Should the
    machine stop between two renames, each file is old or new; running the command again finishes the work.
    """
    targets = [(file, _target(root, top, file)) for file in files if file.before != file.after]
    scratches: list[tuple[Path, Path]] = []
    try:
        for file, target in targets:
            scratches.append((_scratch(file, target), target))
        for file, target in targets:
            _unchanged(file, target)
        for scratch, target in scratches:
            scratch.replace(target)
    except OSError as error:
        raise UserError(f"{error.filename or root}: {(error.strerror or '').lower()}", "Nothing more was changed.") from None
    finally:
        for scratch, _ in scratches:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)


def _target(root: Path, top: Path, file: NewFile) -> Path:
    """Where the bytes are: behind a link, but never outside the repository."""
    path = root / file.path
    real = Path(os.path.realpath(path))
    if Path(os.path.realpath(top)) not in real.parents:
        raise UserError(f"{file.path} leads out of the repository", "Nothing was changed. Fix that file where it belongs.")
    if file.before is not None and not os.access(real, os.W_OK):
        raise UserError(f"{file.path} is read-only", "Nothing was changed. Make it writable, or leave it out.")
    return real


def _scratch(file: NewFile, target: Path) -> Path:
    """The new contents on disk beside the file, with its mode."""
    if file.before is None:
        target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f"{SCRATCH}{os.getpid()}-{target.name}"[:200])
    mode = stat.S_IMODE(target.stat().st_mode) if file.before is not None else 0o666
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(file.after)
            stream.flush()
            os.fsync(stream.fileno())
        if file.before is not None:
            scratch.chmod(mode)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise
    return scratch


def _unchanged(file: NewFile, target: Path) -> None:
    current = target.read_bytes() if file.before is not None else None
    if file.before is None and target.exists():
        raise UserError(f"{file.path} exists already", "Nothing was changed. Run the command again.")
    if current != file.before:
        raise UserError(f"{file.path} changed while portscan ran", "Nothing was changed. Run the command again.")


def new_files(edits: Iterable[Edit], sources: Mapping[str, bytes]) -> tuple[NewFile, ...]:
    """The files that the edits change, as they are to be."""
    return tuple(NewFile(path, sources[path], applied(sources[path], group)) for path, group in by_path(edits))
