"""PS007: what comments say to portscan, and what has no effect: idle ignores and pins, unknown codes, services and words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet

from portscan.directives import Directive
from portscan.errors import closest
from portscan.findings import Breach, FindingRule
from portscan.model import Finding, Severity
from portscan.records import dataclass
from portscan.registry.model import Registry
from portscan.suppress import Suppression, unclosed

WORDS = ("ignore", "ignore-next-line", "ignore-start", "ignore-end", "ignore-file")


@dataclass(frozen=True, slots=True)
class Idle:
    """Finds what is idle in one file after the other; `codes` are all there are."""

    registry: Registry
    codes: Collection[str]
    rule: FindingRule

    def findings(
        self, path: str, said: Collection[Directive], ignores: Iterable[Suppression], lines: AbstractSet[int]
    ) -> Iterator[Finding]:
        """The idle directives of a file: `ignores` hid nothing, and on `lines` stand ports that a pin can tie."""
        wrong = {directive: what for directive in said if (what := self.unknown(directive))}
        yield from (self._finding(path, directive, what, "error") for directive, what in wrong.items())
        whole = {directive.location: directive for directive in said}
        for each in ignores:
            directive = whole[each.directive.location]
            if directive in wrong:
                continue
            named = ", ".join(each.directive.codes) or "every code"
            if directive.codes == each.directive.codes:
                yield self._finding(path, directive, f"This ignore of {named} hides nothing")
            else:
                yield self._finding(path, directive.about(named), f"{named} hides nothing in this ignore")
        for directive in unclosed(said):
            yield self._finding(path, directive, "This end closes no block: there is no `ignore-start` above")
        for pin in said:
            if pin.reach == "pin" and pin not in wrong and lines.isdisjoint(pin.lines):
                yield self._finding(path, pin, "This pin ties nothing: no port stands beside it")

    def unknown(self, directive: Directive) -> str:
        """What portscan does not know of a directive's words; empty when it knows all of them."""
        if directive.reach == "unknown":
            return f"`{directive.words}` is no word of portscan{_meant(directive.words, WORDS)}"
        for code in directive.codes:
            if not any(known.startswith(code) for known in self.codes):
                return f"`{code}` is no code of portscan{_meant(code, self.codes)}"
        for name in directive.services:
            if name not in self.registry.by_name and name not in self.registry.by_variable:
                return f"The pin `{name}` names no registered service{_meant(name, self.registry.by_name)}"
        return ""

    def _finding(self, path: str, directive: Directive, what: str, severity: Severity | None = None) -> Finding:
        values = {"what": what, "remedy": "Mend or remove it"}
        return self.rule.finding(path, Breach(self.rule.code, directive.location, values, severity=severity))


def _meant(word: str, known: Iterable[str]) -> str:
    """A suggestion, at the end of a sentence."""
    meant = closest(word, known)
    return f", perhaps you mean `{meant}`" if meant else ""
