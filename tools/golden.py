"""Write the golden trees of tests/fixtures/fix anew: what `after` and `after-all` hold follows from `before`.

usage: golden.py

Read the difference that git shows before committing it: the trees are what the tests take for right.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from portscan.cli import main

TREES = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "fix"
RUNS = {"after": (), "after-all": ("--unsafe-fixes", "--pin")}


def write(tree: Path, registry: Path) -> None:
    """Make the trees that stand beside `before`; each is fixed in a repository of its own, as the tests do."""
    for name, more in RUNS.items():
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / "copy"
            shutil.copytree(tree / "before", copy)
            subprocess.run(["git", "init", "-q", copy], check=True)
            os.chdir(copy)
            main(["--registry", str(registry), "--fix", *more])
            shutil.rmtree(copy / ".git")
            shutil.rmtree(tree / name, ignore_errors=True)
            shutil.copytree(copy, tree / name)


if __name__ == "__main__":
    for before in sorted(TREES.glob("**/before")):
        write(before.parent, TREES / "registry.yaml")
