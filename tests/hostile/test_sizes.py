"""A hundred thousand files, a line of a hundred megabytes, and files that go away while they are read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.files import contents
from tests.judges import THOROUGH

REGISTRY = 'version: "1.0.0"\nranges: {web: "3100-3199"}\nservices:\n  - {name: web, stack: web, port: 3103}\n'
MANY = 100_000 if THOROUGH else 2_000
HUGE = 100 << 20


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config" / "ports").mkdir(parents=True)
    (tmp_path / "config" / "ports" / "registry.yaml").write_text(REGISTRY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scanned(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert main(["scan", "--format", "json", "--no-cache", *more]) in (0, 1)
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_a_directory_of_very_many_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "many").mkdir()
    for number in range(MANY):
        os.close(os.open(root / "many" / f"{number}.env", os.O_CREAT | os.O_WRONLY, 0o644))
    (root / "many" / "last.env").write_text("X_PORT=3103\n", encoding="utf-8")
    report = scanned(capsys)
    assert [finding["path"] for finding in report["findings"]] == ["many/last.env"]
    assert report["skipped"] == []


@pytest.mark.parametrize("name", ["a.json", "a.js", "a.yaml", "a.py", "a.env", "a.md"])
def test_a_line_of_a_hundred_megabytes_is_listed_and_not_read(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (root / name).open("wb") as file:
        file.write(b'X="http://localhost:3103"; ')
        file.truncate(HUGE)
    report = scanned(capsys)
    assert report["skipped"] == [{"path": name, "reason": "larger than 8 MiB"}]
    assert report["findings"] == []


GOES = {
    "gone": lambda path: path.unlink(),
    "a directory": lambda path: (path.unlink(), path.mkdir()),
    "a link": lambda path: (path.unlink(), path.symlink_to("a.sh")),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "empty": lambda path: path.write_bytes(b""),
}
REASONS = {
    "gone": "not in the working tree",
    "a directory": "directory",
    "a link": "symbolic link",
    "a pipe": "not a regular file",
}


@pytest.mark.parametrize("what", GOES)
@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes")
def test_a_file_that_is_another_thing_when_it_is_read(
    what: str, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.sh", "b.sh", "c.sh"):
        (root / name).write_text("curl http://localhost:3103\n", encoding="utf-8")
    real: Callable[..., Any] = contents._read

    def read(entry: contents.FileEntry, largest: int) -> Any:
        if entry.path == "b.sh" and (root / "b.sh").is_file() and not (root / "b.sh").is_symlink():
            GOES[what](root / "b.sh")
        return real(entry, largest)

    monkeypatch.setattr(contents, "_read", read)
    report = scanned(capsys, "--jobs", "1")
    assert [finding["path"] for finding in report["findings"]] == ["a.sh", "c.sh"]
    expected = [{"path": "b.sh", "reason": REASONS[what]}] if what in REASONS else []
    assert report["skipped"] == expected
