"""A baseline from the outside: written, kept while lines move, woken by one more copy, shrunk when that is asked for."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.generated import intact, settled

TOP = Path(__file__).resolve().parent.parent
BASELINE = "portscan-baseline.jsonl"


def generated(file: Path) -> bool:
    """Whether the file, or a block in it, is made by `portscan sync`, and would be found edited by hand."""
    text = file.read_text("utf-8")
    return intact(text) or bool(settled(text))


class Repository:
    """A repository to scan, and what a scan of it says."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        told = self.capsys.readouterr()
        return status, told.out, told.err

    def findings(self, *arguments: str) -> list[dict[str, Any]]:
        _, out, err = self("--format", "json", *arguments)
        assert err == ""
        rows = json.loads(out)["findings"]
        assert isinstance(rows, list)
        return rows

    def places(self, *arguments: str) -> list[tuple[str, str, int]]:
        return [(row["code"], row["path"], row["line"]) for row in self.findings(*arguments)]

    @property
    def baseline(self) -> Path:
        return self.root / BASELINE

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    found = Repository(tmp_path, capsys)
    (tmp_path / ".git").mkdir()
    services = "- {name: web, stack: s, port: 3103}\n  - {name: api, stack: s, port: 4007}"
    found.write("config/ports/registry.yaml", f'version: "1.0.0"\nservices:\n  {services}\n')
    found.write("a.sh", "curl http://localhost:3103/\ncurl http://localhost:3103/\ncurl http://localhost:4007/\n")
    found.write("apps/b.sh", "curl http://localhost:4999/\n")
    monkeypatch.chdir(tmp_path)
    return found


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    root = tmp_path / "example"
    shutil.copytree(TOP / "examples" / "tradingsystem", root)
    (root / ".git").mkdir()
    monkeypatch.chdir(root)
    return Repository(root, capsys)


class TestWriting:
    def test_it_silences_exactly_what_is_there(self, example: Repository) -> None:
        before = example.findings()
        assert len(before) > 50
        status, out, err = example("--write-baseline")
        assert (status, out) == (0, "")
        assert err == f"portscan: {BASELINE} hides {len(before)} findings now, {len(before)} more and 0 fewer than before.\n"
        assert example.findings() == []
        status, out, _ = example()
        assert status == 0
        assert f"; {len(before)} more in the baseline" in out
        assert example.findings("--no-baseline") == before

    def test_it_is_not_read_for_ports_itself(self, repository: Repository) -> None:
        repository("--write-baseline")
        assert BASELINE not in {row["path"] for row in repository.findings("--no-baseline")}

    def test_writing_it_again_changes_nothing(self, repository: Repository) -> None:
        repository("--write-baseline")
        before = repository.baseline.read_bytes()
        assert "0 more and 0 fewer" in repository("--write-baseline")[2]
        assert repository.baseline.read_bytes() == before

    def test_a_part_of_the_repository_is_written_anew_and_the_rest_kept(self, repository: Repository) -> None:
        repository("--write-baseline")
        repository.write("a.sh", "curl http://localhost:4007/\n")
        repository.write("apps/b.sh", "")
        repository("--write-baseline", "a.sh")
        assert repository.places() == [("PS007", BASELINE, 3)]

    def test_codes_that_were_not_selected_are_kept(self, repository: Repository) -> None:
        repository("--write-baseline")
        repository("--write-baseline", "--select", "PS001")
        assert repository.places() == []

    @pytest.mark.parametrize(
        "options, complaint",
        [
            (["--write-baseline", "--fix"], "a baseline is not written together with --fix"),
            (["--write-baseline", "--shrink-baseline"], "a baseline is not written together with --shrink-baseline"),
            (["--shrink-baseline", "--changed-lines"], "a baseline is not written together with --changed-lines"),
            (["--no-baseline", "--write-baseline"], "--no-baseline leaves the baseline alone"),
            (["--baseline", "none.jsonl"], "there is no baseline at none.jsonl"),
            (["--baseline", "apps"], "apps cannot be read: is a directory"),
            (["--baseline", "a.sh"], "a.sh:1: the line of the baseline is no JSON object"),
            (["--write-baseline", "--baseline", "../outside.jsonl"], "../outside.jsonl leads out of the repository"),
        ],
    )
    def test_what_cannot_be_done_is_said_in_one_line(self, repository: Repository, options: list[str], complaint: str) -> None:
        status, out, err = repository(*options)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert complaint in err
        assert not repository.baseline.exists()


