"""The ways in which a literal may follow its service: bound to the variable, or with the registry's number."""

from __future__ import annotations

from collections.abc import Callable

from portscan.expressions import compiled
from portscan.fixing.place import Place
from portscan.fixing.renumbered import Renumbered
from portscan.model import Applicability, PortLiteral, Skipped
from portscan.records import replace
from portscan.registry.model import Registry
from portscan.source import Source
from portscan.spelling import Binding, Declined, Spelled, speller

NUMBER = compiled(r"(?<![\w.-])\d{2,5}(?![\w.-])")
WHOSE = "decide whose port this is"
REMARKS = ("comments", "blocks", "remark")  # how a language writes comments
BUILT = frozenset(("dockerfile",))
IN_IMAGE = "the image is built with the number, and what runs in it may listen there"
NO_VARIABLES = "this format has no variables: pin the line with a comment `portscan: SERVICE`, or in the configuration"
NO_COMMENTS = "this format has neither variables nor comments: `--pin` ties the number to its service in the configuration"
Bind = Callable[[str, str], Binding]


def ways(place: Place, registry: Registry, bind: Bind, renumbered: Renumbered) -> list[Spelled | Declined]:
    """How the literal may be written, the best first; what is declined says why."""
    literal, endpoint, code = place.literal, place.endpoint, place.finding.code
    if literal.context != "code":
        certain = _alone_in_row(place.source, literal) or (literal.host or "").lower() in registry.by_host
        doubt = place.finding.doubt
        return [Spelled((place.number,), "safe" if certain and not doubt else "unsafe", doubt)]
    if code not in ("PS001", "PS003", "PS004", "PS006"):
        return [Declined(WHOSE)]
    number = [_number(place)] if code == "PS003" and (literal.bound or literal.side != "host") else []
    name = place.language.data.get("speller")
    if name is None:
        return [*number, _unspelled(place)]
    binding = bind(place.source.path, endpoint.variable)
    if literal.port not in (endpoint.port, endpoint.container_port) or code in ("PS003", "PS006"):
        return [*number, _renumbered(place, str(name), binding, renumbered)]
    if literal.port != endpoint.port:
        return [Declined(f"this is the container port of `{endpoint.service}`, which no variable holds")]
    return [_doubted(_spelled(place, str(name), binding, renumbered), place.finding.doubt)]


def _alone_in_row(source: Source, literal: PortLiteral) -> bool:
    """Whether a number in a document stands in a row of a table, as the only one there that can be a port."""
    row = source.line_text(literal.location.line)
    return row.lstrip().startswith("|") and set(NUMBER.findall(row)) == {str(literal.port)}


def _doubted(spelled: Spelled | Declined, doubt: str) -> Spelled | Declined:
    """Where the number may be another's a person has to decide."""
    if isinstance(spelled, Declined) or not doubt or spelled.applicability != "safe":
        return spelled
    return replace(spelled, applicability="unsafe", note=spelled.note or doubt)


def _number(place: Place) -> Spelled:
    """The number of the registry in its place. What runs changes with it: only a pin says that it is to."""
    doubts = (
        (place.language.name in BUILT, IN_IMAGE),
        (bool(place.finding.doubt), place.finding.doubt),
        (not place.finding.pinned, _changed(place)),
    )
    note = next((note for doubtful, note in doubts if doubtful), "")
    return Spelled((place.number,), "unsafe" if note else "safe", note)


def _changed(place: Place) -> str:
    return f"this changes the number from {place.literal.port} to {place.endpoint.port}"


def _unspelled(place: Place) -> Declined:
    """Why there is no fix in a language without a speller: what to write there instead, if there is anything."""
    reference = place.language.data.get("reference")
    if reference is None:
        return Declined(NO_VARIABLES if any(map(place.language.data.get, REMARKS)) else NO_COMMENTS)
    words = str(reference).replace("<variable>", place.endpoint.variable).replace("<port>", place.number.after)
    return Declined(f"{place.language.name} is not rewritten: read the variable, as in `{words}`, or pin the line")


def _spelled(place: Place, name: str, binding: Binding, renumbered: Renumbered) -> Spelled | Declined:
    """Bind to the registry's number; where another is written, spelled on a text that has it already, and carried back."""
    source, start, end, digits = place.source, place.start, place.end, place.number.after
    if source.text[start:end] == digits:
        return speller(name).bind(source, start, end, place.literal, binding)
    if renumbered.digits.get((start, end)) != digits:
        return _spelled(place, name, binding, Renumbered.of(source, (place,)))
    moved, at = renumbered.source, renumbered.start(place)
    if isinstance(moved, Skipped):
        return Declined(moved.reason)
    spelled = speller(name).bind(moved, at, at + len(digits), place.literal, binding)
    return spelled if isinstance(spelled, Declined) else renumbered.back(spelled)


def _renumbered(place: Place, name: str, binding: Binding, renumbered: Renumbered) -> Spelled | Declined:
    """Bind to the registry's number in place of another."""
    spelled = _spelled(place, name, binding, renumbered)
    if isinstance(spelled, Declined):
        return spelled
    applicability: Applicability = "unsafe" if spelled.applicability == "safe" else spelled.applicability
    return replace(spelled, applicability=applicability, note=spelled.note or _changed(place))
