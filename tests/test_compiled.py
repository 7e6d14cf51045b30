"""What a wheel carries is what the rules say, and a wheel that was made for other code is not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan import compiled, findings, knowledge
from portscan.cache import kept
from tests.sources import NEEDS_SOURCES


def test_the_compiled_rules_are_the_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.bin").write_bytes(compiled.content())
    content = kept.drawers(tmp_path / "a.bin")
    plain, rules = knowledge.load(), dict(findings.catalogue())
    monkeypatch.setattr(compiled, "shipped", lambda: content)
    monkeypatch.setattr(knowledge, "kept_file", lambda *_: pytest.fail("the wheel has it"))
    found = knowledge.load()
    assert (found.languages, found.rules, found.formats, found.triggers) == (
        plain.languages,
        plain.rules,
        plain.formats,
        plain.triggers,
    )
    assert dict(findings.catalogue()) == rules


@NEEDS_SOURCES
def test_a_checkout_carries_nothing() -> None:
    assert compiled.shipped() is None
