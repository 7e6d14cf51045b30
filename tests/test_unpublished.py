"""A service with a `container_port` and no `port`: it is in nobody's way on the host, and nobody looks for it there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from portscan.cli import main
from portscan.generators.checks import Unchecked, checks
from portscan.life.allocation import Market, Wanted
from portscan.life.diagnosis import cases
from portscan.life.listeners import Machine
from portscan.panel.picture import states_of
from portscan.registry.changes import changes
from tests.generators.helpers import repository
from tests.generators.made import artefact, registry, text_of

REGISTRY = """\
version: "1.0.0"
ranges: {web: "8000-8099"}
services:
  - {name: proxy, stack: web, port: 8080, protocol: http, container: true}
  - {name: front, stack: web, container_port: 8080, protocol: http, container: true}
  - name: mail
    stack: web
    container_port: 6060
    protocol: http
    container: true
    ports:
      admin: {container_port: 8080}
      web: {port: 8025, container_port: 6061}
"""


def test_its_port_is_that_in_its_container() -> None:
    found = registry(REGISTRY)
    front, mail = found.by_name["front"], found.by_name["mail"]
    assert [(e.port, e.container_port, e.published) for e in (front.main, *mail.endpoints)] == [
        (8080, 8080, False),
        (6060, 6060, False),
        (8080, 8080, False),
        (8025, 6061, True),
    ]
    assert [endpoint.service for endpoint in found.by_port[8080]] == ["proxy"]
    assert [endpoint.service for endpoint in found.by_container_port[8080]] == ["proxy", "front", "mail"]
    assert [endpoint.port for endpoint in found.own] == [8080, 8025]


def test_one_of_the_two_ports_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'version: "1.0.0"\nservices:\n  - {name: a, stack: s, ports: {x: {env: A}}}\n'
    monkeypatch.chdir(repository(tmp_path, registry=text))
    assert main(["validate", "-q"]) == 1
    said = capsys.readouterr().out
    assert "`a` has no `port`" in said
    assert "`ports.x` of `a` has no `port`" in said


def test_the_registry_is_in_order_and_its_ranges_do_not_count_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository(tmp_path, registry=REGISTRY))
    assert main(["validate", "-q"]) == 0  # 6060 is in no range, and 8080 there three times
    capsys.readouterr()


def test_nothing_on_the_host_is_taken_by_it() -> None:
    found = registry(REGISTRY)
    assert "belongs to" not in (Market(found).obstacle(6060, Wanted("x", "web", "grpc")) or "")
    assert [case.endpoint.service for case in cases(found, Machine(()), Path())] == ["proxy", "mail"]
    assert states_of(found, date(2026, 1, 1)).keys() == {8080, 8025}


def test_what_is_generated_says_so() -> None:
    found = registry(REGISTRY)
    host, inside = (artefact("env", found, path=path, container_path=other).body for path, other in (("a", ""), ("", "b")))
    assert "PROXY_URL=http://localhost:8080\nMAIL_WEB_PORT=8025\nMAIL_WEB_HOST=localhost\n" in host
    assert "FRONT_PORT" not in host
    assert "FRONT_PORT=8080\nFRONT_HOST=front\nFRONT_URL=http://front:8080\n" in inside
    page = artefact("docs", found).body
    assert "| front | not published | 8080 | `FRONT_PORT` |" in page
    assert "| web | 8000 | 8099 | 2 | 98 | 8000 |" in page
    index = json.loads(text_of(artefact("index", found)))
    assert index["ports"] == {"8025": [{"service": "mail", "endpoint": "web"}], "8080": [{"service": "proxy"}]}
    assert (index["services"]["front"]["published"], "url" in index["services"]["front"]) == (False, False)
    assert "published" not in index["services"]["proxy"]


def test_nobody_on_the_host_asks_it_whether_it_is_well() -> None:
    found = registry(REGISTRY)
    unchecked = [each.subject.stem for each in checks(found.services, None, "host") if isinstance(each, Unchecked)]
    assert unchecked == ["FRONT", "MAIL", "MAIL_ADMIN"]
    assert not any(isinstance(each, Unchecked) for each in checks(found.services, None, "container"))


def test_no_override_publishes_it() -> None:
    services = YAML(typ="safe").load(artefact("compose", registry(REGISTRY)).body.replace("!override", ""))["services"]
    assert services["proxy"]["ports"] == ["${PROXY_PORT:-8080}:8080"]
    assert services["mail"]["ports"] == ["${MAIL_WEB_PORT:-8025}:6061"]
    assert services["mail"]["expose"] == ["6060", "8080", "6061"]
    assert "ports" not in services["front"]


def test_a_move_is_refused_and_a_publication_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository(tmp_path, registry=REGISTRY))
    assert main(["migrate", "front"]) == 2
    assert "`front` is published at no port" in capsys.readouterr().err
    assert main(["migrate", "--fix-ranges", "--yes"]) == 0
    after = REGISTRY.replace("name: front, stack: web, container", "name: front, stack: web, port: 8090, container")
    told = [change.message for change in changes(registry(REGISTRY), registry(after))]
    assert "`front` is published now, at 8090" in told


def test_the_files_are_bound_to_it_as_to_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(tmp_path, registry=REGISTRY)
    (root / ".env").write_text("MAIL_PORT=6060\nFRONT_PORT=8081\n")
    (root / "a.js").write_text("listen(process.env.MAIL_PORT || 6060);\nfetch('http://localhost:8080/');\n")
    monkeypatch.chdir(root)
    main(["--format", "json"])
    rows = json.loads(capsys.readouterr().out)["findings"]
    assert [(row["code"], row["path"], row["service"]) for row in rows] == [
        ("PS003", ".env", "front"),
        ("PS001", "a.js", "proxy"),
    ]


class TestNew:
    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        root = repository(tmp_path, registry=REGISTRY)
        monkeypatch.chdir(root)
        return root

    def test_a_port_that_is_taken_says_how_to_go_without_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["new", "pit", "--stack", "web", "--port", "8080"]) == 2
        said = capsys.readouterr().err
        assert "If only other containers reach it: --unpublished --container-port 8080.\n" in said

    def test_it_may_be_registered_beside_others_of_the_same_port(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["new", "pit", "--stack", "web", "--unpublished", "--container-port", "8080"]) == 0
        assert "`pit` has port 8080 in its container, read from PIT_PORT" in capsys.readouterr().out
        assert main(["validate", "-q"]) == 0
        text = (here / "config/ports/registry.yaml").read_text()
        assert "  - {name: pit, stack: web, container_port: 8080," in text or "    container_port: 8080\n" in text
        assert "port: 8080, name: pit" not in text

    @pytest.mark.parametrize("more", [(), ("--port", "8090", "--container-port", "80")])
    def test_it_needs_the_port_in_the_container_and_no_other(
        self, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["new", "pit", "--stack", "web", "--unpublished", *more]) == 2
        assert "--unpublished is for a port in a container" in capsys.readouterr().err
