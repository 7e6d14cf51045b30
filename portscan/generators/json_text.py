"""JSON as generators write it: the heading in the first key, since the format has no comments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from portscan.generated import JSON
from portscan.generators.model import Artefact

OPEN: Final = "{\n"


def json_artefact(path: str, data: Mapping[str, Any], sources: tuple[str, ...] = ()) -> Artefact:
    """A JSON file with these keys, of which there must be one. All text is ASCII, so that no mark of direction shows."""
    return Artefact(path, f"{_written(data)}\n".removeprefix(OPEN), JSON, prologue=OPEN, sources=sources)


def _written(value: Any, margin: str = "") -> str:
    """A key to a line, and a list on the line of its key: what moves in a sorted file takes along all that speaks of it."""
    if not isinstance(value, Mapping) or not value:
        return json.dumps(value)
    deeper = f"{margin}  "
    lines = (f"{deeper}{json.dumps(name)}: {_written(each, deeper)}" for name, each in value.items())
    body = ",\n".join(lines)
    return f"{OPEN}{body}\n{margin}}}"
