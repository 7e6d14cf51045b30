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
OF_OLD = frozenset(f"PS{number}" for number in range(101, 117))  # what else is found is up to the examples of its rule


def findings(text: str, networks: set[str] | None = None) -> tuple[Finding, ...]:
    loaded = load("registry.yaml", text.encode())
    assert loaded.registry is not None, loaded.findings
    return tuple(finding for finding in check(loaded.registry, RULES, networks) if finding.code in OF_OLD)


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
    assert found[0].help == (
        "Give it a port from 3200-3299, as `portscan migrate docs-hub` does, "
        "or move it to the stack `apis`: `portscan edit docs-hub --stack apis`."
    )
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
    "port, reserved",
    [(9, False), (10, True), (13, True), (14, False), (19, False), (20, True), (29, True), (30, False), (65535, True)],
)
def test_what_is_reserved_begins_and_ends_where_it_says(port: int, reserved: bool) -> None:
    text = services(f"name: a, stack: s, port: {port}", ranges='reserved: ["20-29", "10-13", 65535]\n')
    assert bool(findings(text)) == reserved


def test_a_port_that_no_stack_has_a_place_for() -> None:
    (found,) = findings(services("name: a, stack: s, port: 9", ranges='ranges: {s: "1-5"}\n'))
    assert found.help == "Give it a port from 1-5, as `portscan migrate a` does."


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


def ways(service: str, stack: str, span: str) -> str:
    edit = f"`portscan edit {service} --stack STACK` says so"
    return f'{edit}; a new stack is a line under `ranges`, such as `{stack}: "{span}"`.'


def test_advice_on_names() -> None:
    text = services(
        "name: api, stack: aps, port: 1, depends_on: [dtabase]",
        "name: database, stack: apis, port: 2",
        ranges='ranges: {apis: "1-9"}\n',
    )
    assert [(f.code, f.help) for f in findings(text)] == [
        ("PS105", f"Did you mean `apis`? {ways('api', 'aps', '3000-3099')}"),
        ("PS106", "Did you mean `database`?"),
    ]
    text = services("name: api, stack: web, port: 1", ranges='ranges: {apis: "1-9", docs: "10-19"}\n')
    assert [(f.code, f.help) for f in findings(text)] == [("PS105", f"Known here: apis, docs. {ways('api', 'web', '3000-3099')}")]


def test_each_service_of_a_stack_without_a_range_is_advised_of_one_around_itself() -> None:
    text = services(
        "name: api, stack: web, port: 3010", "name: app, stack: web, port: 5010", ranges='ranges: {apis: "4000-4099"}\n'
    )
    assert [f.help for f in findings(text)] == [
        f"Known here: apis. {ways('api', 'web', '3000-3099')}",
        f"Known here: apis. {ways('app', 'web', '5000-5099')}",
    ]


@pytest.mark.parametrize("how", ["container_port: 80", "port: 80, external: true"])
def test_what_takes_none_of_our_ports_needs_no_range(how: str) -> None:
    assert findings(services(f"name: a, stack: web, {how}", ranges='ranges: {apis: "4000-4099"}\n')) == ()


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


@pytest.mark.parametrize(
    "count, shown_as", [(7, "s0 → s1 → s2 → s3 → s4 → s5 → s6 → s0"), (8, "s0 → s1 → s2 → s3 → s4 → s5 → … → s0")]
)
def test_a_circle_that_is_no_longer_than_that_is_shown_wholly(count: int, shown_as: str) -> None:
    entries = [f"name: s{i}, stack: s, port: {i + 1}, depends_on: [s{(i + 1) % count}]" for i in range(count)]
    (found,) = findings(services(*entries))
    assert found.message == f"`s0` depends on itself: {shown_as}."


def test_circles_within_circles() -> None:
    text = services(
        "name: a, stack: s, port: 1, depends_on: [b]",
        "name: b, stack: s, port: 2, depends_on: [c, d]",
        "name: c, stack: s, port: 3, depends_on: [b]",
        "name: d, stack: s, port: 4, depends_on: [a]",
    )
    (found,) = findings(text)
    assert found.message == "`a` depends on itself: a → b → d → a."


