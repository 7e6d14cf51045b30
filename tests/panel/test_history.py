"""What commits changed about each service."""

from __future__ import annotations

import subprocess
from pathlib import Path

from portscan.life.auditing.past import Asked
from portscan.panel.history import history, trend
from tests.panel.samples import SMALL

DATES = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")


def commit(top: Path, text: str, number: int) -> None:
    (top / "registry.yaml").write_text(text, encoding="utf-8")
    dates = {"GIT_AUTHOR_DATE": DATES[number], "GIT_COMMITTER_DATE": DATES[number]}
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@localhost")
    for command in (("add", "-A"), ("commit", "-q", "-m", "x")):
        subprocess.run(["git", *identity, *command], cwd=top, check=True, env={"PATH": "/usr/bin:/bin", **dates})


def test_each_commit_says_what_it_changed(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    commit(tmp_path, SMALL, 0)
    commit(tmp_path, "services: 1\n", 1)
    commit(tmp_path, SMALL.replace("port: 9000", "port: 4002"), 2)
    commit(tmp_path, SMALL.replace("port: 9000", "port: 4002").replace("Team A", "Team B"), 3)
    found = history(tmp_path / "registry.yaml")
    assert found["api"] == (
        ("2026-04-01", "Ada", "`api` belongs to Team B now, not to Team A"),
        ("2026-01-01", "Ada", "`api` is new, at 4010 in web"),
    )
    assert found["stray"][0] == ("2026-03-01", "Ada", "`stray` moves from 9000 to 4002")


def test_without_git_there_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "registry.yaml").write_text(SMALL, encoding="utf-8")
    assert history(tmp_path / "registry.yaml") == {}


def test_the_trend_is_measured_at_each_commit(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "run.sh").write_text("curl http://localhost:4010\n", encoding="utf-8")
    commit(tmp_path, SMALL, 0)
    (tmp_path / "run.sh").write_text("curl http://localhost:${API_PORT:-4010}\n", encoding="utf-8")
    commit(tmp_path, SMALL.replace("Team A", "Team B"), 2)
    found = trend(Asked(tmp_path, tmp_path, tmp_path / "registry.yaml"), "2025-12-31", "commit", lambda _: None)
    assert [(point.findings, point.bound) for point in found] == [(1, 0), (0, 100)]
