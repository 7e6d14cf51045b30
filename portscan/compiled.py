"""The rules in the form in which they are used, as a wheel carries them: nobody has to wait for them to be read as YAML."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from portscan import __version__
from portscan.gate.memory import PACKAGE, contents, unpacked


def content() -> dict[str, Any]:
    """What a wheel carries: all that follows from the shipped rules, and the version of the code that it was made by."""
    from portscan import findings, knowledge

    return {"version": __version__, "knowledge": knowledge.compiled(()), "findings": findings.compiled()}


@lru_cache(maxsize=1)
def shipped() -> dict[str, Any]:
    """What this installation carries; nothing in a checkout, where the rules may change at any time."""
    try:
        found = unpacked(contents(os.path.join(PACKAGE, "_data", "compiled.bin")))  # noqa: PTH118  (a hook pays for it)
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return found if isinstance(found, dict) and found.get("version") == __version__ else {}
