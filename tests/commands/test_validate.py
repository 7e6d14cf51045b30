"""`portscan validate`, as it is called."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from portscan.commands import validate
from portscan.console.parsers import Parser
from portscan.errors import UserError
from portscan.reporters import NAMES
from portscan.terminal import Streams

REGISTRIES = Path(__file__).parent.parent / "fixtures" / "registry"


def run(*arguments: str, registry: str | None = None) -> tuple[int, str]:
    parser = Parser()
    parser.add_argument("--registry", default=registry)
    parser.add_argument("--config")
    validate.add_arguments(parser)
    streams = Streams(StringIO(), StringIO())
    status = validate.run(parser.parse_args(arguments), streams)
    assert streams.err.getvalue() == ""  # type: ignore[attr-defined]
    return status, streams.out.getvalue()  # type: ignore[attr-defined]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "config" / "ports").mkdir(parents=True)
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_clean_registry() -> None:
    status, text = run(str(REGISTRIES / "complete.yaml"))
    assert status == 0
    assert text == "No findings in 1 file.\n"


def test_findings_as_json() -> None:
    path = REGISTRIES / "proposal.yaml"
    status, text = run("--format", "json", str(path))
    report = json.loads(text)
    assert status == 1
    assert report["version"] == 1
    assert report["skipped"] == []
    rows = [row for row in report["findings"] if row["code"] == "PS104"]
    assert [(row["code"], row["line"], row["column"], row["service"], row["port"]) for row in rows] == [
        ("PS104", 32, 5, "docs-hub", 3400),
        ("PS104", 41, 5, "workspace-api", 3200),
    ]
    assert rows[0] == {
        "code": "PS104",
        "name": "port-out-of-range",
        "severity": "error",
        "message": "Port 3400 of `docs-hub` is not in 3200-3299, the range of `documentation`.",
        "path": path.as_posix(),
        "line": 32,
        "column": 5,
        "end_line": 32,
        "end_column": 9,
        "port": 3400,
        "service": "docs-hub",
        "variable": "DOCS_HUB_PORT",
        "fix": None,
        "related": [
            {
                "message": "`documentation` has 3200-3299.",
                "path": path.as_posix(),
                "line": 7,
                "column": 3,
                "end_line": 7,
                "end_column": 16,
            }
        ],
    }


def test_findings_as_text() -> None:
    status, text = run(str(REGISTRIES / "proposal.yaml"))
    assert status == 1
    assert "32:5" in text
    assert "port: 3400" in text
    assert "or move it to the stack `apis`" in text
    assert "2 findings (2 errors)" in text


@pytest.mark.parametrize("path", sorted((REGISTRIES / "broken").glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize("style", NAMES)
def test_broken_registries(path: Path, style: str) -> None:
    status, text = run("--format", style, str(path))
    assert status == 1
    assert "PS101" in text
    assert "Traceback" not in text


def test_the_registry_of_the_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "config/ports/registry.yaml").write_text("version: 1\nservices: []\n")
    status, text = run("--format", "json")
    assert status == 1
    assert [(row["path"], row["severity"]) for row in json.loads(text)["findings"]] == [("config/ports/registry.yaml", "warning")]
    monkeypatch.chdir(repository / "apps")
    assert [row["path"] for row in json.loads(run("--format", "json")[1])["findings"]] == ["../config/ports/registry.yaml"]


def test_the_registry_of_the_global_option(repository: Path) -> None:
    (repository / "ports.yaml").write_text("version: 1\nservices: []\n")
    (repository / "other.yaml").write_text("version: 1\n")
    assert "lists no service yet" in run(registry="ports.yaml")[1]
    assert "has no `services`" in run("other.yaml", registry="ports.yaml")[1]


def test_a_missing_registry(repository: Path) -> None:
    with pytest.raises(UserError) as caught:
        run()
    assert "there is no registry at" in caught.value.title
    assert "portscan init" in caught.value.hint
    assert "--registry FILE" in caught.value.hint
