"""YAML: what a value may hold depends on who reads the file. Compose expands; a workflow's `run` is a script; others do not."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from portscan.expressions import compiled
from portscan.knowledge import shipped
from portscan.languages import Unreadable
from portscan.languages.yaml import dialect, taken
from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.places import holds
from portscan.spelling.shell import bind_in
from portscan.spelling.yaml_scalars import Scalar, scalar_at

CHECKED = (
    "a health check runs in the container, but Compose expands it from the host: "
    "let it read the container's variable by `$${…}` in a shell"
)
AS_TEXT = "Compose would make a text of this number: pin the line with `# portscan: SERVICE`, or quote it"
LISTENS = compiled(r"listen|\bbind", re.IGNORECASE)
UNQUOTABLE = compiled(r"[\"\\]")
EVERYWHERE = ("", "*", "+", "0.0.0.0", "::", "[::]")  # addresses to listen at
CONTAINER_ADDRESS = compiled(r"(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.[\d.]+$")
# labels that tell a proxy where the process in the container listens
INSIDE_LABELS = compiled(r"loadbalancer\.server\.port\b|virtual_port|\{\{\s*upstreams", re.IGNORECASE)
NOTHING = "who reads this file looks no variable up in it: let that program take"
INSIDE = "the process moves with the variable; the container side of a mapping, and what calls it in there, would stay"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Bind in the way of the file's dialect."""
    found = _dialect(source.path, source.text)
    try:
        scalar = scalar_at(source.text, start)
    except Unreadable:
        return Declined("this is a template, or no YAML that can be read: bind the port by hand")
    if scalar is None or scalar.key:
        return Declined("a key is never expanded: write the registry's number and pin it with `# portscan: SERVICE`")
    bound = DIALECTS.get(str(found.get("dialect", "")))
    if bound is not None:
        return bound(source, start, end, scalar, literal, binding.variable)
    template = found.get("reference")
    if template is None:
        return Declined(f"{NOTHING} {binding.variable}, or pin the line with `# portscan: SERVICE`")
    words = str(template).replace("<variable>", binding.variable).replace("<port>", source.text[start:end])
    return Declined(f"{found['dialect']} files are not rewritten: look the variable up, as in `{words}`, or pin the line")


def _compose(source: Source, start: int, end: int, scalar: Scalar, literal: PortLiteral, variable: str) -> Spelled | Declined:
    changes = _expanded(source, start, end, scalar, f"${{{variable}:-{source.text[start:end]}}}")
    if isinstance(changes, Declined):
        return changes
    if "healthcheck" in scalar.names:
        return Spelled(changes, "display", CHECKED)
    if literal.side == "container" or _is_own(source.text, start, scalar, literal):
        return Spelled(changes, "unsafe", INSIDE)
    typed = scalar.plain and (scalar.start, scalar.end) == (start, end)
    return Declined(AS_TEXT) if typed and scalar.names[0].startswith("x-") else Spelled(changes)


def _is_own(text: str, start: int, scalar: Scalar, literal: PortLiteral) -> bool:
    """Whether the number is what the process in the container listens on, as far as its place tells."""
    inside = {"environment", "command", "entrypoint"}.intersection(scalar.names)
    if inside and (LISTENS.search(".".join(scalar.names)) or _listening(text, scalar.start, scalar.end) <= start):
        return True
    if inside:
        return literal.host is None or literal.host in EVERYWHERE or bool(CONTAINER_ADDRESS.match(literal.host))
    return "labels" in scalar.names and _routes(text, scalar)


@lru_cache(maxsize=16)
def _listening(text: str, start: int, end: int) -> int:
    """From where on a value speaks of listening; behind its end where it does not."""
    found = LISTENS.search(text, start, end)
    return found.end() if found else end + 1


@lru_cache(maxsize=16)
def _routes(text: str, scalar: Scalar) -> bool:
    """Whether a label tells a proxy a port in the container."""
    return INSIDE_LABELS.search(f"{'.'.join(scalar.names)}={text[scalar.start : scalar.end]}") is not None


def _expanded(source: Source, start: int, end: int, scalar: Scalar, expansion: str) -> tuple[Change, ...] | Declined:
    """The digits replaced; a plain value in a flow needs quotes for its braces."""
    if scalar.plain and scalar.flow:
        if holds(UNQUOTABLE, source.text, scalar.start, scalar.end):
            return Declined("quote the value, then run the fix again")
        return Change(scalar.start, scalar.start, '"'), Change(start, end, expansion), Change(scalar.end, scalar.end, '"')
    return (Change(start, end, expansion),)


def _workflow(source: Source, start: int, end: int, scalar: Scalar, literal: PortLiteral, variable: str) -> Spelled | Declined:
    del literal
    if scalar.names[-1:] == ("run",):
        spelled = bind_in(source.text, scalar.start, scalar.end, start, end, variable)
        if isinstance(spelled, Declined):
            return spelled
        return Spelled(spelled.changes, "unsafe", "the step needs the variable in its `env`")
    return Declined("workflows cannot read the environment here: pin the line with `# portscan: SERVICE`, or use `vars`")


def _spring(source: Source, start: int, end: int, scalar: Scalar, literal: PortLiteral, variable: str) -> Spelled | Declined:
    del literal
    changes = _expanded(source, start, end, scalar, f"${{{variable}:{source.text[start:end]}}}")
    return changes if isinstance(changes, Declined) else Spelled(changes)


def _collector(source: Source, start: int, end: int, scalar: Scalar, literal: PortLiteral, variable: str) -> Spelled | Declined:
    del literal
    changes = _expanded(source, start, end, scalar, f"${{env:{variable}:-{source.text[start:end]}}}")
    return changes if isinstance(changes, Declined) else Spelled(changes)


Bind = Callable[[Source, int, int, Scalar, PortLiteral, str], "Spelled | Declined"]
DIALECTS: Mapping[str, Bind] = {
    "compose": _compose,
    "github-workflow": _workflow,
    "spring": _spring,
    "otel-collector": _collector,
}


@lru_cache(maxsize=4)
def _dialect(path: str, text: str) -> Mapping[str, Any]:
    """The format of a file."""
    return dialect(shipped().languages["yaml"].get("formats", ()), path, text)


def faults(source: Source) -> int:
    """1 when the parser refuses the text."""
    try:
        taken(source.text, lambda stream: deque(stream, 0))
    except Unreadable:
        return 1
    return 0
