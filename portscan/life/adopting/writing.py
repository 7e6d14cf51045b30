"""A proposed registry as YAML, with a comment at each fact that says where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from portscan.life.adopting.entries import Entry
from portscan.life.adopting.found import Fact
from portscan.registry.editing.manner import Manner

MANNER = Manner()
ORDER = (
    *("stack", "port", "container_port", "env", "protocol", "ports", "owner", "container", "compose_service", "alternative_to"),
    *("network", "networks", "depends_on", "profiles", "healthcheck", "paths"),
)
BELOW = "/**"
HEAD = """\
# Every port of this repository is decided here. `portscan init` wrote this from what the repository uses, and says at each
# fact where it stands. Look for CONFLICT, and for what is a guess; then delete the comments that no longer help.
"""


def written(made: Sequence[Entry], ranges: Mapping[str, str], unpublished: Sequence[str], today: date) -> str:
    """The text of the registry."""
    return "\n".join(_lines(made, ranges, unpublished, today)) + "\n"


def _lines(made: Sequence[Entry], ranges: Mapping[str, str], unpublished: Sequence[str], today: date) -> Iterator[str]:
    yield from (*HEAD.splitlines(), 'version: "1.0.0"', f'lastUpdated: "{today.isoformat()}"', "")
    if ranges:
        yield from ("# Proposed: neighbours among the ports, with at least a fifth of each range free.", "ranges:")
        yield from (f'  {MANNER.key(name)}: "{span}"' for name, span in ranges.items())
        yield ""
    yield "services:"
    for stack in dict.fromkeys((*ranges, *(str(entry.values["stack"].value) for entry in made))):
        yield f"  # {stack}"
        for entry in (each for each in made if each.values["stack"].value == stack):
            yield from (*_entry(entry), "")
    if unpublished:
        yield from _wrapped(
            "Nothing says at which port these listen, so they are not listed: " + ", ".join(sorted(set(unpublished))) + "."
        )


def _entry(entry: Entry) -> Iterator[str]:
    for mark in entry.marks:
        yield from _wrapped(f"{mark}.", "  ")
    yield f"  - name: {MANNER.scalar(entry.name)}{_comment(entry.found.place)}"
    for key in ORDER:
        if key in entry.values:
            fact = entry.values[key]
            yield from _value(key, Fact(list(_globs(fact.value)), fact.source) if key == "paths" else fact)


def _value(key: str, fact: Fact) -> Iterator[str]:
    value: Any = fact.value
    if value == []:
        return
    if isinstance(value, dict):
        first, *rest = MANNER.entry(key, value, 4)
        yield from (first + _comment(fact.source), *rest)
    else:
        shown = (
            f"[{', '.join(MANNER.scalar(each, flow=True) for each in value)}]"
            if isinstance(value, list)
            else MANNER.scalar(value)
        )
        yield f"    {key}: {shown}{_comment(fact.source)}"


def _globs(found: Iterable[str]) -> Iterator[str]:
    """Patterns that match these folders and nothing else; none for a name that no text file can hold."""
    for glob in found:
        if glob.isprintable():
            yield re.sub(r"[*?\[]", r"[\g<0>]", glob.removesuffix(BELOW)) + BELOW


def _comment(source: str) -> str:
    return f"  # {_inert(source)}" if source else ""


def _inert(text: str) -> str:
    """Text for a comment, which no character of it ends."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _wrapped(text: str, indent: str = "") -> list[str]:
    from textwrap import wrap

    first, more = f"{indent}# ", f"{indent}#   "
    return wrap(_inert(text), 120, initial_indent=first, subsequent_indent=more, break_long_words=False, break_on_hyphens=False)
