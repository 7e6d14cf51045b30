"""The only writer: what is planned is what stands there afterwards, or nothing has changed."""

from __future__ import annotations

import os
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan import journal
from portscan.edit import Moves, NewFile, Overlap, applied, by_path, diff, new_files, runnable, write
from portscan.errors import UserError
from portscan.model import Edit, Location, Span

SOMEWHERE = Location(1, 1, 1, 1)


def edit(start: int, before: bytes, after: bytes, path: str = "a") -> Edit:
    return Edit(path, Span(start, start + len(before)), SOMEWHERE, before, after)


def test_edits_are_made_whatever_their_order() -> None:
    assert applied(b"80:81 82", [edit(6, b"82", b"c"), edit(0, b"80", b"aaa"), edit(3, b"81", b"")]) == b"aaa: c"


def test_the_same_edit_twice_is_made_once() -> None:
    assert applied(b"x", [edit(0, b"", b"import os\n"), edit(0, b"", b"import os\n")]) == b"import os\nx"


def test_an_insertion_goes_in_front_of_what_is_replaced_there() -> None:
    assert applied(b"80", [edit(0, b"80", b"81"), edit(0, b"", b"+")]) == b"+81"


def test_a_place_moves_by_what_is_written_in_front_of_it() -> None:
    edits = [edit(0, b"80", b"8080"), edit(4, b"81", b"x"), edit(4, b"81", b"x"), edit(9, b"", b"yy")]
    assert [Moves(edits).of(position) for position in (0, 1, 2, 3, 4, 5, 6, 8, 9)] == [0, 1, 4, 5, 6, 7, 7, 9, 12]


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([edit(0, b"8080", b"x"), edit(2, b"80", b"y")], id="one inside the other"),
        pytest.param([edit(0, b"80", b"x"), edit(0, b"80", b"y")], id="two answers for one place"),
        pytest.param([edit(0, b"81", b"x")], id="other bytes stand there"),
        pytest.param([edit(9, b"80", b"x")], id="behind the end"),
    ],
)
def test_edits_that_cannot_be_made_together_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(Overlap, match=r"^a: bytes \d+-\d+$"):
        applied(b"8080", edits)


@given(st.binary(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 6), st.binary(max_size=6)), max_size=6))
def test_taking_the_edits_out_again_gives_the_original(data: bytes, drawn: list[tuple[int, int, bytes]]) -> None:
    edits, reached = [], 0
    for start, length, after in sorted(drawn):
        start = max(start, reached)
        if start + length > len(data) or (length == 0 and start < reached + 1):
            continue
        edits.append(edit(start, data[start : start + length], after))
        reached = start + length + 1
    changed = applied(data, edits)
    back, shift = [], 0
    for each in edits:
        back.append(edit(each.span.start + shift, each.after, each.before))
        shift += len(each.after) - len(each.before)
    assert applied(changed, back) == data


def test_the_diff_shows_changes_new_files_and_a_missing_final_newline() -> None:
    shown = diff([NewFile("a", b"1\n2", b"1\n3"), NewFile("b", None, b"x\n")])
    assert shown == (
        "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n+3\n\\ No newline at end of file\n"
        "--- /dev/null\n+++ b/b\n@@ -0,0 +1 @@\n+x\n"
    )


def test_the_diff_shows_a_line_where_it_was_put() -> None:
    (file,) = new_files([edit(0, b"", b"a\n")], {"a": b"a\na\n"})
    assert diff([file]) == "--- a/a\n+++ b/a\n@@ -1,2 +1,3 @@\n a\n+a\n a\n"


