"""Env files: what is in them, and that every reader of such files reads the same."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.errors import UserError
from portscan.generators.claims import Place, claims
from portscan.registry.loader import load
from tests.generators.helpers import REGISTRY, registry_of, repository
from tests.generators.hostile import TEXTS, generated
from tests.generators.test_hostile import text_of
from tests.judges import judge, node_module, python_module

SERVICES: list[dict[str, Any]] = [
    {"name": "edge", "stack": "web", "port": 3100, "container_port": 80, "protocol": "http", "container": True},
    {"name": "docs-hub", "stack": "web", "port": 3400, "container_port": 80, "protocol": "http", "gatewayPath": "/docs",
     "container": True},
    {"name": "redis-master", "stack": "data", "port": 6380, "container_port": 6379, "env": "CACHE_PORT", "protocol": "redis",
     "compose_service": "redis", "container": True},
    {"name": "rabbit", "stack": "data", "port": 5672, "container": True,
     "ports": {"management": {"port": 15680, "container_port": 15672, "protocol": "http"}}},
    {"name": "bridge", "stack": "native", "port": 4007, "protocol": "http", "container": False},
    {"name": "feed", "external": True, "port": 8443, "protocol": "https", "host": "feed.example.com"},
]  # fmt: skip


def files(settings: dict[str, Any], services: list[dict[str, Any]] = SERVICES) -> dict[str, str]:
    registry = load(REGISTRY, registry_of(services).encode()).registry
    assert registry is not None
    found = claims(registry, Config(generate=(("env", settings),)), Place(Path("/"), Path("/", REGISTRY)), date(2026, 1, 1))
    return {claim.artefact.path: text_of(claim) for claim in found}


def values(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_as_the_host_sees_it() -> None:
    assert values(files({})[".env.shared"]) == {
        "EDGE_PORT": "3100", "EDGE_HOST": "localhost", "EDGE_URL": "http://localhost:3100",
        "DOCS_HUB_PORT": "3400", "DOCS_HUB_HOST": "localhost", "DOCS_HUB_URL": "http://localhost:3400",
        "CACHE_PORT": "6380", "CACHE_HOST": "localhost", "CACHE_URL": "redis://localhost:6380",
        "RABBIT_PORT": "5672", "RABBIT_HOST": "localhost",
        "RABBIT_MANAGEMENT_PORT": "15680", "RABBIT_MANAGEMENT_HOST": "localhost", "RABBIT_MANAGEMENT_URL": "http://localhost:15680",
        "BRIDGE_PORT": "4007", "BRIDGE_HOST": "localhost", "BRIDGE_URL": "http://localhost:4007",
        "FEED_PORT": "8443", "FEED_HOST": "feed.example.com", "FEED_URL": "https://feed.example.com:8443",
    }  # fmt: skip


def test_the_host_is_told_of_nothing_that_it_cannot_reach_and_of_no_name_that_nobody_would_look_for() -> None:
    services: list[dict[str, Any]] = [
        {"name": "db", "stack": "data", "port": 5433, "env": "POSTGRES_HOST_PORT", "protocol": "postgres", "container": True,
         "ports": {"metrics": {"container_port": 9187}}},
        {"name": "kafka", "stack": "data", "container_port": 9092, "container": True},
        {"name": "statsd", "stack": "data", "port": 8125, "protocol": "udp", "container": True},
        {"name": "a", "stack": "web", "port": 3101, "env": "A_HOST_PORT", "protocol": "http"},
        {"name": "b", "stack": "web", "port": 3102, "env": "A_PORT", "protocol": "http"},
    ]  # fmt: skip
    found = files({"container-path": "inside.env"}, services)
    assert values(found[".env.shared"]) == {
        "POSTGRES_HOST_PORT": "5433", "POSTGRES_HOST": "localhost", "POSTGRES_URL": "postgresql://localhost:5433",
        "STATSD_PORT": "8125", "STATSD_HOST": "localhost",
        "A_HOST_PORT": "3101", "A_PORT": "3102", "A_HOST": "localhost", "A_URL": "http://localhost:3102",
    }  # fmt: skip
    assert values(found["inside.env"])["KAFKA_PORT"] == "9092"


def test_as_a_container_sees_it() -> None:
    found = values(files({"container-path": "inside.env"})["inside.env"])
    wanted = {
        "EDGE_URL": "http://edge:80",
        "CACHE_HOST": "redis",
        "CACHE_PORT": "6379",
        "RABBIT_MANAGEMENT_URL": "http://rabbit:15672",
        "BRIDGE_URL": "http://host.docker.internal:4007",
        "FEED_URL": "https://feed.example.com:8443",
    }
    assert {name: found[name] for name in wanted} == wanted


def test_routes_through_the_gateway_and_names_for_browsers() -> None:
    found = values(files({"gateway": "edge", "public": ["VITE_"]})[".env.shared"])
    assert found["DOCS_HUB_GATEWAY_URL"] == "http://localhost:3100/docs"
    assert found["VITE_DOCS_HUB_GATEWAY_URL"] == "http://localhost:3100/docs"
    assert found["VITE_BRIDGE_URL"] == "http://localhost:4007"
    assert "VITE_CACHE_URL" not in found


def test_a_stack_of_which_the_host_sees_nothing_has_no_heading() -> None:
    inner = {"name": "kafka", "stack": "queues", "container_port": 9092, "container": True}
    made = files({"container-path": "inside.env"}, [*SERVICES, inner])
    assert ["# queues" in made[path].splitlines() for path in (".env.shared", "inside.env")] == [False, True]


def test_some_stacks_only() -> None:
    assert {name.split("_")[0] for name in values(files({"stacks": ["data"]})[".env.shared"])} == {"CACHE", "RABBIT"}


def test_a_name_is_given_once() -> None:
    twice = [
        {"name": "a", "stack": "web", "port": 3100, "env": "SITE", "protocol": "http"},
        {"name": "b", "stack": "web", "port": 3101, "env": "SITE_PORT", "protocol": "http"},
    ]
    with pytest.raises(UserError, match="two services would both set SITE_URL"):
        files({}, twice)


def test_another_port_changes_only_the_lines_that_speak_of_it() -> None:
    changed = [{**service, "port": 3401} if service["name"] == "docs-hub" else service for service in SERVICES]
    before, after = (files({}, services)[".env.shared"].splitlines() for services in (SERVICES, changed))
    different = [line for line, other in zip(before, after, strict=True) if line != other]
    assert [line.split("=")[0] for line in different[1:]] == ["DOCS_HUB_PORT", "DOCS_HUB_URL"]
    assert different[0].startswith("# Generated")


def reads(file: Path) -> dict[str, dict[str, str]]:
    """What each reader makes of a file."""
    python_module("dotenv")
    from dotenv import dotenv_values

    show = "console.log(JSON.stringify(process.env))"
    module, name = json.dumps(str(node_module("dotenv"))), json.dumps(str(file))
    parse = f"console.log(JSON.stringify(require({module}).parse(require('fs').readFileSync({name}))))"
    bare = {"PATH": "/usr/bin:/bin"}
    node = subprocess.run([judge("node"), f"--env-file={file}", "-e", show], env=bare, capture_output=True, check=True)
    package = subprocess.run([judge("node"), "-e", parse], env=bare, capture_output=True, check=True)
    script = f"set -a; . '{file}'; exec {judge('node')} -e '{show}'"
    bash = subprocess.run(["bash", "-c", script], env=bare, capture_output=True, check=True, cwd=file.parent)
    found = {
        "python-dotenv": {name: value or "" for name, value in dotenv_values(file).items()},
        "node --env-file": json.loads(node.stdout),
        "dotenv": json.loads(package.stdout),
        "bash": json.loads(bash.stdout),
    }
    return {reader: {name: value for name, value in read.items() if "_" in name[1:]} for reader, read in found.items()}


@pytest.mark.parametrize(
    "text", [pytest.param(TEXTS[name], id=name) for name in ("substitution", "quotes", "assignment", "newlines")]
)
def test_every_reader_reads_the_same(text: str, tmp_path: Path) -> None:
    for claim in generated(text, tmp_path, ("env",)):
        file = tmp_path / claim.artefact.path
        file.write_text(text_of(claim))
        wanted = values(text_of(claim))
        assert wanted
        for reader, read in reads(file).items():
            assert read == wanted, reader
    assert not (tmp_path / "pwned").exists()


def test_compose_reads_the_same(tmp_path: Path) -> None:
    (claim,) = generated("plain", tmp_path, ("env",))[:1]
    (tmp_path / "ports.env").write_text(text_of(claim))
    wanted = values(text_of(claim))
    settings = "\n".join(f"      {name}_SEEN: ${{{name}}}" for name in wanted)
    (tmp_path / "compose.yaml").write_text(f"services:\n  a:\n    image: x\n    environment:\n{settings}\n")
    command = [judge("docker-compose"), "--env-file", "ports.env", "config", "--format", "json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    seen = json.loads(done.stdout)["services"]["a"]["environment"]
    assert {name.removesuffix("_SEEN"): value for name, value in seen.items()} == wanted


def test_a_file_says_who_is_to_read_it_and_what_compose_reads_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository(tmp_path)
    (tmp_path / ".env").write_text('DB_HOST=db\nDB_PORT="5433"\nexport DASHBOARD_HOST=dashboard\nOTHER=1\n')
    monkeypatch.chdir(tmp_path)
    assert main(["sync"]) == 0
    said = capsys.readouterr().err
    assert "Mind: .env.shared and .env differ in DASHBOARD_HOST, DB_HOST: give .env.shared to processes on the host" in said
    assert "# For processes on the host." in (tmp_path / ".env.shared").read_text()
    assert main(["sync"]) == 0
    assert "Mind" not in capsys.readouterr().err
