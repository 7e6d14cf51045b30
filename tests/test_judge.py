"""Whether a literal is a finding, clause by clause, and what is said about it."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from portscan.config import Config
from portscan.registry.model import Registry
from tests.literals import finding, literal, registry, said, strict

# `api` says where its container listens, `web` does not.
SHOP = registry(
    "name: api, port: 4010, container_port: 8000, paths: [apps/api/**]",
    "name: web, port: 4020, ports: {admin: {port: 4021}, metrics: {port: 4022, container_port: 9000}}",
    "name: outside, port: 4030, external: true, host: out.example.com",
    "name: native, port: 4040, container: false",
)


def told(port: int, known: Registry = SHOP, **more: Any) -> str:
    found = finding(known, port, **more)
    return f"{found.message} {found.help}" if found else "nothing"


class TestPins:
    def test_a_finding_says_whether_one_made_it_and_what_speaks_against_it(self) -> None:
        found = [finding(SHOP, 4010), finding(SHOP, 9999, pins="api"), finding(registry("name: charts, port: 3000"), 3000)]
        assert [each and (each.pinned, bool(each.doubt)) for each in found] == [(False, False), (True, False), (False, True)]

    @pytest.mark.parametrize("port", [4010, 8000])
    def test_with_a_number_of_the_service_it_binds(self, port: int) -> None:
        assert said(SHOP, port, pins="api") == "pinned"

    def test_with_another_it_is_stale(self) -> None:
        assert said(SHOP, 4011, pins="api") == "PS003 api API_PORT"
        assert "the pin ties it to `api`" in told(4011, pins="api")

    def test_where_the_service_has_several_ports_nobody_knows_which(self) -> None:
        assert said(SHOP, 4011, pins="web") == "PS003 web"
        assert said(SHOP, 4011, pins="WEB_ADMIN_PORT") == "PS003 web WEB_ADMIN_PORT"

    def test_it_comes_before_everything_else(self) -> None:
        assert said(SHOP, 4010, pins="api", variables=("WEB_PORT",)) == "pinned"


class TestFallbacks:
    def test_the_port_of_the_variable_is_bound(self) -> None:
        assert said(SHOP, 4010, variables=("API_PORT",)) == "bound"

    def test_another_is_stale(self) -> None:
        assert said(SHOP, 4020, variables=("API_PORT",)) == "PS003 api API_PORT"
        assert "it is the fallback of `API_PORT`" in told(4020, variables=("API_PORT",))

    def test_a_generic_variable_is_the_owner_s_and_called_by_its_name(self) -> None:
        own = {"path": "apps/api/a.sh", "variables": ("HOST", "PORT")}
        assert said(SHOP, 4010, **own) == "bound"
        assert said(SHOP, 4020, **own) == "PS003 api API_PORT"
        assert "it is the fallback of `PORT`" in told(4020, **own)

    def test_the_service_s_own_variable_is_named_rather_than_a_generic_one(self) -> None:
        assert "it is the fallback of `API_PORT`" in told(1, path="apps/api/a.sh", variables=("PORT", "API_PORT"))

    def test_one_that_is_public_is_called_as_it_is_written(self) -> None:
        assert "it is the fallback of `VITE_API_PORT`" in told(1, variables=("VITE_API_PORT", "X"))

    def test_a_generic_one_may_have_the_port_inside_the_container(self) -> None:
        assert said(SHOP, 8000, path="apps/api/a.sh", variables=("PORT",)) == "verified"
        assert said(SHOP, 8000, variables=("API_PORT",)) == "PS003 api API_PORT"
        assert said(SHOP, 8000, owner="x", variables=("API_PORT",)) == "PS003 api API_PORT"

    def test_in_a_file_of_variables_it_is_still_a_fallback(self) -> None:
        own = {"language": "env", "kind": "named", "path": ".env", "name": "API_PORT", "variables": ("API_PORT",)}
        assert said(SHOP, 4010, **own) == "bound"
        assert "it is the fallback of `API_PORT`" in told(4020, **own)

    def test_one_that_nobody_knows_is_judged_by_the_number(self) -> None:
        assert said(SHOP, 4010, variables=("OTHER",)) == "PS004 api API_PORT"
        assert said(SHOP, 1, variables=("OTHER",)) == "PS002"


class TestValues:
    ENV: ClassVar[dict[str, Any]] = {"language": "env", "kind": "named", "path": ".env"}

    def test_the_port_itself_is_bound(self) -> None:
        assert said(SHOP, 4010, name="API_PORT", **self.ENV) == "value"

    def test_another_is_stale(self) -> None:
        assert said(SHOP, 4011, name="API_PORT", **self.ENV) == "PS003 api API_PORT"
        assert "it is the value of `API_PORT`" in told(4011, name="API_PORT", **self.ENV)

    def test_it_is_stale_however_it_is_published(self) -> None:
        """In a file of variables the value decides, not a clause about mappings or hosts."""
        assert "it is the value of `API_PORT`" in told(4020, name="x.API_PORT", host="web", **self.ENV)

    def test_a_url_is_no_value(self) -> None:
        assert said(SHOP, 4010, **self.ENV | {"kind": "url", "name": "API_PORT"}) == "PS001 api API_PORT"

    def test_a_dockerfile_declares_what_an_operator_may_set(self) -> None:
        docker = {"language": "dockerfile", "kind": "named", "path": "apps/api/Dockerfile"}
        assert said(SHOP, 4010, name="API_PORT", **docker) == "value"
        assert said(SHOP, 4010, name="PORT", **docker) == "PS001 api API_PORT"
        assert said(SHOP, 4010, name="x", variables=("OTHER",), **docker) == "PS004 api API_PORT"

    def test_elsewhere_it_is_a_number_written_out(self) -> None:
        assert said(SHOP, 4010, name="API_PORT", kind="named", language="python") == "PS001 api API_PORT"

    def test_a_generic_one_may_have_the_port_inside(self) -> None:
        assert said(SHOP, 8000, name="PORT", **self.ENV | {"path": "apps/api/.env"}) == "verified"
        assert said(SHOP, 8000, name="API_PORT", **self.ENV) == "PS003 api API_PORT"
        assert said(SHOP, 8000, name="API_PORT", owner="api", **self.ENV) == "verified"


class TestTheContainersSide:
    SIDE: ClassVar[dict[str, Any]] = {"kind": "mapping", "side": "container", "language": "yaml", "path": "compose.yaml"}

    def test_what_the_registry_says(self) -> None:
        assert said(SHOP, 8000, owner="api", **self.SIDE) == "verified"

    def test_another_is_wrong_where_the_registry_says_it(self) -> None:
        other = literal(4010, side="host")
        assert said(SHOP, 8001, owner="api", partner=other, **self.SIDE) == "PS003 api"
        assert told(8001, owner="api", partner=other, **self.SIDE).endswith("Write 8000.")

    def test_where_it_does_not_the_image_decides(self) -> None:
        other = literal(4020, side="host")
        assert said(SHOP, 80, owner="web", partner=other, **self.SIDE) == "verified"

    def test_of_a_further_port_too(self) -> None:
        other = literal(4022, side="host")
        assert said(SHOP, 80, owner="web", partner=other, **self.SIDE) == "PS003 web"
        assert said(SHOP, 80, owner="web", partner=literal(4021, side="host"), **self.SIDE) == "verified"

    def test_that_of_a_stranger_is_its_own_affair(self) -> None:
        assert said(SHOP, 4010, owner="stranger", **self.SIDE) == "verified"


class TestHealthChecks:
    CHECK: ClassVar[dict[str, Any]] = {
        "name": "services.x.HealthCheck.test",
        "language": "yaml",
        "path": "compose.yaml",
        "host": "localhost",
    }

    def test_a_container_asks_itself(self) -> None:
        assert said(SHOP, 8000, owner="api", **self.CHECK) == "verified"
        assert said(SHOP, 9000, owner="web", **self.CHECK) == "verified"

    def test_at_its_published_port_it_finds_nobody(self) -> None:
        assert said(SHOP, 4010, owner="api", **self.CHECK) == "PS003 api"
        assert said(SHOP, 4022, owner="web", **self.CHECK) == "PS003 web"

    def test_where_the_registry_does_not_say_what_it_listens_on_any_may_be_right(self) -> None:
        known = registry("name: plain, port: 4020", "name: other, port: 7")
        assert said(known, 7, owner="plain", **self.CHECK) == "verified"
        assert said(SHOP, 1, owner="web", **self.CHECK) == "PS002 web"
        assert said(SHOP, 1, owner="api", **self.CHECK) == "PS002 api"

    def test_a_stranger_may_ask_itself_for_what_it_likes(self) -> None:
        assert said(SHOP, 4010, owner="stranger", **self.CHECK) == "verified"

    def test_the_owner_of_the_file_will_do(self) -> None:
        assert said(SHOP, 8000, **self.CHECK | {"path": "apps/api/Dockerfile"}) == "verified"

    def test_but_somebody_must_be_meant(self) -> None:
        assert said(SHOP, 4010, **self.CHECK) == "PS001 api API_PORT"

    def test_asking_another_is_no_check_of_itself(self) -> None:
        assert said(SHOP, 4040, owner="api", **self.CHECK | {"host": "native"}) == "PS001 native NATIVE_PORT"
        assert said(SHOP, 8000, owner="api", **self.CHECK | {"host": "native"}) == "PS002 native"

    def test_nor_is_what_stands_elsewhere(self) -> None:
        assert said(SHOP, 4010, owner="api", **self.CHECK | {"name": "services.x.command"}) == "PS001 api API_PORT"
        assert said(SHOP, 4010, owner="api", **self.CHECK | {"name": None}) == "PS001 api API_PORT"


class TestNamesAmongContainers:
    def test_a_service_s_own_name_with_the_container_s_port(self) -> None:
        assert said(SHOP, 8000, host="api") == "verified"
        assert said(SHOP, 9000, host="web") == "verified"

    def test_not_with_the_published_one(self) -> None:
        assert said(SHOP, 4010, host="api") == "PS001 api API_PORT"

    def test_nor_where_none_runs_in_a_container(self) -> None:
        assert said(SHOP, 4040, host="native") == "PS001 native NATIVE_PORT"
        assert said(SHOP, 4030, host="outside") == "PS001 outside OUTSIDE_PORT"

    def test_nor_by_the_name_by_which_the_world_knows_it(self) -> None:
        known = registry("name: api, port: 4010, container_port: 8000, host: api.example.com")
        assert said(known, 8000, host="api.example.com") == "PS001 api API_PORT"


class TestOwnEntries:
    """What a compose entry tells its own container."""

    ENTRY: ClassVar[dict[str, Any]] = {"owner": "api", "kind": "named", "language": "yaml", "path": "compose.yaml"}

    def test_its_own_port_inside(self) -> None:
        assert said(SHOP, 8000, name="environment.LISTEN", **self.ENTRY) == "verified"
        assert said(SHOP, 8000, name="environment.LISTEN", host="0.0.0.0", **self.ENTRY) == "verified"

    def test_not_the_published_one(self) -> None:
        assert said(SHOP, 4010, name="environment.LISTEN", **self.ENTRY) == "PS001 api API_PORT"

    @pytest.mark.parametrize("more", [{}, {"host": "0.0.0.0"}, {"kind": "flag", "name": "command"}, {"variables": ("API_PORT",)}])
    def test_where_it_listens_though_the_number_is_the_same_outside(self, more: dict[str, Any]) -> None:
        listens = {"name": "environment.PORT", "inside": (8000,), **self.ENTRY}
        known = registry("name: api, port: 8000", "name: moved, port: 8001, compose_service: api-2")
        assert said(known, 8000, **listens | more) in ("verified", "bound")
        assert said(known, 8000, **listens | more | {"owner": "stranger", "variables": ()}) == "verified"
        assert said(known, 8000, **listens | {"owner": "api-2", "variables": ("MOVED_PORT",)}) == "verified"

    @pytest.mark.parametrize(
        "more",
        [
            {"inside": ()},
            {"inside": (8001,)},
            {"name": "environment.PUBLIC_PORT"},
            {"name": "environment.NEXTAUTH_URL", "kind": "url", "host": "localhost"},
            {"side": "host"},
            {"kind": "mapping"},
            {"partner": literal(8000, side="container", owner="api")},
        ],
    )
    def test_not_what_others_are_told(self, more: dict[str, Any]) -> None:
        own = {"name": "environment.PORT", "inside": (8000,), **self.ENTRY}
        assert said(registry("name: api, port: 8000"), 8000, **own | more) == "PS001 api API_PORT"

    def test_nor_another_s_under_its_variable(self) -> None:
        assert said(SHOP, 4020, name="environment.WEB_PORT", inside=(4020,), **self.ENTRY) == "PS001 web WEB_PORT"

    def test_nor_what_is_published_as_well(self) -> None:
        known = registry("name: api, port: 4010, container_port: 8000, ports: {b: {port: 8000, container_port: 1}}")
        assert said(known, 8000, name="environment.LISTEN", **self.ENTRY) == "PS001 api API_B_PORT"

    def test_nor_another_host(self) -> None:
        assert said(SHOP, 8000, name="x", host="www.example.org", **self.ENTRY) == "foreign host"
        assert said(SHOP, 8000, name="x", host="elsewhere", **self.ENTRY) == "PS002"

    def test_nor_a_mapping(self) -> None:
        assert said(SHOP, 8000, name="x", **self.ENTRY | {"kind": "mapping"}) == "PS001 api API_PORT"

    def test_nor_outside_of_an_entry(self) -> None:
        assert said(SHOP, 8000, name="x", kind="named", path="apps/api/a.sh") == "PS001 api API_PORT"
        assert said(SHOP, 8000, name="x", **self.ENTRY | {"owner": "stranger"}) == "PS001 api API_PORT"

    def test_another_s_port_inside_under_its_variable(self) -> None:
        assert said(SHOP, 8000, name="environment.API_PORT", **self.ENTRY | {"owner": "web"}) == "verified"
        assert said(SHOP, 9000, name="environment.API_PORT", **self.ENTRY) == "PS003 api API_PORT"
        assert said(SHOP, 8000, name="API_PORT", kind="named", language="yaml", path="a.yaml") == "PS003 api API_PORT"

    def test_a_variable_says_whose_it_is(self) -> None:
        assert said(SHOP, 8000, name="environment.WEB_PORT", **self.ENTRY) == "PS003 web WEB_PORT"


class TestNoneOfOurBusiness:
    def test_what_the_configuration_allows(self) -> None:
        assert said(SHOP, 4010, Config(allow=(80, 4010))) == "allowed"
        assert said(SHOP, 4010, Config(allow=(80,))) == "PS001 api API_PORT"

    def test_a_public_host_that_nobody_claims(self) -> None:
        assert said(SHOP, 4010, host="www.example.org") == "foreign host"
        assert said(SHOP, 4030, host="out.example.com") == "PS001 outside OUTSIDE_PORT"

    @pytest.mark.parametrize(
        "text",
        [
            "let port = useTLS ? 443 : 80;",
            "port = 80 if plain else 443",
            'p = x === "http:" ? "80" : "443"',
            "let p = if tls { 443 } else { 80 };",
            "val p = if (tls) 443 else 80",
        ],
    )
    def test_the_choice_between_the_ports_of_two_schemes(self, text: str) -> None:
        known = registry("name: entry, port: 80")
        for port in (80, 443):
            assert said(known, port, kind="named", text=text) == "scheme"
        assert said(known, 443, strict(), kind="named", text=text) == "PS002"
        assert said(known, 80, variables=("ENTRY_PORT",), text=text) == "bound"
        there = registry("name: entry, port: 80, container: false")
        assert said(there, 80, kind="named", text=text, host="entry") == "PS001 entry ENTRY_PORT"

    @pytest.mark.parametrize(
        "text", ["443:80", "{443: 80}", "x ? 443 : 8080", "a(443, 80)", "port: 443", "x ? 1443 : 80", "80:443"]
    )
    def test_which_is_no_mapping_and_no_list(self, text: str) -> None:
        assert said(registry("name: entry, port: 80"), 443, kind="named", text=text) == "PS002"

    @pytest.mark.parametrize(
        "more, expected",
        [
            ({"host": "www.example.org"}, "PS002"),
            ({"pins": "api"}, "pinned"),
            ({"variables": ("API_PORT",)}, "bound"),
        ],
    )
    def test_strictly_what_is_only_taken_to_be_right_is_reported(self, more: dict[str, Any], expected: str) -> None:
        assert said(SHOP, 4010, strict(), **more) == expected

    def test_strictly_what_is_verified_is_reported_and_what_is_allowed_is_not(self) -> None:
        assert said(SHOP, 8000, strict(), host="api") == "PS001 api API_PORT"
        assert said(SHOP, 4010, strict(Config(allow=(4010,)))) == "allowed"
        assert said(SHOP, 8000, strict(Config(allow=(8000,))), host="api") == "allowed"
        assert said(SHOP, 4010, strict(Config(allow=(4010,))), host="www.example.org") == "allowed"


class TestContradictions:
    ENTRY: ClassVar[dict[str, Any]] = {
        "owner": "api",
        "kind": "mapping",
        "side": "host",
        "language": "yaml",
        "path": "compose.yaml",
    }

    def test_compose_publishes_a_service_elsewhere(self) -> None:
        other = literal(8000, side="container")
        assert said(SHOP, 4011, partner=other, **self.ENTRY) == "PS003 api API_PORT"
        assert "compose publishes `api` here" in told(4011, partner=other, **self.ENTRY)
        assert said(SHOP, 4010, partner=other, **self.ENTRY) == "PS001 api API_PORT"

    def test_unless_it_says_by_which_variable(self) -> None:
        other = literal(8000, side="container")
        assert said(SHOP, 4020, partner=other, variables=("WEB_PORT",), **self.ENTRY) == "bound"
        assert "it is the fallback of `WEB_PORT`" in told(4011, partner=other, variables=("WEB_PORT",), **self.ENTRY)

    def test_a_host_has_no_such_port(self) -> None:
        """It may well have: a further one that nobody registered."""
        assert said(SHOP, 4011, host="api") == "PS002 api"
        assert said(SHOP, 9000, host="native") == "PS002 native"
        assert told(4011, host="Api") == (
            "Port 4011 of `api` is not in the registry. List it under `ports` of `api` with "
            "`portscan new api.NAME --unpublished --container-port 4011` or, if its container listens on it, as "
            "`container_port` of `api`, or ignore it, best with a reason: `portscan: ignore[PS002] REASON`."
        )

    def test_unless_it_had_it(self) -> None:
        known = registry("name: api, port: 4010, previous: [{port: 4000, until: 2026-06-01}]", "name: web, port: 1")
        assert said(known, 4000, host="api") == "PS006 api API_PORT"
        assert said(known, 4000, host="web") == "PS002 web"

    def test_of_what_the_variable_says_the_host_says_nothing(self) -> None:
        assert "it is the value of `API_PORT`" in told(1, host="native", name="x.API_PORT")

    def test_a_variable_is_given_another_number(self) -> None:
        assert said(SHOP, 4011, name="x.API_PORT", kind="named") == "PS003 api API_PORT"
        assert "it is the value of `API_PORT`" in told(4011, name="x.API_PORT", kind="named")
        assert said(SHOP, 4010, name="x.API_PORT", kind="named") == "PS001 api API_PORT"

    def test_a_service_that_moves_has_its_old_port_until_then(self) -> None:
        known = registry("name: api, port: 4010, previous: [{port: 4000, until: 2026-06-01}]")
        assert said(known, 4000, variables=("API_PORT",)) == "PS006 api API_PORT"


class TestStrangers:
    """What a compose service that is not registered listens on."""

    ENTRY: ClassVar[dict[str, Any]] = {"owner": "stranger", "language": "yaml", "path": "compose.yaml"}

    @pytest.mark.parametrize(
        "more", [{"kind": "flag"}, {"kind": "call"}, {"kind": "named", "name": "x.PORT"}], ids=["flag", "call", "generic name"]
    )
    def test_may_be_another_s_number_by_chance(self, more: dict[str, Any]) -> None:
        assert said(SHOP, 4010, **self.ENTRY, **more) == "PS005"
        assert "`api`, or of the compose service `stranger`" in told(4010, **self.ENTRY, **more)

    def test_a_number_of_nobody_is_nobody_s(self) -> None:
        assert said(SHOP, 1, kind="flag", **self.ENTRY) == "PS002"

    def test_elsewhere_in_the_entry_the_number_counts(self) -> None:
        assert said(SHOP, 4010, kind="url", **self.ENTRY) == "PS001 api API_PORT"
        assert said(SHOP, 4010, kind="named", name="OTHER", **self.ENTRY) == "PS001 api API_PORT"

    def test_a_look_up_is_no_chance(self) -> None:
        assert said(SHOP, 4010, kind="flag", variables=("OTHER",), **self.ENTRY) == "PS004 api API_PORT"

    def test_nor_is_a_host_or_a_variable(self) -> None:
        assert said(SHOP, 4010, kind="flag", host="api", **self.ENTRY) == "PS001 api API_PORT"
        assert said(SHOP, 4010, kind="flag", name="API_PORT", **self.ENTRY) == "PS001 api API_PORT"

    def test_who_is_registered_is_no_stranger(self) -> None:
        assert said(SHOP, 4020, kind="flag", owner="api", path="compose.yaml") == "PS001 web WEB_PORT"


class TestOutsiders:
    """Whom a name speaks of that is not who has the number."""

    SHOP = registry(
        "name: frontend-proxy, port: 8080, env: ENVOY_PORT",
        "name: jaeger, port: 16686, aliases: [tracing], env: JAEGER_UI_PORT",
        "name: store, port: 5432, protocol: postgres",
        "name: users-api, port: 4317",
        "name: mover, port: 4030, previous: [{port: 4031, until: 2026-06-01}]",
        ranges='{web: "8000-8099"}',
    )
    ENV: ClassVar[dict[str, Any]] = {"language": "env", "kind": "named", "path": ".env"}

    @pytest.mark.parametrize(
        "name",
        [
            "FRONTEND_PROXY_PORT",
            "ENVOY_HTTP_PORT",
            "VITE_FRONTEND_PROXY_PORT",
            "FRONTEND_PROXY_DEV_PORT",
            "MY_PORT",
            "PORT_FIREPIT",
        ],
    )
    def test_its_own_name_or_none_is_no_other(self, name: str) -> None:
        assert said(self.SHOP, 8080, name=name, **self.ENV) == "PS001 frontend-proxy ENVOY_PORT"

    @pytest.mark.parametrize(
        "name", ["FRONTEND_PORT", "PROXY_PORT", "FIREPIT_PORT", "FIREPIT_PORT_HTTP", "NEXT_PUBLIC_FIREPIT_PORT"]
    )
    def test_another_name_is_another_s(self, name: str) -> None:
        assert said(self.SHOP, 8080, name=name, **self.ENV) == "PS002"

    @pytest.mark.parametrize("port, name", [(5432, "POSTGRES_PORT"), (4317, "USERS_PORT"), (5432, "DB_PORT")])
    def test_what_it_speaks_is_one_of_its_names(self, port: int, name: str) -> None:
        assert said(self.SHOP, port, name=name, **self.ENV).startswith("PS001")

    def test_the_owner_may_call_its_port_as_it_likes(self) -> None:
        known = registry("name: queue, port: 5672, paths: [queue/**]")
        assert said(known, 5672, name="BROKER_PORT", **self.ENV | {"path": "queue/.env"}) == "PS001 queue QUEUE_PORT"

    def test_the_command_that_registers_it(self) -> None:
        assert "`portscan new firepit --stack web --env FIREPIT_PORT`, or read ENVOY_PORT if `frontend-proxy` is meant" in told(
            8080, self.SHOP, name="FIREPIT_PORT", **self.ENV
        )
        assert "`portscan new fire-pit --stack web --port 8081 --env FIRE_PIT_PORT`, or ignore it" in told(
            8081, self.SHOP, name="FIRE_PIT_PORT", **self.ENV
        )
        assert "`portscan new waha --stack web --env WAHA_INTERNAL_PORT`" in told(
            8080, self.SHOP, name="WAHA_INTERNAL_PORT", **self.ENV
        )

    def test_a_number_in_no_range_wants_one_first(self) -> None:
        assert "`portscan new stranger --stack STACK --port 9` once a range of registry.yaml has that number, or" in told(
            9, self.SHOP, owner="stranger", language="yaml"
        )
        assert "`portscan new NAME --stack STACK --port 9` once" in told(9, self.SHOP)

    def test_what_only_containers_reach_takes_no_port_of_the_host(self) -> None:
        inside = "--stack s --unpublished --container-port 8085`"
        assert f"`portscan new firepit {inside}" in told(8085, self.SHOP, host="firepit")
        assert f"`portscan new firepit {inside}" in told(8085, self.SHOP, host="firepit.shop.svc.cluster.local")
        assert "`portscan new NAME --stack web --port 8085`" in told(8085, self.SHOP, host="localhost")

    @pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7", "localhost"])
    def test_whoever_calls_is_not_who_is_called(self, host: str) -> None:
        calls = told(8085, self.SHOP, owner="caller", host=host, variables=("STATSD_ADDR",), language="yaml")
        assert "`portscan new NAME --stack web --port 8085`" in calls
        publishes = told(8085, self.SHOP, owner="stranger", host=host, side="host", language="yaml")
        assert "`portscan new stranger --stack web --port 8085`" in publishes

    def test_a_further_port_of_a_service(self) -> None:
        assert (
            "Port 4317 of `jaeger` is not in the registry, which has it for `users-api`. List it under `ports` of `jaeger`"
            in told(4317, self.SHOP, name="JAEGER_GRPC_PORT", **self.ENV)
        )
        assert said(self.SHOP, 9, name="TRACING_PORT", **self.ENV) == "PS002 jaeger"

    def test_a_host(self) -> None:
        assert said(self.SHOP, 8080, host="firepit") == "PS002"
        assert "list `firepit` under `aliases` of `frontend-proxy` if that is what it means" in told(
            8080, self.SHOP, host="firepit"
        )
        assert said(self.SHOP, 8080, host="firepit.shop.svc.cluster.local") == "PS002"

    @pytest.mark.parametrize("host", ["10.0.0.7", "127.0.0.2", "app.localhost", "$HOST", "{host}", "your-host", None])
    def test_an_address_is_nobody_s_name(self, host: str | None) -> None:
        assert said(self.SHOP, 8080, host=host) == "PS001 frontend-proxy ENVOY_PORT"

    def test_a_look_up_keeps_its_code(self) -> None:
        assert said(self.SHOP, 8080, variables=("FRONTEND_PORT",)) == "PS004 frontend-proxy ENVOY_PORT"
        assert (
            "or register its service with `portscan new frontend --stack web --env FRONTEND_PORT` if that is another one"
            in told(8080, self.SHOP, variables=("FRONTEND_PORT",))
        )
        assert "or list this one under `ports` of `jaeger` with `portscan new jaeger.NAME` if" in told(
            8080, self.SHOP, variables=("JAEGER_PORT",)
        )
        own = told(8080, self.SHOP, variables=("FRONTEND_PROXY_PORT",), kind="default")
        assert "or give `frontend-proxy` the variable with `env`" in own
        assert said(self.SHOP, 8080, variables=("FIREPIT_PORT",), host="firepit") == "PS002"

    def test_what_a_service_had_is_not_what_another_has(self) -> None:
        assert said(self.SHOP, 4031) == "PS006 mover MOVER_PORT"
        assert said(self.SHOP, 4031, host="firepit") == "PS002"
        assert said(self.SHOP, 4031, variables=("FIREPIT_PORT",)) == "PS002"


class TestEverythingElse:
    def test_a_registered_port_is_written_out(self) -> None:
        assert told(4010) == "Port 4010 belongs to `api`, and is written out here. Read API_PORT: `${API_PORT:-4010}`."

    def test_a_port_that_nobody_has(self) -> None:
        assert said(SHOP, 1) == "PS002"

    def test_a_port_of_several(self) -> None:
        known = registry("name: a, port: 1, container_port: 9", "name: b, port: 2, container_port: 9")
        assert said(known, 9) == "PS005"
        assert "`a`, `b`" in told(9, known)

    def test_a_port_that_somebody_had(self) -> None:
        known = registry("name: api, port: 4010, previous: [{port: 4031, until: 2026-06-01}, {port: 4000, until: 2026-06-01}]")
        assert said(known, 4031) == "PS006 api API_PORT"
        assert told(4031, known).endswith("Read API_PORT: `${API_PORT:-4010}`.")

    def test_a_number_that_many_use_may_be_anybody_s(self) -> None:
        """It is told, and rewritten for nobody who does not ask for it: `migrate` leaves it, too."""
        known = registry("name: api, port: 4010, previous: [{port: 4000, until: 2026-06-01}]")
        assert said(known, 4000) == "PS006 api API_PORT"
        assert told(4000, known).endswith("Read API_PORT: `${API_PORT:-4010}`, if it is that one: it is a number that many use.")
        assert said(known, 4000, host="10.0.0.5") == "PS006 api"
        assert said(known, 4000, text="api 4000") == "PS006 api API_PORT"

    def test_what_a_container_is_told_may_be_the_port_in_another(self) -> None:
        known = registry("name: store, port: 6380, container_port: 6379, previous: [{port: 6379, until: 2026-06-01}]")
        assert said(known, 6379) == "PS006 store STORE_PORT"
        assert said(known, 6379, owner="web", host="localhost") == "PS006 store"
        assert (
            said(known, 6379, owner="web", kind="named", language="yaml", name="environment.STORE_AT") == "PS001 store STORE_PORT"
        )

    def test_the_path_and_the_literal_go_along(self) -> None:
        found = finding(SHOP, 4010, path="deep/a.sh")
        assert found is not None
        assert (found.code, found.path, found.port, found.severity) == ("PS001", "deep/a.sh", 4010, "error")
        assert found.literal is not None
        assert found.literal.port == 4010

    def test_what_is_right_is_no_finding(self) -> None:
        assert finding(SHOP, 4010, variables=("API_PORT",)) is None


class TestProse:
    """Documents and comments cannot bind: only what contradicts the words beside the number is wrong."""

    @pytest.mark.parametrize("context, severity", [("doc", "warning"), ("comment", "note")])
    def test_a_contradiction(self, context: str, severity: str) -> None:
        found = finding(SHOP, 12345, context=context, text="api: 12345")
        assert found is not None
        assert (found.code, found.severity, found.service) == ("PS003", severity, "api")
        assert "the text speaks of `api`" in found.message

    @pytest.mark.parametrize(
        "route, text, code",
        [
            ("/api/v1", "api: http://localhost:9082/api/v1", "unsaid"),
            ("/api/v1", "**api**: `http://localhost:9082/api/v1/*`", "unsaid"),
            ("/api/v1/", "- api: http://localhost:9082/api/v1/orders", "unsaid"),
            ("/", "api: http://localhost:9082/", "unsaid"),
            ("/", "api: http://localhost:9082/health", "PS003 api API_PORT"),
            ("/api/v1", "api: http://localhost:9082/api/v10", "PS003 api API_PORT"),
            ("/api/v1", "api: http://localhost:9082", "PS003 api API_PORT"),
        ],
    )
    def test_an_address_through_the_gateway_is_no_matter_of_the_service(self, route: str, text: str, code: str) -> None:
        known = registry(f"name: api, port: 4010, exposure: gateway, gatewayPath: {route}")
        assert said(known, 9082, context="doc", host="localhost", text=text) == code

    MOVED = registry(
        "name: proxy, port: 8002, previous: [{port: 8003, until: 2026-06-01}, {port: 8080, until: 2026-06-01}]",
        "name: jaeger, port: 16686",
    )

    def prose(self, port: int, text: str, **more: Any) -> str:
        return said(self.MOVED, port, context="doc", text=text, **more)

    def test_what_a_url_asks_for_says_nothing_about_its_port(self) -> None:
        """A gateway answers at one port for many services, also after it has moved."""
        text = "- **Jaeger**: <http://localhost:8003/jaeger/ui/>"
        assert self.prose(8003, text, host="localhost") == "PS006 proxy PROXY_PORT"
        assert self.prose(8003, "jaeger: 8003") == "PS003 jaeger JAEGER_PORT"
        assert self.prose(8003, "jaeger at 8003") == "unsaid"

    def test_what_migrate_leaves_is_no_former_port(self) -> None:
        assert self.prose(8003, "open http://localhost:8003", host="localhost") == "PS006 proxy PROXY_PORT"
        assert self.prose(8003, "use frontend:8003", host="frontend") == "unsaid"
        assert self.prose(8080, "open http://localhost:8080", host="localhost") == "unsaid"
        assert self.prose(8080, "the proxy: http://localhost:8080", host="localhost") == "PS006 proxy PROXY_PORT"

    @pytest.mark.parametrize("path", ["CHANGELOG.md", "docs/decisions/0001.md", "History.rst"])
    def test_what_tells_of_the_past_is_right_about_it(self, path: str) -> None:
        assert self.prose(8003, "proxy: 8003", path=path) == "past"
        assert self.prose(4711, "jaeger: 4711", path=path) == "past"
        assert said(self.MOVED, 8003, path=path) == "PS006 proxy PROXY_PORT"

    def test_so_is_what_is_kept_of_code(self) -> None:
        assert said(self.MOVED, 8003, path="archive/a.sh") == "past"

    def test_everything_else_is_left_alone(self) -> None:
        assert said(SHOP, 4010, context="doc", text="api: 4010") == "right"
        assert said(SHOP, 12345, context="doc", text="12345") == "unsaid"
        assert said(SHOP, 4010, context="doc", text="4010-4099") == "range"
        assert said(SHOP, 4010, context="doc", pins="web") == "unsaid"
