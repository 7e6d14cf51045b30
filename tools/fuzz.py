"""Fuzz the parts of portscan that read what others write, guided by coverage (atheris): `make fuzz FUZZ_SECONDS=600`.

usage: fuzz.py [--seconds N | --runs N] [--from DIRECTORY…] [--only LANGUAGE…] [--fresh] [TARGET…]
       fuzz.py --write

Every target runs in a process of its own, one after the other, from the files of the repository and of each DIRECTORY. What
was learnt is kept in `.venv/fuzz/TARGET` and taken up the next time, unless the start is to be `--fresh`. An input that
breaks an invariant (`tests/fuzzing/invariants.py`) is kept in `.venv/fuzz/faults`; mended, it belongs into
`tests/fixtures/fuzzing`. With `--write` figures go into docs/reliability.md: those of the newest code that a target tried.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from traceback import extract_tb
from typing import Any

TOP = Path(__file__).resolve().parent.parent
PLACE = TOP / ".venv" / "fuzz"
LOG, FAULTS = PLACE / "log.jsonl", PLACE / "faults"
PAGE = TOP / "docs" / "reliability.md"
FIGURES = re.compile(r"(?<=<!-- figures of fuzzing -->\n).*?(?=<!-- end of the figures of fuzzing -->)", re.DOTALL)
LONGEST = 8192  # bytes of an input
SLOW = 6.0  # CPU seconds; an input so short that takes as long is a fault
HANGING = 300  # seconds by the clock until libFuzzer ends the process, which may have to wait for others
REPORTING = 200  # runs


@dataclass(slots=True)
class Tally:
    """What one run of a target came to."""

    target: str
    runs: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    code: str = ""  # what was tried: the commit that changed it last


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz what the arguments name; 1 when anything does not hold."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="those of tests/fuzzing/targets.py; all when none is named")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--seconds", type=int, default=0, help="for each target")
    amount.add_argument("--runs", type=int, default=0, help="for each target")
    parser.add_argument("--from", dest="further", action="append", default=[], type=Path, metavar="DIRECTORY")
    parser.add_argument("--only", action="append", default=[], metavar="LANGUAGE")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs learnt")
    parser.add_argument("--write", action="store_true", help="write the figures so far into docs/reliability.md")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.write:
        return written()
    if given.child:
        return fuzzed(given)
    from tests.fuzzing.targets import TARGETS  # not sooner: the child has to instrument what this imports

    unknown = set(given.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no target is called {', '.join(sorted(unknown))}")
    tallies = [run(target, given) for target in given.targets or TARGETS]
    return int(any(tally.faults for tally in tallies))


def run(target: str, given: argparse.Namespace) -> Tally:
    """Fuzz one target in a process of its own."""
    FAULTS.mkdir(parents=True, exist_ok=True)
    code = tried_code()  # before the run: somebody may go on writing meanwhile
    with tempfile.TemporaryDirectory() as scratch:
        told = Path(scratch) / "tally.json"
        command = [sys.executable, __file__, "--child", str(told), target, *_amount(given)]
        command += [f"--from={each}" for each in given.further] + [f"--only={each}" for each in given.only]
        done = subprocess.run([*command, *(["--fresh"] if given.fresh else ())], capture_output=True, check=False)
        tally = Tally(**json.loads(told.read_bytes())) if told.exists() else Tally(target)
        if done.returncode and not tally.faults:
            tally.faults.append(done.stderr[-2000:].decode("utf-8", "replace"))
    tally.code = code
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps(asdict(tally)) + "\n")
    print(f"{target}: {tally.runs:,} inputs in {tally.seconds:.0f} s, {len(tally.faults)} faults", flush=True)
    for fault in tally.faults:
        print(f"  {fault}", flush=True)
    return tally


def tried_code() -> str:
    """The commit that changed portscan or its rules last, marked where they are not as they were committed."""
    ours = ("--", "portscan", "rules")
    commit, changed = (
        subprocess.run(["git", *command, *ours], cwd=TOP, capture_output=True, text=True, check=True).stdout.strip()
        for command in (["log", "-1", "--format=%h"], ["status", "--porcelain"])
    )
    return f"{commit}, changed" if changed else commit


def _amount(given: argparse.Namespace) -> tuple[str, ...]:
    return ("--seconds", str(given.seconds)) if given.seconds else ("--runs", str(given.runs or 2000))


def fuzzed(given: argparse.Namespace) -> int:
    """The child: libFuzzer's loop. What does not hold is written down, once for each place, and the loop goes on."""
    import atheris

    with atheris.instrument_imports(include=["portscan"]):
        from tests.fuzzing import targets
    (target,) = given.targets
    further = tuple(path.resolve() for path in given.further)
    start = [seed for seed in targets.TARGETS[target].seeds(further) if len(targets.joined(seed)) <= LONGEST]
    chosen = [seed for seed in start if not given.only or _language(seed) in given.only]
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) if given.fresh or given.only else PLACE / target
        for data in map(targets.joined, chosen):
            _kept(corpus, data)
        keeper = Keeper(Tally(target), Path(given.child), lambda data: targets.tried(target, data))
        flags = [
            f"-artifact_prefix={FAULTS}/{target}-",
            f"-max_len={LONGEST}",
            f"-timeout={HANGING}",
            "-rss_limit_mb=3000",
            "-len_control=0",
        ]
        flags += [f"-max_total_time={given.seconds}"] if given.seconds else [f"-runs={given.runs}", "-seed=1"]
        others = [seed.data for seed in start]
        atheris.Setup(["fuzz", *flags, "-verbosity=0", str(corpus)], keeper, custom_mutator=_mutator(atheris, others))
        atheris.Fuzz()
    return 0


