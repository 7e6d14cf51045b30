"""The rules in the form in which they are used, as a wheel carries them: nobody has to wait for them to be read as YAML."""

from __future__ import annotations

from functools import lru_cache

from portscan import __version__
from portscan.drawers import Drawers, filled
from portscan.gate.memory import COMPILED, drawers


def content() -> bytes:
    """What a wheel carries: all that follows from the shipped rules, and the version of the code that it was made by."""
    from portscan import findings, rulefiles

    return filled(__version__, {**rulefiles.compiled(()), "findings": findings.compiled()})


@lru_cache(maxsize=1)
def shipped() -> Drawers | None:
    """What this installation carries; nothing in a checkout, where the rules may change at any time."""
    found = drawers(COMPILED)
    return found if found is not None and found.about == __version__ else None
