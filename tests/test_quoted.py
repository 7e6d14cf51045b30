"""A mapping that a program quotes, as a test of a Compose file does, is not changed behind its back."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import commit, repository, write

COMPOSE = 'services:\n  api:\n    ports:\n      - "4010:4010"\n'
FIXED = COMPOSE.replace('"4010:', '"${API_PORT:-4010}:')
QUOTE = "expect compose.yaml\nfile_has '\"4010:4010\"'\n"


@pytest.mark.parametrize(
    ("path", "text", "safe"),
    [
        ("a.test.sh", QUOTE, False),
        ("a.test.sh", QUOTE.replace("compose.yaml", "docker-compose.yaml"), True),
        ("a.test.sh", QUOTE.replace("4010:4010", "14010:4010"), True),
        ("run.sh", "docker compose -f compose.yaml up; docker run -p 4010:4010 x\n", True),
        ("README.md", QUOTE, True),
    ],
)
def test_a_mapping_that_another_file_quotes_is_left_to_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str, text: str, safe: bool
) -> None:
    write(repository(tmp_path) / "compose.yaml", COMPOSE)
    write(tmp_path / path, text)
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    main(["--fix", "compose.yaml"])
    assert (tmp_path / "compose.yaml").read_text() == (FIXED if safe else COMPOSE)
    said = " ".join(capsys.readouterr().out.split())
    assert (f"Mind: `4010:4010` is quoted in {path}, line 2." in said) is not safe
    main(["--fix", "--unsafe-fixes", "compose.yaml"])
    assert (tmp_path / "compose.yaml").read_text() == FIXED


def test_outside_of_a_repository_nothing_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("registry.yaml", "version: '1'\nservices: [{name: api, stack: a, port: 4010}]\n"), ("a.test.sh", QUOTE)):
        write(tmp_path / name, text)
    write(tmp_path / "compose.yaml", COMPOSE)
    monkeypatch.chdir(tmp_path)
    main(["--registry", "registry.yaml", "--fix", "compose.yaml"])
    assert (tmp_path / "compose.yaml").read_text() == FIXED
