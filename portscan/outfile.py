"""The file that a report goes to: the new one lies whole beside the old one before it takes its place."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from errno import EACCES, EBUSY, ELOOP, EPERM, EROFS
from pathlib import Path

from portscan.alike import parts

SYSTEM = ("/dev/", "/proc/")  # names of what is open already, like /dev/stdout: nothing takes its place
NO_ROOM = frozenset((EACCES, EPERM, EROFS, EBUSY))  # a folder where nothing may be put, or a file that is a mount
OUTSIDE = "a link leads out of the repository"
INTO_CONTROL = "a link leads to where version control keeps its own"
CONTROL = frozenset((".git", ".hg", ".svn", ".jj"))  # what lies there decides which programs run next


def put(output: str, data: bytes) -> None:
    """Make the file `output` hold the data, or raise an `OSError` and leave it as it was.

    A link is followed, but none of a repository out of it: whoever wrote the repository does not choose what is overwritten.
    """
    place = Path(os.path.abspath(output))  # noqa: PTH100  (follows no link)
    target = Path(os.path.realpath(place))
    if not _within(place, target):
        raise OSError(ELOOP, OUTSIDE, output)
    if target != place and controls(target, Path(os.path.realpath(_top(place) or Path.cwd()))):
        raise OSError(ELOOP, INTO_CONTROL, output)
    if str(place).startswith(SYSTEM) or not _replaceable(target):
        Path(output).write_bytes(data)
        return
    try:
        _replaced(target, data)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        target.write_bytes(data)


def controls(target: Path, top: Path) -> bool:
    """Whether a file below `top` is version control's own: a hook that is put there runs at the next commit."""
    return not CONTROL.isdisjoint(parts("/".join(target.parts[len(top.parts) :])))


def _within(place: Path, target: Path) -> bool:
    """Whether a file stays in the repository in which its name is; outside of any, the working directory counts as one."""
    top = _top(place) or Path.cwd()
    return top not in place.parents or Path(os.path.realpath(top)) in target.parents


def _top(place: Path) -> Path | None:
    """The repository in which the name of a file is, if it is in any."""
    return next((folder for folder in place.parents if os.path.lexists(folder / ".git")), None)


def _replaceable(target: Path) -> bool:
    """Whether another file may take the place of what is there: of nothing, and of a file that may be written."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return True
    return stat.S_ISREG(mode) and os.access(target, os.W_OK)


def _replaced(target: Path, data: bytes) -> None:
    scratch = target.parent / f".portscan-{os.getpid()}-{target.name}"[:200]
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        with suppress(FileNotFoundError):
            scratch.chmod(stat.S_IMODE(target.stat().st_mode))
        scratch.replace(target)
    except BaseException:
        with suppress(OSError):
            scratch.unlink()
        raise
