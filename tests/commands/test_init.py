"""`portscan init`: what a repository uses becomes a registry, with the place of each fact beside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from portscan.cli import main
from tests.pseudo_terminal import ENTER, INTERRUPT, Dialogue
from tests.repository import REGISTRY_PATH, git, write

FILES = {
    "compose.yaml": """\
services:
  web:
    build: ./web
    ports: ["${WEB_PORT:-8080}:80", "127.0.0.1:9229:9229"]
    networks: [front]
    depends_on: [db, worker]
    healthcheck:
      test: curl -f http://localhost:80/healthz || exit 1
  db:
    image: postgres:16
    ports:
      - 5433:5432
    profiles: [data]
  dns:
    image: pihole/pihole
    ports: ["53:53/tcp", "53:53/udp"]
  worker:
    image: acme/worker
networks:
  front:
""",
    "compose.override.yaml": "services:\n  db:\n    networks: [back]\nnetworks:\n  back:\n",
    "old/docker-compose.yml": "services:\n  web:\n    image: nginx\n    ports: ['8080:80']\n",
    ".env": "WEB_PORT=8080\nSEARCH_PORT=7700\nSMTP_PORT=587\n",
    "web/index.js": "app.listen(80);\n",
    "tool/server.js": "app.listen(8123);\n",
    "tests/test_x.js": "app.listen(8999);\n",
    ".github/CODEOWNERS": "* @org/all\n/web/ @org/front @org/design\n",
}
EXPECTED = {
    "web": {
        "stack": "frontend",
        "port": 8080,
        "container_port": 80,
        "env": "WEB_PORT",
        "protocol": "http",
        "container": True,
        "ports": {"debug": {"port": 9229}},
        "owner": "@org/front, @org/design",
        "network": "front",
        "depends_on": ["db"],
        "healthcheck": {"endpoint": "/healthz"},
        "paths": ["web/**"],
    },
    "db": {
        "stack": "databases",
        "port": 5433,
        "container_port": 5432,
        "protocol": "postgres",
        "container": True,
        "owner": "@org/all",
        "profiles": ["data"],
        "network": "back",
    },
    "dns": {
        "stack": "infrastructure",
        "port": 53,
        "protocol": "dns",
        "container": True,
        "owner": "@org/all",
        "ports": {"port-53": {"port": 53, "protocol": "udp"}},
    },
    "old-web": {
        "stack": "frontend",
        "port": 8080,
        "container_port": 80,
        "protocol": "http",
        "container": True,
        "compose_service": "web",
        "alternative_to": "web",
        "owner": "@org/all",
    },
    "search": {"stack": "apps", "port": 7700, "env": "SEARCH_PORT", "owner": "@org/all"},
    "tool": {"stack": "apps-8100", "port": 8123, "protocol": "http", "paths": ["tool/**"], "owner": "@org/all"},
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        write(tmp_path / name, text)
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def services(place: Path) -> dict[str, dict[str, object]]:
    data = YAML(typ="safe").load((place / REGISTRY_PATH).read_bytes())
    return {entry.pop("name"): entry for entry in data["services"]}


def test_every_fact_is_found(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes"]) == 0
    shown = capsys.readouterr()
    assert "Wrote config/ports/registry.yaml: 6 services" in shown.out
    assert "Later, `portscan new NAME --stack frontend` adds a service; the stacks are `frontend`, `databases`, " in shown.out
    found = services(place)
    for name in EXPECTED.keys() | found.keys():
        stack = found[name].pop("stack"), EXPECTED[name]["stack"]
        assert str(stack[0]).startswith(str(stack[1]).split("-")[0])
        assert found[name] == {key: held for key, held in EXPECTED[name].items() if key != "stack"}
    assert main(["validate"]) == 0


def test_each_fact_says_where_it_stands(place: Path) -> None:
    assert main(["init", "--yes"]) == 0
    text = (place / REGISTRY_PATH).read_text()
    for line in (
        "  - name: web  # compose.yaml:2",
        "    port: 8080  # .env:1",
        '    owner: "@org/front, @org/design"  # .github/CODEOWNERS:2',
        "    healthcheck:  # compose.yaml:7",
        "    protocol: postgres  # the image postgres:16",
        "    network: back  # compose.override.yaml:3",
        "  # CONFLICT: `web` publishes 8080 as well (compose.yaml:2). Move one of them.",
        "# Nothing says at which port these listen, so they are not listed: worker.",
    ):
        assert f"{line}\n" in text


def test_a_start_with_a_baseline_is_green(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--write-baseline", "--ci", "github"]) == 0
    assert any((place / ".github").rglob("*.yml"))
    capsys.readouterr()
    assert main(["scan"]) == 0
    write(place / "more.sh", "curl http://localhost:5433\n")
    assert main(["scan"]) == 1


def test_ranges_do_not_overlap_and_leave_a_fifth(place: Path) -> None:
    services_of_one = "".join(f"  s{n}:\n    image: x\n    ports: ['{7000 + n}:80']\n" for n in range(60))
    write(place / "big" / "compose.yaml", f"services:\n{services_of_one}")
    assert main(["init", "--yes"]) == 0
    assert main(["validate"]) == 0


def test_there_is_only_one_beginning(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes"]) == 0
    before = (place / REGISTRY_PATH).read_bytes()
    assert main(["init", "--yes"]) == 2
    assert "there is a registry already: config/ports/registry.yaml" in capsys.readouterr().err
    assert (place / REGISTRY_PATH).read_bytes() == before


def test_nothing_to_begin_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--yes"]) == 2
    assert "nothing here publishes a port" in capsys.readouterr().err


def test_ports_of_programs_that_it_lacks_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "compose.yaml", "services:\n  web: {image: x, ports: ['4010:4010']}\n")
    write(
        tmp_path / "a.py",
        'A = "http://localhost:4010"\nB = "http://localhost:4011"\nC = "http://db:5432"\nD = "http://x.test:80"\n',
    )
    write(tmp_path / "tests/test_a.py", 'A = "http://localhost:4012"\n')
    assert main(["init", "--yes"]) == 0
    assert "Not in it: 4011; `portscan inventory --format ports`" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="no such names")
@pytest.mark.parametrize("name", [b"d\xff", b"d\x1b\n\x7f", "d\x85- x: y".encode(), b"[z-a]", b"*"])
def test_folders_of_odd_names_make_a_registry_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / os.fsdecode(name)
    try:
        write(folder / "app/package.json", '{"scripts": {"dev": "vite --port 4077"}}\n')
    except OSError:
        pytest.skip("this disk has no such names")
    write(
        folder / "compose.yaml", "services:\n  web: {image: x, build: ./app, ports: ['4010:80']}\n  b: {build: ./app, image: y}\n"
    )
    write(folder / "app/vite.config.ts", "export default { server: { port: 4077 } }\n")
    assert main(["init", "--yes"]) == 0
    capsys.readouterr()
    assert main(["validate"]) == 0
    assert main(["scan", "--exit-zero"]) == 0


def test_a_dry_run_and_a_missing_terminal_write_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--dry-run"]) == 0
    assert "  - name: web  #" in capsys.readouterr().out
    assert main(["init"]) == 2
    assert "no terminal to ask at" in capsys.readouterr().err
    assert not (place / REGISTRY_PATH).exists()


def test_a_person_is_asked(place: Path) -> None:
    (place / ".github" / "CODEOWNERS").unlink()
    talk = Dialogue(["init"], place)
    talk.answer("Who answers for services", "Platform Team").expect("with 6 services").type("y")
    assert talk.status() == 0, talk.seen
    assert {entry["owner"] for entry in services(place).values()} == {"Platform Team"}


@pytest.mark.parametrize("last", ["Who answers", "with 6 services"])
def test_ctrl_c_writes_nothing(place: Path, last: str) -> None:
    talk = Dialogue(["init"], place)
    if last != "Who answers":
        talk.expect("Who answers").type(ENTER)
    talk.expect(last).type(INTERRUPT)
    assert talk.status() == 130
    assert not (place / REGISTRY_PATH).exists()


def test_git_tells_who_works_on_a_path(place: Path) -> None:
    (place / ".github" / "CODEOWNERS").unlink()
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "x")
    assert main(["init", "--yes"]) == 0
    assert "    owner: tester  # the only commit to web\n" in (place / REGISTRY_PATH).read_text()


class TestConflicts:
    """What two services cannot both have: the first keeps it, and a comment says so at the other."""

    def registered(self, place: Path, compose: str) -> tuple[dict[str, dict[str, object]], str]:
        for name in FILES:
            (place / name).unlink()
        write(place / "compose.yaml", compose)
        assert main(["init", "--yes"]) == 0
        return services(place), (place / REGISTRY_PATH).read_text("utf-8")

    def test_of_further_ports(self, place: Path) -> None:
        compose = (
            "services:\n"
            "  a: {image: acme/a, ports: ['4001:1', '4002:2']}\n"
            "  b: {image: acme/b, ports: ['4003:3', '4002:2', '4004:4']}\n"
            "  c: {image: acme/c, ports: ['4005:5', '4001:1']}\n"
        )
        found, text = self.registered(place, compose)
        assert found["a"]["ports"] == {"port-2": {"port": 4002, "container_port": 2}}
        assert found["b"]["ports"] == {"port-4": {"port": 4004, "container_port": 4}}
        assert "ports" not in found["c"]
        assert "it publishes 4002 as well, which belongs to `a` (compose.yaml:2" in text
        assert "it publishes 4001 as well, which belongs to `a` (compose.yaml:2" in text
        assert main(["validate"]) == 0

    def test_a_variable_of_another_file_names_a_further_port(self, place: Path) -> None:
        compose = "services:\n  a: {image: acme/a, ports: ['4001:1', '4002:2', '4003:3']}\n"
        further = "services:\n  a: {image: acme/a, ports: ['4001:1', '${A_ADMIN_PORT:-4002}:2', '${OTHER_PORT:-4009}:3']}\n"
        write(place / "compose.dev.yaml", further)
        found, _ = self.registered(place, compose)
        admin = {"port": 4002, "container_port": 2, "env": "A_ADMIN_PORT"}
        assert found["a"]["ports"] == {"admin": admin, "port-3": {"port": 4003, "container_port": 3}}

    def test_another_number_of_another_file_is_a_further_port(self, place: Path) -> None:
        further = (
            "services:\n  a: {image: acme/a, ports: ['4007:7', '4008:8/udp']}\n  b: {image: acme/b, ports: ['514:514/udp']}\n"
        )
        write(place / "compose.dev.yaml", further)
        compose = "services:\n  a: {image: acme/a, ports: ['4001:1']}\n  b: {image: acme/b, ports: ['4002:2']}\n"
        found, _ = self.registered(place, compose)
        udp = {"port": 4008, "container_port": 8, "protocol": "udp"}
        assert found["a"]["ports"] == {"port-7": {"port": 4007, "container_port": 7}, "port-8": udp}
        assert found["b"]["ports"] == {"port-514": {"port": 514, "protocol": "udp"}}

    def test_of_two_defaults_of_one_variable_the_first_file_has_it(self, place: Path) -> None:
        ports = "['${A_PORT:-4007}:1', '${A_ADMIN_PORT:-4008}:2']"
        write(place / "compose.dev.yaml", f"services:\n  a: {{image: acme/a, ports: {ports}}}\n")
        found, _ = self.registered(
            place, "services:\n  a: {image: acme/a, ports: ['${A_PORT:-4001}:1', '${A_ADMIN_PORT:-4002}:2']}\n"
        )
        assert (found["a"]["port"], found["a"]["ports"]) == (
            4001,
            {"admin": {"port": 4002, "container_port": 2, "env": "A_ADMIN_PORT"}},
        )
        assert main(["validate"]) == 0

    def test_of_variables(self, place: Path) -> None:
        compose = (
            "services:\n"
            "  a: {image: acme/a, ports: ['${SHARED_PORT:-4001}:1']}\n"
            "  b: {image: acme/b, ports: ['${SHARED_PORT:-4002}:2', '${A_PORT:-4003}:3']}\n"
        )
        found, text = self.registered(place, compose)
        assert found["a"]["env"] == "SHARED_PORT"
        assert "env" not in found["b"]
        assert "SHARED_PORT is read for `a` as well, which keeps it" in text
        assert main(["validate"]) == 0

    def test_three_that_want_one_port_are_alternatives_of_the_first(self, place: Path) -> None:
        services_ = "".join(f"  {name}: {{image: acme/{name}, ports: ['4001:1']}}\n" for name in "abc")
        found, _ = self.registered(place, f"services:\n{services_}")
        assert [entry.get("alternative_to") for entry in found.values()] == [None, "a", "a"]
        assert main(["validate"]) == 0

    def test_of_files(self, place: Path) -> None:
        write(place / "app" / "a.txt", "")
        write(place / "other" / "a.txt", "")
        compose = (
            "services:\n"
            "  a: {build: ./app, ports: ['4001:1']}\n"
            "  b: {build: ./app, ports: ['4002:1']}\n"
            "  c: {build: ./other, ports: ['4003:1']}\n"
        )
        found, text = self.registered(place, compose)
        assert [entry.get("paths") for entry in found.values()] == [None, None, ["other/**"]]
        assert "app/** may be the files of `b` as well" in text
        assert "app/** may be the files of `a` as well" in text
        assert main(["validate"]) == 0

    def test_what_stands_in_for_another_leaves_the_files_to_it(self, place: Path) -> None:
        write(place / "app" / "a.txt", "")
        found, _ = self.registered(place, "services:\n" + "".join(f"  {n}: {{build: ./app, ports: ['4001:1']}}\n" for n in "ab"))
        assert [entry.get("paths") for entry in found.values()] == [["app/**"], None]


def test_a_tool_beside_an_application_is_called_by_its_own_name_and_has_no_files(place: Path) -> None:
    scripts = '"storybook": "dotenv -- storybook dev -p 6006",\n    "dev": "next dev -p 3100"'
    write(place / "shop" / "package.json", f'{{\n  "scripts": {{\n    {scripts}\n  }}\n}}\n')
    assert main(["init", "--yes"]) == 0
    found = services(place)
    assert (found["shop-storybook"]["port"], found["shop-storybook"].get("paths")) == (6006, None)
    assert (found["shop"]["port"], found["shop"].get("paths")) == (3100, ["shop/**"])


class TestInContainers:
    """What no certain port of the host leads to is registered by the port in its container, whatever number that is."""

    COMPOSE = """\
