"""Git itself, where it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan import git
from portscan.errors import UserError


def test_what_needs_git_says_so_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git.files(str(tmp_path)) is None
    assert git.origin(str(tmp_path)) is None
    with pytest.raises(UserError, match="git cannot be run"):
        git.revision(str(tmp_path), "HEAD")
