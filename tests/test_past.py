"""What tells of the past, by the names of files: one notion for scans, fixes and moves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.judge.past import named_after, past
from portscan.pipeline.scanning import scan
from tests.literals import literal, registry
from tests.repository import repository, write


@pytest.mark.parametrize(
    "path",
    [
        "docs/archive/ports.md",
        "docs/versioned_docs/version-1/ports.md",
        "reports/readability-report-2025-11-03.json",
        "docs/REVIEW-20251103.md",
        "governance/snapshots/ports.json",
    ],
)
def test_what_is_kept_tells_of_the_past_whatever_it_is(path: str) -> None:
    assert past(path, document=False)


@pytest.mark.parametrize("path", ["CHANGELOG.md", "docs/adr/0001-ports.md", "docs/Release-Notes-4.md"])
def test_a_document_may_say_so_by_its_name(path: str) -> None:
    assert past(path, document=True)
    assert not past(path, document=False)


@pytest.mark.parametrize(
    "path", ["src/archiver.ts", "migrations/20250101_ports.sql", "docs/ports.md", "docs/port-4010-2025.md", "a/__snapshots__/x"]
)
def test_everything_else_tells_of_the_present(path: str) -> None:
    assert not past(path, document=True)


def test_a_file_may_be_named_after_a_number() -> None:
    assert named_after(literal(3200, path="scripts/kill-port-3200.sh"))
    assert not named_after(literal(3200, path="scripts/3200/kill-13200.sh"))


def test_a_move_a_fix_and_a_scan_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = repository(tmp_path)
    told = {"archive/a.sh": "curl http://localhost:4010/api\n", "kill-4010.sh": "kill $(lsof -ti :4010) # api\n"}
    for path, text in told.items():
        write(place / path, text)
    known = registry("name: api, port: 4010")
    found = scan(place, tuple(told), known, Config(), date(2026, 1, 1), fixes=True).report.findings
    assert [(each.code, each.fix and each.fix.applicability) for each in found] == [("PS001", "unsafe"), ("PS001", "unsafe")]
    monkeypatch.chdir(place)
    assert main(["migrate", "api", "4011", "--yes"]) == 1
    assert {path: (place / path).read_text(encoding="utf-8") for path in told} == told
    said = capsys.readouterr().err
    assert "archive/a.sh:1:23: 4010 is left to you: it tells of the past." in said
    assert "4010 is left to you: it stands in a file that is named after it." in said
    retired = registry("name: api, port: 4011, previous: [{port: 4010, until: 2025-01-01}]")
    after = scan(place, tuple(told), retired, Config(), date(2026, 1, 1)).report.findings
    assert [each.path for each in after] == ["kill-4010.sh"]
