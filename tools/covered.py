"""Say how much of portscan the last `pytest --cov` ran, lines and branches, and whether that is enough.

usage: covered.py [--write] [--trusted]

All of the modules on which everything rests must have been run, of the others 95 %. What was not run is listed.
With --trusted, after a run of their own tests, it is these modules alone.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import redirect_stdout
from fnmatch import fnmatch
from io import StringIO
from json import loads
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coverage import Coverage

from tools.trusted import TOP, arguments, modules, name, reported

LEAST = 95.0
COUNTS = ("num_statements", "covered_lines", "num_branches", "covered_branches")
HEAD = "| module | statements | of them run | branches | of them taken | covered |\n| --- | --: | --: | --: | --: | --: |\n"

Files = Mapping[str, Mapping[str, Any]]


def main() -> int:
    """Print the table, or put it into the page, and what is wrong."""
    parser = arguments(__doc__)
    parser.add_argument("--trusted", action="store_true", help="look at the modules on which everything rests alone")
    args = parser.parse_args()
    files = {path: each for path, each in measured().items() if not args.trusted or any(fnmatch(path, it) for it in modules())}
    return reported("coverage", table(files), tuple(wrong(files)), write=args.write)


def measured() -> Files:
    """What was measured of each file."""
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        report = Path(folder) / "report.json"
        data = Coverage(config_file=TOP / "pyproject.toml")
        data.load()
        data.json_report(outfile=str(report))
        found: Files = loads(report.read_text(encoding="utf-8"))["files"]
    return {Path(path).as_posix(): each for path, each in found.items()}


def table(files: Files) -> str:
    """The figures of the modules on which everything rests, and of all, as Markdown."""
    rows = [row(f"`{name(each)}`", of(each, files).values()) for each in modules()]
    return "".join((HEAD, *rows, row("all", files.values())))


def of(pattern: str, files: Files) -> Files:
    """The files of a module, or of a package."""
    return {path: each for path, each in files.items() if fnmatch(path, pattern)}


def row(label: str, files: Collection[Mapping[str, Any]]) -> str:
    """One line of the table."""
    statements, run, branches, taken = totals(files)
    return f"| {label} | {statements} | {run} | {branches} | {taken} | {share(files):.1f} % |\n"


def totals(files: Collection[Mapping[str, Any]]) -> tuple[int, ...]:
    """Statements, those that were run, branches, those that were taken."""
    return tuple(sum(each["summary"][count] for each in files) for count in COUNTS)


def share(files: Collection[Mapping[str, Any]]) -> float:
    """How much of the files was run, in percent of their statements and branches."""
    statements, run, branches, taken = totals(files)
    return 100 * (run + taken) / (statements + branches) if statements else 0.0


def wrong(files: Files) -> Iterator[str]:
    """What is not enough, one line each."""
    for pattern in modules():
        for path, each in of(pattern, files).items():
            if missing := [*map(str, each["missing_lines"]), *(f"{a}->{b}" for a, b in each["missing_branches"])]:
                yield f"{path}: not run: {', '.join(missing)}"
    if share(files.values()) < LEAST:
        yield f"less than {LEAST:.0f} % of all is covered"


if __name__ == "__main__":
    sys.exit(main())
