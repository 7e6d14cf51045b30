"""Every example of the rules about the whole repository, run by itself: exactly the findings that it lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.findings import Example, catalogue
from portscan.pipeline.scanning import scan
from portscan.pipeline.whole import CODES
from portscan.registry.loader import load
from portscan.registry.model import Registry

REGISTRY = "config/ports/registry.yaml"
RULES = {code: rule for code, rule in catalogue().items() if any("files" in example.fields for example in rule.examples)}
CASES = [pytest.param(code, e, id=f"{code}: {e.fields['title']}") for code, rule in RULES.items() for e in rule.examples]


@pytest.mark.parametrize(("code", "example"), CASES)
def test_an_example_has_the_findings_that_it_lists(code: str, example: Example, tmp_path: Path) -> None:
    text = example.fields.get("registry", "")
    for path, content in {**example.fields["files"], REGISTRY: text}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    registry = load(REGISTRY, text.encode()).registry if text else Registry(REGISTRY, "1", ())
    assert registry is not None
    found = scan(tmp_path, [], registry, Config(select=(code,)), date(2026, 1, 1)).report.findings
    assert [f"{f.location.line}:{f.location.column} {f.code}" for f in found] == list(example.findings)


def test_every_code_is_shown_broken_and_kept() -> None:
    assert set(RULES) == set(CODES) - {"PS109"}
    for rule in RULES.values():
        assert {bool(example.findings) for example in rule.examples} == {True, False}
