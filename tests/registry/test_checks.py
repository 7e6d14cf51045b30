"""The rules that a well-formed registry may still break, beyond what the examples of the rules show."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portscan.findings import catalogue
from portscan.registry.checks import MOST_BREACHES, check
from portscan.registry.loader import load

if TYPE_CHECKING:
    from portscan.model import Finding

REGISTRIES = Path(__file__).parent.parent / "fixtures" / "registry"
RULES = catalogue()


def findings(text: str, networks: set[str] | None = None) -> tuple[Finding, ...]:
    loaded = load("registry.yaml", text.encode())
    assert loaded.registry is not None, loaded.findings
    return check(loaded.registry, RULES, networks)


def services(*entries: str, ranges: str = "") -> str:
    lines = "".join(f"  - {{{entry}}}\n" for entry in entries)
    return f"version: 1\n{ranges}services:\n{lines}"


def shown(found: tuple[Finding, ...]) -> list[str]:
    return [f"{f.location.line}:{f.location.column} {f.code} {f.message}" for f in found]


def test_the_proposal_has_two_ports_in_each_others_ranges() -> None:
    found = findings((REGISTRIES / "proposal.yaml").read_text("utf-8"))
    assert shown(found) == [
        "32:5 PS104 Port 3400 of `docs-hub` is not in 3200-3299, the range of `documentation`.",
        "41:5 PS104 Port 3200 of `workspace-api` is not in 3400-3499, the range of `apis`.",
    ]
    assert [(f.severity, f.port, f.service, f.variable) for f in found] == [
        ("error", 3400, "docs-hub", "DOCS_HUB_PORT"),
        ("error", 3200, "workspace-api", "WORKSPACE_API_PORT"),
    ]
    assert found[0].help == "Give it a port from 3200-3299, or move it to the stack `apis`."
    assert [(related.message, related.location.line) for related in found[0].related] == [("`documentation` has 3200-3299.", 7)]


def test_a_grown_registry_has_overlapping_ranges_and_nothing_else() -> None:
    assert shown(findings((REGISTRIES / "platform.yaml").read_text("utf-8"))) == [
        "9:3 PS107 The range of `external-integrations`, 4000-4099, overlaps that of `automation`, 3500-5799.",
        "10:3 PS107 The range of `messaging`, 5600-5699, overlaps that of `automation`, 3500-5799.",
        "12:3 PS107 The range of `monitoring`, 9000-9299, overlaps that of `gateway`, 9000-9099.",
    ]


def test_a_registry_with_every_key_is_clean() -> None:
    text = (REGISTRIES / "complete.yaml").read_text("utf-8")
    assert findings(text) == ()
    assert findings(text, {"web_net", "monitoring_net"}) == ()


def test_networks_are_compared_when_they_are_known() -> None:
    text = services("name: a, stack: s, port: 1, network: web, networks: [web, metrics]")
    assert findings(text) == ()
    assert shown(findings(text, {"web", "metric"})) == [
        "3:64 PS109 `a` is on the network `metrics`, which no compose file defines.",
    ]
    assert [f.help for f in findings(text, {"web", "metric"})] == ["Did you mean `metric`?"]
    assert [f.help for f in findings(text, set())] == [None, None, None]


def test_a_duplicate_port_names_its_holder() -> None:
    text = services("name: a, stack: s, port: 1", "name: b, stack: s, port: 2", "name: c, stack: s, port: 1")
    (found,) = findings(text)
    assert found.message == "Port 1 of `c` is already taken by `a`."
    assert [(related.message, related.path, related.location.line) for related in found.related] == [
        ("`a` takes 1 here.", "registry.yaml", 3)
    ]


@pytest.mark.parametrize(
    "reserved, holder",
    [("[5]", "a reservation"), ('["5-6"]', "the reserved range 5-6")],
)
def test_reserved_ports_are_taken(reserved: str, holder: str) -> None:
    (found,) = findings(services("name: a, stack: s, port: 5", ranges=f"reserved: {reserved}\n"))
    assert found.message == f"Port 5 of `a` is already taken by {holder}."


@pytest.mark.parametrize(
    "protocol, transport", [("udp", "udp"), ("dns/udp", "udp"), ("UDP", "udp"), ("tcp", "tcp"), ("udpish", "tcp")]
)
def test_transports_have_ports_of_their_own(protocol: str, transport: str) -> None:
    text = services("name: a, stack: s, port: 53", f"name: b, stack: s, port: 53, protocol: {protocol}")
    assert bool(findings(text)) == (transport == "tcp")


def test_alternatives_of_one_service_are_alternatives_of_each_other() -> None:
    entries = [f"name: {name}, stack: s, port: 1, alternative_to: {other}" for name, other in ("ba", "ca", "dc")]
    assert findings(services("name: a, stack: s, port: 1", *entries)) == ()
    (found,) = findings(services("name: a, stack: s, port: 1", *entries, "name: e, stack: s, port: 1"))
    assert found.message == "Port 1 of `e` is already taken by `a`."


def test_alternatives_in_a_circle_end() -> None:
    assert (
        findings(services("name: a, stack: s, port: 1, alternative_to: b", "name: b, stack: s, port: 1, alternative_to: a")) == ()
    )


def test_alternatives_share_a_variable_only_with_the_port() -> None:
    text = services("name: a, stack: s, port: 1", "name: b, stack: s, port: 2, env: A_PORT, alternative_to: a")
    assert shown(findings(text)) == ["4:34 PS103 The variable `A_PORT` of `b` is already that of `a`."]


def test_a_copied_service_is_reported_once() -> None:
    entry = "name: a, stack: s, port: 1, ports: {b: {port: 2}}"
    assert shown(findings(services(entry, entry))) == ["4:6 PS103 The name `a` of `a` is already that of `a`."]


def test_advice_on_names() -> None:
    text = services(
        "name: api, stack: aps, port: 1, depends_on: [dtabase]",
        "name: database, stack: apis, port: 2",
        ranges='ranges: {apis: "1-9"}\n',
    )
    assert [(f.code, f.help) for f in findings(text)] == [
        ("PS105", "Did you mean `apis`?"),
        ("PS106", "Did you mean `database`?"),
    ]
    text = services("name: api, stack: web, port: 1", ranges='ranges: {apis: "1-9", docs: "10-19"}\n')
    assert [(f.code, f.help) for f in findings(text)] == [("PS105", "Known here: apis, docs.")]


def test_a_circle_is_shown_by_its_shortest_way() -> None:
    text = services(
        "name: z, stack: s, port: 9, depends_on: [a]",
        "name: a, stack: s, port: 1, depends_on: [b, d]",
        "name: b, stack: s, port: 2, depends_on: [c]",
        "name: c, stack: s, port: 3, depends_on: [d]",
        "name: d, stack: s, port: 4, depends_on: [a]",
    )
    (found,) = findings(text)
    assert (found.location.line, found.location.column) == (4, 50)
    assert found.message == "`a` depends on itself: a → d → a."


def test_a_long_circle_is_shortened() -> None:
    entries = [f"name: s{i}, stack: s, port: {i + 1}, depends_on: [s{(i + 1) % 50}]" for i in range(50)]
    (found,) = findings(services(*entries))
    assert found.message == "`s0` depends on itself: s0 → s1 → s2 → s3 → s4 → s5 → … → s0."


def test_warnings_are_warnings() -> None:
    text = services("name: a, stack: s, port: 1, deprecated: true", ranges='ranges: {s: "1-1"}\n')
    assert [(f.code, f.severity, f.message) for f in findings(text)] == [
        ("PS110", "warning", "The range of `s`, 1-1, has only 0 of 1 ports free."),
        ("PS108", "warning", "`a` is deprecated, and nothing says what to use instead."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        services(*(f"name: a{i}, stack: s, port: 1, alternative_to: a{i + 1}" for i in range(4000))),
        services(*(f"name: a{i}, stack: s{i}, port: 1" for i in range(4000)), ranges='ranges: {t: "1-9"}\n'),
        services(*(f"name: a{i}, stack: s, port: {i + 1}, depends_on: [a{i + 1}]" for i in range(4000))),
        services(*(f"name: a{i}, stack: s, port: {i + 1}, depends_on: [a{(i + 1) % 4000}]" for i in range(4000))),
        services("name: a, stack: s1, port: 1", ranges="ranges:\n" + "".join(f'  s{i}: "1-65535"\n' for i in range(1000))),
        services("name: a, stack: s, port: 1", ranges="reserved: [" + '"1-65535", ' * 4000 + "]\n"),
    ],
    ids=["alternatives", "names", "chain", "circle", "ranges", "reserved"],
)  # fmt: skip
def test_much_wrong_is_found_soon(text: str) -> None:
    start = time.process_time()
    found = findings(text)
    assert time.process_time() - start < 10
    assert 0 < len(found) <= 4 * MOST_BREACHES
