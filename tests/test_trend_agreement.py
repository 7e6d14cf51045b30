"""The trend over a history of its own tells what scans of its checkouts do, costs what differs, and loses nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.git.objects import Objects, TooLarge, tree
from portscan.pipeline.reading import Reading
from tests.caches import with_rules
from tests.commands.test_audit import commit
from tests.repository import REGISTRY_PATH, git, write
from tools.trend_agreement import agree, by_hand, checked_out, differences

REGISTRY = """\
version: 1
ranges: {web: "4000-4009"}
services:
  - {name: api, stack: web, port: 4001, container_port: 80, previous: [{port: 4003, until: "2026-03-15"}]}
  - {name: shop, stack: web, port: 4002, paths: ["shop/**"]}
"""
COMPOSE = """\
services:
  api:
    image: x
    ports: ['4001:80']
  shop:
    build: shop
    ports: ['4002:4002']
    environment: {API_URL: 'http://localhost:4001'}
"""
STEPS: tuple[tuple[str, dict[str, str | None]], ...] = (
    ("2026-01-05", {"run.sh": "curl http://localhost:4001/ localhost:7777\n", "shop/app.py": "PORT = 4002\n"}),
    ("2026-01-20", {REGISTRY_PATH: "version: 1\nservices: 7\n"}),
    ("2026-02-01", {REGISTRY_PATH: REGISTRY, "compose.yaml": COMPOSE, "README.md": "- api: http://localhost:4009\n"}),
    ("2026-02-03", {"run.sh": None, "scripts/run.sh": "curl http://localhost:4001/ localhost:7777\n"}),
    ("2026-02-10", {"portscan.toml": 'ignore = ["PS002"]\n', "old.sh": "curl localhost:4003\n"}),
    ("2026-02-20", {"shop/app.py": None, "web/app.py": "PORT = 4002\n", "README.md": "- api: http://localhost:4001\n"}),
    ("2026-03-01", {REGISTRY_PATH: REGISTRY.replace("shop/**", "web/**"), "a.lock": "x", "b.bin": "\0"}),
    ("2026-03-10", {"portscan.toml": 'registry = "ports.yaml"\n', "ports.yaml": REGISTRY, REGISTRY_PATH: None}),
    ("2026-03-20", {"compose.yaml": COMPOSE.replace("localhost", "api").replace("//api:4001", "//api:80")}),
    ("2026-03-21", {"compose.yaml": COMPOSE}),
    ("2026-03-22", {"portscan.toml": "registry = [\n"}),
    ("2026-03-25", {"portscan.toml": 'registry = "ports.yaml"\nexclude = ["scripts"]\n'}),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", with_rules(tmp_path / "cache"))
    folder = tmp_path / "place"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for day, files in STEPS:
        for name, text in files.items():
            if text is None:
                (folder / name).unlink()
            else:
                write(folder / name, text)
        commit(folder, day)
    monkeypatch.chdir(folder)
    return folder


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main(["audit", "--since", "2026-01-01", "--every", "commit", "--format", "json", *arguments]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["trend"]
    return found


def test_every_row_is_what_a_checkout_says(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert agree(place, "2026-01-01", "commit", 4)
    out = capsys.readouterr().out
    assert "12 rows, 9 with figures" in out
    assert out.count("the same") == 4


def test_a_row_that_is_wrong_is_noticed(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = rows(capsys)[-1]
    hand = by_hand(checked_out(place, tmp_path / "hand", str(row["commit"])), Path(with_rules(tmp_path / "memory")))
    figures = row["figures"]
    assert isinstance(figures, dict)
    assert list(differences(figures, hand)) == []
    for key in hand:
        assert [line.partition(":")[0] for line in differences({**figures, key: "another"}, hand)] == [key]


def test_why_there_are_no_figures(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {row["day"]: row["why"] for row in rows(capsys) if row["figures"] is None}
    assert list(found) == ["2026-01-05", "2026-01-20", "2026-03-22"]
    assert found["2026-01-05"] == "there was no registry yet"
    assert str(found["2026-01-20"]).startswith("the registry was in error at line 2: ")
    assert "portscan.toml is not valid TOML" in str(found["2026-03-22"])
    assert main(["audit", "--since", "2026-01-01", "--every", "commit"]) == 0
    assert ": there was no registry yet\n" in capsys.readouterr().out


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are parsed."""
    seen: list[str] = []
    plain = Reading.read

    def read(self: Reading, source: object) -> object:
        seen.append(source.path)  # type: ignore[attr-defined]
        return plain(self, source)  # type: ignore[arg-type]

    monkeypatch.setattr(Reading, "read", read)
    return seen


def test_what_commits_share_is_read_once_and_remembered(
    place: Path, capsys: pytest.CaptureFixture[str], reads: list[str]
) -> None:
    first = rows(capsys)
    assert sorted(reads.count(path) for path in ("scripts/run.sh", "web/app.py", "README.md", "compose.yaml")) == [1, 1, 2, 2]
    reads.clear()
    assert rows(capsys) == first
    assert reads == []
    write(place / "new.sh", "curl localhost:4002\n")
    commit(place, "2026-04-01")
    assert rows(capsys)[:-1] == first
    assert reads == ["new.sh"]


def test_what_a_clone_has_not_got_is_listed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (gone,) = [entry.name for entry in tree(str(place), "HEAD~3") if entry.path == "old.sh"]
    (place / ".git" / "objects" / gone[:2] / gone[2:]).unlink()
    found = rows(capsys)
    assert {row["day"] for row in found if row["missing"] == ["old.sh"]} >= {"2026-02-10", "2026-03-20"}
    assert main(["audit", "--since", "2026-01-01"]) == 0
    assert "not read, since this clone has not got them: old.sh\n" in capsys.readouterr().out


def test_the_damaged_memory_is_made_again(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = rows(capsys)
    for file in (tmp_path / "cache").rglob("*.bin"):
        file.write_bytes(file.read_bytes()[:-3])
    assert rows(capsys) == first
    shutil.rmtree(tmp_path / "cache")
    assert rows(capsys) == first


def test_objects_are_told_by_their_names(place: Path) -> None:
    held = {entry.path: entry for entry in tree(str(place), "HEAD")}
    objects = Objects(str(place))
    assert objects.read(held["b.bin"].name, 10) == b"\0"
    assert objects.read("0" * 40, 10) is None
    assert objects.read(held["ports.yaml"].name, 10) == TooLarge(len(REGISTRY.encode()))
    assert objects.read(held["ports.yaml"].name, 1000) == REGISTRY.encode()
    objects.close()
