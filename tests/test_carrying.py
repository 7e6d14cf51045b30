"""A fix changes lines on which other findings are hidden: they stay hidden, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_baselining import BASELINE, Repository

TWO = "curl http://localhost:3103/ http://localhost:4999/\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    found = Repository(tmp_path, capsys)
    (tmp_path / ".git").mkdir()
    services = "- {name: web, stack: s, port: 3103}\n  - {name: api, stack: s, port: 4007}"
    found.write("config/ports/registry.yaml", f'version: "1.0.0"\nservices:\n  {services}\n')
    monkeypatch.chdir(tmp_path)
    return found


def entries(repository: Repository) -> list[tuple[str, int, str]]:
    rows = map(json.loads, repository.baseline.read_text("utf-8").splitlines()[1:])
    return [(row["code"], row["count"], row["text"]) for row in rows]


def test_a_fix_leaves_the_repository_green_and_the_entry_of_what_is_mended_goes(repository: Repository) -> None:
    repository.write("run.sh", TWO)
    repository("--write-baseline")
    status, _, err = repository("--no-baseline", "--fix", "run.sh")
    assert status == 1
    assert err.endswith(f"portscan: {BASELINE}: 1 entry fewer, 1 entry with the new words of its line; commit it with them.\n")
    assert entries(repository) == [("PS002", 1, "curl http://localhost:${WEB_PORT:-3103}/ http://localhost:4999/")]
    assert repository("-q")[0] == 0
    assert repository.findings("--no-baseline") != []
    before = repository.baseline.read_bytes()
    repository("--shrink-baseline")
    assert repository.baseline.read_bytes() == before


def test_the_entries_of_codes_that_are_not_selected_are_carried_as_well(repository: Repository) -> None:
    repository.write("run.sh", TWO)
    repository("--write-baseline")
    repository("--no-baseline", "--select", "PS001", "--fix")
    assert repository("-q")[0] == 0


def test_what_is_new_on_a_line_is_fixed_beside_what_is_hidden(repository: Repository) -> None:
    repository.write("run.sh", "curl http://localhost:4999/\n")
    repository("--write-baseline")
    (hidden,) = map(json.loads, repository.baseline.read_text("utf-8").splitlines()[1:])
    repository.write("run.sh", TWO)
    repository.write(BASELINE, '{"portscan-baseline": 1}\n' + json.dumps({**hidden, "text": TWO.strip()}) + "\n")
    assert repository.places() == [("PS001", "run.sh", 1)]
    status, _, err = repository("scan", "--hook", "--fix", "--", "run.sh")
    assert (status, err.splitlines()[-1]) == (1, "portscan: the exit status is 1, since files were changed.")
    assert repository.findings() == []


def test_lines_that_a_fix_puts_in_front_change_nothing(repository: Repository) -> None:
    repository.write("app.py", 'import socket\n\nADDRESSES = [("localhost", 3103), ("localhost", 4999)]\nport = 4998\n')
    repository("--write-baseline")
    repository("--no-baseline", "--fix", "--unsafe-fixes")
    assert (repository.root / "app.py").read_text().count("\n") > 4
    assert repository.findings() == []
    assert all(text in (repository.root / "app.py").read_text() for _, _, text in entries(repository))


def test_on_a_line_that_nobody_wrote_the_words_around_the_place_follow(repository: Repository) -> None:
    far = "echo " + "x" * 400
    repository.write("run.sh", f"curl http://localhost:3103/; {far}; curl http://localhost:4999/ http://localhost:3103/; {far}\n")
    repository("--write-baseline")
    repository("--no-baseline", "--fix")
    assert repository.findings() == []
    (code, _, text), *more = entries(repository)
    assert (code, more) == ("PS002", [])
    assert "4999/ http://localhost:${WEB_PORT:-3103}" in text


def test_of_equal_lines_as_many_are_hidden_as_before(repository: Repository) -> None:
    repository.write("run.sh", TWO)
    repository("--write-baseline")
    repository.write("run.sh", TWO * 3)
    assert len(repository.findings()) == 4
    repository("--fix", "--unsafe-fixes")
    assert [row["line"] for row in repository.findings()] == [2, 3]
    repository("--no-baseline", "--fix")
    assert [row["line"] for row in repository.findings()] == [2, 3]


def test_a_diff_shows_the_baseline_and_writes_nothing(repository: Repository) -> None:
    repository.write("run.sh", TWO)
    repository("--write-baseline")
    before = repository.baseline.read_bytes()
    _, out, err = repository("--no-baseline", "--diff")
    assert f"+++ b/{BASELINE}" in out
    assert err == "portscan: would fix 1 finding in 1 file; 1 finding left.\n"
    assert repository.baseline.read_bytes() == before


def test_files_in_which_nothing_is_hidden_leave_it_alone(repository: Repository) -> None:
    repository.write("old.sh", TWO)
    repository("--write-baseline")
    before = repository.baseline.read_bytes()
    repository.write("new.sh", "curl http://localhost:3103/\n")
    repository("--fix")
    assert repository.baseline.read_bytes() == before
    assert repository("-q")[0] == 0


def test_another_directory_and_another_baseline(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("apps/run.sh", TWO)
    repository.write("portscan.toml", 'baseline = "ci/known.jsonl"\n')
    (repository.root / "ci").mkdir()
    repository("--write-baseline")
    monkeypatch.chdir(repository.root / "apps")
    repository("--no-baseline", "--fix")
    assert repository.findings("..") == []


def test_a_baseline_that_cannot_be_read_stops_everything(repository: Repository) -> None:
    repository.write("run.sh", TWO)
    repository.write(BASELINE, "<<<<<<< ours\n")
    assert repository("--no-baseline", "--fix")[0] == 2
    assert (repository.root / "run.sh").read_text() == TWO


@pytest.mark.parametrize("how", [("--no-baseline",), ()])
def test_what_the_configuration_pins_leaves_the_baseline(repository: Repository, how: tuple[str, ...]) -> None:
    lines = '{\n"url": "http://localhost:3103",\n"other": "http://localhost:4999"\n}\n'
    repository.write("a.json", lines)
    repository("--write-baseline")
    if not how:  # the same number once more, in a line that the baseline does not know
        repository.write("a.json", lines.replace('"other"', '"more": "http://localhost:3103",\n"other"'))
    _, _, err = repository(*how, "--fix", "--pin", "a.json")
    assert f"portscan: {BASELINE}: 1 entry fewer; commit it with them.\n" in err
    assert [code for code, _, _ in entries(repository)] == ["PS002"]
    assert repository("-q")[:2] == (0, "")