services:
  front:
    build: ./front
    ports: ["${FRONT_PORT}"]
    healthcheck:
      test: ["CMD", "wget", "--spider", "http://localhost:${FRONT_PORT}/ready"]
  currency:
    image: acme/currency
    ports: ["${CURRENCY_PORT}"]
    healthcheck:
      test: ["CMD", "/bin/grpc_health_probe", "-addr=:${CURRENCY_PORT}"]
  cart:
    image: acme/cart
    ports: ["${CART_PORT}", "${CART_ADMIN_PORT}", "9999"]
  edge:
    build: ./edge
    ports: ["${EDGE_PORT}:${EDGE_PORT}", "${EDGE_ADMIN_PORT}:${EDGE_ADMIN_PORT}", "8080"]
  kafka:
    image: acme/kafka
    healthcheck:
      test: nc -z kafka 9092
  console:
    image: acme/console
    healthcheck:
      test: curl --silent --fail localhost:4321/_health || exit 1
  store:
    image: acme/store
  worker:
    image: acme/worker
"""
    VARIABLES = (
        "FRONT_PORT=8080\nCURRENCY_PORT=7001\nCART_PORT=7070\nCART_ADMIN_PORT=7071\nEDGE_PORT=7001\nEDGE_ADMIN_PORT=10000\n"
        "KAFKA_PORT=9092\nCONSOLE_UI_PORT=4321\nSTORE_PORT=5432\nOTHER_PORT=5432\n"
    )

    @pytest.fixture
    def found(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, object]]:
        write(tmp_path / "compose.yaml", self.COMPOSE)
        write(tmp_path / ".env", self.VARIABLES)
        git(tmp_path, "init", "--quiet")
        monkeypatch.chdir(tmp_path)
        assert main(["init", "--yes"]) == 0
        assert main(["validate"]) == 0
        return services(tmp_path)

    def test_every_service_is_one_entry(self, found: dict[str, dict[str, object]]) -> None:
        assert set(found) == {"front", "currency", "cart", "edge", "kafka", "console", "store"}
        assert all(entry["container"] is True for entry in found.values())

    @pytest.mark.parametrize(
        ("name", "port", "variable"),
        [
            ("front", 8080, "FRONT_PORT"),
            ("currency", 7001, "CURRENCY_PORT"),
            ("cart", 7070, "CART_PORT"),
            ("kafka", 9092, "KAFKA_PORT"),
            ("console", 4321, "CONSOLE_UI_PORT"),
            ("store", 5432, "STORE_PORT"),
        ],
    )
    def test_its_port_and_its_variable_are_known(
        self, found: dict[str, dict[str, object]], name: str, port: int, variable: str
    ) -> None:
        assert (found[name]["container_port"], found[name]["env"], "port" in found[name]) == (port, variable, False)

    def test_further_ports_are_called_as_their_variables_say(self, found: dict[str, dict[str, object]]) -> None:
        assert (found["edge"]["port"], found["edge"]["env"]) == (7001, "EDGE_PORT")
        assert found["edge"]["ports"] == {
            "admin": {"port": 10000, "env": "EDGE_ADMIN_PORT"},
            "port-8080": {"container_port": 8080},
        }
        assert found["cart"]["ports"] == {
            "admin": {"container_port": 7071, "env": "CART_ADMIN_PORT"},
            "port-9999": {"container_port": 9999},
        }

    def test_a_number_does_not_tell_what_an_image_of_ones_own_speaks(self, found: dict[str, dict[str, object]]) -> None:
        assert {name: entry.get("protocol") for name, entry in found.items()} == {
            "front": "http",
            "currency": "grpc",
            "cart": None,
            "edge": None,
            "kafka": "kafka",  # its image says so
            "console": "http",
            "store": None,
        }

    def test_the_path_of_a_health_check_is_taken_in_every_form(self, found: dict[str, dict[str, object]]) -> None:
        checks = {name: entry["healthcheck"] for name, entry in found.items() if "healthcheck" in entry}
        assert checks == {"front": {"endpoint": "/ready"}, "console": {"endpoint": "/_health"}}

    def test_they_need_no_range(self, found: dict[str, dict[str, object]]) -> None:
        ranges = YAML(typ="safe").load(Path(REGISTRY_PATH).read_bytes())["ranges"]
        assert list(ranges.values()) == ["7000-7099"]
        assert {name: entry["stack"] for name, entry in found.items() if name in ("console", "kafka", "store")} == {
            "console": "frontend",
            "kafka": "messaging",
            "store": "apps",
        }

    def test_it_says_why_a_service_is_not_listed(self, found: dict[str, dict[str, object]]) -> None:
        assert "worker" not in found
        assert "\n# Nothing says at which port these listen, so they are not listed: worker.\n" in Path(REGISTRY_PATH).read_text()

    def test_a_port_of_the_host_in_another_file_counts_more(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path / "compose.yaml", "services:\n  db: {image: postgres, ports: ['5432']}\n")
        write(tmp_path / "compose.dev.yaml", "services:\n  db: {image: postgres, ports: ['5433:5432']}\n")
        monkeypatch.chdir(tmp_path)
        assert main(["init", "--yes"]) == 0
        (entry,) = services(tmp_path).values()
        assert (entry["port"], entry["container_port"], entry["protocol"]) == (5433, 5432, "postgres")

    def test_one_service_alone_is_enough(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path / "compose.yaml", "services:\n  email: {build: ., ports: ['${EMAIL_PORT}']}\n")
        write(tmp_path / ".env", "EMAIL_PORT=6060\n")
        monkeypatch.chdir(tmp_path)
        assert main(["init", "--yes", "--write-baseline"]) == 0
        assert main(["validate"]) == 0
        assert main(["sync"]) == 0
        assert main(["scan"]) == 0
