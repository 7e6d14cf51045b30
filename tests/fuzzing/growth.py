"""How much longer something takes when it is given twice as much: never a time, always the relation of two."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

TWICE, IN_A_ROW = 3.2, 2  # twice as much may take so many times as long, and not more so often one after the other
TRIES = 3
TELLING = 0.004  # CPU seconds; what takes less says nothing yet
LARGEST = 1 << 18


def seconds(run: Callable[[], object]) -> float:
    """CPU seconds of the fastest of a few runs."""
    best = float("inf")
    for _ in range(TRIES):
        begin = time.process_time()
        run()
        taken = time.process_time() - begin
        best = min(best, taken)
        if taken > 50 * TELLING:
            break  # so long that what else the machine does no longer counts
    return best


def grows(run: Callable[[int], object], size: int, largest: int = LARGEST) -> list[float]:
    """The relations at which a run became clearly more than linear; empty where it never did."""
    found: list[float] = []
    before = 0.0
    for taken in _sizes(run, size, largest):
        ratio = taken / before if before > TELLING else 0.0
        found = [*found, ratio] if ratio > TWICE else []
        if len(found) >= IN_A_ROW:
            return found
        before = taken
    return []


def _sizes(run: Callable[[int], object], size: int, largest: int) -> Iterator[float]:
    while size <= largest:
        taken = seconds(lambda size=size: run(size))
        yield taken
        size *= 2
        if taken > 100 * TELLING and size > largest // 16:
            return