def _language(seed: Any) -> str:
    from tests.fuzzing.invariants import sparing

    language = sparing().languages.of(seed.path, seed.data[:200].decode("utf-8", "replace"))
    return language.name if language else ""


def _kept(folder: Path, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / sha256(data).hexdigest()[:24]
    file.write_bytes(data)
    return file


def _mutator(atheris: Any, others: Sequence[bytes]) -> Callable[[bytes, int, int], bytes]:
    """Half of the mutations know what files look like, the others are libFuzzer's; the path mostly stays."""
    from tests.fuzzing.mutations import mutated

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        draw = Random(seed)  # noqa: S311
        path, _, body = data.partition(b"\n")
        if draw.random() < 0.02:
            return bytes(atheris.Mutate(data, longest))
        for _ in range(draw.choice((1, 1, 2, 4))):
            body = (
                mutated(body, draw, others)
                if draw.random() < 0.6
                else bytes(atheris.Mutate(body, max(longest - len(path) - 1, 1)))
            )
        return (path + b"\n" + body)[:longest]

    return mutate


@dataclass(slots=True)
class Keeper:
    """Tries inputs, and keeps those that break something: one for each kind of exception and place."""

    tally: Tally
    told: Path
    tried: Callable[[bytes], None]
    begun: float = field(default_factory=time.monotonic)
    known: set[str] = field(default_factory=set)

    def __call__(self, data: bytes) -> None:
        """One input."""
        # What is slow once may have had a parser to load, or a machine with other things to do.
        if self._seconds(data) > SLOW and self._seconds(data) > SLOW:
            self.fault(f"slow: {data.partition(b'.')[2][:12]!r}", data)
        self.tally.runs += 1
        if self.tally.runs % REPORTING == 1:
            self.tell()

    def _seconds(self, data: bytes) -> float:
        before = time.process_time()
        try:
            self.tried(data)
        except Exception as error:
            self.fault(_where(error), data)
        return time.process_time() - before

    def fault(self, where: str, data: bytes) -> None:
        """Keep the input, unless one like it is kept already."""
        if where not in self.known:
            self.known.add(where)
            file = _kept(FAULTS, data)
            self.tally.faults.append(f"{where} ({file.name})")
            self.tell()

    def tell(self) -> None:
        """Write down how far it is: nothing is told when libFuzzer ends the process."""
        self.tally.seconds = time.monotonic() - self.begun
        self.told.write_text(json.dumps(asdict(self.tally)))


def _where(error: Exception) -> str:
    """The exception and the two innermost places of our own."""
    frames = [frame for frame in extract_tb(error.__traceback__) if str(TOP) in frame.filename and ".venv" not in frame.filename]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-2:]))
    return f"{type(error).__name__} {places}"


def runs() -> Iterator[Tally]:
    """All runs on this machine."""
    yield from (Tally(**json.loads(line)) for line in (LOG.read_text(encoding="utf-8").splitlines() if LOG.exists() else ()))


def written() -> int:
    """Write the figures into the page: those of older code say nothing of the code as it is."""
    rows = ["| target | code of | inputs | seconds | faults |", "| --- | --- | ---: | ---: | ---: |"]
    every = list(runs())
    newest = {tally.target: tally.code for tally in every}
    for target, code in newest.items():
        mine = [tally for tally in every if (tally.target, tally.code) == (target, code)]
        inputs, seconds, faults = sum(t.runs for t in mine), sum(t.seconds for t in mine), sum(len(t.faults) for t in mine)
        rows.append(f"| {target} | {code} | {inputs:,} | {seconds:,.0f} | {faults} |")
    fixtures = len([file for file in (TOP / "tests/fixtures/fuzzing").rglob("*") if file.is_file()])
    told = "\n".join((*rows, "", f"Inputs kept as regression tests: {fixtures}.", ""))
    PAGE.write_text(FIGURES.sub(lambda _: told, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(TOP))
    os.environ.setdefault("PORTSCAN_CACHE_DIR", str(PLACE / "cache"))
    sys.exit(main())
