"""How much of a repository a scan reads, and which lines of it count."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.config import Config
from portscan.errors import UserError
from portscan.extent import MOST_COMPARED, WHOLE, Extent, added, changed, deciding, named
from tests.repository import REGISTRY, REGISTRY_PATH, commit, git, repository, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "consumer")


def extent(
    root: Path, revision: str = "HEAD", paths: Sequence[str] = (), *, lines: bool = False, config: Config | None = None
) -> Extent:
    decides = deciding(root, root, root / REGISTRY_PATH, config or Config())
    return changed(root, paths, revision, decides, lines=lines)


class TestChanged:
    def test_nothing_has(self, root: Path) -> None:
        assert extent(root).paths == ()

    def test_what_is_staged_edited_and_new(self, root: Path) -> None:
        for name in ("staged", "edited", "same", "gone", "removed"):
            write(root / name, "1\n")
        commit(root)
        for name in ("staged", "edited", "new", "added"):
            write(root / name, "2\n")
        git(root, "add", "staged", "added")
        (root / "gone").unlink()
        git(root, "rm", "--quiet", "removed")
        write(root / ".gitignore", "ignored\n")
        write(root / "ignored", "2\n")
        assert sorted(extent(root).paths) == [".gitignore", "added", "edited", "new", "staged"]
        assert not extent(root).by_hand

    def test_what_came_on_a_branch_but_not_what_happened_elsewhere_since(self, root: Path) -> None:
        git(root, "checkout", "--quiet", "-b", "topic")
        write(root / "mine", "1\n")
        commit(root)
        git(root, "checkout", "--quiet", "main")
        write(root / "theirs", "1\n")
        commit(root)
        git(root, "checkout", "--quiet", "topic")
        assert extent(root, "main").paths == ("mine",)
        assert extent(root).paths == ()

    def test_staged_and_then_taken_back_is_no_change(self, root: Path) -> None:
        write(root / "a", "1\n")
        commit(root)
        write(root / "a", "2\n")
        git(root, "add", "a")
        write(root / "a", "1\n")
        assert extent(root).paths == ()

    @pytest.mark.parametrize("text", ["1\n", "1\r\n"])
    def test_a_time_stamp_and_a_line_end_that_git_converts_are_no_change(self, root: Path, text: str) -> None:
        file = write(root / "a", "1\n")
        commit(root)
        file.write_bytes(text.encode())
        os.utime(file, (1, 1))
        assert extent(root).paths == ()

    def test_only_what_is_under_the_given_paths(self, root: Path) -> None:
        for name in ("src/a", "src/b/c", "srcs/a", "b"):
            write(root / name, "1\n")
        assert sorted(extent(root, paths=["src/"]).paths) == ["src/a", "src/b/c"]
        assert extent(root, paths=["./b"]).paths == ("b",)

    def test_seen_from_a_directory_it_is_what_lies_in_it(self, root: Path) -> None:
        write(root / "src/a", "1\n")
        write(root / "b", "1\n")
        assert extent(root / "src").paths == ("a",)

    @pytest.mark.parametrize("name", ["with space", "-dash", "new\nline", "quo'te\"", "tab\t", "é"])
    def test_any_name_is_safe(self, root: Path, name: str) -> None:
        write(root / name, "1\n")
        assert extent(root).paths == (name,)
        git(root, "add", "--all")
        assert extent(root).paths == (name,)

    @pytest.mark.skipif(sys.platform == "darwin" or os.name == "nt", reason="the file system allows no such name")
    def test_a_name_that_is_not_utf_8_is_kept(self, root: Path) -> None:
        (root / os.fsdecode(b"caf\xe9")).write_bytes(b"1\n")
        assert extent(root).paths == (os.fsdecode(b"caf\xe9"),)

    def test_links_submodules_and_other_repositories_are_left_out(self, root: Path, tmp_path: Path) -> None:
        write(root / "a", "1\n")
        commit(root)
        (root / "link").symlink_to("a")
        repository(root / "inner")
        git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(root / "inner"), "module")
        assert extent(root).paths == (".gitmodules",)

    def test_before_the_first_commit_everything_is_new(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")
        assert extent(tmp_path) == Extent(WHOLE)

    def test_outside_a_repository_everything_is_read(self, tmp_path: Path) -> None:
        assert extent(tmp_path) == Extent(WHOLE)

    def test_no_filter_or_driver_of_the_repository_runs(self, root: Path) -> None:
        write(root / ".gitattributes", "* filter=evil diff=evil\n")
        write(root / "a", "1\n")
        commit(root)
        mark = root.parent / "ran"
        for key in ("filter.evil.clean", "diff.evil.command", "diff.evil.textconv", "diff.external", "core.fsmonitor"):
            git(root, "config", key, f"touch {mark}; cat")
        write(root / "a", "2\n")
        assert extent(root, lines=True).lines == {"a": {1}}
        assert not mark.exists()

    def test_an_unknown_revision_is_the_users_error(self, root: Path) -> None:
        for name in ("nowhere", "--output=x", ""):
            with pytest.raises(UserError, match=r"git knows no revision"):
                extent(root, name)

    def test_a_history_without_a_common_ancestor_is_the_users_error(self, root: Path) -> None:
        git(root, "checkout", "--quiet", "--orphan", "other")
        commit(root)
        with pytest.raises(UserError, match=r"no common ancestor"):
            extent(root, "main")

    def test_a_conflict_is_a_change(self, root: Path) -> None:
        write(root / "a", "1\n")
        commit(root)
        git(root, "checkout", "--quiet", "-b", "topic")
        write(root / "a", "2\n")
        commit(root)
        git(root, "checkout", "--quiet", "main")
        write(root / "a", "3\n")
        commit(root)
        with pytest.raises(AssertionError):
            git(root, "merge", "topic")
        assert extent(root).paths == ("a",)


class TestDeciding:
    @pytest.mark.parametrize("name", [REGISTRY_PATH, "portscan.toml", "ports/rules/findings/X.yaml"])
    def test_everything_is_read_when_what_decides_has_changed(self, root: Path, name: str) -> None:
        config = Config(file=root / "portscan.toml", extend_rules=("ports/rules",))
        write(root / name, f"{REGISTRY}# more\n")
        assert extent(root, config=config).paths == WHOLE
        assert extent(root, config=config, paths=["src"]) == Extent(("src",))
        assert named(root, ["a", name], deciding(root, root, root / REGISTRY_PATH, config)) == Extent(WHOLE, by_hand=False)

    def test_also_when_it_lies_above(self, root: Path) -> None:
        write(root / "src/a", "1\n")
        commit(root)
        write(root / REGISTRY_PATH, f"{REGISTRY}# more\n")
        decides = deciding(root / "src", root, root / REGISTRY_PATH, Config())
        assert changed(root / "src", [], "HEAD", decides).paths == WHOLE

    def test_and_otherwise_what_a_hook_names(self, root: Path) -> None:
        decides = deciding(root, root, root / REGISTRY_PATH, Config())
        assert named(root, ["a", "-b"], decides) == Extent(("a", "-b"), by_hand=False)
        assert named(root, [], decides).paths == ()


class TestLines:
    def test_of_an_edited_a_moved_and_a_new_file(self, root: Path) -> None:
        text = "".join(f"line {number}\n" for number in range(20))
        write(root / "a", text)
        write(root / "b", text)
        commit(root)
        write(root / "a", text.replace("line 3\n", "other\nmore\n"))
        git(root, "mv", "b", "c")
        write(root / "c", text.replace("line 19\n", "end\n"))
        write(root / "new", "1\n2\n")
        assert extent(root, lines=True).lines == {"a": {4, 5}, "c": {20}, "new": {1, 2}}

    @pytest.mark.parametrize(
        ("before", "after", "numbers"),
        [
            ("a b c", "a b c", set()),
            ("a b c", "a x c", {2}),
            ("a b c", "a c", set()),
            ("", "a b", {1, 2}),
            ("a", "a a", {2}),
            ("a b c", "c b a", {1, 2}),
        ],
    )
    def test_those_that_are_new_or_different(self, before: str, after: str, numbers: set[int]) -> None:
        lines = [text.replace(" ", "\n").encode() for text in (before, after)]
        assert added(*lines) == numbers

    @given(before=st.lists(st.sampled_from("abc"), max_size=12), after=st.lists(st.sampled_from("abc"), max_size=12))
    def test_without_them_the_text_is_part_of_what_it_was(self, before: list[str], after: list[str]) -> None:
        numbers = added("\n".join(before).encode(), "\n".join(after).encode())
        rest = iter(before)
        assert all(line in rest for number, line in enumerate(after, 1) if number not in numbers)

    def test_a_file_too_long_to_compare_counts_as_new_between_what_is_the_same(self) -> None:
        before, after = (b"first\n" + word * (MOST_COMPARED + 1) + b"last\n" for word in (b"a\n", b"b\n"))
        assert added(before, after) == set(range(2, MOST_COMPARED + 3))

    def test_in_a_shallow_clone_as_well(self, root: Path, tmp_path: Path) -> None:
        write(root / "a", "1\n")
        commit(root)
        git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), "shallow")
        write(tmp_path / "shallow/a", "1\n2\n")
        assert extent(tmp_path / "shallow", lines=True).lines == {"a": {2}}
        shutil.rmtree(tmp_path / "shallow")
