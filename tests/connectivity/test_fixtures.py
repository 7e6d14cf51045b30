"""Every fault class at cases where it is there, and at look-alikes where it is not: tests/fixtures/connectivity/PS20x.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from portscan.config import Config
from portscan.edit import new_files, write
from portscan.fixing.planning import chosen
from portscan.model import Finding
from portscan.pipeline.scanning import Scan, scan
from portscan.registry.loader import load
from portscan.registry.model import Registry

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "connectivity"
CODES = tuple(f"PS20{n}" for n in range(1, 7))
TODAY = date(2026, 1, 1)
REGISTRY = "config/ports/registry.yaml"
FEWEST = 6


@dataclass(frozen=True)
class Case:
    code: str
    there: bool
    data: dict[str, Any]

    def lay_out(self, root: Path) -> set[tuple[str, int, int]]:
        """Write the files, and answer with the marked places."""
        marked: set[tuple[str, int, int]] = set()
        files = {"compose.yaml": self.data["compose"], **self.data.get("files", {}), REGISTRY: self.data.get("registry", "")}
        for path, text in files.items():
            for number, line in enumerate(text.splitlines(), 1):
                pieces = line.split("«")
                marked |= {(path, number, len("".join(pieces[: i + 1]).replace("»", "")) + 1) for i in range(len(pieces) - 1)}
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace("«", "").replace("»", ""), encoding="utf-8")
        return marked

    def scanned(self, root: Path, *, fixes: bool = False) -> Scan:
        loaded = load(REGISTRY, self.data["registry"].encode()).registry if "registry" in self.data else None
        return scan(root, [], loaded or Registry(REGISTRY, "1", ()), Config(select=("PS2",)), TODAY, fixes=fixes)


def cases() -> list[Case]:
    read = YAML(typ="safe")
    found = []
    for code in CODES:
        data = read.load(FIXTURES / f"{code}.yaml")
        assert data["code"] == code
        found += [Case(code, kind == "there", case) for kind in ("there", "not_there") for case in data[kind]]
    return found


CASES = cases()
THERE = [pytest.param(case, id=f"{case.code}: {case.data['title']}") for case in CASES if case.there]
NOT_THERE = [pytest.param(case, id=f"{case.code}: {case.data['title']}") for case in CASES if not case.there]


def places(findings: tuple[Finding, ...]) -> set[tuple[str, int, int]]:
    return {(f.path, f.location.line, f.location.column) for f in findings}


@pytest.mark.parametrize("case", THERE)
def test_a_fault_is_found_where_it_is_and_nowhere_else(case: Case, tmp_path: Path) -> None:
    marked = case.lay_out(tmp_path)
    found = case.scanned(tmp_path).report.findings
    assert places(found) == marked
    assert {finding.code for finding in found} == {case.code}
    assert all(finding.related or case.code == "PS203" for finding in found)


@pytest.mark.parametrize("case", NOT_THERE)
def test_a_look_alike_is_none(case: Case, tmp_path: Path) -> None:
    case.lay_out(tmp_path)
    assert [f"{f.path}:{f.location.line} {f.message}" for f in case.scanned(tmp_path).report.findings] == []


@pytest.mark.parametrize("case", [each for each in THERE if not each.values[0].data.get("unfixed")])  # type: ignore[attr-defined]
def test_its_fix_holds(case: Case, tmp_path: Path) -> None:
    case.lay_out(tmp_path)
    found = case.scanned(tmp_path, fixes=True)
    if case.code == "PS202":
        assert all(finding.fix is None and "Add `" in (finding.help or "") for finding in found.report.findings)
        return
    assert [finding.help for finding in found.report.findings if finding.fix is None] == []
    assert {finding.fix.applicability for finding in found.report.findings if finding.fix} == {"unsafe"}
    write(tmp_path, tmp_path, new_files(chosen(found.report.findings, ("safe", "unsafe")), found.sources))
    assert case.scanned(tmp_path, fixes=True).report.findings == ()
    if "fixed" in case.data:
        assert (tmp_path / "compose.yaml").read_text(encoding="utf-8") == case.data["fixed"]


@pytest.mark.parametrize("case", [each for each in THERE if each.values[0].data.get("unfixed")])  # type: ignore[attr-defined]
def test_what_a_person_must_decide_has_no_fix(case: Case, tmp_path: Path) -> None:
    case.lay_out(tmp_path)
    assert all(finding.fix is None for finding in case.scanned(tmp_path, fixes=True).report.findings)


@pytest.mark.parametrize("code", CODES)
def test_there_are_enough_of_both_kinds(code: str) -> None:
    kinds = [case.there for case in CASES if case.code == code]
    assert min(kinds.count(True), kinds.count(False)) >= FEWEST
