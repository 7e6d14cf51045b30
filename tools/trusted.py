"""The modules on which everything rests, as `pyproject.toml` names them: their tests are complete, and are tested themselves."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "docs" / "reliability.md"


def modules() -> tuple[str, ...]:
    """Their paths, as patterns, in the order in which reports show them."""
    library = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    project = library.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    return tuple(project["tool"]["mutmut"]["only_mutate"])


def name(pattern: str) -> str:
    """A module, or a package with all its modules, as people call it: `registry.checks`."""
    return pattern.removeprefix("portscan/").removesuffix(".py").removesuffix("/*").replace("/", ".")


def with_table(document: str, what: str, table: str) -> str:
    """A page with the table of `what` in its place."""
    begin, end = f"<!-- {what}: made by `make {what}` -->\n", f"<!-- end of {what} -->"
    before, rest = document.split(begin)
    return f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}"


def reported(usage: str | None, what: str, table: str, wrong: Iterable[str]) -> int:
    """Print a table, or put it into the page with --write, and then what is wrong; the exit status."""
    parser = argparse.ArgumentParser(description=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/reliability.md")
    args = parser.parse_args()
    print(table)
    if args.write:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), what, table), encoding="utf-8")
    complaints = tuple(wrong)
    print(*complaints, sep="\n", file=sys.stderr)
    return 1 if complaints else 0
