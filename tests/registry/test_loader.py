"""Loading the registry: what is right with it, everything that is wrong with it, and nothing that takes forever."""

from __future__ import annotations

import pickle
import time
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from portscan.document.text import LARGEST
from portscan.errors import UserError
from portscan.model import Location
from portscan.registry.loader import load, read
from portscan.registry.model import Governance, Healthcheck, Previous, Registry, variable_name

REGISTRIES = Path(__file__).parent.parent / "fixtures" / "registry"
BROKEN = sorted((REGISTRIES / "broken").glob("*.yaml"))
HEAD = 'version: "1.0.0"\nservices:\n'


def registry(text: str) -> Registry:
    loaded = load("registry.yaml", text.encode())
    assert loaded.registry is not None, loaded.findings
    return loaded.registry


def messages(data: bytes | str) -> list[str]:
    data = data.encode() if isinstance(data, str) else data
    return [f"{f.location.line}:{f.location.column} {f.message}" for f in load("registry.yaml", data).findings]


def expected() -> dict[str, list[str]]:
    """The findings of every broken file, from `expected.txt`: a heading with its name, then a line for each."""
    sections = (REGISTRIES / "broken" / "expected.txt").read_text("utf-8").split("# ")[1:]
    return {lines[0]: [line for line in lines[1:] if line] for lines in (section.splitlines() for section in sections)}


@pytest.fixture(scope="module")
def complete() -> Registry:
    return registry((REGISTRIES / "complete.yaml").read_text("utf-8"))


