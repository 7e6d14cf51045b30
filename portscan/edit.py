"""The only way into a repository: edits are planned wholly, and all files are replaced together.

All new contents are on the disk before the first file is replaced (`journal`), so that a full disk, a read-only file or a
file that changed meanwhile stops everything before anything is changed. A file that somebody else writes later still, while
the files are replaced one after the other, keeps what they wrote, and is named.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.alike import identity
from portscan.difference import hunks
from portscan.errors import UserError
from portscan.model import Edit
from portscan.outfile import controls
from portscan.records import dataclass, field

if TYPE_CHECKING:
    from portscan.journal import Journal, Step


class Overlap(ValueError):
    """Two edits want to change the same bytes in different ways."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """What a file is to hold: `before` is what it held when it was read, None when it is to be created.

    `after` is None when it is to be deleted. An `executable` file may be run by all who may read it. The `edits` that lead from
    one to the other are known or not, in the order of their places.
    """

    path: str
    before: bytes | None
    after: bytes | None
    executable: bool = False
    edits: tuple[Edit, ...] = field(default=(), compare=False, repr=False)


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


class Moves:
    """Where bytes stand once edits are made."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        changes = sorted((edit.span.end, len(edit.after) - (edit.span.end - edit.span.start)) for edit in ordered(edits))
        self._ends = [end for end, _ in changes]
        self._further = [0, *accumulate(further for _, further in changes)]

    def of(self, position: int) -> int:
        """Where the byte at `position` stands then; of what is replaced, the place stays the first."""
        return position + self._further[bisect_right(self._ends, position)]


def by_path(edits: Iterable[Edit]) -> Iterator[tuple[str, list[Edit]]]:
    """The edits of each file."""
    every = sorted(edits, key=lambda edit: (edit.path, edit.span))
    for path, group in groupby(every, key=lambda edit: edit.path):
        yield path, list(group)


def diff(files: Iterable[NewFile]) -> str:
    """A unified diff of the changes."""
    parts = []
    for file in files:
        old = f"a/{file.path}" if file.before is not None else "/dev/null"
        new = f"b/{file.path}" if file.after is not None else "/dev/null"
        if file.executable and file.before == file.after:
            parts.append(f"diff --git {old} {new}\nold mode 100644\nnew mode 100755\n")
        found = list(hunks(file.before or b"", file.after or b"", file.edits))
        parts += [f"--- {old}\n+++ {new}\n", *found] if found else []
    return "".join(parts)


def write(root: Path, top: Path, files: Sequence[NewFile]) -> None:
    """Make every file hold its new contents, or raise a `UserError` and leave all of them as they were.

    Paths are relative to `root`. A file keeps its mode; a symbolic link is followed only to a file inside `top`. Killed
    at any moment, this leaves all files old, or a journal from which the next command makes all of them new. Only a file that
    somebody else changes after the first was replaced is left alone while the others are written: the `UserError` names it.
    """
    from portscan import journal

    targets = _targets(root, top, files)
    if not targets:
        return
    try:
        with journal.opened(top) as opened:
            steps = _collected(opened, targets)
            left = _left(steps)
            opened.close()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UserError(f"{error.filename or root} cannot be changed: {reason}", "Nothing was changed. Mend that.") from None
    if left:
        names = ", ".join(targets[Path(step.target)].path for step in left)
        done = f"{len(steps) - len(left)} of {len(steps)} files are written"
        raise UserError(f"{names} changed while portscan wrote, and was left alone: {done}", "Run the command again.")


def _targets(root: Path, top: Path, files: Sequence[NewFile]) -> dict[Path, NewFile]:
    """The files that change, by where their bytes are."""
    targets: dict[Path, NewFile] = {}
    known: dict[Path | tuple[int, int], Path] = {}
    for file in files:
        if file.before != file.after or (file.executable and not runnable(root / file.path)):
            target = _target(root, top, file)
            target = known.setdefault(identity(target), target)
            same = targets.setdefault(target, file)
            if same.after != file.after:
                raise UserError(f"{file.path} and {same.path} are one file", "Nothing was changed. Name one of them only.")
    return targets


