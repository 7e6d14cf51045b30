"""What the configuration makes of findings: which are reported, where, and how much they weigh."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import HARDCODED, REGISTRY, REGISTRY_PATH, repository, write

UNKNOWN = "curl http://localhost:4999/\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = repository(tmp_path / "consumer")
    write(found / "a.sh", HARDCODED + UNKNOWN)
    write(found / "tests/b.sh", HARDCODED + UNKNOWN)
    monkeypatch.chdir(found)
    return found


def found(capsys: pytest.CaptureFixture[str], command: str = "scan") -> tuple[int, list[str]]:
    status = main([command, "--format", "json"])
    rows = json.loads(capsys.readouterr().out)["findings"]
    return status, [f"{row['path']} {row['code']} {row['severity']}" for row in rows]


A, B = ("a.sh PS001 error", "a.sh PS002 error"), ("tests/b.sh PS001 error", "tests/b.sh PS002 error")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [*A, *B]),
        ("[severity]\nPS002 = 'note'", [A[0], "a.sh PS002 note", B[0], "tests/b.sh PS002 note"]),
        ("[severity]\nPS002 = 'error'\nPS = 'note'", ["a.sh PS001 note", A[1], "tests/b.sh PS001 note", B[1]]),
        ("[[per-path]]\npath = 'tests/**'\nignore = ['PS001']", [*A, B[1]]),
        ("[[per-path]]\npath = 'tests/**'\nselect = ['PS001']", [*A, B[0]]),
        ("[[per-path]]\npath = 'tests/**'\nallow = [4999]", [*A, B[0]]),
        ("allow = [4999]", [A[0], B[0]]),
        (
            "[severity]\nPS = 'error'\n[[per-path]]\npath = 'tests/**'\nseverity = {PS001 = 'warning'}",
            [*A, "tests/b.sh PS001 warning", B[1]],
        ),
        (
            "[[per-path]]\npath = '**'\nseverity = {PS0 = 'note'}\n[[per-path]]\npath = 'tests'\nseverity = {PS001 = 'warning'}",
            ["a.sh PS001 note", "a.sh PS002 note", "tests/b.sh PS001 warning", "tests/b.sh PS002 note"],
        ),
    ],
)
def test_codes_and_ports_by_path(root: Path, capsys: pytest.CaptureFixture[str], text: str, rows: list[str]) -> None:
    write(root / "portscan.toml", text)
    assert found(capsys) == (1, rows)


def test_notes_alone_are_no_failure(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root / "portscan.toml", "severity = {PS = 'note'}\n")
    status, rows = found(capsys)
    assert (status, len(rows)) == (0, 4)


class TestRegistry:
    def test_its_findings_are_weighed_and_ignored_as_well(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(root / REGISTRY_PATH, REGISTRY.replace("4020", "9999"))
        assert found(capsys, "validate") == (1, [f"{REGISTRY_PATH} PS104 error"])
        write(root / "portscan.toml", "severity = {PS104 = 'note'}\n")
        assert found(capsys, "validate") == (0, [f"{REGISTRY_PATH} PS104 note"])
        write(root / "portscan.toml", "ignore = ['PS104']\n")
        assert found(capsys, "validate") == (0, [])

    def test_a_choice_of_codes_for_scans_is_none_for_it(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(root / REGISTRY_PATH, REGISTRY.replace("4020", "9999"))
        write(root / "portscan.toml", "select = ['PS001']\n")
        assert found(capsys, "validate")[0] == 1

    def test_what_is_no_registry_cannot_be_ignored(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(root / REGISTRY_PATH, "services: 5\n")
        write(root / "portscan.toml", "ignore = ['PS1']\n")
        status, rows = found(capsys, "validate")
        assert (status, {row.split()[1] for row in rows}) == (1, {"PS101"})

    def test_the_one_that_the_configuration_names_is_validated(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(root / "ports.yaml", REGISTRY.replace("4020", "4010"))
        write(root / "portscan.toml", "registry = 'ports.yaml'\n")
        assert found(capsys, "validate") == (1, ["ports.yaml PS102 error"])
