"""Kill portscan while it writes, again and again, and see that nothing is ever lost: figures for docs/reliability.md.

usage: kills.py [--runs N] [--seed N] [--only NAME | --write]

Every command that writes runs on a copy of the example, in a process of its own that ends without a word, as after `kill -9`:
half of the time in front of a system call that changes the disk, chosen at random, else at a random moment of the write. Then
every file must be as it was or as it was to be, and the next command must leave all of them the one or the other, and no trace.
With --write the table in docs/reliability.md is replaced.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from portscan.cli import main as portscan
from portscan.journal import FOLDER

TOP = Path(__file__).resolve().parent.parent
EXAMPLE = TOP / "examples" / "tradingsystem"
REGISTRY = "config/ports/registry.yaml"
DOCUMENT = TOP / "docs" / "reliability.md"
TABLE = re.compile(r"(?<=<!-- kills: made by `python -m tools.kills --write` -->\n).*?(?=<!-- end of kills -->)", re.DOTALL)
CHANGES = frozenset(("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "os.utime", "os.truncate"))
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
MOVED = re.compile(rb"(?m)^(    port: 310)3$")
NEW = ("new", "metrics", "--stack", "frontend", "--yes", "--sync")

Tree = Mapping[str, tuple[bytes, int]]


@dataclass(frozen=True, slots=True)
class Victim:
    """A command that writes, and what is done to the example before it has anything to write."""

    name: str
    arguments: tuple[str, ...]
    before: Callable[[Path], None] = field(default=lambda _folder: None)


def _renumber(folder: Path) -> None:
    file = folder / REGISTRY
    file.write_bytes(MOVED.sub(rb"\g<1>4", file.read_bytes(), count=1))


def _unregistered(folder: Path) -> None:
    (folder / REGISTRY).unlink()


VICTIMS = (
    Victim("scan --fix", ("scan", "--fix", "--unsafe-fixes", "--jobs", "1")),
    Victim("scan --write-baseline", ("scan", "--write-baseline", "--jobs", "1")),
    Victim("sync", ("sync",), _renumber),
    Victim("migrate", ("migrate", "--yes", "dashboard", "3190")),
    Victim("new", NEW),
    Victim("edit", ("edit", "dashboard", "--owner", "Web", "--container-port", "8080", "--sync")),
    Victim("rename", ("rename", "dashboard", "board", "--rename-variable", "--sync", "--force")),
    Victim("remove", ("remove", "dashboard", "--sync", "--force")),
    Victim("init", ("init", "--yes", "--owner", "Web", "--ci", "github"), _unregistered),
)


def main() -> int:
    """Kill every command, print a table, and exit with 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100, help="how often each command is killed (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="NAME", help="this command alone")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reliability.md")
    args = parser.parse_args()
    if args.write and args.only:
        parser.error("the table is of all commands: --write goes without --only")
    victims = [victim for victim in VICTIMS if args.only in (None, victim.name)]
    found = {victim.name: killed(victim, args.runs, random.Random(args.seed)) for victim in victims}  # noqa: S311
    print(table(found), end="")
    if args.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(TABLE.sub(lambda _: f"\n{table(found)}", text), encoding="utf-8")
    return 1 if any(counts["lost"] for counts in found.values()) else 0


def table(found: Mapping[str, Counter[str]]) -> str:
    """What became of the runs, a line for each command."""
    kinds = ("killed", "old", "halfway", "new", "lost")
    lines = [
        "| command | killed | all files old | halfway, finished by the next command | all files new | lost or torn |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(f"| `{name}` | {' | '.join(f'{counts[kind]:,}' for kind in kinds)} |" for name, counts in found.items()),
    ]
    return "\n".join((*lines, ""))


