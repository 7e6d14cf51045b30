"""The SARIF report, against the published schema, Microsoft's validator and the limits of GitHub's code scanning."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from portscan.model import Finding, Location, Report, Skipped
from portscan.reporters.formats import sarif
from tests.judges import node_module
from tests.reporters.samples import finding, hostile, many, rendered, usual

SCHEMA = json.loads((Path(__file__).parent.parent / "fixtures" / "readers" / "sarif-2.1.0.json").read_text("utf-8"))
REPORTS = {"usual": usual(), "hostile": hostile(), "empty": (Report(()), {})}


def log(report: Report, sources: dict[str, bytes], **options: Any) -> Any:
    return json.loads(rendered("sarif", report, sources, **options)[0])


def run(report: Report, sources: dict[str, bytes], **options: Any) -> Any:
    (only,) = log(report, sources, **options)["runs"]
    return only


@pytest.mark.parametrize("name", REPORTS)
def test_a_log_fits_the_published_schema(name: str) -> None:
    errors = Draft202012Validator(SCHEMA).iter_errors(log(*REPORTS[name]))
    assert [error.message for error in errors] == []


def test_the_schema_does_judge() -> None:
    wrong = log(*usual())
    wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not Draft202012Validator(SCHEMA).is_valid(wrong)


def faults(text: str, folder: Path) -> list[str]:
    """The errors that the validator of SARIF's makers finds, by its rules for GitHub as well."""
    tool = node_module("@microsoft/sarif-multitool-linux") / "Sarif.Multitool"
    (folder / "log.sarif").write_text(text, "utf-8")
    command = [tool, "validate", "log.sarif", "--rule-kind", "Sarif;Gh", "--output", "verdict.sarif", "--level", "Error"]
    environment = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    subprocess.run(command, cwd=folder, capture_output=True, check=True, env=environment)
    verdict = json.loads((folder / "verdict.sarif").read_text("utf-8-sig"))
    return [each["ruleId"] for each in verdict["runs"][0]["results"]]


@pytest.mark.parametrize("name", REPORTS)
def test_the_validator_of_its_makers_finds_no_error(name: str, tmp_path: Path) -> None:
    assert faults(rendered("sarif", *REPORTS[name])[0], tmp_path) == []


def test_the_validator_does_judge(tmp_path: Path) -> None:
    wrong = log(*usual())
    wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["endColumn"] = 3
    assert faults(json.dumps(wrong), tmp_path) == ["SARIF1007"]


def test_a_result_says_everything() -> None:
    first = run(*usual())["results"][0]
    place = {"artifactLocation": {"uri": "apps/a%20b.yml", "uriBaseId": "%SRCROOT%"}}
    region = {"startLine": 4, "startColumn": 19, "endLine": 4, "endColumn": 23}
    assert first == {
        "ruleId": "PS001",
        "level": "error",
        "message": {"text": "Port is written out. Read WEB_PORT."},
        "locations": [{"physicalLocation": {**place, "region": region}}],
        "partialFingerprints": first["partialFingerprints"],
        "fixes": [
            {
                "description": {"text": "Read the variable"},
                "artifactChanges": [
                    {**place_only(place), "replacements": [{"deletedRegion": region, "insertedContent": {"text": "${X:-1}"}}]}
                ],
            }
        ],
        "properties": {"port": 3103, "service": "web", "variable": "WEB_PORT"},
    }


def place_only(place: dict[str, Any]) -> dict[str, Any]:
    return {"artifactLocation": place["artifactLocation"]}


def test_the_gravest_come_first_and_each_keeps_its_place() -> None:
    found = run(*usual())["results"]
    assert [(each["level"], each["ruleId"]) for each in found] == [
        ("error", "PS001"), ("error", "PS001"), ("error", "PS101"), ("error", "PS001"), ("warning", "PS001"), ("note", "PS005"),
    ]  # fmt: skip


