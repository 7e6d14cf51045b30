"""A hook judges only calls that can be behind a finding about its files: it finds what a scan of everything says of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portscan.connectivity.calls import Calls
from portscan.connectivity.check import Check
from portscan.connectivity.concern import Concern
from portscan.connectivity.listening import Listening
from portscan.connectivity.world import World
from portscan.findings import catalogue
from portscan.model import Finding
from portscan.registry.loader import load
from portscan.registry.model import Registry
from tests.connectivity.test_fixtures import NOT_THERE, REGISTRY, THERE, Case

RULES = catalogue()
# One env file for two callers: what is said of its line is said once, of the first one, whichever file a hook is about.
SHARED = {
    "a/compose.yml": "services: {one: {image: app, env_file: ../x.env}}\n",
    "b/compose.yml": "services:\n  two: {image: app, env_file: ../x.env, environment: {CACHE_URL: 'redis://cache:6380'}}\n"
    "  cache: {image: redis}\n",
    "c/compose.yml": "services: {three: {image: app, environment: {DB_URL: 'postgres://localhost:5433'}}}\n",
    "d/compose.yml": "services: {db: {image: postgres, ports: ['5433:5432']}, other: {image: app, links: ['db:store'],"
    " environment: {STORE_URL: 'postgres://store:5433'}}}\n",
    "e/compose.yml": "services:\n  by_pairs: {image: app, environment: {DB_HOST: localhost, DB_PORT: '05433'}}\n"
    "  by_name: {image: app, environment: {STORE_HOST: DB, STORE_PORT: '1'}, command: [serve, --to=http://me@Cache:9000/x]}\n"
    "  by_list: {image: app, command: 'run kafka://a:1,two:2', environment: {TEXT: 'ü http://localhost:५४३३/'}}\n"
    "  by_part: {image: app, environment: {URL: 'http://${WHO:-ca}che:8${NO:-0}'}}\n",
    "x.env": "CACHE_URL=redis://cache:6380\n",
}


def world_of(root: Path) -> World:
    data = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return World(frozenset(data), data.get, "concern")


def about(findings: tuple[Finding, ...], path: str) -> list[Finding]:
    return [each for each in findings if path in (each.path, *(related.path for related in each.related))]


def agree(world: World, registry: Registry) -> int:
    found = 0
    for path in sorted(world.paths):
        everything = Check(world, registry, RULES, only=frozenset((path,)))
        made = Calls(everything.system, everything.lore, everything.literals, (path,))
        concern = Concern(everything.system, Listening(everything.system, everything.lore), frozenset((path,)))
        assert [*made.all(concern.touches)] == [each for each in everything.calls if concern.touches(each.caller, each.address)]
        wanted = about(everything.findings(), path)
        assert about(replace(everything, about=frozenset((path,))).findings(), path) == wanted
        found += len(wanted)
    return found


@pytest.mark.parametrize("case", [*THERE, *NOT_THERE])
def test_what_is_found_about_each_file_is_the_same(case: Case, tmp_path: Path) -> None:
    case.lay_out(tmp_path)
    loaded = load(REGISTRY, case.data["registry"].encode()).registry if "registry" in case.data else None
    agree(world_of(tmp_path), loaded or Registry(REGISTRY, "1", ()))


def test_so_it_is_where_a_place_is_shared_and_where_a_link_renames() -> None:
    data = {path: text.encode() for path, text in SHARED.items()}
    assert agree(World(frozenset(data), data.get, "concern"), Registry(REGISTRY, "1", ())) > 2


def test_calls_of_others_to_others_are_not_judged() -> None:
    data = {path: text.encode() for path, text in SHARED.items()}
    check = Check(World(frozenset(data), data.get, "concern"), Registry(REGISTRY, "1", ()), RULES)
    concern = Concern(check.system, Listening(check.system, check.lore), frozenset(("a/compose.yml",)))
    kept = {call.caller.name for call in check.calls if concern.touches(call.caller, call.address)}
    assert "one" in kept
    assert "three" not in kept


@pytest.mark.parametrize("port", ["²", "9" * 5000])
def test_what_looks_like_a_number_and_is_no_port_is_none(port: str) -> None:
    label = "traefik.http.services.a.loadbalancer.server.port"
    text = f"services: {{a: {{image: x, environment: {{DB_HOST: db, DB_PORT: '{port}'}}, labels: {{{label}: '{port}'}}}}}}\n"
    files = {"compose.yml": text.encode()}
    check = Check(World(frozenset(files), files.get, "concern"), Registry(REGISTRY, "1", ()), RULES)
    assert not check.calls
    assert not check.findings()
