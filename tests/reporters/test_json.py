"""The JSON report is a contract; these tests pin it."""

from __future__ import annotations

import codecs
import io
import json
from typing import Any

import pytest

from portscan.model import Finding, Location, Related, Report, Skipped
from portscan.reporters import NAMES, Options, reporter
from portscan.reporters.formats.json import render
from portscan.terminal import Streams
from tests.reporters.samples import finding

DATA = "# é\nport: 3103\n".encode()


def rendered(report: Report, sources: dict[str, bytes] | None = None) -> str:
    return "".join(render(report, Streams(io.StringIO(), io.StringIO()), sources or {}))


def document(report: Report, sources: dict[str, bytes] | None = None) -> Any:
    return json.loads(rendered(report, sources))


def test_a_report_has_exactly_these_keys() -> None:
    found = finding("a.yml", DATA, "3103", fix="safe", service="dashboard", variable="DASHBOARD_PORT", message="Port 3103")
    report = Report((found,), (Skipped("b.png", "binary file"),), files=3, literals=7)
    assert document(report, {"a.yml": DATA}) == {
        "version": 1,
        "findings": [
            {
                "code": "PS001",
                "name": "hardcoded-port",
                "severity": "error",
                "message": "Port 3103",
                "path": "a.yml",
                "line": 2,
                "column": 7,
                "end_line": 2,
                "end_column": 11,
                "port": 3103,
                "service": "dashboard",
                "variable": "DASHBOARD_PORT",
                "fix": {
                    "applicability": "safe",
                    "edits": [
                        {"path": "a.yml", "line": 2, "column": 7, "end_line": 2, "end_column": 11, "replacement": "${X:-1}"}
                    ],
                },
                "related": [],
            }
        ],
        "skipped": [{"path": "b.png", "reason": "binary file"}],
        "summary": {
            "files": 3,
            "literals": 7,
            "skipped": 1,
            "findings": 1,
            "baselined": 0,
            "errors": 1,
            "warnings": 0,
            "notes": 0,
            "fixable": 1,
            "codes": {"PS001": 1},
        },
    }


def test_statistics_are_added_where_they_are_asked_for() -> None:
    found = tuple(finding(path, DATA, "3103", service=who) for path, who in (("a/b/c/d.yml", "web"), ("e.yml", None)))
    text = "".join(render(Report(found), Streams(io.StringIO(), io.StringIO()), {}, Options(statistics=True)))
    assert json.loads(text)["statistics"] == {
        "codes": {"PS001": 2}, "services": {"(no service)": 1, "web": 1}, "folders": {"(top)": 1, "a/b": 1},
    }  # fmt: skip


def test_what_is_not_known_is_null() -> None:
    (row,) = document(Report((Finding("PS101", "schema", "error", "m", "r.yaml", Location(1, 1, 1, 2)),)))["findings"]
    assert {key for key, value in row.items() if value is None} == {"port", "service", "variable", "fix"}


def test_related_places_are_told() -> None:
    related = (Related("the entry", "r.yaml", Location(3, 5, 3, 9)),)
    (row,) = document(Report((finding("a.yml", DATA, "3103", related=related),)))["findings"]
    assert row["related"] == [{"message": "the entry", "path": "r.yaml", "line": 3, "column": 5, "end_line": 3, "end_column": 9}]


def test_an_empty_report_is_whole() -> None:
    found = document(Report(()))
    assert (found["findings"], found["skipped"], found["summary"]["codes"]) == ([], [], {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_replacement_is_text_whatever_the_encoding_of_the_file(encoding: str) -> None:
    mark = {"utf-8": b"", "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding]
    data = mark + DATA.decode().encode(encoding)
    found = finding("a.yml", data, "3103", fix="unsafe", after="${É:-3103}".encode(encoding))
    (row,) = document(Report((found,)), {"a.yml": data})["findings"]
    assert row["fix"]["edits"][0]["replacement"] == "${É:-3103}"


def test_an_edit_of_a_file_that_is_not_known_is_taken_for_utf_8() -> None:
    (row,) = document(Report((finding("a.yml", DATA, "3103", fix="safe", after="é\xff".encode("latin-1")),)))["findings"]
    assert row["fix"]["edits"][0]["replacement"] == "\ufffd\ufffd"


def test_any_name_can_be_told_in_ascii_and_read_back() -> None:
    names = ["é😀", "\x1b[2J", "new\nline", 'q"\\', "caf\udce9.py"]
    text = rendered(Report((), tuple(Skipped(name, "why") for name in names)))
    assert text.isascii()
    assert "\x1b" not in text
    assert [row["path"] for row in json.loads(text)["skipped"]] == names


def test_every_finding_stands_on_a_line_of_its_own() -> None:
    found = tuple(finding("a.yml", DATA, "3103") for _ in range(3))
    assert sum('"code": "PS001", "name"' in line for line in rendered(Report(found)).splitlines()) == 3


@pytest.mark.parametrize("name", NAMES)
def test_each_format_has_its_module(name: str) -> None:
    assert reporter(name).render(Report(()), Streams(io.StringIO(), io.StringIO()), {})


def test_an_unknown_format_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        reporter("os")
