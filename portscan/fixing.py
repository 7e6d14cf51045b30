"""From findings to fixes: what is to be rewritten is decided here, how it is written by the spellers; every fix is verified."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from portscan.caution import refused
from portscan.directives import Directive, directives
from portscan.languages import Language, Languages
from portscan.model import Applicability, Edit, Finding, Fix, PortLiteral, Skipped
from portscan.pinning import Pinboard, pinned, temporary
from portscan.registry.model import Endpoint, Registry
from portscan.removal import removal
from portscan.source import Source, decode
from portscan.spelling import Binding, Change, Declined, Spelled, speller
from portscan.verifying import Attempt, Examine, State, Verifier

NUMBER = re.compile(r"(?<![\w.-])\d{2,5}(?![\w.-])")
FAILED = "no automatic fix, since "
WHOSE = "decide whose port this is"
BUILT = frozenset(("dockerfile",))
IN_IMAGE = "the image is built with the number, and what runs in it may listen there"
NO_VARIABLES = "this format has no variables: pin the line with a comment `portscan: SERVICE`, or in the configuration"
Bind = Callable[[str, str], Binding]


@dataclass(frozen=True, slots=True)
class Place:
    """The literal of a finding in its file, and the endpoint that it is to follow."""

    source: Source
    language: Language
    finding: Finding
    literal: PortLiteral
    endpoint: Endpoint

    @property
    def start(self) -> int:
        """The character at which its digits begin."""
        return self.source.character(self.literal.span.start)

    @property
    def end(self) -> int:
        """The character at which its digits end."""
        return self.source.character(self.literal.span.end)

    @property
    def number(self) -> Change:
        """The number of the registry in its place."""
        return Change(self.start, self.end, str(self.endpoint.port))


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the fixes of one file after the other.

    `bind` says how a variable is reached in a file, `mistaken` whether a directive is misspelt rather than idle. With
    `pin`, what cannot be bound is pinned, by a comment or on the `board`.
    """

    registry: Registry
    languages: Languages
    examine: Examine
    bind: Bind
    board: Pinboard
    seen: Callable[[str], str]
    mistaken: Callable[[Directive], object]
    pin: bool = False

    def plan(self, source: Source, state: State) -> tuple[Finding, ...]:
        """The findings of a file, each with its verified fix or with the reason why there is none."""
        language = self.languages.of(source.path, source.text[:200])
        tried = [
            Declined(words)
            if (words := refused(source, finding, state.findings, state.literals))
            else self._attempts(source, language, finding)
            for finding in state.findings
        ]
        options = [each if isinstance(each, list) else [] for each in tried]
        verifier = Verifier(source, state, self.examine, lambda text: _faults(language, text))
        answers = verifier.settled(options)
        return tuple(
            _answered(finding, each if isinstance(each, Declined) else answer)
            for finding, each, answer in zip(state.findings, tried, answers, strict=True)
        )

    def _attempts(self, source: Source, language: Language | None, finding: Finding) -> list[Attempt] | Declined | None:
        """The fixes to try, best first; None where the finding says itself what to do."""
        if language is None:
            return None
        if finding.code == "PS007":
            return self._removals(source, language, finding)
        endpoint = self.registry.by_variable.get(finding.variable or "")
        if finding.literal is None or endpoint is None:
            return None
        place = Place(source, language, finding, finding.literal, endpoint)
        spelled = self._spellings(place)
        attempts = [_attempt(place, each) for each in spelled if isinstance(each, Spelled)]
        if attempts or not (self.pin and finding.code == "PS001"):
            return [replace(each, fix=self._with_pin(place, each.fix)) for each in attempts] or _reason(spelled)
        return self._pins(place) or _reason(spelled)

    def _spellings(self, place: Place) -> list[Spelled | Declined]:
        literal, endpoint, code = place.literal, place.endpoint, place.finding.code
        if literal.context != "code":
            certain = _alone_in_row(place.source, literal) or (literal.host or "").lower() in self.registry.by_host
            doubt = place.finding.doubt
            return [Spelled((place.number,), "safe" if certain and not doubt else "unsafe", doubt)]
        if code not in ("PS001", "PS003", "PS004", "PS006"):
            return [Declined(WHOSE)]
        number = [_number(place)] if code == "PS003" and (literal.bound or literal.side != "host") else []
        name = place.language.data.get("speller")
        if name is None:
            return [*number, _unspelled(place)]
        binding = self.bind(place.source.path, endpoint.variable)
        if literal.port not in (endpoint.port, endpoint.container_port) or code in ("PS003", "PS006"):
            return [*number, _renumbered(place, str(name), binding)]
        if literal.port != endpoint.port:
            return [Declined(f"this is the container port of `{endpoint.service}`, which no variable holds")]
        return [_doubted(_spelled(place, str(name), binding, str(literal.port)), place.finding.doubt)]

    def _pins(self, place: Place) -> list[Attempt]:
        """A pin in a comment; else one in the configuration."""
        path, service = place.source.path, place.endpoint.service
        title = f"Pin {place.literal.port} to {service}"
        comment = pinned(place.source, place.language, place.start, service)
        spelled = [Fix(title, "safe", _edits(place.source, comment))] if isinstance(comment, Spelled) else []
        found = [Attempt(place.finding, fix, pinning=True) for fix in spelled]
        edits = self.board.add(path, place.literal.port, service)
        if not edits:
            return found
        pin = temporary(self.seen, path, place.literal.port, service)
        return [*found, Attempt(place.finding, Fix(title, "safe", edits), pinning=True, pins=(pin,))]

    def _with_pin(self, place: Place, fix: Fix) -> Fix:
        """The fix, and the number in the pin that made the finding, if the configuration holds that."""
        if place.finding.code != "PS003":
            return fix
        return replace(fix, edits=(*fix.edits, *self.board.follow(place.source.path, place.literal.port, place.endpoint)))

    def _removals(self, source: Source, language: Language, finding: Finding) -> list[Attempt] | Declined | None:
        """What takes out an ignore or a pin that has no effect; what is misspelt is for a person to mend."""
        said = directives(source, language.context == "doc")
        meant = [d for d in said if d.location.line == finding.location.line and d.location.column <= finding.location.column]
        if not meant or self.mistaken(meant[-1]):
            return None
        spelled = removal(source, language, said, finding.location)
        if isinstance(spelled, Declined):
            return spelled
        return [Attempt(finding, Fix("Take it out", "safe", _edits(source, spelled)))]


