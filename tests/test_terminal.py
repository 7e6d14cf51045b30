"""Streams, colours, and text made harmless."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.errors import UserError
from portscan.terminal import Streams, cells, deliver, deliver_diff, open_streams, paint, printable, width_of


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("color", "environ", "watched", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours_are_for_those_who_want_and_understand_them(
    color: str, environ: dict[str, str], watched: bool, expected: bool
) -> None:
    out = Terminal() if watched else io.StringIO()
    assert open_streams(color, out=out, err=out, environ=environ).color is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("columns", "expected"), [("120", 120), ("10", 40), ("0", 80), ("", 80), ("wide", 80), ("-5", 80), ("9" * 5000, 80)]
)
def test_the_width_is_that_of_the_terminal(columns: str, expected: int) -> None:
    assert width_of(io.StringIO(), {"COLUMNS": columns}) == expected
    assert width_of(Terminal(), {"COLUMNS": columns}) == expected


def test_the_width_without_a_stream_is_the_usual_one() -> None:
    closed = io.StringIO()
    closed.close()
    assert width_of(None, {}) == width_of(closed, {}) == 80


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_the_width_of_a_real_terminal_is_asked_for() -> None:
    import fcntl
    import struct
    import termios

    leader, follower = os.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 132, 0, 0))
    with os.fdopen(follower, "w") as out:
        assert width_of(out, {}) == 132
    os.close(leader)


def test_standard_streams_become_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    streams = open_streams()
    streams.out.write("é \udcff\n")
    streams.out.flush()
    assert raw.getvalue().replace(b"\r", b"") == "é \\udcff\n".encode()


def test_a_closed_stream_swallows_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    streams = open_streams()
    streams.out.write("x")
    streams.err.write("x")
    assert not streams.color


def test_paint_wraps_only_when_enabled() -> None:
    assert paint("x", "error", enabled=True) == "\x1b[1;31mx\x1b[0m"
    assert paint("x", "error", enabled=False) == "x"
    assert paint("", "error", enabled=True) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ASCII 3103", "plain ASCII 3103"),
        ("é 日本 😀 👩\u200d💻 \u3000", "é 日本 😀 👩\u200d💻 \u3000"),
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("a\tb\nc\rd\x00", r"a\tb\nc\rd\x00"),
        ("\x9b31m\x85\x7f", r"\x9b31m\x85\x7f"),
        ("\u202eevil\u2066\u200b\u2028\ufeff", r"\u202eevil\u2066\u200b\u2028\ufeff"),
        ("caf\udce9.py", r"caf\xe9.py"),
        ("\ud800 \U000e0001", r"\ud800 \U000e0001"),
    ],
)
def test_nothing_that_steers_a_terminal_is_left(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_printable_text_has_no_controls_and_stays_as_it_is(text: str) -> None:
    shown = printable(text)
    assert {unicodedata.category(c) for c in shown}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("text", "expected"), [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("😀x", 3), ("\u200d", 0)]
)
def test_cells_are_counted_as_a_terminal_does(text: str, expected: int) -> None:
    assert cells(text) == expected


class TestDeliver:
    def test_text_goes_to_standard_output(self) -> None:
        out = io.StringIO()
        deliver("é\n", Streams(out, io.StringIO()))
        assert out.getvalue() == "é\n"

    def test_bytes_go_below_the_text(self) -> None:
        raw = io.BytesIO()
        out = io.TextIOWrapper(raw, encoding="utf-8")
        out.write("before ")
        deliver(b"\xff\x00", Streams(out, io.StringIO()))
        assert raw.getvalue() == b"before \xff\x00"

    def test_pieces_follow_each_other(self) -> None:
        out = io.StringIO()
        deliver(("é", "", "\n"), Streams(out, io.StringIO()))
        assert out.getvalue() == "é\n"

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("é\r\n\udcff", b"\xc3\xa9\r\n\\udcff"),
            (["é\r", "\n\udcff"], b"\xc3\xa9\r\n\\udcff"),
            (b"\xff", b"\xff"),
        ],
    )
    def test_a_file_gets_the_bytes_as_they_are(self, tmp_path: Path, content: str | bytes | list[str], expected: bytes) -> None:
        deliver(content, Streams(io.StringIO(), io.StringIO()), str(tmp_path / "report"))
        assert (tmp_path / "report").read_bytes() == expected

    def test_a_file_that_cannot_be_written_is_the_users_error(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="cannot be written: no such file or directory"):
            deliver("x", Streams(io.StringIO(), io.StringIO()), str(tmp_path / "missing" / "report"))

    @pytest.mark.parametrize(("out", "shown"), [(Terminal(), "+\\x1b[2J\n\\r\n"), (io.StringIO(), "+\x1b[2J\n\r\n")])
    def test_a_diff_is_harmless_where_somebody_watches(self, out: io.StringIO, shown: str) -> None:
        deliver_diff("+\x1b[2J\n\r\n", Streams(out, io.StringIO()))
        assert out.getvalue() == shown


WRITERS = {
    "a report": "from portscan.terminal import deliver, open_streams; deliver({text!r} * 100_000, open_streams())",
    "bytes": "from portscan.terminal import deliver, open_streams; deliver({text!r}.encode() * 100_000, open_streams())",
    "lines": "from portscan.terminal import open_streams; out = open_streams().out; [out.write({text!r}) for _ in range(10**5)]",
    "an answer of the gate": "from portscan.gate import told; assert told({text!r}.encode() * 100_000)",
}


@pytest.mark.skipif(os.name != "posix", reason="no pipe need be waited for elsewhere")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("writer", WRITERS)
def test_a_pipe_that_is_set_not_to_block_gets_everything(writer: str, unbuffered: str) -> None:
    code = WRITERS[writer].format(text="port\n")
    environ = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with subprocess.Popen((sys.executable, "-c", code), stdout=writing, env=environ) as process:
        os.close(writing)
        with pytest.raises(subprocess.TimeoutExpired):  # it waits for somebody who reads
            process.wait(2)
        with os.fdopen(reading, "rb") as stream:
            said = stream.read()
    assert (said, process.returncode) == (b"port\n" * 100_000, 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is full here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_where_standard_error_takes_nothing_the_status_still_speaks(unbuffered: str, tmp_path: Path) -> None:
    code = """
import sys
from contextlib import suppress
from portscan import cli
from portscan.terminal import open_streams
with suppress(OSError):
    open_streams().err.write("a remark\\n")
    open_streams().err.flush()
sys.exit(cli.main(["--nosuch"]))
"""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            (sys.executable, "-c", code),
            stderr=full,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            cwd=tmp_path,
            check=False,
        )
    assert done.returncode == 2
