"""What Prometheus, its blackbox exporter and Grafana are handed: judged by promtool, by the programs at work, and by types."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from portscan.generated import whole
from portscan.registry.model import Registry
from tests.generators.hostile import TEXTS
from tests.generators.hostile import registry as hostile
from tests.generators.made import artefact, registry, text_of
from tests.judges import judge, python_module
from tests.servers import HERE, PATIENCE, free_port, listener, program, redis, web

START = "version: '1'\nranges: {one: 1-65535}\nservices:\n"
FILES = {
    "prometheus-targets": "targets.json",
    "prometheus-scrape": "scrape.yml",
    "prometheus-alerts": "alerts.yml",
    "blackbox": "blackbox.yml",
}


def entry(name: str, port: int, **keys: Any) -> str:
    return f"  - {json.dumps({'name': name, 'port': port, 'stack': 'one', **keys})}\n"


def web_entry(name: str, port: int, endpoint: str = "/", expected: int = 200, **keys: Any) -> str:
    return entry(name, port, protocol="http", healthcheck={"endpoint": endpoint, "expected": expected}, **keys)


def laid(folder: Path, known: Registry, exporter: str = "exporter:9115", **targets: Any) -> Path:
    """All that Prometheus needs, with a configuration that includes it."""
    settings: dict[str, dict[str, Any]] = {
        "prometheus-targets": targets,
        "prometheus-scrape": {"exporter": exporter, "block": "portscan"},
    }
    for name, file in FILES.items():
        (folder / file).write_text(text_of(artefact(name, known, **settings.get(name, {})), name), encoding="utf-8")
    scrape = (folder / "scrape.yml").read_text(encoding="utf-8")
    head = (
        "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\nrule_files: [alerts.yml]\nscrape_configs:\n"
    )
    (folder / "prometheus.yml").write_text(head + scrape, encoding="utf-8")
    return folder


def promtool(*arguments: str | Path) -> str:
    done = subprocess.run([judge("promtool"), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def rows(known: Registry, **settings: Any) -> list[dict[str, Any]]:
    return [row for row in json.loads(text_of(artefact("prometheus-targets", known, **settings))) if row["targets"]]


def targets(known: Registry, **settings: Any) -> list[str]:
    return [target for row in rows(known, **settings) for target in row["targets"]]


MANY = registry(
    START
    + web_entry("edge", 3100)
    + web_entry("api", 3200, "/health", 204, gatewayPath="/api", owner="Team", container_port=80, compose_service="api-1")
    + entry(
        "cache", 6379, protocol="redis", previous=[{"port": 6380, "until": "9999-12-31"}, {"port": 3100, "until": "2020-01-01"}]
    )
    + entry("native", 4007, container=False)
    + entry("old", 3400, deprecated=True, replacement="edge")
    + entry("theirs", 8443, external=True, host="feed.example.net")
    + entry("names", 53, protocol="dns/udp")
    + entry("soon", 9999, status="planned")
)


def test_promtool_takes_the_configuration_and_the_alerts(tmp_path: Path) -> None:
    laid(tmp_path, MANY, gateway="edge")
    assert "SUCCESS" in promtool("check", "config", tmp_path / "prometheus.yml")
    assert "9 rules found" in promtool("check", "rules", tmp_path / "alerts.yml")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_promtool_takes_them_whatever_the_registry_says(tmp_path: Path, text: str) -> None:
    laid(tmp_path, hostile(text), gateway="edge")
    assert "SUCCESS" in promtool("check", "config", tmp_path / "prometheus.yml")
    assert "SUCCESS" in promtool("check", "rules", tmp_path / "alerts.yml")


def test_the_scrape_configuration_stands_by_itself_too(tmp_path: Path) -> None:
    laid(tmp_path, MANY)
    (tmp_path / "alone.yml").write_text(text_of(artefact("prometheus-scrape", MANY)), encoding="utf-8")
    assert "SUCCESS" in promtool("check", "config", tmp_path / "alone.yml")


def test_the_exporter_takes_its_modules(tmp_path: Path) -> None:
    for insecure in (False, True):
        file = tmp_path / "blackbox.yml"
        file.write_text(text_of(artefact("blackbox", MANY, insecure=insecure)), encoding="utf-8")
        command = [judge("prometheus-blackbox-exporter"), f"--config.file={file}", "--config.check"]
        subprocess.run(command, check=True, capture_output=True)


def test_every_target_asks_for_a_module_that_is_there() -> None:
    modules = text_of(artefact("blackbox", MANY))
    wanted = {row["labels"]["module"] for row in rows(MANY, gateway="edge")}
    assert wanted == {"portscan_http_200", "portscan_http_204", "portscan_redis", "portscan_tcp"}
    assert [module for module in wanted if f"\n  {module}:\n" not in modules] == []


def test_from_the_host_published_ports_are_asked_and_routes_at_the_gateway() -> None:
    assert targets(MANY, gateway="edge", host="host.docker.internal") == [
        "http://host.docker.internal:3100/",
        "http://host.docker.internal:3100/api/health",
        "host.docker.internal:6379",
        "host.docker.internal:4007",
        "host.docker.internal:3400",
        "feed.example.net:8443",
        "host.docker.internal:6380",
    ]


def test_from_a_container_services_are_asked_by_their_names() -> None:
    assert targets(MANY, gateway="edge", view="container")[1:5] == [
        "http://api-1:80/health",
        "http://host.docker.internal:3100/api/health",
        "host.docker.internal:6379",
        "host.docker.internal:4007",
    ]


def test_a_former_port_that_another_service_has_is_nobodys_former_port() -> None:
    retired = [row for row in rows(MANY) if row["labels"]["role"] == "retired"]
    assert [row["targets"] for row in retired] == [["localhost:6380"]]
    assert 'port="3100"' not in text_of(artefact("prometheus-alerts", MANY))


def test_the_heading_is_a_group_of_nothing() -> None:
    text = text_of(artefact("prometheus-targets", MANY), "prometheus-targets")
    part = whole(text)
    assert part is not None
    assert (part.name, part.intact) == ("prometheus-targets", True)
    assert json.loads(text)[0]["targets"] == []
    edited = whole(text.replace("6379", "6378"))
    assert edited is not None
    assert not edited.intact


def test_a_list_of_nothing_is_a_list(tmp_path: Path) -> None:
    known = registry(START + entry("soon", 1, status="planned"))
    assert targets(known) == []
    assert "SUCCESS" in promtool("check", "config", laid(tmp_path, known) / "prometheus.yml")


ALERTS = """\
rule_files: [alerts.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{series: 'probe_success{{{labels}, service="api", excused=""}}', values: '0x30'}}
      - {{series: 'probe_success{{{labels}, service="old", excused="deprecated"}}', values: '0x120'}}
      - {{series: 'probe_success{{{labels}, service="wild"}}', values: '1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 1x30'}}
      - {{series: 'probe_duration_seconds{{{labels}, service="slow"}}', values: '3x30'}}
      - {{series: 'probe_ssl_earliest_cert_expiry{{{labels}, service="tls"}}', values: '86400x30'}}
      - {{series: 'portscan_unregistered_listener{{port="3155", stack="one", instance="host"}}', values: '1x30'}}
      - {{series: 'up{{job="portscan", service="api"}}', values: '0x30'}}
      - {{series: 'probe_success{{job="portscan", role="retired", service="cache", port="6380"}}', values: '1x30'}}
      - {{series: 'probe_success{{job="portscan", role="retired", service="late", port="6381"}}', values: '1x30'}}
    alert_rule_test:
      - {{eval_time: 1m, alertname: PortDown}}
{expected}
"""


def expected(alert: str, minutes: int, severity: str, summary: str, **labels: str) -> str:
    told = {"severity": severity, **labels}
    annotations = {"summary": summary} | ({"description": DESCRIPTIONS[alert]} if alert in DESCRIPTIONS else {})
    row = [{"exp_labels": told, "exp_annotations": annotations}]
    return f"      - {json.dumps({'eval_time': f'{minutes}m', 'alertname': alert, 'exp_alerts': row})}"


DESCRIPTIONS = {
    "PortDown": "Stack one, owned by Team. The health script asks by hand: --service api",
    "PortRestless": "It changed 14 times within 15 minutes.",
    "PortCertificateExpires": "It is the one at http://x:1/, owned by Team.",
    "UnregisteredListener": "The port is in the range of one. Register it with portscan new, or stop what listens there.",
    "PortChecksMissing": "Is the list of targets that portscan generates where the scrape configuration looks for it?",
}


def test_each_alert_goes_off_when_it_should(tmp_path: Path) -> None:
    # The clock of promtool starts at 1970-01-01: the one transition is over then, the other is not.
    over = [{"port": 6380, "until": "1969-12-31"}]
    late = [{"port": 6381, "until": "1970-01-01"}]
    known = registry(START + entry("cache", 6379, previous=over) + entry("late", 6378, previous=late))
    laid(tmp_path, known)
    common = {"job": "portscan", "role": "service", "stack": "one", "owner": "Team", "instance": "http://x:1/"}
    retired = {"job": "portscan", "role": "retired", "service": "cache", "port": "6380"}
    listens = {"port": "3155", "stack": "one", "instance": "host"}
    at = "at http://x:1/"
    rules = (
        expected("PortDown", 5, "critical", f"api does not answer {at}", **common, service="api"),
        expected(
            "PortDownExcused", 61, "info", f"old (deprecated) does not answer {at}", **common, service="old", excused="deprecated"
        ),
        expected("PortRestless", 15, "warning", f"wild goes up and down {at}", **common, service="wild"),
        expected("PortSlow", 15, "warning", f"slow takes 3s to answer {at}", **common, service="slow"),
        expected(
            "PortCertificateExpires", 0, "warning", "The certificate of tls expires in 1d 0h 0m 0s", **common, service="tls"
        ),
        expected(
            "PortChecksFail", 6, "warning", "Nobody knows of 1 ports whether they are up: the blackbox exporter does not answer"
        ),
        expected("PortChecksMissing", 60, "warning", "Prometheus has no targets of the port registry", job="portscan"),
        expected("UnregisteredListener", 11, "warning", "Something listens at 3155 on host, and nobody registered it", **listens),
        expected("RetiredPortHeld", 11, "warning", "Something still listens at 6380, the former port of cache", **retired),
    )
    labels = ", ".join(f'{name}="{value}"' for name, value in common.items())
    (tmp_path / "test.yml").write_text(ALERTS.format(labels=labels, expected="\n".join(rules)), encoding="utf-8")
    assert "SUCCESS" in promtool("test", "rules", tmp_path / "test.yml")


@contextmanager
def monitoring(folder: Path, exporter: int) -> Iterator[int]:
    """Prometheus and its blackbox exporter at work on what `folder` holds; the port of Prometheus."""
    port, here = free_port(), f"{HERE}:{exporter}"
    asking = [judge("prometheus-blackbox-exporter"), f"--config.file={folder}/blackbox.yml", f"--web.listen-address={here}"]
    storing = [judge("prometheus"), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    with program(asking, exporter, folder), program([*storing, f"--web.listen-address={HERE}:{port}"], port, folder):
        yield port


def series(port: int, query: str, at_least: int) -> dict[str, str]:
    """The values by service, once there are so many of them."""
    end, found = time.monotonic() + PATIENCE, []
    while time.monotonic() < end:
        with suppress(HTTPError), urlopen(f"http://{HERE}:{port}/api/v1/query?query={quote(query)}") as answer:
            found = json.load(answer)["data"]["result"]
            if len(found) >= at_least:
                return {one["metric"]["service"]: one["value"][1] for one in found}
        time.sleep(0.2)  # it says 503 while it is starting
    raise AssertionError(f"{query}: {found}")


def test_prometheus_sees_what_is_up_and_what_is_down(tmp_path: Path) -> None:
    exporter = free_port()
    with web({"/": 200, "/made": 201, "/api/health": 204}) as site, listener(b"") as forwarder, redis(tmp_path) as cache:
        known = registry(
            START
            + web_entry("edge", site)
            + web_entry("made", site, "/made", 201)
            + web_entry("wrong", site, "/made")
            + web_entry("behind", free_port(), "/health", 204, gatewayPath="/api")
            + web_entry("gone", free_port())
            + entry("cache", cache, protocol="redis", previous=[{"port": forwarder, "until": "2020-01-01"}])
            + entry("hollow", forwarder, protocol="redis", profiles=["odd"])
            + entry("plain", cache)
        ).services
        whole_registry = Registry("r", "1", known)
        with monitoring(laid(tmp_path, whole_registry, f"{HERE}:{exporter}", host=HERE, gateway="edge"), exporter) as port:
            found = series(port, 'probe_success{job="portscan",role="service"}', 8)
            nothing = series(port, "probe_success{generated!=''}", 0)
            firing = series(port, "ALERTS{alertname='PortDown'}", 2)
    ones = dict.fromkeys(("edge", "made", "behind", "cache", "plain"), "1")
    assert found == {**ones, **dict.fromkeys(("wrong", "gone", "hollow"), "0")}
    assert nothing == {}
    assert set(firing) == {"wrong", "gone"}


def dashboard(known: Registry, **settings: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text_of(artefact("grafana", known, **settings)))
    return made


def typed(made: dict[str, Any]) -> Any:
    """A dashboard as Grafana's own types hold it: what they do not know is not in it."""
    python_module("grafana_foundation_sdk")
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

    register_default_plugins()
    return json.loads(JSONEncoder().encode(Dashboard.from_json(made)))


