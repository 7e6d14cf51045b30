"""A line at the terminal that says how far something is, once it lasts; it goes away when the work is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from portscan.terminal import printable, watched, width_of

PATIENCE = 1.0  # seconds in which nobody asks
WIPED = "\r\x1b[K"


@contextmanager
def progress(stream: TextIO, what: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[str], None]]:
    """What shows a text behind `what` as long as the work lasts; nothing where nobody watches."""
    begun, shown = clock(), False

    def show(text: str) -> None:
        nonlocal shown
        if watched(stream) and clock() - begun >= PATIENCE:
            shown = True
            stream.write(f"{WIPED}{printable(f'{what}: {text}')[: width_of(stream) - 1]}")
            stream.flush()

    try:
        yield show
    finally:
        if shown:
            stream.write(WIPED)
            stream.flush()


@contextmanager
def ticking(
    stream: TextIO, what: str, *, quiet: bool = False, every: float = PATIENCE, clock: Callable[[], float] = time.monotonic
) -> Iterator[None]:
    """The same for work that has no steps to tell of: the seconds that it has lasted, each time the system's timer rings.

    Nothing has to stop for it. Where there is no such timer, or where it should be `quiet`, nothing is shown.
    """
    if quiet or not watched(stream):
        yield
        return
    import signal
    from threading import current_thread, main_thread

    if not hasattr(signal, "setitimer") or current_thread() is not main_thread():
        yield
        return
    begun = clock()
    with progress(stream, what, clock) as show:

        def ring(*_: object) -> None:
            with suppress(OSError, RuntimeError):  # the terminal is gone, or somebody else is writing to it
                show(f"{clock() - begun:.0f} s")

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, every, every)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
