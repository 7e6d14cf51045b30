"""Which files are read, and their bytes. Git knows best; outside a repository the directories are walked.

A commit hook pays for this module on every run, hence file descriptors and plain strings.
"""
# ruff: noqa: PTH100, PTH112, PTH114, PTH117, PTH118

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from errno import EACCES, ELOOP, ENOENT, ENOTDIR, ENXIO, EPERM
from typing import TYPE_CHECKING

from portscan import passed_over
from portscan.errors import UserError
from portscan.model import Reason, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

LARGEST = 8 * 1024 * 1024  # nobody writes a larger text; a parser may take a hundred times its size
BLOCK = 1024 * 1024
REASONS = {
    EACCES: Reason("permission denied"),
    EPERM: Reason("permission denied"),
    ELOOP: Reason("symbolic link"),
    ENOENT: Reason("not in the working tree"),
    ENOTDIR: Reason("not in the working tree"),
    ENXIO: Reason("not a regular file"),
}
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file to read: `path` as shown to users, relative and with forward slashes; `absolute` as the system knows it.

    `given` is true of a file that was named by hand: it is read whatever its name or contents suggest.
    """

    path: str
    absolute: str
    given: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The files to read, and those that are passed over with the reason; a directory stands for all that is in it.

    `untracked` is what git said of files that it does not track, where a single directory of a repository was listed.
    """

    entries: tuple[FileEntry, ...]
    passed_over: tuple[Skipped, ...] = ()
    untracked: bytes | None = None


def repository_root(cwd: Path) -> Path:
    """The top of the git work tree that `cwd` is in; `cwd` itself outside a repository."""
    return next((folder for folder in (cwd, *cwd.parents) if os.path.lexists(folder / ".git")), cwd)


def listing(
    root: Path,
    paths: Sequence[str] = (),
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    anchor: Path | None = None,
    by_hand: bool = True,
) -> Listing:
    """The files under `paths` (all of `root` when there are none), sorted by path.

    `paths` are relative to `root`, and so are the paths of the answer. Files found in directories are filtered by the
    patterns `include` (all when empty) and `exclude`, which are relative to `anchor`, or else to `root`; what they
    leave out is not mentioned again, since somebody decided it. Files that are named themselves are all read, unless they
    were not named `by_hand` but by a program: then they are treated like those that were found.
    """
    wanted = _filter(include, exclude, os.path.relpath(root, anchor) if anchor else ".")
    top = os.path.abspath(root)
    entries: dict[str, FileEntry] = {}
    skipped: dict[str, Skipped] = {}
    said: list[bytes] = []
    for path in dict.fromkeys(paths or (".",)):
        for found in _expand(top, path, by_hand, said):
            if isinstance(found, Skipped):
                skipped.setdefault(found.path, found)
            elif found.given or (found.absolute not in entries and wanted(found.path)):
                entries[found.absolute] = found
    given = {entry.path for entry in entries.values() if entry.given}
    return Listing(
        tuple(sorted(entries.values(), key=lambda entry: entry.path)),
        tuple(skipped[path] for path in sorted(skipped) if path not in given and wanted(path)),
        said[0] if len(said) == 1 else None,
    )


def listing_of(
    names: Iterable[tuple[str, Reason | None]],
    root: Path,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    anchor: Path | None = None,
) -> Listing:
    """The listing of `root` as it would be if it held these files, each with the reason not to read it, if there is one."""
    wanted = _filter(include, exclude, os.path.relpath(root, anchor) if anchor else ".")
    found = [each for each in _chosen(os.path.abspath(root), "", names) if wanted(each.path)]
    entries = (each for each in found if isinstance(each, FileEntry))
    skipped = {each.path: each for each in found if isinstance(each, Skipped)}
    return Listing(tuple(sorted(entries, key=lambda entry: entry.path)), tuple(skipped[path] for path in sorted(skipped)))


def read(entry: FileEntry, *, largest: int = LARGEST) -> bytes | Skipped:
    """The bytes of a file, or why they cannot be had. Never waits for a FIFO, never reads a device."""
    try:
        data = _read(entry, largest)
    except OSError as error:
        other = Reason(f"cannot be read: {(error.strerror or 'unknown reason').lower()}")
        return Skipped(entry.path, REASONS.get(error.errno or 0, other))
    if isinstance(data, str):
        return Skipped(entry.path, data)
    return data if entry.given else written(entry.path, data)


def written(path: str, data: bytes) -> bytes | Skipped:
    """The contents of a file that somebody wrote; those of one that a bundler did are passed over."""
    return Skipped(path, Reason("minified file")) if passed_over.bundled(path, data) else data


def too_large(largest: int = LARGEST) -> Reason:
    """Why a larger file is not read."""
    return Reason(f"larger than {largest >> 20} MiB")


def _read(entry: FileEntry, largest: int) -> bytes | Reason:
    """The bytes, or the reason not to read them."""
    handle = os.open(entry.absolute, FLAGS if entry.given else FLAGS | NO_FOLLOW)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return Reason("directory" if stat.S_ISDIR(state.st_mode) else "not a regular file")
        data = _drain(handle, state.st_size, largest) if state.st_size <= largest else None
        return too_large(largest) if data is None else data
    finally:
        os.close(handle)


