"""A fix that would not hold is not made, and the finding says what would have gone wrong; a second way is tried."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.model import Finding
from portscan.pipeline.scanning import scan
from portscan.registry.loader import load
from portscan.registry.model import Registry

REGISTRY = b"""version: "1.0.0"
services:
  - {name: web, stack: x, port: 4200, container_port: 4200}
  - {name: api, stack: x, port: 4010}
  - {name: site, stack: x, port: 80}
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    loaded = load("registry.yaml", REGISTRY)
    assert loaded.registry is not None
    return loaded.registry


def found(root: Path, path: str, text: str, registry: Registry) -> list[Finding]:
    (root / path).write_text(text, encoding="utf-8")
    return list(scan(root, [path], registry, Config(), date(2026, 1, 1), fixes=True).report.findings)


def test_a_fix_that_would_bring_another_finding_is_not_made(tmp_path: Path, registry: Registry) -> None:
    text = "services:\n  web:\n    image: x\n    ports:\n      - 80:80\n"
    (finding, *_) = found(tmp_path, "compose.yaml", text, registry)
    assert finding.fix is None
    assert finding.help is not None
    assert finding.help.startswith("By hand: no automatic fix, since there would be PS003 in its place: ")


def test_where_the_number_alone_does_not_do_the_variable_is_read(tmp_path: Path, registry: Registry) -> None:
    (finding,) = found(tmp_path, "a.test.js", "const vm = require('vm');\nprocess.env.API_PORT = '4009';\n", registry)
    assert finding.fix is not None
    assert finding.fix.applicability == "unsafe"
    assert [edit.after for edit in finding.fix.edits] == [b"process.env.API_PORT || '4010'"]


def test_a_list_stays_a_list_when_some_of_its_numbers_are_bound(tmp_path: Path, registry: Registry) -> None:
    findings = found(tmp_path, "a.sh", 'PORTS="4010 9999 4200"\n', registry)
    assert [(f.code, f.fix is not None) for f in findings] == [("PS001", True), ("PS002", False), ("PS001", True)]


def test_a_template_that_no_parser_reads_is_declined_rather_than_a_crash(tmp_path: Path, registry: Registry) -> None:
    (finding,) = found(tmp_path, "a.yaml", "{{ if x }}\nspec:\n  port: 4010\n{{ end }}\n", registry)
    assert finding.help is not None
    assert "template" in finding.help


def test_a_number_that_becomes_part_of_an_image_is_left_to_a_person(tmp_path: Path, registry: Registry) -> None:
    (finding,) = found(tmp_path, "Dockerfile", "FROM a\nARG API_PORT=4009\n", registry)
    assert finding.fix is not None
    assert finding.fix.applicability == "unsafe"
    assert finding.help is not None
    assert "the image is built" in finding.help


def test_a_fix_that_holds_only_on_top_of_a_later_one_is_made_with_it(tmp_path: Path, registry: Registry) -> None:
    findings = found(tmp_path, "a.ts", "process.env.O||`[1]:4010/${`host:4200`}`", registry)
    assert [finding.fix and finding.fix.applicability for finding in findings] == ["unsafe", "unsafe"]


def test_a_pin_is_tried_after_the_second_way_to_mend_what_is_beside_it(tmp_path: Path) -> None:
    loaded = load("registry.yaml", Path("tests/fixtures/fix/registry.yaml").read_bytes())
    assert loaded.registry is not None
    text = (
        "services:\n  cache: {image: x, command: [serve, --port, '3103'], environment: ['URL=http://cache:5432']}\n"
        "  api:\n    image: x\n    ports: [3103:3103/tcp, '3103']\n"
        "    environment: {PORT: 5434, URL: 'http://localhost:5432'}\n"
    )
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    given = scan(tmp_path, ["compose.yaml"], loaded.registry, Config(), date(2026, 1, 1), fixes=True, pin=True)
    fixes = [finding.fix for finding in given.report.findings if finding.fix and finding.location.line == 6]
    assert [fix.title for fix in fixes] == ["Write 4010", "Pin 5432 to main-db"]
    assert {edit.path for fix in fixes for edit in fix.edits} == {"compose.yaml"}
