"""`portscan audit`: figures that are those of a scan, and a trend read from git's objects alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.git.history import Commit
from portscan.life.auditing.approvals import counted
from tests.repository import REGISTRY_PATH, environment, git, write

REGISTRY = """\
version: 1
ranges: {web: "4000-4009"}
governance: {approvers: ["@org/tester"]}
services:
  - {name: api, stack: web, port: 4001, owner: Core, previous: [{port: 4003, until: "2000-01-01"}]}
  - {name: shop, stack: web, port: 4002, healthcheck: {endpoint: /}}
"""
FILES = {
    "a.sh": "curl http://localhost:4001/ http://localhost:4002/\n"
    "curl http://localhost:${API_PORT:-4001}/ localhost:4003 localhost:7777\n",
    "compose.yaml": "services:\n  api:\n    image: x\n    ports: ['4001:80']\n  odd:\n    image: x\n    ports: ['4009:80']\n",
    "README.md": "- api: http://localhost:4001\n- shop: http://localhost:4009\n",
}


def commit(place: Path, day: str, message: str = "x", author: str = "someone") -> None:
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "GIT_AUTHOR_NAME": author}
    dates |= {"GIT_AUTHOR_EMAIL": f"{author}@localhost", "GIT_COMMITTER_EMAIL": f"{author}@localhost"}
    git(place, "add", "--all")
    command = ["git", "commit", "--quiet", "--allow-empty", "--message", message]
    subprocess.run(command, cwd=place, env={**environment(), **dates, "GIT_COMMITTER_NAME": author}, check=True)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "--quiet")
    write(tmp_path / "a.sh", FILES["a.sh"])
    commit(tmp_path, "2026-01-10")
    write(tmp_path / REGISTRY_PATH, REGISTRY)
    for name, text in FILES.items():
        write(tmp_path / name, text)
    commit(tmp_path, "2026-02-10", author="tester")
    git(tmp_path, "tag", "v1")
    write(tmp_path / "a.sh", FILES["a.sh"].replace("localhost:4002/", "localhost:${SHOP_PORT:-4002}/"))
    commit(tmp_path, "2026-02-20")
    write(tmp_path / "README.md", FILES["README.md"].replace("4009", "4002"))
    write(tmp_path / REGISTRY_PATH, f"{REGISTRY}reserved: [4008]\n")
    commit(tmp_path, "2026-03-01")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def audit(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["audit", "--format", "json", *arguments]) == 0
    data: dict[str, object] = json.loads(capsys.readouterr().out)
    return data


def test_the_figures_of_today(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = audit(capsys)["figures"]
    assert isinstance(figures, dict)
    assert figures["codes"] == {"PS001": 2, "PS002": 2, "PS006": 1, "PS113": 1}
    assert figures["bound_share"] == 4 / 7
    assert figures["documented_right_share"] == 1.0
    assert figures["without_owner"] == ["shop"]
    assert figures["without_health_check"] == ["api"]
    assert figures["headroom"] == [{"stack": "web", "span": "4000-4009", "free": 7, "size": 10}]
    assert figures["transitions"] == [{"service": "api", "port": 4003, "until": "2000-01-01", "uses": 1}]


def test_the_trend_is_what_a_scan_finds_on_each_checkout(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = git(place, "status", "--porcelain", "--ignored")
    write(place / "a.sh", "nothing of this is committed\n")
    trend = audit(capsys, "--since", "2026-01-01", "--every", "commit")["trend"]
    assert isinstance(trend, list)
    assert [row["day"] for row in trend] == ["2026-01-10", "2026-02-10", "2026-02-20", "2026-03-01"]
    assert trend[0]["figures"] is None  # there was no registry yet
    git(place, "checkout", "--quiet", "--", "a.sh")
    assert git(place, "status", "--porcelain", "--ignored") == status
    for row in trend[1:]:
        git(place, "checkout", "--quiet", row["commit"])
        main(["scan", "--format", "json"])
        codes = [finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]]
        assert row["figures"]["codes"] == {code: codes.count(code) for code in sorted(set(codes))}
    assert [row["figures"]["hardcoded"] for row in trend[1:]] == [3, 2, 2]
    assert [row["figures"]["documented_right_share"] for row in trend[1:]] == [0.5, 0.5, 1.0]


@pytest.mark.parametrize(
    ("arguments", "labels"),
    [
        (["--since", "2026-02-01"], ["2026-02", "2026-03"]),
        (["--since", "2026-01-01", "--every", "tag"], ["v1"]),
        (["--since", "v1", "--every", "week"], ["2026-W07", "2026-W08", "2026-W09"]),
    ],
)
def test_a_row_for_each(place: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], labels: list[str]) -> None:
    trend = audit(capsys, *arguments)["trend"]
    assert isinstance(trend, list)
    assert [row["label"] for row in trend] == labels


def test_for_people(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--since", "2026-02-01", "--every", "commit"]) == 0
    out = capsys.readouterr().out
    assert "Hardcoded ports         2           █▁▁▁\n" in out
    assert "Bound                   57.1 %      ▁███\n" in out
    assert "  web: 7 of 10 free in 4000-4009\n" in out
    assert "  api: 4003 ended on 2000-01-01, and is still written 1 times\n" in out
    assert "  2 changes: 1 approved by @org/tester, 0 reviewed by somebody else\n" in out
    assert " someone <someone@localhost>: nobody else signed it\n" in out


def test_a_report_for_the_quarter(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(place, "commit", "--quiet", "--allow-empty", "--message", "whenever this runs")
    assert main(["audit", "--quarterly"]) == 0
    name = capsys.readouterr().out.removeprefix("Wrote ").removesuffix(".\n")
    text = (place / name).read_text(encoding="utf-8")
    assert text.startswith("# Ports in 20")
    assert "| Hardcoded ports | 2 |" in text


def test_what_cannot_be_done(place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["audit", "--since", "nowhere"]) == 2
    assert "git knows no revision 'nowhere'" in capsys.readouterr().err
    assert main(["audit", "--since", "2999-01-01"]) == 2
    assert "there is no month since 2999-01-01" in capsys.readouterr().err
    (place / ".git").rename(place / "gone")
    assert main(["audit", "--since", "2026-01-01"]) == 2
    assert "no history" in capsys.readouterr().err
    assert main(["audit"]) == 0


def change(author: str, committer: str = "", message: str = "x") -> Commit:
    return Commit("c" * 40, "2026-01-01", f"{author} <{author}@x>", f"{committer or author} <{committer or author}@x>", message)


@pytest.mark.parametrize(
    ("commit", "expected"),
    [
        (change("ann"), (1, 0, 0)),
        (change("bob", message="x\n\nReviewed-by: Ann <ann@x>"), (1, 0, 0)),
        (change("bob", "carl"), (0, 1, 0)),
        (change("bob", message="Move the port (#12)"), (0, 1, 0)),
        (change("bob", message="x\n\nSigned-off-by: bob <bob@x>"), (0, 0, 1)),
        (change("bob"), (0, 0, 1)),
    ],
)
def test_who_has_looked(commit: Commit, expected: tuple[int, int, int]) -> None:
    found = counted([commit], ["@team/ann"])
    assert (found.approved, found.reviewed, len(found.alone)) == expected