def missing(ours: Any, theirs: Any, where: str = "") -> Iterator[str]:
    """What is in `ours` and is not so in `theirs`."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name, value in ours.items():
            yield from missing(value, theirs[name], f"{where}.{name}") if name in theirs else (f"{where}.{name}",)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from missing(one, other, f"{where}[{number}]")
    elif ours != theirs:
        yield where


def test_the_dashboard_fits_the_types_of_grafana() -> None:
    made = dashboard(MANY)
    assert list(missing(made, typed(made))) == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_dashboard_fits_them_whatever_the_registry_says(text: str) -> None:
    made = dashboard(hostile(text))
    assert list(missing(made, typed(made))) == []


def test_the_types_of_grafana_find_a_misspelling() -> None:
    made = dashboard(MANY)
    made["panels"][0]["options"]["colourMode"] = "value"
    made["panels"][1]["fieldConfig"]["default"] = {}
    assert list(missing(made, typed(made))) == [".panels[0].options.colourMode", ".panels[1].fieldConfig.default"]


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    panels = dashboard(MANY)["panels"]
    cells = [
        (x, y)
        for grid in (panel["gridPos"] for panel in panels)
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]
    assert len(cells) == len(set(cells))
    assert len({panel["id"] for panel in panels}) == len(panels)


def queries(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for name, part in value.items() for each in ([part] if name == "expr" else queries(part)))
    elif isinstance(value, list):
        yield from (each for part in value for each in queries(part))


@pytest.mark.parametrize("stack", ["one", 'a "b"', "$stack [[owner]] ${__all}", "\\", "é 🚢"])
def test_prometheus_understands_the_queries_of_the_dashboard(tmp_path: Path, stack: str) -> None:
    text = json.dumps({"version": "1", "services": [{"name": "a", "port": 1, "stack": stack}]}, ensure_ascii=False)
    found = [query.replace("$stack", ".*").replace("$owner", ".*") for query in queries(dashboard(registry(text)))]
    assert len(found) == 7
    rules = {"groups": [{"name": "g", "rules": [{"record": f"r{number}", "expr": query} for number, query in enumerate(found)]}]}
    (tmp_path / "queries.yml").write_text(json.dumps(rules, ensure_ascii=False), encoding="utf-8")
    assert "7 rules found" in promtool("check", "rules", tmp_path / "queries.yml")
