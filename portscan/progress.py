"""A line at the terminal that says how far something is, once it lasts; it goes away when the work is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
