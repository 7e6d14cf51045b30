"""The bundled example holds what its registry makes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portscan.cli import main

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = Path(shutil.copytree(TOP / "examples" / "tradingsystem", tmp_path / "example"))
    (copy / ".git").mkdir()
    monkeypatch.chdir(copy)
    return copy


def test_the_example_is_in_sync(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync", "--check"]) == 0, f"run `portscan sync` in it: {capsys.readouterr().out}"