def chosen(findings: Sequence[Finding], applicabilities: Sequence[Applicability]) -> Iterator[Edit]:
    """The edits of the fixes that may be applied."""
    for finding in findings:
        if finding.fix is not None and finding.fix.applicability in applicabilities:
            yield from finding.fix.edits


def _answered(finding: Finding, answer: Attempt | Declined | str) -> Finding:
    """The finding with its fix, or with the reason why there is none."""
    if isinstance(answer, Attempt):
        return replace(answer.finding, fix=answer.fix)
    if isinstance(answer, Declined):
        return replace(finding, help=f"By hand: {answer.reason}.")
    return replace(finding, help=f"By hand: {FAILED}{answer}.") if answer else finding


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
        return Declined(NO_VARIABLES)
    words = str(reference).replace("<variable>", place.endpoint.variable).replace("<port>", place.number.after)
    return Declined(f"{place.language.name} is not rewritten: read the variable, as in `{words}`, or pin the line")


def _reason(spelled: Sequence[Spelled | Declined]) -> Declined:
    return next((each for each in spelled if isinstance(each, Declined)), Declined(WHOSE))


def _attempt(place: Place, spelled: Spelled) -> Attempt:
    finding, endpoint = place.finding, place.endpoint
    title = f"Write {endpoint.port}" if finding.code in ("PS003", "PS006") else f"Read {endpoint.variable}"
    noted = replace(finding, help=f"{finding.help} Mind: {spelled.note}.") if spelled.note else finding
    return Attempt(noted, Fix(title, spelled.applicability, _edits(place.source, spelled)))


def _edits(source: Source, spelled: Spelled) -> tuple[Edit, ...]:
    return tuple(
        Edit(
            source.path,
            source.byte_span(change.start, change.end),
            source.location(change.start, change.end),
            source.text[change.start : change.end].encode(source.encoding),
            change.after.encode(source.encoding),
        )
        for change in spelled.changes
    )


def _alone_in_row(source: Source, literal: PortLiteral) -> bool:
    """Whether a number in a document stands in a row of a table, as the only one there that can be a port."""
    row = source.line_text(literal.location.line)
    return row.lstrip().startswith("|") and set(NUMBER.findall(row)) == {str(literal.port)}


def _faults(language: Language | None, source: Source) -> int:
    name = language.data.get("speller") if language else None
    return speller(str(name)).faults(source) if name else 0


def _spelled(place: Place, name: str, binding: Binding, digits: str) -> Spelled | Declined:
    """Bind to `digits`; where something else is written, spelled on a text that has them already, and carried back."""
    source, start, end = place.source, place.start, place.end
    if source.text[start:end] == digits:
        return speller(name).bind(source, start, end, place.literal, binding)
    text = source.text[:start] + digits + source.text[end:]
    moved = decode(source.path, source.data[: source.bom] + text.encode(source.encoding))
    if isinstance(moved, Skipped):
        return Declined(moved.reason)
    spelled = speller(name).bind(moved, start, start + len(digits), place.literal, binding)
    if isinstance(spelled, Declined):
        return spelled
    longer = (end - start) - len(digits)
    changes = (Change(c.start + longer * (c.start > start), c.end + longer * (c.end > start), c.after) for c in spelled.changes)
    return replace(spelled, changes=tuple(changes))


def _renumbered(place: Place, name: str, binding: Binding) -> Spelled | Declined:
    """Bind to the registry's number in place of another."""
    spelled = _spelled(place, name, binding, place.number.after)
    if isinstance(spelled, Declined):
        return spelled
    applicability: Applicability = "unsafe" if spelled.applicability == "safe" else spelled.applicability
    return replace(spelled, applicability=applicability, note=spelled.note or _changed(place))
