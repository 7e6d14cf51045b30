"""Other repositories: where this one comes from, and a file of another one."""

from __future__ import annotations

import os
from contextlib import suppress

from portscan.errors import UserError
from portscan.git.harmless import HARMLESS, environment
from portscan.git.running import VERIFY, NoGit, finished, reason_in, started, work_tree_of

TRANSPORTS = "file:git:http:https:ssh"
PATIENCE = 300.0  # seconds in which a server must have answered; some would go on for ever
MEMORY = 2 << 30  # bytes that a git may need for it
LARGEST = 8 << 20  # bytes of a file of another repository; a registry of ten thousand services has two million


def remote_file(address: str, revision: str, path: str) -> tuple[str, bytes]:
    """The commit that `revision` is in the repository at `address`, and the bytes of a file in it. This needs a network."""
    from tempfile import TemporaryDirectory

    if address.startswith("-"):
        raise UserError(f"{address!r} is no address of a repository", "Mend the configuration.")
    with TemporaryDirectory(prefix="portscan-") as folder:
        _asked(folder, address, "init", "--quiet", "--bare", ".")
        commit = _fetched(folder, address, revision)
        size = _remote(folder, "cat-file", "-s", f"{commit}:{path}")
        small = isinstance(size, str) or int(size) <= LARGEST
        data = _remote(folder, "cat-file", "blob", f"{commit}:{path}") if small else b""
    if isinstance(data, str):
        raise UserError(f"{address} has no {path} in {revision}", "Say where the registry is with `path`.")
    if not small:
        raise UserError(f"{path} of {address} is larger than {LARGEST >> 20} MiB", "Say where the registry is with `path`.")
    return commit, data


def _fetched(folder: str, address: str, revision: str) -> str:
    """The commit, fetched alone, or with everything there is where the server hands out no single commits."""
    alone = _remote(folder, "fetch", "--quiet", "--depth=1", "--no-tags", address, revision)
    if isinstance(alone, str):
        _asked(folder, address, "fetch", "--quiet", address, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    name = "FETCH_HEAD" if isinstance(alone, bytes) else revision
    commit = _remote(folder, *VERIFY, f"{name}^{{commit}}")
    if isinstance(commit, str):
        raise UserError(f"{address} has no revision {revision!r}", "Name a branch, a tag or a commit with `rev`.")
    return commit.decode().strip()


def _asked(folder: str, address: str, *arguments: str) -> None:
    output = _remote(folder, *arguments)
    if isinstance(output, str):
        raise UserError(f"git cannot fetch from {address}: {reason_in(output)}", "See that `git ls-remote` works with it.")


def _remote(folder: str, *arguments: str) -> bytes | str:
    """What git says in a repository of our own, or its complaint. The usual transports are open to it."""
    from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired

    command, variables = ["git", *HARMLESS, *arguments], environment() | {"GIT_ALLOW_PROTOCOL": TRANSPORTS}
    with Popen(command, cwd=folder, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=variables) as git:
        _bounded(git.pid)
        try:
            return finished(git, patience=PATIENCE)
        except TimeoutExpired:
            git.terminate()  # it takes along the programs that it has started
            raise UserError(
                f"git had no answer after {PATIENCE:.0f} seconds", "See that `git ls-remote` works with it."
            ) from None


def _bounded(process: int) -> None:
    """What a server tells without an end fills no machine. Not every system has such limits."""
    with suppress(ImportError, AttributeError, OSError, ValueError):
        from resource import RLIMIT_DATA, prlimit

        prlimit(process, RLIMIT_DATA, (MEMORY, MEMORY))


def origin(directory: str) -> tuple[str, str] | None:
    """The address of the repository's `origin` and the commit that is checked out; none where one of them is missing."""
    work_tree = work_tree_of(os.path.realpath(directory))
    if work_tree is None:
        return None
    try:
        asked = (("config", "--get", "remote.origin.url"), ("rev-parse", "--verify", "--quiet", "HEAD"))
        address, commit = (finished(started(work_tree, work_tree, *arguments)) for arguments in asked)
    except NoGit:
        return None
    if isinstance(address, str) or isinstance(commit, str):
        return None
    return os.fsdecode(address).strip(), os.fsdecode(commit).strip()