@pytest.mark.parametrize("parser", ["c", "python"])
@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken_registries_are_explained(path: Path, parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if parser == "python":
        monkeypatch.setattr("ruamel.yaml.main.CParser", None)
    loaded = load("registry.yaml", path.read_bytes())
    shown = [f"{f.location.line}:{f.location.column} {f.severity}: {f.message} {f.help or ''}".rstrip() for f in loaded.findings]
    assert shown == expected()[path.stem]
    assert {f.code for f in loaded.findings} == {"PS101"}
    assert (loaded.registry is None) == any(f.severity == "error" for f in loaded.findings)


def test_every_expectation_has_a_broken_file() -> None:
    assert list(expected()) == [path.stem for path in BROKEN]


def test_messages_take_one_line_whatever_they_quote() -> None:
    wild = HEAD + '  - {name: "a\\u001b[31m\\n\\u202e`b", stack: s, port: 1, "x\\ny": 1}\n'
    assert messages(wild) == [
        '3:6 `name` of "a\\x1b[31m\\n\\u202e`b" cannot be "a\\x1b[31m\\n\\u202e`b".',
        '3:56 Unknown key `x\\ny` in "a\\x1b[31m\\n\\u202e`b".',
    ]
    long = messages(HEAD + f"  - {{name: a, stack: s, port: 1, {'x' * 1000}: 1}}\n")
    assert long == [f"3:34 Unknown key `{'x' * 59}…` in `a`."]


@pytest.mark.parametrize("parser", ["c", "python"])
def test_escapes_that_stand_for_no_character(parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if parser == "python":
        monkeypatch.setattr("ruamel.yaml.main.CParser", None)
    (found,) = load("registry.yaml", rb'version: "\UFFFFFFFF"').findings
    assert "escape" in found.message
    assert found.help == "Use single quotes."


def test_dates_are_written_with_hyphens() -> None:
    assert messages("version: 1\nlastUpdated: 20260131\nservices: []\n") == ["2:1 `lastUpdated` must be text, not `20260131`."]


def test_lone_surrogates_are_shown_escaped() -> None:
    for line in messages(HEAD + '  - {name: "a\\ud800", stack: s, port: 1}\n'):
        line.encode()


@pytest.mark.parametrize(
    "text, value",
    [("0x50", 80), ("0o120", 80), ("+80", 80), ("080", 80)],
)
def test_numbers_follow_yaml_1_2(text: str, value: int) -> None:
    assert registry(f"{HEAD}  - {{name: a, stack: s, port: {text}}}\n").services[0].port == value


@pytest.mark.parametrize("text", ["1_000", "8e1", ".inf", ".nan", "-.5", "true", "'80'", "!!str 80", "[80]"])
def test_what_is_no_whole_number_is_no_port(text: str) -> None:
    assert messages(f"{HEAD}  - {{name: a, stack: s, port: {text}}}\n")[0].startswith("3:25 `port` of `a` must be a whole number")


def test_anchors_and_merges() -> None:
    text = (
        HEAD
        + "  - &base {name: a, stack: s, port: 1, owner: Team}\n  - {<<: *base, name: b, port: 2}\n  - {<<: [*base], name: c}\n"
    )
    services = registry(text).services
    assert [(service.name, service.port, service.owner) for service in services] == [
        ("a", 1, "Team"),
        ("b", 2, "Team"),
        ("c", 1, "Team"),
    ]
    assert services[2].main.location == services[0].main.location == Location(3, 31, 3, 35)


def test_an_error_in_an_anchor_is_reported_once() -> None:
    assert messages(HEAD + "  - &base {name: a, stack: s, port: 0}\n  - {<<: *base, name: a}\n") == [
        "3:31 `port` of `a` is `0`, which is not between 1 and 65535."
    ]


def test_byte_order_mark_and_line_ends_do_not_move_anything() -> None:
    text = f"{HEAD}  - {{name: a, stack: s, port: 0}}\n"
    plain = messages(text)
    assert plain == ["3:25 `port` of `a` is `0`, which is not between 1 and 65535."]
    assert messages(b"\xef\xbb\xbf" + text.encode()) == plain
    assert messages(text.replace("\n", "\r\n")) == plain
    assert messages(text.replace("\n", "\r")) == plain


def test_columns_count_characters() -> None:
    assert messages(f'{HEAD}  - {{description: "Größe 𝄞", name: a, stack: s, port: 0}}\n')[0].startswith("3:49 `port`")


def test_a_misspelt_key_is_not_missing_as_well() -> None:
    assert messages(HEAD + "  - {name: a, stak: s, prot: 80}\n") == [
        "3:15 Unknown key `stak` in `a`.",
        "3:24 Unknown key `prot` in `a`.",
    ]


def test_a_line_end_is_no_part_of_a_name() -> None:
    assert messages(HEAD + '  - {name: "a\\n", stack: s, port: 80}\n') == ["3:6 `name` of `a\\n` cannot be `a\\n`."]


def test_no_more_than_some_hundred_problems() -> None:
    many = "".join(f"  k{index}: 1\n" for index in range(3000))
    assert len(messages(f"version: 1\nservices: []\ngovernance:\n{many}")) == 500
    twice = "  k: 1\n" * 3000
    assert len(messages(f"version: 1\nservices: []\ngovernance:\n{twice}")) == 501


LARGE = {
    "services": lambda: b"services:\n" + b"  - {name: a, port: 1, stack: s}\n" * 400_000,
    "aliases": lambda: b"a: &a [x, y]\nb: [" + b"*a, " * 3_000_000 + b"]\n",
    "brackets": lambda: b"[" * 10_000_000,
    "dashes": lambda: b"- " * 5_000_000,
    "one word": lambda: b"a" * 10_000_000,
    "zeros": lambda: bytes(10_000_000),
}


@pytest.mark.parametrize("size", [10_000_000, LARGEST])
@pytest.mark.parametrize("kind", LARGE)
def test_large_files_end_soon(kind: str, size: int) -> None:
    data = LARGE[kind]()[:size]
    start = time.monotonic()
    assert len(load("registry.yaml", data).findings) == 1
    assert time.monotonic() - start < 30  # without its C library the parser takes some seconds


def test_aliases_are_never_written_out() -> None:
    data = (REGISTRIES / "broken" / "billion-laughs.yaml").read_bytes()
    load("registry.yaml", data)  # the libraries are loaded now
    tracemalloc.start()
    load("registry.yaml", data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_many_services_are_no_problem() -> None:
    text = HEAD + "".join(f"  - {{name: a{index}, stack: s, port: {index}}}\n" for index in range(1, 2001))
    assert len(registry(text).by_port) == 2000


def test_service_keys(complete: Registry) -> None:
    service = complete.by_name["dashboard"]
    assert (service.stack, service.port, service.container_port, service.variable) == ("frontend", 3103, 80, "DASHBOARD_PORT")
    assert (service.protocol, service.owner, service.notes) == ("http", "Frontend Team", "Served by nginx")
    assert (service.container, service.external, service.deprecated, service.status) == (True, False, False, "active")
    assert service.hosts == ("dashboard", "frontend", "dashboard.example.com", "dash", "web")
    assert service.networks == ("web_net", "monitoring_net")
    assert service.depends_on == ("rabbitmq", "database")
    assert (service.exposure, service.gateway_path) == ("gateway", "/")
    assert service.healthcheck == Healthcheck("/health", 204)
    assert service.previous == (
        Previous("dashboard", 3100, date(2026, 2, 14), Location(39, 10, 39, 14)),
        Previous("dashboard", 3000, date(2025, 12, 31), Location(40, 9, 40, 13)),
    )


def test_services_without_more_keys(complete: Registry) -> None:
    service = complete.by_name["telegram-api"]
    assert (service.stack, service.container_port, service.container, service.external) == (None, 443, None, True)
    assert service.healthcheck is None
    assert (service.networks, service.depends_on, service.previous, service.profiles) == ((), (), (), ())


def test_replacement_tells_none_from_not_given(complete: Registry) -> None:
    replacements = {service.name: service.replacement for service in complete.services if service.deprecated}
    assert replacements == {"rabbitmq-admin": "rabbitmq", "database": ""}
    assert complete.by_name["dashboard"].replacement is None


def test_further_ports(complete: Registry) -> None:
    endpoints = complete.by_name["rabbitmq"].endpoints
    assert [(e.name, e.port, e.container_port, e.variable, e.protocol) for e in endpoints] == [
        (None, 5672, 5672, "RABBITMQ_PORT", "amqp"),
        ("management", 15672, 15672, "RABBITMQ_MANAGEMENT_PORT", "http"),
        ("metrics", 15692, 9419, "RABBITMQ_EXPORTER_PORT", None),
    ]
    assert complete.by_name["rabbitmq"].endpoint("metrics") is endpoints[2]
    assert complete.by_name["rabbitmq"].endpoint("nothing") is None


def test_top_level_keys(complete: Registry) -> None:
    assert (complete.path, complete.version, complete.last_updated) == ("registry.yaml", "2.1", date(2026, 1, 31))
    assert complete.governance == Governance(("@platform/architecture", "@platform/devops"), "docs/adr/015-port-governance.md")
    assert [str(range_) for range_ in complete.reserved] == ["5000-5000", "7000-7009"]
    assert 7009 in complete.reserved[1]
    assert 7010 not in complete.reserved[1]
    assert (str(complete.by_stack["frontend"]), len(complete.by_stack["frontend"])) == ("3100-3199", 100)


def test_look_ups(complete: Registry) -> None:
    assert complete.by_variable["RABBITMQ_EXPORTER_PORT"].port == 15692
    assert complete.by_variable["DASHBOARD_PORT"].service == "dashboard"
    assert [endpoint.service for endpoint in complete.by_port[3103]] == ["dashboard", "dashboard-dev"]
    assert [endpoint.service for endpoint in complete.by_container_port[5432]] == ["database"]
    assert 5432 not in complete.by_port
    assert [old.service for old in complete.by_previous_port[3100]] == ["dashboard"]
    assert complete.by_host["web"] is complete.by_host["dashboard.example.com"] is complete.by_name["dashboard"]


def test_a_host_name_belongs_first_to_the_service_of_that_name(complete: Registry) -> None:
    assert complete.by_host["rabbitmq"].name == "rabbitmq"
    assert [service.name for service in complete.sharing_host["rabbitmq"]] == ["rabbitmq", "rabbitmq-admin"]
    later = registry(HEAD + "  - {name: a, stack: s, port: 1, aliases: [b]}\n  - {name: B, stack: s, port: 2}\n")
    assert later.by_host["b"].name == "B"


def test_look_ups_cannot_be_changed(complete: Registry) -> None:
    with pytest.raises(TypeError):
        complete.by_port[1] = ()  # type: ignore[index]


def test_places(complete: Registry) -> None:
    service = complete.by_name["rabbitmq"]
    assert service.location[:2] == (51, 5)
    assert service.at("stack")[:2] == (52, 5)
    assert service.at("ports.metrics.env")[:2] == (60, 9)
    assert service.at("env", "name")[:2] == (51, 5)
    assert service.at("owner") == service.location
    assert [endpoint.location[:2] for endpoint in service.endpoints] == [(53, 5), (56, 20), (58, 9)]
    assert complete.by_name["dashboard"].at("depends_on.1")[:2] == (34, 28)
    assert complete.by_stack["messaging"].location[:2] == (7, 3)


def test_registries_can_be_sent_to_another_process(complete: Registry) -> None:
    copy = pickle.loads(pickle.dumps(complete))
    assert copy == complete
    assert copy.by_host == complete.by_host


@pytest.mark.parametrize(
    "names, variable",
    [
        (("docs-hub",), "DOCS_HUB_PORT"),
        (("rabbitmq", "management"), "RABBITMQ_MANAGEMENT_PORT"),
        (("api.v2",), "API_V2_PORT"),
        (("a--b",), "A_B_PORT"),
    ],
)
def test_variables(names: tuple[str, ...], variable: str) -> None:
    assert variable_name(*names) == variable


def test_a_missing_registry_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read(tmp_path / "registry.yaml")
    assert str(caught.value) == (
        f"there is no registry at {tmp_path / 'registry.yaml'} "
        "Let `portscan init` write one from what the repository uses, or name another file with --registry FILE."
    )


def test_a_directory_is_no_registry(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a directory, not a registry"):
        read(tmp_path)


def test_a_registry_below_a_file_is_no_registry(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    with pytest.raises(UserError, match="cannot be read: not a directory"):
        read(tmp_path / "config" / "registry.yaml")


def test_no_more_is_read_than_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "registry.yaml"
    path.write_bytes(b"#" * (LARGEST + 1000))
    data = read(path)
    assert len(data) == LARGEST + 1
    assert messages(data) == ["1:1 The file is larger than 1 MB, which is as much as is read."]
