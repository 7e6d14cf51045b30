"""Git's own directory of a work tree, where it is certain that it is this one's. Asks the disk, not git: every command does."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from portscan.expressions import compiled
from portscan.regular import read

MOST: Final = 1 << 16  # bytes of a file of git's that are looked at
WORKTREE: Final = compiled(r'^[ \t]*\[core\][^\[]*?\n[ \t]*worktree[ \t]*=[ \t]*"?([^"\n]*)', re.MULTILINE)


def directory(top: Path) -> Path | None:
    """The directory of the work tree at `top`; None where there is none, or where `.git` leads to one that knows nothing of it.

    No clone has a `.git` of its author's making, but a folder that was unpacked from an archive may.
    """
    own = kept_at(top)
    return own if own.is_dir() and (below(own, top) or _linked(own, top) or _submodule(own, top)) else None


def kept_at(top: Path) -> Path:
    """What `.git` in the work tree at `top` is, or where it says that its directory is; a name ends at a NUL for git, too."""
    own = top / ".git"
    return top / _line(own).partition("\0")[0].removeprefix("gitdir:").strip() if own.is_file() else own


def below(path: Path, top: Path) -> bool:
    """Whether a path is in the work tree, links followed."""
    return Path(os.path.realpath(top)) in Path(os.path.realpath(path)).parents


def _linked(own: Path, top: Path) -> bool:
    """Whether it is the directory of a linked work tree, which says where that has its `.git`."""
    back = _line(own / "gitdir").strip()
    return bool(back) and (own / "commondir").is_file() and _same(own / back, Path(os.path.realpath(top), ".git"))


def _submodule(own: Path, top: Path) -> bool:
    """Whether its configuration says that its work tree is here."""
    told = (WORKTREE.search(_line(own / name)) for name in ("config", "config.worktree"))
    return any(match is not None and _same(own / match[1].strip(), Path(os.path.realpath(top))) for match in told)


def _same(told: Path, here: Path) -> bool:
    return os.path.realpath(told) == str(here)


def _line(file: Path) -> str:
    """The text of a small file; empty where there is none."""
    with suppress(OSError):
        return os.fsdecode(read(file, MOST))
    return ""
