"""The CI kit, and the workflows of this project itself, as others judge them: actionlint, zizmor, the platforms' schemas."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.judges import TOP, judge, node_module

KIT = ("templates/ci/github.yml", ".github/workflows/port-governance.yml")
WORKFLOWS = (*KIT, ".github/workflows/ci.yml", ".github/workflows/release.yml")
ACTION, PIPELINE, UPDATES = "action.yml", "templates/ci/gitlab.yml", ".github/dependabot.yml"
# A permission of GitHub's that is younger than the actionlint which can be installed as a package.
YOUNGER = 'unknown permission scope "attestations"'
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
    return "".join(line for line in said.splitlines(keepends=True) if YOUNGER not in line)


def test_actionlint_finds_nothing() -> None:
    assert linted(*WORKFLOWS) == ""


def test_actionlint_would_find_something(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((TOP / WORKFLOWS[0]).read_text().replace("!cancelled()", "!canceled()"))
    assert "canceled" in linted(str(wrong))


def test_zizmor_finds_nothing() -> None:
    status, said = output(judge("zizmor"), "--offline", "--no-progress", "--persona=auditor", *WORKFLOWS, ACTION, UPDATES)
    assert status == 0, said


SCHEMAS = {
    PIPELINE: "gitlab-ci",
    ACTION: "github-actions",
    UPDATES: "dependabot",
    **dict.fromkeys(WORKFLOWS, "github-workflows"),
}


@pytest.mark.parametrize(("file", "schema"), SCHEMAS.items())
def test_it_fits_the_schema_of_its_platform(file: str, schema: str) -> None:
    status, said = output(judge("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", file)
    assert status == 0, said


def test_zizmor_would_find_something(tmp_path: Path) -> None:
    workflow = (TOP / ".github/workflows/release.yml").read_text()
    wrong = tmp_path / ".github" / "workflows" / "wrong.yml"
    wrong.parent.mkdir(parents=True)
    wrong.write_text(re.sub(r"@[0-9a-f]{40} # (v\S+)", r"@\1", workflow))
    status, said = output(judge("zizmor"), "--offline", "--no-progress", str(wrong))
    assert status != 0
    assert "unpinned-uses" in said
