"""Git itself, where it is missing or has no answer."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import NoReturn

import pytest

from portscan.cli import main
from portscan.errors import UserError
from portscan.git.history import commit_of, commits
from portscan.git.listing import files
from portscan.git.remote import origin
from tests.repository import git, repository, write


def test_what_needs_git_says_so_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert files(str(tmp_path)) is None
    assert origin(str(tmp_path)) is None
    with pytest.raises(UserError, match="git cannot be run"):
        commit_of(str(tmp_path), "HEAD")


def test_what_git_cannot_list_is_not_left_out(tmp_path: Path) -> None:
    root = repository(tmp_path / "consumer")
    (root / "new.sh").write_text("curl http://localhost:4010/\n")
    exclude = root / ".git" / "info" / "exclude"
    exclude.unlink(missing_ok=True)
    exclude.mkdir(parents=True)  # git reads its index all the same
    with pytest.raises(UserError, match="git failed: cannot use"):
        files(str(root))


def test_a_git_that_the_system_has_no_room_for_is_no_missing_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **_named: object) -> NoReturn:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    root = repository(tmp_path / "consumer")
    monkeypatch.setattr("subprocess.Popen", full)
    with pytest.raises(UserError, match="git cannot be started: resource temporarily unavailable"):
        files(str(root))


@pytest.mark.parametrize("command", ["diff ^HEAD", "scan --changed=^HEAD", "audit --since ^HEAD"])
def test_all_but_a_commit_is_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.chdir(repository(tmp_path / "consumer"))
    assert main(command.split()) == 2
    assert "git knows no revision '^HEAD'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "day"),
    [("0", "1970-01-01"), ("1767225599", "2025-12-31"), ("1767225600", "2026-01-01"), ("99999999999999", "9999-12-31")],
)
def test_days_of_commits_are_those_of_utc_and_of_any_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: str, day: str
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    root = repository(tmp_path)
    lines = (
        f"tree {git(root, 'rev-parse', 'HEAD^{tree}')}",
        *(f"{who} a <a@b> {seconds} -0800" for who in ("author", "committer")),
    )
    write(root / "raw", "\n".join((*lines, "", "one\n")))
    name = git(root, "hash-object", "-t", "commit", "-w", "--literally", "raw")
    assert [commit.day for commit in commits(str(root), until=name)] == [day]


def test_no_message_ends_the_record_of_a_commit(tmp_path: Path) -> None:
    root = repository(tmp_path)
    message = "one\x01\n\x01\n\ntwo \x02 three\n"
    git(root, "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", message)
    last, first = commits(str(root))
    assert (last.message.strip(), first.message.strip()) == (message.strip(), "begin")
    assert last.author == last.committer == first.author == "tester <tester@localhost>"
