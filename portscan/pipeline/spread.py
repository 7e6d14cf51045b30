"""Work on many things at once: in forked processes where the system has them and the work is worth it, else one by one.

A forked process has everything that its parent has, so nothing has to be sent to it; it takes chunks of the work from a
pipe as long as there are any, and sends its results back when there are no more. The parent works along, but for the first chunk:
it holds what all of them find in the end, and what comes first may take the most memory.
"""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, takewhile
from typing import Any, Generic, TypeVar

from portscan.records import dataclass

T = TypeVar("T")
R = TypeVar("R")

LEAST = 100  # things for which a process of its own pays
CHUNKS = 250  # at most: the number of a chunk is one byte
BLOCK = 1 << 20


def spread(things: Sequence[T], work: Callable[[T], R], jobs: int | None = None, least: int = LEAST) -> Iterator[R]:
    """The results of `work` for all `things`, in any order, by at most `jobs` processes (as many as there are processors).

    A process of its own pays for `least` things. What `work` raises is raised here. A process that is killed meanwhile has
    its share done by the parent.
    """
    processes = min(jobs or processors(), len(things) // least)
    with _undisturbed():
        if processes < 2 or not hasattr(os, "fork"):
            yield from map(work, things)
        else:
            yield from _Team(things, work, _chunks(len(things), processes)).results(processes - 1)


@contextmanager
def beside(work: Callable[[], R], jobs: int | None = None) -> Iterator[Callable[[], R]]:
    """Begin `work` in a process of its own, where there may be several, and hand out what gets its result.

    Without such a process, or where it is killed or the system has no room for it, the work is done when its result is asked for.
    """
    if (jobs or processors()) < 2 or not hasattr(os, "fork"):
        yield work
        return
    helper: list[tuple[int, int]] = []
    _begin(helper, lambda: (work(),), 1)

    def result() -> R:
        answer = _collected(*helper.pop()) if helper else ()
        if isinstance(answer, Exception):
            raise answer
        found: R = answer[0] if answer else work()
        return found

    try:
        yield result
    finally:
        for pid, answer in helper:
            _ended(pid, answer)


def processors() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the garbage collector: what is made here is kept, and in forked processes a collection would copy all memory."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _chunks(count: int, processes: int) -> tuple[range, ...]:
    """Chunks that are small enough for all processes to end at about the same time."""
    size = -(-count // min(CHUNKS, processes * 24))
    return tuple(range(start, min(start + size, count)) for start in range(0, count, size))


@dataclass(frozen=True, slots=True)
class _Team(Generic[T, R]):
    things: Sequence[T]
    work: Callable[[T], R]
    chunks: tuple[range, ...]

    def results(self, helpers: int) -> Iterator[R]:
        first, tokens = _pipe_of(bytes(1)), _pipe_of(bytes(range(1, len(self.chunks))))
        started: list[tuple[int, int]] = []
        parent = os.getpid()

        def wanted(_: object) -> bool:
            """Whether there is still a parent: what is killed tells its helpers nothing."""
            return os.getppid() == parent

        try:
            _begin(started, lambda: dict(takewhile(wanted, self._share(first, tokens))), helpers)
            done = dict(self._share(tokens))
        except BaseException:
            for pid, answer in started:
                _ended(pid, answer)
            raise
        finally:
            os.close(first)
            os.close(tokens)
        for answer in [_collected(pid, pipe) for pid, pipe in started]:
            if isinstance(answer, Exception):
                raise answer
            done.update(answer)
        left = (number for number in range(len(self.chunks)) if number not in done)
        yield from chain.from_iterable(done.values())
        yield from chain.from_iterable(map(self._do, left))

    def _share(self, *tokens: int) -> Iterator[tuple[int, list[R]]]:
        """The chunks that this process gets hold of, done."""
        for pipe in tokens:
            while token := os.read(pipe, 1):
                yield token[0], self._do(token[0])

    def _do(self, number: int) -> list[R]:
        return [self.work(self.things[index]) for index in self.chunks[number]]


def _begin(started: list[tuple[int, int]], work: Callable[[], object], number: int) -> None:
    """Add so many helpers that do some work to those that are `started`, or as many as the system has room for."""
    with suppress(OSError):
        started.extend(_forked(work) for _ in range(number))


def _forked(work: Callable[[], object]) -> tuple[int, int]:
    """A helper that does some work: its process, and where its results come from."""
    answer, own = os.pipe()
    try:
        pid = _child()
    except OSError:
        os.close(answer)
        os.close(own)
        raise
    if pid:
        os.close(own)
        return pid, answer
    status = 1
    try:  # nothing that happens here may return into the caller's code a second time
        os.close(answer)
        gc.disable()
        _tie(own, True)
        results = _pickled(work)
        _tie(own, False)  # what the parent reads would end it as well
        _send(own, results)
        status = 0
    finally:
        os._exit(status)


def _tie(pipe: int, tied: bool) -> None:
    """Whether the system ends this process when nobody is left to read from a pipe, as when the parent is killed. Linux can."""
    with suppress(ImportError, AttributeError, OSError):
        from fcntl import F_GETFL, F_SETFL, F_SETOWN, fcntl

        fcntl(pipe, F_SETOWN, os.getpid())
        flags = fcntl(pipe, F_GETFL)
        fcntl(pipe, F_SETFL, flags | os.O_ASYNC if tied else flags & ~os.O_ASYNC)


def _child() -> int:
    with warnings.catch_warnings():  # newer Pythons warn where a caller has threads; none of them is needed in the helper
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _pickled(work: Callable[[], object]) -> bytes:
    """The results of the work, or what it has raised."""
    import pickle  # slow to load, and only needed where work is shared

    try:
        return pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps(error, pickle.HIGHEST_PROTOCOL)


def _pipe_of(content: bytes) -> int:
    """A pipe that holds `content` and nothing more to come."""
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    return reading


def _send(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _collected(pid: int, answer: int) -> Any:
    """What a helper has done, or what went wrong there; nothing when it was ended before it could say so."""
    import pickle

    with open(answer, "rb", buffering=BLOCK) as pipe:
        data = pipe.read()
    _, status = os.waitpid(pid, 0)
    return {} if status else pickle.loads(data)  # noqa: S301  (our own process wrote it)


def _ended(pid: int, answer: int) -> None:
    """End a helper whose results nobody wants any more."""
    from signal import SIGKILL  # a hook ends nobody

    os.kill(pid, SIGKILL)
    os.close(answer)
    os.waitpid(pid, 0)
