"""What the checks of the whole repository said before is said again only while nothing that they looked at has changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portscan.cache import scans as cache
from portscan.cache.recollection import Recollection, recollection
from portscan.files.contents import FileEntry
from portscan.model import Finding, Location

FOUND = (
    Finding(
        "PS201",
        "localhost-in-container",
        "error",
        "It calls itself.",
        "a.yaml",
        Location(1, 2, 3, 4),
        4007,
        "x",
        None,
        "Mend it.",
    ),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "SETTLED", -(10**18))  # the time of a change cannot be set, so everything counts as settled
    for name in ("a.yaml", "b.conf", "c.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "d.sh").write_text("docker compose up\n")
    return tmp_path


def entries(folder: Path) -> dict[str, FileEntry]:
    return {file.name: FileEntry(file.name, str(file)) for file in sorted(folder.iterdir()) if file.is_file()}


def memory(folder: Path, context: str = "registry") -> Recollection:
    return recollection(folder, "rules", context, {"first": first})


def first(path: str, data: bytes) -> tuple[bytes, str]:
    return data[:3], path


def kept(folder: Path) -> None:
    made = memory(folder)
    known = entries(folder)
    for name in ("a.yaml", "b.conf"):
        made.read(known[name])
    assert made.search(known["d.sh"], b"compose")
    assert not made.search(known["d.sh"], b"api:[0-9]+")
    made.keep(known, FOUND)


def test_nothing_is_known_at_first(folder: Path) -> None:
    assert memory(folder).recall(entries(folder)) is None


def test_what_was_found_is_known_as_it_was(folder: Path) -> None:
    kept(folder)
    assert memory(folder).recall(entries(folder)) == FOUND


def test_a_file_that_nobody_looked_at_may_change(folder: Path) -> None:
    kept(folder)
    (folder / "c.txt").write_text("something else")
    assert memory(folder).recall(entries(folder)) == FOUND


def test_a_file_that_was_only_searched_may_change_in_what_was_not_sought(folder: Path) -> None:
    kept(folder)
    (folder / "d.sh").write_text("echo; docker compose up\n")
    assert memory(folder).recall(entries(folder)) == FOUND


def test_a_file_that_was_only_asked_may_change_in_what_it_was_not_asked(folder: Path) -> None:
    made, known = memory(folder), entries(folder)
    assert made.said(known["c.txt"], "first", lambda data: first("c.txt", data)) == (b"c.t", "c.txt")
    made.keep(known, FOUND)
    (folder / "c.txt").write_text("c.t, and more")
    assert memory(folder).recall(entries(folder)) == FOUND
    (folder / "c.txt").write_text("and more")
    assert memory(folder).recall(entries(folder)) is None


def test_all_of_a_file_counts_that_was_asked_what_nobody_asks_again(folder: Path) -> None:
    made, known = memory(folder), entries(folder)
    made.said(known["c.txt"], "first", lambda data: first("c.txt", data))
    made.said(known["c.txt"], "last", lambda data: data[-3:])
    made.keep(known, FOUND)
    assert memory(folder).recall(entries(folder)) == FOUND
    (folder / "c.txt").write_text("c.t, and more")
    assert memory(folder).recall(entries(folder)) is None


def test_what_was_written_a_moment_ago_is_asked_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SETTLED", 10**18)
    made, known = memory(folder), entries(folder)
    made.said(known["c.txt"], "first", lambda data: first("c.txt", data))
    assert made.search(known["d.sh"], b"compose")
    made.keep(known, FOUND)
    assert memory(folder).recall(entries(folder)) == FOUND
    (folder / "d.sh").write_text("docker up\n")
    assert memory(folder).recall(entries(folder)) is None


def say_more(folder: Path) -> None:
    (folder / "d.sh").write_text("docker compose up; curl api:4010\n")


def say_less(folder: Path) -> None:
    (folder / "d.sh").write_text("true\n")


def say_what_cannot_be_searched(folder: Path) -> None:
    (folder / "d.sh").write_bytes("docker compose up\n".encode("utf-16"))


def change(folder: Path) -> None:
    (folder / "b.conf").write_text("something else")


def touch(folder: Path) -> None:
    os.utime(folder / "a.yaml", (1, 1))


def add(folder: Path) -> None:
    (folder / "e.yaml").write_text("")


def remove(folder: Path) -> None:
    (folder / "c.txt").unlink()


def spoil(folder: Path) -> None:
    for file in (folder / "cache").rglob("*"):
        if file.is_file():
            file.write_bytes(b"\0not what it was")


@pytest.mark.parametrize("act", [change, touch, add, remove, spoil, say_more, say_less, say_what_cannot_be_searched])
def test_what_has_changed_is_looked_at_again(folder: Path, act: object) -> None:
    kept(folder)
    act(folder)  # type: ignore[operator]
    assert memory(folder).recall(entries(folder)) is None


def test_so_is_everything_under_another_registry(folder: Path) -> None:
    kept(folder)
    assert memory(folder, "another registry").recall(entries(folder)) is None


def test_what_was_written_a_moment_ago_is_not_trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SETTLED", 10**18)
    kept(folder)
    monkeypatch.setattr(cache, "SETTLED", -(10**18))
    assert memory(folder).recall(entries(folder)) is None
