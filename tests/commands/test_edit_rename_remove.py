"""`portscan edit`, `rename` and `remove` on a small repository that uses its services."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portscan.cli import main
from tests.pseudo_terminal import ENTER, ERASE, INTERRUPT, Dialogue
from tests.repository import REGISTRY_PATH, git, write

REGISTRY = """\
version: "1.0.0"
ranges: {web: "4000-4099", data: "5400-5499"}
services:
  - name: api       # the one behind everything
    stack: web
    port: 4010
    owner: Web
    depends_on: [store]
    healthcheck: {endpoint: /health, expected: 204}
  - name: shop
    stack: web
    port: 4020
    depends_on: [api, store]
    replacement: api
  - name: store
    stack: data
    port: 5434
    protocol: postgres
"""
FILES = {
    "compose.yaml": "services:\n  api:\n    image: x\n    ports:\n      - ${API_PORT:-4010}:80\n",
    "check.sh": "curl http://localhost:${API_PORT:-4010}/\n",
    "nginx.conf": "server { listen 4020; } # portscan: shop\n",
    "portscan.toml": '[[pin]]\npath = "data.json"\nport = 4010\nservice = "api"\n',
    "data.json": '{"port": 4010}\n',
    "app.js": 'const port = process.env.VITE_API_PORT ?? "x";\n',
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / REGISTRY_PATH, REGISTRY)
    for name, text in FILES.items():
        write(tmp_path / name, text)
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(place: Path) -> dict[str, str]:
    names = (REGISTRY_PATH, *FILES)
    return {name: (place / name).read_text() for name in names}


def test_before_anything_the_repository_is_clean(place: Path) -> None:
    assert main(["scan"]) == 0


def test_edit_changes_what_is_given_and_nothing_else(place: Path) -> None:
    assert main(["edit", "api", "--owner", "Web: Core", "--health", "/healthz", "--unset", "depends_on"]) == 0
    expected = REGISTRY.replace("owner: Web\n    depends_on: [store]\n", 'owner: "Web: Core"\n').replace("/health,", "/healthz,")
    assert contents(place)[REGISTRY_PATH] == expected


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["edit", "apy"], "no service `apy`. Did you mean `api`?"),
        (["edit", "api", "--unset", "port"], "`port` cannot be taken out"),
        (["edit", "api", "--unset", "host"], "`api` has no `host`"),
        (["edit", "api", "--depends-on", "nobody"], "would be in error"),
        (["edit", "api", "--stack", "data"], "`portscan migrate api --stack data` changes port and stack at once"),
        (["edit", "api"], "no terminal to ask at"),
        (["remove", "api"], "`api` is still in use"),
        (["rename", "api", "shop"], "There is such a service already"),
        (["rename", "api", "a b"], "cannot be the new name"),
        (["rename", "nobody", "x"], "no service `nobody`"),
    ],
)
def test_what_cannot_be_done(place: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str) -> None:
    before = contents(place)
    assert main(arguments) == 2
    assert complaint in capsys.readouterr().err
    assert contents(place) == before


def test_a_new_name_that_unbinds_what_is_bound_is_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What reaches a service by its name finds nobody by it afterwards."""
    write(place / "bin.sh", "curl http://shop:4020/\n")
    before = contents(place)
    assert main(["rename", "shop", "market"]) == 2
    error = capsys.readouterr().err
    assert "bin.sh:1: would be PS002\n" in error
    assert "would no longer follow the registry. Nothing was changed. Give --rename-variable, or --force." in error
    assert contents(place) == before
    assert main(["rename", "shop", "market", "--force"]) == 0


def test_an_edit_that_changes_nothing_says_so(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "api", "--owner", "Web"]) == 0
    assert capsys.readouterr().out == "`api` is so already.\n"
    assert contents(place)[REGISTRY_PATH] == REGISTRY


def test_edit_asks_with_what_is_there(place: Path) -> None:
    talk = Dialogue(["edit", "store"], place)
    talk.answer("stack:", "x").expect("There is no stack `datax`.").type(ERASE + ENTER)
    talk.answer("container_port:", "5432").answer("env:").answer("protocol:")
    talk.answer("owner:", "Data Team").answer("description:").expect("container:").type("y")
    for question in ("network:", "depends_on:", "compose_service:", "host:", "paths:", "healthcheck:"):
        talk.answer(question)
    assert talk.status() == 0, talk.seen
    changed = "    port: 5434\n    container_port: 5432\n    protocol: postgres\n    owner: Data Team\n"
    assert contents(place)[REGISTRY_PATH] == REGISTRY.replace("    port: 5434\n    protocol: postgres\n", changed)


def test_edit_can_be_left(place: Path) -> None:
    talk = Dialogue(["edit", "store"], place)
    talk.answer("stack:").expect("container_port:").type(INTERRUPT)
    assert talk.status() == 130
    assert contents(place)[REGISTRY_PATH] == REGISTRY


