"""The registry is edited in place: only what was meant changes, in twenty-four hands and in our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from os.path import commonprefix
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from portscan.document.document import parse
from portscan.errors import UserError
from portscan.registry.editing import edited
from portscan.registry.editing.changes import Change, Insert, Put, Remove, intended
from portscan.registry.editing.settled import settled

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "registry"
STYLES = sorted((FIXTURES / "styles" / "before").glob("*.yaml"))
HOUSES = (*STYLES, FIXTURES / "platform.yaml", FIXTURES / "complete.yaml", FIXTURES / "proposal.yaml")

METRICS = {
    "name": "metrics",
    "stack": "data",
    "port": 5401,
    "protocol": "http",
    "owner": "Data: Team",
    "container": True,
    "depends_on": ["web", "store"],
}
# What a month of work does to a registry.
MONTH: tuple[Change, ...] = (
    Insert(("services",), 1, METRICS),
    Put(("services", 0, "port"), 3110),
    Put(("services", 0, "previous"), [{"port": 3103, "until": "2026-12-31"}]),
    Insert(("services", 0, "depends_on"), 1, "metrics"),
    Put(("ranges", "cache"), "6300-6399"),
    Put(("lastUpdated",), "2026-11-25"),
)


def house(path: Path) -> str:
    return path.stem


def test_there_are_twenty_styles() -> None:
    assert len(STYLES) >= 20


@pytest.mark.parametrize("style", STYLES, ids=house)
def test_a_month_of_work_looks_as_if_the_owners_had_written_it(style: Path) -> None:
    expected = style.parent.parent / "after" / style.name
    assert edited(style.name, style.read_bytes(), MONTH) == expected.read_bytes()


def changes(data: dict[str, Any]) -> Iterator[Change]:
    services = data["services"]
    yield from (Insert(("services",), index, METRICS) for index in range(len(services) + 1))
    yield Put(("lastUpdated",), "2026-11-25")
    yield Put(("ranges", "metrics"), "9100-9199")
    for index, service in enumerate(services):
        at = ("services", index)
        yield Remove(at)
        yield Put((*at, "previous"), [{"port": 3103, "until": "2026-12-31"}])
        yield Put((*at, "name"), "renamed")
        for key, value in service.items():
            if key != "name":
                yield Remove((*at, key))
            if key != "name" and not isinstance(value, list | dict):
                yield Put((*at, key), 40000 if isinstance(value, int) else "yes, it's: new")


@pytest.mark.parametrize("path", HOUSES, ids=house)
def test_only_what_was_meant_changes(path: Path) -> None:
    before = path.read_bytes()
    made = 0
    for change in changes(parse(before).data()):
        try:
            after = edited(path.name, before, [change])
        except UserError:
            continue  # said, and nothing changed: which they are is tested below
        made += 1
        # By another reading than that of the editor itself.
        assert loaded(after) == intended(loaded(before), change)
        assert_kept(before, after, change)
    assert made > 10


def loaded(data: bytes) -> Any:
    return YAML(typ="safe").load(data.decode("utf-8-sig"))


def assert_kept(before: bytes, after: bytes, change: Change) -> None:
    """What is left and right of the change is as it was; nothing is taken out by adding, and nothing added by taking out."""
    front = len(commonprefix([before, after]))  # noqa: RUF071  (characters are what is meant)
    back = len(commonprefix([before[front:][::-1], after[front:][::-1]]))  # noqa: RUF071
    taken, added = before[front : len(before) - back], after[front : len(after) - back]
    if isinstance(change, Insert):
        assert not taken.strip(b" }#abcdefghijklmnopqrstuvwxyz")  # a comma may have come in front of a comment
    elif isinstance(change, Remove):
        assert added in (b"", b" []")
    elif isinstance(change.value, str | int) and parse(before).node(change.path) and b"<<" not in before:
        assert b"\n" not in added
    comments = re.compile(rb"#[^\r\n]*")
    if not isinstance(change, Remove) and b"# not a comment" not in before:
        wanted = comments.findall(before)
        assert [found for found in comments.findall(after) if found in wanted] == wanted
    assert after.startswith(b"\xef\xbb\xbf") == before.startswith(b"\xef\xbb\xbf")
    assert (b"\r\n" in after) == (b"\r\n" in before)
    assert after.endswith(b"\n") == before.endswith(b"\n")


@pytest.mark.parametrize(
    ("style", "change"),
    [
        ("anchors", Remove(("services", 0))),  # the second service uses its team
        ("anchors", Put(("services", 0, "owner"), "Others")),
        ("merges", Remove(("services", 0))),
        ("merges", Remove(("services", 1, "owner"))),  # it is written elsewhere
    ],
)
def test_what_others_use_is_left_to_people(style: str, change: Change) -> None:
    data = (FIXTURES / "styles" / "before" / f"{style}.yaml").read_bytes()
    with pytest.raises(UserError, match="cannot be edited in place"):
        edited("registry.yaml", data, [change])


def test_an_alias_becomes_a_value_of_its_own() -> None:
    data = (FIXTURES / "styles" / "before" / "anchors.yaml").read_bytes()
    after = edited("registry.yaml", data, [Put(("services", 1, "owner"), "Data")])
    assert after == data.replace(b"owner: *team", b"owner: Data")


def test_a_merged_key_is_overridden_where_it_is_merged() -> None:
    data = (FIXTURES / "styles" / "before" / "merges.yaml").read_bytes()
    after = edited("registry.yaml", data, [Put(("services", 1, "owner"), "Data")])
    assert after == data.replace(b"    port: 5434\n", b"    port: 5434\n    owner: Data\n")


@pytest.mark.parametrize("empty", ["services: []\n", "services: [ ]   # none yet\nreserved: [1]\n", "services: []"])
def test_the_first_service(empty: str) -> None:
    data = f"version: 1\n{empty}".encode()
    after = edited("registry.yaml", data, [Insert(("services",), 0, {"name": "web", "port": 3103})])
    assert b"services:" in after
    assert b"  - name: web\n    port: 3103" in after


def test_the_last_service_leaves_an_empty_list() -> None:
    data = b"version: 1\nservices:\n  - name: web\n    port: 1  # the one\n# end\n"
    assert edited("registry.yaml", data, [Remove(("services", 0))]) == b"version: 1\nservices: []\n# end\n"


OWN = """version: 1
services:
  # web
  - name: web
    stack: web

  # web
  # What follows is only for tests.

  # CONFLICT: `web` publishes 3103 as well, which goes on
  #   in the next line.
  # The api is what customers call,
  # day and night.
  # CONFLICT: it is said to listen on 4011 as well.
  - {name: api, stack: web}
  # Theirs: ask before.
  - name: jobs
    stack: web
    # CONFLICT: of nobody
