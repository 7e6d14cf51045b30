"""Override files for Compose: what is in them, and that Compose merges them as meant."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.errors import UserError
from portscan.generators.claims import Place, claims
from portscan.generators.healthchecks import command
from portscan.registry.loader import load
from portscan.registry.model import Service
from tests.generators.helpers import REGISTRY, registry_of, repository, write
from tests.generators.hostile import TEXTS, generated, registry
from tests.generators.test_hostile import text_of
from tests.judges import judge

TOP = Path(__file__).resolve().parents[2]
TODAY = date(2026, 1, 1)
API: dict[str, Any] = {
    "name": "api", "stack": "apis", "port": 3200, "container_port": 8000, "protocol": "http", "container": True,
    "network": "back_net", "depends_on": ["db", "bridge", "audit"], "healthcheck": {"endpoint": "/health"},
    "previous": [{"port": 3205, "until": "2026-06-30"}],
}  # fmt: skip
DB = {"name": "db", "stack": "apis", "port": 5433, "container_port": 5432, "protocol": "postgres", "container": True}
BRIDGE = {"name": "bridge", "stack": "native", "port": 4007, "protocol": "http", "container": False}
AUDIT = {"name": "audit", "stack": "apis", "port": 3290, "container": True, "compose_service": "audit-log", "depends_on": ["api"]}
BASE = """\
services:
  api:
    image: api
    ports: ["${BIND:-127.0.0.1}:3999:8000", "${DEBUG:-9229}:9229", "127.0.0.1::9999/udp", {target: 7000, published: "${X:-7007}"}]
  db:
    image: postgres
    ports: ["5432:5432"]
    environment: {POSTGRES_PASSWORD: x}
    healthcheck: {test: [CMD, "true"]}
  other: {image: x, ports: ["1234:1234"]}
