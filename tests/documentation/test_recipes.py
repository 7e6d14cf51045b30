"""The recipes of CONTRIBUTING, followed to the letter in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documentation.pages import TOP, blocks, put, text_of
from tests.judges import THOROUGH

PAGE = "CONTRIBUTING.md"
FIRST, REST = "## A detection rule", "## The rest"
LISTED = (
    *("pyproject.toml", ".pre-commit-hooks.yaml", ".github", "action.yml", "README.md", PAGE),
    *("benchmarks", "portscan", "rules", "schema", "templates", "tools", "tests", "docs", "examples"),
)

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a shell"),
    pytest.mark.skipif(not THOROUGH, reason="each runs many tests again: tried with PORTSCAN_THOROUGH=1"),
]


def recipes() -> dict[str, tuple[int, int]]:
    """The lines of each recipe, by its heading."""
    lines = text_of(PAGE).splitlines()
    heads = [number for number, line in enumerate(lines, 1) if line.startswith("## ")]
    spans = {lines[head - 1][3:]: (head, following) for head, following in zip(heads, (*heads[1:], len(lines)), strict=True)}
    first, rest = list(spans).index(FIRST[3:]), list(spans).index(REST[3:])
    return dict(list(spans.items())[first:rest])


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, in which all recipes are followed one after the other."""
    root = tmp_path_factory.mktemp("recipes")
    for name in LISTED:
        source = TOP / name
        shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__")) if source.is_dir() else shutil.copy(
            source, root
        )
    (root / ".venv").symlink_to(sys.prefix)
    return root


@pytest.mark.parametrize("recipe", recipes())
def test_a_recipe_works_as_it_is_written(recipe: str, copy: Path) -> None:
    first, last = recipes()[recipe]
    known = environment(copy)
    for block in (block for block in blocks(PAGE) if first <= block.line < last):
        if block.title:
            put(block, copy)
        else:
            script = re.sub(r"make (generated|contracts)", r".venv/bin/python -m tools.\1", block.text)
            done = subprocess.run(["bash", "-e", "-c", script], cwd=copy, env=known, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"line {block.line}:\n{done.stdout}{done.stderr}"
            assert "deselected" not in done.stdout or re.search(r"\b[1-9]\d* passed", done.stdout)


def test_nothing_that_others_build_upon_has_changed_unnoticed(copy: Path) -> None:
    pinned = [sys.executable, "-m", "pytest", "tests/contracts"]
    done = subprocess.run(pinned, cwd=copy, env=environment(copy), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def environment(copy: Path) -> dict[str, str]:
    """Everything is imported from the copy, and nothing is kept."""
    more = {"PYTHONPATH": str(copy), "PORTSCAN_CACHE_DIR": str(copy / "cache"), "PORTSCAN_JUDGES": "off"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_", "PORTSCAN_"))}
    return kept | more | {"PYTEST_ADDOPTS": "-p no:cacheprovider -o addopts=--strict-markers"}


def test_what_the_recipes_add_is_linted_and_typed(copy: Path) -> None:
    titles = {block.title: None for block in blocks(PAGE) if block.title.endswith(".py")}
    ours = [title for title in titles if title.startswith("portscan/")]
    known = environment(copy)
    del known["PYTHONPATH"]  # or mypy would meet everything twice
    thorough = (["mypy", *ours],) if os.environ.get("PORTSCAN_THOROUGH") else ()
    for command in (["ruff", "check", *titles], ["ruff", "format", "--check", *titles], *thorough):
        done = subprocess.run([sys.executable, "-m", *command], cwd=copy, env=known, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
