"""`portscan new`: flags, what is passed over, and the questions at a real terminal."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from portscan.cli import main
from tests.pseudo_terminal import DOWN, END, ENTER, ERASE, INTERRUPT, Dialogue

REGISTRY = """\
version: "1.0.0"
lastUpdated: "2025-11-05"

ranges:
  frontend: "3100-3104"
  data: "5431-5499"

reserved: [3101]

services:
  # What people see
  - name: web
    stack: frontend
    port: 3100   # printed on stickers
    protocol: http
    owner: Frontend Team
    container: true
    network: front

  # Where things are kept
  - name: store
    stack: data
    port: 5434
    protocol: postgres
    previous:
      - port: 5433
        until: "2026-12-31"
"""
ADDED = """
  - name: admin
    stack: frontend
    port: 3103
    protocol: http
    owner: Frontend Team
    container: true
    network: front
"""

Repository = Callable[..., Path]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    registry = tmp_path / "config" / "ports" / "registry.yaml"
    registry.parent.mkdir(parents=True)
    registry.write_text(REGISTRY)
    (tmp_path / "server.py").write_text("app.listen(port=3102)\n")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def registry_of(repository: Path) -> str:
    return (repository / "config" / "ports" / "registry.yaml").read_text()


def test_the_next_free_port_is_taken_and_said_why(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "admin", "--stack", "frontend"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "`admin` has port 3103, read from ADMIN_PORT; see config/ports/registry.yaml:20.\n"
    assert shown.err.splitlines()[:4] == [
        "Passed over: 3100 belongs to `web`",
        "Passed over: 3101 is reserved",
        "Passed over: 3102 is written in server.py:1",
        "Compose reads ADMIN_PORT from its environment or `.env`, else the fallback: `${ADMIN_PORT:-3103}`.",
    ]
    expected = REGISTRY.replace("    network: front\n", "    network: front\n" + ADDED)
    day = registry_of(repository).splitlines()[1]
    assert registry_of(repository) == expected.replace('lastUpdated: "2025-11-05"', day)
    assert main(["validate"]) == 0


def test_what_runs_in_a_container_gets_its_entry_for_compose(
    repository: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Pasted into a Compose file, it settles PS112 at once, and nothing else comes of it."""
    (tmp_path / "server.py").unlink()
    (tmp_path / "compose.yaml").write_text("services:\n")
    more = ["--container", "--container-port", "80", "--network", "back end", "--depends-on", "web"]
    assert main(["new", "admin", "--stack", "frontend", *more]) == 0
    head, *lines = capsys.readouterr().err.partition("In a Compose file")[2].splitlines()
    assert head == ", below `services:` (without it, it is PS112):"
    assert lines[:4] == ["  admin:", "    build: admin", "    ports:", '      - "${ADMIN_PORT:-3102}:80"']
    with (tmp_path / "compose.yaml").open("a") as file:
        file.write("\n".join(lines) + "\nnetworks: {back end: {}}\n")
    main(["--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["message"] for each in found if each["service"] == "admin"] == []


def test_former_and_well_known_ports_are_left_alone(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "files", "--stack", "data", "--protocol", "http", "--dry-run"]) == 0
    shown = capsys.readouterr()
    assert "+    port: 5431" in shown.out
    (repository / "db.py").write_text("connect(port=5431)\n")
    assert main(["new", "files", "--stack", "data", "--protocol", "http", "--dry-run"]) == 0
    shown = capsys.readouterr()
    assert "+    port: 5435" in shown.out
    assert "5432 is where everybody expects postgres" in shown.err
    assert "5433 was that of `store` (given up on 2027-01-01)" in shown.err
    assert registry_of(repository) == REGISTRY


def test_a_port_that_listens_is_left_alone(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        ranges = REGISTRY.replace("3100-3104", f"{port}-{min(port + 3, 65535)}").replace("port: 3100", f"port: {port + 3}")
        (repository / "config" / "ports" / "registry.yaml").write_text(ranges)
        assert main(["new", "admin", "--stack", "frontend", "--dry-run"]) == 0
    assert f"{port} is held by a process on this machine" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["new"], "no terminal to ask at"),
        (["new", "admin"], "no terminal to ask at"),
        (["new", "admin", "--yes"], "needs a name and a stack"),
        (["new", "admin", "--stack", "frontent"], "no stack `frontent`. Did you mean `frontend`?"),
        (["new", "web", "--stack", "frontend"], "`web` cannot be the name of a new service. There is a service `web` already."),
        (["new", "WEB", "--stack", "frontend"], "variable WEB_PORT is that of `web`"),
        (["new", "1st", "--stack", "frontend"], "Begin with a letter"),
        (["new", "admin", "--stack", "frontend", "--port", "3100"], "the registry would be in error"),
        (["new", "admin", "--stack", "frontend", "--port", "70000"], "is no port"),
        (["new", "admin", "--stack", "frontend", "--depends-on", "nobody"], "the registry would be in error"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    repository: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert complaint in shown.err
    assert shown.out == ""
    assert registry_of(repository) == REGISTRY


def test_a_full_range_says_what_fills_it(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        assert main(["new", name, "--stack", "frontend"]) == 0
    assert main(["new", "c", "--stack", "frontend"]) == 2
    assert "no port of 3100-3104, the range of `frontend`, is free (3 belongs" in capsys.readouterr().err


def test_the_first_service_of_all(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "config" / "ports" / "registry.yaml").write_text("version: 1\nranges: {web: 4100-4199}\nservices: []\n")
    assert main(["new", "shop", "--stack", "web"]) == 0
    assert "  - name: shop\n    stack: web\n    port: 4100\n" in registry_of(repository)
    assert main(["validate"]) == 0


def test_a_person_is_asked_for_everything(repository: Path) -> None:
    talk = Dialogue(["new"], repository)
    talk.answer("Name of the service", "web").expect("There is a service `web` already.")
    talk.type(ERASE * 3 + "admin" + ENTER)
    talk.answer("Stack")
    talk.answer("Protocol")
    talk.answer("Port", ERASE * 4 + "3101").expect("3101 is reserved.")
    talk.type(ERASE + "3" + ENTER)
    talk.answer("Does it run in a container?")
    talk.answer("Port in the container", ERASE * 4 + "8080")
    talk.answer("Owner")
    talk.answer("Description", "Who may do what: everything")
    talk.answer("Network")
    talk.answer("Services it needs", "nobody").expect("There is no service `nobody`.")
    talk.type(ERASE * 6 + "store" + ENTER)
    talk.answer("Path of its health check", "/healthz")
    talk.expect("+  - name: admin").expect("Write this?").type("y")
    assert talk.status() == 0, talk.seen
    added = registry_of(repository)
    assert "  - name: admin\n    stack: frontend\n    port: 3103\n    container_port: 8080\n" in added
    assert "    depends_on:\n      - store\n    healthcheck:\n      endpoint: /healthz\n" in added
    assert 'description: "Who may do what: everything"' in added


def test_what_flags_say_is_not_asked(repository: Path) -> None:
    talk = Dialogue(["new", "files", "--protocol", "http", "--port", "5440", "--owner", "Data", "--no-container"], repository)
    talk.expect("Stack").type(DOWN + ENTER)
    talk.answer("Description").answer("Network").answer("Services it needs").answer("Path of its health check")
    talk.expect("Write this?").type("n")
    assert talk.status() == 0, talk.seen
    assert "Owner" not in talk.seen
    assert "+    container: false" in talk.seen
    assert registry_of(repository) == REGISTRY


@pytest.mark.parametrize(("answered", "key"), [(0, INTERRUPT), (0, END), (2, INTERRUPT)])
def test_ctrl_c_changes_nothing(repository: Path, answered: int, key: str) -> None:
    talk = Dialogue(["new"], repository)
    for question, answer in (("Name of the service", "admin"), ("Stack", ""))[:answered]:
        talk.answer(question, answer)
    talk.expect("Protocol" if answered else "Name of the service").type(key)
    assert talk.status() == 130
    assert "Traceback" not in talk.seen
    assert registry_of(repository) == REGISTRY


class TestFurtherPorts:
    """`portscan new SERVICE.PORT-NAME`, as `edit`, `remove` and `migrate` call it."""

    def test_each_is_an_entry_under_ports(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["new", "store.admin", "--port", "5440", "--protocol", "http"]) == 0
        assert main(["new", "store.metrics", "--unpublished", "--container-port", "9187"]) == 0
        assert main(["new", "store.next"]) == 0
        shown = capsys.readouterr()
        assert "`store.admin` has port 5440, read from STORE_ADMIN_PORT; see config/ports/registry.yaml:" in shown.out
        assert "`store.metrics` has port 9187 in its container, read from STORE_METRICS_PORT" in shown.out
        assert "Compose" not in shown.err
        added = registry_of(repository).partition("    ports:\n")[2].partition("    previous:")[0]
        assert " ".join(added.split()) == ("admin: port: 5440 protocol: http metrics: container_port: 9187 next: port: 5431")
        assert main(["edit", "store.admin", "--protocol", "https"]) == 0
        assert main(["validate"]) == 0

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (
                ["shop.admin", "--stack", "data"],
                "A dot stands between a service and one of its ports, and there is no service `shop`.",
            ),
            (["store.1"], "Begin the part behind `store.` with a letter"),
            (["store.x", "--owner", "Data"], "`owner` is said of a service, not of one of its ports"),
            (["store.x", "--unpublished"], "--unpublished is for a port in a container"),
            (["store.x", "--env", "WEB_PORT"], "Its variable WEB_PORT is that of `web` already; give another one with --env."),
            (["store.x", "--port", "3100"], "the registry would be in error"),
        ],
    )
    def test_what_cannot_be_is_told(
        self, repository: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
    ) -> None:
        assert main(["new", *arguments]) == 2
        assert said in capsys.readouterr().err
        assert registry_of(repository) == REGISTRY

    def test_none_is_registered_twice(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["new", "store.admin", "--port", "5440"]) == 0
        assert main(["new", "store.admin", "--port", "5441"]) == 2
        assert "`store` has a port `admin` already." in capsys.readouterr().err

    def test_what_a_finding_advises_makes_it_go_away(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / "app.py").write_text('A = "http://web:9229/"\n')
        assert main(["scan", "app.py"]) == 1
        said = " ".join(capsys.readouterr().out.split())
        assert "with `portscan new web.NAME --unpublished --container-port 9229`" in said
        assert main(["new", "web.debugger", "--unpublished", "--container-port", "9229"]) == 0
        assert main(["scan", "app.py"]) == 0


class TestNotes:
    """What is said of a new service applies to it."""

    def test_where_something_listens_is_named_first(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / "a.cs").write_text('var u = "http://localhost:5440";\n')
        (repository / "z").mkdir()
        (repository / "z" / "launchSettings.json").write_text(
            '{"profiles": {"http": {"applicationUrl": "http://localhost:5440"}}}\n'
        )
        assert main(["new", "files", "--stack", "data", "--port", "5440"]) == 0
        assert "Mind: 5440 is written in z/launchSettings.json:1\n" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("port", "more", "said"), [("5434", (), True), ("5434", ("--no-container",), False), ("5440", (), False)]
    )
    def test_another_way_is_told_where_the_port_is_taken_and_a_container_may_have_it(
        self, repository: Path, capsys: pytest.CaptureFixture[str], port: str, more: tuple[str, ...], said: bool
    ) -> None:
        (repository / "a.cs").write_text('var u = "http://localhost:5440";\n')
        main(["new", "files", "--stack", "data", "--port", port, *more])
        assert ("If only other containers reach it" in capsys.readouterr().err) is said

    def test_what_compose_has_is_not_shown_for_it(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / "compose.yaml").write_text("services:\n  redis:\n    image: redis\n")
        assert main(["new", "redis", "--stack", "data", "--container"]) == 0
        said = capsys.readouterr().err
        assert "`redis` is in compose.yaml already: let it read the variable there.\n" in said
        assert "In a Compose file, below" not in said


