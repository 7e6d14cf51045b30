"""What git keeps: the files of a commit, and contents by their names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from portscan.git.running import answer, finished, started, work_tree_of


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


def tree(directory: str, commit: str) -> tuple[tuple[str, str], ...]:
    """The plain files of a commit: their paths, and the objects that hold their contents."""
    work_tree = work_tree_of(os.path.realpath(directory))
    if work_tree is None:
        return ()
    output = answer(work_tree, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
    records = (record.partition(b"\t") for record in output.split(b"\0") if record)
    return tuple((os.fsdecode(path), about.split()[2].decode()) for about, _, path in records if about.startswith(b"100"))


def contents(directory: str, commit: str, path: str) -> bytes | None:
    """What a file holds in a commit, none where it is not there."""
    work_tree = work_tree_of(os.path.realpath(directory))
    found = finished(started(work_tree, work_tree, "cat-file", "blob", f"{commit}:{path}")) if work_tree else ""
    return found if isinstance(found, bytes) else None
