"""A write that is killed, at any moment: all files are old, or the next command makes all of them new."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path
from shutil import copytree
from time import sleep

import pytest

from portscan import journal
from portscan.cli import main
from portscan.edit import NewFile, write
from portscan.errors import UserError
from portscan.files import listing

KILLS = 200 if os.environ.get("PORTSCAN_THOROUGH") == "1" else 12
FILES = 40
SIZE = 5000
STEP = '[{"target": %s, "scratch": null, "before": null, "after": null}]'

VICTIM = textwrap.dedent("""
    import sys
    from pathlib import Path
    from portscan import journal
    from portscan.edit import NewFile, write
    root = Path(sys.argv[1])
    before, after = sys.argv[2].encode() * 5000, sys.argv[3].encode() * 5000
    files = [NewFile(f"f{i}", before, after) for i in range(38)]
    files += [NewFile("f38", *((before, None) if after[:1] == b"n" else (None, after)))]
    files += [NewFile("deep/f39", *((None, after) if after[:1] == b"n" else (before, None)))]
    sys.stdin.readline()
    print("ready", flush=True)
    write(root, root, files)
    print("done", flush=True)
""")


def state(root: Path) -> dict[str, bytes]:
    """The first byte of every file of the tree that is whole, and all of any other."""
    found = {}
    for file in (path for path in root.rglob("*") if path.is_file() and not {".git", journal.FOLDER} & set(path.parts)):
        data = file.read_bytes()
        found[file.relative_to(root).as_posix()] = data[:1] if data == data[:1] * SIZE else data
    return found


def tree(new: bool) -> dict[str, bytes]:
    mark = b"n" if new else b"o"
    return {**{f"f{i}": mark for i in range(FILES - 2)}, ("deep/f39" if new else "f38"): mark}


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("versioned", [True, False], ids=["in git", "outside"])
def test_a_run_that_is_killed_leaves_all_files_old_or_is_finished_by_the_next(tmp_path: Path, versioned: bool) -> None:
    if versioned:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for name, mark in tree(new=False).items():
        (tmp_path / name).write_bytes(mark * SIZE)
    is_new, moment = False, 0.0
    for _ in range(KILLS):
        marks = ("n", "o") if is_new else ("o", "n")
        command = [sys.executable, "-c", VICTIM, tmp_path, *marks]
        victim = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert victim.stdin is not None
        assert victim.stdout is not None
        victim.stdin.write(b"\n")
        victim.stdin.flush()
        victim.stdout.readline()
        sleep(moment)
        victim.send_signal(signal.SIGKILL)
        done = b"done" in victim.communicate()[0]
        moment = 0.0 if done else moment + 0.1 / KILLS
        halfway = state(tmp_path)
        assert all(halfway.get(name) in (tree(False).get(name), tree(True).get(name)) for name in {*tree(True), *tree(False)})
        said = journal.finish(tmp_path)
        assert state(tmp_path) in (tree(False), tree(True))
        assert said or halfway == state(tmp_path)
        assert journal.finish(tmp_path) == ""
        assert not journal.place(tmp_path).exists()
        is_new = state(tmp_path) == tree(True)


class Killed(BaseException):
    """Stands for the signal."""


def cut_short(root: Path, files: list[NewFile], monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """A write that dies when `after` files are in place."""
    taken = []

    def take(step: journal.Step) -> None:
        if len(taken) == after:
            raise Killed
        taken.append(step)
        real(step)

    real = journal.take
    with monkeypatch.context() as patch:
        patch.setattr(journal, "take", take)
        with pytest.raises(Killed):
            write(root, root, files)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        (tmp_path / name).write_bytes(b"old")
    return tmp_path


FIXES = [NewFile(name, b"old", b"new") for name in "abc"]


def contents(root: Path) -> list[bytes]:
    return [(root / name).read_bytes() for name in "abc"]


def test_the_next_command_finishes_it_and_says_so(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_short(repository, FIXES, monkeypatch, after=1)
    assert contents(repository) == [b"new", b"old", b"old"]
    assert subprocess.run(["git", "status", "--porcelain"], capture_output=True, check=True).stdout == b"?? a\n?? b\n?? c\n"
    main(["inventory"])
    assert contents(repository) == [b"new", b"new", b"new"]
    told = "portscan: A write of 3 files was cut short; it is finished now (2 were still old).\n"
    assert capsys.readouterr().err.startswith(told)


def test_what_somebody_has_changed_since_is_left_alone(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_short(repository, FIXES, monkeypatch, after=1)
    (repository / "b").write_bytes(b"edited")
    assert journal.finish(repository).endswith("(1 were still old). Left alone, since they have changed: b.")
    assert contents(repository) == [b"new", b"edited", b"new"]


def test_no_other_write_begins_before_it_is_finished(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_short(repository, FIXES, monkeypatch, after=1)
    with pytest.raises(UserError, match="not finished"):
        write(repository, repository, [NewFile("d", None, b"new")])


def test_a_write_beside_a_write_waits(repository: Path) -> None:
    with journal.opened(repository), pytest.raises(UserError) as caught:
        write(repository, repository, FIXES)
    assert caught.value.title == "another portscan is writing here"
    assert caught.value.hint == "Wait for it, then run the command again."
    assert contents(repository) == [b"old", b"old", b"old"]


def test_a_file_that_cannot_be_replaced_is_named_and_the_rest_can_be_finished(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(step: journal.Step) -> None:
        if step.target.endswith("b"):
            raise PermissionError(13, "Permission denied", step.target)
        real(step)

    real = journal.take
    with monkeypatch.context() as patch:
        patch.setattr(journal, "take", stuck)
        with pytest.raises(UserError, match="1 of 3 files written") as caught:
            write(repository, repository, FIXES)
    assert caught.value.title == f"{repository / 'b'} cannot be changed: permission denied, with 1 of 3 files written"
    assert caught.value.hint == "Mend that, then run `portscan`: it finishes the write before it does anything else."
    journal.finish(repository)
    assert contents(repository) == [b"new", b"new", b"new"]


def test_an_error_without_words_names_the_file(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(step: journal.Step) -> None:
        raise PermissionError

    monkeypatch.setattr(journal, "take", stuck)
    with pytest.raises(UserError) as caught:
        write(repository, repository, FIXES)
    assert caught.value.title == f"{repository / 'a'} cannot be changed: unknown reason, with 0 of 3 files written"


def test_a_list_from_elsewhere_reaches_nothing_outside(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "repository"
    inside.mkdir()
    outside.write_bytes(b"old")
    folder = journal.place(inside)
    folder.mkdir()
    opened = journal.Journal(folder)
    scratch = opened.collect(inside / "x", b"new", 0o600)
    opened.decide([journal.Step(str(outside), scratch, journal.digest(b"old"), journal.digest(b"new"))])
    assert "Left alone" in journal.finish(inside)
    assert outside.read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_what_lies_outside_is_not_even_read(tmp_path: Path) -> None:
    folder = journal.place(tmp_path)
    folder.mkdir()
    journal.Journal(folder).decide([journal.Step("/dev/zero", None, None, "x")])
    assert "Left alone" in journal.finish(tmp_path)


def test_a_list_that_is_none_is_reported(tmp_path: Path) -> None:
    journal.place(tmp_path).mkdir()
    (journal.place(tmp_path) / journal.LIST).write_bytes(b"[")
    with pytest.raises(UserError, match="no list") as caught:
        journal.finish(tmp_path)
    assert caught.value.hint == "Look at that folder, and delete it."


def test_in_a_linked_work_tree_the_folder_is_git_s(repository: Path, tmp_path: Path) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t.invalid")
    subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    linked = tmp_path / "linked"
    subprocess.run(["git", "worktree", "add", "-q", linked], check=True)
    assert journal.place(linked) == repository / ".git" / "worktrees" / "linked" / "portscan-write"


def test_in_a_submodule_the_folder_is_git_s(repository: Path, tmp_path: Path) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t.invalid", "-c", "protocol.file.allow=always")
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", other], check=True)
    subprocess.run(["git", *identity, "-C", other, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    subprocess.run(["git", *identity, "submodule", "--quiet", "add", "./other", "part"], check=True)
    folder = Path(os.path.realpath(journal.place(repository / "part")))
    assert folder == repository / ".git" / "modules" / "part" / "portscan-write"


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
@pytest.mark.parametrize("link", [False, True], ids=["file", "link"])
def test_a_git_that_leads_elsewhere_is_not_followed(tmp_path: Path, link: bool) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    kept = outside / "portscan-write" / "deep" / "file"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"mine")
    (kept.parent.parent / journal.LIST).write_text("{}")
    inside.mkdir()
    if link:
        (inside / ".git").symlink_to(outside)
    else:
        (inside / ".git").write_text("gitdir: ../outside\n")
    assert journal.place(inside) == inside / journal.FOLDER
    assert journal.finish(inside) == ""
    write(inside, inside, [NewFile("x", None, b"new")])
    assert (inside / "x").read_bytes() == b"new"
    assert kept.read_bytes() == b"mine"
    assert (kept.parent.parent / journal.LIST).exists()


def test_the_folder_of_another_s_write_is_not_taken_for_ours(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_short(repository, FIXES, monkeypatch, after=1)
    (repository / "unpacked").mkdir()
    (repository / "unpacked" / ".git").write_text("gitdir: ../.git\n")
    assert journal.finish(repository / "unpacked") == ""
    assert journal.finish(repository) != ""


def test_what_no_write_has_put_there_stays(tmp_path: Path) -> None:
    kept = journal.place(tmp_path) / "deep" / "file"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"mine")
    assert journal.finish(tmp_path) == ""
    assert kept.read_bytes() == b"mine"


@pytest.mark.parametrize("versioned", [True, False], ids=["in git", "outside"])
def test_a_list_that_was_unpacked_with_its_folder_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, versioned: bool
) -> None:
    packed, root = tmp_path / "packed", tmp_path / "root"
    for folder in (packed, root):
        (folder / ".git").mkdir(parents=True) if versioned else folder.mkdir()
    for name in "abc":
        (root / name).write_bytes(b"old")
        (packed / name).write_bytes(b"old")
    cut_short(packed, [NewFile(name, b"old", None) for name in "abc"], monkeypatch, after=0)
    there = journal.place(root)
    copytree(journal.place(packed), there)
    (there / journal.LIST).write_text((there / journal.LIST).read_text().replace(str(packed), str(root)))
    monkeypatch.chdir(root)
    assert main(["validate"]) == 2
    assert contents(root) == [b"old", b"old", b"old"]
    assert journal.finish(packed).endswith("(3 were still old).")


def test_what_a_killed_run_has_left_is_not_read(tmp_path: Path) -> None:
    (tmp_path / journal.FOLDER).mkdir()
    for name in (f"{journal.FOLDER}/x.sh", ".portscan-1-run.sh", "run.sh"):
        (tmp_path / name).write_bytes(b"curl localhost:4010\n")
    assert [entry.path for entry in listing(tmp_path).entries] == ["run.sh"]


@pytest.mark.parametrize("target", ["repository/new", "elsewhere"])
def test_a_list_that_came_with_the_files_neither_moves_nor_deletes_a_file_of_somebody_s(tmp_path: Path, target: str) -> None:
    key, inside = tmp_path / "key", tmp_path / "repository"
    key.write_bytes(b"secret")
    folder = inside / journal.FOLDER
    folder.mkdir(parents=True)
    step = journal.Step(str(tmp_path / target), str(key), None, journal.digest(b"secret"))
    journal.Journal(folder).decide([step])
    assert "Left alone" in journal.finish(inside)
    assert key.read_bytes() == b"secret"
    assert not (tmp_path / target).exists()


def test_contents_that_somebody_has_changed_are_not_moved_into_place(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")
    folder = journal.place(tmp_path)
    folder.mkdir()
    opened = journal.Journal(folder)
    scratch = opened.collect(tmp_path / "x", b"half", 0o600)
    opened.decide([journal.Step(str(tmp_path / "x"), scratch, journal.digest(b"old"), journal.digest(b"whole"))])
    assert "Left alone" in journal.finish(tmp_path)
    assert (tmp_path / "x").read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "repository"
    outside.mkdir()
    inside.mkdir()
    mine = {".gitignore": b"mine", ".portscan-notes": b"mine"}
    for name, data in mine.items():
        (outside / name).write_bytes(data)
    (inside / journal.FOLDER).symlink_to(outside)
    assert journal.finish(inside) == ""
    with pytest.raises(UserError, match="symbolic link") as caught:
        write(inside, inside, [NewFile("x", None, b"new")])
    assert {file.name: file.read_bytes() for file in outside.iterdir()} == mine
    assert caught.value.title == f"{inside / journal.FOLDER} is a symbolic link"
    assert caught.value.hint == "Nothing was changed. Delete it."


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
@pytest.mark.parametrize("name", [".gitignore", journal.LOCK])
def test_nor_are_links_in_it(tmp_path: Path, name: str) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "repository"
    (inside / journal.FOLDER).mkdir(parents=True)
    (inside / journal.FOLDER / name).symlink_to(outside)
    with suppress(UserError):
        write(inside, inside, [NewFile("x", None, b"new")])
    assert not outside.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
@pytest.mark.parametrize("name", [journal.LIST, journal.LOCK])
def test_nobody_waits_for_a_fifo(tmp_path: Path, name: str) -> None:
    journal.place(tmp_path).mkdir()
    os.mkfifo(journal.place(tmp_path) / name)
    assert "does not let it be finished" in journal.finish(tmp_path)


@pytest.mark.parametrize(
    "steps", ["[" * 100_000, "[1]", '[{"target": 5}]', *(STEP % value for value in ('"a\\u0000"', "5", '"\\ud800"'))]
)
def test_a_list_of_something_else_is_reported(tmp_path: Path, steps: str) -> None:
    folder = journal.place(tmp_path)
    folder.mkdir()
    journal.Journal(folder).decide([])
    sealed = (folder / journal.LIST).read_text().replace("[]", steps)
    for text in (steps, sealed):
        (folder / journal.LIST).write_text(text)
        with pytest.raises(UserError, match="no list"):
            journal.finish(tmp_path)


def test_a_write_that_had_changed_nothing_yet_says_so(tmp_path: Path) -> None:
    journal.place(tmp_path).mkdir()
    assert journal.finish(tmp_path) == "A write was cut short before it changed anything. Run that command again."
    assert not journal.place(tmp_path).exists()
    assert journal.finish(tmp_path) == ""


def test_a_write_that_is_still_going_on_is_not_finished_by_another(repository: Path) -> None:
    with journal.opened(repository) as opened:
        opened.decide([journal.Step(str(repository / "a"), None, journal.digest(b"old"), None)])
        assert journal.finish(repository) == ""
    assert contents(repository) == [b"old", b"old", b"old"]


def test_what_is_left_alone_is_named_from_the_top(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cut_short(repository, FIXES, monkeypatch, after=1)
    for name in "bc":
        (repository / name).write_bytes(b"edited")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert journal.finish(repository).endswith("(0 were still old). Left alone, since they have changed: b, c.")
    assert [path for path in repository.rglob(".portscan-*") if path.is_file()] == []


def test_files_that_were_to_be_made_and_deleted_are(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [NewFile("a", b"old", b"new"), NewFile("b", b"old", None), NewFile("deep/er/d", None, b"new")]
    cut_short(repository, files, monkeypatch, after=0)
    assert journal.finish(repository) == "A write of 3 files was cut short; it is finished now (3 were still old)."
    assert (repository / "a").read_bytes() == (repository / "deep/er/d").read_bytes() == b"new"
    assert not (repository / "b").exists()


def test_one_that_somebody_has_deleted_meanwhile_is_done(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_short(repository, [*FIXES[:1], NewFile("b", b"old", None)], monkeypatch, after=1)
    (repository / "b").unlink()
    assert journal.finish(repository) == "A write of 2 files was cut short; it is finished now (0 were still old)."


def test_a_file_that_vanishes_while_it_is_deleted_is_gone(tmp_path: Path) -> None:
    journal.take(journal.Step(str(tmp_path / "gone"), None, journal.digest(b"old"), None))
    assert list(tmp_path.iterdir()) == []


def test_the_list_is_nobody_else_s_business(tmp_path: Path) -> None:
    journal.place(tmp_path).mkdir()
    journal.Journal(journal.place(tmp_path)).decide([])
    assert (journal.place(tmp_path) / journal.LIST).stat().st_mode & 0o777 == 0o600


def test_an_error_says_what_the_system_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = journal.place(tmp_path)
    folder.mkdir()

    def denied(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(journal, "read", denied)
    error = PermissionError(13, "Permission denied")
    assert journal.finish(tmp_path) == f"A write was cut short, and {folder} does not let it be finished: permission denied."
    error = PermissionError()
    assert journal.finish(tmp_path) == f"A write was cut short, and {folder} does not let it be finished: ."


def test_contents_on_another_disk_are_collected_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be moved from one disk to another: what belongs there waits beside its place."""
    folder, target = journal.place(tmp_path), tmp_path / "mounted" / "deep" / "a"
    folder.mkdir()
    (tmp_path / "mounted").mkdir()
    real = Path.stat

    def other_disk(self: Path, **more: bool) -> os.stat_result:
        found = real(self, **more)
        return os.stat_result((*found[:2], -1, *found[3:])) if self == tmp_path / "mounted" else found

    monkeypatch.setattr(Path, "stat", other_disk)
    opened = journal.Journal(folder)
    scratch = opened.collect(target, b"new", 0o600)
    assert Path(scratch).parent == tmp_path / "mounted"
    opened.decide([journal.Step(str(target), scratch, None, journal.digest(b"new"))])
    assert journal.finish(tmp_path) == "A write of 1 files was cut short; it is finished now (1 were still old)."
    assert target.read_bytes() == b"new"


