"""What git keeps: the files of a commit, and contents by their names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from portscan.errors import UserError
from portscan.git.listing import REASONS
from portscan.git.running import answer, started, work_tree_of
from portscan.model import Reason
from portscan.records import dataclass, field
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from subprocess import Popen

BLOCK = 1 << 20
PROMISED = b"from promisor remote"


def objects(directory: str, names: Iterable[str]) -> dict[str, bytes]:
    """The contents of objects, as they are stored."""
    work_tree = work_tree_of(os.path.realpath(directory))
    wanted = list(dict.fromkeys(names))
    if work_tree is None or not wanted:
        return {}
    output = answer(work_tree, "cat-file", "--batch", given="\n".join((*wanted, "")).encode())
    return dict(_contents(output))


def _contents(output: bytes) -> Iterator[tuple[str, bytes]]:
    """Records are `<object> <type> <size>` LF, the contents and a line end; `<object> missing` LF for what is not there."""
    start = 0
    while start < len(output):
        end = output.index(b"\n", start)
        words = output[start:end].split()
        start = end + 1
        if len(words) == 3:
            size = int(words[2])
            yield words[0].decode(), output[start : start + size]
            start += size + 1


class TooLarge(NamedTuple):
    """In place of contents that are larger than was asked for."""

    size: int


@dataclass(frozen=True, slots=True)
class Objects:
    """Contents by their names, from one git that stays at hand; a forked process starts one of its own.

    That git ends with the process, or with `close`.
    """

    work_tree: str
    _gits: dict[int, Popen[bytes]] = field(default_factory=dict, repr=False, compare=False)

    def read(self, name: str, largest: int) -> bytes | TooLarge | None:
        """The contents of an object; none where it is not there, as in a clone that was made without it."""
        git = self._git()
        assert git.stdout is not None
        words = _asked(git, name)
        if not words:
            self._gave_up(name)
            return None
        if len(words) < 3:
            return None
        size = int(words[2])
        if size > largest:
            for start in range(0, size + 1, BLOCK):
                git.stdout.read(min(BLOCK, size + 1 - start))
            return TooLarge(size)
        data = git.stdout.read(size + 1)
        if len(data) <= size:
            self._gave_up(name)
        return data[:size]

    def _git(self) -> Popen[bytes]:
        own = os.getpid()
        if own not in self._gits:
            self._gits[own] = started(self.work_tree, self.work_tree, "cat-file", "--batch", stdin=True)
        return self._gits[own]

    def _gave_up(self, name: str) -> None:
        """A `UserError` unless git ended over contents that a partial clone has left where it came from."""
        complaint = self._gits.pop(os.getpid()).communicate()[1]
        if PROMISED not in complaint:
            raise UserError(f"git cannot read the object {name}", "See that `git fsck` is content.")

    def close(self) -> None:
        """End the git of this process."""
        git = self._gits.pop(os.getpid(), None)
        if git is not None:
            git.communicate()


def _asked(git: Popen[bytes], name: str) -> list[bytes]:
    """What git says of an object before its contents; nothing when it has ended."""
    assert git.stdin is not None
    assert git.stdout is not None
    try:
        git.stdin.write(f"{name}\n".encode())
        git.stdin.flush()
    except BrokenPipeError:
        return []
    return git.stdout.readline().split()


class Entry(NamedTuple):
    """A path in a commit, the object that holds its contents, and the reason not to read one that is no plain file."""

    path: str
    name: str
    reason: Reason | None


def tree(directory: str, commit: str) -> tuple[Entry, ...]:
    """Everything that a commit holds."""
    work_tree = work_tree_of(os.path.realpath(directory))
    if work_tree is None:
        return ()
    output = answer(work_tree, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
    return tuple(_entry(record) for record in output.split(b"\0")[:-1])


def _entry(record: bytes) -> Entry:
    """Records are `<mode> <type> <object>TAB<path>`."""
    about, _, path = record.partition(b"\t")
    mode, _, name = about.split()
    return Entry(os.fsdecode(path), name.decode(), REASONS.get(mode.decode()))


def contents(directory: str, commit: str, path: str) -> bytes | None:
    """What a file holds in a commit, none where it is not there. What git has not got at hand is no file that is missing."""
    work_tree = work_tree_of(os.path.realpath(directory))
    listed = answer(work_tree, "ls-tree", "-z", "--full-tree", commit, "--", path) if work_tree else b""
    names = [_entry(record).name for record in listed.split(b"\0")[:-1] if b" blob " in record.partition(b"\t")[0]]
    return answer(work_tree, "cat-file", "blob", names[0]) if work_tree and names else None
