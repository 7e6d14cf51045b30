"""The only place that calls git, and calls it so that nothing a hostile repository configures is run.

Listing files starts a file system monitor, may fetch missing objects through a transport of the repository's choice, and
trusts `core.worktree` to say which directories belong to the repository. All three are taken away here.
"""
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from portscan.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
TRANSPORTS = "file:git:http:https:ssh"
VERIFY = ("rev-parse", "--verify", "--quiet", "--end-of-options")
REASONS = {b"120000": "symbolic link", b"160000": "git submodule"}
NO_WORK_TREE = ("not a git repository", "must be run in a work tree")
OWNERSHIP = ("dubious ownership", "unsafe repository")


class NoGit(UserError):
    """There is no git on this machine."""


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
    except NoGit:
        return None
    tracked, untracked = (_finish(process) for process in processes)
    if isinstance(tracked, str):
        if any(words in tracked for words in NO_WORK_TREE):
            return None
        raise _refusal(work_tree, tracked)
    return tracked, b"" if isinstance(untracked, str) else untracked


def _start(directory: str, work_tree: str, *arguments: str, stdin: bool = False) -> Popen[bytes]:
    from subprocess import DEVNULL, PIPE, Popen

    command = ["git", *HARMLESS, f"--work-tree={work_tree}", *arguments]
    source = PIPE if stdin else DEVNULL
    try:
        return Popen(command, cwd=directory, stdin=source, stdout=PIPE, stderr=PIPE, env=_environment())
    except OSError as error:
        raise NoGit(f"git cannot be run: {(error.strerror or '').lower()}", "Install it, or mend PATH.") from None


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in INHERITED} | QUIET


def _finish(process: Popen[bytes], given: bytes | None = None) -> bytes | str:
    """What the process wrote; the complaint, as text, when it failed."""
    output, complaint = process.communicate(given)
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


class Change(NamedTuple):
    """A file that differs from a revision, or may do: its path, and the object it was there, None when it is new."""

    path: str
    before: str | None


def changes(directory: str, revision: str) -> list[Change] | None:
    """The files of the repository that differ from the last common ancestor of HEAD and `revision`; paths begin at its top.

    That is what is committed since, staged, edited or not yet tracked; files that are gone are left out. A file whose time
    stamp alone has changed may be among them: contents are not compared, since git would run the filters that a repository
    names. None outside a repository, and where nothing was committed yet.
    """
    work_tree = top(os.path.realpath(directory))
    base = _base(work_tree, revision) if work_tree else None
    if work_tree is None or base is None:
        return None
    committed = _answer(work_tree, "diff-index", "--cached", "-M", "-z", "--no-abbrev", base)
    edited = _answer(work_tree, *_unfiltered(work_tree), "diff-files", "-z", "--no-abbrev")
    others = _answer(work_tree, "ls-files", "-z", "--others", "--exclude-standard")
    untracked = (Change(path, None) for path, reason in _untracked(others) if reason is None)
    found = {change.path: change for change in chain(untracked, _changed(edited), _changed(committed))}
    return list(found.values())


def _unfiltered(work_tree: str) -> Iterator[str]:
    """Options that take away the repository's filters: a file as young as the index is compared by what they make of it."""
    listed = _finish(_start(work_tree, work_tree, "config", "-z", "--name-only", "--get-regexp", r"^filter\."))
    for name in dict.fromkeys(() if isinstance(listed, str) else os.fsdecode(listed).split("\0")[:-1]):
        if "=" in name:  # cannot be written as an option
            raise UserError(f"git has a filter by the odd name of {name!r}", "Remove it from the configuration of git.")
        yield from ("-c", f"{name}={'false' if name.endswith('.required') else ''}")


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

    environment = _environment() | {"GIT_ALLOW_PROTOCOL": TRANSPORTS}
    command = ["git", *HARMLESS, *arguments]
    return _finish(Popen(command, cwd=folder, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=environment))


def objects(directory: str, names: Iterable[str]) -> dict[str, bytes]:
    """The contents of objects, as they are stored."""
    work_tree = top(os.path.realpath(directory))
    wanted = list(dict.fromkeys(names))
    if work_tree is None or not wanted:
        return {}
    output = _answer(work_tree, "cat-file", "--batch", given="\n".join((*wanted, "")).encode())
    return dict(_contents(output))


def origin(directory: str) -> tuple[str, str] | None:
    """The address of the repository's `origin` and the commit that is checked out; none where one of them is missing."""
    work_tree = top(os.path.realpath(directory))
    if work_tree is None:
        return None
    try:
        asked = (("config", "--get", "remote.origin.url"), ("rev-parse", "--verify", "--quiet", "HEAD"))
        address, commit = (_finish(_start(work_tree, work_tree, *arguments)) for arguments in asked)
    except NoGit:
        return None
    if isinstance(address, str) or isinstance(commit, str):
        return None
    return os.fsdecode(address).strip(), os.fsdecode(commit).strip()


