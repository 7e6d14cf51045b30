"""The examples of the registry's rules, run by themselves."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from portscan.commands.validate import validated
from portscan.findings import Example, FindingRule, catalogue
from portscan.model import Finding
from portscan.registry.checks import check
from portscan.registry.loader import load

FIELDS = {"title", "registry", "networks", "findings"}  # an example with more is not of the registry alone


def of_the_registry(rule: FindingRule) -> bool:
    return rule.code.startswith("PS1") and all(example.fields.keys() <= FIELDS for example in rule.examples)


RULES = {code: rule for code, rule in catalogue().items() if of_the_registry(rule)}
EXAMPLES = [(rule, example) for rule in RULES.values() for example in rule.examples]


def found(rule: FindingRule, example: Example) -> tuple[str, ...]:
    """What is found of the rule in its example; what else there is to say of it is up to other rules."""
    loaded = load("registry.yaml", example.fields["registry"].encode())
    checked = check(loaded.registry, RULES, example.fields.get("networks")) if loaded.registry else ()
    return shown(rule, (*loaded.findings, *checked))


def shown(rule: FindingRule, findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(f"{f.location.line}:{f.location.column} {f.code}" for f in findings if f.code == rule.code)


@pytest.mark.parametrize("rule, example", EXAMPLES, ids=[f"{rule.code}: {example.fields['title']}" for rule, example in EXAMPLES])
def test_example(rule: FindingRule, example: Example) -> None:
    assert found(rule, example) == example.findings


def test_they_are_all_here() -> None:
    assert {f"PS{number}" for number in range(101, 112)} <= RULES.keys()


@pytest.mark.parametrize("code", RULES)
def test_every_rule_is_shown_broken_and_kept(code: str) -> None:
    examples = RULES[code].examples
    assert any(example.findings for example in examples)
    assert any(not example.findings for example in examples)
    assert RULES[code].source == f"rules/findings/{code}.yaml"


def test_without_networks_the_command_sees_the_same() -> None:
    for rule, example in EXAMPLES:
        if "networks" not in example.fields:
            assert shown(rule, validated("registry.yaml", example.fields["registry"].encode())) == example.findings
