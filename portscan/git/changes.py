"""Which files differ from a revision."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain

from portscan.errors import UserError
from portscan.git.harmless import OTHERS
from portscan.git.listing import untracked
from portscan.git.running import answer, commit_in, finished, started, unknown, work_tree_of
from portscan.tuples import NamedTuple


class Change(NamedTuple):
    """A file that differs from a revision, or may do: its path, and the object it was there, None when it is new."""

    path: str
    before: str | None


def changes(directory: str, revision: str) -> list[Change] | None:
    """The files of the repository that differ from the last common ancestor of HEAD and `revision`; paths begin at its top.

    That is what is committed since, staged, edited or not yet tracked; files that are gone are left out. A file whose time
    stamp alone has changed may be among them: contents are not compared, since git would run the filters that a repository
    names, and those of its submodules. None outside a repository, and where nothing was committed yet.
    """
    work_tree = work_tree_of(os.path.realpath(directory))
    base = _base(work_tree, revision) if work_tree else None
    if work_tree is None or base is None:
        return None
    committed = answer(work_tree, "diff-index", "--cached", "-M", "-z", "--no-abbrev", base)
    edited = answer(work_tree, *_unfiltered(work_tree), "diff-files", "-z", "--no-abbrev", "--ignore-submodules=all")
    others = answer(work_tree, *OTHERS)
    new = (Change(path, None) for path, reason in untracked(others) if reason is None)
    found = {change.path: change for change in chain(new, _changed(edited), _changed(committed))}
    return list(found.values())


def _unfiltered(work_tree: str) -> Iterator[str]:
    """Options that take away the repository's filters: a file as young as the index is compared by what they make of it."""
    listed = finished(started(work_tree, work_tree, "config", "-z", "--name-only", "--get-regexp", r"^filter\."))
    for name in dict.fromkeys(() if isinstance(listed, str) else os.fsdecode(listed).split("\0")[:-1]):
        if "=" in name:  # cannot be written as an option
            raise UserError(f"git has a filter by the odd name of {name!r}", "Remove it from the configuration of git.")
        yield from ("-c", f"{name}={'false' if name.endswith('.required') else ''}")


def _base(work_tree: str, revision: str) -> str | None:
    """The commit to compare with. None when HEAD is asked for and there is no commit yet."""
    hint = "Name a branch, a tag or a commit; a path goes before the option, or give --changed=REVISION."
    name = commit_in(work_tree, revision)
    if name is None:
        if revision == "HEAD":
            return None
        raise unknown(revision, hint)
    base = finished(started(work_tree, work_tree, "merge-base", "HEAD", name))
    if isinstance(base, str):
        raise UserError(f"HEAD and {revision} have no common ancestor here", "A shallow clone needs more history: fetch it.")
    return base.decode().split()[0]


def _changed(output: bytes) -> Iterator[Change]:
    """Records are `:100644 100644 <object> <object> M` NUL `<path>` NUL; a renamed file has two paths, the new one last.

    A mode of zeros says that there is no such file.
    """
    fields = iter(output.split(b"\0")[:-1])
    for about in fields:
        old_mode, mode, before, _, status = about[1:].split()
        path = next(fields)
        if status[:1] in b"RC":
            path = next(fields)
        if status != b"D" and mode != b"160000":
            new = old_mode in (b"000000", b"160000") or status == b"U"
            yield Change(os.fsdecode(path), None if new else before.decode())
