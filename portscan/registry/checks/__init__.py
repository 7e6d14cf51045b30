"""What a well-formed registry may still have wrong: every check is a function from the registry to breaches of one rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Final

from portscan.findings import Breach, FindingRule
from portscan.model import Finding, position
from portscan.registry.checks.cycles import dependency_cycle
from portscan.registry.checks.names import (
    deprecated_without_replacement,
    duplicate_name,
    unknown_dependency,
    unknown_network,
    unknown_stack,
)
from portscan.registry.checks.ports import duplicate_port, little_headroom, out_of_range, overlapping_ranges
from portscan.registry.model import Registry

Check = Callable[[Registry], Iterable[Breach]]

CHECKS: Final[tuple[Check, ...]] = (
    duplicate_port,
    duplicate_name,
    out_of_range,
    unknown_stack,
    unknown_dependency,
    overlapping_ranges,
    deprecated_without_replacement,
    little_headroom,
    dependency_cycle,
)
# Of one rule; nobody reads further.
MOST_BREACHES: Final = 500


def check(registry: Registry, rules: Mapping[str, FindingRule], networks: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Everything wrong with `registry`, in the words of `rules`, sorted by place, each finding once.

    `networks` are those that the compose files define; without them the registry's networks are not checked.
    """
    checks: tuple[Check, ...] = CHECKS if networks is None else (*CHECKS, partial(unknown_network, networks=networks))
    breaches = (breach for look in checks for breach in islice(look(registry), MOST_BREACHES))
    findings = dict.fromkeys(rules[breach.code].finding(registry.path, breach) for breach in breaches)
    return tuple(sorted(findings, key=position))
