"""Fixes where something is in the way: nothing is lost, nothing is half done, and one line says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portscan import mending
from portscan.cli import main
from tests.repository import unmeasured

REGISTRY = str(Path(__file__).parent / "fixtures" / "fix" / "registry.yaml")
FILES = {"a.sh": "curl http://localhost:4010\n", "b.sh": "curl http://localhost:3103\n", "c.py": "PORT = 4010\n"}
IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@t.invalid")


def git(*arguments: str | Path) -> str:
    return subprocess.run(["git", *IDENTITY, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "x")
    return tmp_path


def contents(root: Path) -> dict[str, str]:
    return {name: (root / name).read_text(encoding="utf-8") for name in FILES}


def fix(*more: str) -> int:
    return main(["--registry", REGISTRY, "--fix", *more])


def refused(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a fix says that changes nothing."""
    before = contents(root)
    assert fix() == 2
    assert contents(root) == before
    assert sorted(path.name for path in root.iterdir()) == [".git", *sorted(FILES)]
    assert not (root / ".git" / "portscan-write").exists()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_what_is_not_committed_stays_as_it_is(repository: Path) -> None:
    (repository / "a.sh").write_text("echo mine\n" + FILES["a.sh"], encoding="utf-8")
    (repository / "c.py").write_text(FILES["c.py"] + "MINE = 1\n", encoding="utf-8")
    git("add", "c.py")
    (repository / "c.py").write_text(FILES["c.py"] + "MINE = 1\nYOURS = 2\n", encoding="utf-8")
    staged = git("diff", "--cached")
    assert fix() == 1
    assert git("diff", "--cached") == staged
    after = contents(repository)
    assert after["a.sh"] == "echo mine\ncurl http://localhost:${API_PORT:-4010}\n"
    assert after["c.py"].endswith("MINE = 1\nYOURS = 2\n")


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_a_read_only_file_is_respected(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "b.sh").chmod(0o444)
    assert refused(repository, capsys) == (
        "portscan: b.sh is read-only. Nothing was changed. Make it writable, or leave it out.\n"
    )


