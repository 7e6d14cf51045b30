"""How several files are replaced together: new contents are collected first, then moved into place, whatever happens.

A folder that git never lists holds the new contents while a write runs, and from the moment at which it is decided also
the list of what goes where. Killed before, a write has changed nothing; killed after, the next command finishes it.
It is one module, though a long one: each step relies on what the others leave on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from portscan.errors import UserError
from portscan.git.directory import below, directory
from portscan.records import dataclass
from portscan.regular import read

SCRATCH = ".portscan-"
FOLDER = f"{SCRATCH}write"
LIST, LOCK = "journal.json", "lock"
REPORT = "Look at that folder, and delete it."
BINARY = getattr(os, "O_BINARY", 0)
WARY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a downloaded folder may hold links and FIFOs


@dataclass(frozen=True, slots=True)
class Step:
    """One file: its place, the new contents on the same disk (None to delete it), and the digests of old and new ones."""

    target: str
    scratch: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Journal:
    """The write that is under way in `folder`."""

    folder: Path

    def collect(self, target: Path, data: bytes, mode: int) -> str:
        """Put the new contents of `target` on its disk, flushed, and answer with their place."""
        near = self._on_disk_of(target)
        scratch = (near or self.folder) / scratch_name(target)
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, mode)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            with suppress(OSError):
                scratch.unlink()
            raise
        return str(scratch)

    def _on_disk_of(self, target: Path) -> Path | None:
        """The folder of `target`, if the journal is on another disk, from where nothing can be moved there."""
        parent = existing(target.parent)
        return None if parent.stat().st_dev == self.folder.stat().st_dev else parent

    def decide(self, steps: Sequence[Step]) -> None:
        """From here on the write will be finished."""
        from dataclasses import asdict
        from json import dumps

        content = dumps({"seal": _seal(self.folder), "steps": [asdict(step) for step in steps]}).encode()
        scratch = Path(self.collect(self.folder / LIST, content, 0o600))
        scratch.replace(self.folder / LIST)

    def steps(self) -> tuple[Step, ...] | None:
        """What was decided; None when nothing was yet. A list that came with its folder from elsewhere is none."""
        from json import loads

        try:
            data = read(self.folder / LIST)
        except FileNotFoundError:
            return None
        try:
            return tuple(_stated(Step(**each)) for each in _sealed(loads(data), self.folder))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise UserError(f"{self.folder / LIST} is no list of files to write", REPORT) from None

    def holds(self, step: Step) -> bool:
        """Whether the new contents of a step are those that were collected for it, and no other file that a list names."""
        if step.scratch is None:
            return True
        target, scratch = Path(step.target), Path(step.scratch)
        near = (os.path.realpath(folder) for folder in (self.folder, *target.parents))
        ours = scratch.name == scratch_name(target) and os.path.realpath(scratch.parent) in near
        return ours and not scratch.is_symlink() and digest_of(step.scratch) == step.after

    def close(self) -> None:
        """Take the folder away, and what a write puts there; what else is in it is somebody's, and stays."""
        for name in (*self.folder.glob(f"{SCRATCH}*"), *(self.folder / name for name in (LIST, ".gitignore", LOCK))):
            with suppress(OSError):
                name.unlink()
        with suppress(OSError):
            self.folder.rmdir()


def scratch_name(target: Path) -> str:
    """The name of the file with the new contents of `target`."""
    return f"{SCRATCH}{digest(os.fsencode(target))}"


def _seal(folder: Path) -> list[int]:
    """What no list that was unpacked with its folder can know: the number of the lock on the disk, and when it came there."""
    os.close(os.open(folder / LOCK, os.O_WRONLY | os.O_CREAT | WARY, 0o600))
    state = (folder / LOCK).lstat()
    return [state.st_ino, state.st_ctime_ns]


def _sealed(data: Any, folder: Path) -> Any:
    """The steps of a list, if it was written in this very folder; a `ValueError` otherwise."""
    if data["seal"] != _seal(folder):
        raise ValueError
    return data["steps"]


