"""The examples of the registry's rules, run by themselves."""

from __future__ import annotations

import pytest

from portscan.commands.validate import validated
from portscan.findings import Example, FindingRule, catalogue
from portscan.registry.checks import check
from portscan.registry.loader import load

CODES = tuple(f"PS{number}" for number in range(101, 112))  # what follows needs the compose files as well
RULES = {code: rule for code, rule in catalogue().items() if code in CODES}
EXAMPLES = [(rule, example) for rule in RULES.values() for example in rule.examples]


def found(example: Example) -> tuple[str, ...]:
    loaded = load("registry.yaml", example.fields["registry"].encode())
    checked = check(loaded.registry, RULES, example.fields.get("networks")) if loaded.registry else ()
    return tuple(f"{f.location.line}:{f.location.column} {f.code}" for f in (*loaded.findings, *checked))


@pytest.mark.parametrize("rule, example", EXAMPLES, ids=[f"{rule.code}: {example.fields['title']}" for rule, example in EXAMPLES])
def test_example(rule: FindingRule, example: Example) -> None:
    assert found(example) == example.findings
    # A rule is shown by itself: whatever else is wrong would only distract.
    assert {finding.split()[1] for finding in example.findings} <= {rule.code}


def test_every_code_has_a_rule() -> None:
    assert tuple(RULES) == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_rule_is_shown_broken_and_kept(code: str) -> None:
    examples = RULES[code].examples
    assert any(example.findings for example in examples)
    assert any(not example.findings for example in examples)
    assert RULES[code].source == f"rules/findings/{code}.yaml"


def test_without_networks_the_command_sees_the_same() -> None:
    for _, example in EXAMPLES:
        if "networks" not in example.fields:
            findings = validated("registry.yaml", example.fields["registry"].encode())
            assert tuple(f"{f.location.line}:{f.location.column} {f.code}" for f in findings) == example.findings
