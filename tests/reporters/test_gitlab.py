"""GitLab's code quality artefact: the fields that GitLab requires, and fingerprints that tell everything apart."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from portscan.model import Report
from tests.judges import node_module
from tests.reporters.samples import finding, hostile, many, rendered, usual

REPORTS = {"usual": usual(), "hostile": hostile(), "empty": (Report(()), {}), "many": many(2_000)}


def issues(report: Report, sources: dict[str, bytes]) -> list[dict[str, Any]]:
    found = json.loads(rendered("gitlab", report, sources)[0])
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_every_issue_has_what_gitlab_requires(name: str) -> None:
    for issue in issues(*REPORTS[name]):
        assert isinstance(issue["description"], str)
        assert re.fullmatch(r"[A-Z]{2,8}\d{3}|not-read", issue["check_name"])
        assert re.fullmatch(r"[0-9a-f]{32}", issue["fingerprint"])
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not issue["location"]["path"].startswith(("/", "./"))
        assert 1 <= issue["location"]["lines"]["begin"] <= issue["location"]["lines"]["end"]


@pytest.mark.parametrize("name", REPORTS)
def test_fingerprints_are_all_different(name: str) -> None:
    prints = [issue["fingerprint"] for issue in issues(*REPORTS[name])]
    assert len(set(prints)) == len(prints)


def test_the_artefact_has_the_type_that_code_climate_publishes(tmp_path: Path) -> None:
    compiler = node_module("typescript") / "bin" / "tsc"
    types = node_module("codeclimate-types") / "index.d.ts"
    rows = rendered("gitlab", *usual())[0]
    (tmp_path / "issues.ts").write_text(
        f'import type {{ Issue }} from "{types.as_posix()[:-5]}";\nexport const issues: Issue[] = {rows};\n'
    )
    done = subprocess.run(
        ["node", compiler, "--noEmit", "--strict", "issues.ts"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0)


def test_an_issue_says_what_and_where() -> None:
    first = issues(*usual())[0]
    assert first["description"] == "Port is written out. Read WEB_PORT."
    assert (first["check_name"], first["severity"]) == ("PS001", "major")
    assert first["location"] == {"path": "apps/a b.yml", "lines": {"begin": 4, "end": 4}}


def test_severities_and_unread_files() -> None:
    assert [issue["severity"] for issue in issues(*usual())] == [
        "major",
        "major",
        "info",
        "minor",
        "major",
        "major",
        "info",
    ]
    assert issues(*usual())[-1]["description"] == "Not read: permission denied."
    assert all(issue["location"]["path"] != "b.png" for issue in issues(*usual()))


def test_related_places_are_told() -> None:
    issue = issues(*usual())[2]
    assert issue["other_locations"] == [{"path": "config/registry.yaml", "lines": {"begin": 3, "end": 3}}]
    assert "the entry of `web`" in issue["content"]["body"]


def test_a_line_that_moves_is_the_same_issue() -> None:
    def prints(data: bytes) -> list[str]:
        return [each["fingerprint"] for each in issues(Report((finding("a", data, "80"),)), {"a": data})]

    assert prints(b"port: 80") == prints(b"\n\n  port:  80\n")
    assert prints(b"port: 80") != prints(b"ports: 80")
