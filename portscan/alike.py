"""Which names are one file: systems differ in whether they tell case, spelling, and what cannot be seen."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from posixpath import normpath


def parts(path: str) -> list[str]:
    """The parts of a path as systems compare them that tell no case, no spelling, no blanks or dots at an end, nothing unseen.

    What stands behind a colon is a stream of a file on some: the contents of a folder are one, `.git::$INDEX_ALLOCATION`.
    """
    from unicodedata import category, normalize  # a hook does without

    seen = "".join(character for character in path if category(character) != "Cf")
    return [_plain(part) for part in normalize("NFC", normpath(seen).casefold()).split("/")]


def _plain(part: str) -> str:
    return part.partition(":")[0].rstrip(". ") or part


def identity(file: Path) -> Path | tuple[int, int]:
    """What tells one file from another: names that differ in case, or lead through a mount, may be one."""
    with suppress(OSError):
        state = file.stat()
        if state.st_nlink == 1 and state.st_ino:
            return state.st_dev, state.st_ino
    return file


def spelled(file: Path) -> Path:
    """The path of a file as its folders list it, which may have been asked for in another case."""
    if not _same(file, file.with_name(file.name.swapcase())):
        return file
    found = Path(file.anchor)
    for part in file.parts[len(found.parts) :]:
        found /= _listed(found, part)
    return found


def _same(file: Path, other: Path) -> bool:
    with suppress(OSError):
        return file != other and os.path.samestat(file.lstat(), other.lstat())
    return False


def _listed(folder: Path, part: str) -> str:
    """The name that a folder has for what it gives by the name `part`."""
    with suppress(OSError):
        names = [entry.name for entry in folder.iterdir()]
        if part not in names:
            return next((name for name in names if parts(name) == parts(part)), part)
    return part
