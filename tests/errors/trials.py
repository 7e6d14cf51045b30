"""Runs a trial of the catalogue: a place, files in it, what is done there beforehand, and a command of portscan.

`begin`     what is there: `repository` (with a registry), `empty` (without one), `plain` (no git) or `elsewhere` (the registry is
            that of `../ports`, fetched and locked)
`files`     contents by path, `registry` those of the registry
`before`    a script of the shell
`env`       variables, in which `{root}` is the place
`stdin`     what standard input holds
`without`   a library that is not installed
`with`      a circumstance of `tests.errors.circumstances` that no file can make
`run`       the arguments of portscan, and `status` its exit status, 2 if none is given
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portscan.cli import main
from tests.errors.circumstances import CIRCUMSTANCES
from tests.repository import REGISTRY_PATH, commit, environment, git, repository, write

if TYPE_CHECKING:
    import pytest

KEYS: Final = frozenset(("begin", "files", "registry", "before", "env", "stdin", "without", "with", "run", "status", "shown"))


class Said(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


def _empty(root: Path) -> None:
    git(root, "init", "--quiet", "--initial-branch=main")


def _plain(root: Path) -> None:
    repository(root)
    shutil.rmtree(root / ".git")


def _elsewhere(root: Path) -> None:
    repository(root.parent / "ports")
    _empty(root)
    write(root / "portscan.toml", 'registry.git = "../ports"\nregistry.rev = "main"\n')
    assert main(["registry", "update"]) == 0
    commit(root)


BEGINNINGS: Final[Mapping[str, Callable[[Path], Any]]] = {
    "repository": repository,
    "empty": _empty,
    "plain": _plain,
    "elsewhere": _elsewhere,
}


def run(trial: Mapping[str, Any], place: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Do what a trial says in `place`."""
    assert trial.keys() <= KEYS
    root = place / "here"
    with _quiet(patch, place.parent / "cache"):
        _begun(trial, root, patch)
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(trial.get("stdin", "").encode())))
        for name, value in trial.get("env", {}).items():
            patch.setenv(name, value.format(root=root))
        for library in trial.get("without", "").split():
            patch.setitem(sys.modules, library, None)
        with CIRCUMSTANCES[trial.get("with", "usual")](root, patch):
            capsys.readouterr()
            status = main(shlex.split(trial["run"]))
        return Said(status, *capsys.readouterr())


def _begun(trial: Mapping[str, Any], root: Path, patch: pytest.MonkeyPatch) -> None:
    root.mkdir()
    patch.chdir(root)
    BEGINNINGS[trial.get("begin", "repository")](root)
    given = {REGISTRY_PATH: trial["registry"]} if "registry" in trial else {}
    for path, text in {**trial.get("files", {}), **given}.items():
        write(root / path, text)
    if "before" in trial:
        subprocess.run(["/bin/sh", "-ec", trial["before"]], cwd=root, env=environment(), check=True)


@contextmanager
def _quiet(patch: pytest.MonkeyPatch, cache: Path) -> Iterator[None]:
    """Nothing that this machine configures counts."""
    for name, value in {**environment(), "PORTSCAN_CACHE_DIR": str(cache)}.items():
        patch.setenv(name, value)
    patch.delenv("PORTSCAN_WEBHOOK", raising=False)
    here = Path.cwd()
    try:
        yield
    finally:
        os.chdir(here)
