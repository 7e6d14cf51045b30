"""How the steps of a release call programs, and how they say that something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path


class Refused(Exception):
    """The release may not go out; the text says why, for the person who wanted it to."""


def run(*command: str | Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None, status: int = 0) -> str:
    """What a program writes to standard output; Refused, with all it said, when it ends with another status."""
    done = subprocess.run(
        [_found(str(command[0])), *map(str, command[1:])],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != status:
        raise Refused(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def say(text: str) -> None:
    """Tell what was found, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _found(program: str) -> str:
    """The program of this virtual environment, if it has one of that name."""
    own = Path(sysconfig.get_path("scripts"), program)
    return str(own) if own.is_file() else program
