"""The Pythons of this machine: those on the path, and those of pyenv."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent


def declared() -> tuple[str, ...]:
    """The versions that `pyproject.toml` promises, as `3.10`, the oldest first."""
    found = re.findall(r"Programming Language :: Python :: (3\.\d+)", (TOP / "pyproject.toml").read_text(encoding="utf-8"))
    return tuple(sorted(found, key=lambda version: int(version.partition(".")[2])))


def interpreter(version: str) -> Path | None:
    """An interpreter of the version, that runs; None where the machine has none."""
    return next((found for found in _candidates(version) if _version(found) == version), None)


def _candidates(version: str) -> list[Path]:
    on_path = (Path(folder, f"python{version}") for folder in os.environ.get("PATH", os.defpath).split(os.pathsep))
    pyenv = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser() / "versions"
    return [*(each for each in on_path if each.is_file()), *sorted(pyenv.glob(f"{version}*/bin/python{version}"), reverse=True)]


def _version(python: Path) -> str:
    """What it says of itself: a shim of pyenv may stand for nothing."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
