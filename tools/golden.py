"""Write the golden trees of tests/fixtures/fix anew: what `after` and `after-all` hold follows from `before`.

usage: golden.py [TREE…]

Read the difference that git shows before committing it: the trees are what the tests take for right. Of the trees that
are named it is told what is left in them, and why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from portscan.cli import main

TREES = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "fix"
REGISTRY = TREES / "registry.yaml"
# how a literal is bound; whom it reaches is another matter, with fixtures of its own
ALONE = ("--ignore", "PS2")
RUNS = {"after": ALONE, "after-all": ("--unsafe-fixes", "--pin", *ALONE)}


def write(tree: Path, *, told: bool) -> None:
    """Make the trees that stand beside `before`; each is fixed in a repository of its own, as the tests do."""
    silent = () if told else ("--output", os.devnull)
    for name, more in RUNS.items():
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / "copy"
            shutil.copytree(tree / "before", copy)
            subprocess.run(["git", "init", "-q", copy], check=True)
            os.chdir(copy)
            sys.stdout.write(f"{tree.name}/{name}\n")
            main(["--registry", str(REGISTRY), "--fix", *more, *silent])
            shutil.rmtree(copy / ".git")
            shutil.rmtree(tree / name, ignore_errors=True)
            shutil.copytree(copy, tree / name)


if __name__ == "__main__":
    for before in sorted(TREES.glob("*/before")):
        if before.parent.name in sys.argv[1:] or not sys.argv[1:]:
            write(before.parent, told=bool(sys.argv[1:]))
