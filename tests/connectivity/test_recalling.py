"""A project that is recalled is the one that would be loaded, whatever has changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.cache.works import ABSENT, Remembered, Works
from portscan.connectivity import recalling
from portscan.connectivity.bounds import GROWTH, INCLUDED, RANGES
from portscan.connectivity.loading import Files, load
from portscan.connectivity.lore import lore
from portscan.connectivity.model import Project
from portscan.connectivity.packing import packed, unpacked
from portscan.connectivity.recalling import project_of
from portscan.connectivity.telling import Telling
from portscan.connectivity.world import World

GROUP = Files(("compose.yml", "more.yml"), ".", told=("up.sh",))
EVERYTHING = """\
name: shop
include: [below/compose.yml]
services:
  web:
    image: ${IMAGE:-nginx}
    build: {context: web, dockerfile: Dev, args: {A: $A, B: }}
    container_name: the-web
    hostname: w
    networks: {front: {aliases: [www]}, back: }
    ports: ["127.0.0.1:${PORT:-80}:80-81/udp", {target: 90, published: "91"}]
    expose: [1000, "2000"]
    environment: {DB_HOST: "${DB}", DB_PORT: 5432, URL: "http://api:${PORT}/", EMPTY: , LONE: http://db:1}
    env_file: [a.env, {path: b.env, required: false, format: raw}]
    depends_on: {db: {condition: service_started}}
    links: ["db:store"]
    external_links: [other]
    extra_hosts: ["host.docker.internal:host-gateway"]
    profiles: [dev]
    command: serve --to=http://db:${PORT} "a b"
    entrypoint: [sh, -c]
    healthcheck: {test: [CMD, curl, "http://localhost:80"]}
    volumes: ["./conf:/etc/conf", {type: bind, source: ./x, target: /x}]
    labels: ["traefik.http.services.web.loadbalancer.server.port=80", plain]
    extends: {file: base.yml, service: base}
  host: {image: a, network_mode: host}
networks: {front: {external: true}, back: {name: "${PORT}-back"}}
"""
SAID: Mapping[str, tuple[str | None, ...]] = {
    "compose.yml": (EVERYTHING, "services: {web: {image: a, ports: ['${PORT}:1']}}\n", "nothing: here\n", None),
    "more.yml": ("services: {web: {image: !reset null, environment: !override {A: b}}}\n", "{{ no yaml", None),
    "base.yml": ("services: {base: {image: b, environment: {API_URL: 'http://api:1'}}}\n", "services: {}\n", None),
    "below/compose.yml": ("services: {db: {image: postgres, environment: {P: $PORT}}}\n", None),
    "below/.env": ("PORT=7\n", None),
    ".env": ("PORT=4\nDB=db\nCOMPOSE_PROJECT_NAME=called\n", "PORT=\n", None),
    "a.env": ("CACHE_URL=redis://cache:${PORT}\n", "CACHE_HOST=cache\nCACHE_PORT=6380\nDB_PORT\n", None),
    "b.env": ("A=$B\n", None),
    "web/Dev": ("EXPOSE 1\n", None),
}
STATES = st.fixed_dictionaries({path: st.sampled_from(texts) for path, texts in SAID.items()})
FIRST = {path: texts[0] for path, texts in SAID.items()}
NOW: tuple[int, ...] = (1,)


def world_of(files: Mapping[str, str | None], works: Works | None = None) -> World:
    data = {path: text.encode() for path, text in files.items() if text is not None}
    memory = Remembered(works, lambda path: (data[path],) if path in data else ABSENT) if works else None
    return World(frozenset(data), data.get, "top", works=memory)


def recalled(files: Mapping[str, str | None], file: Path) -> Project:
    """The project as a new run has it, that begins with what the one before has kept."""
    works = Works(file)
    project = project_of(world_of(files, works), Telling(lore()), GROUP)
    works.keep()
    return project


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Files]:
    made: list[Files] = []

    def noted(world: World, group: Files, telling: Telling) -> Project:
        made.append(group)
        return load(world, group, telling=telling)

    monkeypatch.setattr(recalling, "load", noted)
    return made


@settings(max_examples=30)
@given(STATES)
def test_a_project_comes_back_as_it_was(files: Mapping[str, str | None]) -> None:
    project = load(world_of(files), GROUP)
    back = unpacked(packed(project))
    assert back == project
    for key, service in project.services.items():
        assert repr(dict(back.services[key].environment)) == repr(dict(service.environment))


@settings(max_examples=12)
@given(st.lists(STATES, min_size=2, max_size=3))
def test_what_is_recalled_is_what_would_be_loaded(states: list[Mapping[str, str | None]]) -> None:
    with TemporaryDirectory() as folder:
        for files in states:
            world = world_of(files)
            assert recalled(files, Path(folder) / "works.bin") == load(world, GROUP)


@pytest.mark.parametrize("path", sorted(SAID))
def test_it_is_loaded_again_where_a_file_that_it_rests_on_has_changed_or_gone(
    path: str, tmp_path: Path, loads: list[Files]
) -> None:
    file, rests = tmp_path / "works.bin", path != "web/Dev"  # what is built of it no project says
    for files in (FIRST, FIRST, {**FIRST, path: f"# changed\n{FIRST[path]}"}, {**FIRST, path: None}, FIRST):
        assert recalled(files, file) == load(world_of(files), GROUP)
    assert len(loads) == (4 if rests else 1)


def test_what_it_takes_of_the_budget_is_taken_again(tmp_path: Path, loads: list[Files]) -> None:
    ports = "services: {r: {image: a, ports: ['1000-1009:1-10'], labels: {A: '$DB$DB'}}}\n"
    files, file = {**FIRST, "more.yml": ports, ".env": "DB=the-name-of-a-host\n"}, tmp_path / "works.bin"
    recalled(files, file)
    again, anew = world_of(files, Works(file)), world_of(files)
    project_of(again, Telling(lore()), GROUP)
    load(anew, GROUP)
    taken = [anew.budget.spent[bound] for bound in (GROWTH, INCLUDED, RANGES)]
    assert all(taken)
    assert [again.budget.spent[bound] for bound in (GROWTH, INCLUDED, RANGES)] == taken
    short = world_of(files, Works(file))
    short.budget.spent[RANGES] = RANGES.most
    assert project_of(short, Telling(lore()), GROUP).services["r"].ports == ()
    assert len(loads) == 2
    assert short.budget.passed


def test_one_that_was_read_in_part_is_not_kept(tmp_path: Path, loads: list[Files]) -> None:
    files = {"compose.yml": "services: {r: {image: a, ports: ['1-60000:1-60000', '1-60000:1-60000']}}\n"}
    for _ in range(2):
        recalled(files, tmp_path / "works.bin")
    assert len(loads) == 2


def test_one_with_a_file_of_the_commit_is_not_kept_and_the_others_are(tmp_path: Path, loads: list[Files]) -> None:
    for changing, expected in ((frozenset(("a.env",)), 1), (frozenset(("web/Dev",)), 2), (frozenset(("a.env",)), 2)):
        works = Works(tmp_path / "works.bin")
        world = replace(world_of(FIRST), works=Remembered(works, lambda path: (FIRST.get(path),), changing))
        assert project_of(world, Telling(lore()), GROUP) == load(world_of(FIRST), GROUP)
        works.keep()
        assert len(loads) == expected


def test_what_files_would_be_is_not_what_they_were(tmp_path: Path, loads: list[Files]) -> None:
    file = tmp_path / "works.bin"
    recalled(FIRST, file)
    changed = world_of(FIRST, Works(file)).with_files({"compose.yml": b"services: {new: {image: a}}\n"})
    assert "new" in project_of(changed, Telling(lore()), GROUP).services
    assert len(loads) == 2


def test_what_was_changed_a_moment_ago_is_not_kept_and_what_nobody_asks_for_is_forgotten(tmp_path: Path) -> None:
    first = Works(tmp_path / "works.bin")
    first.add("sure", ["a"], lambda _path: (1,), b"made")
    first.add("unsure", ["a", "b"], lambda path: None if path == "b" else (1,), b"made")
    first.keep()
    second = Works(tmp_path / "works.bin")
    assert [second.recall(question, lambda _path: (1,)) for question in ("sure", "unsure")] == [b"made", None]
    second.add("more", [], lambda _path: (1,), b"more")
    second.keep()
    third = Works(tmp_path / "works.bin")
    assert third.known.keys() == {"sure", "more"}
    third.add("other", [], lambda _path: (1,), b"other")
    third.keep()
    assert Works(tmp_path / "works.bin").known.keys() == {"other"}
