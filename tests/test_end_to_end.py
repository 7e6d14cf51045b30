"""The example and the proposal's own snippets, file by file: what must be reported is, and nothing else."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from portscan.cli import main
from portscan.config import Config
from portscan.model import Finding
from portscan.pipeline import literals, scan
from portscan.registry.loader import load

TOP = Path(__file__).resolve().parent.parent
FIXTURES = TOP / "tests" / "fixtures"
TODAY = date(2026, 1, 1)
REGISTRY = "config/ports/registry.yaml"


def listed(name: str) -> dict[str, Any]:
    data = YAML(typ="safe").load(FIXTURES / name)
    assert isinstance(data, dict)
    return data


def key(row: dict[str, Any]) -> tuple[str, int, int]:
    return row["path"], row["line"], row["column"]


def reported(root: Path) -> dict[tuple[str, int, int], Finding]:
    loaded = load(REGISTRY, (root / REGISTRY).read_bytes())
    assert loaded.registry is not None
    found = scan(root, [], loaded.registry, Config(), TODAY)
    assert not found.report.skipped
    return {(f.path, f.location.line, f.location.column): f for f in found.report.findings}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOP / "examples" / "tradingsystem", tmp_path / "example"))


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    root = Path(shutil.copytree(FIXTURES / "proposal" / "before", tmp_path / "before"))
    (root / "config/ports").mkdir(parents=True)
    shutil.copy(FIXTURES / "registry" / "proposal.yaml", root / REGISTRY)
    return root


def differences(found: dict[tuple[str, int, int], Finding], expected: dict[str, Any]) -> list[str]:
    planted = {key(row): row for row in expected["findings"]}
    left_open = {key(row) for row in expected.get("open", ())}
    wrong = [f"missing: {place} {row['code']} {row['service']}" for place, row in planted.items() if place not in found]
    for place, finding in found.items():
        row = planted.get(place)
        if row is None:
            wrong += [] if place in left_open else [f"not listed: {place} {finding.code} {finding.message}"]
        elif finding.code not in (row["code"], row.get("instead")) or finding.service != row["service"]:
            wrong.append(f"{place}: {finding.code} {finding.service}, not {row['code']} {row['service']}")
    return wrong


def test_the_example_has_the_planted_findings_and_no_others(example: Path) -> None:
    assert differences(reported(example), listed("planted.yaml")) == []


def test_the_snippets_of_the_proposal_are_reported(proposal: Path) -> None:
    assert differences(reported(proposal), listed("proposal/expected.yaml")) == []


def test_the_proposals_own_solution_is_clean(proposal: Path) -> None:
    shutil.copy(FIXTURES / "proposal" / "after" / "docker-compose.yml", proposal / "docker-compose.yml")
    assert [f for place, f in reported(proposal).items() if place[0] == "docker-compose.yml"] == []


def test_the_command_prints_the_contract(
    example: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(example)
    assert main(["scan", "--format", "json", "scripts/kill-ports.sh"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"version", "findings", "skipped", "summary"}
    first = answer["findings"][0]
    assert {k: first[k] for k in ("code", "severity", "path", "line", "column", "end_line", "end_column", "port", "service")} == {
        "code": "PS001", "severity": "error", "path": "scripts/kill-ports.sh", "line": 5, "column": 21, "end_line": 5,
        "end_column": 25, "port": 3103, "service": "dashboard",
    }  # fmt: skip
    assert first["variable"] == "DASHBOARD_PORT"
    assert first["fix"] == {
        "applicability": "safe",
        "edits": [
            {
                "path": "scripts/kill-ports.sh", "line": 5, "column": 21, "end_line": 5, "end_column": 25,
                "replacement": "${DASHBOARD_PORT:-3103}",
            }
        ],
    }  # fmt: skip


def test_processes_change_nothing(tmp_path: Path) -> None:
    """The example many times over, read by one process and by three."""
    for number in range(12):
        shutil.copytree(TOP / "examples" / "tradingsystem", tmp_path / f"copy{number}")
    registry = load("registry.yaml", (tmp_path / "copy0" / REGISTRY).read_bytes()).registry
    assert registry is not None
    one, several = (scan(tmp_path, (), registry, Config(), TODAY, jobs=jobs) for jobs in (1, 3))
    assert one.report.findings
    assert (one.report, one.sources) == (several.report, several.sources)
    assert literals(tmp_path, jobs=1) == literals(tmp_path, jobs=3)
