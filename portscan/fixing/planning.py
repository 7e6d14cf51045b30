"""From findings to fixes: what is to be rewritten is decided here, how it is written by the spellers; every fix is verified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from portscan.directives import Directive
from portscan.fixing.assigned import Assigned, read_by
from portscan.fixing.caution import INSIDE, Caution
from portscan.fixing.expected import EXPECTED, expected
from portscan.fixing.pinning import Pinboard, temporary
from portscan.fixing.place import Place, edits_of
from portscan.fixing.remarks import Remarks
from portscan.fixing.removal import Removals
from portscan.fixing.renumbered import Renumbered
from portscan.fixing.together import Options, held_against, together, without
from portscan.fixing.ways import WHOSE, Bind, ways
from portscan.languages import Language, Languages
from portscan.model import Applicability, Edit, Finding, Fix
from portscan.records import dataclass, replace
from portscan.registry.model import Registry
from portscan.source import Source
from portscan.spelling import Declined, Spelled, speller
from portscan.verifying import FAILED, Attempt, Examine, State, Verifier

MOUNTED = "a Compose file mounts this file into a container, which has an environment of its own"


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the fixes of one file after the other.

    `bind` says how a variable is reached in a file, `mistaken` whether a directive is misspelt rather than idle, `mounted`
    whether a container gets a file, `assigned` what gives a variable a value there. With `pin`, what cannot be bound is
    pinned, by a comment or on the `board`.
    """

    registry: Registry
    languages: Languages
    examine: Examine
    bind: Bind
    board: Pinboard
    seen: Callable[[str], str]
    mistaken: Callable[[Directive], object]
    mounted: Callable[[str], bool]
    assigned: Assigned
    pin: bool = False

    def plan(self, source: Source, state: State) -> tuple[Finding, ...]:
        """The findings of a file, each with its verified fix or with the reason why there is none."""
        language = self.languages.of(source.path, source.text[:200])
        words = [*map(Caution(source, state.findings, state.literals).refused, state.findings)]
        inside = {finding.location for finding, why in zip(state.findings, words, strict=True) if why == INSIDE}
        state = held_against(source, State(state.literals, without(state.findings, inside)), _held(language, source))
        places = [self._place(source, language, finding) for finding in state.findings]
        renumbered = Renumbered.of(source, (place for place in places if place and place.literal.context == "code"))
        removals = Removals(source, language) if language else None
        remarks = self._remarks(source, language, places)
        tried = [
            Declined(why) if why else self._attempts(place, renumbered, remarks) if place else self._removals(removals, finding)
            for finding, place, why in zip(state.findings, places, words, strict=True)
        ]
        options = [each if isinstance(each, list) else [] for each in tried]
        verifier = Verifier(source, state, self.examine, lambda text: _faults(language, text))
        answers = _settled(verifier, options)
        return tuple(
            _answered(finding, each if isinstance(each, Declined) else answer)
            for finding, each, answer in zip(state.findings, tried, answers, strict=True)
        )

    def _place(self, source: Source, language: Language | None, finding: Finding) -> Place | None:
        """Where a literal is to follow its service, None where it is not known which."""
        endpoint = self.registry.by_variable.get(finding.variable or "")
        if language is None or finding.code == "PS007" or finding.literal is None or endpoint is None:
            return None
        return Place(source, language, finding, finding.literal, endpoint)

    def _remarks(self, source: Source, language: Language | None, places: Iterable[Place | None]) -> Remarks | None:
        """The comments that may tie numbers to their services."""
        if language is None or not self.pin:
            return None
        wanted = {place.start: place.endpoint.service for place in places if place and place.finding.code == "PS001"}
        return Remarks(source, language, wanted, lambda text: _faults(language, text))

    def _attempts(self, place: Place, renumbered: Renumbered, remarks: Remarks | None) -> list[Attempt] | Declined:
        """The fixes to try, best first."""
        finding = place.finding
        spelled = [self._looked_at(place, each) for each in ways(place, self.registry, self.bind, renumbered)]
        attempts = [_attempt(place, each) for each in spelled if isinstance(each, Spelled)]
        if attempts or remarks is None or finding.code != "PS001":
            return [replace(each, fix=self._with_pin(place, each.fix)) for each in attempts] or _reason(spelled)
        return self._pins(place, remarks) or _reason(spelled)

    def _looked_at(self, place: Place, spelled: Spelled | Declined) -> Spelled | Declined:
        """A safe way is one for a person where the environment that is read is not the host's as it was."""
        if isinstance(spelled, Declined) or spelled.applicability != "safe":
            return spelled
        why = (not place.finding.pinned and self._unread(place)) or self._overridden(place, spelled)
        return replace(spelled, applicability="unsafe", note=why) if why else spelled

    def _unread(self, place: Place) -> str:
        """Why who reads the file is no reader of the host's environment, if that is so."""
        path, code = place.source.path, place.literal.context == "code"
        return EXPECTED if expected(place.source, place.literal) else MOUNTED if code and self.mounted(path) else ""

    def _overridden(self, place: Place, spelled: Spelled) -> str:
        """Why a look-up would read another value than the number, if something gives the variable one."""
        source, endpoint = place.source, place.endpoint
        names = read_by(" ".join(change.after for change in spelled.changes), endpoint.variable)
        if not names or self.bind(source.path, endpoint.variable).module:
            return ""
        return self.assigned.why(source.path, source.text, place.language, names, endpoint.port)

    def _pins(self, place: Place, remarks: Remarks) -> list[Attempt]:
        """A pin in a comment; else one in the configuration. It changes nothing that runs, and parts no number."""
        finding = replace(place.finding, twins=())
        path, service = place.source.path, place.endpoint.service
        title = f"Pin {place.literal.port} to {service}"
        comment = remarks.at(place.start)
        spelled = [Fix(title, "safe", edits_of(place.source, comment))] if isinstance(comment, Spelled) else []
        found = [Attempt(finding, fix, pinning=True) for fix in spelled]
        edits = self.board.add(path, place.literal.port, service)
        if not edits:
            return found
        pin = temporary(self.seen, path, place.literal.port, service)
        return [*found, Attempt(finding, Fix(title, "safe", edits), pinning=True, pins=(pin,))]

    def _with_pin(self, place: Place, fix: Fix) -> Fix:
        """The fix, and the number in the pin that made the finding, if the configuration holds that."""
        if place.finding.code != "PS003":
            return fix
        return replace(fix, edits=(*fix.edits, *self.board.follow(place.source.path, place.literal.port, place.endpoint)))

    def _removals(self, removals: Removals | None, finding: Finding) -> list[Attempt] | Declined | None:
        """What takes out an ignore or a pin that has no effect; what is misspelt, or says itself what to do, is for a person."""
        meant = removals.meant(finding.location) if removals and finding.code == "PS007" else None
        if removals is None or meant is None or self.mistaken(meant):
            return None
        spelled = removals.of(meant, finding.location)
        if isinstance(spelled, Declined):
            return spelled
        return [Attempt(finding, Fix("Take it out", "safe", edits_of(removals.source, spelled)))]


