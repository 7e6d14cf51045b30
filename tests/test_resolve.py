"""Which service a literal is about: every piece of evidence by itself, and which of two counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan import resolve
from portscan.config import Config
from portscan.evidence import last, outsiders
from portscan.evidence.hosts import LOOPBACK, bare_host
from portscan.evidence.outsiders import Called, speaks_of
from portscan.evidence.places import Place
from portscan.registry.model import Endpoint, Registry, Service
from portscan.resolve import Resolver
from tests.literals import literal, place, registry, resolved

SHOP = registry(
    "name: api, port: 4010, container_port: 8000, aliases: [backend], compose_service: api-svc, host: Api.Example.com",
    "name: web, port: 4020, ports: {metrics: {port: 4021}, admin: {port: 4022, env: BACKSTAGE}}, paths: [apps/web/**]",
    "name: db, port: 5432, host: box.example.com",
    "name: cache, port: 6379, host: box.example.com",
)


def names(*found: Endpoint | None) -> list[str]:
    """`service` or `service/endpoint` of each."""
    return [f"{e.service}/{e.name}" if e.name else e.service for e in found if e]


class TestVariables:
    @pytest.mark.parametrize(
        "more, expected",
        [
            ({"variables": ("API_PORT",)}, ["api"]),
            ({"variables": ("OTHER", "API_PORT")}, ["api"]),
            ({"variables": ("API_PORT", "DB_PORT")}, ["api"]),
            ({"variables": ("BACKSTAGE",)}, ["web/admin"]),
            ({"name": "settings.API_PORT", "kind": "named"}, ["api"]),
            ({"name": "API_PORT.settings", "kind": "named"}, []),
            # A look-up says which variable it is; what its result is called does not matter.
            ({"name": "API_PORT", "variables": ("OTHER",)}, []),
            ({"variables": ("OTHER",)}, []),
            ({}, []),
        ],
    )
    def test_the_one_that_is_looked_up_or_set(self, more: dict[str, Any], expected: list[str]) -> None:
        assert names(resolved(SHOP, 9, **more).variable) == expected

    @pytest.mark.parametrize("prefix", ["VITE", "NEXT_PUBLIC", "NUXT_PUBLIC", "REACT_APP", "VUE_APP", "EXPO_PUBLIC", "PUBLIC"])
    def test_what_makes_one_public_is_no_part_of_it(self, prefix: str) -> None:
        assert names(resolved(SHOP, 9, variables=(f"{prefix}_API_PORT",)).variable) == ["api"]
        assert names(resolved(SHOP, 9, variables=(f"X_{prefix}_API_PORT",)).variable) == []

    def test_in_the_middle_it_is(self) -> None:
        known = registry("name: api, port: 1, env: MY_API_PORT")
        assert names(resolved(known, 9, variables=("MY_VITE_API_PORT",)).variable) == []

    def test_unless_somebody_has_that_very_variable(self) -> None:
        known = registry("name: api, port: 1, env: PORT")
        assert names(resolved(known, 9, variables=("VITE_PORT",)).variable) == []
        known = registry("name: api, port: 1", "name: web, port: 2, env: VITE_API_PORT")
        assert names(resolved(known, 9, variables=("VITE_API_PORT",)).variable) == ["web"]

    def test_only_one_prefix_is_taken_off(self) -> None:
        known = registry("name: api, port: 1, env: PUBLIC_API_PORT", "name: other, port: 2, env: API_PORT")
        assert names(resolved(known, 9, variables=("PUBLIC_PUBLIC_API_PORT",)).variable) == ["api"]


class TestGenericVariables:
    """PORT stands for the port of whoever owns the file or the compose entry."""

    def test_it_is_the_owner_s_that_has_the_number_else_the_main_one(self) -> None:
        own = {"path": "apps/web/a.sh", "variables": ("PORT",)}
        assert names(resolved(SHOP, 4021, **own).variable) == ["web/metrics"]
        assert names(resolved(SHOP, 9999, **own).variable) == ["web"]

    def test_any_of_several_names_will_do(self) -> None:
        assert names(resolved(SHOP, 1, path="apps/web/a.sh", variables=("X", "HTTP_PORT")).variable) == ["web"]

    def test_not_without_an_owner(self) -> None:
        assert names(resolved(SHOP, 4020, variables=("PORT",)).variable) == []

    def test_nor_for_other_names(self) -> None:
        assert names(resolved(SHOP, 4020, path="apps/web/a.sh", variables=("OTHER",)).variable) == []

    def test_nor_in_prose(self) -> None:
        assert names(resolved(SHOP, 4020, path="apps/web/a.md", variables=("PORT",), context="doc").variable) == []

    def test_the_compose_entry_comes_before_the_file(self) -> None:
        found = resolved(SHOP, 1, path="apps/web/compose.yaml", owner="api-svc", variables=("PORT",))
        assert names(found.variable) == ["api"]
        assert found.owner is not None
        assert found.owner.name == "api"

    def test_which_ones_these_are_is_configuration(self) -> None:
        config = Config(generic_variables=("LISTEN",))
        assert names(resolved(SHOP, 1, config, path="apps/web/a.sh", variables=("LISTEN",)).variable) == ["web"]
        assert names(resolved(SHOP, 1, config, path="apps/web/a.sh", variables=("PORT",)).variable) == []

    @pytest.mark.parametrize("language", ["env", "shell", "dockerfile", "yaml", "procfile", "makefile", "batch", "powershell"])
    def test_a_name_that_is_set_is_one_where_setting_reaches_the_environment(self, language: str) -> None:
        own = {"path": "apps/web/a", "name": "PORT", "language": language}
        assert names(resolved(SHOP, 1, kind="named", **own).variable) == ["web"]
        assert names(resolved(SHOP, 1, kind="call", **own).variable) == []

    def test_a_constant_of_a_program_is_none(self) -> None:
        own = {"path": "apps/web/a.py", "name": "PORT", "language": "python", "kind": "named"}
        assert names(resolved(SHOP, 1, **own).variable) == []

    @pytest.mark.parametrize(
        "more, presumed",
        [
            ({"path": "apps/web/a.sh", "variables": ("PORT",)}, True),
            ({"path": "apps/web/a.sh", "variables": ("WEB_PORT",)}, False),
            ({"path": "apps/web/a.sh", "variables": ("OTHER",)}, False),
            ({"path": "a.sh", "variables": ("PORT",)}, False),
            ({"path": "apps/web/compose.yaml", "owner": "api-svc", "variables": ("PORT",)}, False),
        ],
    )
    def test_only_one_that_the_file_alone_makes_a_service_s_is_presumed(self, more: dict[str, Any], presumed: bool) -> None:
        assert resolved(SHOP, 4020, **more).presumed is presumed


class TestHosts:
    @pytest.mark.parametrize(
        "host, expected, inside",
        [
            ("api", ["api"], True),
            ("API.", ["api"], True),
            ("[api]", ["api"], True),
            ("api-svc", ["api"], True),
            ("backend", ["api"], True),
            ("api.example.com", ["api"], False),
            ("api.shop.svc", ["api"], True),
            ("api.shop.svc.cluster.local", ["api"], True),
            ("db.shop.svc.cluster.local", ["db"], True),
            ("api.shop.pod", [], False),
            ("x.api.shop.svc", [], False),
            ("localhost", [], False),
            ("elsewhere", [], False),
            (None, [], False),
        ],
    )
    def test_the_one_beside_the_number(self, host: str | None, expected: list[str], inside: bool) -> None:
        found = resolved(SHOP, 9, host=host)
        assert (names(found.host), found.inside) == (expected, inside)

    def test_a_machine_may_be_that_of_many_and_then_the_number_tells(self) -> None:
        assert names(resolved(SHOP, 6379, host="box.example.com").host) == ["cache"]
        assert names(resolved(SHOP, 9, host="box.example.com").host) == []

    def test_of_several_that_are_called_so_it_is_the_one_of_that_name(self) -> None:
        known = registry(
            "name: db, container_port: 5432",
            "name: dev-db, port: 5432, compose_service: db",
            "name: test-db, port: 9, container_port: 5432, compose_service: db",
        )
        assert names(resolved(known, 5432, host="db").host) == ["db"]
        assert names(resolved(known, 5432, host="db.shop.svc").host) == ["db"]
        assert names(resolved(known, 9, host="db").host) == ["test-db"]
        assert names(resolved(known, 7, host="db").host) == []

    def test_of_a_service_with_many_ports_it_is_the_one_with_the_number(self) -> None:
        assert names(resolved(SHOP, 4022, host="web").host) == ["web/admin"]
        assert names(resolved(SHOP, 9, host="web").host) == ["web"]

    @pytest.mark.parametrize("host", sorted(LOOPBACK))
    def test_this_very_machine_is_nobody_s(self, host: str) -> None:
        known = registry("name: api, port: 1, host: localhost, aliases: [host.docker.internal]")
        assert resolved(known, 9, host=host).host is None

    @pytest.mark.parametrize("host", ["", "*", "localhost", "127.0.0.1", "0.0.0.0", "::", "::1", "[::1]", "LOCALHOST."])
    def test_this_machine_has_many_names(self, host: str) -> None:
        assert bare_host(host) in LOOPBACK
        assert not resolved(SHOP, 9, host=host).foreign


class TestForeignHosts:
    @pytest.mark.parametrize("host", ["www.example.org", "Example.org.", "a-b.example.co"])
    def test_public_names_that_nobody_claims(self, host: str) -> None:
        assert resolved(SHOP, 4010, host=host).foreign

    @pytest.mark.parametrize(
        "host", ["api", "api.example.com", "box.example.com", "elsewhere", "10.0.0.1", "example.o", "exa mple.org", None, ""]
    )
    def test_what_is_claimed_or_is_no_such_name(self, host: str | None) -> None:
        assert not resolved(SHOP, 4010, host=host).foreign

    @pytest.mark.parametrize(
        "ending", ["local", "localhost", "internal", "svc", "cluster.local", "lan", "test", "home", "intranet", "docker"]
    )
    def test_names_that_only_a_private_network_knows(self, ending: str) -> None:
        assert not resolved(SHOP, 4010, host=f"x.{ending}").foreign
        assert resolved(SHOP, 4010, host=f"x.{ending}.org").foreign


class TestMappings:
    """In the entry of a compose service, the other half of a mapping tells which of its ports is meant."""

    COMPOSE = registry(
        "name: web, port: 4020, container_port: 80, ports: {admin: {port: 4022, container_port: 9000}}",
        "name: api, port: 4010",
    )

    def mapped(self, port: int, **more: Any) -> list[str]:
        return names(resolved(self.COMPOSE, port, **{"owner": "web", "kind": "mapping", **more}).mapped)

    def test_the_container_s_port_tells(self) -> None:
        assert self.mapped(9999, side="host", partner=literal(9000, side="container")) == ["web/admin"]
        assert self.mapped(9999, side="host", partner=literal(80, side="container")) == ["web"]

    def test_so_does_the_host_s(self) -> None:
        assert self.mapped(1, side="container", partner=literal(4022, side="host")) == ["web/admin"]

    def test_a_variable_of_the_host_s_half_tells_whatever_its_number(self) -> None:
        other = literal(1, side="host", variables=("WEB_ADMIN_PORT",))
        assert self.mapped(1, side="container", partner=other) == ["web/admin"]

    def test_else_the_number(self) -> None:
        assert self.mapped(4022, side="host") == ["web/admin"]
        assert self.mapped(9000, side="container", partner=literal(1, side="host")) == ["web/admin"]

    def test_a_number_that_is_another_s_is_meant_for_the_main_port(self) -> None:
        assert self.mapped(4010, side="host") == ["web"]
        assert self.mapped(9999, side="host") == []
        assert self.mapped(4010, side="container") == []

    def test_what_is_no_half_of_one_is_about_nothing(self) -> None:
        assert self.mapped(4022) == []

    KEYED = registry(
        "name: db, container_port: 5432",
        "name: dev-db, port: 5432, compose_service: db",
        "name: test-db, port: 9, container_port: 5432, compose_service: db",
        "name: web, port: 80",
        "name: other, port: 80, compose_service: web, alternative_to: web",
    )

    @pytest.mark.parametrize(
        ("key", "port", "side", "expected"),
        [
            ("db", 9, "host", "test-db"),
            ("DB", 5432, "host", "dev-db"),
            ("db", 5432, "container", None),
            ("db", 5432, None, None),
            ("db", 7, "host", None),
            ("Web", 80, "host", "web"),
            ("web", 80, "container", None),
            ("test-db", 7, "host", "test-db"),
        ],
    )
    def test_of_services_with_one_key_it_is_the_one_that_publishes_the_number(
        self, key: str, port: int, side: Any, expected: str | None
    ) -> None:
        owner = resolved(self.KEYED, port, owner=key, kind="mapping", side=side).owner
        assert (owner.name if owner else None) == expected

    def test_a_half_of_a_mapping_whose_side_nobody_says_is(self) -> None:
        assert self.mapped(1, partner=literal(9000, side="container")) == ["web/admin"]

    def test_nor_outside_of_an_entry(self) -> None:
        assert self.mapped(4022, side="host", owner=None) == []
        assert self.mapped(4022, side="host", owner="stranger") == []


class TestWhichEvidenceCounts:
    def claimed(self, **more: Any) -> list[str]:
        return names(*resolved(SHOP, 9, **more).endpoints)

    def test_the_variable_comes_before_the_host(self) -> None:
        assert self.claimed(variables=("DB_PORT",), host="api") == ["db"]

    def test_the_host_comes_before_the_mapping(self) -> None:
        assert self.claimed(host="api", owner="web", side="host", partner=literal(4022, side="host")) == ["api"]

    def test_the_mapping_comes_before_the_number(self) -> None:
        found = resolved(SHOP, 4010, owner="web", side="host", partner=literal(4022, side="host"))
        assert names(*found.endpoints) == ["web/admin"]

    def test_all_of_it_is_kept(self) -> None:
        found = resolved(SHOP, 9, variables=("DB_PORT",), host="api", owner="web", partner=literal(4022, side="host"))
        assert names(found.variable, found.host, found.mapped) == ["db", "api", "web/admin"]
        assert found.owner is not None
        assert found.owner.name == "web"
        assert found.literal.port == 9


class TestNumbers:
    """Without other evidence the number decides; where several services have it, whatever else is known does."""

    MANY = registry(
        "name: blue, port: 5001, container_port: 5432, paths: [blue/**]",
        "name: green, port: 5002, container_port: 5432",
        "name: plain, port: 5432",
        "name: box-a, port: 7001, container_port: 9, host: box.example.com",
        "name: box-b, port: 7002, container_port: 9, host: box.example.com",
    )

    def found(self, port: int, **more: Any) -> list[str]:
        return names(*resolved(self.MANY, port, **more).endpoints)

    def test_the_published_port_comes_first(self) -> None:
        assert self.found(5432) == ["plain"]

    def test_on_the_container_s_side_its_port_does(self) -> None:
        assert self.found(5432, side="container") == ["plain", "blue", "green"]
        assert self.found(5001, side="container") == ["blue"]

    def test_of_several_all_are_candidates(self) -> None:
        assert self.found(9) == ["box-a", "box-b"]

    def test_the_name_tells(self) -> None:
        assert self.found(5432, name="GREEN_URL") == ["green"]

    def test_the_compose_service_tells(self) -> None:
        assert self.found(5432, owner="green") == ["green"]

    def test_the_owner_of_the_file_tells(self) -> None:
        assert self.found(5432, path="blue/a.sh") == ["blue"]

    def test_what_is_nobody_s_is_nobody_s(self) -> None:
        assert self.found(1) == []

    def test_each_service_counts_once(self) -> None:
        known = registry("name: a, port: 1, ports: {b: {port: 2, container_port: 1}, c: {port: 3, container_port: 1}}")
        assert names(*resolved(known, 1).endpoints) == ["a"]
        assert names(*resolved(known, 1, side="container").endpoints) == ["a"]

    def test_a_mapping_says_its_transport(self) -> None:
        known = registry("name: a, port: 53", "name: b, port: 53, protocol: udp")
        assert names(*resolved(known, 53, kind="mapping", text="53:53/udp").endpoints) == ["b"]
        assert names(*resolved(known, 53, kind="mapping", text="53:53").endpoints) == ["a"]
        assert names(*resolved(known, 53).endpoints) == ["a", "b"]

    def test_the_top_of_the_repository_is_where_globs_begin(self) -> None:
        assert names(*resolved(self.MANY, 5432, None, "blue", path="a.sh").endpoints) == ["blue"]


class TestPins:
    def pinned(self, pins: str, port: int, *beside: int, known: Registry = SHOP) -> list[str]:
        return names(*resolved(known, port, pins=pins, beside=beside).pinned)

    def test_a_service_with_all_its_ports(self) -> None:
        assert self.pinned("web", 4021) == ["web", "web/metrics", "web/admin"]

    def test_a_variable_is_one_of_them(self) -> None:
        assert self.pinned("BACKSTAGE", 9) == ["web/admin"]

    def test_nobody(self) -> None:
        assert self.pinned("wbe", 4020) == []
        assert self.pinned("", 4020) == []

    def test_of_several_the_one_that_has_the_number(self) -> None:
        assert self.pinned("db web cache", 6379) == ["cache"]
        assert self.pinned("db web cache", 9) == ["db"]

    def test_not_one_that_another_number_of_the_line_is_about(self) -> None:
        assert self.pinned("db", 9, 5432) == []
        assert self.pinned("db", 5432, 5432) == ["db"]
        assert self.pinned("db cache", 9, 5432) == ["cache"]
        assert self.pinned("db", 9, 7, 8) == ["db"]


class TestOutsiders:
    """Somebody else that a host or a variable speaks of."""

    def test_a_host_that_nobody_has_is_one(self) -> None:
        found = resolved(SHOP, 4010, host="firepit")
        assert found.outsider is not None
        assert (found.outsider.name, names(*found.outsider.holders), found.endpoints) == ("firepit", ["api"], ())

    def test_none_is_where_a_variable_says_whose_it_is(self) -> None:
        found = resolved(SHOP, 4010, host="firepit", variables=("API_PORT",))
        assert (found.outsider, names(*found.endpoints)) == (None, ["api"])

    def test_nor_where_the_host_is_that_of_several(self) -> None:
        found = resolved(SHOP, 4010, host="box.example.com")
        assert (found.outsider, names(*found.endpoints)) == (None, ["api"])


class TestRetired:
    """A service's previous port."""

    MOVED = registry(
        "name: api, port: 4010, paths: [api/**], previous: [{port: 4000, until: 2026-06-01}]",
        "name: web, port: 4020, paths: [web/**], previous: [{port: 4000, until: 2026-07-01}]",
        "name: new, port: 4001",
        "name: old, port: 4030, previous: [{port: 4001, until: 2026-06-01}]",
    )

    def retired(self, port: int, **more: Any) -> str | None:
        found = resolved(self.MOVED, port, **more).retired
        return found and found.service

    def test_the_first_that_had_it(self) -> None:
        assert self.retired(4000) == "api"
        assert self.retired(4010) is None

    def test_the_owner_s_rather(self) -> None:
        assert self.retired(4000, path="web/a.sh") == "web"
        assert self.retired(4000, path="else/a.sh") == "api"

    def test_what_is_said_to_be_somebody_s_is_only_that_one_s(self) -> None:
        assert self.retired(4000, host="web") == "web"
        assert self.retired(4000, host="new") is None
        assert self.retired(4000, variables=("WEB_PORT",)) == "web"

    def test_a_variable_has_not_what_another_port_of_its_service_had(self) -> None:
        further = "metrics: {port: 4021, previous: [{port: 4000, until: 2026-06-01}]}"
        known = registry(f"name: web, port: 4020, ports: {{{further}}}")
        assert resolved(known, 4000, variables=("WEB_PORT",)).retired is None
        assert resolved(known, 4000, variables=("WEB_METRICS_PORT",)).retired is not None
        assert resolved(known, 4000, host="web").retired is not None

    def test_who_has_the_number_now_comes_first(self) -> None:
        assert self.retired(4001) is None
        assert self.retired(4001, host="old") == "old"

    def test_a_container_may_listen_on_it_still(self) -> None:
        known = registry("name: api, port: 4010, container_port: 4000, previous: [{port: 4000, until: 2026-06-01}]")
        assert resolved(known, 4000, host="api", side="container").retired is None
        moved = registry("name: api, port: 4010, container_port: 4001, previous: [{port: 4000, until: 2026-06-01}]")
        assert resolved(moved, 4000, side="container").retired is not None

    def test_one_that_a_service_has_again_is_none(self) -> None:
        known = registry("name: api, port: 4010, previous: [{port: 4010, until: 2026-06-01}]")
        assert resolved(known, 4010, host="api").retired is None


