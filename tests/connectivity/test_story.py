"""docs/connectivity.md tells the story of one fault; what it shows is what the example holds, and what portscan makes of it."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.edit import new_files, write
from portscan.fixing.planning import chosen
from portscan.model import Finding
from portscan.pipeline.scanning import Scan, scan
from portscan.registry.loader import load
from tests.judges import judge
from tools import compose_agreement as agreement

TOP = Path(__file__).resolve().parent.parent.parent
PAGE = (TOP / "docs" / "connectivity.md").read_text(encoding="utf-8")
REGISTRY = "config/ports/registry.yaml"
TELEGRAM = "tools/compose/docker-compose.telegram.yml"
CONNECTED = Config(select=("PS2",))


def shown(kind: str) -> list[str]:
    """The fenced blocks of the page that a comment says are of a kind."""
    return re.findall(rf"<!-- {kind}(?:: \S+)? -->\n```\w*\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOP / "examples" / "tradingsystem", tmp_path / "example"))


def scanned(root: Path, config: Config = CONNECTED) -> Scan:
    loaded = load(REGISTRY, (root / REGISTRY).read_bytes())
    assert loaded.registry is not None
    return scan(root, [], loaded.registry, config, date(2026, 1, 1), fixes=True)


def fixed(root: Path) -> tuple[Finding, ...]:
    """Apply every fix, and answer with what was found."""
    found = scanned(root, Config())
    write(root, root, new_files(chosen(found.report.findings, ("safe", "unsafe")), found.sources))
    return found.report.findings


def replaced(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_before(example: Path) -> None:
    (line,) = shown("before")
    assert line in (example / TELEGRAM).read_text(encoding="utf-8")
    (message,) = shown("said")
    said = [finding for finding in scanned(example).report.findings if finding.path == TELEGRAM]
    assert [finding.message for finding in said] == [message.strip()]
    assert [related.path for related in said[0].related] == [TELEGRAM]


def test_the_fallback_is_what_the_fix_makes(example: Path) -> None:
    fixed(example)
    text = (example / TELEGRAM).read_text(encoding="utf-8")
    assert len(shown("fallback")) == 2
    assert all(block in text for block in shown("fallback"))


def test_after_the_bridge_is_a_container(example: Path) -> None:
    service, variable = shown("after")
    (before,) = shown("before")
    replaced(example / TELEGRAM, before, variable)
    replaced(example / TELEGRAM, "  telegram-timescale:\n    image", f"{service}\n  telegram-timescale:\n    image")
    replaced(example / REGISTRY, "    container: false\n", "    container: true\n    network: telegram_net\n")
    assert not [finding for finding in scanned(example).report.findings if finding.path == TELEGRAM]


def test_every_planted_fault_has_a_fix_and_none_is_left(example: Path) -> None:
    found = [finding for finding in fixed(example) if finding.code.startswith("PS2")]
    assert len(found) == 6
    assert all(finding.fix is not None and finding.fix.applicability == "unsafe" for finding in found)
    assert scanned(example).report.findings == ()


def test_compose_accepts_the_result(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compose = judge("docker-compose")
    fixed(example)
    assert not agreement.compared(compose, example)
    assert re.search(r"\b[3-9] files accepted by Compose, 0 read differently", capsys.readouterr().out)
