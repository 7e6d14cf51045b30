"""`portscan explain`, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.findings import catalogue

OWN = """\
code: ACME001
name: port-is-unlucky
severity: note
message: Port {port} is unlucky.
rationale: Ask operations.
examples:
  - findings: ["1:1 ACME001"]
"""


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["explain", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("code", catalogue())
def test_every_rule_is_explained_within_the_width_of_a_terminal(
    code: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rule = catalogue()[code]
    text = shown(capsys, code)
    assert text.startswith(f"{code} {rule.name} ({rule.severity})\n")
    assert " ".join(rule.rationale.split()) in " ".join(text.split())
    assert text.count("Example: ") == len(rule.examples)
    assert "‹what›" not in text
    prose = [line for line in text.splitlines() if not line.startswith("      ")]
    assert max(map(len, prose)) <= 80


def test_an_example_shows_what_is_found_where(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "ps001")
    assert "    compose.yaml\n      services:\n        dashboard:\n" in text
    assert "    Reported: PS001 at 3:14, PS001 at 5:48.\n" in text
    assert "    Nothing is reported.\n" in text


def test_an_example_of_several_files_shows_each_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\n    compose.yaml\n      services:\n" in shown(capsys, "PS112")
    assert "`compose.yaml`\n\n```yaml\nservices:\n" in shown(capsys, "PS112", "--format", "markdown")


@pytest.mark.parametrize("name, codes", [("stale-default", ["PS003"]), ("ps30", ["PS301", "PS302"]), ("PS007", ["PS007"])])
def test_rules_are_found_by_name_and_by_beginning(name: str, codes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert [rule["code"] for rule in json.loads(shown(capsys, name, "--format", "json"))["rules"]] == codes


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys).splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == sorted(catalogue())


def test_json_has_all_of_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    (rule,) = json.loads(shown(capsys, "PS001", "--format", "json"))["rules"]
    assert set(rule) == {"code", "name", "severity", "message", "help", "rationale", "examples", "source"}
    assert rule["examples"][0]["findings"] == ["3:14 PS001", "5:48 PS001"]


def test_markdown_has_fences_and_a_table_of_several(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "PS001", "--format", "markdown").startswith("## PS001 hardcoded-port\n\n*error*\n")
    text = shown(capsys, "PS10", "--format", "markdown")
    assert text.startswith("| code | name |")
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize(
    "name, hint",
    [
        ("PS0O1", "Did you mean PS001"),
        ("hardcoded-prot", "Did you mean PS001 (hardcoded-port)?"),
        ("x", "`portscan explain` lists"),
    ],
)
def test_what_nobody_knows_is_an_error_with_a_suggestion(name: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 2
    told = capsys.readouterr().err
    assert f"`{name}` is no code of portscan" in told
    assert hint in told


def test_rules_of_the_configuration_are_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own" / "findings").mkdir(parents=True)
    (tmp_path / "own" / "findings" / "acme.yaml").write_text(OWN)
    (tmp_path / "portscan.toml").write_text('extend-rules = ["own"]\n')
    monkeypatch.chdir(tmp_path)
    assert "Ask operations." in shown(capsys, "ACME001")
