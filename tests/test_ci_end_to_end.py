"""The CI kit at work: the very commands of the workflow and of the pipeline, on the bundled example and on a clean repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from portscan.ci_kit import kit
from tests.caches import with_rules
from tests.judges import THOROUGH
from tests.repository import BOUND, REGISTRY_PATH, commit, environment, git, repository, write

TOP = Path(__file__).resolve().parent.parent
WORKFLOW, PIPELINE = ".github/workflows/port-governance.yml", ".gitlab/port-governance.yml"
INSTALL, COMMENT = "Install portscan", "Comment on the pull request"
CHECKS = (
    "Validate the registry",
    "Check for duplicates and conflicts",
    "Verify generated files",
    "Check for hardcoded ports",
)
SHOWN = 10  # annotations that GitHub shows of a step
# Stands in for GitHub's own client: it notes what it is asked, and knows of one comment when there is a file `known`.
CLIENT = """#!/bin/sh
echo "$*" >> "$NOTES"
case "$*" in *--paginate*) [ -e known ] && echo 42 ;; esac
exit 0
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the steps are for bash")


@dataclass(frozen=True)
class Ran:
    """A step that was run."""

    status: int
    text: str


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a runner: portscan is installed, and GitHub's client is there."""
    programs = tmp_path / "bin"
    write(programs / "portscan", f'#!/bin/sh\nexec {sys.executable} -m portscan "$@"\n').chmod(0o755)
    write(programs / "gh", CLIENT).chmod(0o755)
    path = os.pathsep.join((str(programs), os.environ.get("PATH", os.defpath)))
    github = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "owner/name",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "RUNNER_TEMP": str(tmp_path),
        "NUMBER": "7",
        "NOTES": str(tmp_path / "notes"),
    }
    return environment() | github | {"PATH": path, "PYTHONPATH": str(TOP), "PORTSCAN_CACHE_DIR": with_rules(tmp_path / "cache")}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    root = tmp_path / "example"
    shutil.copytree(TOP / "examples" / "tradingsystem", root)
    (root / ".env.shared").unlink()  # as if nobody had run `portscan sync`
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    return root


@pytest.fixture
def clean(tmp_path: Path, machine: Mapping[str, str]) -> Path:
    root = repository(tmp_path / "clean")
    write(root / "run.sh", BOUND)
    assert bash(root, "portscan sync", machine).status == 0
    commit(root)
    return root


def bash(root: Path, script: str, environ: Mapping[str, str]) -> Ran:
    """Run a script as a runner of GitHub or GitLab does: it stops at the first failure."""
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=root, env=environ, capture_output=True, check=False)
    return Ran(done.returncode, (done.stdout + done.stderr).decode())


def steps(root: Path) -> dict[str, str]:
    """The scripts of the workflow that a repository gets, by the names of their steps."""
    workflow: dict[str, Any] = YAML(typ="safe").load(kit("github", root).files[WORKFLOW])
    return {step["name"]: step["run"] for step in workflow["jobs"]["ports"]["steps"] if "run" in step}


def workflow(root: Path, machine: Mapping[str, str]) -> dict[str, Ran]:
    """Every step but the installation, in order."""
    return {name: bash(root, script, machine) for name, script in steps(root).items() if name != INSTALL}


def test_the_example_fails_where_it_should_and_says_why(example: Path, machine: dict[str, str], tmp_path: Path) -> None:
    done = workflow(example, machine)
    assert {name: done[name].status for name in CHECKS} == dict(zip(CHECKS, (0, 1, 1, 1), strict=True))
    annotations = [line for line in done[CHECKS[3]].text.splitlines() if line.startswith("::error ")]
    places = [re.match(r"::error file=([^,]+),line=(\d+),.*title=PS00\d ", line) for line in annotations]
    assert len(places) == SHOWN
    assert all(place and int(place[2]) <= len((example / place[1]).read_text().splitlines()) for place in places)
    assert "PS201" in done[CHECKS[1]].text
    assert "PS301" in done[CHECKS[2]].text
    summary = (tmp_path / "summary.md").read_text()
    assert "PS001" in summary
    assert "apps/dashboard" in summary


def test_the_example_has_its_reports_and_its_comment(example: Path, machine: dict[str, str], tmp_path: Path) -> None:
    done = workflow(example, machine)
    assert done["Write the reports"] == Ran(0, "")
    folder = tmp_path / "portscan-report"
    results = json.loads((folder / "portscan.sarif").read_text())["runs"][0]["results"]
    findings = json.loads((folder / "portscan.json").read_text())["findings"]
    assert len(results) == len(findings) > 50
    assert done[COMMENT].status == 0
    assert (folder / "comment.md").read_text().startswith("<!-- portscan -->\n")
    asked = (tmp_path / "notes").read_text()
    assert "--method POST repos/owner/name/issues/7/comments --field body=@comment.md" in asked
    write(folder / "known", "")
    bash(example, steps(example)[COMMENT], machine)
    assert "--method PATCH repos/owner/name/issues/comments/42" in (tmp_path / "notes").read_text()


def test_a_clean_repository_passes_and_gets_no_comment(clean: Path, machine: dict[str, str], tmp_path: Path) -> None:
    assert {name: ran.status for name, ran in workflow(clean, machine).items() if ran.status} == {}
    assert "--method" not in (tmp_path / "notes").read_text()


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        ("port: 4020", "port: 9999", CHECKS[0]),
        ("port: 4020", "port: 4010", CHECKS[1]),
        ("port: 4020", "port: 4021", CHECKS[2]),
        ("port: 4010", "port: 4011", CHECKS[3]),
    ],
)
def test_each_check_stops_what_it_is_for(clean: Path, machine: dict[str, str], before: str, after: str, step: str) -> None:
    file = clean / REGISTRY_PATH
    file.write_text(file.read_text().replace(before, after))
    assert bash(clean, steps(clean)[step], machine).status == 1


def pipeline(root: Path, machine: dict[str, str]) -> Ran:
    job: dict[str, Any] = YAML(typ="safe").load(kit("gitlab", root).files[PIPELINE])["port-governance"]
    kept = set(job["artifacts"]["reports"].values())
    ran = bash(root, "\n".join(job["script"]), machine)
    assert {path for path in kept if (root / path).is_file()} == kept
    return ran


def test_the_pipeline_of_gitlab_runs_every_check_and_fails_at_the_end(example: Path, machine: dict[str, str]) -> None:
    ran = pipeline(example, machine)
    assert ran.status == 1
    assert "PS301" in ran.text
    assert "PS001" in ran.text
    assert json.loads((example / "portscan-report/code-quality.json").read_text())


def test_and_passes_for_a_clean_repository(clean: Path, machine: dict[str, str]) -> None:
    assert pipeline(clean, machine).status == 0


@pytest.mark.skipif(not THOROUGH, reason="installs portscan with all that it needs; done for releases")
def test_the_action_brings_portscan_with_it(clean: Path, machine: dict[str, str]) -> None:
    action: dict[str, Any] = YAML(typ="safe").load(TOP / "action.yml")
    without = {name: value for name, value in machine.items() if name != "PYTHONPATH"}
    environ = without | {"GITHUB_ACTION_PATH": str(TOP), "PYTHON": sys.executable}
    done = {step["name"]: bash(clean, step["run"], environ) for step in action["runs"]["steps"] if "run" in step}
    assert {name: ran for name, ran in done.items() if ran.status} == {}
    assert Path(environ["RUNNER_TEMP"], "portscan", "bin", "portscan").exists()
