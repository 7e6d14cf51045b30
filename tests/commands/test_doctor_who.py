"""`portscan doctor` and `portscan who` with sockets that really listen, and a Docker that says what it is told to."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.life.listeners import published
from tests.repository import REGISTRY_PATH, git, write

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script stands in for Docker")
SERVER = "import socket,sys\ns=socket.create_server(('127.0.0.1',int(sys.argv[1])))\nprint('up',flush=True)\nsys.stdin.read()\n"


def unused() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class Ports:
    """Three ports that nobody has: of a service, of a container, and of nobody."""

    def __init__(self) -> None:
        self.api, self.web, self.wild = sorted(unused() for _ in range(3))


@pytest.fixture
def ports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ports:
    pytest.importorskip("psutil")
    found = Ports()
    registry = f"""\
version: 1
ranges: {{web: "{found.api}-{found.wild}"}}
services:
  - {{name: api, stack: web, port: {found.api}, owner: Core, paths: [api/**]}}
  - {{name: web, stack: web, port: {found.web}, compose_service: front}}
"""
    write(tmp_path / REGISTRY_PATH, registry)
    (tmp_path / "api").mkdir()
    (tmp_path / "bin").mkdir()
    docker(tmp_path, "exit 1")
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return found


def docker(place: Path, script: str) -> None:
    program = place / "bin" / "docker"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def container(port: int, service: str) -> str:
    row = {"Names": f"x-{service}-1", "Labels": f"com.docker.compose.service={service},a=b", "Ports": f"0.0.0.0:{port}->80/tcp"}
    return f"cat <<'E'\n{json.dumps(row)}\nE"


@pytest.fixture
def serving(ports: Ports, tmp_path: Path) -> Iterator[None]:
    """A process of ours on the port of `api`, in its folder, and one on the port of nobody."""
    running = []
    for port, folder in ((ports.api, tmp_path / "api"), (ports.wild, tmp_path)):
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(port)], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        running.append(process)
    yield
    for process in running:
        process.communicate(b"")


def test_who_listens_is_set_against_the_registry(serving: None, ports: Ports, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "-v"]) == 0
    shown = capsys.readouterr()
    rows = {line.split()[0]: line for line in shown.out.splitlines()}
    assert rows[str(ports.api)].split()[1:3] == ["listens", "api"]
    assert "since " in rows[str(ports.api)]
    assert rows[str(ports.web)].split()[1:3] == ["silent", "web"]
    assert rows[str(ports.wild)].split()[1:2] == ["UNKNOWN"]
    assert "Docker does not answer" in shown.err


def test_a_stranger_on_a_registered_port_is_an_error(ports: Ports, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docker(tmp_path, container(ports.web, "other"))
    assert main(["doctor"]) == 1
    assert "STRANGER  web" in capsys.readouterr().out
    docker(tmp_path, container(ports.web, "front"))
    assert main(["doctor", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    states = {case["service"]: case for case in data["ports"]}
    assert states["web"]["state"] == "listens"
    assert states["web"]["listener"]["container"] == "x-front-1"
    assert states["api"]["state"] == "silent"


def test_the_ports_of_a_range(serving: None, ports: Ports, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--range", "web", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {ports.api, ports.wild} <= {held["port"] for held in data["held"]}
    assert not {ports.api, ports.web, ports.wild} & set(data["free"])
    assert main(["doctor", "--range", "wep"]) == 2
    assert "Did you mean `web`?" in capsys.readouterr().err


def test_waiting_for_a_service(serving: None, ports: Ports, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--wait", "api"]) == 0
    assert capsys.readouterr().out == f"`api` answers at localhost:{ports.api}.\n"
    assert main(["doctor", "--wait", "web", "--timeout", "0"]) == 1
    assert main(["doctor", "--wait", "nobody"]) == 2


def test_whose_a_port_is_and_who_has_it(serving: None, ports: Ports, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["who", str(ports.api)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{ports.api} belongs to `api`, of Core, and is read from API_PORT."
    assert lines[1].startswith(f"TCP {ports.api} is held by python")
    assert lines[-1].startswith("To have the port, end what holds it")
    assert main(["who", str(ports.web)]) == 0
    assert f"Nothing listens on {ports.web} here." in capsys.readouterr().out
    assert main(["who", "70000"]) == 2


@pytest.mark.parametrize(
    "port, lines",
    [
        (4020, ["4020 belongs to `db` (admin), and is read from DB_ADMIN_PORT."]),
        (9000, ["`db` listens on 9000 in its container, and is reached at 4020.", "No service has 9000."]),
        (3999, ["3999 was that of `db`, which may be used until 2999-01-01.", "No service has 3999."]),
        (3998, ["3998 was that of `db`, given up on 2001-01-02.", "No service has 3998."]),
        (4030, ["4030 is reserved: no service may take it.", "No service has 4030. It lies in the range of `data`."]),
        (5432, ["No service has 5432.", "Everybody expects postgres there."]),
    ],
)
def test_all_that_is_known_of_a_port(ports: Ports, capsys: pytest.CaptureFixture[str], port: int, lines: list[str]) -> None:
    admin, old = "admin: {port: 4020, container_port: 9000}", "{port: 3999, until: 2999-01-01}, {port: 3998, until: 2001-01-01}"
    service = f"{{name: db, stack: data, port: 4010, ports: {{{admin}}}, previous: [{old}]}}"
    registry = f'version: 1\nranges: {{data: "4000-4099"}}\nreserved: [4030]\nservices: [{service}]\n'
    write(Path(REGISTRY_PATH), registry)
    assert main(["who", str(port)]) == 0
    assert capsys.readouterr().out.splitlines()[: len(lines)] == lines


def test_a_missing_library_is_said_so(ports: Ports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert main(["doctor"]) == 2
    assert "Run: pip install 'portscan-registry[doctor]'" in capsys.readouterr().err
    assert main(["who", str(ports.web)]) == 0
    assert "which is not installed. Run: pip install 'portscan-registry[doctor]'\n" in capsys.readouterr().err


def test_what_docker_says() -> None:
    rows = [
        {"Names": "a", "Labels": "", "Ports": "0.0.0.0:80->8080/tcp, [::]:80->8080/tcp, 443/tcp, 127.0.0.1:53->53/udp"},
        {"Names": "b", "Labels": "com.docker.compose.service=db,x=y=z", "Ports": ""},
    ]
    found = list(published("\n".join(map(json.dumps, rows))))
    assert [(each.port, each.transport, each.container) for each in found] == [(80, "tcp", "a"), (53, "udp", "a")]
