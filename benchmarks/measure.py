"""Runs of whole processes: wall time and peak memory, contenders in turn, medians."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Contender:
    """A command and where it runs. `statuses` are the exit statuses of a run that did its job.

    `every` says that only each n-th round runs it: what takes a minute need not be run ten times. `before` is called
    ahead of each run, and its time does not count.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    statuses: frozenset[int] = frozenset((0, 1))
    every: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds on the wall, and the most memory that one of its processes held, in MiB."""

    seconds: float
    peak: float


@dataclass(frozen=True, slots=True)
class Result:
    """The runs of a contender."""

    name: str
    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        """The median time of a run, in seconds."""
        return median(run.seconds for run in self.runs)

    @property
    def peak(self) -> float:
        """The median of the peak memory, in MiB."""
        return median(run.peak for run in self.runs)


class Failed(Exception):
    """A contender did not do its job, so that its time says nothing."""


def race(contenders: Sequence[Contender], rounds: int) -> dict[str, Result]:
    """Every contender `rounds` times, in turn, so that a busy minute of the machine hits all of them alike."""
    runs: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    for contender in contenders:
        _run(contender)  # the first run fills caches, and is thrown away
    for number in range(rounds):
        for contender in _turned(contenders, number):
            if number % contender.every == 0:
                runs[contender.name].append(_run(contender))
    return {name: Result(name, tuple(found)) for name, found in runs.items()}


def _turned(contenders: Sequence[Contender], number: int) -> Iterable[Contender]:
    """The contenders, beginning with another one in each round."""
    start = number % len(contenders)
    return (*contenders[start:], *contenders[:start])


def _run(contender: Contender) -> Run:
    if contender.before is not None:
        contender.before()
    started = time.perf_counter()
    process = subprocess.Popen(
        contender.command,
        cwd=contender.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **contender.environment},
    )
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode not in contender.statuses:
        raise Failed(f"{contender.name}: exit status {process.returncode}\n{complaint.decode(errors='replace')[-2000:]}")
    return Run(seconds, _mebibytes(usage))


def _mebibytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
