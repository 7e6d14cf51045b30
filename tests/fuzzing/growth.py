"""How much longer something takes when it is given twice as much: never a time, always the relation of two."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

# Twice as much may take so many times as long; more than that two times in a row is clearly more than linear.
TWICE = 3.2
TRIES = 3
TELLING = 0.003  # CPU seconds; what takes less says nothing yet, and what takes a hundred times as much says it at once


def seconds(run: Callable[[], object], tries: int = TRIES) -> float:
    """CPU seconds of the fastest of a few runs."""
    best = float("inf")
    for _ in range(tries):
        begin = time.process_time()
        run()
        best = min(best, time.process_time() - begin)
        if best > 100 * TELLING:
            break
    return best


def superlinear(run: Callable[[int], object], sizes: Sequence[int]) -> list[float]:
    """How long the `sizes`, each twice the one before, took, if that grew clearly more than they did; else nothing."""
    quick = _measured(run, sizes, 1)
    return _measured(run, sizes, TRIES) if quick else []


def _measured(run: Callable[[int], object], sizes: Sequence[int], tries: int) -> list[float]:
    times = [seconds(lambda size=size: run(size), tries) for size in sizes[-1:]]
    if times[0] < 4 * TELLING:
        return []  # so little for the largest of them
    times = [*(seconds(lambda size=size: run(size), tries) for size in sizes[:-1]), *times]
    told = [time for time in times if time >= TELLING / 4]
    ratios = [after / before for before, after in pairwise(told)]
    return times if len(ratios) > 1 and min(ratios[-2:]) > TWICE else []
