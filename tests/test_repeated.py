"""What is said of numbers that nobody has, once for all of a kind, held against what is said of each."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from portscan.config import Config
from portscan.evidence.places import Place
from portscan.judge.repeated import Repeated
from portscan.model import Finding, Location
from portscan.resolve import Resolver
from tests.literals import judge, literal, place, registry

SHOP = registry(
    "name: api, port: 4010, container_port: 8000, env: API_PORT, paths: ['apps/**'], aliases: [api.example.com]",
    "name: web, port: 4020, paths: ['web/**'], previous: [{port: 3000, until: 2025-01-01}]",
    "name: cache, port: 6379, protocol: redis",
    reserved='["5000-5009"]',
)
FIELDS: dict[str, list[Any]] = {
    "path": ["apps/a.sh", "web/a.sh", "a.sh"],
    "port": [4999, 4998, 4010, 8000, 3000, 5001, 9999, 443],
    "location": [Location(1, 1, 1, 5), Location(2, 1, 2, 5)],
    "kind": ["named", "url", "mapping", "call", "default"],
    "context": ["code", "doc"],
    "language": ["shell", "env", "dockerfile", "python"],
    "host": [None, "api.example.com", "localhost", "elsewhere", "api", "example.org"],
    "name": [None, "a.port", "b.port", "API_PORT", "web.API_PORT", "api.port", "healthcheck.port", "OTHER_PORT", "a.PORT"],
    "variables": [(), ("API_PORT",), ("PORT",), ("OTHER_PORT",)],
    "side": [None, "host", "container"],
    "owner": [None, "api", "stranger"],
    "pins": ["", "api"],
    "text": ["port 4999", "443", "tls ? 443 : 80", "web is at 4999"],
}


def all_of(found: Finding | None) -> dict[str, Any]:
    """A finding with what two of them are not compared by."""
    return {each.name: getattr(found, each.name) for each in fields(Finding)} if found else {}


USUAL = {name: values[0] for name, values in FIELDS.items()}


@given(
    st.fixed_dictionaries({name: st.sampled_from(values[:1] * len(values) + values) for name, values in FIELDS.items()}),
    st.booleans(),
)
@example(one={**USUAL, "port": 443}, strict=False)
@example(one={**USUAL, "path": "a.sh", "port": 3000}, strict=False)
@example(one={**USUAL, "name": "a.PORT"}, strict=False)
@example(one={**USUAL, "path": "web/a.sh", "host": "localhost"}, strict=False)
def test_what_was_said_before_is_what_would_be_said(one: dict[str, Any], strict: bool) -> None:
    """Of one place, and then of each that differs from it by one thing."""
    config = Config(allow=(9999,), generic_variables=("PORT",), strict=strict)
    repeated = Repeated(Resolver(SHOP, config), judge(SHOP, config))
    several = [one, *({**one, name: value} for name, values in FIELDS.items() if name != "path" for value in values)]
    for each in (place(**said) for said in several):
        assert all_of(repeated.found(each)) == all_of(repeated.judge.judge(repeated.resolver.resolve(each)))


def test_many_of_a_kind_are_judged_once() -> None:
    judged: list[int] = []

    class Counted(Resolver):
        def resolve(self, place: Place) -> Any:
            judged.append(place.literal.port)
            return super().resolve(place)

    repeated = Repeated(Counted(SHOP, Config()), judge(SHOP))
    found = [repeated.found(place(4999, kind="named", name=f"service-{n}.port")) for n in range(5)]
    assert judged == [4999]
    assert [each and each.literal for each in found] == [literal(4999, kind="named", name=f"service-{n}.port") for n in range(5)]
