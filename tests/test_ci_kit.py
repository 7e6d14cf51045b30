"""The CI kit: which files a repository gets, and that they hold together."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from portscan import __version__
from portscan.ci_kit import PLATFORMS, kit
from portscan.cli import main
from tests.repository import repository

WORKFLOW, INCLUDED, PIPELINE = ".github/workflows/port-governance.yml", ".gitlab/port-governance.yml", ".gitlab-ci.yml"


@pytest.mark.parametrize(("platform", "paths"), [("github", [WORKFLOW]), ("gitlab", [INCLUDED, PIPELINE])])
def test_an_empty_repository_gets_everything(tmp_path: Path, platform: str, paths: list[str]) -> None:
    found = kit(platform, tmp_path)
    assert (list(found.files), found.advice) == (paths, ())


def test_the_jobs_install_the_version_that_wrote_them(tmp_path: Path) -> None:
    workflow = YAML(typ="safe").load(kit("github", tmp_path).files[WORKFLOW])
    install = next(step for step in workflow["jobs"]["ports"]["steps"] if step["name"] == "Install portscan")
    assert install["env"] == {"PORTSCAN_VERSION": __version__}
    pipeline = YAML(typ="safe").load(kit("gitlab", tmp_path, "1.2.3").files[INCLUDED])
    assert pipeline["port-governance"]["variables"]["PORTSCAN_VERSION"] == "1.2.3"


def test_what_is_there_is_left_alone_and_a_person_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / PIPELINE).write_text("stages: [test]\n")
    found = kit("gitlab", tmp_path)
    assert list(found.files) == [INCLUDED]
    assert found.advice == (f"{PIPELINE} is there already: add `- local: {INCLUDED}` to its `include`.",)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_second_time_there_is_nothing_to_do(tmp_path: Path, platform: str) -> None:
    for path, data in kit(platform, tmp_path).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert kit(platform, tmp_path).files == {}
    assert kit(platform, tmp_path).advice == ()


def test_an_old_workflow_is_named(tmp_path: Path) -> None:
    (tmp_path / WORKFLOW).parent.mkdir(parents=True)
    (tmp_path / WORKFLOW).write_text("name: mine\n")
    assert kit("github", tmp_path).advice[0].startswith(f"{WORKFLOW} is there already: it was left alone")


def test_a_repository_that_has_its_registry_gets_the_kit_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(tmp_path / "consumer")
    monkeypatch.chdir(root)
    assert main(["init", "--ci", "github"]) == 0
    assert capsys.readouterr().out == f"Wrote {WORKFLOW}.\n"
    assert (root / WORKFLOW).read_bytes() == kit("github", tmp_path).files[WORKFLOW]
    assert main(["init", "--ci", "github"]) == 0
    assert capsys.readouterr() == ("", "Nothing to do: it is all there.\n")