def test_a_file_that_changes_meanwhile_is_left_to_its_editor(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real: Callable[..., Any] = mending.new_files

    def saved_meanwhile(*arguments: Any) -> Any:
        (repository / "b.sh").write_text("echo saved by an editor\n", encoding="utf-8")
        return real(*arguments)

    (repository / "b.sh").write_text("curl http://localhost:3103 # mine\n", encoding="utf-8")
    monkeypatch.setattr(mending, "new_files", saved_meanwhile)
    assert fix() == 2
    assert contents(repository) == {**FILES, "b.sh": "echo saved by an editor\n"}
    said = capsys.readouterr().err
    assert said == "portscan: b.sh changed while portscan ran. Nothing was changed. Run the command again.\n"


def test_a_link_out_of_the_repository_is_not_followed(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "real.sh"
    outside.write_text(FILES["a.sh"], encoding="utf-8")
    (repository / "link.sh").symlink_to(outside)
    assert fix("link.sh") == 2
    assert outside.read_text(encoding="utf-8") == FILES["a.sh"]
    assert "link.sh leads out of the repository" in capsys.readouterr().err


def test_what_git_runs_is_not_changed_through_a_link(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = repository / ".git" / "hooks" / "mine.sh"
    hook.parent.mkdir(parents=True, exist_ok=True)
    hook.write_text(FILES["a.sh"], encoding="utf-8")
    (repository / "link.sh").symlink_to(hook)
    assert fix("link.sh") == 2
    assert hook.read_text(encoding="utf-8") == FILES["a.sh"]
    assert "link.sh is version control's own" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="needs resource limits")
def test_a_full_disk_stops_everything(repository: Path) -> None:
    (repository / "c.py").write_text(FILES["c.py"] + "# filler\n" * 20_000, encoding="utf-8")
    before = contents(repository)

    import resource

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    command = [sys.executable, "-m", "portscan", "--registry", REGISTRY, "--fix"]
    # What is measured of this run would need its disk, too.
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=unmeasured(), preexec_fn=small)
    assert done.returncode == 2
    assert "cannot be changed: file too large. Nothing was changed. Mend that.\n" in done.stderr
    assert done.stderr.count("\n") == 1
    assert contents(repository) == before
    assert git("status", "--porcelain") == " M c.py\n"


def test_a_fix_of_one_file_leaves_the_others_alone(repository: Path) -> None:
    assert fix("a.sh") == 1
    assert contents(repository) == {**FILES, "a.sh": "curl http://localhost:${API_PORT:-4010}\n"}


def test_fixes_are_applied_and_shown_together(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fix("--show-fixes", "a.sh") == 1
    assert (repository / "a.sh").read_text(encoding="utf-8") == "curl http://localhost:${API_PORT:-4010}\n"
    told = capsys.readouterr()
    assert "-curl http://localhost:4010\n+curl http://localhost:${API_PORT:-4010}\n" in told.out
    assert fix("--show-fixes", "--format", "json") == 2
    assert main(["--registry", REGISTRY, "--show-fixes"]) == 2


def test_a_language_that_is_not_rewritten_shows_what_to_write(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "main.go").write_text('package main\nvar url = "http://localhost:4010"\n', encoding="utf-8")
    fix("main.go")
    assert 'os.Getenv("API_PORT")' in " ".join(capsys.readouterr().out.split())


def test_a_configuration_with_its_pins_in_one_list_is_not_broken(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "portscan.toml").write_text('pin = [{ path = "x.json", port = 3103, service = "web" }]\n', encoding="utf-8")
    (repository / "a.json").write_text('{"port": 4010}\n', encoding="utf-8")
    before = (repository / "portscan.toml").read_bytes()
    fix("--pin", "a.json")
    assert (repository / "portscan.toml").read_bytes() == before
    assert "4010" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="no such names")
@pytest.mark.parametrize("name", [b"a\x7f.json", b"a\n.json", b"a\xff.json", b"a\xc2\x9b.json"])
def test_a_path_that_is_no_text_is_not_pinned(repository: Path, capsys: pytest.CaptureFixture[str], name: bytes) -> None:
    path = os.fsdecode(name)
    try:
        (repository / path).write_text('{"port": 4010}\n', encoding="utf-8")
    except OSError:
        pytest.skip("this disk has no such names")
    assert fix("--pin", path) == 1
    assert not (repository / "portscan.toml").exists()
    assert "4010" in capsys.readouterr().out


def test_a_path_with_brackets_is_pinned_as_it_is(repository: Path) -> None:
    (repository / "[id]").mkdir()
    (repository / "[id]" / "a.json").write_text('{"port": 4010}\n', encoding="utf-8")
    assert fix("--pin", "[id]/a.json") == 1
    assert 'path = "[[]id]/a.json"' in (repository / "portscan.toml").read_text(encoding="utf-8")
    assert main(["--registry", REGISTRY, "[id]/a.json"]) == 0


@pytest.mark.parametrize(
    "line",
    ['test "$API_PORT" == "4010"', '[ "$API_PORT" != 4010 ]', "[[ $API_PORT -eq 4010 ]]"],
)
def test_a_variable_is_not_compared_with_itself(repository: Path, line: str) -> None:
    (repository / "a.sh").write_text(f"{line}\n", encoding="utf-8")
    assert fix("--unsafe-fixes", "a.sh") == 1
    assert contents(repository)["a.sh"] == f"{line}\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.vue", '<script setup>\nconst u = "http://localhost:4010"\n</script>\n'),
        ("a.html", '<a\n  href="http://localhost:4010"\n  id="a">b</a>\n'),
        ("a.html", "<!-- not yet:\n<a>http://localhost:4010</a>\n-->\n"),
        ("a.css", "/* not yet:\na { b: url(http://localhost:4010) }\n*/\n"),
        ("a.toml", 'a = """\nhttp://localhost:4010\n"""\n'),
        ("a.php", "<a href='http://localhost:4010'>\n<?php f(); ?>\n"),
        ("a.bat", "curl ^\nhttp://localhost:4010\n"),
        ("a.j2", "url = http://localhost:4010\n"),
        ("Dockerfile", "FROM a\nCOPY <<E /a\nhttp://localhost:4010\nE\n"),
    ],
)
def test_where_a_comment_would_be_none_the_pin_stands_in_the_configuration(repository: Path, path: str, text: str) -> None:
    (repository / path).write_text(text, encoding="utf-8")
    assert fix("--pin", path) == (1 if "not yet" not in text else 0)
    assert (repository / path).read_text(encoding="utf-8") == text
    assert main(["--registry", REGISTRY, path]) == 0