def test_every_circle_is_told() -> None:
    pairs = ("ab", "cd", "ef")
    names = [(one, other) for pair in pairs for one, other in (pair, pair[::-1])]
    entries = [f"name: {one}, stack: s, port: {i}, depends_on: [{other}]" for i, (one, other) in enumerate(names, 1)]
    assert [f.message for f in findings(services(*entries))] == [f"`{a}` depends on itself: {a} → {b} → {a}." for a, b in pairs]


def test_a_circle_with_another_at_its_side() -> None:
    graph = {"r": "t", "t": "p", "p": "s", "s": "r, q", "q": "s"}
    entries = [f"name: {name}, stack: s, port: {i}, depends_on: [{on}]" for i, (name, on) in enumerate(graph.items(), 1)]
    assert [f.message for f in findings(services(*entries))] == ["`r` depends on itself: r → t → p → s → r."]


def test_what_hangs_on_a_circle_is_not_in_it() -> None:
    text = services(
        "name: a, stack: s, port: 1, depends_on: [x, a]",
        "name: x, stack: s, port: 2, depends_on: [y]",
        "name: y, stack: s, port: 3, depends_on: [z, x]",
        "name: z, stack: s, port: 4",
    )
    assert [f.message for f in findings(text)] == ["`a` depends on itself: a → a.", "`x` depends on itself: x → y → x."]


# One registry for each rule about services: the place, the port, the service and the variable of what is found.
ABOUT = [
    ("PS102", services("name: a, stack: s, port: 1", "name: b, stack: s, port: 1"), ("4:25", 1, "b", "B_PORT")),
    (
        "PS102",
        services("name: a, stack: s, port: 1", "name: b, stack: s, port: 2, ports: {x: {port: 1}}"),
        ("4:46", 1, "b", "B_X_PORT"),
    ),
    ("PS103", services("name: a, stack: s, port: 1", "stack: s, name: a, port: 2"), ("4:16", 2, "a", "A_PORT")),
    ("PS103", services("name: a, stack: s, port: 1", "name: a_, stack: s, port: 2, env: A_PORT"), ("4:35", 2, "a_", "A_PORT")),
    ("PS103", services("name: a-b, stack: s, port: 1", "stack: s, port: 2, name: a.b"), ("4:25", 2, "a.b", "A_B_PORT")),
    (
        "PS103",
        services("name: a-b, stack: s, port: 1", "name: a, stack: s, port: 2, ports: {b: {port: 3}}"),
        ("4:42", 3, "a", "A_B_PORT"),
    ),
    (
        "PS103",
        services("name: c, stack: s, port: 1", "name: a, stack: s, port: 2, ports: {b: {port: 3, env: C_PORT}}"),
        ("4:55", 3, "a", "C_PORT"),
    ),
    ("PS104", services("name: a, stack: s, port: 9", ranges='ranges: {s: "1-5"}\n'), ("4:25", 9, "a", "A_PORT")),
    ("PS105", services("name: a, stack: t, port: 1", ranges='ranges: {s: "1-9"}\n'), ("4:15", 1, "a", "A_PORT")),
    ("PS106", services("name: a, stack: s, port: 1, depends_on: [b]"), ("3:47", 1, "a", "A_PORT")),
    ("PS106", services("name: a, stack: s, port: 1, alternative_to: b"), ("3:34", 1, "a", "A_PORT")),
    ("PS106", services("name: a, stack: s, port: 1, status: deprecated, replacement: b"), ("3:54", 1, "a", "A_PORT")),
    ("PS108", services("name: a, stack: s, port: 1, status: deprecated"), ("3:34", 1, "a", "A_PORT")),
    ("PS108", services("name: a, stack: s, port: 1, deprecated: true"), ("3:34", 1, "a", "A_PORT")),
    ("PS111", services("name: a, stack: s, port: 1, depends_on: [a]"), ("3:47", 1, "a", "A_PORT")),
]


@pytest.mark.parametrize("code, text, about", ABOUT, ids=[f"{code} {about[0]}" for code, _, about in ABOUT])
def test_what_is_found_is_about_a_place_a_port_a_service_and_a_variable(
    code: str, text: str, about: tuple[str, int, str, str]
) -> None:
    (found,) = findings(text)
    assert found.code == code
    assert (f"{found.location.line}:{found.location.column}", found.port, found.service, found.variable) == about


