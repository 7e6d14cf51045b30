"""Git itself, where it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan.errors import UserError
from portscan.git.history import commit_of
from portscan.git.listing import files
from portscan.git.remote import origin


def test_what_needs_git_says_so_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert files(str(tmp_path)) is None
    assert origin(str(tmp_path)) is None
    with pytest.raises(UserError, match="git cannot be run"):
        commit_of(str(tmp_path), "HEAD")
