"""Work that a repository asks for, within bounds: nothing that a file says may keep a machine busy or eat its memory.

Time is that of the processor, so that a loaded machine gives no other answer than an idle one, but where another machine is
waited for. Where the system has no such timers or limits, as on Windows, work is not bounded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class TooMuch(Exception):
    """The work has taken what it was given, and is not done."""


@contextmanager
def seconds(most: float) -> Iterator[None]:
    """Let what is done here take so many seconds of the processor; `TooMuch` is raised in its midst then.

    Python looks at signals also within a regular expression. Only the main thread gets any: elsewhere there is no bound.
    """
    with _timed("VIRTUAL", "SIGVTALRM", most):
        yield


@contextmanager
def patience(most: float) -> Iterator[None]:
    """Wait so many seconds by the clock for what is done here; `TooMuch` is raised in its midst then."""
    with _timed("REAL", "SIGALRM", most):
        yield


@contextmanager
def _timed(timer: str, alarm: str, most: float) -> Iterator[None]:
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    which, told = getattr(signal, f"ITIMER_{timer}"), getattr(signal, alarm)
    before = signal.signal(told, _stop)
    signal.setitimer(which, most)
    try:
        yield
    finally:
        signal.setitimer(which, 0)
        signal.signal(told, before)


def _stop(*_: object) -> None:
    raise TooMuch


def apart(work: Callable[[], bytes], most: int, memory: int, patience: int) -> bytes:
    """What `work` makes in a process of its own, which may take `most` seconds of the processor and so many bytes of memory.

    `TooMuch` when it takes more, or is not done after the seconds of `patience`. `work` tells of its own failures in what it
    makes; the process ends without a word when it raises.
    """
    if not hasattr(os, "fork"):
        return work()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        _worked(work, writing, most, memory, patience)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        made = pipe.read()
    if os.waitpid(pid, 0)[1]:
        raise TooMuch
    return made


def _worked(work: Callable[[], bytes], writing: int, most: int, memory: int, patience: int) -> None:
    """The life of the process: nothing that happens here may return into the caller's code a second time."""
    import signal
    from resource import RLIMIT_AS, RLIMIT_CPU, setrlimit

    status = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.alarm(patience)
        for limit, value in ((RLIMIT_CPU, most), (RLIMIT_AS, memory)):
            with suppress(ValueError, OSError):  # less is allowed already
                setrlimit(limit, (value, value))
        made = work()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(made)
        status = 0
    finally:
        os._exit(status)
