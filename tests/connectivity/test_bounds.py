"""Small files that ask for endless work: they get a little of it, and are told to be read in part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.connectivity import envfile, loading
from portscan.connectivity.bounds import COMPARED, EXTENDED, GROWTH, INCLUDED, LONG, RANGES, Bound
from portscan.connectivity.check import Check
from portscan.connectivity.interpolation import closings, interpolate
from portscan.connectivity.loading import Files, load
from portscan.connectivity.traced import Piece, Spot, Traced, parts_of
from portscan.connectivity.world import World
from portscan.document import nodes
from portscan.findings import catalogue
from portscan.registry.model import Registry

RULES = catalogue()
REGISTRY = 'version: "1.0.0"\nranges: {web: "4000-4199"}\nservices:\n  - {name: web, stack: web, port: 4010}\n'
DOUBLED = "A0=xxxxxxxxxx\n" + "".join(f"A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 40))
GROWING = {".env": DOUBLED, "compose.yml": 'services: {web: {image: a, env_file: .env, ports: ["${A39}:4010"]}}\n'}
WIDE = "services:\n" + "".join(f'  s{n}: {{image: a, ports: ["1-65535:1-65535"], expose: ["1-65535"]}}\n' for n in range(50))
NESTED = "services:\n  web: {image: a, ports: ['" + "".join(f"${{A{n}:-" for n in range(20)) + "4010" + "}" * 20 + ":80']}\n"
CIRCLE = "services:\n  a: {extends: {service: b}}\n  b: {extends: {service: a}}\n"
CROWD = "services:\n" + "".join(f'  s{n}: {{image: a, profiles: [p{n}], ports: ["4010:80"]}}\n' for n in range(1000))


def world_of(files: dict[str, str]) -> World:
    data = {path: text.encode() for path, text in files.items()}
    return World(frozenset(data), data.get, "bounds")


def checked(files: dict[str, str]) -> Check:
    check = Check(world_of(files), Registry("registry.yaml", "1", ()), RULES)
    check.findings()
    return check


def including(layers: int) -> dict[str, str]:
    """Each file includes the next one twice, spelled in two ways, and the one after it."""
    text = "include: [../c{1}/compose.yml, ../c{1}/./compose.yml, ../c{2}/compose.yml]\nservices: {{s{0}: {{image: a}}}}\n"
    return {f"c{n}/compose.yml": text.format(n, n + 1, n + 2) for n in range(layers)}


def extending(steps: int) -> dict[str, str]:
    """A service that publishes a port over so many steps, each in a file of its own."""
    text = "services:\n  web: {{extends: {{file: c{0}.yml, service: web}}}}\n"
    last = {f"c{steps}.yml": "services:\n  web: {image: a, ports: ['4010:80']}\n"}
    return {"compose.yml": text.format(1), **{f"c{n}.yml": text.format(n + 1) for n in range(1, steps)}, **last}


@pytest.mark.parametrize(
    ("files", "told", "bound"),
    [
        (GROWING, ".env", GROWTH),
        ({"compose.yml": NESTED}, "compose.yml", GROWTH),
        (including(20), "c13/compose.yml", INCLUDED),
        (extending(15), "c13.yml", EXTENDED),
        ({"compose.yml": CIRCLE}, "compose.yml", EXTENDED),
        ({"compose.yml": WIDE}, "compose.yml", RANGES),
        ({"compose.yml": CROWD}, "compose.yml", COMPARED),
    ],
    ids=["variables", "defaults", "includes", "extends", "a circle", "ranges", "the same port"],
)
def test_who_asks_for_too_much_is_told(files: dict[str, str], told: str, bound: Bound) -> None:
    check = checked(files)
    assert check.world.budget.spent[bound] <= bound.most
    assert (told, bound.reason) in {(each.path, each.reason) for each in check.world.budget.unfollowed()}


@pytest.mark.parametrize("arguments", [(), ("--no-cache",)], ids=["remembered", "anew"])
def test_a_scan_tells_it_too(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for path, text in {**GROWING, "config/ports/registry.yaml": REGISTRY}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    for _ in range(2):
        main(["scan", "--format", "json", *arguments])
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert {"path": ".env", "reason": str(GROWTH.reason)} in report["skipped"]
    assert main(["graph"]) == 0
    assert f"portscan graph: .env is {GROWTH.reason}.\n" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["sync"], ["sync", "--dry-run"], ["init", "--dry-run"], ["init", "--yes"]], ids=" ".join)
def test_so_do_commands_without_a_report(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {**extending(15), "portscan.toml": "[generate.compose]\nfiles = ['compose.yml']\n"}
    if command[0] == "init":
        files["d/compose.yml"] = "services: {db: {image: postgres, ports: ['5433:5432']}}\n"
    else:
        files["config/ports/registry.yaml"] = REGISTRY
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    main(command)
    assert f"portscan {command[0]}: c13.yml is {EXTENDED.reason}.\n" in capsys.readouterr().err


def test_a_report_on_what_is_generated_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        **extending(15),
        "portscan.toml": "[generate.compose]\nfiles = ['compose.yml']\n",
        "config/ports/registry.yaml": REGISTRY,
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    main(["sync", "--check", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["skipped"] == [{"path": "c13.yml", "reason": str(EXTENDED.reason)}]


def test_as_many_steps_as_there_may_be_are_followed() -> None:
    world = world_of(extending(13))
    project = load(world, Files(("compose.yml",), "."))
    assert [each.first for each in project.services["web"].said.ports] == [4010]
    assert world.budget.unfollowed() == ()


def test_what_is_included_again_is_read_once() -> None:
    world = world_of(including(12))
    project = load(world, Files(("c0/compose.yml",), "c0"))
    assert world.budget.spent[INCLUDED] == 13  # two of them are not there
    assert [len(service.parts) for service in project.services.values()] == [1] * 12
    assert world.budget.unfollowed() == ()


def test_an_env_file_is_read_once_for_all_services(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = envfile.environment
    monkeypatch.setattr(envfile, "environment", lambda path, *more: (read.append(path), real(path, *more))[1])
    services = "".join(f"  s{n}: {{image: a, env_file: [a.env, b.env], environment: {{N: {n}}}}}\n" for n in range(50))
    world = world_of({"compose.yml": f"services:\n{services}", "a.env": "A=1\nN=a\n", "b.env": "B=$A\n"})
    project = load(world, Files(("compose.yml",), "."))
    assert read == ["a.env", "b.env"]
    found = project.services["s49"].environment
    assert {name: value.text if value else None for name, value in found.items()} == {"A": "1", "N": "49", "B": "1"}


def test_the_service_that_another_one_extends_is_not_sought_among_all(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = loading._services

    def listed(root: nodes.Mapping) -> Iterator[tuple[nodes.Scalar, nodes.Mapping]]:
        for key, node in real(root):
            looked.append(key.text)
            yield key, node

    monkeypatch.setattr(loading, "_services", listed)
    chain = "".join(f"  s{n + 1}: {{extends: s{n}}}\n" for n in range(100))
    project = load(world_of({"compose.yml": f"services:\n  s0: {{image: a}}\n{chain}"}), Files(("compose.yml",), "."))
    assert looked == list(project.services)
    assert [service.said.image is not None for service in project.services.values()] == [n < 14 for n in range(101)]


def written(text: str) -> Traced:
    return Traced((Piece(text, "a", 0),), Spot("a", 0, len(text)))


def test_a_value_that_would_be_too_long_is_left_as_it_is_written() -> None:
    known = {"A": written("x" * 1000)}
    fits, not_so = (interpolate(written("$A" * number), known.get) for number in (LONG // 1000, LONG // 900))
    assert (fits.whole, len(fits.value.text), fits.growth) == (True, LONG // 1000 * 1000, LONG // 1000 * 998)
    assert (not_so.whole, not_so.value.text) == (False, "$A" * (LONG // 900))


def test_braces_are_paired_in_one_pass() -> None:
    assert closings("}${a${b}}${") == {1: 8, 4: 7}
    deep = "${A:-" * 3000 + "4010" + "}" * 3000
    found = interpolate(written(deep), {}.get)
    assert (found.value.text, found.whole) == (deep, False)
    most = "${A:-" * 17 + "4010" + "}" * 17
    assert interpolate(written(most), {}.get).value.text == "4010"


def test_parts_of_a_value_of_many_pieces() -> None:
    value = Traced((Piece("ab", "a", 5), Piece("", "a", 7), Piece("c"), Piece("def", "a", 9)))
    part = parts_of(value)
    spans = [(start, end) for start in range(7) for end in range(7)]
    assert [part(*span) for span in spans] == [value.part(*span) for span in spans]
