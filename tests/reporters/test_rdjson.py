"""reviewdog's diagnostic format: its schema, and columns that count bytes of UTF-8."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from portscan.model import Edit, Finding, Fix, Location, Report, Span
from tests.judges import judge, node_module
from tests.reporters.samples import hostile, many, place, rendered, usual

REPORTS = {"usual": usual(), "hostile": hostile(), "empty": (Report(()), {}), "many": many(500)}


def result(report: Report, sources: dict[str, bytes]) -> dict[str, Any]:
    found = json.loads(rendered("rdjson", report, sources)[0])
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_fits_the_schema(name: str, tmp_path: Path) -> None:
    tool = node_module("@umbrelladocs/rdformat-validator") / "bin" / "rdformat-validator.js"
    (tmp_path / "report.json").write_text(rendered("rdjson", *REPORTS[name])[0], "utf-8")
    done = subprocess.run([judge("node"), tool, "report.json"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_diagnostic_says_everything() -> None:
    assert result(*usual())["diagnostics"][0] == {
        "message": "Port is written out. Read WEB_PORT.",
        "location": {
            "path": "apps/a b.yml",
            "range": {"start": {"line": 4, "column": 22}, "end": {"line": 4, "column": 26}},
        },
        "severity": "ERROR",
        "code": {"value": "PS001"},
        "suggestions": [
            {"range": {"start": {"line": 4, "column": 22}, "end": {"line": 4, "column": 26}}, "text": "${X:-1}"},
        ],
    }


def test_columns_are_bytes_of_utf_8_whatever_the_encoding_of_the_file() -> None:
    report, sources = usual()
    for row, finding in zip(result(report, sources)["diagnostics"], report.findings, strict=False):
        text = sources[finding.path].decode("utf-16" if finding.path == "w.ini" else "utf-8")
        where = row["location"]["range"]
        line = text.splitlines()[where["start"]["line"] - 1].encode()
        if finding.port:
            assert line[where["start"]["column"] - 1 : where["end"]["column"] - 1].decode() == str(finding.port)


def test_a_suggestion_makes_the_whole_fix() -> None:
    data = "# é\nimport os\nport = 3103; other = 1\n".encode()
    span, location = place("a.py", data, "3103")
    further, beside = place("a.py", data, "import")
    edits = (
        Edit("a.py", span, location, b"3103", b"int(os.environ['P'])"),
        Edit("a.py", Span(further.start, further.start), Location(2, 1, 2, 1), b"", "# ü\n".encode()),
    )
    assert beside.line == 2
    found = Finding("PS001", "x", "error", "m", "a.py", location, port=3103, fix=Fix("t", "safe", edits))
    (suggestion,) = result(Report((found,)), {"a.py": data})["diagnostics"][0]["suggestions"]
    assert suggestion["text"] == "# ü\nimport os\nport = int(os.environ['P'])"
    assert suggestion["range"] == {"start": {"line": 2, "column": 1}, "end": {"line": 3, "column": 12}}


def test_a_fix_that_reaches_far_or_elsewhere_is_not_suggested() -> None:
    data = b"a\n" * 30 + b"3103\n"
    span, location = place("a", data, "3103")
    far = (Edit("a", Span(0, 0), Location(1, 1, 1, 1), b"", b"x"), Edit("a", span, location, b"3103", b"y"))
    elsewhere = (Edit("a", span, location, b"3103", b"y"), Edit("b", Span(0, 0), Location(1, 1, 1, 1), b"", b"x"))
    for edits in (far, elsewhere):
        found = Finding("PS001", "x", "error", "m", "a", location, port=3103, fix=Fix("t", "safe", edits))
        assert "suggestions" not in result(Report((found,)), {"a": data})["diagnostics"][0]


def test_unread_files_and_related_places_are_told() -> None:
    rows = result(*usual())["diagnostics"]
    assert [(row["message"], row["location"]) for row in rows[-2:]] == [
        ("Not read: binary file.", {"path": "b.png"}), ("Not read: permission denied.", {"path": "caf\ufffd/x.bin"}),
    ]  # fmt: skip
    assert rows[2]["related_locations"] == [
        {
            "message": "the entry of `web`",
            "location": {
                "path": "config/registry.yaml",
                "range": {"start": {"line": 3, "column": 5}, "end": {"line": 3, "column": 6}},
            },
        }
    ]


def test_without_the_text_only_the_line_is_told() -> None:
    found = Finding("PS001", "x", "error", "m", "gone.py", Location(7, 3, 7, 7))
    (row,) = result(Report((found,)), {})["diagnostics"]
    assert row["location"]["range"] == {"start": {"line": 7}, "end": {"line": 7}}