def test_columns_count_characters_and_the_log_says_so() -> None:
    only = run(*usual())
    assert only["columnKind"] == "unicodeCodePoints"
    assert only["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] == 19


def test_a_replacement_is_text_whatever_the_encoding_of_the_file() -> None:
    (fix,) = next(each["fixes"] for each in run(*usual())["results"] if each["level"] == "warning")
    assert fix["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "${É:-3103}"}
    assert "read it" in fix["description"]["text"]


def test_what_is_only_shown_is_no_fix_but_advice() -> None:
    row = next(each for each in run(*usual())["results"] if "z.conf" in json.dumps(each["locations"]))
    assert "fixes" not in row
    assert row["message"]["text"].endswith("Read the variable.")


def test_related_places_are_told() -> None:
    row = run(*usual())["results"][-1]
    assert [(each["id"], each["message"]["text"]) for each in row["relatedLocations"]] == [(1, "the entry of `web`")]


def test_unread_files_are_notifications() -> None:
    (invocation,) = run(*usual())["invocations"]
    told = [
        (each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], each["message"]["text"])
        for each in invocation["toolExecutionNotifications"]
    ]
    assert told == [("b.png", "Not read: binary file."), ("caf%E9/x.bin", "Not read: permission denied.")]
    assert invocation["executionSuccessful"]


def test_reports_of_one_commit_are_told_apart_by_their_command() -> None:
    assert run(*usual(), command="sync")["automationDetails"]["id"] == "portscan/sync/"


def test_every_rule_has_help() -> None:
    rules = run(Report(()), {})["tool"]["driver"]["rules"]
    assert len(rules) >= 18
    for rule in rules:
        assert len(rule["help"]["text"]) > 80
        assert rule["help"]["markdown"]
        assert rule["shortDescription"]["text"].endswith(".")


def test_a_rule_that_nobody_knows_is_described_by_its_name() -> None:
    stranger = Finding("ACME001", "unlucky", "error", "m", "a", Location(1, 1, 1, 2))
    assert {"id": "ACME001", "name": "unlucky"} in run(Report((stranger,)), {})["tool"]["driver"]["rules"]


class TestFingerprints:
    def prints(self, data: bytes) -> list[str]:
        found = tuple(finding("a.yml", data, "3103", nth=i, service="web") for i in range(data.count(b"3103")))
        return [each["partialFingerprints"]["portscan/v1"] for each in run(Report(found), {"a.yml": data})["results"]]

    def test_a_line_that_moves_keeps_its_fingerprint(self) -> None:
        assert self.prints(b"a: 3103\n") == self.prints(b"# new\n\n   a:   3103  \n")

    def test_two_alike_differ_and_the_first_stays_the_first(self) -> None:
        one, two = self.prints(b"a: 3103\na: 3103\n")
        assert one != two
        assert one == self.prints(b"a: 3103\n")[0]

    def test_another_line_has_another(self) -> None:
        assert self.prints(b"a: 3103\n") != self.prints(b"b: 3103\n")

    def test_they_can_be_left_out(self) -> None:
        assert all("partialFingerprints" not in each for each in run(*usual(), fingerprints=False)["results"])


@pytest.fixture(scope="module")
def thirty_thousand() -> tuple[str, str]:
    return rendered("sarif", *many(30_000))


class TestLimits:
    def test_thirty_thousand_findings_stay_within_what_github_takes(self, thirty_thousand: tuple[str, str]) -> None:
        text, _ = thirty_thousand
        (only,) = json.loads(text)["runs"]
        assert len(only["results"]) == 25_000
        assert len(gzip.compress(text.encode())) <= 10 * 1024 * 1024
        levels = [each["level"] for each in only["results"]]
        assert (levels.count("error"), levels.count("warning"), levels.count("note")) == (10_000, 10_000, 5_000)
        assert levels == sorted(levels, key=["error", "warning", "note"].index)

    def test_what_is_left_out_is_said_in_the_log_and_at_the_terminal(self, thirty_thousand: tuple[str, str]) -> None:
        text, remark = thirty_thousand
        (said,) = json.loads(text)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
        assert said["level"] == "warning"
        assert said["message"]["text"].startswith("5,000 of 30,000 findings are left out of this report (5,000 notes): ")
        assert said["message"]["text"] in remark

    def test_a_large_log_is_valid_as_well(self, thirty_thousand: tuple[str, str]) -> None:
        whole = json.loads(thirty_thousand[0])
        whole["runs"][0]["results"] = whole["runs"][0]["results"][::1000]
        assert Draft202012Validator(SCHEMA).is_valid(whole)

    def test_a_log_that_is_too_heavy_is_shortened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sarif, "MOST_BYTES", sarif.HEAD + 4_000)
        text, remark = rendered("sarif", *many(2_000))
        found = json.loads(text)["runs"][0]["results"]
        assert 0 < len(found) < 2_000
        assert f"{2_000 - len(found):,} of 2,000 findings are left out" in remark

    def test_what_github_does_not_show_is_said(self) -> None:
        report, sources = many(6_000)
        (said,) = run(report, sources)["invocations"][0]["toolExecutionNotifications"]
        assert said["message"]["text"].startswith("GitHub shows the first 5,000 of 6,000 findings")

    def test_of_many_unread_files_the_rest_is_counted(self) -> None:
        report = Report((), tuple(Skipped(f"{i}.png", "binary file") for i in range(1_500)))
        said = run(report, {})["invocations"][0]["toolExecutionNotifications"]
        assert len(said) == 1_001
        assert said[-1]["message"]["text"] == "500 more paths were not read."


def test_a_message_leads_nowhere() -> None:
    text = run(*hostile())["results"][0]["message"]["text"]
    assert r"\[a](http" in text
    assert "\n" not in text
    assert "\x1b" not in text