def _base(work_tree: str, revision: str) -> str | None:
    """The commit to compare with. None when HEAD is asked for and there is no commit yet."""
    hint = "Name a branch, a tag or a commit; a path goes before the option, or give --changed=REVISION."
    commit = _finish(_start(work_tree, work_tree, *VERIFY, f"{revision}^{{commit}}"))
    if isinstance(commit, str):
        if revision == "HEAD":
            return None
        raise UserError(f"git knows no revision {revision!r}", hint)
    name = commit.decode().strip()
    base = _finish(_start(work_tree, work_tree, "merge-base", "HEAD", name))
    if isinstance(base, str):
        raise UserError(f"HEAD and {revision} have no common ancestor here", "A shallow clone needs more history: fetch it.")
    return base.decode().split()[0]


def _answer(work_tree: str, *arguments: str, given: bytes | None = None) -> bytes:
    """What git says; a `UserError` when it fails."""
    output = _finish(_start(work_tree, work_tree, *arguments, stdin=given is not None), given)
    if isinstance(output, str):
        raise _refusal(work_tree, output)
    return output


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


def authors(directory: str, path: str, most: int = 200) -> tuple[str, ...]:
    """Who made the last commits that touched a path below `directory`, a name for each; nobody outside a repository."""
    directory = os.path.realpath(directory)
    work_tree = top(directory)
    if work_tree is None:
        return ()
    try:
        process = _start(directory, work_tree, "log", f"--max-count={most}", "--no-merges", "--format=%aN", "--", path)
    except OSError:
        return ()
    output = _finish(process)
    return tuple(os.fsdecode(output).splitlines()) if isinstance(output, bytes) else ()


class Commit(NamedTuple):
    """A commit: its name, its day (YYYY-MM-DD, UTC), who wrote and who committed it, and its whole message."""

    name: str
    day: str
    author: str
    committer: str
    message: str


def history(directory: str, *, since: str = "", until: str = "HEAD", path: str = "", most: int = 0) -> tuple[Commit, ...]:
    """The commits on the first-parent line up to `until`, the newest first; those that touched `path`, if it is given."""
    work_tree = top(os.path.realpath(directory))
    if work_tree is None:
        return ()
    fields = "%H%x00%cd%x00%aN <%aE>%x00%cN <%cE>%x00%B%x00%x01"
    order = () if path else ("--first-parent",)
    limits = (*(("--since", since) if since else ()), *((f"--max-count={most}",) if most else ()), *order)
    verify = ("log", f"--format={fields}", "--date=format-local:%Y-%m-%d", *limits, "--end-of-options", until, "--")
    output = _answer(work_tree, *verify, *((path,) if path else ()))
    records = os.fsdecode(output).split("\x01\n")
    return tuple(Commit(*record.lstrip("\n").split("\0")[:5]) for record in records if record.strip())


def tags(directory: str) -> dict[str, str]:
    """The tags by the names of the commits that they mark."""
    work_tree = top(os.path.realpath(directory))
    if work_tree is None:
        return {}
    output = _answer(work_tree, "for-each-ref", "--format=%(objectname) %(*objectname) %(refname:short)", "refs/tags")
    lines = (line.split() for line in os.fsdecode(output).splitlines())
    return {(words[1] if len(words) > 2 else words[0]): words[-1] for words in lines}


def tree(directory: str, commit: str) -> tuple[tuple[str, str], ...]:
    """The plain files of a commit: their paths, and the objects that hold their contents."""
    work_tree = top(os.path.realpath(directory))
    if work_tree is None:
        return ()
    output = _answer(work_tree, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
    records = (record.partition(b"\t") for record in output.split(b"\0") if record)
    return tuple((os.fsdecode(path), about.split()[2].decode()) for about, _, path in records if about.startswith(b"100"))


def revision(directory: str, name: str) -> str:
    """The commit that a revision names; a `UserError` where there is none."""
    work_tree = top(os.path.realpath(directory))
    found = _finish(_start(work_tree, work_tree, *VERIFY, f"{name}^{{commit}}")) if work_tree else ""
    if isinstance(found, str):
        raise UserError(f"git knows no revision {name!r}", "Name a branch, a tag or a commit.")
    return found.decode().strip()


def contents(directory: str, commit: str, path: str) -> bytes | None:
    """What a file holds in a commit, none where it is not there."""
    work_tree = top(os.path.realpath(directory))
    found = _finish(_start(work_tree, work_tree, "cat-file", "blob", f"{commit}:{path}")) if work_tree else ""
    return found if isinstance(found, bytes) else None
