"""`portscan config`, as it is called."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.config.tables import keys
from portscan.config_reference import full_schema
from tests.repository import repository, write

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = repository(tmp_path / "consumer")
    monkeypatch.chdir(found)
    return found


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["config", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--show"]])
def test_what_is_in_force(root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    write(root / "portscan.toml", 'exclude = ["fixtures"]\n')
    lines = [" ".join(line.split()) for line in said(capsys, *arguments).splitlines()]
    assert 'exclude = ["fixtures"] # portscan.toml' in lines
    assert "strict = false # default" in lines


@pytest.mark.parametrize("arguments", [[], ["--format", "json"]])
def test_what_a_configuration_holds_moves_no_cursor(root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    write(root / "portscan.toml", 'exclude = ["a\\u009b31m", "b\\u202e", "é"]\n')
    shown = said(capsys, *arguments)
    assert shown.replace("\n", "").isprintable()
    read = tomllib.loads(shown) if not arguments else {each["key"]: each["value"] for each in json.loads(shown)["settings"]}
    assert read["exclude"] == ["a\x9b31m", "b\u202e", "é"]


def test_for_machines(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(said(capsys, "--format", "json", "--registry", "other.yaml"))
    assert (report["version"], report["file"]) == (1, None)
    assert report["settings"][0] == {
        "key": "registry",
        "value": "other.yaml",
        "source": "command line",
        "description": next(key for key in keys(Config) if key.name == "registry").description,
    }


def test_the_schema(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--schema", "--output", "schema.json") == ""
    assert json.loads((root / "schema.json").read_text()) == full_schema()


def test_a_mistake_is_the_users_error(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root / "portscan.toml", "exlude = []\n")
    assert main(["config"]) == 2
    assert capsys.readouterr().err == "portscan: portscan.toml: `exlude` is not a key. Did you mean `exclude`?\n"
