"""What `portscan migrate` leaves to people: who follows what is said of it comes to a green scan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import REGISTRY_PATH, git, write

REGISTRY = """version: "1.0.0"
services:
  - {name: minio, stack: storage, port: 9090, container_port: 9000, container: true, env: MINIO_API_PORT}
"""
FILES = {
    "a.sh": "curl http://localhost:9090/live\n",
    "a.js": "const url = `http://localhost:9090/bucket`;\n",
    "compose.yaml": (
        "services:\n  minio:\n    image: minio\n    ports: ['${MINIO_API_PORT:-9090}:9000']\n"
        "  web:\n    image: web\n    environment:\n      S3: ${S3:-http://localhost:9090}\n"
    ),
    "a.json": '{"url": "http://localhost:9090"}\n',
    "b.env": "MINIO_API_PORT=9090\n",
}
LEFT = ["a.js", "a.json", "a.sh", "compose.yaml"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / REGISTRY_PATH, REGISTRY)
    for path, text in FILES.items():
        write(tmp_path / path, text)
    assert main(["migrate", "minio", "9002"]) == 1
    assert "4 places left to you" in capsys.readouterr().out
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    main(["-q"])
    lines = capsys.readouterr().out.splitlines()
    return {line.partition(":")[0]: line.partition("error: ")[2] for line in lines}


def test_the_variable_is_advised_with_the_new_number(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys)
    assert sorted(found) == LEFT
    assert all(line.startswith("PS006 Port 9090 of `minio` was given up") for line in found.values())
    for path in ("a.sh", "a.js", "compose.yaml"):
        spelled = re.findall(r"Read MINIO_API_PORT: `([^`]+)`, if it is that one: it is a number that many use\.", found[path])[0]
        written = spelled if path != "a.js" else f"${{{spelled}}}"
        text = (place / path).read_text().replace("localhost:9090", f"localhost:{written}")
        write(place / path, text)
    assert "Write 9002 and pin the number in the configuration with `portscan --fix --pin a.json`" in found["a.json"]
    write(place / "a.json", FILES["a.json"].replace("9090", "9002"))
    main(["--fix", "--pin", "a.json"])
    assert said(capsys) == {}


def test_it_is_written_where_somebody_asks_for_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--fix"])
    assert sorted(said(capsys)) == LEFT
    main(["--unsafe-fixes"])
    assert sorted(said(capsys)) == ["a.json"]
    assert "localhost:${MINIO_API_PORT:-9002}/live" in (place / "a.sh").read_text()


def test_a_value_is_the_number_alone(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(place / "b.env", "MINIO_API_PORT=9090\n")
    write(place / "c.sh", 'echo "${MINIO_API_PORT:-9090}"\n')
    found = said(capsys)
    assert found["b.env"].endswith("it is 9002 now. Write 9002.")
    assert found["c.sh"].endswith("it is 9002 now. Write 9002.")


def test_what_is_called_after_somebody_else_is_not_rewritten(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(place / "d.sh", "curl http://10.0.0.5:9090\n")
    main(["--unsafe-fixes"])
    assert (place / "d.sh").read_text() == "curl http://10.0.0.5:9090\n"
    assert "PS006" in said(capsys)["d.sh"]
