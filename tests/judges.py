"""The programs of others that decide whether what portscan writes is right: Compose, Node, shellcheck and the like.

A plain machine need not have them: a test that asks for one is skipped there, with the reason. With PORTSCAN_JUDGES=required
in the environment, as in `.ci/run`, which installs all of them, it fails instead; with PORTSCAN_JUDGES=off nobody is asked.
"""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path
from typing import NoReturn

import pytest

TOP = Path(__file__).resolve().parent.parent
REQUIRED = os.environ.get("PORTSCAN_JUDGES") == "required"
OFF = os.environ.get("PORTSCAN_JUDGES") == "off"
# Whether to repeat what is tried at random as often as a release asks for, rather than as often as a coffee allows.
THOROUGH = os.environ.get("PORTSCAN_THOROUGH") in ("1", "all")
EXHAUSTIVE = os.environ.get("PORTSCAN_THOROUGH") == "all"  # by hand, for an hour or so
NODE_MODULES = TOP / ".venv" / "node" / "node_modules"
HINT = "run `make judges`, or install it"


def judge(name: str) -> str:
    """The path of the program `name`: that of this virtual environment, of the node packages, or of the machine."""
    places = (sysconfig.get_path("scripts"), NODE_MODULES / ".bin", os.environ.get("PATH", os.defpath), "/usr/sbin")
    found = None if OFF else shutil.which(name, path=os.pathsep.join(map(str, places)))
    return found or _missing(name)


def python_module(name: str) -> None:
    """Ask for a Python package that only tests need."""
    from importlib.util import find_spec

    if OFF or find_spec(name) is None:
        _missing(f"the Python package {name}")


def node_module(name: str) -> Path:
    """The directory of the node package `name`."""
    judge("node")
    path = NODE_MODULES / name
    return path if path.is_dir() else _missing(f"the node package {name}")


def _missing(what: str) -> NoReturn:
    if REQUIRED:
        pytest.fail(f"{what} is required here, and missing: {HINT}")
    pytest.skip(f"needs {what}: {HINT}")