class TestProse:
    def test_what_is_said_about_a_number_counts_only_there(self) -> None:
        found = resolved(SHOP, 4010, context="doc", text="web: 4010")
        assert found.named is not None
        assert found.named.service.name == "web"
        assert resolved(SHOP, 4010, text="web: 4010").named is None

    def test_what_is_behind_the_number_counts_too(self) -> None:
        found = resolved(SHOP, 12345, context="comment", text="port 12345 (web)")
        assert found.named is not None
        assert found.named.service.name == "web"


@pytest.mark.parametrize("name, expected", [("a.b.PORT", "PORT"), ("PORT", "PORT"), ("PORT.", ""), ("", ""), (None, "")])
def test_the_last_part_of_a_key_path(name: str | None, expected: str) -> None:
    assert last(name) == expected


@pytest.mark.parametrize(
    "host, expected", [("[::1]", "::1"), ("Api.Example.COM.", "api.example.com"), ("api", "api"), ("", ""), (None, "")]
)
def test_a_host_as_it_is_compared(host: str | None, expected: str) -> None:
    assert bare_host(host) == expected


CALLED = registry(
    "name: api, port: 4010, aliases: [backend, Web-API], compose_service: api-svc, host: api.example.com",
    "name: shop-web, port: 4020, env: STORE_FRONT_PORT, ports: {metrics: {port: 4021, protocol: prometheus}}",
    "name: db, port: 5432, protocol: postgresql/15",
    "name: shop, port: 4030",
    "name: api-gateway, port: 4040, protocol: http",
)


