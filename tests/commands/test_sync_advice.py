"""`portscan sync` tells of what git keeps from others."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import git, repository, write


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = repository(tmp_path / "consumer")
    write(found / ".gitignore", ".env.*\n")
    monkeypatch.chdir(found)
    return found


def test_a_generated_file_that_git_ignores_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync"]) == 0
    assert "created .env.shared; git ignores it" in capsys.readouterr().err
    git(root, "add", "--force", ".env.shared")
    (root / ".env.shared").unlink()
    assert main(["sync"]) == 0
    assert "git ignores" not in capsys.readouterr().err


def test_without_git_nothing_is_ignored(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", str(root))
    assert main(["sync"]) == 0
    assert "git ignores" not in capsys.readouterr().err
