"""What has changed between two registries, in words."""

from __future__ import annotations

import pytest

from portscan.registry.changes import changes
from portscan.registry.loader import load
from portscan.registry.model import Registry

BEFORE = """version: "1.0.0"
ranges: {web: "4000-4099"}
governance: {approvers: ["@a"]}
services:
  - {name: api, stack: web, port: 4010, owner: Team A, depends_on: [db]}
  - {name: db, stack: web, port: 4020, container_port: 5432}
"""


def registry(text: str) -> Registry:
    found = load("registry.yaml", text.encode())
    assert found.registry is not None, found.findings
    return found.registry


def told(after: str, before: str = BEFORE) -> list[tuple[str, str]]:
    return [(change.kind, change.message) for change in changes(registry(before), registry(after))]


def test_a_registry_is_no_change_from_itself() -> None:
    assert told(BEFORE) == []
    assert told(BEFORE.replace("  - {name: api", "  # a comment\n  - {name: api")) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("port: 4010", "port: 4011", [("moved", "`api` moves from 4010 to 4011")]),
        (
            "port: 4010",
            "port: 4011, previous: [{port: 4010, until: 2026-05-01}]",
            [("moved", "`api` moves from 4010 to 4011"), ("window", "4010 of `api` is given up after 2026-05-01")],
        ),
        (
            "name: api",
            "name: gateway",
            [("renamed", "`api` is called `gateway` now"), ("changed", "`gateway`: env is GATEWAY_PORT now, not API_PORT")],
        ),
        ("owner: Team A", "owner: Team B", [("owner", "`api` belongs to Team B now, not to Team A")]),
        (", owner: Team A", "", [("owner", "`api` belongs to nobody now, not to Team A")]),
        ("container_port: 5432", "container_port: 5433", [("changed", "`db`: container_port is 5433 now, not 5432")]),
        ("depends_on: [db]", "depends_on: []", [("changed", "`api`: depends_on is not said now, not db")]),
        ("port: 4010", "port: 4010, status: deprecated, replacement: db", [("retired", "`api` is deprecated; `db` replaces it")]),
        ("port: 4010", "port: 4010, protocol: http", [("changed", "`api`: protocol is http now")]),
        (
            "port: 4010",
            "port: 4010, ports: {admin: {port: 4012}}",
            [("changed", "`admin` of `api` is new, at 4012")],
        ),
        ("4000-4099", "4000-4199", [("range", "the range of `web` is 4000-4199 now")]),
        ("governance:", "reserved: [4050]\ngovernance:", [("range", "reserved is 4050 now")]),
        ('["@a"]', '["@a", "@b"]', [("governance", "the registry is approved by @a, @b now")]),
    ],
)
def test_one_change(old: str, new: str, said: list[tuple[str, str]]) -> None:
    assert told(BEFORE.replace(old, new, 1)) == said


def test_there_and_back_again() -> None:
    more = BEFORE + "  - {name: new, stack: web, port: 4030}\n"
    assert told(more) == [("added", "`new` is new, at 4030 in web")]
    assert told(BEFORE, more) == [("removed", "`new` is gone; 4030 is free")]


def test_two_alike_are_not_guessed_to_be_renamed() -> None:
    before = BEFORE + "  - {name: one, stack: web, port: 4030}\n"
    after = BEFORE + "  - {name: two, stack: web, port: 4030}\n  - {name: three, stack: web, port: 4030, alternative_to: two}\n"
    assert [kind for kind, _ in told(after, before)] == ["removed", "added", "added"]


def test_the_gravest_comes_first() -> None:
    after = BEFORE.replace("port: 4010", "port: 4011").replace("Team A", "Team B") + "  - {name: new, stack: web, port: 4030}\n"
    assert [kind for kind, _ in told(after)] == ["moved", "added", "owner"]


def test_a_first_registry_adds_everything() -> None:
    found = changes(None, registry(BEFORE))
    assert [change.subject for change in found if change.kind == "added"] == ["api", "db"]
    assert [change.subject for change in changes(registry(BEFORE), None) if change.kind == "removed"] == ["api", "db"]
    assert changes(None, None) == ()