# jobs end here
"""


@pytest.mark.parametrize(
    ("index", "gone"),
    [
        (0, "  - name: web\n    stack: web\n\n"),
        (1, OWN[OWN.index("  # CONFLICT: `web`") : OWN.index("  # Theirs")]),
        (2, OWN[OWN.index("  - name: jobs") : OWN.index("# jobs end")]),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_an_entry_takes_with_it_the_comments_that_are_its_own(index: int, gone: str, ending: str) -> None:
    after = edited("registry.yaml", OWN.replace("\n", ending).encode(), [Remove(("services", index))])
    assert after.decode().replace("\r\n", "\n") == OWN.replace(gone, "")


DOUBLED = """services:
  - {name: web, port: 3103}
  # CONFLICT: `web` publishes 3103 as well (a.yaml:1).
  #   Move one of them.
  # CONFLICT: a/** may be the files of `web` as well.
  - {name: api, port: 4010}
  # CONFLICT: `web` publishes 3103 as well (b.yaml:1). Move one of them.
  - {name: jobs, port: 3103}
"""


@pytest.mark.parametrize("head", ["", "\ufeff"])
def test_a_conflict_about_a_port_goes_when_it_is_settled(head: str) -> None:
    api = DOUBLED[DOUBLED.index("  # CONFLICT") : DOUBLED.index("  # CONFLICT: a/**")]
    jobs = DOUBLED[DOUBLED.index("  # CONFLICT: `web` publishes 3103 as well (b") : DOUBLED.index("  - {name: jobs")]
    left = DOUBLED.replace(api, "")
    assert after(head + DOUBLED) == head + left
    assert after(head + left) == head + left
    gone = left.replace("  - {name: web, port: 3103}\n", "")
    assert after(gone) == gone.replace(jobs, "")


def after(text: str, before: str | None = None) -> str:
    """A registry without the conflicts that are settled."""
    return settled((text if before is None else before).encode(), text.encode()).decode()


CLAIMED = "apps/** may be the files of `web`, `cache` as well. Say at one of them with `paths`"
UNSETTLED = f"""services:
  - name: web
    port: 3103
    env: SHARED_PORT
    ports: {{admin: {{port: 3104}}, extra: {{port: 3105, env: EXTRA}}}}
  # CONFLICT: SHARED_PORT is read for `web` as well,
  #   which keeps it
  # CONFLICT: WEB_ADMIN_PORT is read for `web` as well, which keeps it
  # CONFLICT: EXTRA is read for `web` as well, which keeps it
  # CONFLICT: CACHE_PORT is read for `cache` as well, which keeps it
  # CONFLICT: it publishes 3104 as well, which belongs to `web` (a.yaml:1)
  # CONFLICT: it publishes 3104 as well, which belongs to itself (a.yaml:1)
  # CONFLICT: {CLAIMED}
  # CONFLICT: it is said to listen on 1 once (a), 2 once (b). Decide, and list what else is true under `ports`
  - {{name: jobs, port: 4011}}
  - {{name: cache, port: 6379}}
