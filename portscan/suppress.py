"""Which findings are suppressed: by an ignore in a comment, by a setting for their path, by code. And what hides nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from portscan.config import Config, PerPath
from portscan.directives import Directive
from portscan.expressions import compiled
from portscan.model import Finding
from portscan.passed_over import matcher
from portscan.records import dataclass, replace
from portscan.source import Source

# What a scan looks for at every literal; an ignore of anything else may well hide what other checks find.
CHECKED = ("PS001", "PS002", "PS003", "PS004", "PS005", "PS006")
# The line of YAML that opens a text over several lines, in which no comment can stand.
LONGEST = 1000  # characters of such a line
OPENING = compiled(r"[ \t]*(?:[^#\s].*)?(?:^|[:\-\s])[|>][-+0-9]*[ \t]*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Suppression:
    """An ignore and the lines it covers, both ends included."""

    directive: Directive
    first: int
    last: int

    @property
    def checked(self) -> bool:
        """Whether a scan looks for one of the codes at all."""
        return any(chosen(code, self.directive.codes) for code in CHECKED)


def chosen(code: str, prefixes: Sequence[str]) -> bool:
    """Whether a code, or its beginning, is among `prefixes`; every code is when there are none."""
    return not prefixes or any(code.startswith(prefix) for prefix in prefixes)


def suppressions(found: Iterable[Directive], source: Source) -> Iterator[Suppression]:
    """The ignores of a file with the lines that each of them covers. A block that is never closed reaches to the end."""
    opened: list[Directive] = []
    for directive in found:
        if directive.reach == "start":
            opened.append(directive)
        elif directive.reach == "end" and opened:
            start = opened.pop()
            yield Suppression(start, start.line, directive.line)
        elif directive.reach == "file":
            yield Suppression(directive, 1, source.lines)
        elif directive.reach == "next-line":
            yield Suppression(directive, directive.line + 1, _value_end(source, directive.line + 1))
        elif directive.reach == "line":
            yield Suppression(directive, directive.line, _value_end(source, directive.line + directive.alone))
    yield from (Suppression(start, start.line, source.lines) for start in opened)


def _value_end(source: Source, line: int) -> int:
    """The last line of the value that `line` opens: itself, unless it opens a block of text that is indented below it."""
    opening = source.line_text(line) if source.line_length(line) <= LONGEST else ""
    if not OPENING.fullmatch(opening):
        return line
    last = line
    for number in range(line + 1, source.lines + 1):
        text = source.line_text(number)
        if text.strip() and _indentation(text) <= _indentation(opening):
            break
        last = number if text.strip() else last
    return last


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def unexplained(found: Iterable[Directive]) -> Iterator[Directive]:
    """The ignores that give no reason."""
    return (d for d in found if d.reach in ("line", "next-line", "start", "file") and not d.reason)


class _Sorted:
    """Findings in the order of their lines: of very many, an ignore is held against those that it covers."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = sorted(findings, key=lambda finding: finding.location.line)
        self._lines = [finding.location.line for finding in self._findings]

    def hidden_by(self, each: Suppression) -> Iterator[Finding]:
        """What an ignore hides."""
        first, last = bisect_left(self._lines, each.first), bisect_right(self._lines, each.last)
        return (finding for finding in self._findings[first:last] if chosen(finding.code, each.directive.codes))

    def leave(self, each: Suppression) -> bool:
        """Whether an ignore hides nothing."""
        return next(self.hidden_by(each), None) is None


def suppressed(findings: Sequence[Finding], found: Sequence[Suppression]) -> tuple[tuple[Finding, ...], tuple[Suppression, ...]]:
    """The findings that nothing hides, and the suppressions that hid nothing."""
    there = _Sorted(findings)
    different = {(each.first, each.last, each.directive.codes): each for each in found}.values()
    hidden = {id(finding) for each in different for finding in there.hidden_by(each)}
    kept = tuple(finding for finding in findings if id(finding) not in hidden)
    return kept, tuple(each for each in found if each.checked and there.leave(each))


def idle_codes(findings: Sequence[Finding], found: Sequence[Suppression]) -> Iterator[Suppression]:
    """The suppressions that hide something, each limited to one of its codes that hides nothing."""
    there = _Sorted(findings)
    for each in found:
        if not there.leave(each):
            single = (replace(each, directive=replace(each.directive, codes=(code,))) for code in each.directive.codes)
            yield from (one for one in single if one.checked and there.leave(one))


def unclosed(found: Iterable[Directive]) -> Iterator[Directive]:
    """The ends of blocks that nothing has opened."""
    depth = 0
    for directive in found:
        if directive.reach == "start":
            depth += 1
        elif directive.reach == "end":
            if not depth:
                yield directive
            depth = max(depth - 1, 0)


def configured(findings: Iterable[Finding], config: Config, seen: Callable[[str], str]) -> Iterator[Finding]:
    """The findings that the configuration selects and does not ignore, for their code and their path, as it weighs them.

    `seen` makes a path of a finding one that begins where the patterns of the configuration do.
    """
    per_path = [(matcher([entry.path]), entry) for entry in config.per_path]

    @cache
    def here(path: str) -> tuple[Config | PerPath, ...]:
        return (config, *(entry for matches, entry in per_path if matches(seen(path))))

    @cache
    def wanted(path: str, code: str) -> bool:
        return all(chosen(code, each.select) and not _ignored(code, each.ignore) for each in here(path))

    return (_weighed(finding, here(finding.path)) for finding in findings if wanted(finding.path, finding.code))


def _ignored(code: str, prefixes: Sequence[str]) -> bool:
    return bool(prefixes) and chosen(code, prefixes)


def _weighed(finding: Finding, settings: Sequence[Config | PerPath]) -> Finding:
    """The finding with the severity that the last of the settings gives it."""
    for each in reversed(settings):
        for code, severity in each.severity:
            if finding.code.startswith(code):
                return finding if finding.severity == severity else replace(finding, severity=severity)
    return finding
