"""From findings to fixes: what is to be rewritten is decided here, how it is written by the spellers; every fix is verified.

A fix stands only if, with it made, the parser sees no new fault, every other literal is where it was, the finding is gone
and no other one has come. Fixes of a file are tried together, and taken apart only when they fail together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from portscan.edit import Overlap, applied
from portscan.languages import Language, Languages
from portscan.model import Applicability, Edit, Finding, Fix, PortLiteral, Skipped
from portscan.registry.model import Endpoint, Registry
from portscan.resolve import LOOPBACK
from portscan.source import Source, decode
from portscan.spelling import Binding, Change, Declined, Spelled, speller

NUMBER = re.compile(r"(?<![\w.-])\d{2,5}(?![\w.-])")
HOST = re.compile(r"[a-z][\w.-]*")
BINDING = frozenset(("PS001", "PS004"))
FAILED = "no automatic fix, since "
OVERLAPS = "another fix changes the same characters"


@dataclass(frozen=True, slots=True)
class State:
    """A file as it would be: its literals, and the findings that nothing suppresses."""

    literals: tuple[PortLiteral, ...]
    findings: tuple[Finding, ...]


Examine = Callable[[Source], "State | Skipped"]
Bind = Callable[[str, str], Binding]


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the fixes of one file after the other. With `pin`, what cannot be bound gets a pin in a comment."""

    registry: Registry
    languages: Languages
    examine: Examine
    bind: Bind
    pin: bool = False

    def plan(self, source: Source, state: State) -> tuple[Finding, ...]:
        """The findings of a file, each with its verified fix or with the reason why there is none."""
        language = self.languages.of(source.path, source.text[:200])
        proposed = [self._proposed(source, language, finding) for finding in state.findings]
        failed = self._verified(source, language, state, proposed)
        return tuple(_failed(finding, failed[finding]) if finding in failed else finding for finding in proposed)

    def _proposed(self, source: Source, language: Language | None, finding: Finding) -> Finding:
        literal, variable = finding.literal, finding.variable
        endpoint = self.registry.by_variable.get(variable or "")
        if literal is None or endpoint is None or language is None:
            return finding
        start, end = source.character(literal.span.start), source.character(literal.span.end)
        spelled = self._spelled(source, language, finding, literal, endpoint, start, end)
        if isinstance(spelled, Declined) and self.pin and finding.code == "PS001":
            spelled = _pinned(source, language, start, endpoint) or spelled
        if isinstance(spelled, Declined):
            return replace(finding, help=f"By hand: {spelled.reason}.")
        return replace(finding, fix=_fix(source, finding, endpoint, spelled), help=_helped(finding, spelled))

    def _spelled(
        self, source: Source, language: Language, finding: Finding, literal: PortLiteral, endpoint: Endpoint, start: int, end: int
    ) -> Spelled | Declined:
        if literal.context != "code":
            certain = _alone_in_row(source, literal) or (literal.host or "").lower() in self.registry.by_host
            return Spelled((Change(start, end, str(endpoint.port)),), "safe" if certain else "unsafe")
        if finding.code == "PS003" and (literal.bound or literal.side != "host"):
            return Spelled((Change(start, end, str(endpoint.port)),))
        if finding.code not in (*BINDING, "PS003", "PS006"):
            return Declined("decide whose port this is")
        name = language.data.get("speller")
        if name is None:
            return Declined(
                "this format has no variables: pin the line with a comment `portscan: SERVICE`, or in the configuration"
            )
        binding = self.bind(source.path, endpoint.variable)
        if literal.port not in (endpoint.port, endpoint.container_port) or finding.code in ("PS003", "PS006"):
            return _renumbered(source, literal, endpoint, start, end, str(name), binding)
        if literal.port != endpoint.port:
            return Declined(f"this is the container port of `{endpoint.service}`, which no variable holds")
        spelled = speller(str(name)).bind(source, start, end, literal, binding)
        return self._doubted(spelled, literal) if isinstance(spelled, Spelled) else spelled

    def _doubted(self, spelled: Spelled, literal: PortLiteral) -> Spelled:
        """Behind a host that nobody registered the number may be another's: that is for a person to decide."""
        host = (literal.host or "").lower()
        known = host in LOOPBACK or host in self.registry.by_host or not HOST.fullmatch(host)
        if known or spelled.applicability != "safe":
            return spelled
        return replace(spelled, applicability="unsafe", note=spelled.note or f"`{host}` is no host of a registered service")

    def _verified(
        self, source: Source, language: Language | None, state: State, proposed: Sequence[Finding]
    ) -> dict[Finding, str]:
        """The findings whose fixes do not hold, each with the reason: first the safe ones are tried, then more on top."""
        kept: list[Finding] = []
        failed: dict[Finding, str] = {}
        for applicability in ("safe", "unsafe", "display"):
            chosen = [f for f in proposed if f.fix is not None and f.fix.applicability == applicability]
            kept += self._accepted(source, language, state, kept, chosen, failed)
        return failed

    def _accepted(
        self,
        source: Source,
        language: Language | None,
        state: State,
        kept: list[Finding],
        more: list[Finding],
        failed: dict[Finding, str],
    ) -> list[Finding]:
        """As many of `more` as hold on top of `kept`; halves are tried when the whole does not."""
        why = self._failure(source, language, state, [*kept, *more]) if more else ""
        if not why:
            return more
        if len(more) == 1:
            failed[more[0]] = why
            return []
        middle = len(more) // 2
        first = self._accepted(source, language, state, kept, more[:middle], failed)
        return [*first, *self._accepted(source, language, state, [*kept, *first], more[middle:], failed)]

    def _failure(self, source: Source, language: Language | None, state: State, fixed: Sequence[Finding]) -> str:
        """Why fixes do not hold together; empty when they do."""
        edits = [edit for finding in fixed if finding.fix for edit in finding.fix.edits]
        try:
            after = decode(source.path, applied(source.data, edits))
        except Overlap:
            return OVERLAPS
        if isinstance(after, Skipped):
            return f"the file could not be read with it: {after.reason}"
        found = self.examine(after)
        if isinstance(found, Skipped):
            return f"the file could not be read with it: {found.reason}"
        if language and _faults(language, after) > _faults(language, source):
            return "the file would have one syntax error more with it"
        return _disturbance(state, found, fixed, edits) or _remainder(state, found, fixed)


