"""Work that is spread over processes: nothing is lost, nothing is done twice, and failures are told."""

from __future__ import annotations

import errno
import gc
import os
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from portscan.pipeline import spread as module
from portscan.pipeline.spread import beside, processors, spread

MANY = list(range(1_000))
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


@pytest.mark.parametrize("jobs", [None, 1, 2, 3, 8])
@pytest.mark.parametrize("count", [0, 1, 7, 199, 200, 1_000])
def test_every_thing_is_done_once(jobs: int | None, count: int) -> None:
    assert sorted(result for result, _ in spread(MANY[:count], square, jobs)) == [n * n for n in MANY[:count]]


@forking
def test_several_processes_share_the_work() -> None:
    def slow(number: int) -> int:
        signal.sigtimedwait((), 0.001)
        return os.getpid() if number else 0

    assert len(set(spread(MANY[:300], slow, 2)) - {0}) == 2


@forking
@pytest.mark.parametrize("jobs", [2, 3])
def test_what_comes_first_is_left_to_a_helper(jobs: int) -> None:
    assert dict(spread(MANY, square, jobs))[0] != os.getpid()


def test_few_things_stay_in_this_process() -> None:
    assert {pid for _, pid in spread(MANY[:50], square, 8)} == {os.getpid()}


def test_one_job_stays_in_this_process() -> None:
    assert {pid for _, pid in spread(MANY, square, 1)} == {os.getpid()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised(jobs: int) -> None:
    def refuse(number: int) -> int:
        raise ValueError(f"not {number % 1}")

    with pytest.raises(ValueError, match="not 0"):
        list(spread(MANY, refuse, jobs))


@forking
def test_what_a_killed_process_had_to_do_is_done_by_its_parent() -> None:
    parent = os.getpid()

    def fatal(number: int) -> int:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert sorted(spread(MANY, fatal, 3)) == MANY


@forking
def test_results_may_be_larger_than_a_pipe() -> None:
    assert sum(len(text) for text in spread(MANY, lambda number: "x" * 10_000 + str(number)[:0], 2)) == 10_000_000


def test_without_fork_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(module.os, "fork", raising=False)
    assert {pid for _, pid in spread(MANY, square, 4)} == {os.getpid()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_collector_is_on_again_afterwards(jobs: int) -> None:
    list(spread(MANY, square, jobs))
    assert gc.isenabled()


@forking
def test_no_process_and_no_pipe_is_left() -> None:
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    list(spread(MANY, square, 4))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    if before:
        assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_there_is_a_processor() -> None:
    assert processors() > 0


@forking
def test_what_goes_wrong_in_one_process_ends_the_others() -> None:
    def interrupted(number: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(spread(MANY, interrupted, 3))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@forking
def test_what_is_done_beside_is_done_in_a_process_of_its_own() -> None:
    with beside(os.getpid, 2) as result:
        assert result() != os.getpid()
    with beside(os.getpid, 1) as result:
        assert result() == os.getpid()


@forking
def test_a_failure_beside_is_raised_where_its_result_is_asked_for() -> None:
    def failing() -> None:
        raise LookupError("beside")

    with beside(failing, 2) as result, pytest.raises(LookupError, match="beside"):
        result()


@forking
def test_a_helper_that_is_killed_has_its_work_done_by_who_asks() -> None:
    parent = os.getpid()

    def dying() -> int:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    with beside(dying, 2) as result:
        assert result() == parent


@forking
def test_a_helper_whose_result_nobody_asks_for_is_ended(tmp_path: Path) -> None:
    def endless() -> None:
        (tmp_path / "pid").write_text(str(os.getpid()))
        signal.pause()

    def raising() -> None:
        with beside(endless, 2):
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
                signal.sigtimedwait((), 0.001)
            raise LookupError

    with pytest.raises(LookupError):
        raising()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@forking
@pytest.mark.parametrize("room", [0, 1, 2])
def test_where_the_system_has_no_room_for_more_processes_there_are_fewer(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    left, fork = [None] * room, os.fork

    def limited() -> int:
        if not left:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        left.pop()
        return fork()

    monkeypatch.setattr(os, "fork", limited)
    before = len(list(Path("/dev/fd").iterdir()))
    assert sorted(result for result, _ in spread(MANY, square, 4)) == [n * n for n in MANY]
    with beside(os.getpid, 2) as result:
        assert result() == os.getpid()
    assert len(list(Path("/dev/fd").iterdir())) == before


@forking
def test_helpers_of_a_process_that_was_killed_do_not_go_on_for_long() -> None:
    alive, held = os.pipe()

    def slow(number: int) -> int:
        os.write(held, b".")
        time.sleep(0.02)
        return number

    pid = os.fork()
    if not pid:
        list(spread(MANY, slow, 3))
        os._exit(0)
    os.close(held)
    os.read(alive, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    end = time.monotonic() + 4
    while select.select((alive,), (), (), max(end - time.monotonic(), 0))[0] and os.read(alive, 1 << 16):
        pass
    os.close(alive)
    assert time.monotonic() < end


@forking
@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell nobody that a pipe has lost its reader")
def test_a_helper_ends_in_the_midst_of_its_work_when_nobody_waits_for_it() -> None:
    alive, held = os.pipe()

    def endless() -> None:
        os.write(held, b".")
        while True:
            time.sleep(60)

    pid = os.fork()
    if not pid:
        with beside(endless, 2):
            time.sleep(60)
        os._exit(0)
    os.close(held)
    assert os.read(alive, 1) == b"."
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert select.select((alive,), (), (), 10)[0]
    assert os.read(alive, 1) == b""
    os.close(alive)
