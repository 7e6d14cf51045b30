"""What a well-formed registry may still have wrong: every check is a function from the registry to breaches of one rule.

A module that lies here says in `CHECKS` which of its functions are checks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from itertools import islice
from typing import Final, TypeAlias

from portscan.findings import Breach, FindingRule
from portscan.members import members, module_of
from portscan.model import Finding, position
from portscan.registry.checks.names import unknown_network
from portscan.registry.model import Registry

Check: TypeAlias = "Callable[[Registry], Iterable[Breach]]"

# Of one rule; nobody reads further.
MOST_BREACHES: Final = 500


def check(registry: Registry, rules: Mapping[str, FindingRule], networks: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Everything wrong with `registry`, in the words of `rules`, sorted by place, each finding once.

    `networks` are those that the compose files define; without them the registry's networks are not checked.
    """
    further = () if networks is None else (partial(unknown_network, networks=networks),)
    breaches = (breach for look in (*_checks(), *further) for breach in islice(look(registry), MOST_BREACHES))
    findings = dict.fromkeys(rules[breach.code].finding(registry.path, breach) for breach in breaches)
    return tuple(sorted(findings, key=position))


@cache
def _checks() -> tuple[Check, ...]:
    """Those of every module here."""
    return tuple(look for name in members(__path__) for look in import_module(module_of(__name__, name)).CHECKS)
