"""Which files are read, in real repositories and outside, friendly and hostile."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from portscan.cache.listings import Listings
from portscan.errors import UserError
from portscan.files import Listing, listing_again, repository_root
from portscan.files import listing as anew
from portscan.files.contents import FileEntry, read
from portscan.git.listing import _tracked
from portscan.model import Reason, Skipped

NOBODY = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
needs_permissions = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX file names and types")


def run_git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *NOBODY, *arguments], cwd=folder, check=True, capture_output=True)


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("PORT=3103\n", encoding="utf-8")


def listing(root: Path, given: Sequence[str] = (), **options: Any) -> Listing:
    """What is listed; where it is everything, the same is recalled of what git says."""
    found = anew(root, given, **options)
    if not given and "by_hand" not in options:
        memory = Listings(root.parent / f"{root.name}-{crc32(repr(options).encode())}.bin")
        assert all(listing_again(root, memory, **options) == found for _ in range(2))
    return found


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    folder = tmp_path / "plain"
    folder.mkdir()
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    run_git(folder, "init", "-q")
    return folder


@pytest.fixture(params=["walk", "git"])
def root(request: pytest.FixtureRequest) -> Path:
    """The same files with and without git give the same answer."""
    found: Path = request.getfixturevalue("plain" if request.param == "walk" else "repository")
    return found


def paths(root: Path, given: Sequence[str] = (), **options: Sequence[str]) -> list[str]:
    return [entry.path for entry in listing(root, given, **options).entries]


def reasons(root: Path, given: Sequence[str] = ()) -> dict[str, str]:
    return {one.path: one.reason for one in listing(root, given).passed_over}


class TestListing:
    def test_paths_are_relative_sorted_and_lead_to_the_file(self, root: Path) -> None:
        write(root, "b.py", "a/z.yml", "a/b/c.env", ".github/workflows/ci.yml")
        found = listing(root)
        assert [entry.path for entry in found.entries] == [".github/workflows/ci.yml", "a/b/c.env", "a/z.yml", "b.py"]
        assert all(Path(entry.absolute) == root / entry.path and not entry.given for entry in found.entries)
        assert found.passed_over == ()

    def test_what_no_person_edits_is_passed_over_with_the_reason(self, root: Path) -> None:
        write(root, "app.py", "package-lock.json", "web/Cargo.lock", "web/app.min.js", "web/app.js.map", "logo.PNG")
        write(root, "node_modules/a/index.js", "web/vendor/lib/x.go", "web/vendor/y.go", ".png")
        assert paths(root) == [".png", "app.py"]
        assert reasons(root) == {
            "package-lock.json": "lock file",
            "web/Cargo.lock": "lock file",
            "web/app.min.js": "minified file",
            "web/app.js.map": "source map",
            "logo.PNG": "binary file",
            "node_modules/": "vendored or generated directory",
            "web/vendor/": "vendored or generated directory",
        }

    @posix
    def test_symbolic_links_are_passed_over(self, root: Path) -> None:
        write(root, "real.py", "sub/other.py")
        (root / "link.py").symlink_to("real.py")
        (root / "loop").symlink_to(".")
        (root / "outside").symlink_to("/etc")
        entries = listing(root).entries
        readable = [entry.path for entry in entries if isinstance(read(entry), bytes)]
        assert readable == ["real.py", "sub/other.py"]

    @posix
    @pytest.mark.parametrize(
        "name", ["new\nline.py", "-rf.py", "--help", "tab\t'\"$(id).py", " space ", "a;b.py", "émoji😀.py", ":(top).py"]
    )
    def test_any_name_is_safe(self, root: Path, name: str) -> None:
        write(root, name)
        (entry,) = listing(root).entries
        assert entry.path == name
        assert read(entry) == b"PORT=3103\n"
        assert paths(root, [f"./{name}"]) == [name]

    @posix
    def test_a_name_that_is_not_utf_8_is_kept(self, root: Path) -> None:
        name = os.fsdecode(b"caf\xe9.py")
        try:
            write(root, name)
        except OSError:
            pytest.skip("the file system takes only UTF-8")
        (entry,) = listing(root).entries
        assert entry.path == name
        assert read(entry) == b"PORT=3103\n"

    def test_patterns_include_and_exclude(self, root: Path) -> None:
        write(root, "a.py", "tests/a.py", "tests/fixtures/b.py", "docs/a.md", "docs/deep/b.md")
        assert paths(root, exclude=["tests"]) == ["a.py", "docs/a.md", "docs/deep/b.md"]
        assert paths(root, exclude=["fixtures/", "docs/*.md"]) == ["a.py", "docs/deep/b.md", "tests/a.py"]
        assert paths(root, include=["**/*.md"]) == ["docs/a.md", "docs/deep/b.md"]
        assert paths(root, include=["*.py"], exclude=["/tests/**"]) == ["a.py"]

    def test_patterns_are_relative_to_their_anchor(self, root: Path) -> None:
        write(root, "sub/a.py", "sub/tests/b.py")
        found = listing(root / "sub", exclude=["sub/tests"], anchor=root)
        assert [entry.path for entry in found.entries] == ["a.py"]

    def test_what_a_pattern_excludes_is_not_mentioned(self, root: Path) -> None:
        write(root, "a.py", "yarn.lock")
        assert listing(root, exclude=["*.lock"]).passed_over == ()


class TestGivenByHand:
    def test_a_file_is_always_read(self, root: Path) -> None:
        write(root, "package-lock.json", "node_modules/a.js", "a.min.js", "x.png")
        given = ["package-lock.json", "./node_modules/a.js", "a.min.js", "x.png"]
        found = listing(root, given, exclude=["*"])
        assert [entry.path for entry in found.entries] == ["a.min.js", "node_modules/a.js", "package-lock.json", "x.png"]
        assert all(entry.given for entry in found.entries)

    def test_a_directory_is_walked_even_if_it_would_be_passed_over(self, root: Path) -> None:
        write(root, "node_modules/a/i.js", "node_modules/a/node_modules/b.js", "other.py")
        assert paths(root, ["node_modules"]) == ["node_modules/a/i.js"]
        assert paths(root, ["node_modules/a/node_modules/"]) == ["node_modules/a/node_modules/b.js"]

    def test_nothing_is_listed_twice(self, root: Path) -> None:
        write(root, "a/b.py", "a/yarn.lock")
        found = listing(root, ["a", "a/b.py", "./a/", "a/../a/b.py", "a/yarn.lock", "."])
        assert [(entry.path, entry.given) for entry in found.entries] == [("a/b.py", True), ("a/yarn.lock", True)]
        assert found.passed_over == ()

    def test_paths_elsewhere_are_shown_as_they_were_typed(self, root: Path) -> None:
        write(root, "a.py", "sub/b.py")
        assert paths(root / "sub", ["../a.py"]) == ["../a.py"]
        assert paths(root / "sub", [str(root / "a.py")]) == [str(root / "a.py")]
        assert paths(root / "sub", [str(root / "sub/b.py")]) == ["b.py"]
        assert paths(root / "sub", [".."]) == ["../a.py", "../sub/b.py"]

    @pytest.mark.parametrize("path", ["missing.py", "missing/", "a.py/b", ""])
    def test_a_missing_path_is_the_users_error(self, root: Path, path: str) -> None:
        write(root, "a.py")
        with pytest.raises(UserError, match="no such file or directory"):
            listing(root, [path])

    @posix
    def test_a_link_is_followed_and_one_to_nothing_is_skipped(self, root: Path) -> None:
        write(root, "real.py")
        (root / "link.py").symlink_to("real.py")
        (root / "dangling").symlink_to("nothing")
        link, dangling = listing(root, ["link.py", "dangling"]).entries[::-1]
        assert read(link) == b"PORT=3103\n"
        assert read(dangling) == Skipped("dangling", "not in the working tree")


class TestGit:
    def test_ignored_files_are_not_read_and_untracked_ones_are(self, repository: Path) -> None:
        write(repository, "tracked.py", "untracked.py", "build/x.py", "secret.env", "kept.env")
        (repository / ".gitignore").write_text("build/\n*.env\n!kept.env\n", encoding="utf-8")
        run_git(repository, "add", "tracked.py")
        assert paths(repository) == [".gitignore", "kept.env", "tracked.py", "untracked.py"]

    def test_an_ignored_directory_given_by_hand_is_walked(self, repository: Path) -> None:
        write(repository, "build/x.py")
        (repository / ".gitignore").write_text("build/\n", encoding="utf-8")
        assert paths(repository, ["build"]) == ["build/x.py"]

    def test_a_repository_in_which_everything_is_ignored_has_no_files(self, repository: Path) -> None:
        write(repository, "a.py")
        (repository / ".git/info/exclude").write_text("*\n", encoding="utf-8")
        assert paths(repository) == []

    def test_a_deleted_file_is_skipped_when_it_is_read(self, repository: Path) -> None:
        write(repository, "gone.py")
        run_git(repository, "add", ".")
        (repository / "gone.py").unlink()
        (entry,) = listing(repository).entries
        assert read(entry) == Skipped("gone.py", "not in the working tree")

    @posix
    def test_a_tracked_link_is_named_as_such(self, repository: Path) -> None:
        write(repository, "real.py")
        (repository / "link.py").symlink_to("real.py")
        run_git(repository, "add", ".")
        assert paths(repository) == ["real.py"]
        assert reasons(repository) == {"link.py": "symbolic link"}

    def test_submodules_and_nested_repositories_are_passed_over_but_can_be_given(self, repository: Path, plain: Path) -> None:
        write(plain, "lib.py")
        run_git(plain, "init", "-q")
        run_git(plain, "add", ".")
        run_git(plain, "commit", "-qm", "lib")
        run_git(repository, "submodule", "--quiet", "add", str(plain), "sub")
        run_git(repository, "clone", "-q", str(plain), "nested")
        assert paths(repository) == [".gitmodules"]
        assert reasons(repository) == {"nested/": "another git repository", "sub": "git submodule"}
        assert paths(repository, ["sub", "nested"]) == ["nested/lib.py", "sub/lib.py"]

    def test_what_a_sparse_checkout_leaves_out_is_not_mentioned(self, repository: Path) -> None:
        write(repository, "in/a.py", "out/b.py")
        run_git(repository, "add", ".")
        run_git(repository, "commit", "-qm", "all")
        run_git(repository, "sparse-checkout", "set", "in")
        found = listing(repository)
        assert [entry.path for entry in found.entries] == ["in/a.py"]
        assert found.passed_over == ()

    def test_a_file_whose_changes_are_hidden_from_git_is_read(self, repository: Path) -> None:
        write(repository, "a.py", "b.py")
        run_git(repository, "add", ".")
        run_git(repository, "update-index", "--skip-worktree", "a.py")
        assert paths(repository) == ["a.py", "b.py"]
        (repository / "a.py").unlink()
        found = listing(repository)
        assert [entry.path for entry in found.entries] == ["b.py"]
        assert found.untracked is None  # the file may come back, and nothing that git says of the others would tell

    def test_an_unmerged_file_is_listed_once(self, repository: Path) -> None:
        write(repository, "a.py")
        run_git(repository, "add", ".")
        run_git(repository, "commit", "-qm", "base")
        run_git(repository, "checkout", "-qb", "other")
        (repository / "a.py").write_text("1\n", encoding="utf-8")
        run_git(repository, "commit", "-qam", "other")
        run_git(repository, "checkout", "-q", "-")
        (repository / "a.py").write_text("2\n", encoding="utf-8")
        run_git(repository, "commit", "-qam", "ours")
        subprocess.run(["git", *NOBODY, "merge", "other"], cwd=repository, capture_output=True, check=False)
        assert paths(repository) == ["a.py"]

    def test_a_linked_work_tree_is_a_repository(self, repository: Path, tmp_path: Path) -> None:
        write(repository, "a.py")
        run_git(repository, "add", ".")
        run_git(repository, "commit", "-qm", "a")
        run_git(repository, "worktree", "add", "-q", str(tmp_path / "linked"))
        write(tmp_path / "linked", "b.py")
        assert paths(tmp_path / "linked") == ["a.py", "b.py"]
        assert repository_root(tmp_path / "linked") == tmp_path / "linked"

    def test_the_variables_of_a_hook_do_not_lead_elsewhere(
        self, repository: Path, plain: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(repository, "sub/a.py")
        monkeypatch.setenv("GIT_DIR", ".git")
        monkeypatch.setenv("GIT_WORK_TREE", str(plain))
        monkeypatch.setenv("GIT_INDEX_FILE", str(plain / "index"))
        assert paths(repository / "sub") == ["a.py"]

    def test_inside_the_git_directory_files_are_walked(self, repository: Path) -> None:
        assert "HEAD" in paths(repository / ".git")

    def test_without_git_the_directories_are_walked(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(repository, "a.py", "node_modules/b.js")
        monkeypatch.setenv("PATH", "")
        assert paths(repository) == ["a.py"]

    def test_a_broken_repository_is_the_users_error(self, repository: Path) -> None:
        write(repository, "a.py")
        (repository / ".git/index").write_bytes(b"no index")
        with pytest.raises(UserError, match=r"git failed: .*index"):
            listing(repository)

    @posix
    def test_a_repository_of_somebody_else_is_the_users_error(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        with pytest.raises(UserError, match="another user") as caught:
            listing(repository)
        assert "safe.directory" in caught.value.hint

    def test_an_empty_git_file_is_no_repository(self, plain: Path) -> None:
        write(plain, "a.py")
        (plain / ".git").mkdir()
        assert paths(plain) == ["a.py"]


@posix
class TestHostileConfiguration:
    def test_no_program_that_the_repository_names_is_run(self, repository: Path, tmp_path: Path) -> None:
        witness = tmp_path / "witness"
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\ntouch '{witness}'\n", encoding="utf-8")
        program.chmod(0o755)
        write(repository, "a.py", "hooks/post-index-change")
        run_git(repository, "add", ".")
        for key in ("fsmonitor", "pager", "sshCommand", "gitProxy", "askPass", "editor"):
            run_git(repository, "config", f"core.{key}", str(program))
        for key in ("pager.ls-files", "filter.x.clean", "filter.x.process"):
            run_git(repository, "config", key, str(program))
        run_git(repository, "config", "alias.ls-files", f"!{program}")
        run_git(repository, "config", "core.hooksPath", "hooks")
        (repository / ".gitattributes").write_text("* filter=x\n", encoding="utf-8")
        witness.unlink(missing_ok=True)
        assert paths(repository) == [".gitattributes", "a.py", "hooks/post-index-change"]
        assert not witness.exists()

    def test_the_work_tree_does_not_reach_beyond_the_repository(self, repository: Path) -> None:
        write(repository, "sub/a.py")
        run_git(repository, "config", "core.worktree", "/etc")
        assert paths(repository) == ["sub/a.py"]
        assert paths(repository / "sub") == ["a.py"]

    def test_listing_changes_nothing(self, repository: Path) -> None:
        write(repository, "a.py")
        run_git(repository, "add", ".")
        os.utime(repository / "a.py", (1, 1))
        before = {file: file.stat().st_mtime_ns for file in (repository / ".git").rglob("*")}
        listing(repository)
        assert {file: file.stat().st_mtime_ns for file in (repository / ".git").rglob("*")} == before

    def test_a_path_that_is_deeper_than_python_recurses(self) -> None:
        deep = "a/" * 1900 + "b"
        assert list(_tracked(b"H 100644 0 0\t" + deep.encode() + b"\0", ".")) == [(deep, None)]


class TestRoot:
    def test_the_root_is_the_top_of_the_repository(self, repository: Path) -> None:
        write(repository, "a/b/c.py")
        assert repository_root(repository / "a/b") == repository

    def test_outside_a_repository_it_is_where_one_stands(self, plain: Path) -> None:
        assert repository_root(plain) == plain


def entry(file: Path, *, given: bool = False) -> FileEntry:
    return FileEntry(file.name, str(file), given)


class TestRead:
    @pytest.mark.parametrize("data", [b"", b"x", b"\xff\x00" * 5000])
    def test_the_bytes_are_those_of_the_file(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "a").write_bytes(data)
        assert read(entry(tmp_path / "a")) == data

    def test_what_is_not_there_is_skipped(self, tmp_path: Path) -> None:
        assert read(entry(tmp_path / "a")) == Skipped("a", "not in the working tree")

    def test_a_directory_is_skipped(self, tmp_path: Path) -> None:
        found = read(entry(tmp_path))
        assert isinstance(found, Skipped)

    def test_a_large_file_is_skipped(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"x" * (2 << 20))
        assert read(entry(tmp_path / "a"), largest=1 << 20) == Skipped("a", "larger than 1 MiB")
        assert read(entry(tmp_path / "a"), largest=2 << 20) == b"x" * (2 << 20)

    @posix
    def test_a_link_is_skipped_unless_it_was_given(self, tmp_path: Path) -> None:
        (tmp_path / "real").write_bytes(b"x")
        (tmp_path / "link").symlink_to("real")
        assert read(entry(tmp_path / "link")) == Skipped("link", "symbolic link")
        assert read(entry(tmp_path / "link", given=True)) == b"x"

    @posix
    def test_nothing_waits_for_a_fifo(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo")
        assert read(entry(tmp_path / "fifo", given=True)) == Skipped("fifo", "not a regular file")

    @posix
    def test_sockets_and_devices_are_skipped(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket")
            assert read(entry(tmp_path / "socket")) == Skipped("socket", "not a regular file")
        assert read(FileEntry("zero", "/dev/zero", given=True)) == Skipped("zero", "not a regular file")

    @needs_permissions
    def test_a_file_without_permission_is_skipped(self, tmp_path: Path) -> None:
        (tmp_path / "a").touch(mode=0)
        assert read(entry(tmp_path / "a")) == Skipped("a", "permission denied")

    @needs_permissions
    def test_a_directory_without_permission_is_named(self, plain: Path) -> None:
        write(plain, "closed/a.py", "b.py")
        (plain / "closed").chmod(0)
        assert paths(plain) == ["b.py"]
        assert reasons(plain) == {"closed/": "permission denied"}
        (plain / "closed").chmod(0o700)

    def test_any_other_error_is_told_in_the_systems_words(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_arguments: object) -> int:
            raise OSError(5, "Input/output error")

        (tmp_path / "a").touch()
        monkeypatch.setattr(os, "read", fail)
        assert read(entry(tmp_path / "a")) == Skipped("a", Reason("cannot be read: input/output error"))

    @pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
    def test_a_file_whose_size_is_not_known_is_read_to_its_end(self) -> None:
        data = read(FileEntry("status", "/proc/self/status", given=True))
        assert isinstance(data, bytes)
        assert b"Name:" in data

    def test_a_file_that_grows_past_the_limit_meanwhile_is_skipped(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "a").write_bytes(b"x")
        monkeypatch.setattr(os, "read", lambda _handle, size: b"x" * size)
        assert read(entry(tmp_path / "a")) == Skipped("a", "larger than 8 MiB")

    def test_a_bundle_is_skipped_unless_it_was_given(self, tmp_path: Path) -> None:
        bundle = b"var a=1;" * 2000
        (tmp_path / "app.js").write_bytes(bundle)
        (tmp_path / "data.json").write_bytes(bundle)
        assert read(entry(tmp_path / "app.js")) == Skipped("app.js", "minified file")
        assert read(entry(tmp_path / "app.js", given=True)) == bundle
        assert read(entry(tmp_path / "data.json")) == bundle


def test_what_git_says_again_is_not_worked_out_anew(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository, "a.py", "b/c.png", "vendor/d.py")
    memory = Listings(tmp_path / "kept.bin")
    first = listing_again(repository, memory)
    assert [entry.path for entry in first.entries] == ["a.py"]
    monkeypatch.setattr("portscan.files.listing_of", None)
    assert listing_again(repository, memory) == first
    write(repository, "e.py")
    with pytest.raises(TypeError):
        listing_again(repository, memory)
