"""Other repositories: where this one comes from, and a file of another one."""

from __future__ import annotations

import os

from portscan.errors import UserError
from portscan.git.harmless import HARMLESS, environment
from portscan.git.running import VERIFY, NoGit, finished, started, work_tree_of

TRANSPORTS = "file:git:http:https:ssh"


def remote_file(address: str, revision: str, path: str) -> tuple[str, bytes]:
    """The commit that `revision` is in the repository at `address`, and the bytes of a file in it. This needs a network."""
    from tempfile import TemporaryDirectory

    if address.startswith("-"):
        raise UserError(f"{address!r} is no address of a repository", "Mend the configuration.")
    with TemporaryDirectory(prefix="portscan-") as folder:
        _asked(folder, address, "init", "--quiet", "--bare", ".")
        commit = _fetched(folder, address, revision)
        data = _remote(folder, "cat-file", "blob", f"{commit}:{path}")
    if isinstance(data, str):
        raise UserError(f"{address} has no {path} in {revision}", "Say where the registry is with `path`.")
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
        reason = output.strip().splitlines()[0].removeprefix("fatal: ")
        raise UserError(f"git cannot fetch from {address}: {reason}", "See that `git ls-remote` works with it.")


def _remote(folder: str, *arguments: str) -> bytes | str:
    """What git says in a repository of our own, or its complaint. The usual transports are open to it."""
    from subprocess import DEVNULL, PIPE, Popen

    command = ["git", *HARMLESS, *arguments]
    return finished(
        Popen(
            command, cwd=folder, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=environment() | {"GIT_ALLOW_PROTOCOL": TRANSPORTS}
        )
    )


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
