"""The wheel alone: installed where there are no sources, used, and put to the tests."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

from tools.release.running import Refused, run

EXTRAS = ("questionary", "psutil", "openpyxl")
# What is not the product's: it stays beside the tests when the package itself is taken away from them.
PACKAGE = "portscan"
SMOKE = ("tests/test_cli.py", "tests/test_end_to_end.py", "tests/test_compiled.py", "tests/contracts", "tests/registry")


def environment(place: Path, requirement: str, python: str = "") -> Path:
    """A virtual environment with nothing but `requirement` in it; its interpreter."""
    run("uv", "venv", "--quiet", *(("--python", python) if python else ()), place)
    found = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run("uv", "pip", "install", "--quiet", "--python", found, requirement)
    return found


def used(python: Path, source: Path, place: Path) -> str:
    """What everybody does first, in a copy of the example, with no extra installed."""
    example, program = place / "example", python.with_name("portscan")
    shutil.copytree(source / "examples" / "tradingsystem", example)
    own = {"PORTSCAN_CACHE_DIR": str(place / "used-cache")}
    missing = f"import importlib.util as u; assert not [n for n in {EXTRAS!r} if u.find_spec(n)]; import portscan"
    run(python, "-I", "-c", missing, cwd=place)
    for arguments in (
        ("--version",),
        ("validate",),
        ("inventory", "--format", "json"),
        ("scan", "--exit-zero"),
        ("sync", "--overwrite"),
        ("sync", "--check"),
    ):
        run(program, *arguments, cwd=example, environment=own)
    for needs_an_extra in (("doctor",), ("inventory", "--format", "xlsx", "--output", "ports.xlsx")):
        run(program, *needs_an_extra, cwd=example, environment=own, status=2)
    wrong = source / "tests" / "fixtures" / "registry" / "proposal.yaml"
    run(program, "validate", wrong, cwd=example, environment=own, status=1)
    return "wheel: installed and used without its sources and without extras"


def tested(built_wheel: Path, sdist: Path, place: Path, tests: str, workers: str) -> str:
    """The tests of the sdist against the installed wheel: the tree beside them has no `portscan` to import."""
    tree = unpacked(sdist, place / "tree")
    python = environment(place / "tested", f"{built_wheel}[dev]")
    own = {
        "PORTSCAN_JUDGES": "off",  # they are asked about the checkout
        "PORTSCAN_THOROUGH": "",
        "PORTSCAN_CACHE_DIR": str(place / "tested-cache"),
    }
    where = run(python, "-c", "import portscan; print(portscan.__file__)", cwd=tree, environment=own).strip()
    if "site-packages" not in where:
        raise Refused(f"the tests would run against {where}, which is not the installed wheel")
    chosen = SMOKE if tests == "smoke" else ()
    said = run(python, "-m", "pytest", "-p", "no:cacheprovider", "-n", workers, *chosen, cwd=tree, environment=own)
    return f"tests against the wheel ({tests}): {said.strip().splitlines()[-1]}"


def unpacked(sdist: Path, place: Path) -> Path:
    """The tree of the sdist without the package itself."""
    with tarfile.open(sdist) as archive:
        archive.extractall(place)  # noqa: S202  (made a minute ago, by us)
    tree = next(place.iterdir())
    shutil.rmtree(tree / PACKAGE)
    return tree