def _drain(handle: int, size: int, largest: int) -> bytes | None:
    """Everything up to the end of the file; None when it grows beyond `largest` meanwhile."""
    data = os.read(handle, size + 1)
    if len(data) == size:  # one byte more was asked for, so this is the end
        return data
    parts, total = [data], len(data)
    while total <= largest:
        part = os.read(handle, BLOCK)
        if not part:
            return b"".join(parts)
        parts.append(part)
        total += len(part)
    return None


def _filter(include: Sequence[str], exclude: Sequence[str], prefix: str) -> Callable[[str], bool]:
    if not include and not exclude:
        return lambda _path: True
    included = passed_over.matcher(include or ("**",))
    excluded = passed_over.matcher(exclude)

    def wanted(path: str) -> bool:
        anchored = path if prefix == "." else os.path.normpath(os.path.join(prefix, path)).replace(os.sep, "/")
        return included(anchored) and not excluded(anchored)

    return wanted


def _expand(top: str, path: str, by_hand: bool, said: list[bytes]) -> Iterator[FileEntry | Skipped]:
    """What a path stands for; what git says of its untracked files is put into `said`."""
    absolute = os.path.abspath(os.path.join(top, path))
    shown = _shown(top, absolute, path)
    if path and os.path.isdir(absolute) and (by_hand or not os.path.islink(absolute)):
        yield from _directory(absolute, "" if shown == "." else f"{shown}/", said)
    elif path and os.path.lexists(absolute):
        yield FileEntry(shown, absolute, given=True) if by_hand else _named(shown, absolute)
    else:
        raise UserError(f"{path or repr(path)}: no such file or directory", "Paths are relative to the current directory.")


def _named(shown: str, absolute: str) -> FileEntry | Skipped:
    """A file that a program has named."""
    folder, _, name = shown.rpartition("/")
    if vendored := _vendored(folder):
        return Skipped(f"{vendored}/", Reason("vendored or generated directory"))
    why = Reason("symbolic link") if os.path.islink(absolute) else passed_over.reason(name)
    return Skipped(shown, why) if why else FileEntry(shown, absolute)


def _shown(top: str, absolute: str, typed: str) -> str:
    """Relative to `top`, except for a file elsewhere that was typed with its full path."""
    if os.path.isabs(typed) and not absolute.startswith(os.path.join(top, "")) and absolute != top:
        return absolute.replace(os.sep, "/")
    return os.path.relpath(absolute, top).replace(os.sep, "/")


def _directory(absolute: str, prefix: str, said: list[bytes]) -> Iterator[FileEntry | Skipped]:
    """The files of a directory. What is vendored is judged below it: `portscan vendor` reads the directory `vendor`."""
    return _chosen(absolute, prefix, _names(absolute, said))


def _chosen(absolute: str, prefix: str, names: Iterable[tuple[str, Reason | None]]) -> Iterator[FileEntry | Skipped]:
    """Which of the files that a directory holds are read."""
    known: dict[str, str] = {}
    for name, reason in names:
        folder = name.rpartition("/")[0]
        if folder not in known:
            known[folder] = _vendored(folder)
        if known[folder]:
            yield Skipped(f"{prefix}{known[folder]}/", Reason("vendored or generated directory"))
        elif why := reason or passed_over.reason(name[len(folder) :].lstrip("/")):
            yield Skipped(prefix + name or ".", why)
        else:
            yield FileEntry(prefix + name, os.path.join(absolute, name))


def _vendored(folder: str) -> str:
    """The outermost vendored directory that `folder` is or lies in; empty when there is none."""
    parts = folder.split("/")
    depth = next((i for i, part in enumerate(parts, 1) if part in passed_over.DIRECTORIES), 0)
    return "/".join(parts[:depth])


def _names(directory: str, said: list[bytes]) -> Iterable[tuple[str, Reason | None]]:
    """The files below `directory`, relative to it, with the reason not to read one."""
    from portscan.git.listing import files

    found = files(directory)
    if found is None:
        return _walk(directory)
    said.append(found.untracked)
    return found.names


def _walk(top: str) -> Iterator[tuple[str, Reason | None]]:
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(os.path.join(top, prefix)) as found:
                entries = [(entry.name, entry.is_dir(follow_symlinks=False), entry.is_symlink()) for entry in found]
        except OSError as error:
            yield prefix, REASONS.get(error.errno or 0, Reason("unreadable directory"))
            continue
        if prefix and _is_cache(os.path.join(top, prefix), entries):
            yield prefix, Reason("cache directory")
            continue
        for name, is_directory, is_link in entries:
            if not is_directory:
                yield prefix + name, Reason("symbolic link") if is_link else None
            elif name in passed_over.DIRECTORIES:
                yield f"{prefix}{name}/", None
            elif name not in passed_over.VERSION_CONTROL:
                pending.append(f"{prefix}{name}/")


def _is_cache(folder: str, entries: Iterable[tuple[str, bool, bool]]) -> bool:
    """Whether a directory says of itself that it is a cache."""
    if (passed_over.CACHE_TAG, False, False) not in entries:
        return False
    tag = read(FileEntry("", os.path.join(folder, passed_over.CACHE_TAG)))
    return isinstance(tag, bytes) and tag.startswith(passed_over.CACHE_SIGNATURE)
