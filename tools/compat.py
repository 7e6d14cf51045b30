"""The whole test suite on every Python of this machine, with the newest and the oldest dependencies: `make compat`.

usage: python -m tools.compat [--only 3.10:oldest …] [--tests all|core|smoke] [--write]

One run after the other, with the lowest priority; --write puts the figures into docs/reliability.md. Exit status 1 tells that a
test failed. Tests that ask programs of others are left to `.ci/run`, since those do not depend on the Python.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.pythons import TOP, declared, interpreter
from tools.release.installing import SMOKE
from tools.release.running import run, say

DOCUMENT = TOP / "docs" / "reliability.md"
OLDEST = TOP / "tests" / "constraints"
NEWEST, LOWEST = "newest", "oldest"
OLD_ON = ("3.10", "3.13")  # the Pythons for which the oldest versions are resolved: later ones lack packages for them
EXTRAS = ("ask", "doctor", "xlsx")
# The road that every file travels, end to end and stage by stage, and what depends on the interpreter most.
CORE = (
    *("tests/contracts", "tests/languages", "tests/registry", "tests/spelling", "tests/triggers", "tests/reporters/test_json.py"),
    *(
        f"tests/test_{name}.py"
        for name in ("cli", "compiled", "config", "edit", "end_to_end", "journal", "rule_examples", "source", "spread")
    ),
)
CHOICES = {"all": (), "core": CORE, "smoke": (*SMOKE, "tests/test_rule_examples.py")}
BEGIN, END = "<!-- compatibility: made by `make compat` -->", "<!-- end of compatibility -->"

HEAD = "| Python | dependencies | tests | passed | failed | skipped |\n| --- | --- | --- | ---: | ---: | ---: |\n"


class Setting(NamedTuple):
    """A Python, and which versions of the dependencies go with it."""

    python: str
    versions: str

    def __str__(self) -> str:
        return f"{self.python}:{self.versions}"


class Result(NamedTuple):
    """What came out: the exact Python, tests by outcome, and the last words of pytest where some failed."""

    setting: Setting
    exact: str
    counts: dict[str, int]
    said: str
    tests: str = "all"

    @property
    def good(self) -> bool:
        """Whether some tests ran and none failed."""
        return self.counts.get("passed", 0) > 0 and not self.counts.get("failed", 0) and not self.counts.get("error", 0)


def main() -> int:
    """Run all settings, or those that are named."""
    args = _arguments()
    if args.constraints:
        return _constraints()
    results, missing = [], []
    for setting in args.only or settings():
        python = interpreter(setting.python)
        if python is None:
            missing.append(setting)
            say(f"{setting}: no such Python on this machine")
            continue
        results.append(tried(setting, python, args))
        say(line(results[-1]))
        if args.write:
            _write(results[-1])
    return int(not all(result.good for result in results) or (bool(args.only) and bool(missing) and not args.found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", type=lambda text: Setting(*text.split(":")), help="such as 3.10:oldest")
    parser.add_argument("--found", action="store_true", help="leave out what is named and not on this machine")
    parser.add_argument("--tests", choices=tuple(CHOICES), default="all")
    parser.add_argument("--workers", default="2", help="processes of pytest")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/reliability.md")
    parser.add_argument("--constraints", action="store_true", help="resolve tests/constraints anew, and run nothing")
    return parser.parse_args()


def settings() -> Iterator[Setting]:
    """What is promised, the oldest Python first."""
    for python in declared():
        if python in OLD_ON:
            yield Setting(python, LOWEST)
        yield Setting(python, NEWEST)


def tried(setting: Setting, python: Path, args: argparse.Namespace) -> Result:
    """A fresh environment, and the tests in it."""
    with tempfile.TemporaryDirectory(prefix="portscan-compat-") as folder:
        place = Path(folder)
        run("uv", "venv", "--quiet", "--python", python, place / "venv")
        own = place / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        bounds = ("--constraint", OLDEST / f"oldest-{setting.python}.txt") if setting.versions == LOWEST else ()
        run("uv", "pip", "install", "--quiet", "--python", own, *bounds, "--editable", f"{TOP}[dev]")
        exact = run(own, "-c", "import platform; print(platform.python_version())").strip()
        environment = {**os.environ, "PORTSCAN_JUDGES": "off", "PORTSCAN_CACHE_DIR": str(place / "cache")}
        environment.pop("PORTSCAN_THOROUGH", None)
        done = subprocess.run(
            [own, "-m", "pytest", "-p", "no:cacheprovider", "-n", args.workers, *CHOICES[args.tests], "-rfE"],
            cwd=TOP, env=environment, capture_output=True, text=True, check=False, preexec_fn=_yielding,
        )  # fmt: skip
    return Result(setting, exact, counted(done.stdout), done.stdout[-6000:], args.tests)


def _yielding() -> None:
    """Everybody else on the machine goes first. Ctrl-C counts, which a process in the background would else be deaf to."""
    os.nice(19)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def counted(output: str) -> dict[str, int]:
    """The numbers of pytest's last line, by outcome: `3 failed, 9 passed in 2s`."""
    summary = next((each for each in reversed(output.splitlines()) if re.search(r"\d+ \w+.* in [\d.]+s", each)), "")
    return {word.removesuffix("s"): int(number) for number, word in re.findall(r"(\d+) (\w+)", summary.partition(" in ")[0])}


def line(result: Result) -> str:
    """One result, for people."""
    told = ", ".join(f"{number} {word}" for word, number in result.counts.items()) or "nothing ran"
    return f"{result.setting}: CPython {result.exact}: {told}" + ("" if result.good else f"\n{result.said}")


def row(result: Result) -> str:
    """The figures of one setting as a page shows them."""
    counts = result.counts
    figures = (counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0), counts.get("skipped", 0))
    return f"| {result.exact} | {result.setting.versions} | {result.tests} | {' | '.join(map(str, figures))} |"


def with_row(document: str, new: str) -> str:
    """The document with a row in the place of the one for the same Python and the same versions, the others as they were."""
    before, _, rest = document.partition(BEGIN)
    there, _, after = rest.partition(END)
    rows = {_place(each): each for each in there.splitlines() if re.match(r"\| \d", each)} | {_place(new): new}
    return f"{before}{BEGIN}\n{HEAD}" + "".join(f"{rows[each]}\n" for each in sorted(rows)) + f"{END}{after}"


def _place(row: str) -> tuple[int, str]:
    """Where a row stands: by minor version, the newest dependencies first."""
    python, versions = row.strip("| ").split(" | ")[:2]
    return int(python.split(".")[1]), versions


def _write(result: Result) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert BEGIN in text, f"{DOCUMENT.name} has no place for the figures"
    DOCUMENT.write_text(with_row(text, row(result)), encoding="utf-8")


def _constraints() -> int:
    """The oldest versions that pyproject.toml allows, and the newest of what those need in turn."""
    OLDEST.mkdir(exist_ok=True)
    for python in OLD_ON:
        resolved = run(
            *("uv", "pip", "compile", "--quiet", "--resolution", "lowest-direct", "--python-version", python),
            *("--no-header", "--no-annotate", *(word for extra in EXTRAS for word in ("--extra", extra)), TOP / "pyproject.toml"),
        )
        said = f"# The oldest versions that are allowed on Python {python}: `make constraints`.\n"
        (OLDEST / f"oldest-{python}.txt").write_text(said + resolved, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
