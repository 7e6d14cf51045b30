"""The annotations of a GitHub workflow, read back as the runner reads them."""

from __future__ import annotations

from collections import Counter

import pytest

from portscan.model import Finding, Location, Report
from tests.reporters.runner import Command, commands
from tests.reporters.samples import hostile, many, rendered, usual

ANNOTATIONS = frozenset(("error", "warning", "notice"))


def log(report: Report, sources: dict[str, bytes] | None = None) -> str:
    return rendered("github", report, sources or {})[0]


def annotations(text: str) -> list[Command]:
    return [command for command in commands(text) if command.name in ANNOTATIONS]


def test_an_annotation_says_where_and_what() -> None:
    first = annotations(log(*usual()))[0]
    assert first == Command(
        "error",
        {"file": "apps/a b.yml", "line": "4", "endLine": "4", "col": "19", "endColumn": "22", "title": "PS001 hardcoded-port"},
        "Port is written out. Read WEB_PORT.",
    )


def test_severities_are_those_of_the_runner_and_the_gravest_come_first() -> None:
    assert [each.name for each in annotations(log(*usual()))] == ["error"] * 4 + ["warning", "notice"]


def test_a_range_over_several_lines_has_no_columns() -> None:
    (found,) = (each for each in annotations(log(*usual())) if each.properties["title"].startswith("PS101"))
    assert {"col", "endColumn"}.isdisjoint(found.properties)
    assert (found.properties["line"], found.properties["endLine"]) == ("1", "3")


def test_related_places_follow_the_message() -> None:
    assert annotations(log(*usual()))[-1].data.endswith("\nconfig/registry.yaml:3:5: the entry of `web`")


def test_what_github_would_drop_is_listed_instead_and_said() -> None:
    text = log(*many(300))
    assert Counter(each.name for each in annotations(text)) == {"error": 10, "warning": 10, "notice": 10}
    assert "10 findings of each severity in a step and 50 in a job: 30 are annotated, 270 more are listed" in text
    assert "(90 errors, 90 warnings, 90 notes)" in text
    groups = Counter(each.name for each in commands(text))
    assert groups["group"] == groups["endgroup"] == 1
    assert sum(line.startswith("  - src/part_0.py:") for line in text.splitlines()) == 270


def test_unread_files_are_listed() -> None:
    text = log(*usual())
    assert "::group::1 path not read\n" + r"  - caf\xe9/x.bin: permission denied" + "\n::endgroup::\n" in text


def test_what_nobody_wants_to_be_read_is_counted_in_a_line() -> None:
    text = log(*usual())
    assert "\n1 path passed over: binary file (1).\n" in text
    assert "b.png" not in text


@pytest.mark.parametrize(
    "report, last",
    [
        (Report((), files=3), "No findings in 3 files."),
        (Report((), files=1, baselined=4), "No findings in 1 file; 4 more in the baseline."),
        (usual()[0], "6 findings (4 errors, 1 warning, 1 note); 2 more in the baseline; 1 path not read."),
    ],
)
def test_the_last_line_sums_up(report: Report, last: str) -> None:
    assert log(report).splitlines()[-1] == last


class TestHostileText:
    def test_nobody_but_us_gives_commands(self) -> None:
        assert [each.name for each in commands(log(*hostile()))] == ["error", "group", "endgroup"]

    def test_nobody_gives_commands_in_the_list_either(self) -> None:
        report, sources = hostile()
        text = log(Report(report.findings * 12, report.skipped * 2), sources)
        assert Counter(each.name for each in commands(text)) == {"error": 10, "group": 2, "endgroup": 2}

    def test_a_name_steers_no_terminal(self) -> None:
        path = "api/\x1b]0;x\x07\u202e.sh"
        assert log(Report((Finding("PS001", "x", "error", "y", path, Location(1, 1, 1, 2)),))).isascii()

    def test_a_name_with_marks_of_the_runner_is_read_back_as_it_is(self) -> None:
        name = "a,b:c=d%0A%25 ::x::.py"
        (found,) = annotations(log(Report((Finding("PS001", "x", "error", "50 % :: a,b", name, Location(1, 1, 1, 2)),))))
        assert (found.properties["file"], found.data) == (name, "50 % :: a,b.")