@pytest.mark.parametrize(
    ("name", "whom"),
    [
        ("API_PORT", ["api"]),
        ("apiGatewayPort", ["api", "api-gateway"]),
        ("BACKEND_URL", ["api"]),
        ("MY_API_EXAMPLE_COM", ["api"]),
        ("WEB_API_PORT", ["api"]),
        ("SHOP_WEB_PORT", ["shop-web", "shop"]),
        ("FRONT_OF_STORE", ["shop-web"]),
        ("PROMETHEUS_PORT", ["shop-web"]),
        ("POSTGRESQL_PORT", ["db"]),
        ("HTTP_PORT", []),
        ("SHOPPING_PORT", []),
        ("", []),
    ],
)
def test_whom_a_name_speaks_of_is_known_without_asking_each_service(name: str, whom: list[str]) -> None:
    assert [service.name for service in Called(CALLED).by(name)] == whom
    assert [service.name for service in CALLED.services if speaks_of(name, service)] == whom


def test_of_many_services_those_are_asked_that_share_a_word_with_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(name: str, service: Service) -> bool:
        asked.append(service.name)
        return speaks_of(name, service)

    monkeypatch.setattr(outsiders, "speaks_of", counted)
    many = registry(*(f"name: service-{n}x, port: {4000 + n}" for n in range(200)), "name: shop, port: 5000")
    assert [service.name for service in Called(many).by("SHOP_PORT")] == ["shop"]
    assert asked == ["shop"]