def killed(victim: Victim, runs: int, chance: random.Random) -> Counter[str]:
    """What became of so many runs of a command that were killed while it wrote."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="portscan-kills-") as name:
        stage = staged(Path(name), victim)
        for end in stage.killed(stage.moments(runs, chance)):
            kind = end.partition(":")[0]
            counts.update(("killed", kind) if kind else ())
            if kind == "lost":
                print(f"{victim.name}: {end}", file=sys.stderr)
    return counts


class Moment(NamedTuple):
    """When to die: in front of this call that changes the disk, or else so many seconds after the first one."""

    call: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A repository on which a command is run and killed: what it is like before and after, and what writing takes."""

    folder: Path
    arguments: tuple[str, ...]
    old: Tree
    new: Tree
    calls: int
    seconds: float

    def moments(self, runs: int, chance: random.Random) -> list[Moment]:
        """So many moments of the write."""
        calls = (Moment(chance.randint(1, self.calls), 0.0) for _ in range(runs // 2))
        return [*calls, *(Moment(0, chance.random() * self.seconds) for _ in range(runs - runs // 2))]

    def killed(self, moments: Sequence[Moment]) -> list[str]:
        """How the files were left each time: "old", "halfway" or "new"; "lost: …" says what is wrong, "" that it got away."""
        results = self.folder.parent / "results"
        results.write_text("", encoding="utf-8")

        def deaths(watch: Watch) -> None:
            """All deaths from one plan: each time, a process of its own goes on from here, and is killed."""
            for moment in moments:
                pid = os.fork()
                if not pid:
                    watch.die(moment)
                    return
                status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                with results.open("a", encoding="utf-8") as file:
                    file.write(f"{self._judged() if status < 0 else ''}\n")
                restore(self.folder, self.old)
            os._exit(0)

        run(self.arguments, self.folder, Watch(self.folder, deaths))
        return results.read_text(encoding="utf-8").splitlines()

    def _judged(self) -> str:
        left = tree(self.folder)
        torn = [path for path in {*left, *self.old, *self.new} if left.get(path) not in (self.old.get(path), self.new.get(path))]
        if torn:
            return f"lost: {torn} are neither old nor new"
        run(("explain", "PS001"), self.folder)
        now = tree(self.folder)
        if now not in (self.old, self.new) or _traces(self.folder):
            return f"lost: the next command left {_traces(self.folder) or 'some files old'}"
        return "old" if now == self.old else "new" if left == self.new else "halfway"


def staged(folder: Path, victim: Victim) -> Stage:
    """The example, and what the command makes of it when nobody disturbs it."""
    repository, count = folder / "repository", folder / "count"
    shutil.copytree(EXAMPLE, repository)
    subprocess.run(["git", "init", "-q", repository], check=True)
    victim.before(repository)
    old = tree(repository)
    watch = Watch(repository, lambda _watch: None)
    run(victim.arguments, repository, watch, lambda: count.write_text(f"{watch.calls} {monotonic() - watch.began}"))
    calls, seconds = count.read_text(encoding="utf-8").split()
    new = tree(repository)
    assert old != new, victim.name
    restore(repository, old)
    return Stage(repository, victim.arguments, old, new, int(calls), float(seconds))


class Watch:
    """An audit hook, which Python tells of every system call beforehand; `first` happens at the first that changes `folder`."""

    def __init__(self, folder: Path, first: Callable[[Watch], None]) -> None:
        self.folder, self.first = str(folder), first
        self.calls, self.began, self.last = 0, 0.0, 0
        self.busy = False

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """A call is to be made."""
        writes = event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING)
        if self.busy or not writes or not os.fsdecode(str(arguments[0])).startswith(self.folder):
            return
        self.calls += 1
        if self.calls == 1:
            self.began, self.busy = monotonic(), True
            self.first(self)
            self.busy = False
        if self.calls == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def die(self, moment: Moment) -> None:
        """Let this process end then."""
        self.last = moment.call
        if not moment.call:
            signal.setitimer(signal.ITIMER_REAL, max(moment.seconds, 1e-6))


def run(arguments: Sequence[str], folder: Path, watch: Watch | None = None, at_end: Callable[[], object] = int) -> int:
    """The exit status of portscan in a process of its own, less than 0 when it was killed."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 99
    try:
        os.chdir(folder)
        os.environ["PORTSCAN_CACHE_DIR"] = str(folder.parent / "cache")
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        if watch:
            sys.addaudithook(watch)
        status = portscan(arguments)
        at_end()
    finally:
        os._exit(status)


def restore(folder: Path, wanted: Tree) -> None:
    """Make the files what they were, and take away what a write has left."""
    now = tree(folder)
    for path in {*now, *wanted}:
        if path not in wanted:
            (folder / path).unlink()
        elif now.get(path) != wanted[path]:
            data, mode = wanted[path]
            (folder / path).write_bytes(data)
            (folder / path).chmod(mode & 0o7777)
    shutil.rmtree(folder / ".git" / "portscan-write", ignore_errors=True)


def tree(folder: Path) -> Tree:
    """Every file but git's and portscan's own, with its bytes and its mode."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not {".git", FOLDER} & set(path.parts))
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode) for path in files}


def _traces(folder: Path) -> list[str]:
    """What is left of a write."""
    return [path.name for path in folder.rglob("*portscan-*") if not path.name.startswith("portscan-baseline")]


if __name__ == "__main__":
    raise SystemExit(main())