class TestSilence:
    def test_moved_lines_are_not_reported(self, example: Repository) -> None:
        example("--write-baseline")
        for file in sorted(example.root.rglob("*")):
            if file.is_file() and file.name not in (BASELINE, "registry.yaml") and not generated(file):
                file.write_bytes(b"\n\n\n" + file.read_bytes().replace(b"\n\n", b"\n\n\n"))
        assert example.findings() == []

    def test_reordered_lines_are_not_reported(self, repository: Repository) -> None:
        lines = [f"curl http://localhost:{port}/{i % 7}" for i in range(60) for port in (3103, 4007, 4999)]
        repository.write("many.sh", "\n".join(lines) + "\n")
        repository("--write-baseline")
        random.Random(1).shuffle(lines)
        repository.write("many.sh", "\n\n".join(lines) + "\n")
        assert repository.findings() == []

    def test_one_more_copy_in_the_same_file_is_reported_with_those_that_are_hidden(self, repository: Repository) -> None:
        repository("--write-baseline")
        repository.write("a.sh", (repository.root / "a.sh").read_text() + "# more\n  curl  http://localhost:3103/\n")
        assert repository.places() == [("PS001", "a.sh", 5)]
        _, text, _ = repository()
        assert "see: a.sh:1:23: in the baseline, which has room for no more of these" in text

    def test_a_copy_in_another_file_is_reported(self, repository: Repository) -> None:
        repository("--write-baseline")
        shutil.copy(repository.root / "a.sh", repository.root / "c.sh")
        assert {row["path"] for row in repository.findings()} == {"c.sh"}

    def test_another_number_in_the_line_is_reported(self, repository: Repository) -> None:
        repository("--write-baseline")
        repository.write("apps/b.sh", "curl http://localhost:4998/\n")
        assert repository.places() == [("PS002", "apps/b.sh", 1), ("PS007", BASELINE, 4)]

    def test_it_works_from_any_directory(self, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
        repository("--write-baseline")
        monkeypatch.chdir(repository.root / "apps")
        assert repository.findings() == []
        assert repository.findings("..") == []
        assert len(repository.findings("--no-baseline", "..")) == 4

    def test_hidden_findings_are_not_fixed(self, repository: Repository) -> None:
        before = (repository.root / "a.sh").read_bytes()
        repository("--write-baseline")
        repository("--fix")
        assert (repository.root / "a.sh").read_bytes() == before
        repository("--fix", "--no-baseline")
        assert (repository.root / "a.sh").read_bytes() != before

    def test_a_text_on_standard_input_is_set_against_it(self, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
        repository("--write-baseline")
        text = (repository.root / "a.sh").read_bytes()
        monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": __import__("io").BytesIO(text)})())
        assert repository.findings("--stdin-filename", "a.sh", "-") == []

    def test_the_configuration_names_another_file(self, repository: Repository) -> None:
        repository.write("portscan.toml", 'baseline = "ci/known.jsonl"\n')
        (repository.root / "ci").mkdir()
        repository("--write-baseline")
        assert not repository.baseline.exists()
        assert (repository.root / "ci/known.jsonl").exists()
        assert repository.findings() == []


class TestStaleEntries:
    @pytest.fixture
    def fixed(self, repository: Repository) -> Repository:
        """One of two copies is gone, and so is a file."""
        repository("--write-baseline")
        repository.write("a.sh", "curl http://localhost:3103/\ncurl http://localhost:4007/\n")
        (repository.root / "apps/b.sh").unlink()
        return repository

    def test_they_are_reported_at_their_lines(self, fixed: Repository) -> None:
        rows = fixed.findings()
        assert [(row["code"], row["path"], row["line"]) for row in rows] == [("PS007", BASELINE, 3), ("PS007", BASELINE, 4)]
        assert [row["message"] for row in rows] == [
            "This entry of the baseline hides 1 of the 2 findings that it counts, PS001 in a.sh.",
            "This entry of the baseline hides nothing: PS002 in apps/b.sh is gone.",
        ]
        assert "Run `portscan --shrink-baseline`." in fixed()[1]

    def test_a_scan_of_a_part_says_nothing_of_the_rest(self, fixed: Repository) -> None:
        assert fixed.places("apps") == [("PS007", BASELINE, 4)]
        assert fixed.places("a.sh") == [("PS007", BASELINE, 3)]
        assert fixed.places("--select", "PS002,PS007") == [("PS007", BASELINE, 4)]
        fixed.write("c.sh", "")
        assert fixed.places("c.sh") == []

    def test_a_file_that_is_passed_over_is_not_gone(self, fixed: Repository) -> None:
        (fixed.root / "a.sh").write_bytes(b"\0")
        assert fixed.places() == [("PS007", BASELINE, 4)]

    def test_shrinking_takes_them_out_and_lets_nothing_in(self, fixed: Repository) -> None:
        fixed.write("new.sh", "curl http://localhost:3103/\n")
        status, _, err = fixed("--shrink-baseline")
        assert status == 1
        assert err == f"portscan: {BASELINE} hides 2 findings now, 0 more and 2 fewer than before.\n"
        assert fixed.places() == [("PS001", "new.sh", 1)]

    def test_nothing_shrinks_by_itself(self, fixed: Repository) -> None:
        before = fixed.baseline.read_bytes()
        fixed()
        fixed("--fix")
        assert fixed.baseline.read_bytes() == before

    def test_there_must_be_something_to_shrink(self, repository: Repository) -> None:
        assert repository("--shrink-baseline")[0] == 2