class TestStacks:
    def test_an_unknown_one_is_told_with_all_there_are_and_the_line_that_makes_it(
        self, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["new", "billing", "--stack", "apps-6000"]) == 2
        said = capsys.readouterr().err
        assert "the registry has no stack `apps-6000`. There are frontend, data." in said
        assert 'A new one is a line under `ranges` of config/ports/registry.yaml: `apps-6000: "6000-6099"`.' in said

    def test_a_stack_that_services_name_gets_a_range_around_what_it_has(
        self, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        registry = repository / "config" / "ports" / "registry.yaml"
        registry.write_text(registry.read_text() + "  - {name: kafka, stack: messaging, container_port: 9092, container: true}\n")
        assert main(["new", "billing", "--stack", "messaging"]) == 0
        assert "The stack `messaging` had no range; it has 3000-3099 now." in capsys.readouterr().err
        assert main(["new", "other", "--stack", "messaging"]) == 0
        assert main(["validate"]) == 0
        assert "has port 3001" in capsys.readouterr().out

    @pytest.mark.parametrize(("port", "span"), [("6150", "6100-6199"), ("3150", "3105-3199")])
    def test_the_range_is_around_a_port_that_is_given(
        self, repository: Path, capsys: pytest.CaptureFixture[str], port: str, span: str
    ) -> None:
        assert main(["new", "billing", "--stack", "payments", "--port", port]) == 2
        assert f'`payments: "{span}"`' in capsys.readouterr().err
        registry = repository / "config" / "ports" / "registry.yaml"
        registry.write_text(registry.read_text() + "  - {name: q, stack: payments, container_port: 9092, container: true}\n")
        assert main(["new", "billing", "--stack", "payments", "--port", port]) == 0
        assert main(["validate"]) == 0

    def test_without_ranges_every_stack_is_as_good_as_the_first(
        self, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (repository / "config" / "ports" / "registry.yaml").write_text("version: 1\nservices: []\n")
        for name, stack, more in (("a", "s", ("--port", "5221")), ("b", "t", ("--port", "5222")), ("c", "t", ())):
            assert main(["new", name, "--stack", stack, *more]) == 0
            assert main(["validate"]) == 0
        assert "`c` has port 5200" in capsys.readouterr().out

    def test_the_line_that_is_shown_overlaps_no_other_range(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["new", "billing", "--stack", "apps-3100"]) == 2
        assert '`apps-3100: "3000-3099"`' in capsys.readouterr().err
        registry = repository / "config" / "ports" / "registry.yaml"
        registry.write_text(registry.read_text().replace("ranges:\n", 'ranges:\n  apps-3100: "3000-3099"\n'))
        assert main(["new", "billing", "--stack", "apps-3100"]) == 0

    def test_a_protocol_that_nobody_in_the_stack_has_is_left_out(
        self, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        registry = repository / "config" / "ports" / "registry.yaml"
        registry.write_text(registry.read_text().replace("    protocol: http\n", "").replace("    protocol: postgres\n", ""))
        assert main(["new", "billing", "--stack", "frontend", "--yes", "--dry-run"]) == 0
        shown = capsys.readouterr().out
        assert "+  - name: billing\n" in shown
        assert "protocol" not in shown

    def test_it_says_where_compose_gets_the_variable_from(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["new", "billing", "--stack", "frontend"]) == 0
        assert "Compose reads BILLING_PORT from its environment or `.env`" in capsys.readouterr().err
        assert main(["new", "tool", "--stack", "frontend", "--no-container"]) == 0
        assert "Compose" not in capsys.readouterr().err


ADVISED = """\
services:
  snuba:
    image: snuba
    ports: ["3104:1218"]
    environment:
      PORT: 5432
      FIREPIT_PORT: 3100
      CLICKHOUSE: http://clickhouse:8123
"""


def test_what_a_finding_advises_works_as_it_stands(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "compose.yaml").write_text(ADVISED, "utf-8")
    main(["scan", "--select", "PS002", "--quiet", "--no-cache", "compose.yaml"])
    commands = [found.split() for found in re.findall(r"`portscan (new [^`]+)`", capsys.readouterr().out)]
    assert commands == [
        ["new", "snuba", "--stack", "frontend", "--port", "3104"],
        ["new", "snuba", "--stack", "data", "--port", "5432"],
        ["new", "firepit", "--stack", "frontend", "--env", "FIREPIT_PORT"],
        ["new", "clickhouse", "--stack", "STACK", "--unpublished", "--container-port", "8123"],
    ]
    for command in commands:
        dry = [word.replace("STACK", "data") for word in (*command, "--dry-run")]
        assert main(dry) == 0, capsys.readouterr().err
