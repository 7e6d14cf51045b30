"""Paths as they are seen from the top of the repository, wherever in it portscan runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from posixpath import join, normpath

TOP = "."


def from_the_top(here: Path, top: Path) -> Callable[[str], str]:
    """Makes paths that are relative to `here`, or absolute, relative to `top`; one outside of it becomes absolute.

    `here` and `top` are absolute. `top` itself becomes `.`.
    """
    start, base = top.as_posix().rstrip("/"), here.as_posix()

    def seen(path: str) -> str:
        whole = normpath(join(base, path) if os.sep == "/" else (here / path).as_posix())
        if whole == start:
            return TOP
        return whole[len(start) + 1 :] if whole.startswith(f"{start}/") else whole

    return seen