def test_a_write_makes_way_for_no_second_list(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_short(repository, FIXES, monkeypatch, after=1)
    with pytest.raises(UserError) as caught, journal.opened(repository):
        pass
    assert caught.value.title == "an earlier write was cut short and is not finished"
    assert caught.value.hint == "Run `portscan` once: that finishes it."


def test_what_a_write_that_changed_nothing_has_left_is_taken_away(repository: Path) -> None:
    folder = journal.place(repository)
    folder.mkdir()
    (folder / ".portscan-left").write_bytes(b"")
    (folder / "mine").write_bytes(b"")
    with journal.opened(repository):
        assert sorted(path.name for path in folder.iterdir()) == ["lock", "mine"]


def test_outside_of_git_the_folder_is_listed_by_nobody(tmp_path: Path) -> None:
    with journal.opened(tmp_path):
        assert (tmp_path / journal.FOLDER / ".gitignore").read_bytes() == b"*\n"


def test_in_git_it_needs_no_such_file(repository: Path) -> None:
    with journal.opened(repository) as opened:
        assert opened.folder == repository / ".git" / "portscan-write"
        assert [path.name for path in opened.folder.iterdir()] == ["lock"]


def test_systems_without_such_locks_are_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    write(tmp_path, tmp_path, [NewFile("a", None, b"new")])
    assert (tmp_path / "a").read_bytes() == b"new"
    assert not journal.place(tmp_path).exists()


@pytest.mark.skipif(os.name == "nt", reason="needs locks of files")
def test_a_lock_that_somebody_takes_away_at_that_moment_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def late(handle: int, how: int) -> None:
        real(handle, how)
        (journal.place(tmp_path) / journal.LOCK).unlink()

    real = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(UserError, match="another portscan"):
        write(tmp_path, tmp_path, [NewFile("a", None, b"new")])
    assert not (tmp_path / "a").exists()


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_the_lock_is_nobody_else_s_business(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        with journal.opened(tmp_path) as opened:
            assert (opened.folder / journal.LOCK).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(mask)


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_nor_is_one_that_seals_a_list(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        journal.Journal(tmp_path).decide([])
        assert (tmp_path / journal.LOCK).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(mask)


def test_contents_that_are_collected_are_not_written_over(tmp_path: Path) -> None:
    journal.place(tmp_path).mkdir()
    opened = journal.Journal(journal.place(tmp_path))
    scratch = opened.collect(tmp_path / "a", b"first", 0o600)
    with pytest.raises(FileExistsError):
        opened.collect(tmp_path / "a", b"second", 0o600)
    assert Path(scratch).read_bytes() == b"first"


def test_a_journal_that_is_gone_can_be_closed(tmp_path: Path) -> None:
    with journal.opened(tmp_path) as opened:
        opened.close()
        opened.close()
    assert not journal.place(tmp_path).exists()


@pytest.mark.parametrize("content", [b"", b"gitdir: gone", b"gitdir: a\0b", b"gitdir: \xff", b"gitdir: plain"])
def test_where_git_s_own_folder_is_none_the_journal_stands_beside_the_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plain").write_bytes(b"")
    (tmp_path / ".git").write_bytes(content)
    assert journal.place(tmp_path) == tmp_path / journal.FOLDER


def test_nor_is_one_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").write_bytes(b"gitdir: .")

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert journal.place(tmp_path) == tmp_path / journal.FOLDER
