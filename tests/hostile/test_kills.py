"""Killed, interrupted, beside another run: files are old or new, and whoever comes next can go on."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from portscan import journal
from portscan.cli import main
from portscan.edit import NewFile, write
from tests.caches import with_rules
from tests.judges import EXHAUSTIVE
from tools import kills

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes")
RUNS = 60 if EXHAUSTIVE else 8
INTERRUPTS = 30 if EXHAUSTIVE else 5
FIX = (sys.executable, "-m", "portscan", "scan", "--fix", "--unsafe-fixes", "-q")
START = "from portscan import __main__ as start; print('ready', flush=True); sys.exit(start.main())"
READY = (sys.executable, "-c", f"import sys; {START}", *FIX[3:])


def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(kills.TOP), "PORTSCAN_CACHE_DIR": with_rules(tmp_path / "cache")}


def example(folder: Path) -> Path:
    shutil.copytree(kills.EXAMPLE, folder)
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


@pytest.mark.parametrize("victim", kills.VICTIMS, ids=lambda victim: victim.name)
def test_nothing_is_lost_when_a_command_is_killed(victim: kills.Victim) -> None:
    counts = kills.killed(victim, RUNS, random.Random(1))
    assert counts["killed"] >= RUNS // 2  # half of them die for certain
    assert counts["lost"] == 0
    assert counts["killed"] == counts["old"] + counts["halfway"] + counts["new"]


def sabotaged() -> Counter[str]:
    return kills.killed(kills.VICTIMS[2], 40, random.Random(1))


def test_a_journal_that_is_not_kept_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal.Journal, "decide", lambda self, steps: None)
    assert sabotaged()["lost"] > 0


def test_a_file_that_is_written_in_place_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def take(step: journal.Step) -> None:
        target = Path(step.target)
        data = Path(step.scratch or "").read_bytes()
        target.write_bytes(b"")
        target.rename(target)  # a call to die in front of
        target.write_bytes(data)

    monkeypatch.setattr(journal, "take", take)
    assert sabotaged()["lost"] > 0


def test_two_runs_at_once_are_as_good_as_one(tmp_path: Path) -> None:
    alone, both = example(tmp_path / "alone"), example(tmp_path / "both")
    subprocess.run(FIX, cwd=alone, env=environment(tmp_path), capture_output=True, check=False)
    started = [
        subprocess.Popen(FIX, cwd=both, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        _, err = process.communicate()
        refused = "another portscan is writing here" in err or "changed while portscan ran" in err
        assert process.returncode in (0, 1) or (process.returncode == 2 and refused), err
    assert kills.tree(both) == kills.tree(alone)
    assert not journal.place(both).exists()


def test_an_interrupt_is_130_and_no_file_is_torn(tmp_path: Path) -> None:
    stage = kills.staged(tmp_path, kills.VICTIMS[0])
    chance = random.Random(2)
    for _ in range(INTERRUPTS):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
        process = subprocess.Popen(READY, cwd=stage.folder, env=environment(tmp_path), **options)  # type: ignore[call-overload]
        process.stdout.readline()
        time.sleep(0.01 + chance.random() * 2)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to git and the helpers as well
        _, err = process.communicate()
        assert b"Traceback" not in err
        assert as_a_shell_tells(process.returncode) in (0, 1, 130), err
        kills.run(("explain", "PS001"), stage.folder)
        assert kills.tree(stage.folder) in (stage.old, stage.new)
        kills.restore(stage.folder, stage.old)


@pytest.mark.skipif(os.name == "nt", reason="needs inodes")
def test_what_is_not_changed_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = example(tmp_path / "example")
    monkeypatch.chdir(root)
    before = {path: (path.stat(), path.read_bytes()) for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}
    main(["scan", "--fix", "-q"])
    same = [path for path, (_, data) in before.items() if path.read_bytes() == data]
    assert len(same) < len(before)
    for path in same:
        old, new = before[path][0], path.stat()
        assert (new.st_ino, new.st_mtime_ns, new.st_ctime_ns) == (old.st_ino, old.st_mtime_ns, old.st_ctime_ns)
    for path in before.keys() - same:
        assert (path.stat().st_mode, path.stat().st_uid) == (before[path][0].st_mode, before[path][0].st_uid)


@pytest.mark.skipif(os.name == "nt", reason="needs hard links")
def test_the_other_name_of_a_file_keeps_what_it_had(tmp_path: Path) -> None:
    """A file is replaced and not written into, or a kill would leave half of it: another name outside stays with the old one."""
    root = tmp_path / "repository"
    root.mkdir()
    (root / "a").write_bytes(b"old")
    os.link(root / "a", tmp_path / "other")
    write(root, root, [NewFile("a", b"old", b"new")])
    assert ((root / "a").read_bytes(), (tmp_path / "other").read_bytes()) == (b"new", b"old")


def as_a_shell_tells(status: int) -> int:
    """The exit status; 128 and the signal for a process that one ended, as Python is when it is interrupted at its very end."""
    return status if status >= 0 else 128 - status
