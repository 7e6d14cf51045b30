"""Say how many of the mutants that `mutmut run` planted the tests have noticed, and which of the others nobody has explained.

usage: mutants.py [--write] [--sample]

A mutant that no test can tell from the original is explained in tests/mutants.yaml: the function, the line that it becomes,
and why. The exit status is 1 when a module has fewer than nine of ten killed, when a mutant survives without a word, or when
an explanation is about none that survives. Of a --sample, where not all were tried, nine of ten must be killed, and that is all.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

from ruamel.yaml import YAML

from tools.trusted import TOP, arguments, modules, name, reported

EXPLAINED = TOP / "tests" / "mutants.yaml"
LEAST = 0.9
RESULT = re.compile(
    r"\s*(?P<name>(?P<module>[\w.]+)\.x(?:ǁ(?P<owner>\w+)ǁ|_)(?P<function>\w+)__mutmut_\d+): (?P<status>.+)", re.ASCII
)
COLUMNS = ("module", "mutants", "no type allows", "killed by tests", "explained", "left", "killed of what types allow")
HEAD = f"| {' | '.join(COLUMNS)} |\n| ---{' | --:' * 6} |\n"
# How mutmut calls what a test, the type checker or an endless loop gives away.
KILLED = {"killed": "tests", "caught by type check": "types", "timeout": "tests", "segfault": "tests"}
UNKNOWN = ("not checked", "check was interrupted by user")


@dataclass(frozen=True)
class Mutant:
    """A mutant by mutmut's name, the path of its module, the function that it is planted in, and what has become of it."""

    name: str
    module: str
    function: str
    status: str

    @cached_property
    def becomes(self) -> str:
        """The lines that it puts in place of the original."""
        shown = _mutmut("show", self.name).splitlines()
        return "\n".join(line[1:].strip() for line in shown if line.startswith("+") and not line.startswith("+++"))


@dataclass(frozen=True)
class Explanation:
    """Why what some lines become is no fault."""

    function: str
    becomes: frozenset[str]
    why: str


def main() -> int:
    """Print the table, or put it into the page, and what is wrong."""
    parser = arguments(__doc__)
    parser.add_argument("--sample", action="store_true", help="look at those that were tried, and ask for nine of ten of them")
    args = parser.parse_args()
    mutants, known = tuple(each for each in results() if not (args.sample and each.status in UNKNOWN)), explanations()
    survivors = [mutant for mutant in mutants if mutant.status not in KILLED]
    explained = [mutant for mutant in survivors if any(explains(each, mutant) for each in known)]
    complaints = few(mutants) if args.sample else (*low(mutants), *unexplained(survivors, explained, known))
    return reported("mutants", table(mutants, explained), complaints, write=args.write)


def results() -> Iterator[Mutant]:
    """Every mutant of the last run."""
    for line in _mutmut("results", "--all", "true").splitlines():
        if match := RESULT.fullmatch(line):
            path = f"{match['module'].replace('.', '/')}.py"
            module = path if (TOP / path).exists() else path.replace(".py", "/__init__.py")
            function = ".".join(filter(None, (match["module"], match["owner"], match["function"])))
            yield Mutant(match["name"], module, function, match["status"])


def explanations() -> tuple[Explanation, ...]:
    """What tests/mutants.yaml explains."""
    entries = YAML(typ="safe").load(EXPLAINED.read_text(encoding="utf-8"))
    return tuple(Explanation(each["function"], frozenset(map(str.strip, each["becomes"])), each["why"]) for each in entries)


def explains(explanation: Explanation, mutant: Mutant) -> bool:
    """Whether an explanation is about a mutant."""
    return mutant.function == explanation.function and mutant.becomes in explanation.becomes


def table(mutants: Sequence[Mutant], explained: Sequence[Mutant]) -> str:
    """What has become of the mutants of each module, as Markdown."""
    rows = [row(f"`{name(each)}`", of(each, mutants), of(each, explained)) for each in modules()]
    return "".join((HEAD, *rows, row("all", mutants, explained)))


def of(pattern: str, mutants: Iterable[Mutant]) -> list[Mutant]:
    """The mutants of a module, or of a package."""
    return [mutant for mutant in mutants if fnmatch(mutant.module, pattern)]


def row(label: str, mutants: Sequence[Mutant], explained: Sequence[Mutant]) -> str:
    """One line of the table."""
    count = Counter(KILLED.get(mutant.status, "left") for mutant in mutants)
    left = count["left"] - len(explained)
    cells = (label, len(mutants), count["types"], count["tests"], len(explained), left, f"{share(mutants):.1%}")
    return f"| {' | '.join(map(str, cells))} |\n"


def share(mutants: Sequence[Mutant]) -> float:
    """How many of the mutants that types allow the tests have killed, of 1."""
    allowed = [mutant for mutant in mutants if KILLED.get(mutant.status) != "types"]
    return sum(mutant.status in KILLED for mutant in allowed) / len(allowed) if allowed else 0.0


def few(mutants: Sequence[Mutant]) -> tuple[str, ...]:
    """Whether too few of a sample were killed: it is too small to ask that of each module."""
    return () if share(mutants) >= LEAST else (f"less than {LEAST:.0%} of the sample killed",)


def low(mutants: Sequence[Mutant]) -> Iterator[str]:
    """Mutants that were not tried, and modules in which too few were killed."""
    yield from (f"{mutant.name}: {mutant.status}" for mutant in mutants if mutant.status in UNKNOWN)
    yield from (f"{name(each)}: less than {LEAST:.0%} killed" for each in modules() if share(of(each, mutants)) < LEAST)


def unexplained(survivors: Sequence[Mutant], explained: Sequence[Mutant], known: Sequence[Explanation]) -> Iterator[str]:
    """Survivors without an explanation, and explanations without a survivor."""
    for mutant in survivors:
        if mutant not in explained and mutant.status not in UNKNOWN:
            yield f"{mutant.name}: {mutant.status}, and nobody says why. It becomes: {mutant.becomes}"
    found = {(mutant.function, mutant.becomes) for mutant in explained}
    for each in known:
        yield from (f"{each.function}: no such survivor: {line}" for line in each.becomes if (each.function, line) not in found)


def _mutmut(*arguments: str) -> str:
    command = (Path(sys.executable).with_name("mutmut"), *arguments)
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