"""


@pytest.mark.parametrize(
    ("old", "new", "gone"),
    [
        ("env: SHARED_PORT", "env: WEB_PORT", "SHARED_PORT is read for `web` as well,\n  #   which keeps it"),
        ("admin:", "other:", "WEB_ADMIN_PORT is read for `web` as well, which keeps it"),
        (", env: EXTRA", "", "EXTRA is read for `web` as well, which keeps it"),
        ("port: 6379", "port: 6379, env: REDIS", "CACHE_PORT is read for `cache` as well, which keeps it"),
        ("port: 3104", "port: 3106", "it publishes 3104 as well, which belongs to `web` (a.yaml:1)"),
        (
            "port: 4011",
            "port: 4011, paths: [apps/**]",
            CLAIMED,
        ),
        (
            "port: 6379",
            "port: 6379, paths: [apps/**]",
            CLAIMED,
        ),
        ("port: 6379", "port: 6380", None),
    ],
)
def test_a_conflict_goes_when_the_other_has_no_more_what_it_is_about(old: str, new: str, gone: str | None) -> None:
    assert after(UNSETTLED) == UNSETTLED
    changed = UNSETTLED.replace(old, new)
    assert after(changed) == (changed.replace(f"  # CONFLICT: {gone}\n", "") if gone else changed)


def test_a_conflict_follows_the_name_of_an_entry() -> None:
    changed = UNSETTLED.replace("name: web", "name: site").replace("name: cache", "name: store, env: CACHE_PORT")
    kept = changed.replace("`web`", "`site`").replace("`cache`", "`store`")
    unread = "  # CONFLICT: WEB_ADMIN_PORT is read for `site` as well, which keeps it\n"
    assert after(changed, UNSETTLED) == kept.replace(unread, "")
    doubled = DOUBLED[: DOUBLED.index("  # CONFLICT")] + DOUBLED[DOUBLED.index("  # CONFLICT: a/**") :]
    renamed = doubled.replace("name: web", "name: site")
    assert after(renamed, doubled) == renamed.replace("`web`", "`site`")


def test_an_entry_behind_an_anchor_is_indented_as_usual() -> None:
    before = "services:\n  - &a {name: api, stack: web}\n"
    after = edited("registry.yaml", before.encode(), [Insert(("services",), 1, {"name": "web", "stack": "web"})])
    assert after.decode() == before + "  - {name: web, stack: web}\n"


@given(st.text(max_size=30))
@example("A?")
def test_any_text_can_be_a_value(text: str) -> None:
    for template in (b"version: 1\nservices:\n- {name: a, notes: b}\n", b"version: 1\nservices:\n- name: a\n  notes: 'b'\n"):
        for path in (("services", 0, "notes"), ("services", 0, "owner")):
            after = edited("registry.yaml", template, [Put(path, text)])
            assert parse(after).data()["services"][0][path[-1]] == text
