"""At which port a service listens that no mapping tells: `portscan init` goes by what is said of it, and says where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from portscan.cli import main
from tests.repository import REGISTRY_PATH, write

COMPOSE = """\
services:
  web: {{image: acme/web, ports: ["8080:80"]}}
  it:
    image: {image}
{body}
"""


def registered(place: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> tuple[dict[str, dict[str, Any]], str]:
    for path, text in files.items():
        write(place / path, text)
    monkeypatch.chdir(place)
    assert main(["init", "--yes"]) == 0
    assert main(["validate"]) == 0
    text = (place / REGISTRY_PATH).read_text("utf-8")
    return {entry.pop("name"): entry for entry in YAML(typ="safe").load(text)["services"]}, text


CALLED = {"web/app.py": 'A = "http://it:1218/x"\n', "nginx.conf": "upstream a {\n  server it:1218;\n}\n"}


@pytest.mark.parametrize(
    ("image", "body", "files", "port", "place"),
    [
        ("acme/it", "", CALLED, 1218, "nginx.conf:2, and 1 more"),
        ("acme/it", "", {"a.yml": "url: redis://it:6380/0\n"}, 6380, "a.yml:1"),
        ("acme/it", "    container_name: shop-it", {"a.yml": "url: http://shop-it:4000\n"}, 4000, "a.yml:1"),
        ("acme/it", "    environment: {PORT: 4001}", {}, 4001, "compose.yaml:5"),
        ("acme/it", "    environment: {IT_LISTEN: '0.0.0.0:4002'}", {}, 4002, "compose.yaml:5"),
        ("acme/it", "    expose: ['4003']", {}, 4003, "compose.yaml:5"),
        ("acme/it", "    command: serve --port 4004", {}, 4004, "compose.yaml:5"),
        ("acme/it", "    healthcheck: {test: psql -U me -p 5433 -c 'select 1'}", {}, 5433, "compose.yaml:5"),
        ("acme/it", "    build: ./src", {"src/x.js": "app.listen(4005);\n"}, 4005, "src/x.js:1"),
        ("acme/it", "", {"a.js": "x = `http://${process.env.IT_HOST || '127.0.0.1'}:4007/`;\n"}, 4007, "a.js:1"),
        ("acme/it", "", {"a.sh": 'curl "http://${IT_HOSTNAME:-localhost}:4008/"\n'}, 4008, "a.sh:1"),
        (
            "acme/it",
            "    build: {context: ., dockerfile: x/it/Dockerfile}",
            {"x/it/x.js": "app.listen(4009);\n"},
            4009,
            "x/it/x.js:1",
        ),
        ("acme/it", "    build: ./src", {"src/Dockerfile": "FROM x\nEXPOSE 4006\n"}, 4006, "src/Dockerfile:2"),
        ("redis:7", "", {}, 6379, "the image redis:7"),
        ("redis:7", "    environment: {REDIS_PORT_NUMBER: 6370}", {}, 6370, "compose.yaml:5"),
    ],
)
def test_what_is_said_of_a_service_tells_its_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, image: str, body: str, files: dict[str, str], port: int, place: str
) -> None:
    found, text = registered(tmp_path, monkeypatch, {"compose.yaml": COMPOSE.format(image=image, body=body), **files})
    assert (found["it"]["container_port"], "port" in found["it"]) == (port, False)
    assert f"    container_port: {port}  # {place}\n" in text
    assert "CONFLICT:" not in text


@pytest.mark.parametrize(
    "body",
    [
        "    environment: {DB_HOST: db, DB_PORT: 5432}",  # the other half of an address
        "    environment: {IT_HOST: elsewhere, IT_PORT: 5432}",
        "    environment: {STATSD_ADDR: '127.0.0.1:8125', OTHER_PORT: 7000}",
        "    healthcheck: {test: pg_isready -h db -p 5432}",
        "    healthcheck: {test: nc -z db 5432}",
        "    command: worker --broker amqp://mq:5672",
    ],
)
def test_what_is_said_of_others_is_not_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    found, text = registered(tmp_path, monkeypatch, {"compose.yaml": COMPOSE.format(image="acme/it", body=body)})
    assert set(found) == {"web"}
    assert "so they are not listed: it.\n" in text


def test_of_several_ports_the_one_that_is_called_most_counts_and_the_others_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = "    healthcheck: {test: wget -q http://it:9340/healthz http://it:9333/ http://it:8333/}"
    calls = {f"web/{name}.py": 'S3 = "http://it:8333"\n' for name in "abc"}
    found, text = registered(tmp_path, monkeypatch, {"compose.yaml": COMPOSE.format(image="acme/it", body=check), **calls})
    assert found["it"]["container_port"] == 8333
    said = "8333 4 times (web/a.py:1), 9340 once (compose.yaml:5), 9333 once (compose.yaml:5)"
    assert f"CONFLICT: it is said to listen on {said}." in " ".join(text.replace("#", "").split())


def test_a_service_on_the_network_of_the_host_has_its_port_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "    network_mode: host\n    environment: {PORT: 6370}"
    found, _ = registered(tmp_path, monkeypatch, {"compose.yaml": COMPOSE.format(image="acme/it", body=body)})
    assert (found["it"]["port"], "container_port" in found["it"]) == (6370, False)


def test_a_name_that_several_have_is_called_from_beside_its_compose_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{where}/compose.yaml": COMPOSE.format(image="acme/it", body="").replace("8080", port) for where, port in
             (("a", "8080"), ("b", "8081"))}  # fmt: skip
    calls = {"a/x.yml": "url: http://it:4001\n", "b/x.yml": "url: http://it:4002\n"}
    found, _ = registered(tmp_path, monkeypatch, {**files, **calls})
    assert {name: found[name]["container_port"] for name in ("a-it", "b-it")} == {"a-it": 4001, "b-it": 4002}


def test_a_debugger_waits_at_a_port_besides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "    ports: ['9230:9229']"
    both = {"compose.yaml": COMPOSE.format(image="acme/it", body=body)}
    found, _ = registered(tmp_path, monkeypatch, {**both, "a.yml": "url: http://it:4001\n"})
    debug = {"debug": {"port": 9230, "container_port": 9229}}
    assert (found["it"]["container_port"], found["it"]["ports"], "port" in found["it"]) == (4001, debug, False)


def test_a_debugger_s_port_is_better_than_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = registered(
        tmp_path, monkeypatch, {"compose.yaml": COMPOSE.format(image="acme/it", body="    ports: ['9230:9229', '5005:5005']")}
    )
    assert (found["it"]["port"], found["it"]["container_port"], found["it"]["ports"]) == (
        9230,
        9229,
        {"port-5005": {"port": 5005}},
    )


def test_where_a_debugger_is_a_program_s_own_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "    ports: ['5679:5678', '9229:9229']"
    found, _ = registered(tmp_path, monkeypatch, {"compose.yaml": COMPOSE.format(image="n8nio/n8n", body=body)})
    assert (found["it"]["port"], found["it"]["container_port"], found["it"]["ports"]) == (5679, 5678, {"debug": {"port": 9229}})


def test_a_development_tool_is_no_part_of_what_a_service_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = {"src/package.json": '{"scripts": {"book": "storybook dev -p 6006"}}', "src/x.js": "app.listen(4001);\n"}
    found, text = registered(
        tmp_path, monkeypatch, {"compose.yaml": COMPOSE.format(image="acme/it", body="    build: ./src"), **scripts}
    )
    assert found["it"]["container_port"] == 4001
    assert "CONFLICT:" not in text


def test_a_debugger_may_be_published_by_a_second_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = "services:\n  it:\n    ports: ['9230:9229']\n"
    files = {"compose.yaml": COMPOSE.format(image="acme/it", body=""), "compose.dev.yaml": more, "a.yml": "url: http://it:4001\n"}
    found, _ = registered(tmp_path, monkeypatch, files)
    debug = {"debug": {"port": 9230, "container_port": 9229}}
    assert (found["it"]["container_port"], found["it"]["ports"]) == (4001, debug)
