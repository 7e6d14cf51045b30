"""The files below a directory that git does not know."""
# ruff: noqa: PTH118  (a hook pays for every path: they are plain strings)

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from portscan import passed_over
from portscan.files.contents import REASONS, FileEntry, read
from portscan.model import Reason


def walked(top: str) -> Iterator[tuple[str, Reason | None]]:
    """The files below `top`, relative to it, each with the reason not to read it, if there is one."""
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