def _collected(opened: Journal, targets: Mapping[Path, NewFile]) -> list[Step]:
    """All new contents on the disk, and the decision to use them."""
    from portscan.journal import drop

    steps: list[Step] = []
    try:
        for target, file in targets.items():
            steps.append(_step(opened, target, file))
        for target, file in targets.items():
            _unchanged(file, target)
        opened.decide(steps)
    except BaseException:
        drop(steps)
        opened.close()
        raise
    return steps


def _left(steps: Sequence[Step]) -> list[Step]:
    """Make the files new, one after the other; the steps whose files somebody else has changed are left."""
    from portscan.journal import drop

    left: list[Step] = []
    for number, step in enumerate(steps):
        if not _take(step, number - len(left), len(steps)):
            left.append(step)
    drop(left)
    return left


def _take(step: Step, done: int, count: int) -> bool:
    """Make a file new, unless it is no longer what it was: nobody else's work is overwritten."""
    from portscan.journal import fits, take

    try:
        if not fits(step):
            return False
        take(step)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        hint = "Mend that, then run `portscan`: it finishes the write before it does anything else."
        raise UserError(f"{step.target} cannot be changed: {reason}, with {done} of {count} files written", hint) from None
    return True


def _target(root: Path, top: Path, file: NewFile) -> Path:
    """Where the bytes are: behind a link, but never outside the repository, nor where hooks and configuration of git lie."""
    from portscan.journal import existing

    path = root / file.path
    real = Path(os.path.realpath(path))
    base = Path(os.path.realpath(top))
    if base not in real.parents:
        raise UserError(f"{file.path} leads out of the repository", "Nothing was changed. Fix that file where it belongs.")
    if controls(real, base):
        raise UserError(f"{file.path} is version control's own", "Nothing was changed. Name another path, or mend the link.")
    folder = existing(real.parent)
    if not folder.is_dir() or real.is_dir():
        raise UserError(f"{file.path} cannot be a file", "Nothing was changed. A folder, or a file for one, is in its way.")
    if not os.access(folder, os.W_OK) or _read_only(real):
        raise UserError(f"{file.path} is read-only", "Nothing was changed. Make it writable, or leave it out.")
    return real


def runnable(file: Path) -> bool:
    """Whether somebody may run a file. Windows asks for its name instead."""
    return os.name == "nt" or bool(file.stat().st_mode & 0o111)


def _read_only(file: Path) -> bool:
    """Whether somebody has protected a file; root, who could write it all the same, should not either."""
    return file.exists() and not (os.access(file, os.W_OK) and file.stat().st_mode & 0o222)


def _step(opened: Journal, target: Path, file: NewFile) -> Step:
    from portscan.journal import Step, digest

    scratch = None
    if file.after is not None:
        old = target.stat() if file.before is not None else None
        mode = stat.S_IMODE(old.st_mode) if old else 0o666
        if file.executable:
            mode |= (mode & 0o444) >> 2
        scratch = opened.collect(target, file.after, mode)
        if old:
            _like(scratch, mode, old, target)
    before, after = (None if data is None else digest(data) for data in (file.before, file.after))
    return Step(str(target), scratch, before, after)


def _like(scratch: str, mode: int, old: os.stat_result, target: Path) -> None:
    """Owner, attributes (access lists are some) and mode of the old file; what only root may give away stays with the writer."""
    with suppress(OSError, AttributeError):
        os.chown(scratch, old.st_uid, old.st_gid)
    with suppress(OSError, AttributeError):  # not every system and not every file system has them
        for name in os.listxattr(target):
            with suppress(OSError):
                os.setxattr(scratch, name, os.getxattr(target, name))
    Path(scratch).chmod(mode)


def _unchanged(file: NewFile, target: Path) -> None:
    if file.before is None and os.path.lexists(target):
        raise UserError(f"{file.path} exists already", "Nothing was changed. Run the command again.")
    if file.before is not None and target.read_bytes() != file.before:
        raise UserError(f"{file.path} changed while portscan ran", "Nothing was changed. Run the command again.")


def new_files(edits: Iterable[Edit], sources: Mapping[str, bytes]) -> tuple[NewFile, ...]:
    """The files that the edits change, as they are to be; one that is not among `sources` is to be created."""
    files = ((path, sources.get(path), ordered(group)) for path, group in by_path(edits))
    return tuple(NewFile(path, data, applied(data or b"", group), edits=tuple(group)) for path, data, group in files)