networks: {back_net: {}}
"""


def overrides(
    root: Path, services: list[dict[str, Any]], settings: dict[str, Any] | None = None, today: date = TODAY
) -> dict[str, str]:
    registry = load(REGISTRY, registry_of(services).encode()).registry
    assert registry is not None
    found = claims(registry, Config(generate=(("compose", settings or {}),)), Place(root, root / REGISTRY), today)
    return {claim.artefact.path: text_of(claim) for claim in found}


def merged(root: Path, base: str, override: str) -> dict[str, Any]:
    """What Compose makes of the two files."""
    write(root, "override.yml", override)
    command = [judge("docker-compose"), "-f", base, "-f", "override.yml", "config", "--format", "json"]
    done = subprocess.run(
        command, cwd=root, env={"PATH": os.defpath, "HOME": str(root)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def published(service: dict[str, Any]) -> list[tuple[str, int]]:
    return [(port.get("published", ""), port["target"]) for port in service["ports"]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "stack/compose.yml", BASE)
    return tmp_path


def test_ports_are_the_registrys(root: Path) -> None:
    (text,) = overrides(root, [API, DB, BRIDGE], {"files": ["stack/*.yml"]}).values()
    services = merged(root, "stack/compose.yml", text)["services"]
    # The former port of the transition, and what nobody registered, is still there; 3999 is not.
    assert published(services["api"]) == [("3200", 8000), ("3205", 8000), ("9229", 9229), ("", 9999), ("7007", 7000)]
    assert [port.get("host_ip") for port in services["api"]["ports"]] == ["127.0.0.1", "127.0.0.1", None, "127.0.0.1", None]
    assert services["api"]["expose"] == ["8000"]
    assert published(services["db"]) == [("5433", 5432)]
    assert published(services["other"]) == [("1234", 1234)]


def test_a_port_of_the_host_is_given_once(root: Path) -> None:
    write(root, "stack/compose.yml", 'services: {api: {image: x, ports: ["3205:3205", "3200:3200"]}}\n')
    (text,) = overrides(root, [API], {"files": ["stack/*.yml"]}).values()
    api = merged(root, "stack/compose.yml", text)["services"]["api"]
    assert published(api) == [("3200", 8000), ("3205", 8000)]


def test_variables_of_the_file_stay_variables(root: Path) -> None:
    write(root, "stack/.env", "BIND=192.0.2.1\nDEBUG=1\n")
    (text,) = overrides(root, [API], {"files": ["stack/*.yml"]}).values()
    assert '"${BIND:-127.0.0.1}:${API_PORT:-3200}:8000"' in text
    assert '"${DEBUG:-9229}:9229"' in text
    assert 'published: "${X:-7007}"' in text
    assert "192.0.2.1" not in text


def test_what_other_files_say_is_kept(root: Path) -> None:
    write(root, "stack/common.yml", 'services: {base: {image: x, ports: ["[::1]:9300:9300", "9400:9400/udp"]}}\n')
    write(root, "stack/compose.yml", "services: {api: {extends: {file: common.yml, service: base}}}\n")
    text = overrides(root, [API], {"files": ["stack/compose.yml"]})["stack/compose.ports.yml"]
    ports = merged(root, "stack/compose.yml", text)["services"]["api"]["ports"]
    assert [(port["target"], port["protocol"]) for port in ports] == [(8000, "tcp"), (8000, "tcp"), (9300, "tcp"), (9400, "udp")]


def test_the_variable_moves_the_port(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = overrides(root, [DB], {"files": ["stack/*.yml"]}).values()
    write(root, ".env", "DB_PORT=5999\n")
    write(root, "stack/.env", "DB_PORT=5999\n")
    assert published(merged(root, "stack/compose.yml", text)["services"]["db"]) == [("5999", 5432)]


def test_the_former_port_goes_when_its_day_is_over(root: Path) -> None:
    last, after = (
        overrides(root, [API], {"files": ["stack/*.yml"]}, day)["stack/compose.ports.yml"]
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    )
    assert "3205" in last
    assert "3205" not in after
    taken = {"name": "new", "stack": "apis", "port": 3205}
    assert "3205" not in overrides(root, [API, taken], {"files": ["stack/*.yml"]})["stack/compose.ports.yml"]


def test_dependencies_checks_and_networks(root: Path) -> None:
    (text,) = overrides(root, [API, DB, BRIDGE, AUDIT], {"files": ["stack/*.yml"]}).values()
    project = merged(root, "stack/compose.yml", text)
    api, db = project["services"]["api"], project["services"]["db"]
    assert api["depends_on"] == {"db": {"condition": "service_healthy", "required": True}}
    assert api["healthcheck"]["test"][0] == "CMD-SHELL"
    assert db["healthcheck"]["test"] == ["CMD", "true"]  # what the file has stays
    assert "back_net" in api["networks"]
    assert api["environment"] == {"BRIDGE_URL": "http://host.docker.internal:4007"}
    assert api["extra_hosts"] == ["host.docker.internal=host-gateway"]


def test_a_network_that_the_file_lacks_is_joined(root: Path) -> None:
    write(root, "stack/compose.yml", "services: {api: {image: x}}\n")
    (text,) = overrides(root, [API], {"files": ["stack/*.yml"]}).values()
    assert merged(root, "stack/compose.yml", text)["networks"]["back_net"] == {"name": "back_net", "ipam": {}, "external": True}


def test_no_circle_of_dependencies(root: Path) -> None:
    write(root, "stack/compose.yml", "services: {api: {image: x}, audit-log: {image: x}, db: {image: x, depends_on: [api]}}\n")
    (text,) = overrides(root, [API, DB, AUDIT], {"files": ["stack/*.yml"]}).values()
    services = merged(root, "stack/compose.yml", text)["services"]
    assert "depends_on" not in services["api"]
    assert "depends_on" not in services["audit-log"]


def test_what_another_profile_starts_is_not_waited_for(root: Path) -> None:
    write(root, "stack/compose.yml", "services: {api: {image: x}, db: {image: x, profiles: [full]}}\n")
    (text,) = overrides(root, [API, DB], {"files": ["stack/*.yml"]}).values()
    assert "depends_on" not in merged(root, "stack/compose.yml", text)["services"]["api"]
    write(root, "stack/compose.yml", "services: {api: {image: x, profiles: [full]}, db: {image: x, profiles: [full, db]}}\n")
    (text,) = overrides(root, [API, DB], {"files": ["stack/*.yml"]}).values()
    assert "service_healthy" in text


def test_the_network_of_the_host_publishes_nothing(root: Path) -> None:
    write(root, "stack/compose.yml", "services: {api: {image: x, network_mode: host}}\n")
    (text,) = overrides(root, [API], {"files": ["stack/*.yml"]}).values()
    api = merged(root, "stack/compose.yml", text)["services"]["api"]
    assert "ports" not in api
    assert "networks" not in api


def test_without_health_checks(root: Path) -> None:
    write(root, "stack/compose.yml", "services: {api: {image: x}, db: {image: x}}\n")
    (text,) = overrides(root, [API, DB], {"files": ["stack/*.yml"], "healthchecks": False}).values()
    assert "healthcheck" not in text
    assert "service_started" in text


def test_what_the_file_does_not_publish_stays_so_unless_asked(root: Path) -> None:
    write(root, "stack/compose.yml", "services: {db: {image: x}}\n")
    for publish in (False, True):
        (text,) = overrides(root, [DB], {"files": ["stack/*.yml"], "publish": publish}).values()
        assert ("ports" in merged(root, "stack/compose.yml", text)["services"]["db"]) is publish


def test_internal_services_are_not_published(root: Path) -> None:
    (text,) = overrides(root, [{**DB, "exposure": "internal"}], {"files": ["stack/*.yml"]}).values()
    db = merged(root, "stack/compose.yml", text)["services"]["db"]
    assert published(db) == [("5432", 5432)]  # as the file has it
    assert db["expose"] == ["5432"]


def test_udp(root: Path) -> None:
    write(root, "stack/compose.yml", "services: {dns: {image: x, ports: ['53:53/udp']}}\n")
    dns = {"name": "dns", "stack": "apis", "port": 5353, "container_port": 53, "protocol": "dns/udp", "container": True}
    (text,) = overrides(root, [dns], {"files": ["stack/*.yml"]}).values()
    (port,) = merged(root, "stack/compose.yml", text)["services"]["dns"]["ports"]
    assert (port["published"], port["target"], port["protocol"]) == ("5353", 53, "udp")


def test_without_files_there_is_one_for_each_stack(tmp_path: Path) -> None:
    found = overrides(tmp_path, [API, DB, BRIDGE, AUDIT])
    assert list(found) == ["config/ports/compose/apis.yml"]
    write(tmp_path, "base.yml", "services: {api: {image: x}, db: {image: x}, audit-log: {image: x}}\n")
    services = merged(tmp_path, "base.yml", found["config/ports/compose/apis.yml"])["services"]
    assert published(services["audit-log"]) == [("3290", 3290)]


def test_patterns_that_find_nothing_are_told(root: Path) -> None:
    with pytest.raises(UserError, match="no compose file is at nowhere/"):
        overrides(root, [API], {"files": ["nowhere/*.yml"]})


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_links_and_what_is_no_file_are_passed_over(root: Path) -> None:
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / "folder.yml").symlink_to("stack")
    (root / "endless.yml").symlink_to("/dev/zero")
    (root / "gone.yml").symlink_to("nowhere")
    assert overrides(root, [API], {"files": ["**/*.yml"]}) == overrides(root, [API], {"files": ["stack/compose.yml"]})


def test_a_service_that_goes_takes_its_override_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    repository(tmp_path, "[generate.compose]\n", registry_of([API, {**DB, "stack": "data"}]))
    assert main(["sync"]) == 0
    assert (tmp_path / "config/ports/compose/data.yml").exists()
    write(tmp_path, REGISTRY, registry_of([API]))
    assert main(["sync", "--check"]) == 1
    assert main(["sync"]) == 0
    assert not (tmp_path / "config/ports/compose/data.yml").exists()
    assert main(["sync", "--check"]) == 0


def test_another_port_changes_only_the_lines_that_speak_of_it(root: Path) -> None:
    settings = {"files": ["stack/*.yml"]}
    (before,), (after,) = (overrides(root, [API, {**DB, "port": port}], settings).values() for port in (5433, 5434))
    different = [line for line, other in zip(before.splitlines(), after.splitlines(), strict=True) if line != other]
    assert [line.strip() for line in different[1:]] == ['- "${DB_PORT:-5433}:5432"']


def test_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = Path(shutil.copytree(TOP / "examples" / "tradingsystem", tmp_path / "example"))
    monkeypatch.chdir(example)
    write(example, "portscan.toml", '[generate.compose]\nfiles = ["tools/compose/*.yml"]\n')
    (example / ".git").mkdir()
    assert main(["sync"]) == 0
    assert main(["sync", "--check"]) == 0
    for stack in ("apps", "monitoring", "telegram"):
        base = f"tools/compose/docker-compose.{stack}"
        merged(example, f"{base}.yml", (example / f"{base}.ports.yml").read_text())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_compose_takes_it_whatever_the_texts_hold(text: str, tmp_path: Path) -> None:
    names = ("edge", "db", "cache", "queue", "rpc")
    write(tmp_path, "base.yml", "services:\n" + "".join(f"  {name}: {{image: x}}\n" for name in names))
    found = [claim for claim in generated(text, tmp_path, ("compose",)) if claim.artefact.path.endswith("/data.yml")]
    services = merged(tmp_path, "base.yml", text_of(found[0]))["services"]
    assert published(services["db"]) == [("5433", 5432)]
    check = command(registry(text).by_name["api"])
    assert subprocess.run(["sh", "-n", "-c", check], capture_output=True, check=False).returncode == 0
    subprocess.run(["sh", "-c", check], cwd=tmp_path, capture_output=True, check=False, timeout=20)
    assert not (tmp_path / "pwned").exists()


class Answers(BaseHTTPRequestHandler):
    """Answers with the status that the path asks for."""

    def do_GET(self) -> None:
        self.send_response(int(self.path[1:4]))
        self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as made:
        Thread(target=made.serve_forever, daemon=True).start()
        yield made.server_address[1]
        made.shutdown()


def service(port: int, **more: Any) -> Service:
    entry = {"name": "a", "stack": "web", "port": 3100, "container_port": port, "container": True, **more}
    registry = load(REGISTRY, registry_of([entry]).encode()).registry
    assert registry is not None
    return registry.services[0]


def well(tools: list[str], check: str, tmp_path: Path) -> bool:
    """Whether the command says so, where there are no other programs than these and `grep`."""
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    for tool in ("sh", "grep", *tools):
        if not (folder / tool).exists():
            (folder / tool).symlink_to(os.path.realpath(judge(tool)))
    done = subprocess.run([folder / "sh", "-c", check], env={"PATH": str(folder)}, capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("tool", ["curl", "wget", "node"])
def test_a_check_over_http_asks_for_its_status(tool: str, server: int, tmp_path: Path) -> None:
    for asked, expected, healthy in ((200, 200, True), (500, 200, False), (302, 302, True), (302, 200, False), (204, 204, True)):
        check = command(service(server, protocol="http", healthcheck={"endpoint": f"/{asked}", "expected": expected}))
        assert well([tool], check, tmp_path) is healthy, (asked, expected)


def test_without_tools_an_open_port_is_well(server: int, tmp_path: Path) -> None:
    for protocol in ("http", "postgres", "redis", "rabbitmq", "grpc", "tcp", "mysql", "mongodb"):
        assert well([], command(service(server, protocol=protocol)), tmp_path), protocol
        assert not well([], command(service(1, protocol=protocol)), tmp_path), protocol
