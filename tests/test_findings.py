"""The shelf of finding rules, and the directories that add to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan.errors import UserError
from portscan.findings import Breach, catalogue
from portscan.model import Location

RULE = """\
code: ACME001
name: port-is-unlucky
severity: note
message: Port {port} is unlucky.
rationale: Ask operations.
examples:
  - findings: ["1:1 ACME001"]
    hosts: [a, b]
"""
HERE = Location(2, 3, 2, 7)


def directory(tmp_path: Path, text: str) -> Path:
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "acme.yaml").write_text(text, "utf-8")
    return tmp_path


def test_a_directory_adds_rules(tmp_path: Path) -> None:
    rules = catalogue([directory(tmp_path, RULE)])
    rule = rules["ACME001"]
    assert (rule.name, rule.severity, rule.help) == ("port-is-unlucky", "note", "")
    assert rule.examples[0].findings == ("1:1 ACME001",)
    assert rule.examples[0].fields["hosts"] == ["a", "b"]
    assert set(catalogue()) == set(rules) - {"ACME001"}


def test_a_directory_without_findings_adds_nothing(tmp_path: Path) -> None:
    assert set(catalogue([tmp_path])) == set(catalogue())


def test_the_words_are_filled_in(tmp_path: Path) -> None:
    rule = catalogue([directory(tmp_path, RULE)])["ACME001"]
    finding = rule.finding("a.yaml", Breach("ACME001", HERE, {"port": 13}, port=13, service="api", variable="API_PORT"))
    assert (finding.code, finding.name, finding.severity, finding.message) == (
        "ACME001",
        "port-is-unlucky",
        "note",
        "Port 13 is unlucky.",
    )
    assert (finding.path, finding.location, finding.port, finding.service, finding.variable) == (
        "a.yaml",
        HERE,
        13,
        "api",
        "API_PORT",
    )
    assert finding.help is None
    assert rule.finding("a.yaml", Breach("ACME001", HERE, {"port": 13}, severity="error")).severity == "error"


@pytest.mark.parametrize("message", ["Port {prot}.", "Port {0}.", "Port {port.x}.", "Port {port", "Port {port:d}."])
def test_words_that_cannot_be_filled_in(tmp_path: Path, message: str) -> None:
    rule = catalogue([directory(tmp_path, RULE.replace("Port {port} is unlucky.", f"'{message}'"))])["ACME001"]
    with pytest.raises(UserError, match=r"the words of ACME001 in .*acme\.yaml cannot be filled in .* Use only: port\."):
        rule.finding("a.yaml", Breach("ACME001", HERE, {"port": "13"}))


@pytest.mark.parametrize(
    "text, complaint",
    [
        (RULE.replace("name:", "nmae:"), r"acme\.yaml:2:1: Unknown key `nmae`\. Did you mean `name`\?"),
        (RULE.replace("note", "fatal"), r"acme\.yaml:3:1: `severity` cannot be `fatal`\."),
        (RULE.replace("ACME001", "PS104"), r"acme\.yaml defines PS104, which rules/findings/PS104\.yaml defines already"),
        (RULE.replace("code: ACME001\n", ""), r"acme\.yaml:1:1: The file has no `code`\."),
        (RULE + "\tx: 1\n", r"acme\.yaml:9:1: A tab stands in the indentation\."),
        ("", r"acme\.yaml:1:1: The file has no value\."),
    ],
)
def test_rules_that_do_not_fit(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint):
        catalogue([directory(tmp_path, text)])
