"""Who waits at a terminal is told what for; nobody else is."""

from __future__ import annotations

import signal
import time
from dataclasses import replace
from io import StringIO

import pytest

from portscan.terminal import Streams
from portscan.waiting import ERASE, waiting

LONGEST = 30.0  # seconds; only a timer that never rings takes so long

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no such timer")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def told(err: StringIO, **more: object) -> str:
    """What is said meanwhile, once something has been or nothing ever will be."""
    streams = replace(Streams(StringIO(), err), detail=str(more.pop("detail", "usual")))
    with waiting(streams, "reading files", moment=0.001, **more):  # type: ignore[arg-type]
        rings = signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0)
        end = time.monotonic() + LONGEST
        while rings and not err.getvalue() and time.monotonic() < end:
            pass
        return err.getvalue()


def test_at_a_terminal_it_is_said_and_taken_back() -> None:
    err = Terminal()
    assert told(err).startswith(f"{ERASE}portscan: reading files, 0 s")
    assert err.getvalue().endswith(ERASE)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_elsewhere_nothing_is_said() -> None:
    assert told(StringIO()) == ""
    assert told(Terminal(), quiet=True) == ""
    assert told(Terminal(), detail="quiet") == ""


def test_what_was_there_before_is_there_again() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(ValueError, match="the work failed"), waiting(Streams(StringIO(), Terminal()), "reading files"):
        raise ValueError("the work failed")
    assert signal.getsignal(signal.SIGALRM) == before
