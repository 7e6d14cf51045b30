"""Diffs show the lines that change and no others, and git makes of them what portscan makes itself."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.edit import NewFile, diff, new_files
from portscan.model import Edit, Location, Span
from tests.repository import git

PATH = "a.txt"
REPEATED = b"  - curl http://localhost:4010/\n"


def edit(start: int, before: bytes, after: bytes) -> Edit:
    return Edit(PATH, Span(start, start + len(before)), Location(1, 1, 1, 1), before, after)


def hunks_of(text: str) -> list[list[str]]:
    """The lines that are taken out or put in, hunk by hunk."""
    found: list[list[str]] = []
    for line in text.splitlines()[2:]:
        if line.startswith("@@"):
            found.append([])
        elif line[0] in "+-":
            found[-1].append(line)
    return found


def by_git(before: bytes, patch: str) -> bytes:
    """What git makes of a file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / PATH
        file.write_bytes(before)
        git(Path(folder), "init", "--quiet")
        command = ["git", "apply", "--whitespace=nowarn", "-"]
        done = subprocess.run(command, cwd=folder, input=patch.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return file.read_bytes()


def test_a_line_among_hundreds_like_it_is_the_only_one_that_changes() -> None:
    before = REPEATED * 300
    at = 150 * len(REPEATED) + REPEATED.index(b"4010")
    (file,) = new_files([edit(at, b"4010", b"${API_PORT:-4010}")], {PATH: before})
    shown = REPEATED.decode().rstrip()
    assert hunks_of(diff([file])) == [[f"-{shown}", f"+{shown.replace('4010', '${API_PORT:-4010}')}"]]
    assert hunks_of(diff([NewFile(PATH, before, file.after)])) == hunks_of(diff([file]))


def test_a_line_that_is_put_in_moves_no_other() -> None:
    (file,) = new_files([edit(0, b"", b"import os\n"), edit(4, b"x", b"y")], {PATH: b"a=1\nx=2\n"})
    assert hunks_of(diff([file])) == [["+import os", "-x=2", "+y=2"]]


def test_only_git_s_line_ends_are_line_ends() -> None:
    before = b"a\x0cb\r\nport 4010\xe2\x80\xa8x\n"
    (file,) = new_files([edit(before.index(b"4010"), b"4010", b"4011")], {PATH: before})
    assert by_git(before, diff([file])) == file.after


@st.composite
def cases(draw: st.DrawFn) -> tuple[bytes, list[Edit]]:
    """A text of few different lines, and edits anywhere in it."""
    text = b"".join(draw(st.lists(st.sampled_from([b"a\n", b"b\n", b"port 1\n", b"\n", b"c\r\n"]), min_size=1, max_size=30)))
    text += draw(st.sampled_from([b"", b"end"]))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    made = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        made.append(edit(start, text[start:end], draw(st.sampled_from([b"", b"x", b"a\n", b"a\nb", b"\n", b"port 2\n\n"]))))
    return text, made


@settings(max_examples=60, deadline=None)
@given(cases())
def test_git_makes_the_same_file_and_no_line_is_taken_out_to_be_put_in(case: tuple[bytes, list[Edit]]) -> None:
    before, edits = case
    for file in new_files(edits, {PATH: before}):
        for shown in (file, NewFile(PATH, before, file.after)):
            patch = diff([shown])
            assert (patch == "") == (file.before == file.after)
            if patch:
                assert by_git(before, patch) == file.after