def _stated(step: Step) -> Step:
    """The step, if its values can be paths and digests; a `TypeError` or `ValueError` otherwise."""
    from dataclasses import astuple

    if not isinstance(step.target, str) or any(b"\0" in os.fsencode(value) for value in astuple(step) if value is not None):
        raise ValueError
    return step


def fits(step: Step) -> bool:
    """Whether a file still holds what it held when its new contents were made of it."""
    return digest_of(step.target) == step.before


def take(step: Step) -> None:
    """Make a file new. Ask `fits` right before."""
    target = Path(step.target)
    if step.scratch is None:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(step.scratch)
    scratch.replace(target)


def drop(steps: Sequence[Step]) -> None:
    """Take away the new contents that were not used."""
    for step in steps:
        with suppress(OSError):
            if step.scratch is not None:
                Path(step.scratch).unlink()


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def place(top: Path) -> Path:
    """The folder of writes: in git's own one, which nobody commits; else beside the files."""
    own = directory(top)
    return own / "portscan-write" if own is not None and os.access(own, os.W_OK) else top / FOLDER


# The generators of the two context managers are wrapped, not decorated: mutation testing reaches no decorated functions.
def opened(top: Path) -> AbstractContextManager[Journal]:
    """A new journal, while no other portscan writes here."""
    return contextmanager(_written)(top)


def _written(top: Path) -> Iterator[Journal]:
    folder = place(top)
    if folder.is_symlink():
        raise UserError(f"{folder} is a symbolic link", "Nothing was changed. Delete it.")
    folder.mkdir(exist_ok=True)
    with _locked(folder) as mine:
        if not mine:
            raise UserError("another portscan is writing here", "Wait for it, then run the command again.")
        if (folder / LIST).exists():
            raise UserError("an earlier write was cut short and is not finished", "Run `portscan` once: that finishes it.")
        for leftover in folder.glob(f"{SCRATCH}*"):
            leftover.unlink()
        if folder.name == FOLDER:
            (folder / ".gitignore").unlink(missing_ok=True)
            (folder / ".gitignore").write_bytes(b"*\n")
        yield Journal(folder)


def _locked(folder: Path) -> AbstractContextManager[bool]:
    """Whether the lock could be had; it ends with the process. Systems without such locks are trusted."""
    return contextmanager(_held)(folder)


def _held(folder: Path) -> Iterator[bool]:
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:
        yield True
        return
    handle = os.open(folder / LOCK, os.O_WRONLY | os.O_CREAT | WARY, 0o600)
    try:
        flock(handle, LOCK_EX | LOCK_NB)
        yield os.fstat(handle).st_nlink > 0
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def finish(top: Path) -> str:
    """Finish the write that was cut short under `top`, and say so in one line; empty when there is none."""
    folder = place(top)
    if not folder.is_dir() or folder.is_symlink():
        return ""
    try:
        with _locked(folder) as mine:
            return _finished(Journal(folder), top) if mine else ""
    except OSError as error:
        reason = (error.strerror or "").lower()
        return f"A write was cut short, and {folder} does not let it be finished: {reason}."


def _finished(journal: Journal, top: Path) -> str:
    steps = journal.steps()
    if steps is None:
        journal.close()
        ours = not journal.folder.exists()
        return "A write was cut short before it changed anything. Run that command again." if ours else ""
    within = [step for step in steps if below(Path(step.target), top)]  # nothing else is looked at
    open_ = [step for step in steps if step not in within or digest_of(step.target) != step.after]
    fit: list[Step] = []
    for step in open_:
        if step in within and journal.holds(step) and fits(step):
            take(step)
            fit.append(step)
    others = [step for step in open_ if step not in fit]
    drop([step for step in others if journal.holds(step)])
    journal.close()
    left = [os.path.relpath(step.target, top) for step in others]
    changed = f" Left alone, since they have changed: {', '.join(left)}." if left else ""
    return f"A write of {len(steps)} files was cut short; it is finished now ({len(fit)} were still old).{changed}"


def digest_of(path: str) -> str | None:
    """The digest of a file; None when there is none."""
    try:
        return digest(read(Path(path)))
    except (FileNotFoundError, NotADirectoryError):
        return None


def digest(data: bytes) -> str:
    """What tells contents apart."""
    from hashlib import sha256

    return sha256(data).hexdigest()
