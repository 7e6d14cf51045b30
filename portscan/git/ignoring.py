"""Asks git which files it is told to ignore."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from portscan.git.running import NoGit, finished, started, work_tree_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def ignored(directory: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Those of the paths, from `directory`, that git ignores and does not track; none outside a repository or without git."""
    work_tree = work_tree_of(directory)
    if work_tree is None or not paths:
        return ()
    try:
        asked = started(directory, work_tree, "check-ignore", "-z", "--stdin", stdin=True)
    except NoGit:
        return ()
    output = finished(asked, b"".join(os.fsencode(path) + b"\0" for path in paths))
    # It fails when nothing is ignored, too, and then has said nothing.
    return tuple(os.fsdecode(path) for path in output.split(b"\0") if path) if isinstance(output, bytes) else ()