def _alone_in_row(source: Source, literal: PortLiteral) -> bool:
    """Whether a number in a document stands in a row of a table, as the only one there that can be a port."""
    row = source.line_text(literal.location.line)
    return row.lstrip().startswith("|") and set(NUMBER.findall(row)) == {str(literal.port)}


def chosen(findings: Sequence[Finding], applicabilities: Sequence[Applicability]) -> Iterator[Edit]:
    """The edits of the fixes that may be applied."""
    for finding in findings:
        if finding.fix is not None and finding.fix.applicability in applicabilities:
            yield from finding.fix.edits


def _fix(source: Source, finding: Finding, endpoint: Endpoint, spelled: Spelled) -> Fix:
    edits = tuple(
        Edit(
            source.path,
            source.byte_span(change.start, change.end),
            source.location(change.start, change.end),
            source.text[change.start : change.end].encode(source.encoding),
            change.after.encode(source.encoding),
        )
        for change in spelled.changes
    )
    title = f"Write {endpoint.port}" if finding.code in ("PS003", "PS006") else f"Read {endpoint.variable}"
    return Fix(title, spelled.applicability, edits)


def _helped(finding: Finding, spelled: Spelled) -> str | None:
    return f"{finding.help} Mind: {spelled.note}." if spelled.note else finding.help


def _failed(finding: Finding, why: str) -> Finding:
    return replace(finding, fix=None, help=f"By hand: {FAILED}{why}.")


def _faults(language: Language, source: Source) -> int:
    name = language.data.get("speller")
    return speller(str(name)).faults(source) if name else 0


def _renumbered(
    source: Source, literal: PortLiteral, endpoint: Endpoint, start: int, end: int, name: str, binding: Binding
) -> Spelled | Declined:
    """Bind to the registry's number in place of another: spelled on a text that has it already, and carried back."""
    digits = str(endpoint.port)
    text = source.text[:start] + digits + source.text[end:]
    moved = decode(source.path, source.data[: source.bom] + text.encode(source.encoding))
    if isinstance(moved, Skipped):
        return Declined(moved.reason)
    spelled = speller(name).bind(moved, start, start + len(digits), literal, binding)
    if isinstance(spelled, Declined):
        return spelled
    longer = (end - start) - len(digits)
    changes = tuple(
        Change(c.start + longer * (c.start > start), c.end + longer * (c.end > start), c.after) for c in spelled.changes
    )
    applicability: Applicability = "unsafe" if spelled.applicability == "safe" else spelled.applicability
    return Spelled(changes, applicability, spelled.note or f"this changes the number from {literal.port} to {digits}")


def _pinned(source: Source, language: Language, start: int, endpoint: Endpoint) -> Spelled | None:
    """A comment at the end of the line that ties it to the service."""
    marks = language.data.get("comments")
    end = source.text.find("\n", start)
    end = len(source.text) if end < 0 else end - source.text.endswith("\r", 0, end)
    line = source.text[source.text.rfind("\n", 0, start) + 1 : end]
    if not marks or line.rstrip().endswith("\\") or "portscan:" in line:
        return None
    return Spelled((Change(end, end, f"  {marks[0]} portscan: {endpoint.service}"),))


def _disturbance(before: State, after: State, fixed: Sequence[Finding], edits: Sequence[Edit]) -> str:
    """A literal that is not fixed and is not read any more at the place to which the edits have moved it."""
    touched = {finding.literal for finding in fixed}
    here = {(literal.span.start, literal.port, literal.kind, literal.context) for literal in after.literals}
    for literal in before.literals:
        place = (_moved(literal.span.start, edits), literal.port, literal.kind, literal.context)
        if literal not in touched and place not in here:
            return f"{literal.port} in line {literal.location.line} would be read otherwise"
    return ""


def _moved(position: int, edits: Sequence[Edit]) -> int:
    unique = {(edit.span, edit.after) for edit in edits}
    return position + sum(len(after) - (span.end - span.start) for span, after in unique if span.end <= position)


def _remainder(before: State, after: State, fixed: Sequence[Finding]) -> str:
    """A finding that is still there, or has come, though the fixed ones should be gone and nothing else have happened."""
    found = Counter(map(_gist, after.findings))
    expected = Counter(map(_gist, before.findings)) - Counter(map(_gist, fixed))
    if found == expected:
        return ""
    new = next((finding for finding in after.findings if _gist(finding) in found - expected), None)
    return (
        f"there would be {new.code} in its place: {new.message.rstrip('.')}" if new else "it would hide what is wrong beside it"
    )


def _gist(finding: Finding) -> tuple[str, int | None, str | None]:
    return finding.code, finding.port, finding.service
