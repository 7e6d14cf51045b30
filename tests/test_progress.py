"""A line that says how far work is: only where somebody looks, only when it lasts, and never left behind."""

from __future__ import annotations

from io import StringIO

import pytest

from portscan.progress import progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def shown(stream: StringIO, *texts: str, seconds: float) -> str:
    clock = Clock()
    with progress(stream, "portscan audit", clock) as show:
        clock.now = seconds
        for text in texts:
            show(text)
    return stream.getvalue()


def test_what_lasts_is_shown_and_wiped() -> None:
    assert shown(Terminal(), "1 of 2", seconds=1.5) == "\r\x1b[Kportscan audit: 1 of 2\r\x1b[K"


@pytest.mark.parametrize(("stream", "seconds"), [(Terminal(), 0.5), (StringIO(), 9.0)])
def test_what_is_soon_done_or_seen_by_nobody_is_not_shown(stream: StringIO, seconds: float) -> None:
    assert shown(stream, "1 of 2", seconds=seconds) == ""


def test_no_text_steers_the_terminal_or_breaks_the_line() -> None:
    written = shown(Terminal(), "a\x1b[2J\n" + "b" * 500, seconds=2.0)
    assert written.count("\x1b") == 2
    assert "\n" not in written
    assert len(written) < 100


def test_it_is_wiped_where_the_work_fails() -> None:
    stream, clock = Terminal(), Clock()

    def failing() -> None:
        with progress(stream, "x", clock) as show:
            clock.now = 2.0
            show("y")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        failing()
    assert stream.getvalue().endswith("\r\x1b[K")
