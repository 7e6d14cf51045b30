"""pre-commit and prek in a consumer's repository, with this checkout as the source of the hooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.judges import judge
from tests.repository import commit, environment, git, write

if TYPE_CHECKING:
    import pytest

TOP = Path(__file__).resolve().parent.parent
RUNNERS = ("pre-commit", "prek")
LONGEST = 300  # seconds that another process may take to make the snapshot
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info", "dist", "build")


@dataclass(frozen=True)
class Ended:
    """How a program ended, and all that it said."""

    status: int
    text: str


@dataclass(frozen=True)
class Consumer:
    """A repository that uses the hooks through one of the `RUNNERS`."""

    root: Path
    runner: str
    environ: dict[str, str]

    def run(self, *arguments: str, **more: str) -> Ended:
        """Call the runner; `more` is for its environment."""
        return self._ended([judge(self.runner), *arguments], more)

    def commit(self, *arguments: str, **more: str) -> Ended:
        """A commit of what is staged, through the hooks."""
        return self._ended(["git", "commit", "--quiet", "--message", "more", *arguments], more)

    def merge(self, branch: str) -> Ended:
        """A merge with a commit of its own, through the hooks."""
        return self._ended(["git", "merge", "--quiet", "--no-ff", "--no-edit", branch], {})

    def _ended(self, command: list[str], more: dict[str, str]) -> Ended:
        done = subprocess.run(
            command, cwd=self.root, env=self.environ | more, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        return Ended(done.returncode, done.stdout.decode("utf-8", "backslashreplace"))


def consumer(root: Path, runner: str, shared: Path, hooks: str) -> Consumer:
    """The repository `root` with `hooks`, the YAML list of them, installed; `shared` is kept by all of them."""
    source, revision = snapshot(shared)
    write(root / ".pre-commit-config.yaml", f"repos:\n- repo: {source}\n  rev: {revision}\n  hooks:\n{hooks}")
    commit(root, "hooks")
    home = {"PRE_COMMIT_HOME": str(shared / "pre-commit"), "PREK_HOME": str(shared / "prek")}
    found = Consumer(root, runner, environment() | home | {"PORTSCAN_CACHE_DIR": str(shared / "cache"), "COLUMNS": "200"})
    done = found.run("install", "--hook-type", "pre-commit", "--hook-type", "pre-merge-commit")
    assert done.status == 0, done.text
    return found


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """What the tests of all processes keep together: the source of the hooks, and the runners' environments."""
    base = factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "hooks"


def snapshot(shared: Path) -> tuple[Path, str]:
    """A repository that holds this checkout as it is, whether committed or not, and its revision. It is made once."""
    source, ready = shared / "portscan", shared / "revision"
    try:
        shared.mkdir(parents=True)
    except FileExistsError:
        _wait_for(ready)
        return source, ready.read_text()
    shutil.copytree(TOP, source, ignore=LEFT_OUT, symlinks=True)
    git(source, "init", "--quiet", "--initial-branch=main")
    scratch = write(shared / "scratch", commit(source))
    scratch.rename(ready)
    return source, ready.read_text()


def _wait_for(file: Path) -> None:
    end = time.monotonic() + LONGEST
    while not file.exists():
        assert time.monotonic() < end, f"nobody has made {file}"
        time.sleep(0.1)