PLACES = st.builds(
    place,
    st.sampled_from([4010, 8000, 4020, 4021, 5432, 6379, 9999]),
    path=st.sampled_from(["a.sh", "apps/web/a.sh"]),
    kind=st.sampled_from(["url", "named", "mapping"]),
    context=st.sampled_from(["code", "doc"]),
    language=st.sampled_from(["shell", "python"]),
    host=st.sampled_from([None, "api.example.com", "box.example.com", "localhost", "elsewhere"]),
    name=st.sampled_from([None, "API_PORT", "a.PORT", "OTHER_PORT", "web"]),
    variables=st.sampled_from([(), ("API_PORT",), ("PORT",), ("OTHER_PORT", "BACKSTAGE")]),
    side=st.sampled_from([None, "host", "container"]),
    owner=st.sampled_from([None, "api-svc", "stranger"]),
    text=st.sampled_from(["4010", "web: 4010", "6379/udp of the cache"]),
)


@given(st.lists(PLACES, max_size=30))
def test_what_was_resolved_before_changes_nothing(several: list[Place]) -> None:
    resolver = Resolver(SHOP, Config())
    assert [resolver.resolve(each) for each in several] == [Resolver(SHOP, Config()).resolve(each) for each in several]


def test_what_was_resolved_before_is_forgotten_when_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "MOST_KEPT", 2)
    resolver, several = Resolver(SHOP, Config()), [place(port, kind="named") for port in (4010, 4020, 4010, 5432, 6379, 4021)]
    kept = []
    for each in several:
        assert resolver.resolve(each) == Resolver(SHOP, Config()).resolve(each)
        kept.append(len(resolver._told))
    assert kept == [1, 2, 2, 1, 2, 1]


@pytest.mark.parametrize(
    "first, second",
    [({"path": "a.sh"}, {"path": "apps/web/a.sh"}), ({"owner": "web", "path": "apps/web/a.yaml"}, {"path": "apps/web/a.yaml"})],
)
def test_what_is_around_a_literal_counts_whatever_was_resolved_before(first: dict[str, Any], second: dict[str, Any]) -> None:
    resolver = Resolver(SHOP, Config())
    before, after = (place(4020, kind="named", variables=("PORT",), **more) for more in (first, second))
    assert resolver.resolve(before) != Resolver(SHOP, Config()).resolve(after)
    for each in (before, after):
        assert resolver.resolve(each) == Resolver(SHOP, Config()).resolve(each)
