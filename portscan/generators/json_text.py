"""JSON as generators write it: the heading in the first key, since the format has no comments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from portscan.generated import JSON, SIGN
from portscan.generators.model import Artefact

OPEN: Final = "{\n"
UNSIGNED: Final = SIGN.replace("(", "\\u0028")  # the same text, but nothing that could be taken for the mark of a block


def json_artefact(path: str, data: Mapping[str, Any], sources: tuple[str, ...] = ()) -> Artefact:
    """A JSON file with these keys, of which there must be one. All text is ASCII, so that no mark of direction shows."""
    return Artefact(path, f"{_written(data)}\n".removeprefix(OPEN), JSON, prologue=OPEN, sources=sources)


def _written(value: Any, margin: str = "") -> str:
    """A key to a line, and a list on the line of its key: what moves in a sorted file takes along all that speaks of it."""
    if not isinstance(value, Mapping) or not value:
        return json.dumps(value).replace(SIGN, UNSIGNED)
    deeper = f"{margin}  "
    lines = (f"{deeper}{_written(name)}: {_written(each, deeper)}" for name, each in value.items())
    body = ",\n".join(lines)
    return f"{OPEN}{body}\n{margin}}}"
