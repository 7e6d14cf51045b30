"""A line that says how far work is: only where somebody looks, only when it lasts, and never left behind."""

from __future__ import annotations

import signal
import time
from io import StringIO

import pytest

from portscan.console.progress import progress, ticking


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


LONGEST = 30.0  # seconds; only a timer that never rings takes so long
OFF = (0.0, 0.0)
timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no such timer")


def ticked(stream: StringIO, *, quiet: bool = False) -> str:
    """What is shown of work without steps that has lasted five seconds, once something is or nothing ever will be."""
    clock = Clock()
    with ticking(stream, "portscan scan", quiet=quiet, every=0.001, clock=clock):
        clock.now, end = 5.0, time.monotonic() + LONGEST
        while signal.getitimer(signal.ITIMER_REAL) != OFF and not stream.getvalue() and time.monotonic() < end:
            pass
    return stream.getvalue()


@timer
def test_work_without_steps_tells_its_seconds() -> None:
    before = signal.getsignal(signal.SIGALRM)
    text = ticked(Terminal())
    assert text.startswith("\r\x1b[Kportscan scan: 5 s")
    assert text.endswith("\r\x1b[K")
    assert (signal.getitimer(signal.ITIMER_REAL), signal.getsignal(signal.SIGALRM)) == (OFF, before)


@timer
@pytest.mark.parametrize(("stream", "quiet"), [(StringIO(), False), (Terminal(), True)])
def test_nobody_else_is_told_of_it(stream: StringIO, quiet: bool) -> None:
    assert ticked(stream, quiet=quiet) == ""
