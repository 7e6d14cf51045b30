"""The report as JUnit XML: a test case for each file and code, failed where there are errors or warnings."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from portscan.reporters import USUAL, Options
from portscan.reporters.unread import broken, passed_over
from portscan.reporters.words import advice, count, elsewhere
from portscan.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portscan.model import Finding, Report, Skipped
    from portscan.terminal import Streams

FROM_THE_TOP: Final = False
FIXES: Final = False
STATISTICS: Final = False


def render(report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> str:  # noqa: ARG001
    """The report as one suite. Files that could not be read are skipped tests; when there is nothing to say, one test passes."""
    unread, rest = broken(report.skipped), passed_over(report.skipped)
    cases = [*_cases(report.findings), *map(_skipped, unread)] or [_passed(report)]
    failures = sum(case.find("failure") is not None for case in cases)
    figures = {"tests": len(cases), "failures": failures, "errors": 0}
    root = Element("testsuites", {"name": "portscan", **_told(figures)})
    suite = SubElement(root, "testsuite", {"name": f"portscan {options.command}", **_told(figures)})
    suite.set("skipped", str(len(unread)))
    suite.extend(cases)
    if rest:
        SubElement(suite, "system-out").text = f"{rest}."
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, "unicode")}\n'


def _told(figures: Mapping[str, int]) -> dict[str, str]:
    return {name: str(figure) for name, figure in figures.items()}


def _cases(findings: Sequence[Finding]) -> Iterator[Element]:
    def subject(finding: Finding) -> tuple[str, str, str]:
        return finding.path, finding.code, finding.name

    for (path, code, name), group in groupby(sorted(findings, key=subject), key=subject):
        here = list(group)
        case = _case(path, f"{code} {name}")
        failed = [finding for finding in here if finding.severity != "note"]
        said = "\n".join(line for finding in here for line in _lines(finding))
        if failed:
            words = advice(failed[0]) if len(here) == 1 else count(len(here), "finding")
            SubElement(case, "failure", {"type": code, "message": words}).text = said
        else:
            SubElement(case, "system-out").text = said
        yield case


def _lines(finding: Finding) -> Iterator[str]:
    place = f"{finding.path}:{finding.location.line}:{finding.location.column}"
    yield f"{printable(place)}: {finding.severity}: {advice(finding)}"
    yield from (f"  see {elsewhere(related)}" for related in finding.related)


def _skipped(one: Skipped) -> Element:
    case = _case(one.path, "read")
    SubElement(case, "skipped", {"message": printable(one.reason)})
    return case


def _passed(report: Report) -> Element:
    return _case("portscan", f"no findings in {count(report.files, 'file')}")


def _case(path: str, name: str) -> Element:
    """No control character gets in: XML could not hold it, however it is escaped."""
    return Element("testcase", {"classname": printable(path), "name": printable(name)})