def chosen(findings: Sequence[Finding], applicabilities: Sequence[Applicability]) -> Iterator[Edit]:
    """The edits of the fixes that may be applied."""
    for finding in findings:
        if finding.fix is not None and finding.fix.applicability in applicabilities:
            yield from finding.fix.edits


def _settled(verifier: Verifier, options: Options) -> list[Attempt | str]:
    """The attempts that hold. Those that part a number are not safe, and are tried again as what they are."""
    safe = together(options, [next(iter(each), None) for each in options])
    answers = verifier.settled(safe)
    while (less := together(safe, answers)) != safe:
        safe, answers = less, verifier.settled(less)
    return answers


def _answered(finding: Finding, answer: Attempt | Declined | str) -> Finding:
    """The finding with its fix, or with the reason why there is none."""
    if isinstance(answer, Attempt):
        return replace(answer.finding, fix=answer.fix)
    if isinstance(answer, Declined):
        return replace(finding, help=f"By hand: {answer.reason}.")
    return replace(finding, help=f"By hand: {FAILED}{answer}.") if answer else finding


def _reason(spelled: Sequence[Spelled | Declined]) -> Declined:
    return next((each for each in spelled if isinstance(each, Declined)), Declined(WHOSE))


def _attempt(place: Place, spelled: Spelled) -> Attempt:
    finding, endpoint = place.finding, place.endpoint
    title = f"Write {endpoint.port}" if finding.code in ("PS003", "PS006") else f"Read {endpoint.variable}"
    noted = replace(finding, help=f"{finding.help} Mind: {spelled.note}.") if spelled.note else finding
    return Attempt(noted, Fix(title, spelled.applicability, edits_of(place.source, spelled)))


def _held(language: Language | None, source: Source) -> Iterator[tuple[int, int]]:
    """The characters of what values are held against, where a speller of the language knows that."""
    name = language.data.get("speller") if language else None
    held = getattr(speller(str(name)), "held", None) if name else None
    yield from held(source) if held else ()


def _faults(language: Language | None, source: Source) -> int:
    name = language.data.get("speller") if language else None
    return speller(str(name)).faults(source) if name else 0
