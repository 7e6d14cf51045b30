"""The hooks, through the real pre-commit and prek, in a repository that uses them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hook_runners import RUNNERS, Consumer, consumer, shared_folder, snapshot
from tests.judges import judge
from tests.repository import BOUND, HARDCODED, REGISTRY, REGISTRY_PATH, commit, git, repository, write

SCAN, FIX = "  - id: portscan\n", "  - id: portscan-fix\n"
MANY = 3000

Begin = Callable[[str], Consumer]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_folder(tmp_path_factory)


@pytest.fixture(params=RUNNERS)
def begin(request: pytest.FixtureRequest, tmp_path: Path, shared: Path) -> Begin:
    judge(request.param)
    return lambda hooks: consumer(repository(tmp_path / "consumer"), request.param, shared, hooks)


def stage(user: Consumer, name: str, text: str) -> Path:
    file = write(user.root / name, text)
    git(user.root, "add", "--", name)
    return file


class TestScan:
    def test_a_clean_commit_passes_and_a_hardcoded_port_blocks(self, begin: Begin) -> None:
        user = begin(SCAN)
        stage(user, "run.sh", BOUND)
        assert user.commit().status == 0
        stage(user, "run.sh", HARDCODED)
        done = user.commit()
        assert done.status == 1
        assert "PS001" in done.text
        assert "run.sh" in done.text
        assert git(user.root, "log", "--format=%s", "-1") == "more"
        assert git(user.root, "diff", "--cached", "--name-only") == "run.sh"

    def test_only_what_is_staged_counts(self, begin: Begin) -> None:
        user = begin(SCAN)
        write(user.root / "other.sh", HARDCODED)
        stage(user, "run.sh", BOUND)
        write(user.root / "run.sh", HARDCODED)
        assert user.commit().status == 0
        assert (user.root / "run.sh").read_text() == HARDCODED

    def test_the_registry_has_everything_scanned(self, begin: Begin) -> None:
        user = begin(SCAN)
        write(user.root / "old.sh", "curl http://localhost:${API_PORT:-4010}/\n")
        commit(user.root)
        stage(user, REGISTRY_PATH, REGISTRY.replace("4010", "4011"))
        done = user.commit()
        assert (done.status, "PS003" in done.text, "old.sh" in done.text) == (1, True, True)

    def test_it_can_be_skipped(self, begin: Begin) -> None:
        user = begin(f"{SCAN}  - id: portscan-conflicts\n")
        stage(user, "run.sh", HARDCODED)
        stage(user, REGISTRY_PATH, f"{REGISTRY}# more\n")
        assert user.commit(SKIP="portscan").status == 0

    def test_all_files_and_the_files_between_two_revisions(self, begin: Begin) -> None:
        user = begin(SCAN)
        first = git(user.root, "rev-parse", "HEAD")
        write(user.root / "bad.sh", HARDCODED)
        second = commit(user.root)
        write(user.root / "good.sh", BOUND)
        third = commit(user.root)
        assert "bad.sh" in user.run("run", "--all-files").text
        assert user.run("run", "--from-ref", first, "--to-ref", second).status == 1
        assert user.run("run", "--from-ref", second, "--to-ref", third).status == 0

    def test_a_merge_is_judged_like_any_commit(self, begin: Begin) -> None:
        user = begin(SCAN)
        git(user.root, "checkout", "--quiet", "-b", "topic")
        write(user.root / "bad.sh", HARDCODED)
        commit(user.root)
        git(user.root, "checkout", "--quiet", "main")
        write(user.root / "good.sh", BOUND)
        commit(user.root)
        done = user.merge("topic")
        assert (done.status != 0, "PS001" in done.text) == (True, True)
        stage(user, "bad.sh", BOUND)
        assert user.commit().status == 0
        assert len(git(user.root, "log", "--format=%P", "-1").split()) == 2

    def test_arguments_pass_through(self, begin: Begin) -> None:
        user = begin(f"{SCAN}    args: [--ignore, PS001, --]\n")
        stage(user, "run.sh", HARDCODED)
        stage(user, "-x.sh", HARDCODED)
        assert user.commit().status == 0
        stage(user, "other.sh", "curl http://localhost:4999/\n")
        assert "PS002" in user.commit().text

    def test_any_name_is_safe(self, begin: Begin) -> None:
        user = begin(SCAN)
        names = ["with space.sh", "-dash.sh", "--fix", "new\nline.sh", "quo'te\".sh", "$(touch x).sh", "é.sh"]
        for name in names:
            stage(user, name, f"#!/bin/sh\n{HARDCODED}")
        (user.root / "link.sh").symlink_to("-dash.sh")
        git(user.root, "add", "--all")
        done = user.commit()
        assert done.status == 1
        assert f"in {len(names)} of {len(names)} files" in done.text
        assert (user.root / "--fix").read_text().endswith(HARDCODED)
        assert not (user.root / "x").exists()

    @pytest.mark.skipif(sys.platform == "darwin" or os.name == "nt", reason="the file system allows no such name")
    def test_so_is_one_that_is_not_utf_8(self, begin: Begin) -> None:
        user = begin(SCAN)
        if user.runner == "pre-commit":
            pytest.skip("pre-commit itself gives up on such names")
        stage(user, os.fsdecode(b"caf\xe9.sh"), HARDCODED)
        done = user.commit()
        assert (done.status, r"caf\xe9.sh" in done.text) == (1, True)

    def test_a_commit_of_thousands_of_files(self, begin: Begin) -> None:
        user = begin(SCAN)
        for number in range(MANY):
            write(user.root / f"src/module_{number % 50}/a_rather_long_name_of_a_script_{number}.sh", BOUND)
        write(user.root / "src/last.sh", HARDCODED)
        git(user.root, "add", "--all")
        done = user.commit()
        assert (done.status, done.text.count("src/last.sh\n")) == (1, 1)
        stage(user, "src/last.sh", BOUND)
        assert user.commit().status == 0


class TestFix:
    def test_changes_and_blocks_and_then_passes(self, begin: Begin) -> None:
        user = begin(FIX)
        file = stage(user, "run.sh", HARDCODED)
        assert user.commit().status == 1
        assert file.read_text() == BOUND
        assert git(user.root, "show", ":run.sh") == HARDCODED.strip(), "a hook never stages anything"
        git(user.root, "add", "run.sh")
        assert user.commit().status == 0
        assert git(user.root, "show", "HEAD:run.sh") == BOUND.strip()

    def test_partial_staging_loses_nothing(self, begin: Begin) -> None:
        user = begin(FIX)
        middle = "sleep 1\n" * 10
        file = stage(user, "run.sh", HARDCODED + middle)
        file.write_text(HARDCODED + middle + "echo mine\n")
        write(user.root / "other.sh", "echo unstaged\n")
        assert user.commit().status == 1
        assert file.read_text() == BOUND + middle + "echo mine\n"
        assert (user.root / "other.sh").read_text() == "echo unstaged\n"
        assert git(user.root, "show", ":run.sh") == (HARDCODED + middle).strip()

    def test_nor_when_the_fix_and_the_unstaged_edit_meet(self, begin: Begin) -> None:
        user = begin(FIX)
        file = stage(user, "run.sh", HARDCODED)
        mine = HARDCODED.replace("health", "ready")
        file.write_text(mine)
        assert user.commit().status == 1
        assert file.read_text() == mine
        assert git(user.root, "show", ":run.sh") == HARDCODED.strip()


class TestOthers:
    def test_the_registry_is_validated_when_it_changes(self, begin: Begin) -> None:
        user = begin("  - id: portscan-registry\n")
        stage(user, "run.sh", HARDCODED)
        assert user.commit().status == 0
        stage(user, REGISTRY_PATH, REGISTRY.replace("4020", "9999"))
        done = user.commit()
        assert (done.status, "PS104" in done.text) == (1, True)

    def test_conflicts_stop_a_commit(self, begin: Begin) -> None:
        user = begin("  - id: portscan-conflicts\n")
        stage(user, REGISTRY_PATH, REGISTRY.replace("4020", "4010"))
        done = user.commit()
        assert (done.status, "PS102" in done.text) == (1, True)

    def test_so_does_what_compose_publishes_twice(self, begin: Begin) -> None:
        user = begin("  - id: portscan-conflicts\n")
        image = "image: nginx:1.27\n    ports:"
        write(user.root / "compose.yaml", f'services:\n  api:\n    {image} ["${{API_PORT:-4010}}:80"]\n')
        commit(user.root)
        stage(user, "compose.yaml", f'services:\n  api:\n    {image} ["4010:80"]\n  shop:\n    {image} ["4010:80"]\n')
        done = user.commit()
        assert (done.status, "PS203" in done.text) == (1, True)

    def test_generated_files_are_written_and_the_commit_stops_until_they_are_part_of_it(self, begin: Begin) -> None:
        user = begin("  - id: portscan-sync\n")
        stage(user, REGISTRY_PATH, REGISTRY.replace("4020", "4021"))
        assert user.commit().status == 1
        written = git(user.root, "ls-files", "--others").splitlines()
        assert written
        assert any("4021" in (user.root / name).read_text() for name in written)
        git(user.root, "add", "--all")
        assert user.commit().status == 0

    def test_generated_files_are_checked(self, begin: Begin) -> None:
        user = begin("  - id: portscan-sync-check\n")
        stage(user, REGISTRY_PATH, REGISTRY.replace("4020", "4021"))
        done = user.commit()
        assert (done.status, "PS301" in done.text) == (1, True)
        assert git(user.root, "ls-files", "--others") == ""

    def test_it_can_be_tried_without_any_configuration(self, begin: Begin, shared: Path) -> None:
        user = begin(SCAN)
        stage(user, "run.sh", HARDCODED)
        source, revision = snapshot(shared)
        done = user.run("try-repo", str(source), "portscan", "--ref", revision, "--files", "run.sh")
        assert (done.status, "PS001" in done.text) == (1, True)