def test_files_are_replaced_and_keep_their_mode(tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_bytes(b"old")
    script.chmod(0o750)
    write(tmp_path, tmp_path, [NewFile("run.sh", b"old", b"new"), NewFile("deep/new", None, b"n")])
    assert script.read_bytes() == b"new"
    assert script.stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "deep/new").read_bytes() == b"n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["deep", "run.sh"]


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="files have no attributes here")
def test_files_keep_their_attributes_and_who_else_may_read_them(tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_bytes(b"old")
    entries = ((0x01, 6, -1), (0x02, 4, 65534), (0x04, 0, -1), (0x10, 4, -1), (0x20, 0, -1))  # user, a user, group, mask, others
    kept = {
        "user.note": b"mine",
        "system.posix_acl_access": pack("<I", 2) + b"".join(pack("<HHi", *entry) for entry in entries),
    }
    try:
        for name, value in kept.items():
            os.setxattr(script, name, value)
    except OSError:
        pytest.skip("this file system has no attributes")
    write(tmp_path, tmp_path, [NewFile("run.sh", b"old", b"new")])
    assert script.read_bytes() == b"new"
    assert {name: os.getxattr(script, name) for name in os.listxattr(script)} == kept  # else its group might read it, too


def test_a_file_is_deleted_and_the_diff_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old\n")
    gone = NewFile("a", b"old\n", None)
    assert diff([gone]) == "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n"
    write(tmp_path, tmp_path, [gone, NewFile("b", None, None)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_new_files_have_the_mode_of_new_files_and_may_be_executable(tmp_path: Path) -> None:
    for mask, modes in ((0o027, [0o640, 0o750]), (0o000, [0o666, 0o777])):
        before = os.umask(mask)
        try:
            write(tmp_path, tmp_path, [NewFile("a", None, b""), NewFile("b", None, b"#!/bin/sh\n", executable=True)])
        finally:
            os.umask(before)
        assert [(tmp_path / name).stat().st_mode & 0o777 for name in "ab"] == modes
        write(tmp_path, tmp_path, [NewFile("a", b"", None), NewFile("b", b"#!/bin/sh\n", None)])


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_whoever_may_read_a_file_may_run_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o640)
    write(tmp_path, tmp_path, [NewFile("a", b"old", b"new", executable=True)])
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o750


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_a_file_with_the_right_contents_is_made_runnable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, right = tmp_path / "a", NewFile("a", b"same\n", b"same\n", executable=True)
    script.write_bytes(b"same\n")
    script.chmod(0o640)
    assert not runnable(script)
    assert diff([right]) == "diff --git a/a b/a\nold mode 100644\nnew mode 100755\n"
    assert diff([NewFile("a", b"same\n", b"same\n"), NewFile("b", None, b"", executable=True)]) == ""
    write(tmp_path, tmp_path, [right])
    assert (script.read_bytes(), script.stat().st_mode & 0o777) == (b"same\n", 0o750)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "name", "nt")
        assert runnable(script.parent / "no file")


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
@pytest.mark.parametrize("mode", [0o644, 0o744, 0o654, 0o645])
def test_nothing_is_written_where_nothing_changes(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").write_bytes(b"same")
    (tmp_path / "a").chmod(mode)
    before = (tmp_path / "a").stat().st_ino
    write(tmp_path, tmp_path, [NewFile("a", b"same", b"same", executable=mode != 0o644)])
    assert ((tmp_path / "a").stat().st_ino, (tmp_path / "a").stat().st_mode & 0o777) == (before, mode)


def test_one_file_by_two_names_is_written_once_or_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write(tmp_path, tmp_path, [NewFile("link", b"old", b"new"), NewFile("real", b"old", b"new")])
    assert (tmp_path / "real").read_bytes() == b"new"
    assert "are one file" in refused(tmp_path, NewFile("link", b"new", b"1"), NewFile("real", b"new", b"2"))


def test_a_folder_in_the_way_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert "cannot be a file" in refused(tmp_path, NewFile("a", None, b"new"))
    assert "cannot be a file" in refused(tmp_path, NewFile("other/new", None, b"new"))


def test_a_link_inside_the_repository_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write(tmp_path, tmp_path, [NewFile("link", b"old", b"new")])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


AGAIN = "Nothing was changed. Run the command again."


def refused(tmp_path: Path, *files: NewFile, hint: str = "Nothing was changed.") -> str:
    (tmp_path / "other").write_bytes(b"other")
    with pytest.raises(UserError) as caught:
        write(tmp_path, tmp_path, [NewFile("other", b"other", b"changed"), *files])
    assert (tmp_path / "other").read_bytes() == b"other"
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".portscan-")]
    assert caught.value.hint.startswith(hint)
    return caught.value.title


def test_a_link_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside"
    outside.write_bytes(b"old")
    inside = tmp_path / "repository"
    inside.mkdir()
    (inside / "link").symlink_to(outside)
    assert "leads out of the repository" in refused(inside, NewFile("link", b"old", b"new"))
    assert outside.read_bytes() == b"old"


@pytest.mark.parametrize("path", [".git/config", "hooks/pre-commit", "sub/.hg/hgrc"])
def test_what_version_control_keeps_for_itself_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / ".git" / "hooks").mkdir(parents=True)
    (tmp_path / "sub" / ".hg").mkdir(parents=True)
    (tmp_path / "hooks").symlink_to(tmp_path / ".git" / "hooks")
    assert refused(tmp_path, NewFile(path, None, b"new")) == f"{path} is version control's own"
    assert not (tmp_path / path).exists()


def test_a_path_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "repository"
    inside.mkdir()
    assert "leads out of the repository" in refused(inside, NewFile("../elsewhere", None, b"new"))


def test_a_file_that_changed_meanwhile_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"edited by somebody")
    assert refused(tmp_path, NewFile("a", b"old", b"new"), hint=AGAIN) == "a changed while portscan ran"


def test_a_file_that_came_meanwhile_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"somebody's")
    assert refused(tmp_path, NewFile("a", None, b"new"), hint=AGAIN) == "a exists already"


def test_nothing_is_deleted_either(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"edited by somebody")
    (tmp_path / "b").write_bytes(b"old")
    assert "changed while" in refused(tmp_path, NewFile("b", b"old", None), NewFile("a", b"old", b"new"))
    assert (tmp_path / "b").read_bytes() == b"old"


