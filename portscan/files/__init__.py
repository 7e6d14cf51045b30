"""Which files are read. Git knows best; outside a repository the directories are walked.

A commit hook pays for this module on every run, hence plain strings.
"""
# ruff: noqa: PTH100, PTH112, PTH114, PTH117, PTH118  (for the same reason)

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from portscan import passed_over
from portscan.errors import UserError
from portscan.files.contents import FileEntry
from portscan.model import Reason, Skipped
from portscan.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path


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
    said: list[bytes | None] = []
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


class Memory(Protocol):
    """What came of what git said of a directory before: the paths of files to read, and the other paths with the reasons."""

    def recall(self, said: bytes) -> tuple[list[str], list[tuple[str, Reason]]] | None:
        """What came of it; None where git said something else."""

    def keep(self, said: bytes, paths: list[str], passed_over: list[tuple[str, Reason]]) -> None:
        """Take in what came of it."""


def listing_again(
    root: Path, memory: Memory, *, include: Sequence[str] = (), exclude: Sequence[str] = (), anchor: Path | None = None
) -> Listing:
    """The listing of `root`, which is not worked out anew as long as git says of it what it said before.

    The memory is one for these patterns.
    """
    from portscan.git.listing import files

    top = os.path.abspath(root)
    found = files(top)
    if found is None or found.said is None:
        return listing(root, include=include, exclude=exclude, anchor=anchor)
    known = memory.recall(found.said)
    if known is None:
        made = listing_of(found.names, root, include=include, exclude=exclude, anchor=anchor)
        memory.keep(found.said, [entry.path for entry in made.entries], [(one.path, one.reason) for one in made.passed_over])
        return replace(made, untracked=found.untracked)
    below = os.path.join(top, "")
    entries = tuple(FileEntry(path, below + path) for path in known[0])
    return Listing(entries, tuple(Skipped(path, reason) for path, reason in known[1]), found.untracked)


def _filter(include: Sequence[str], exclude: Sequence[str], prefix: str) -> Callable[[str], bool]:
    if not include and not exclude:
        return lambda _path: True
    included = passed_over.matcher(include or passed_over.EVERY)
    excluded = passed_over.matcher(exclude)

    def wanted(path: str) -> bool:
        anchored = path if prefix == "." else os.path.normpath(os.path.join(prefix, path)).replace(os.sep, "/")
        return included(anchored) and not excluded(anchored)

    return wanted


def _expand(top: str, path: str, by_hand: bool, said: list[bytes | None]) -> Iterator[FileEntry | Skipped]:
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


def _directory(absolute: str, prefix: str, said: list[bytes | None]) -> Iterator[FileEntry | Skipped]:
    """The files of a directory. What is vendored is judged below it: `portscan vendor` reads the directory `vendor`."""
    return _chosen(absolute, prefix, _names(absolute, said))


def _chosen(absolute: str, prefix: str, names: Iterable[tuple[str, Reason | None]]) -> Iterator[FileEntry | Skipped]:
    """Which of the files that a directory holds are read."""
    known: dict[str, str] = {}
    below = os.path.join(absolute, "")
    for name, reason in names:
        folder = name.rpartition("/")[0]
        if folder not in known:
            known[folder] = _vendored(folder)
        if known[folder]:
            yield Skipped(f"{prefix}{known[folder]}/", Reason("vendored or generated directory"))
        elif why := reason or passed_over.reason(name[len(folder) :].lstrip("/")):
            yield Skipped(prefix + name or ".", why)
        else:
            yield FileEntry(prefix + name, below + name)


def _vendored(folder: str) -> str:
    """The outermost vendored directory that `folder` is or lies in; empty when there is none."""
    parts = folder.split("/")
    depth = next((i for i, part in enumerate(parts, 1) if part in passed_over.DIRECTORIES), 0)
    return "/".join(parts[:depth])


def _names(directory: str, said: list[bytes | None]) -> Iterable[tuple[str, Reason | None]]:
    """The files below `directory`, relative to it, with the reason not to read one."""
    from portscan.git.listing import files

    found = files(directory)
    if found is None:
        from portscan.files.walk import walked

        return walked(directory)
    said.append(found.untracked)
    return found.names
