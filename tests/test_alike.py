"""Names that some systems take for one: spellings of a path, and files asked for in another case."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portscan import alike
from portscan.cli import main
from portscan.generators.claims import parts
from portscan.outfile import controls
from tests.repository import BOUND, HARDCODED, repository, write


@pytest.fixture
def caseless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are found in any case, as on a disk of Windows or macOS."""
    original = Path.lstat

    def lstat(self: Path) -> os.stat_result:
        found = Path(self.anchor)
        for part in self.parts[len(found.parts) :]:
            found /= next((each.name for each in found.iterdir() if each.name.lower() == part.lower()), part)
        return original(found)

    monkeypatch.setattr(Path, "lstat", lstat)


@pytest.mark.usefixtures("caseless")
@pytest.mark.parametrize("asked", ["config/ports/registry.yaml", "Config/Ports/registry.yaml", "CONFIG/PORTS/REGISTRY.YAML"])
def test_a_file_is_called_as_its_folders_list_it(tmp_path: Path, asked: str) -> None:
    there = write(tmp_path / "config/Ports/Registry.yaml", "")
    assert alike.spelled(tmp_path / asked) == there


def test_where_case_tells_files_apart_a_path_is_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "case", "")
    if (tmp_path / "CASE").exists():
        pytest.skip("this file system tells no case")
    for name in ("registry.yaml", "REGISTRY.YAML", "nowhere.yaml", "7"):
        assert alike.spelled(tmp_path / name) == tmp_path / name
        write(tmp_path / name, "")
    assert alike.spelled(tmp_path / "registry.yaml") == tmp_path / "registry.yaml"


@pytest.mark.parametrize("name", [".GIT", ".git ", ".git.", ".g\u200cit", ".git::$INDEX_ALLOCATION", ".git:x", "sub/.Git"])
def test_what_some_system_takes_for_gits_own_is(tmp_path: Path, name: str) -> None:
    assert controls(tmp_path / name / "hooks/pre-commit", tmp_path)


@pytest.mark.parametrize("name", [".github", "git", "a:.git", ".gitignore", "…git"])
def test_what_none_does_is_not(tmp_path: Path, name: str) -> None:
    assert not controls(tmp_path / name, tmp_path)


def test_no_part_is_lost() -> None:
    assert parts("a/../..: /.../x.") == ["..: ", "...", "x"]


def test_hard_links_are_several_files(tmp_path: Path) -> None:
    one = write(tmp_path / "one", "")
    assert alike.identity(one) == (one.stat().st_dev, one.stat().st_ino)
    (tmp_path / "two").hardlink_to(one)
    assert alike.identity(one) == one
    assert alike.identity(tmp_path / "three") == tmp_path / "three"


def test_a_registry_in_another_case_is_still_no_file_with_ports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path)
    if not (root / "CONFIG").exists():
        pytest.skip("this file system tells case")
    write(root / "run.sh", HARDCODED)
    write(root / "portscan.toml", 'registry = "Config/Ports/registry.yaml"\n')
    monkeypatch.chdir(root)
    assert main(["scan", "--fix", "run.sh", "RUN.sh"]) == 1
    assert (root / "run.sh").read_text() == BOUND
    assert main(["scan"]) == 0