def test_a_file_that_changes_while_others_are_replaced_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = journal.take

    def take(step: journal.Step) -> None:
        """Whoever waits for the first file to be replaced, and writes two others then."""
        real(step)
        (tmp_path / "b").write_bytes(b"old\nmine\n")
        (tmp_path / "c").write_bytes(b"mine\n")

    monkeypatch.setattr(journal, "take", take)
    for name in "abd":
        (tmp_path / name).write_bytes(b"old\n")
    files = [NewFile(name, None if name == "c" else b"old\n", b"new\n") for name in "abcd"]
    with pytest.raises(UserError) as raised:
        write(tmp_path, tmp_path, files)
    assert str(raised.value) == (
        "b, c changed while portscan wrote, and was left alone: 2 of 4 files are written Run the command again."
    )
    assert [(tmp_path / name).read_bytes() for name in "abcd"] == [b"new\n", b"old\nmine\n", b"mine\n", b"new\n"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c", "d"]


def test_what_was_left_alone_is_not_counted_among_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fits(step: journal.Step) -> bool:
        """Another edits the second file; the disk is full at the fourth."""
        if step.target.endswith("d"):
            raise OSError(28, "No space left on device")
        return not step.target.endswith("b")

    monkeypatch.setattr(journal, "fits", fits)
    for name in "abcd":
        (tmp_path / name).write_bytes(b"old")
    with pytest.raises(UserError) as raised:
        write(tmp_path, tmp_path, [NewFile(name, b"old", b"new") for name in "abcd"])
    assert raised.value.title == f"{tmp_path / 'd'} cannot be changed: no space left on device, with 2 of 4 files written"
    assert [(tmp_path / name).read_bytes() for name in "abcd"] == [b"new", b"old", b"new", b"old"]


def test_nor_does_a_link_to_nothing_give_way(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("gone")
    (tmp_path / "gone").symlink_to("gone")
    assert "exists already" in refused(tmp_path, NewFile("a", None, b"new"))


def test_a_file_that_is_gone_stops_everything(tmp_path: Path) -> None:
    refused(tmp_path, NewFile("gone", b"old", b"new"))


@pytest.mark.parametrize("mode", [0o444, 0o555])
def test_a_read_only_file_stops_everything(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(mode)
    assert "read-only" in refused(tmp_path, NewFile("a", b"old", b"new"))


def test_a_full_disk_stops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device", "a")

    monkeypatch.setattr(os, "fsync", full)
    assert refused(tmp_path, NewFile("a", b"old", b"new")) == "a cannot be changed: no space left on device"


@pytest.mark.parametrize("error", [OSError("unheard of"), OSError(None, None)])
def test_an_error_without_words_names_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def broken(handle: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", broken)
    assert refused(tmp_path, NewFile("a", b"old", b"new")) == f"{tmp_path} cannot be changed: unknown reason"


def test_owners_are_kept_by_those_who_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "chown", lambda path, user, group: given.append((user, group)), raising=False)
    write(tmp_path, tmp_path, [NewFile("a", b"old", b"new")])
    assert given == [(file.stat().st_uid, file.stat().st_gid)]


@pytest.mark.parametrize("possible", [True, False])
def test_others_write_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, possible: bool) -> None:
    """On systems without owners, too."""
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o640)

    def denied(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if possible:
        monkeypatch.setattr(os, "chown", denied, raising=False)
    else:
        monkeypatch.delattr(os, "chown", raising=False)
    write(tmp_path, tmp_path, [NewFile("a", b"old", b"new")])
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_edits_are_gathered_by_file_in_the_order_of_their_places() -> None:
    first, second, other = edit(0, b"1", b"x", "b"), edit(2, b"3", b"y", "b"), edit(0, b"", b"z", "a")
    assert list(by_path([second, other, first])) == [("a", [other]), ("b", [first, second])]


def test_edits_make_the_files_that_they_change_and_those_that_are_new() -> None:
    edits = [edit(2, b"3", b"y", "b"), edit(0, b"", b"z", "a"), edit(0, b"1", b"x", "b")]
    assert new_files(edits, {"b": b"123", "c": b"c"}) == (NewFile("a", None, b"z"), NewFile("b", b"123", b"x2y"))


def test_bytes_that_are_no_utf_8_are_shown_all_the_same() -> None:
    shown = diff([NewFile("a", b"\xe9 1\n", b"\xe9 2\n")])
    assert shown == "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-\ufffd 1\n+\ufffd 2\n"


@pytest.mark.parametrize("why", ["no such call", "refused"])
def test_a_file_is_replaced_where_nobody_can_tell_its_attributes(
    why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> list[str]:
        raise OSError

    monkeypatch.delattr(os, "listxattr", raising=False)
    if why == "refused":
        monkeypatch.setattr(os, "listxattr", refused, raising=False)
    (tmp_path / "run.sh").write_bytes(b"old")
    write(tmp_path, tmp_path, [NewFile("run.sh", b"old", b"new")])
    assert (tmp_path / "run.sh").read_bytes() == b"new"
