"""The modules on which everything rests, as `pyproject.toml` names them: their tests are complete, and are tested themselves.

usage: python -m tools.trusted  (names those tests)
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "docs" / "reliability.md"


def modules() -> tuple[str, ...]:
    """Their paths, as patterns, in the order in which reports show them."""
    return tuple(_settings()["only_mutate"])


def tests() -> tuple[str, ...]:
    """The paths of their own tests."""
    return tuple(_settings()["pytest_add_cli_args_test_selection"])


def _settings() -> Mapping[str, Any]:
    library = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    project = library.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    settings: Mapping[str, Any] = project["tool"]["mutmut"]
    return settings


def name(pattern: str) -> str:
    """A module, or a package with all its modules, as people call it: `registry.checks`."""
    return pattern.removeprefix("portscan/").removesuffix(".py").removesuffix("/*").replace("/", ".")


def with_table(document: str, what: str, table: str) -> str:
    """A page with the table of `what` in its place."""
    begin, end = f"<!-- {what}: made by `make {what}` -->\n", f"<!-- end of {what} -->"
    before, rest = document.split(begin)
    return f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}"


def arguments(usage: str | None) -> argparse.ArgumentParser:
    """What both gates are told on their command lines."""
    parser = argparse.ArgumentParser(description=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/reliability.md")
    return parser


def reported(what: str, table: str, wrong: Sequence[str], *, write: bool) -> int:
    """Print a table, or also put it into the page, and then what is wrong; the exit status."""
    print(table)
    if write:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), what, table), encoding="utf-8")
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    print(*tests())
