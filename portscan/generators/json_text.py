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
    text = f"{json.dumps(data, indent=2)}\n"
    return Artefact(path, text.removeprefix(OPEN), JSON, prologue=OPEN, sources=sources)
