"""Every command on the page about hooks and CI works as it is written there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.caches import with_rules
from tests.hook_runners import shared_folder, snapshot
from tests.judges import judge
from tests.repository import BOUND, REGISTRY_PATH, commit, environment, git, repository, write
from tools import generated

TOP = Path(__file__).resolve().parent.parent
PAGE = (TOP / "docs" / "hooks-and-ci.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
OWN = [line for line in COMMANDS if not line.startswith("pre-commit")]
ADDRESS = "https://git.example.com/platform/ports.git"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a shell")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = repository(tmp_path / "consumer")
    write(found / "run.sh", BOUND)
    shell(found, "portscan sync")
    commit(found)
    return found


def shell(root: Path, command: str, **more: str) -> None:
    programs = write(root.parent / "bin" / "portscan", f'#!/bin/sh\nexec {sys.executable} -m portscan "$@"\n')
    programs.chmod(0o755)
    path = os.pathsep.join((str(programs.parent), os.environ.get("PATH", os.defpath)))
    environ = (
        environment() | {"PATH": path, "PYTHONPATH": str(TOP), "PORTSCAN_CACHE_DIR": with_rules(root.parent / "cache")} | more
    )
    done = subprocess.run(["bash", "-e", "-c", command], cwd=root, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("command", dict.fromkeys(OWN))
def test_it_runs_and_finds_nothing_wrong_with_what_is_right(root: Path, command: str) -> None:
    shell(root, command)


def test_the_registry_elsewhere_is_fetched_as_it_says(root: Path, tmp_path: Path) -> None:
    other = repository(tmp_path / "ports")
    (table,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert ADDRESS in table
    write(root / "portscan.toml", table.replace(ADDRESS, other.as_uri()))
    (root / REGISTRY_PATH).unlink()  # or the copy would be judged like any other file
    updates = [line for line in OWN if line.startswith("portscan registry")]
    for command in sorted(updates, key=lambda line: "--locked" in line):
        shell(root, command)
    shell(root, "portscan")


def test_the_hooks_run_as_it_says(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    runner, shared = judge("pre-commit"), shared_folder(tmp_path_factory)
    source, revision = snapshot(shared)
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    write(
        root / ".pre-commit-config.yaml",
        text.replace("<this repository>", str(source)).replace("rev: v0.1.0", f"rev: {revision}"),
    )
    git(root, "add", "--all")
    path = os.pathsep.join((str(Path(runner).parent), os.environ.get("PATH", os.defpath)))
    for command in COMMANDS:
        if command.startswith("pre-commit"):
            shell(root, command, PATH=path, PRE_COMMIT_HOME=str(shared / "pre-commit"))


def test_it_names_every_hook() -> None:
    hooks = YAML(typ="safe").load(generated.hooks())
    assert [hook["id"] for hook in hooks] == re.findall(r"^\| `(portscan[a-z-]*)` \|", PAGE, re.MULTILINE)


def test_its_checks_are_those_of_the_workflow() -> None:
    workflow = YAML(typ="safe").load((TOP / "templates/ci/github.yml").read_text(encoding="utf-8"))
    run = [step["run"] for step in workflow["jobs"]["ports"]["steps"] if "run" in step]
    (block,) = (block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "validate" in block)
    assert [line.split("  #")[0].strip() for line in block.splitlines()] == run[1:6]
