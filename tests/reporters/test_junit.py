"""JUnit XML, against the schema of Jenkins and a reader of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from portscan.model import Report
from tests.judges import python_module
from tests.reporters.samples import hostile, many, rendered, usual

SCHEMA = Path(__file__).parent.parent / "fixtures" / "readers" / "junit-10.xsd"
REPORTS = {"usual": usual(), "hostile": hostile(), "empty": (Report((), files=3), {}), "many": many(500)}


def tree(report: Report, sources: dict[str, bytes]) -> ElementTree.Element:
    return ElementTree.fromstring(rendered("junit", report, sources)[0])


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_fits_the_schema_of_jenkins(name: str) -> None:
    python_module("lxml")
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(rendered("junit", *REPORTS[name])[0].encode()))


@pytest.mark.parametrize("name", REPORTS)
def test_another_reader_counts_the_same(name: str, tmp_path: Path) -> None:
    python_module("junitparser")
    from junitparser import JUnitXml

    (tmp_path / "junit.xml").write_text(rendered("junit", *REPORTS[name])[0], "utf-8")
    read: Any = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    told = (read.tests, read.failures)
    read.update_statistics()
    assert (read.tests, read.failures) == told


def test_a_case_for_each_file_and_code() -> None:
    cases = tree(*usual()).findall("testsuite/testcase")
    assert [(case.get("classname"), case.get("name"), [child.tag for child in case]) for case in cases] == [
        ("apps/a b.yml", "PS001 hardcoded-port", ["failure"]),
        ("apps/a b.yml", "PS005 ambiguous-port", ["system-out"]),
        ("config/registry.yaml", "PS101 registry-schema", ["failure"]),
        ("w.ini", "PS001 hardcoded-port", ["failure"]),
        ("z.conf", "PS001 hardcoded-port", ["failure"]),
        (r"caf\xe9/x.bin", "read", ["skipped"]),
    ]


def test_what_nobody_wants_to_be_read_is_counted_in_a_line() -> None:
    assert tree(*usual()).findtext("testsuite/system-out") == "1 path passed over: binary file (1)."


def test_a_failure_lists_its_findings_and_what_explains_them() -> None:
    failure = tree(*usual()).find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "2 findings"
    assert (failure.text or "").splitlines()[0] == "apps/a b.yml:4:19: error: Port is written out. Read WEB_PORT."
    said = tree(*usual()).findtext("testsuite/testcase/system-out")
    assert "\n  see config/registry.yaml:3:5: the entry of `web`" in (said or "")


def test_a_clean_report_is_one_test_that_passes() -> None:
    (case,) = tree(Report((), files=3), {}).findall("testsuite/testcase")
    assert (case.get("name"), len(case)) == ("no findings in 3 files", 0)
