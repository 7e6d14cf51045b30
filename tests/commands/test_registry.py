"""A registry that is kept in another repository: `portscan registry update`, the lock, and the copy on this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.config import LOCK, Elsewhere
from portscan.git import remote
from tests.repository import HARDCODED, REGISTRY, REGISTRY_PATH, commit, git, repository, write
from tests.servers import listener

UPDATE = ("registry", "update")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A bare repository, as a server has it, that `tmp_path / "author"` pushes to."""
    author = repository(tmp_path / "author")
    git(tmp_path, "clone", "--quiet", "--bare", str(author), "other.git")
    git(author, "remote", "add", "origin", str(tmp_path / "other.git"))
    git(author, "tag", "v1")
    git(author, "push", "--quiet", "origin", "main", "v1")
    return tmp_path / "other.git"


@pytest.fixture
def consumer(tmp_path: Path, other: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = repository(tmp_path / "consumer")
    shutil.rmtree(root / "config")
    write(root / "run.sh", HARDCODED)
    write(root / "portscan.toml", 'registry = {git = "../other.git", rev = "main"}\n')
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(root)
    return root


def change(tmp_path: Path, text: str) -> str:
    """A new commit in the other repository."""
    write(tmp_path / "author" / REGISTRY_PATH, text)
    name = commit(tmp_path / "author")
    git(tmp_path / "author", "push", "--quiet", "origin", "main")
    return name


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 2
    return capsys.readouterr().err


class TestUpdate:
    def test_the_registry_is_fetched_and_locked(self, consumer: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(UPDATE) == 0
        head = git(other, "rev-parse", "main")
        assert capsys.readouterr().out == f"portscan.lock: main of ../other.git is {head[:12]}.\n"
        assert f'commit = "{head}"' in (consumer / LOCK).read_text()
        assert main(["scan"]) == 1
        assert "belongs to `api`" in capsys.readouterr().out
        assert main(["validate"]) == 0

    def test_nothing_but_an_update_looks_at_the_other_repository(
        self, consumer: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(UPDATE)
        change(tmp_path, REGISTRY.replace("api", "web-api"))
        shutil.rmtree(other)
        capsys.readouterr()
        assert main(["scan", "--hook", "--", "run.sh"]) == 1
        assert "belongs to `api`" in capsys.readouterr().out
        assert "git cannot fetch" in complaint(capsys, *UPDATE)

    def test_a_second_one_follows_the_branch(self, consumer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        main(UPDATE)
        capsys.readouterr()
        assert main(UPDATE) == 0
        assert "is up to date" in capsys.readouterr().out
        name = change(tmp_path, REGISTRY.replace("api", "web-api"))
        assert main(UPDATE) == 0
        assert name[:12] in capsys.readouterr().out
        assert main(["scan"]) == 1
        assert "belongs to `web-api`" in capsys.readouterr().out

    @pytest.mark.parametrize("rev", ["v1", "HEAD", "short"])
    def test_tags_and_commits_can_be_named(self, consumer: Path, other: Path, rev: str) -> None:
        name = git(other, "rev-parse", "v1")
        rev = name[:10] if rev == "short" else rev
        write(consumer / "portscan.toml", f'registry = {{git = "../other.git", rev = "{rev}"}}\n')
        assert main(UPDATE) == 0
        assert name in (consumer / LOCK).read_text()

    def test_a_registry_in_error_is_not_taken_over(
        self, consumer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        change(tmp_path, "services: 5\n")
        assert "is in error" in complaint(capsys, *UPDATE)
        assert not (consumer / LOCK).exists()

    @pytest.mark.parametrize(
        ("table", "words"),
        [
            ('git = "../nowhere"', "git cannot fetch from"),
            ('git = "../other.git", rev = "nowhere"', "has no revision 'nowhere'"),
            ('git = "../other.git", path = "nowhere.yaml"', "has no nowhere.yaml in HEAD"),
            ('git = "--upload-pack=touch mark"', "git cannot fetch from"),
            ('git = "ext::touch mark"', "git cannot fetch from ext::touch mark"),
            ('git = "../other.git", rev = "--upload-pack=touch mark"', "rev must be a branch, a tag or a commit"),
            ('rev = "main"', "`git` is missing"),
            ('git = "x", branch = "main"', "`branch` is not a key"),
        ],
    )
    def test_what_cannot_be_fetched_is_the_users_error(
        self, consumer: Path, capsys: pytest.CaptureFixture[str], table: str, words: str
    ) -> None:
        write(consumer / "portscan.toml", f"registry = {{{table}}}\n")
        assert words in complaint(capsys, *UPDATE)
        assert not list(consumer.glob("**/mark"))

    def test_a_server_that_comes_to_no_end_is_left(
        self, consumer: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(remote, "PATIENCE", 0.5)
        with listener(None) as port:
            for scheme in ("http", "git"):
                write(consumer / "portscan.toml", f'registry = {{git = "{scheme}://127.0.0.1:{port}/ports.git"}}\n')
                assert "git had no answer after" in complaint(capsys, *UPDATE)

    def test_a_file_that_is_no_registry_by_its_size_is_not_fetched_into_memory(
        self, consumer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        change(tmp_path, f"{REGISTRY}# {'x' * remote.LARGEST}\n")
        assert "is larger than 8 MiB" in complaint(capsys, *UPDATE)
        assert not (consumer / LOCK).exists()

    @pytest.mark.skipif(os.name == "nt", reason="needs a shell")
    def test_a_complaint_without_a_word_is_told_too(
        self, consumer: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = write(consumer / "bin/git", "#!/bin/sh\necho >&2\nexit 1\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        assert "it does not say why" in complaint(capsys, *UPDATE)

    def test_a_registry_of_its_own_needs_none(self, consumer: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(consumer / "portscan.toml", "")
        assert main([*UPDATE, "--locked"]) == 0
        assert "there is nothing to fetch" in capsys.readouterr().out


class TestLocked:
    def test_a_fresh_machine_gets_what_the_lock_names(
        self, consumer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(UPDATE)
        lock = (consumer / LOCK).read_bytes()
        change(tmp_path, REGISTRY.replace("api", "web-api"))
        shutil.rmtree(tmp_path / "cache")
        assert "is not on this machine yet" in complaint(capsys, "scan")
        assert main([*UPDATE, "--locked"]) == 0
        capsys.readouterr()
        assert main(["scan"]) == 1
        assert "belongs to `api`" in capsys.readouterr().out
        assert (consumer / LOCK).read_bytes() == lock

    def test_a_copy_that_was_tampered_with_is_none(
        self, consumer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(UPDATE)
        (copy,) = (tmp_path / "cache" / "registries").rglob("registry.yaml")
        write(copy, REGISTRY)
        write(copy, REGISTRY.replace("api", "evil"))
        assert "is not on this machine yet" in complaint(capsys, "scan")

    def test_before_the_first_update_there_is_a_hint(self, consumer: Path, capsys: pytest.CaptureFixture[str]) -> None:
        said = complaint(capsys, "scan")
        assert said == (
            "portscan: the registry is kept in ../other.git, and was not fetched yet. Run `portscan registry update`.\n"
        )

    def test_a_lock_about_something_else_is_not_followed(self, consumer: Path, capsys: pytest.CaptureFixture[str]) -> None:
        main(UPDATE)
        write(consumer / "portscan.toml", 'registry = {git = "../other.git", rev = "v1"}\n')
        assert "is about another registry" in complaint(capsys, "scan")

    @pytest.mark.parametrize("text", ["", "git = 5\n", "x = [", 'sha256 = "../../x"\n'])
    def test_nor_one_that_portscan_did_not_write(self, consumer: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
        write(consumer / LOCK, text)
        assert complaint(capsys, "scan").startswith("portscan: portscan.lock is")

    def test_a_changed_lock_has_everything_scanned(self, consumer: Path, capsys: pytest.CaptureFixture[str]) -> None:
        main(UPDATE)
        capsys.readouterr()
        assert main(["scan", "--hook", "--", LOCK]) == 1
        assert "run.sh" in capsys.readouterr().out


class TestElsewhere:
    @pytest.mark.parametrize(
        "address",
        ["https://git.example.com/p/ports.git", "ssh://git@git.example.com/p/ports.git", "git@git.example.com:p/ports.git"],
    )
    def test_its_place_holds_no_name_of_a_user(self, address: str) -> None:
        assert Elsewhere(address).place == "git.example.com/p/ports.git/config/ports/registry.yaml"

    def test_it_is_called_the_same_on_every_machine(
        self, consumer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        main(UPDATE)
        assert main(["sync"]) == 0
        text = (consumer / ".env.shared").read_text()
        assert f"from ../other.git/{REGISTRY_PATH}." in text
        monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "deep" / "down"))
        main([*UPDATE, "--locked"])
        assert main(["sync", "--check"]) == 0

    def test_it_is_changed_there(self, consumer: Path, capsys: pytest.CaptureFixture[str]) -> None:
        main(UPDATE)
        for command in (
            ["new", "cart", "--stack", "web", "--yes"],
            ["edit", "api", "--owner", "Shop"],
            ["remove", "shop", "--force"],
        ):
            assert "the registry is kept in ../other.git. Change it there" in complaint(capsys, *command)

    def test_its_findings_name_it(self, consumer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        change(tmp_path, REGISTRY.replace("4020", "9999"))
        main(UPDATE)
        capsys.readouterr()
        assert main(["validate"]) == 1
        assert capsys.readouterr().out.startswith(f"../other.git:{REGISTRY_PATH}\n")


def test_a_registry_in_a_submodule_is_a_path(consumer: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(consumer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "ports")
    write(consumer / "ports" / REGISTRY_PATH, REGISTRY.replace("port: 4010", "port: 4010, paths: [apps/api/**]"))
    write(consumer / "apps/api/main.sh", "curl http://localhost:${PORT:-4010}/\n")
    write(consumer / "portscan.toml", f'registry = "ports/{REGISTRY_PATH}"\n')
    assert main(["scan", "apps"]) == 0, "the patterns of the registry begin in this repository"
    assert main(["scan", "run.sh"]) == 1
