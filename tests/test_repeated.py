"""What is said of numbers that nobody has, once for all of a kind, held against what is said of each."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portscan.config import Config
from portscan.evidence.places import Place
from portscan.judge.repeated import Repeated
from portscan.model import Finding, Location
from portscan.resolve import Resolver
from tests.literals import judge, literal, place, registry

SHOP = registry(
    "name: api, port: 4010, container_port: 8000, env: API_PORT, paths: ['apps/**'], aliases: [api.example.com]",
    "name: web, port: 4020, previous: [{port: 3999, until: 2025-01-01}]",
    "name: cache, port: 6379, protocol: redis",
    reserved='["5000-5009"]',
)
CONFIG = Config(allow=(9999,), generic_variables=("PORT",))
PLACES = st.builds(
    place,
    st.sampled_from([4010, 8000, 3999, 5001, 9999, 443, 4999, 4998]),
    path=st.just("apps/a.sh"),
    location=st.builds(Location, st.integers(1, 9), st.just(1), st.just(1), st.just(5)),
    kind=st.sampled_from(["url", "named", "mapping", "call", "default"]),
    context=st.sampled_from(["code", "doc"]),
    language=st.sampled_from(["shell", "env", "dockerfile"]),
    host=st.sampled_from([None, "api.example.com", "localhost", "elsewhere", "api", "example.org"]),
    name=st.sampled_from([None, "a.port", "b.port", "API_PORT", "web.API_PORT", "healthcheck.port", "OTHER_PORT", "a.PORT"]),
    variables=st.sampled_from([(), ("API_PORT",), ("PORT",), ("OTHER_PORT",)]),
    side=st.sampled_from([None, "host", "container"]),
    owner=st.sampled_from([None, None, "api", "stranger"]),
    pins=st.sampled_from(["", "", "api"]),
    text=st.sampled_from(["443", "tls ? 443 : 80", "port 4999"]),
)


def all_of(found: Finding | None) -> dict[str, Any]:
    """A finding with what two of them are not compared by."""
    return {each.name: getattr(found, each.name) for each in fields(Finding)} if found else {}


@given(st.lists(PLACES, max_size=30), st.booleans())
def test_what_was_said_before_is_what_would_be_said(several: list[Place], strict: bool) -> None:
    config = Config(allow=CONFIG.allow, generic_variables=CONFIG.generic_variables, strict=strict)
    repeated = Repeated(Resolver(SHOP, config), judge(SHOP, config))
    for each in several:
        assert all_of(repeated.found(each)) == all_of(repeated.judge.judge(repeated.resolver.resolve(each)))


def test_many_of_a_kind_are_judged_once() -> None:
    judged: list[int] = []

    class Counted(Resolver):
        def resolve(self, place: Place) -> Any:
            judged.append(place.literal.port)
            return super().resolve(place)

    repeated = Repeated(Counted(SHOP, CONFIG), judge(SHOP, CONFIG))
    found = [repeated.found(place(4999, kind="named", name=f"service-{n}.port")) for n in range(5)]
    assert judged == [4999]
    assert [each and each.literal for each in found] == [literal(4999, kind="named", name=f"service-{n}.port") for n in range(5)]
