"""YAML: what a value may hold depends on who reads the file. Compose expands; a workflow's `run` is a script; others do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from portscan.knowledge import shipped
from portscan.languages import Unreadable
from portscan.languages.yaml import dialect, events
from portscan.model import PortLiteral
from portscan.records import dataclass
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.shell import bind_in

CHECKED = (
    "a health check runs in the container, but Compose expands it from the host: "
    "let it read the container's variable by `$${…}` in a shell"
)
AS_TEXT = "Compose would make a text of this number: pin the line with `# portscan: SERVICE`, or quote it"
LISTENS = re.compile(r"listen|\bbind", re.IGNORECASE)
EVERYWHERE = ("", "*", "+", "0.0.0.0", "::", "[::]")  # addresses to listen at
CONTAINER_ADDRESS = re.compile(r"(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.[\d.]+$")
# labels that tell a proxy where the process in the container listens
INSIDE_LABELS = re.compile(r"loadbalancer\.server\.port\b|virtual_port|\{\{\s*upstreams", re.IGNORECASE)
NOTHING = "who reads this file looks no variable up in it: let that program take"
INSIDE = "the process moves with the variable; the container side of a mapping, and what calls it in there, would stay"


@dataclass(frozen=True, slots=True)
class Scalar:
    """The value that holds a literal: its place in the text, its style, whether it is in a flow, and the keys to it."""

    start: int
    end: int
    style: str
    flow: bool
    names: tuple[str, ...]
    key: bool

    @property
    def plain(self) -> bool:
        """Whether it stands without quotes."""
        return self.style in ("", "None")


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Bind in the way of the file's dialect."""
    found = dialect(shipped().languages["yaml"].get("formats", ()), source.path, source.text)
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
    typed = scalar.plain and source.text[scalar.start : scalar.end] == source.text[start:end]
    return Declined(AS_TEXT) if typed and scalar.names[0].startswith("x-") else Spelled(changes)


def _is_own(text: str, start: int, scalar: Scalar, literal: PortLiteral) -> bool:
    """Whether the number is what the process in the container listens on, as far as its place tells."""
    inside = {"environment", "command", "entrypoint"}.intersection(scalar.names)
    if inside and LISTENS.search(".".join((*scalar.names, text[scalar.start : start]))):
        return True
    if inside:
        return literal.host is None or literal.host in EVERYWHERE or bool(CONTAINER_ADDRESS.match(literal.host))
    said = f"{'.'.join(scalar.names)}={text[scalar.start : scalar.end]}"
    return "labels" in scalar.names and bool(INSIDE_LABELS.search(said))


def _expanded(source: Source, start: int, end: int, scalar: Scalar, expansion: str) -> tuple[Change, ...] | Declined:
    """The digits replaced; a plain value in a flow needs quotes for its braces."""
    if scalar.plain and scalar.flow:
        text = source.text[scalar.start : scalar.end]
        if '"' in text or "\\" in text:
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


def scalar_at(text: str, offset: int) -> Scalar | None:
    """The scalar that holds the character at `offset`."""
    levels: list[list[Any]] = []  # (is a mapping, is a flow, current key)
    for event in events(text):
        kind = type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            levels.append([kind == "MappingStartEvent", bool(event.flow_style), None])
            continue
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            levels.pop()
        elif kind == "ScalarEvent":
            top = levels[-1] if levels else [False, False, None]
            key = bool(top[0]) and top[2] is None
            if event.start_mark.index <= offset < event.end_mark.index:
                names = tuple(str(level[2]) for level in levels if level[2] is not None)
                flow = any(level[1] for level in levels)
                return Scalar(event.start_mark.index, event.end_mark.index, str(event.style or ""), flow, names, key)
            if key:
                top[2] = event.value
                continue
        elif kind != "AliasEvent":
            continue
        if levels and levels[-1][0]:
            levels[-1][2] = None
    return None


def faults(source: Source) -> int:
    """1 when the parser refuses the text."""
    try:
        for _ in events(source.text):
            pass
    except Unreadable:
        return 1
    return 0
