"""`REDIS_HOST: redis` beside `REDIS_PORT: 6379`: a port beside a host of the Compose file is that service's inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import REGISTRY_PATH, git, write

REGISTRY = """version: "1.0.0"
services:
  - {name: redis, stack: d, port: 6379, container: true, env: REDIS_HOST_PORT}
  - {name: postgres, stack: d, port: 6432, container_port: 5432, container: true}
"""
COMPOSE = """services:
  redis:
    image: redis
    ports: ["${REDIS_HOST_PORT:-6379}:6379"]
  postgres:
    image: postgres
    ports: ["${POSTGRES_PORT:-6432}:5432"]
  app:
    image: app
    environment:
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / REGISTRY_PATH, REGISTRY)
    return tmp_path


def told(place: Path, capsys: pytest.CaptureFixture[str], *lines: str) -> list[str]:
    """What a scan says of the last of the lines in the environment of `app`."""
    write(place / "compose.yaml", COMPOSE + "".join(f"      {line}\n" for line in lines))
    capsys.readouterr()
    main(["-q"])
    return [line.split(" ")[2] for line in capsys.readouterr().out.splitlines() if line.startswith("compose.yaml:12:")]


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("REDIS_HOST: ${REDIS_HOST:-redis}", "REDIS_PORT: ${REDIS_PORT:-6379}"),
        ("REDIS_HOST: redis", "REDIS_PORT: 6379"),
        ("- REDIS_HOST=redis", "- REDIS_PORT=6379"),
        ("- CACHE__HOST=${CACHE_HOST-redis}", "- CACHE__PORT=${CACHE_PORT-6379}"),
        ("HOST_DB: postgres", "PORT_DB: 5432"),
        ("dbHost: postgres", "dbPort: 5432"),
        ("DB_ADDR: postgres", "DB_PORT: ${DB_PORT:-5432}"),
        ("REDIS_HOSTNAME: redis", "REDIS_PORT: '6379'"),
    ],
)
def test_it_is_in_order_and_nothing_is_rewritten(place: Path, capsys: pytest.CaptureFixture[str], host: str, port: str) -> None:
    assert told(place, capsys, host, port) == []
    before = (place / "compose.yaml").read_text()
    main(["--unsafe-fixes"])
    assert (place / "compose.yaml").read_text() == before


@pytest.mark.parametrize(
    ("host", "port", "code"),
    [
        ("REDIS_HOST: ${REDIS_HOST:-localhost}", "REDIS_PORT: ${REDIS_PORT:-6379}", "PS201"),
        ("REDIS_HOST: somewhere", "REDIS_PORT: ${REDIS_PORT:-6379}", "PS004"),
        ("OTHER_HOST: redis", "REDIS_PORT: ${REDIS_PORT:-6379}", "PS004"),
        ("OTHER_HOST: redis", "REDIS_PORT: 6379", "PS001"),
        ("REPORT_HOST: redis", "REDIS_PORT: 6379", "PS001"),
    ],
)
def test_another_host_says_nothing_of_it(
    place: Path, capsys: pytest.CaptureFixture[str], host: str, port: str, code: str
) -> None:
    assert told(place, capsys, host, port) == [code]


def test_a_move_of_the_published_port_leaves_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("REDIS_HOST: ${REDIS_HOST:-redis}", "REDIS_PORT: ${REDIS_PORT:-6379}")
    assert told(place, capsys, *lines) == []
    assert main(["migrate", "redis", "6380"]) == 0
    text = (place / "compose.yaml").read_text()
    assert "${REDIS_HOST_PORT:-6380}:6379" in text
    assert lines[1] in text
    assert told(place, capsys, *lines) == []
