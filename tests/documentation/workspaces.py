"""The directories that the commands of a page run in."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.caches import with_rules
from tests.documentation.pages import TOP, blocks, put
from tests.repository import BOUND, REGISTRY_PATH, commit, environment, git, repository, write

SHOP = """version: "1.0.0"
ranges: {frontend: "3100-3199", apis: "4000-4099", databases: "5400-5499"}
services:
  - {name: web, stack: frontend, port: 3100, container_port: 80}
  - {name: api, stack: apis, port: 4010, paths: [api/**]}
  - {name: db, stack: databases, port: 5432}
"""


def example(root: Path) -> None:
    """A copy of the example, committed."""
    shutil.copytree(TOP / "examples" / "tradingsystem", root, dirs_exist_ok=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "begin")


def consumer(root: Path) -> None:
    """A small repository in which nothing is wrong."""
    repository(root)
    write(root / "run.sh", BOUND)
    commit(root)


def shop(root: Path) -> None:
    """What docs/getting-started.md begins with: a repository with ports in it, and no registry."""
    git(root, "init", "--quiet", "--initial-branch=main")
    for block in blocks("docs/getting-started.md"):
        if block.title and block.language != "diff":
            put(block, root)
    commit(root, "The shop")


def governed(root: Path) -> None:
    """The same with a registry."""
    shop(root)
    write(root / REGISTRY_PATH, SHOP)
    commit(root, "A registry")


def empty(root: Path) -> None:
    """Nothing."""


BEGINNINGS: Mapping[str, Callable[[Path], None]] = {each.__name__: each for each in (example, consumer, shop, governed, empty)}


def shell_environment(root: Path, place: Path) -> dict[str, str]:
    """`portscan` is the one that is tested, and everything behaves the same everywhere."""
    program = write(place / "bin" / "portscan", f'#!/bin/sh\nexec {sys.executable} -m portscan "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join((str(program.parent), os.environ.get("PATH", os.defpath)))
    cache = with_rules(place / "cache")
    own = {"PATH": path, "PYTHONPATH": str(TOP), "PORTSCAN_CACHE_DIR": cache, "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
    dropped = ("PORTSCAN_", "GITHUB_", "FORCE_COLOR", "NO_COLOR")
    kept = {name: value for name, value in environment().items() if not name.startswith(dropped)}
    return kept | own | {"HOME": str(place), "PWD": str(root)}
