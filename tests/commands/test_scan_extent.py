"""`portscan scan --hook`, `--changed`, `--changed-lines` and `--stdin-filename`, as they are called."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import BOUND, HARDCODED, REGISTRY, REGISTRY_PATH, commit, git, repository, write


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = repository(tmp_path / "consumer")
    write(found / "old.sh", HARDCODED)
    commit(found)
    monkeypatch.chdir(found)
    return found


def places(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    status = main(["scan", "--format", "json", *arguments])
    report = json.loads(capsys.readouterr().out)
    found = [f"{row['path']}:{row['line']} {row['code']}" for row in report["findings"]]
    assert status == bool(found)
    return found


class TestHook:
    def test_reads_what_it_is_handed(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(root / "new.sh", BOUND)
        assert places(capsys, "--hook", "new.sh") == []
        assert places(capsys, "--hook", "new.sh", "old.sh") == ["old.sh:1 PS001"]

    def test_reads_nothing_when_it_is_handed_nothing(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert places(capsys, "--hook") == []

    def test_reads_everything_when_the_registry_is_among_it(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert places(capsys, "--hook", REGISTRY_PATH) == ["old.sh:1 PS001"]

    def test_leaves_out_what_the_configuration_and_good_sense_leave_out(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(root / "portscan.toml", 'exclude = ["fixtures"]\n')
        for name in ("fixtures/a.sh", "vendor/a.sh", "package-lock.json"):
            write(root / name, HARDCODED)
        (root / "link.sh").symlink_to("old.sh")
        handed = ("fixtures/a.sh", "vendor/a.sh", "package-lock.json", "link.sh")
        assert places(capsys, "--hook", *handed) == []
        assert len(places(capsys, *handed)) == 3  # what stands in the lock file is no JSON

    def test_a_name_may_begin_with_a_dash(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(root / "--exit-zero.sh", HARDCODED)
        assert places(capsys, "--hook", "--", "--exit-zero.sh") == ["--exit-zero.sh:1 PS001"]

    def test_fixes_and_says_so_by_its_status(self, root: Path) -> None:
        assert main(["scan", "--hook", "--fix", "--", "old.sh"]) == 1
        assert (root / "old.sh").read_text() == BOUND
        assert main(["scan", "--hook", "--fix", "--", "old.sh"]) == 0
        assert git(root, "diff", "--cached", "--name-only") == ""


class TestChanged:
    def test_only_what_differs(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert places(capsys, "--changed") == []
        write(root / "new.sh", HARDCODED)
        assert places(capsys, "--changed") == ["new.sh:1 PS001"]
        git(root, "checkout", "--quiet", "-b", "topic")
        commit(root)
        assert places(capsys, "--changed") == []
        assert places(capsys, "--changed", "main") == places(capsys, "--changed=main") == ["new.sh:1 PS001"]

    def test_only_lines_that_differ(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(root / "old.sh", HARDCODED + "sleep 1\ncurl http://localhost:4020\n")
        assert places(capsys, "--changed") == ["old.sh:1 PS001", "old.sh:3 PS001"]
        assert places(capsys, "--changed-lines") == ["old.sh:3 PS001"]
        assert main(["--fix", "--changed-lines"]) == 1
        assert (root / "old.sh").read_text() == HARDCODED + "sleep 1\ncurl http://localhost:${SHOP_PORT:-4020}\n"

    def test_a_number_that_stays_on_a_line_that_is_the_same_is_not_parted(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = HARDCODED + "sleep 1\n" + HARDCODED
        write(root / "old.sh", text)
        assert main(["--fix", "--changed-lines"]) == 1
        assert (root / "old.sh").read_text() == text
        assert "Mind: the same number on line 1 would stay." in " ".join(capsys.readouterr().out.split())

    def test_only_lines_that_differ_even_when_the_registry_does(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(root / REGISTRY_PATH, REGISTRY.replace("4020", "4021"))
        assert places(capsys, "--changed") == ["old.sh:1 PS001"]
        assert places(capsys, "--changed-lines") == []

    def test_a_path_is_no_revision(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--changed", "old.sh"]) == 2
        assert "git knows no revision 'old.sh'" in capsys.readouterr().err
        assert main(["old.sh", "--changed"]) == 0


class TestStandardInput:
    def give(self, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(data)))

    def test_is_read_as_the_file_it_is_said_to_be(
        self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.give(monkeypatch, HARDCODED.encode())
        assert places(capsys, "--stdin-filename", "src/x.sh", "-") == ["src/x.sh:1 PS001"]

    @pytest.mark.parametrize(("before", "after"), [(HARDCODED, BOUND), (BOUND, BOUND), ("", "")])
    def test_comes_out_fixed(
        self, root: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, before: str, after: str
    ) -> None:
        self.give(monkeypatch, before.encode())
        assert main(["--fix", "--stdin-filename", "x.sh", "-"]) == 0
        assert capsysbinary.readouterr().out.decode() == after
        assert not (root / "x.sh").exists()

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["-"], ""),
            (["--stdin-filename", "x.sh"], ""),
            (["--stdin-filename", "x.sh", "old.sh"], ""),
            (["--changed="], "its value is empty"),
            (["--changed", "", "--changed-lines"], "its value is empty"),
            (["--hook", "--changed"], ""),
            (["--stdin-filename", "x.sh", "-", "--changed"], "a text from standard input is scanned whole"),
            (["--select", "PS001,XX"], "`XX` is no code of portscan. "),
        ],
    )
    def test_what_makes_no_sense_is_the_users_error(
        self, root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
    ) -> None:
        assert main(["scan", *arguments]) == 2
        assert told in capsys.readouterr().err

    @pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "²", ""])
    def test_what_is_no_number_is_the_users_error(self, root: Path, capsys: pytest.CaptureFixture[str], number: str) -> None:
        assert main(["scan", f"--jobs={number}"]) == 2
        assert f"{number!r} is no number from 1 on" in capsys.readouterr().err

    def test_what_is_no_text_is_the_users_error(
        self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.give(monkeypatch, b"\0\1\2\3" * 100)
        assert main(["--stdin-filename", "x.sh", "-"]) == 2
        assert "standard input cannot be read" in capsys.readouterr().err


class TestConflicts:
    def test_of_the_registry_are_reported_to_those_who_select_them(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert places(capsys, "--select", "PS102,PS103,PS107") == []
        write(root / REGISTRY_PATH, REGISTRY.replace("4020", "4010"))
        assert places(capsys, "--select", "PS102,PS103,PS107") == [f"{REGISTRY_PATH}:5 PS102"]
        assert f"{REGISTRY_PATH}:5 PS102" not in places(capsys)
