"""A word at the terminal while something takes longer than a moment; none in a hook, in a pipe, or where it should be quiet."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portscan.terminal import Streams

MOMENT = 1.0  # seconds
ERASE = "\r\x1b[K"


@contextmanager
def waiting(streams: Streams, what: str, *, quiet: bool = False, moment: float = MOMENT) -> Iterator[None]:
    """Say `what` is being done, and for how many seconds, as long as the block runs; the line is gone when it ends.

    The system's timer asks for the word, so that nothing has to stop for it; where there is no such timer there is no word.
    """
    if quiet or streams.detail == "quiet" or not streams.err.isatty():
        yield
        return
    import signal
    from threading import current_thread, main_thread
    from time import monotonic

    if not hasattr(signal, "setitimer") or current_thread() is not main_thread():
        yield
        return
    begun, told = monotonic(), []

    def tell(*_: object) -> None:
        told.append(what)
        with suppress(OSError, RuntimeError):  # the terminal is gone, or somebody else is writing to it
            streams.err.write(f"{ERASE}portscan: {what}, {monotonic() - begun:.0f} s")
            streams.err.flush()

    before = signal.signal(signal.SIGALRM, tell)
    signal.setitimer(signal.ITIMER_REAL, moment, moment)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if told:
            streams.err.write(ERASE)
            streams.err.flush()