@pytest.mark.parametrize(
    "key, reference",
    [("depends_on", "[b]"), ("alternative_to", "b"), ("replacement", "b, status: deprecated")],
)
def test_a_reference_that_leads_nowhere_is_told_by_its_key(key: str, reference: str) -> None:
    (found,) = findings(services(f"name: a, stack: s, port: 1, {key}: {reference}"))
    assert f"`{key}`" in found.message


def test_both_keys_of_networks_have_their_places() -> None:
    found = findings(services("name: a, stack: s, port: 1, networks: [x, y], network: z"), {"y"})
    assert [(f.location.column, f.message.split("`")[3]) for f in found] == [(45, "x"), (52, "z")]


def test_the_place_of_the_first_of_two_is_told() -> None:
    (found,) = findings(services("stack: s, name: a, port: 1", "name: a, stack: s, port: 2"))
    assert [(each.location.line, each.location.column) for each in found.related] == [(3, 16)]


def test_who_has_a_name_or_a_variable_already_is_told() -> None:
    text = services("name: a-b, stack: s, port: 1", "name: a, stack: s, port: 2, ports: {b: {port: 3}}")
    (found,) = findings(text)
    assert found.message == "The variable `A_B_PORT` of `b` of `a` is already that of `a-b`."
    assert [(each.message, each.path, each.location.line) for each in found.related] == [
        ("`a-b` has it here.", "registry.yaml", 3)
    ]


def test_ports_of_one_service_must_differ_too() -> None:
    (found,) = findings(services("name: a, stack: s, port: 1, external: true, ports: {b: {port: 1}}"))
    assert found.message == "Port 1 of `b` of `a` is already taken by `a`."


def test_ports_of_others_hosts_are_their_affair() -> None:
    text = services(
        "name: a, stack: s, port: 1, external: true, host: x.example.org",
        "name: b, stack: s, port: 1",
        ranges='ranges: {s: "1-1"}\nreserved: [2]\n',
    )
    assert [f.code for f in findings(text)] == ["PS110"]
    text = services("name: a, stack: s, port: 9, external: true, host: x.example.org", ranges='ranges: {s: "1-5"}\n')
    assert findings(text) == ()


@pytest.mark.parametrize("last, taken, enough", [(14, 4, True), (14, 5, False), (24, 12, True), (24, 13, False)])
def test_a_fifth_of_a_range_is_enough(last: int, taken: int, enough: bool) -> None:
    text = services(*(f"name: a{i}, stack: s, port: {i + 10}" for i in range(taken)), ranges=f'ranges: {{s: "10-{last}"}}\n')
    assert (findings(text) == ()) == enough


def test_what_is_reserved_is_not_free() -> None:
    text = services("name: a, stack: s, port: 10", ranges='ranges: {s: "10-14"}\nreserved: ["11-13", 14]\n')
    (found,) = findings(text)
    assert found.message == "The range of `s`, 10-14, has only 0 of 5 ports free."
    assert found.location.line == 2


def test_overlapping_ranges_name_each_other() -> None:
    (found,) = findings(services("name: a, stack: s, port: 1", ranges='ranges: {s: "1-9", t: "9-19"}\n'))
    assert found.message == "The range of `t`, 9-19, overlaps that of `s`, 1-9."
    assert [(each.message, each.path, each.location.column) for each in found.related] == [("`s` has 1-9.", "registry.yaml", 10)]
    assert (found.port, found.service, found.variable) == (None, None, None)


def test_a_registry_without_ranges_may_have_any_stack() -> None:
    assert findings(services("name: a, stack: anything, port: 1")) == ()


def test_a_deprecated_service_may_say_that_nothing_replaces_it() -> None:
    assert findings(services("name: a, stack: s, port: 1, status: deprecated, replacement: null")) == ()


def test_no_more_of_one_rule_is_told_than_anybody_reads() -> None:
    text = services(
        *(f"name: a{i}, stack: t, port: {i + 1}" for i in range(MOST_BREACHES + 1)), ranges='ranges: {s: "9998-9999"}\n'
    )
    assert len(findings(text)) == MOST_BREACHES


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