def test_rename_keeps_what_goes_by_the_old_name(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(place)
    assert main(["rename", "api", "core"]) == 0
    assert "its port is read from API_PORT" in capsys.readouterr().out
    after = contents(place)
    expected = (
        REGISTRY.replace("name: api       #", "name: core       #")
        .replace("    port: 4010\n", "    port: 4010\n    env: API_PORT\n")
        .replace("    depends_on: [store]\n", "    compose_service: api\n    depends_on: [store]\n")
        .replace("[api, store]", "[core, store]")
        .replace("replacement: api", "replacement: core")
    )
    assert after.pop(REGISTRY_PATH) == expected
    assert after.pop("portscan.toml") == before["portscan.toml"].replace('"api"', '"core"')
    assert all(before[name] == text for name, text in after.items())
    assert main(["scan"]) == 0


def test_rename_everywhere(place: Path) -> None:
    before = contents(place)
    assert main(["rename", "api", "core", "--rename-variable"]) == 0
    after = contents(place)
    assert "env:" not in after[REGISTRY_PATH]
    for name in ("compose.yaml", "check.sh"):
        assert after[name] == before[name].replace("API_PORT", "CORE_PORT")
    assert after["app.js"] == before["app.js"]
    assert main(["scan"]) == 0


GENERATED = """\
[generate.env]
gateway = "api"
[generate.docs]
path = "README.md"
block = "ports"
"""


@pytest.fixture
def generated(place: Path) -> Path:
    """The repository with a generated file, and a block in a file that somebody writes, who names a variable as well."""
    write(place / "portscan.toml", GENERATED)
    write(place / "README.md", "The API is at `API_PORT`.\n\nAnd so it goes: `API_PORT`.\n")
    assert main(["sync"]) == 0
    assert "API_PORT" in (place / "README.md").read_text().partition("begin portscan sync")[2]
    return place


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "afterwards"])
def test_what_is_generated_follows_a_new_name(generated: Path, capsys: pytest.CaptureFixture[str], at_once: bool) -> None:
    assert main(["rename", "api", "core", "--rename-variable", *(["--sync"] if at_once else [])]) == 0
    assert ("Run `portscan sync`" in capsys.readouterr().err) is not at_once
    if not at_once:
        assert main(["sync"]) == 0
    assert main(["sync", "--check"]) == 0
    for name in (".env.shared", "README.md", "compose.yaml", "check.sh"):
        text = (generated / name).read_text()
        assert "CORE_PORT" in text, name
        assert re.search(r"\bAPI_PORT", text) is None, name
    assert 'gateway = "core"' in (generated / "portscan.toml").read_text()


def test_the_baseline_knows_a_service_by_its_new_name(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(place / "old.sh", "curl http://localhost:4010/\n")
    assert main(["--write-baseline"]) == 0
    assert main(["rename", "api", "core", "--rename-variable"]) == 0
    assert '"service": "core"' in (place / "portscan-baseline.jsonl").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["-q"]) == 0
    assert capsys.readouterr().out == ""


FURTHER = "    ports: {metrics: {port: 4081, protocol: http}, debug: {port: 4082}}\n"


@pytest.fixture
def further(place: Path) -> Path:
    write(place / REGISTRY_PATH, REGISTRY.replace("    depends_on: [api, store]\n", "    depends_on: [api, store]\n" + FURTHER))
    return place


def test_edit_changes_a_further_port(further: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "shop.metrics", "--protocol", "grpc", "--env", "SHOP_FIGURES"]) == 0
    assert "ports: {metrics: {port: 4081, env: SHOP_FIGURES, protocol: grpc}," in contents(further)[REGISTRY_PATH]
    assert main(["edit", "SHOP_FIGURES", "--unset", "protocol"]) == 0
    assert "ports: {metrics: {port: 4081, env: SHOP_FIGURES}," in contents(further)[REGISTRY_PATH]
    assert capsys.readouterr().out.count("`shop.metrics` was changed") == 2
    assert main(["edit", "shop.metrics", "--owner", "Web"]) == 2
    assert "`owner` is said of a service, not of one of its ports. Change `shop`." in capsys.readouterr().err


def test_remove_takes_a_further_port_out(further: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(further / "run.sh", "curl http://localhost:${SHOP_METRICS_PORT:-4081}/\n")
    assert main(["remove", "shop.metrics"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "run.sh:1:44: 4081",
        "portscan: `shop.metrics` is still in use. Nothing was changed. Bind or remove these first, or give --force.",
    ]
    assert main(["remove", "shop.debug"]) == 0
    assert "    ports: {metrics: {port: 4081, protocol: http}}\n" in contents(further)[REGISTRY_PATH]
    assert main(["remove", "shop.metrics", "--force"]) == 0
    assert contents(further)[REGISTRY_PATH] == REGISTRY
    assert "`shop.metrics` is no longer registered; port 4081 is free." in capsys.readouterr().out


def test_a_pin_follows_its_service(place: Path) -> None:
    assert main(["rename", "shop", "store-front"]) == 0
    assert contents(place)["nginx.conf"] == "server { listen 4020; } # portscan: store-front\n"
    assert main(["scan"]) == 0


def test_remove_lists_what_holds_a_service(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remove", "api"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == [
        "config/ports/registry.yaml: `replacement` of `shop`",
        "config/ports/registry.yaml: `depends_on` of `shop`",
    ]
    assert "portscan.toml: the pin of 4010 in data.json" in lines
    assert "check.sh:1:35: 4010" in lines


def test_remove_by_force_takes_the_references_along(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remove", "api", "--force"]) == 0
    assert capsys.readouterr().out == "`api` is no longer registered; port 4010 is free.\n"
    begin, end = REGISTRY.index("  - name: api"), REGISTRY.index("  - name: shop")
    rest = (REGISTRY[:begin] + REGISTRY[end:]).replace("[api, store]", "[store]").replace("    replacement: api\n", "")
    assert contents(place)[REGISTRY_PATH] == rest


def test_dry_runs_write_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(place)
    for arguments in (["edit", "api", "--owner", "X"], ["rename", "api", "core"], ["remove", "api", "--force"]):
        assert main([*arguments, "--dry-run"]) == 0
        assert capsys.readouterr().out.startswith("--- a/config/ports/registry.yaml\n+++ b/")
    assert contents(place) == before
