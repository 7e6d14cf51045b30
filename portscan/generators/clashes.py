"""What a generated env file and the `.env` beside it say differently: Compose reads the one, processes on the host the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from posixpath import basename, dirname, join

from portscan.edit import NewFile
from portscan.expressions import compiled
from portscan.regular import read

SETTING = compiled(r"^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$", re.MULTILINE)
DOTENV = ".env"
FOR_THE_HOST = "\n# For processes on the host."  # as the template says whom the file is for
NAMED = 3


def clashes(root: Path, files: Iterable[NewFile]) -> Iterator[str]:
    """A line for each env file that was written and sets variables which `.env` sets to something else."""
    for file in files:
        text = (file.after or b"").decode("utf-8", "replace")
        if FOR_THE_HOST in text and basename(file.path).startswith(f"{DOTENV}."):
            theirs, ours = _settings(_text(root / join(dirname(file.path), DOTENV))), _settings(text)
            names = [name for name, value in ours.items() if theirs.get(name, value) != value]
            if names:
                more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
                shown = f"{', '.join(names[:NAMED])}{more}"
                yield f"{file.path} and {DOTENV} differ in {shown}: give {file.path} to processes on the host, never to Compose"


def _settings(text: str) -> dict[str, str]:
    return {name: value.strip().strip("\"'") for name, value in SETTING.findall(text)}


def _text(file: Path) -> str:
    try:
        return read(file).decode("utf-8", "replace")
    except OSError:
        return ""
