"""PS116 says the command by which the registry follows the compose file, and it does."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from portscan.cli import main
from tests.generators.helpers import repository

SERVICES = "- {name: db, stack: s, port: 5433}\n  - {name: cache, stack: s, port: 6379}"


@pytest.mark.parametrize(
    ("registered", "composed", "command"),
    [
        ("[cache]", "[db, cache]", "portscan edit api --depends-on cache,db"),
        ("[db, cache]", "[db]", "portscan edit api --depends-on db"),
        ("[db]", "[]", "portscan edit api --unset depends_on"),
    ],
)
def test_the_command_mends_it(
    registered: str,
    composed: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    api = f"- {{name: api, stack: s, port: 4010, depends_on: {registered}}}"
    root = repository(tmp_path, registry=f'version: "1"\nservices:\n  {api}\n  {SERVICES}\n')
    image = 'image: api, ports: ["${API_PORT:-4010}:4010"]'
    (root / "compose.yaml").write_text(
        f"services:\n  api: {{{image}, depends_on: {composed}}}\n  db: {{image: postgres}}\n  cache: {{image: redis}}\n"
    )
    monkeypatch.chdir(root)
    assert main(["--select", "PS116", "-v"]) == 1
    assert command in " ".join(capsys.readouterr().out.split())
    assert main(shlex.split(command)[1:]) == 0
    capsys.readouterr()
    main(["--select", "PS116", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["findings"] == []


def test_what_may_be_either_of_two_entries_is_no_stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = ("name: dev-mail, compose_service: mail", "name: test-mail, compose_service: mail, alternative_to: dev-mail")
    listed = "".join(f"  - {{{entry}, stack: s, port: 9000}}\n" for entry in entries)
    root = repository(tmp_path, registry=f'version: "1"\nservices:\n{listed}')
    for project in ("dev", "test"):
        (root / project).mkdir()
        mail = f"services:\n  mail: {{image: mail, ports: ['{9000 if project == 'dev' else 9001}:9000']}}\n"
        (root / project / "compose.yaml").write_text(mail)
    monkeypatch.chdir(root)
    assert main(["--select", "PS113", "--format", "json"]) == 1
    assert [found["path"] for found in json.loads(capsys.readouterr().out)["findings"]] == ["test/compose.yaml"]


@pytest.mark.parametrize("own", ["container_port: 5432", "port: 5432, alternative_to: dev-db"])
def test_of_entries_that_compose_calls_the_same_it_is_the_one_that_publishes_its_port(
    own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = (
        f"{{name: db, stack: s, {own}}}",
        "{name: dev-db, stack: s, port: 5432, compose_service: db}",
        "{name: test-db, stack: s, container_port: 5432, compose_service: db}",
    )
    listed = "".join(f"  - {entry}\n" for entry in entries)
    root = repository(tmp_path, registry=f'version: "1"\nservices:\n{listed}')
    (root / "compose.yaml").write_text("services:\n  db: {image: postgres, ports: ['5432:5432']}\n")
    monkeypatch.chdir(root)
    assert main(["--select", "PS113"]) == 0
    assert capsys.readouterr().out.startswith("No findings")
