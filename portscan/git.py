"""The only place that calls git, and calls it so that nothing a hostile repository configures is run.

Listing files starts a file system monitor, may fetch missing objects through a transport of the repository's choice, and
trusts `core.worktree` to say which directories belong to the repository. All three are taken away here.
"""
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING

from portscan.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import Popen

HARMLESS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.untrackedCache=false")
# A hook inherits these from the git that runs it; they name that git's repository, which need not be the one asked about.
INHERITED = frozenset(
    f"GIT_{name}"
    for name in (
        *("DIR", "WORK_TREE", "INDEX_FILE", "COMMON_DIR", "PREFIX", "OBJECT_DIRECTORY", "ALTERNATE_OBJECT_DIRECTORIES"),
        *("NAMESPACE", "GRAFT_FILE", "IMPLICIT_WORK_TREE", "SHALLOW_FILE", "CEILING_DIRECTORIES"),
    )
)
QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
REASONS = {b"120000": "symbolic link", b"160000": "git submodule"}
NO_WORK_TREE = ("not a git repository", "must be run in a work tree")
OWNERSHIP = ("dubious ownership", "unsafe repository")


def top(directory: str) -> str | None:
    """The top of the work tree that `directory` is in; None outside a repository."""
    while not os.path.lexists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def files(directory: str) -> list[tuple[str, str | None]] | None:
    """The files of `directory` that git tracks or would offer to add, with the reason not to read one.

    None when git has nothing to say: outside a repository, without git, or in a directory that git ignores.
    """
    directory = os.path.realpath(directory)
    work_tree = top(directory)
    if work_tree is None:
        return None
    outputs = _outputs(directory, work_tree)
    if outputs is None:
        return None
    found = list(dict.fromkeys(chain(_tracked(outputs[0]), _untracked(outputs[1]))))
    return found if found or directory == work_tree else None


def _outputs(directory: str, work_tree: str) -> tuple[bytes, bytes] | None:
    """What git tracks and what it does not; both at once, since the second takes a while."""
    try:
        processes = (
            _start(directory, work_tree, "ls-files", "-z", "--stage", "-t"),
            _start(directory, work_tree, "ls-files", "-z", "--others", "--exclude-standard"),
        )
    except OSError:  # no git on this machine
        return None
    tracked, untracked = (_finish(process) for process in processes)
    if isinstance(tracked, str):
        if any(words in tracked for words in NO_WORK_TREE):
            return None
        raise _refusal(work_tree, tracked)
    return tracked, b"" if isinstance(untracked, str) else untracked


def _start(directory: str, work_tree: str, *arguments: str) -> Popen[bytes]:
    from subprocess import DEVNULL, PIPE, Popen

    command = ["git", *HARMLESS, f"--work-tree={work_tree}", *arguments]
    return Popen(command, cwd=directory, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=_environment())


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in INHERITED} | QUIET


def _finish(process: Popen[bytes]) -> bytes | str:
    """What the process wrote; the complaint, as text, when it failed."""
    output, complaint = process.communicate()
    return os.fsdecode(complaint) or "git failed" if process.returncode else output


def _refusal(work_tree: str, complaint: str) -> UserError:
    if any(words in complaint for words in OWNERSHIP):
        hint = f"If you trust it, run: git config --global --add safe.directory '{work_tree}'"
        return UserError("git does not read a repository that belongs to another user", hint)
    first = complaint.strip().splitlines()[0].removeprefix("fatal: ")
    return UserError(f"git cannot list the files: {first}", "See that `git status` works there.")


def _tracked(output: bytes) -> Iterator[tuple[str, str | None]]:
    """Records are `H 100644 <object> <stage>TAB<path>`; an unmerged path has one for each side."""
    for record in output.split(b"\0")[:-1]:
        about, _, path = record.partition(b"\t")
        if about[:1] != b"S":  # not part of a sparse checkout
            yield os.fsdecode(path), REASONS.get(about[2:8])


def _untracked(output: bytes) -> Iterator[tuple[str, str | None]]:
    for path in output.split(b"\0")[:-1]:
        yield os.fsdecode(path), "another git repository" if path.endswith(b"/") else None
