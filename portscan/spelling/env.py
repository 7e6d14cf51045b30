"""Files of environment variables: whether `${X:-3103}` is expanded depends on who reads the file."""

from __future__ import annotations

import re
from functools import lru_cache

from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.places import count_between, line_around

NOTE = "not every reader of env files expands ${…}: Compose and python-dotenv do, `node --env-file` and `docker run` do not"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Replace the digits by an expansion with them as fallback; to be shown, unless the reader is known to expand."""
    del literal
    if count_between(source.text, "'", line_around(source.text, start)[0], start) % 2:
        return Declined("a single-quoted value is not expanded: use double quotes, then run the fix again")
    if _set_below(source.text, end, binding.variable):
        return Declined(f"{binding.variable} is set further down, where this line cannot see it: move that line above this one")
    changes = (Change(start, end, f"${{{binding.variable}:-{source.text[start:end]}}}"),)
    return Spelled(changes) if binding.expands else Spelled(changes, "display", NOTE)


def _set_below(text: str, end: int, variable: str) -> bool:
    """Whether a variable is set behind a place, and nowhere in front of it: readers go from the top to the bottom."""
    first = _set_first(text, variable)
    return first is not None and first > end


@lru_cache(maxsize=256)
def _set_first(text: str, variable: str) -> int | None:
    """Where a variable is set for the first time, if anywhere."""
    found = re.search(rf"^[ \t]*(?:export[ \t]+)?{re.escape(variable)}=", text, re.MULTILINE)
    return found.start() if found else None


def faults(source: Source) -> int:
    """An env file has no grammar to break."""
    del source
    return 0
