"""Which files git tracks or would offer to add."""

# ruff: noqa: PTH118  (paths are plain strings, of which there may be many)

from __future__ import annotations

import os
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from portscan.git.harmless import OTHERS
from portscan.git.running import NoGit, finished, refusal, started, work_tree_of
from portscan.model import Reason
from portscan.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REASONS = {"120000": Reason("symbolic link"), "160000": Reason("git submodule")}
SPARSE = "S "  # begins the record of a file that git does not expect on the disk
NO_WORK_TREE = ("not a git repository", "must be run in a work tree")


@dataclass(frozen=True)
class Listed:
    """What git says of a directory: which files it tracks there, and which others it would offer to add."""

    directory: str
    tracked: bytes
    others: bytes

    @cached_property
    def names(self) -> list[tuple[str, Reason | None]]:
        """All files, each with the reason not to read it, if there is one."""
        return list(dict.fromkeys(chain(_tracked(self.tracked, self.directory), untracked(self.others))))

    @cached_property
    def said(self) -> bytes | None:
        """What the names depend on alone; in a sparse checkout a file may come back without git telling."""
        sparse = f"\0{SPARSE}".encode() in b"\0" + self.tracked
        return None if sparse else b"%d:" % len(self.tracked) + self.tracked + self.others

    @property
    def untracked(self) -> bytes | None:
        """The files that are not tracked as git tells them, to be compared later; nothing where that would not show all."""
        return None if self.said is None else self.others

    @property
    def empty(self) -> bool:
        """Whether there is no file at all."""
        return not self.names if self.said is None else not (self.tracked or self.others)


def files(directory: str) -> Listed | None:
    """The files of `directory` that git tracks or would offer to add.

    None when git has nothing to say: outside a repository, without git, or in a directory that git ignores.
    """
    directory = os.path.realpath(directory)
    work_tree = work_tree_of(directory)
    if work_tree is None:
        return None
    outputs = _outputs(directory, work_tree)
    if outputs is None:
        return None
    found = Listed(directory, *outputs)
    return found if directory == work_tree or not found.empty else None


def _outputs(directory: str, work_tree: str) -> tuple[bytes, bytes] | None:
    """What git tracks and what it does not; both at once, since the second takes a while."""
    try:
        processes = (
            started(directory, work_tree, "ls-files", "-z", "--stage", "-t"),
            started(directory, work_tree, *OTHERS),
        )
    except NoGit:
        return None
    tracked, untracked = (finished(process) for process in processes)
    if isinstance(tracked, str) and any(words in tracked for words in NO_WORK_TREE):
        return None
    if isinstance(tracked, str):
        raise refusal(work_tree, tracked)
    if isinstance(untracked, str):  # half an answer would leave files out
        raise refusal(work_tree, untracked)
    return tracked, untracked


def _tracked(output: bytes, directory: str) -> Iterator[tuple[str, Reason | None]]:
    """Records are `H 100644 <object> <stage>TAB<path>`; an unmerged path has one for each side.

    What is not part of a sparse checkout may be there all the same: somebody has hidden a change of it from git.
    """
    for record in os.fsdecode(output).split("\0")[:-1]:
        about, _, name = record.partition("\t")
        if about[:2] != SPARSE or os.path.lexists(os.path.join(directory, name)):
            yield name, REASONS.get(about[2:8])


def ignored(directory: str, paths: Iterable[str]) -> frozenset[str]:
    """Those of `paths`, relative to `directory`, that git ignores and does not track; none where git has nothing to say."""
    work_tree = work_tree_of(os.path.realpath(directory))
    asked = b"\0".join(map(os.fsencode, paths))
    if work_tree is None or not asked:
        return frozenset()
    try:
        said = finished(started(directory, work_tree, "check-ignore", "-z", "--stdin", stdin=True), asked + b"\0")
    except NoGit:
        return frozenset()
    return frozenset() if isinstance(said, str) else frozenset(map(os.fsdecode, said.split(b"\0")[:-1]))


def untracked(output: bytes) -> Iterator[tuple[str, Reason | None]]:
    """The paths in what git says of files that it does not track, with the reason not to read one."""
    for path in output.split(b"\0")[:-1]:
        yield os.fsdecode(path), Reason("another git repository") if path.endswith(b"/") else None
