"""Every example in rules/findings of a code about literals: exactly the findings that it lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.findings import Example, catalogue
from portscan.pipeline.scanning import scan
from portscan.registry.loader import load

RULES = {code: rule for code, rule in catalogue().items() if code.startswith("PS0")}
CASES = [pytest.param(e, id=f"{code}: {e.fields.get('title', '')}") for code, rule in RULES.items() for e in rule.examples]


@pytest.mark.parametrize("example", CASES)
def test_an_example_has_the_findings_that_it_lists(example: Example, tmp_path: Path) -> None:
    loaded = load("registry.yaml", example.fields["registry"].encode())
    assert loaded.registry is not None
    file = tmp_path / example.fields["path"]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(example.fields["code"], encoding="utf-8")
    settings = {name.replace("-", "_"): value for name, value in example.fields.get("configuration", {}).items()}
    found = scan(tmp_path, [example.fields["path"]], loaded.registry, Config(**settings), date(2026, 1, 1))
    assert [f"{f.location.line}:{f.location.column} {f.code}" for f in found.report.findings] == list(example.findings)


@pytest.mark.parametrize("code", RULES)
def test_every_code_has_an_example_that_breaks_it(code: str) -> None:
    assert any(finding.endswith(code) for example in RULES[code].examples for finding in example.findings)
