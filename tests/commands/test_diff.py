"""`portscan diff`, in a repository with a history."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from portscan.cli import main

FIRST = """version: "1.0.0"
ranges: {web: "4000-4099"}
services:
  - {name: api, stack: web, port: 4010}
"""


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    (tmp_path / "README").write_text("no registry yet")
    commit("empty")
    write(FIRST)
    commit("first")
    return tmp_path


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@localhost")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def commit(message: str) -> None:
    git("add", "-A")
    git("commit", "-q", "-m", message)


def write(text: str) -> None:
    path = Path("config/ports/registry.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_work_tree_against_the_last_commit(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff"]) == 0
    assert capsys.readouterr().out == "No change from HEAD to the work tree.\n"
    write(FIRST.replace("4010", "4011"))
    assert main(["diff"]) == 0
    assert capsys.readouterr().out == "Moved\n  `api` moves from 4010 to 4011\n1 change from HEAD to the work tree.\n"
    assert main(["diff", "--exit-code"]) == 1


def test_two_revisions_from_a_folder_below(
    top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(FIRST.replace("name: api", "name: gateway"))
    commit("second")
    (top / "sub").mkdir()
    monkeypatch.chdir(top / "sub")
    assert main(["diff", "HEAD~1", "HEAD", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["version"], found["from"], found["to"]) == (1, "HEAD~1", "HEAD")
    assert found["changes"][0] == {
        "kind": "renamed",
        "subject": "gateway",
        "message": "`api` is called `gateway` now",
        "before": "api",
        "after": "gateway",
    }


def test_before_there_was_a_registry(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "HEAD~1"]) == 0
    assert "`api` is new, at 4010 in web" in capsys.readouterr().out


def test_markdown_is_inert(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(FIRST.replace("port: 4010", "port: 4010, owner: '<img src=x> @everyone [x](javascript:1)'"))
    main(["diff", "--format", "markdown"])
    text = capsys.readouterr().out
    assert text.startswith("### Ports: 1 change from HEAD to the work tree.")
    assert "- `api` belongs to `<img` `src=x>` `@everyone` `[x](javascript:1)` now, not to nobody" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "git knows no revision 'nowhere'"),
        (["--", "--output=/x"], "git knows no revision"),
        (["HEAD~1", "HEAD~1"], "there is no registry at"),
    ],
)
def test_what_cannot_be_compared(top: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_registry_in_error_is_named_with_its_revision(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("services: 1\n")
    commit("broken")
    write(FIRST)
    assert main(["diff"]) == 2
    assert "registry.yaml at HEAD is in error at line 1" in capsys.readouterr().err
    assert main(["diff", "HEAD~1"]) == 0


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    write(FIRST)
    assert main(["diff"]) == 2
    assert "is not in a git repository" in capsys.readouterr().err


def test_what_a_partial_clone_has_not_got_is_no_registry_that_was_not_there(
    top: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = tmp_path_factory.mktemp("clone") / "part"
    git("config", "uploadpack.allowFilter", "true")
    git("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{top}", str(clone))
    monkeypatch.chdir(clone)
    write(FIRST)
    assert main(["diff", "HEAD"]) == 2
    assert "promisor" in capsys.readouterr().err


def test_a_folder_where_the_registry_is_now_was_no_registry(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = top / "config/ports/registry.yaml"
    file.unlink()
    file.mkdir()
    (file / "x").write_text("")
    commit("folder")
    (file / "x").unlink()
    file.rmdir()
    write(FIRST)
    assert main(["diff", "HEAD"]) == 0
    assert "`api` is new" in capsys.readouterr().out
