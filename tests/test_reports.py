"""How commands hand over their reports: paths from the top of the repository, files, colours, the summary of a workflow."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.reporters import NAMES, reporter
from tests.reporters.samples import rendered, usual

REGISTRY = 'version: "1.0.0"\nservices:\n  - {name: dashboard, stack: web, port: 3103}\n'
CODE = "curl http://localhost:3103/\n"

# Formats for people, which do not name what nobody wants to be read; GitLab's has no place for a count.
COUNTED = {
    **dict.fromkeys(("github", "junit", "markdown"), "1 path passed over: binary file (1)"),
    "text": "1 path passed over: binary file (1: png 1)",
    "gitlab": "",
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one finding in `apps/web/check.sh`, and `apps` as the working directory."""
    for name in ("GITHUB_STEP_SUMMARY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "config" / "ports").mkdir(parents=True)
    (tmp_path / "config" / "ports" / "registry.yaml").write_text(REGISTRY)
    (tmp_path / "apps" / "web").mkdir(parents=True)
    (tmp_path / "apps" / "web" / "check.sh").write_text(CODE)
    (tmp_path / "apps" / "logo.png").write_bytes(b"\0")
    monkeypatch.chdir(tmp_path / "apps")
    return tmp_path


@pytest.mark.parametrize("form", NAMES)
def test_every_format_has_the_finding_and_the_unread_file(
    form: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--format", form, "--verbose"]) == 1
    text = capsys.readouterr().out
    path = "apps/web/check.sh" if reporter(form).FROM_THE_TOP else "web/check.sh"
    assert path in text
    assert ("apps/web" in text) == reporter(form).FROM_THE_TOP
    assert "PS001" in text
    assert COUNTED.get(form, "logo.png") in text
    assert ("logo.png" in text) == (form not in COUNTED)


@pytest.mark.parametrize("form", NAMES)
def test_a_registry_is_validated_in_every_format(form: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--format", form]) == 0
    capsys.readouterr()
    (repository / "config/ports/registry.yaml").write_text(REGISTRY.replace("3103", "'3103'"))
    assert main(["validate", "--format", form]) == 1
    text = capsys.readouterr().out
    assert "PS101" in text
    assert ("../config" in text) == (not reporter(form).FROM_THE_TOP)


@pytest.mark.parametrize("form", NAMES)
def test_every_format_has_the_places_that_explain_a_finding(form: str) -> None:
    report, sources = usual()
    text, _ = rendered(form, report, sources)
    told = [related for finding in report.findings for related in finding.related]
    assert told
    assert all(related.path in text and related.message in text for related in told)


def test_fixes_are_told_from_the_top_as_well(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--format", "sarif"])
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "apps/web/check.sh"
    assert change["replacements"][0]["insertedContent"]["text"] == "${DASHBOARD_PORT:-3103}"


def test_a_file_outside_the_repository_is_absolute(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "registry.yaml"
    elsewhere.write_text("version: 1\n")
    main(["validate", os.path.relpath(elsewhere), "--format", "sarif"])
    address = json.loads(capsys.readouterr().out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert address == {"uri": elsewhere.as_uri()}


def test_a_report_in_a_file_has_no_colours_unless_they_are_asked_for(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(["--output", "report.txt"])
    assert "\x1b" not in Path("report.txt").read_text("utf-8")
    main(["--output", "report.txt", "--color", "always"])
    assert "\x1b" in Path("report.txt").read_text("utf-8")


def test_a_file_that_cannot_be_written_is_told_in_one_line(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--output", "missing/report.txt"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("form", NAMES)
def test_statistics_where_they_can_be_told(form: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--format", form, "--statistics"])
    told = capsys.readouterr()
    assert status == (1 if reporter(form).STATISTICS else 2)
    if reporter(form).STATISTICS:
        assert "dashboard" in told.out
    else:
        assert told.err == f"portscan: --statistics cannot be told as {form}. Use json, markdown, text.\n"


class TestWorkflowSummary:
    def test_github_gets_a_summary_below_what_is_there(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository / "summary.md"))
        (repository / "summary.md").write_text("before\n")
        main(["--format", "github"])
        text = (repository / "summary.md").read_text("utf-8")
        assert text.startswith("before\n<!-- portscan scan -->\n### portscan scan: 1 finding (1 error)\n")
        assert "`apps/web/check.sh`" in text

    def test_no_other_format_writes_one(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository / "summary.md"))
        main(["--format", "text"])
        assert not (repository / "summary.md").exists()


def test_moving_a_repository_changes_no_fingerprint(
    repository: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def prints() -> list[str]:
        main(["--format", "gitlab"])
        return [issue["fingerprint"] for issue in json.loads(capsys.readouterr().out)]

    before = prints()
    copy = tmp_path_factory.mktemp("copy") / "repository"
    shutil.copytree(repository, copy)
    monkeypatch.chdir(copy / "apps")
    assert prints() == before


def test_the_global_options_say_how_much_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "apps/web/check.sh").write_text(CODE * 5)
    for i in range(5):
        (repository / f"apps/{i}.png").write_bytes(b"\0")
    told = []
    for option in ("--quiet", "--color=auto", "--verbose"):
        main([option])
        told.append(capsys.readouterr().out)
    quiet, usual, verbose = told
    line = (
        "error: PS001 Port 3103 belongs to `dashboard`, and is written out here. Read DASHBOARD_PORT: `${DASHBOARD_PORT:-3103}`."
    )
    assert quiet == "".join(f"web/check.sh:{i}:23: {line}\n" for i in range(1, 6))
    assert ("also at 2:23" in usual, "also at" in verbose) == (True, False)
    assert ("binary file (" in usual, "4.png" in usual) == (True, False)
    assert ("binary file (6: png 6)" in verbose, "4.png" in verbose) == (True, False)
