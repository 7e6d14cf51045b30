"""Which commits there are, who made them, and what they are called."""

from __future__ import annotations

import os
from datetime import date
from typing import Final

from portscan.errors import UserError
from portscan.git.running import answer, commit_in, finished, started, unknown, work_tree_of
from portscan.tuples import NamedTuple

EPOCH: Final = date(1970, 1, 1).toordinal()


class Commit(NamedTuple):
    """A commit: its name, its day (YYYY-MM-DD, UTC), who wrote and who committed it, and its whole message."""

    name: str
    day: str
    author: str
    committer: str
    message: str


def commits(directory: str, *, since: str = "", until: str = "HEAD", path: str = "", most: int = 0) -> tuple[Commit, ...]:
    """The commits on the first-parent line up to `until`, the newest first; those that touched `path`, if it is given."""
    work_tree = work_tree_of(os.path.realpath(directory))
    if work_tree is None:
        return ()
    fields = "%H%x00%ct%x00%aN <%aE>%x00%cN <%cE>%x00%B"  # nothing but a NUL is certain not to be in a message
    order = () if path else ("--first-parent",)
    limits = (*(("--since", since) if since else ()), *((f"--max-count={most}",) if most else ()), *order)
    verify = ("log", "-z", f"--format={fields}", *limits, "--end-of-options", until, "--")
    told = os.fsdecode(answer(work_tree, *verify, *((path,) if path else ()))).split("\0")
    return tuple(Commit(told[at], _day(told[at + 1]), *told[at + 2 : at + 5]) for at in range(0, len(told) - 4, 5))


def _day(seconds: str) -> str:
    """The day of a time that somebody wrote into a commit: any number, or none at all; the nearest day that there is."""
    try:
        return date.fromordinal(EPOCH + int(seconds or 0) // 86_400).isoformat()
    except (ValueError, OverflowError):
        return date.max.isoformat()


def committed(directory: str) -> bool:
    """Whether there is a commit that could be looked at."""
    try:
        return bool(commit_of(directory, "HEAD"))
    except UserError:
        return False


def tags(directory: str) -> dict[str, str]:
    """The tags by the names of the commits that they mark."""
    work_tree = work_tree_of(os.path.realpath(directory))
    if work_tree is None:
        return {}
    output = answer(work_tree, "for-each-ref", "--format=%(objectname) %(*objectname) %(refname:short)", "refs/tags")
    lines = (line.split() for line in os.fsdecode(output).splitlines())
    return {(words[1] if len(words) > 2 else words[0]): words[-1] for words in lines}


def commit_of(directory: str, revision: str) -> str:
    """The commit that a revision names; a `UserError` where there is none."""
    work_tree = work_tree_of(os.path.realpath(directory))
    found = commit_in(work_tree, revision) if work_tree else None
    if found is None:
        raise unknown(revision)
    return found


def authors(directory: str, path: str, most: int = 200) -> tuple[str, ...]:
    """Who made the last commits that touched a path below `directory`, a name for each; nobody outside a repository."""
    directory = os.path.realpath(directory)
    work_tree = work_tree_of(directory)
    if work_tree is None:
        return ()
    try:
        process = started(directory, work_tree, "log", f"--max-count={most}", "--no-merges", "--format=%aN", "--", path)
    except OSError:
        return ()
    output = finished(process)
    return tuple(os.fsdecode(output).splitlines()) if isinstance(output, bytes) else ()
