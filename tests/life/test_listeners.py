"""Where programs say by themselves at which port they listen: the shelf, and what `portscan init` makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from portscan.cli import main
from portscan.document.document import parse
from portscan.life.adopting.listeners import SHELF, heard, rules
from portscan.resources import folder
from tests.examples import Example, example, knowledge, reading_of
from tests.repository import REGISTRY_PATH, write

ENTRIES = parse((folder("rules") / SHELF[0] / SHELF[1]).read_bytes()).data()["listeners"]
READING = reading_of(knowledge())
LAUNCH = "Properties/launchSettings.json"


@pytest.mark.parametrize(
    ("position", "shown"),
    [(position, example(each)) for position, entry in enumerate(ENTRIES) for each in entry["examples"]],
    ids=lambda value: value.path if isinstance(value, Example) else ENTRIES[value]["about"],
)
def test_each_way_is_heard_in_its_examples_and_nothing_else_is(position: int, shown: Example) -> None:
    found = list(heard(shown.read(READING), {shown.path: shown.code.encode()}))
    assert [tuple(each.literal.span) for each in found] == list(shown.marked)
    assert {rules().index(each.rule) for each in found} == {position}


def registered(place: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> dict[str, dict[str, Any]]:
    for path, text in files.items():
        write(place / path, text)
    monkeypatch.chdir(place)
    assert main(["init", "--yes"]) == 0
    assert main(["validate"]) == 0
    return {entry.pop("name"): entry for entry in YAML(typ="safe").load((place / REGISTRY_PATH).read_bytes())["services"]}


def profiles(**addresses: str) -> str:
    of = (f'"{name}": {{"commandName": "Project", "applicationUrl": "{address}"}}' for name, address in addresses.items())
    return f'{{"profiles": {{{", ".join(of)}}}}}\n'


def test_a_project_of_asp_net_is_a_service_with_its_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    basket = profiles(
        https="https://localhost:7221;http://localhost:5221", http="http://localhost:5221", other="http://localhost:5321"
    )
    files = {f"src/Basket.API/{LAUNCH}": basket, f"src/Shop/{LAUNCH}": profiles(http="http://localhost:5222")}
    found = registered(tmp_path, monkeypatch, files)
    assert found["basket-api"] == {
        "stack": "apis",
        "port": 5221,
        "protocol": "http",
        "container": False,
        "ports": {"https": {"port": 7221, "protocol": "https"}, "other": {"port": 5321, "protocol": "http"}},
        "paths": ["src/Basket.API/**"],
    }
    assert found["shop"]["port"] == 5222


def test_projects_that_share_a_port_are_for_a_person_to_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{name}/web/{LAUNCH}": profiles(http="http://localhost:5000") for name in ("a", "b")}
    found = registered(tmp_path, monkeypatch, files)
    assert {name: entry.get("alternative_to") for name, entry in found.items()} == {"a-web": None, "b-web": "a-web"}


def test_what_compose_starts_is_not_told_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compose = "services:\n  web:\n    build: ./web\n    ports: ['8080:80']\n"
    files = {
        "compose.yaml": compose,
        "web/vite.config.ts": "export default { server: { port: 5173 } };\n",
        "tool/vite.config.ts": "export default { server: { port: 5174 } };\n",
    }
    assert set(registered(tmp_path, monkeypatch, files)) == {"web", "tool"}


def test_where_nothing_is_found_the_line_leads_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--yes"]) == 2
    assert (
        "Write `version: 1` and `services: []` into config/ports/registry.yaml, and let `portscan new" in capsys.readouterr().err
    )
    write(tmp_path / REGISTRY_PATH, "version: 1\nservices: []\n")
    assert main(["scan"]) == 2
    assert "`portscan new NAME --stack STACK --port PORT` add one; `portscan init --dry-run` shows" in capsys.readouterr().err
    assert main(["new", "shop", "--stack", "web", "--port", "4100"]) == 0
