"""What is written in place of a number depends on who reads the file: each format is told in its own words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.pipeline.scanning import scan
from tests.literals import registry

KNOWN = registry("name: api, port: 4010")
TODAY = date(2026, 1, 1)
COLLECTOR = "receivers: {}\nexporters: {otlp: {endpoint: 'localhost:4010'}}\nservice: {}\n"


def told(root: Path, path: str, text: str, *, fixes: bool = False) -> str:
    """What is said to do about the first number of a file."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    return str(scan(root, [path], KNOWN, Config(), TODAY, fixes=fixes).report.findings[0].help)


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("compose.yaml", "services:\n  a:\n    image: x\n    environment: {A: 'http://localhost:4010'}\n", "${API_PORT:-4010}"),
        ("mkdocs.yml", "site_url: http://localhost:4010/\n", "!ENV [API_PORT, 4010]"),
        ("grafana/provisioning/datasources/a.yaml", "apiVersion: 1\na: [{url: 'http://localhost:4010'}]\n", "${API_PORT}"),
        ("collector.yaml", COLLECTOR, "${env:API_PORT:-4010}"),
        ("application.yml", "server:\n  port: 4010\n", "${API_PORT:4010}"),
        (".github/workflows/a.yml", "on: push\nenv: {A: 'http://localhost:4010'}\n", "${{ vars.API_PORT || 4010 }}"),
        (".gitlab-ci.yml", "variables: {A: 'http://localhost:4010'}\n", "$API_PORT"),
        ("config/dev.exs", "config :app, Web, http: [port: 4010]\n", 'String.to_integer(System.get_env("API_PORT") || "4010")'),
        ("a.sh", "curl http://localhost:4010\n", "${API_PORT:-4010}"),
    ],
)
def test_each_format_reads_in_its_own_way(tmp_path: Path, path: str, text: str, words: str) -> None:
    assert told(tmp_path, path, text) == f"Read API_PORT: `{words}`."


@pytest.mark.parametrize("path", ["prometheus.yml", "k8s.yaml"])
def test_where_nothing_is_looked_up_the_program_has_to(tmp_path: Path, path: str) -> None:
    text = '{"url": "http://localhost:4010"}\n'
    assert told(tmp_path, path, text) == (
        "Nothing looks a variable up here: let the program that reads it take API_PORT, or pin the line with `portscan: api`."
    )


def test_a_format_without_comments_is_pinned_in_the_configuration(tmp_path: Path) -> None:
    text = '{"url": "http://localhost:4010"}\n'
    command = "`portscan --fix --pin 'some data.json'`"
    assert told(tmp_path, "some data.json", text).endswith(f", or pin the number in the configuration with {command}.")
    assert told(tmp_path, "a.json", text, fixes=True) == (
        "By hand: this format has neither variables nor comments: `--pin` ties the number to its service in the configuration."
    )
    both = registry("name: a, port: 4010, container_port: 80", "name: b, port: 4011, container_port: 80")
    (tmp_path / "b.json").write_text('{"port": 80}\n')
    (found,) = scan(tmp_path, ["b.json"], both, Config(), TODAY).report.findings
    assert str(found.help).endswith("or tie it to one with a `[[pin]]` in the configuration.")


@pytest.mark.parametrize(
    ("host", "listed"),
    [("0.0.0.0", True), ("localhost", True), ("host.docker.internal", False), ("10.0.0.7", False)],
)
def test_what_an_entry_says_of_its_own_container_is_a_further_port_of_it(tmp_path: Path, host: str, listed: bool) -> None:
    entry = f"services:\n  api:\n    environment:\n      LISTENERS: INTERNAL://{host}:9093\n"
    assert told(tmp_path, "compose.yaml", entry).startswith("List it under `ports` of `api`") == listed


def test_the_port_of_a_protocol_is_nobodys_to_register(tmp_path: Path) -> None:
    header = "const h = { 'alt-svc': 'h3=\":443\"; ma=2592000' };\n"
    assert told(tmp_path, "a.js", header) == (
        "443 is where https is expected of anybody: put it into `allow` of the configuration, "
        "or ignore it, best with a reason: `portscan: ignore[PS002] REASON`."
    )
    assert told(tmp_path, "a.sh", "docker run -p 443:443 x\n").startswith("Register its service with `portscan new NAME ")
    assert told(tmp_path, "b.js", "const h = 'http://localhost:4999/';\n").startswith(
        "Register its service with `portscan new NAME "
    )


@pytest.mark.parametrize(
    ("fallback", "remedy"),
    [
        ("${MY_PORT:-4010}", "give `api` the variable with `env`"),
        ("${MY_ADDR:-4010}", "pin the line with `portscan: api`"),
        ("${MY_BASE:-http://localhost:4010}", "pin the line with `portscan: api`"),
    ],
)
def test_a_variable_that_holds_an_address_is_no_port(tmp_path: Path, fallback: str, remedy: str) -> None:
    assert told(tmp_path, "a.sh", f'serve --port "{fallback}"\n') == f"Look up API_PORT: `${{API_PORT:-4010}}`, or {remedy}."


def test_the_finding_says_why_it_is_not_fixed(tmp_path: Path) -> None:
    assert told(tmp_path, "mkdocs.yml", "site_url: http://localhost:4010/\n", fixes=True) == (
        "By hand: mkdocs files are not rewritten: look the variable up, as in `!ENV [API_PORT, 4010]`, or pin the line."
    )
    assert told(tmp_path, "prometheus.yml", "targets: ['localhost:4010']\n", fixes=True).startswith(
        "By hand: who reads this file looks no variable up in it: let that program take API_PORT, or pin the line"
    )


@pytest.mark.parametrize(
    ("text", "sees"),
    [
        ("A=http://localhost:4010\nAPI_PORT=4010\n", False),
        ("A=http://localhost:4010\nexport API_PORT=4010\n", False),
        ("API_PORT=4010\nA=http://localhost:4010\n", True),
        ("API_PORT=4010\nA=http://localhost:4010\nAPI_PORT=4010\n", True),
        ("A=http://localhost:4010\nMY_API_PORT=1\n#API_PORT=4010\n", True),
    ],
)
def test_an_env_file_is_read_from_the_top(tmp_path: Path, text: str, sees: bool) -> None:
    assert ("is set further down" in told(tmp_path, ".env", text, fixes=True)) is not sees
