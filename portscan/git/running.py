"""Runs git, and hands on what it says."""
# ruff: noqa: PTH118, PTH120  (a hook pays for it: paths are plain strings)

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from portscan.errors import UserError
from portscan.git.harmless import command, environment

if TYPE_CHECKING:
    from subprocess import Popen

VERIFY = ("rev-parse", "--verify", "--quiet", "--end-of-options")
OWNERSHIP = ("dubious ownership", "unsafe repository")


class NoGit(UserError):
    """There is no git on this machine."""


def work_tree_of(directory: str) -> str | None:
    """The top of the work tree that `directory` is in; None outside a repository."""
    while not os.path.lexists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def started(directory: str, work_tree: str, *arguments: str, stdin: bool = False) -> Popen[bytes]:
    """A git that works in `directory`, told where its work tree is; a `NoGit` where there is none."""
    from subprocess import DEVNULL, PIPE, Popen

    source = PIPE if stdin else DEVNULL
    try:
        return Popen(command(work_tree, *arguments), cwd=directory, stdin=source, stdout=PIPE, stderr=PIPE, env=environment())
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise NoGit(f"git cannot be run: {(error.strerror or '').lower()}", "Install it, or mend PATH.") from None
    except OSError as error:  # there is a git, and without it more files would be read than it lists
        hint = "Try again, or allow more processes and memory."
        raise UserError(f"git cannot be started: {(error.strerror or 'unknown reason').lower()}", hint) from None


def finished(process: Popen[bytes], given: bytes | None = None, patience: float | None = None) -> bytes | str:
    """What the process wrote; the complaint, as text, when it failed. A `TimeoutExpired` when it takes longer than `patience`."""
    output, complaint = process.communicate(given, patience)
    return os.fsdecode(complaint) or "git failed" if process.returncode else output


def answer(work_tree: str, *arguments: str, given: bytes | None = None) -> bytes:
    """What git says; a `UserError` when it fails."""
    output = finished(started(work_tree, work_tree, *arguments, stdin=given is not None), given)
    if isinstance(output, str):
        raise refusal(work_tree, output)
    return output


def commit_in(work_tree: str, revision: str) -> str | None:
    """The commit that a revision names; `^HEAD`, to which git has an answer as well, names what leads to one."""
    found = finished(started(work_tree, work_tree, *VERIFY, f"{revision}^{{commit}}"))
    if isinstance(found, str) and any(words in found for words in OWNERSHIP):
        raise refusal(work_tree, found)
    name = "" if isinstance(found, str) else found.decode().strip()
    return None if name.startswith("^") else name or None


def unknown(revision: str, hint: str = "Name a branch, a tag or a commit.") -> UserError:
    """What to say of a revision that git does not know."""
    return UserError(f"git knows no revision {revision!r}", hint)


def refusal(work_tree: str, complaint: str) -> UserError:
    """What to say of a git that failed with this complaint."""
    if any(words in complaint for words in OWNERSHIP):
        hint = f"If you trust it, run: git config --global --add safe.directory '{work_tree}'"
        return UserError("git does not read a repository that belongs to another user", hint)
    return UserError(f"git failed: {reason_in(complaint)}", "See that `git status` works there.")


def reason_in(complaint: str) -> str:
    """The line of a complaint that says why. Git warns in front of it, and other programs write into it, too."""
    lines = complaint.strip().splitlines() or ["it does not say why"]
    return next((line for line in lines if line.startswith("fatal: ")), lines[0]).removeprefix("fatal: ")
