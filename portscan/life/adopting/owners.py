"""Who answers for a path: by CODEOWNERS, else by who has worked on it most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from portscan.life.adopting.found import Fact
from portscan.passed_over import matcher
from portscan.records import dataclass

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of CODEOWNERS: which paths, whose, and where it stands."""

    matches: Callable[[str], bool]
    owners: str
    place: str


def rules(read: Callable[[str], str | None]) -> tuple[Rule, ...]:
    """The rules of the first CODEOWNERS there is; of those that match a path the last one counts."""
    for path in PLACES:
        text = read(path)
        if text is not None:
            return tuple(rule for number, line in enumerate(text.splitlines(), 1) if (rule := _rule(line, f"{path}:{number}")))
    return ()


def _rule(line: str, place: str) -> Rule | None:
    pattern, *owners = line.split("#")[0].split()[:6] or [""]
    if not pattern or not owners or pattern.startswith(("[", "^[")):
        return None
    glob = pattern.rstrip("/") if pattern != "*" else "**"
    return Rule(matcher([glob]), ", ".join(owners), place)


def owner(root: Path, paths: Sequence[str], known: Sequence[Rule], seen: dict[str, Fact | None]) -> Fact | None:
    """The owner of the first of the paths that has one; `seen` remembers what git said."""
    for path in paths:
        rule = next((rule for rule in reversed(known) if rule.matches(path)), None)
        if rule is not None:
            return Fact(rule.owners, rule.place)
    for path in paths:
        if path not in seen:
            seen[path] = _busiest(root, path)
        if seen[path] is not None:
            return seen[path]
    return None


def _busiest(root: Path, path: str) -> Fact | None:
    from portscan.git.history import authors

    counts: Mapping[str, int] = Counter(name for name in authors(str(root), path) if not name.endswith("[bot]"))
    if not counts:
        return None
    name = max(counts, key=lambda each: counts[each])
    every = sum(counts.values())
    share = "the only commit" if every == 1 else f"{counts[name]} of the last {every} commits"
    return Fact(name, f"{share} to {path}")
