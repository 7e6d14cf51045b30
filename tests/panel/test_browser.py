"""The page in a real browser: every view, by mouse and by keyboard, in both schemes, on a narrow screen, with hostile text."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from portscan.panel.data import Landscape, document
from portscan.panel.history import Past, Point
from portscan.panel.page import page as rendered
from portscan.records import replace
from tests.judges import judge, node_module, python_module
from tests.panel import samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VIEWS = ("map", "services", "services/api", "graph", "findings", "ranges")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update")
KEPT = os.environ.get("PORTSCAN_SCREENSHOTS")  # a directory for pictures of every view

Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    python_module("playwright")
    program = judge("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a landscape from a file. Whatever the page complains of, or asks anybody for, fails the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(land: Landscape, view: str = "map", width: int = 1280, **context: Any) -> Page:
        file = tmp_path / "index.html"
        file.write_text(rendered(document(land)), encoding="utf-8")
        made = browser.new_context(viewport={"width": width, "height": 900}, **context)
        contexts.append(made)
        page = made.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(f"{file.as_uri()}#/{view}")
        page.wait_for_selector("main section")
        return page

    yield opened
    for made in contexts:
        made.close()
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_fits_its_screen_and_is_accessible(show: Open, view: str, scheme: str, width: int) -> None:
    axe = (node_module("axe-core") / "axe.min.js").read_text(encoding="utf-8")
    page = show(samples.small(), view, width, color_scheme=scheme)
    if KEPT:
        Path(KEPT).mkdir(exist_ok=True)
        page.screenshot(path=f"{KEPT}/{view.replace('/', '-')}-{scheme}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(axe)
    faults = page.evaluate("axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)))")
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in faults] == []


def test_searching_and_filtering_services(show: Open) -> None:
    page = show(samples.small(), "services")
    names = page.locator("tbody tr td:nth-child(2) a")
    assert names.all_inner_texts() == ["api", "web", "db", "stray"]
    page.get_by_label("Search").fill("front")
    assert names.all_inner_texts() == ["web"]
    page.get_by_label("Search").fill("")
    page.get_by_label("Stack", exact=True).select_option("data")
    assert names.all_inner_texts() == ["db"]
    assert page.url.endswith("#/services?stack=data")
    page.get_by_label("Status").select_option("active")
    assert page.get_by_text("Nothing fits.").is_visible()
    page.get_by_role("button", name="Clear the filters").click()
    assert names.count() == 4


def test_sorting_services(show: Open) -> None:
    page = show(samples.small(), "services")
    page.get_by_role("columnheader", name="Service").get_by_role("button").click()
    assert page.locator("tbody tr td:nth-child(2) a").all_inner_texts() == ["api", "db", "stray", "web"]
    page.get_by_role("columnheader", name="Service").get_by_role("button").click()
    assert page.locator("tbody tr td:nth-child(2) a").first.inner_text() == "web"
    assert page.get_by_role("columnheader", name="Service").get_attribute("aria-sort") == "descending"


def test_a_deep_link_opens_what_it_names(show: Open) -> None:
    page = show(samples.small(), "findings?code=PS001&q=4999")
    assert page.get_by_label("Rule").input_value() == "PS001"
    assert page.get_by_role("status").inner_text() == "1 of 13"
    page = show(samples.small(), "services/nobody")
    assert page.get_by_text("The registry has no service called nobody.").is_visible()
    page = show(samples.small(), "map?port=4010")
    assert page.locator(".selected").inner_text().startswith("4010 used · api")


def test_a_service_page_tells_who_calls_it_and_where_it_is_written(show: Open) -> None:
    page = show(samples.small(source="https://github.com/a/b/blob/abc/{path}#L{line}"), "services/api")
    assert page.get_by_role("link", name="db", exact=True).is_visible()
    assert page.locator("a[href='#/services/web']").is_visible()
    link = page.get_by_role("link", name="apps/src/file-0.ts:1")
    assert link.get_attribute("href") == "https://github.com/a/b/blob/abc/apps/src/file-0.ts#L1"
    assert "4001 (until 2026-12-31)" in page.locator(".facts").inner_text()
    page = show(replace(samples.small(), today=date(2027, 1, 1)), "services/api")
    assert "4001 (given up on 2027-01-01)" in page.locator(".facts").inner_text()


def test_copying(show: Open) -> None:
    page = show(samples.small(), "services", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="API_PORT", exact=False).first.click()
    assert page.evaluate("navigator.clipboard.readText()") == "API_PORT"
    page.get_by_role("button", name='Compose: - "${WEB_PORT:-4011}:80"').click()
    assert page.evaluate("navigator.clipboard.readText()") == '- "${WEB_PORT:-4011}:80"'


def test_zooming_the_map(show: Open) -> None:
    page = show(samples.small(), "map")
    strip = page.locator(".strip")
    page.get_by_role("button", name="All ports").click()
    assert page.locator(".toolbar strong").inner_text() == "Ports 1 to 65535"
    page.locator(".range h3 button").first.click()
    assert page.locator(".toolbar strong").inner_text() == "Ports 3998 to 4021"
    assert strip.locator(".mark-text").all_text_contents() == ["4010", "4001", "4011"]
    page.locator('.cell[data-port="4005"]').click()
    assert page.locator(".selected").inner_text().startswith("4005 reserved")
    assert page.locator('.cell[data-port="4001"].mark-window').count() == 1


def test_by_keyboard_alone(show: Open) -> None:
    page = show(samples.small(), "map")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.locator(".strip").focus()
    before = page.locator(".toolbar strong").inner_text()
    page.keyboard.press("+")
    zoomed = page.locator(".toolbar strong").inner_text()
    page.keyboard.press("ArrowRight")
    assert len({before, zoomed, page.locator(".toolbar strong").inner_text()}) == 3
    page.keyboard.press("0")
    assert page.locator(".toolbar strong").inner_text() == "Ports 1 to 65535"
    page.locator(".cells").first.locator("[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".selected .big").inner_text() == "4001"
    page.evaluate("location.hash = '#/services'")
    page.wait_for_selector("#search")
    page.keyboard.press("/")
    page.keyboard.type("stray")
    assert page.locator("tbody tr").count() == 1


def test_findings_by_rule_owner_and_path(show: Open) -> None:
    page = show(samples.small(), "findings")
    assert page.locator(".bars li").all_inner_texts()[0].replace("\n", " ").startswith("PS001 hardcoded-port")
    page.get_by_role("button", name="Owner").click()
    assert page.locator(".bars .link").all_inner_texts() == ["Team A", "nobody"]
    page.get_by_role("button", name="Team A").click()
    assert page.get_by_role("status").inner_text() == "12 of 13"


def test_the_trend_stands_above_the_findings(show: Open) -> None:
    past = Past({}, (Point("2026-01", 40, 10, 60), Point("2026-02", 13, 70, 61)))
    page = show(samples.small(past=past), "findings")
    assert page.locator(".trend figcaption").inner_text() == "Trend: 40 → 13 (2026-01 – 2026-02)"


def test_the_graph_draws_what_its_list_says(show: Open) -> None:
    page = show(samples.small(), "graph")
    assert page.locator(".node").count() == 3
    assert page.locator(".edge").count() == 2
    page.get_by_label("Focus").select_option("web")
    assert page.locator(".edge").count() == 1
    page.locator(".picture a[aria-label='api']").click()
    assert page.url.endswith("#/services/api")


def test_ranges_suggest_what_to_do(show: Open) -> None:
    page = show(samples.small(), "ranges")
    assert "Enough room." in page.locator("tbody").inner_text()
    assert page.get_by_text("portscan migrate stray 4000").is_visible()


def test_portuguese_is_chosen_by_the_browser(show: Open) -> None:
    page = show(samples.small(), "services", locale="pt-BR")
    assert page.get_by_role("link", name="Serviços").is_visible()
    assert page.get_attribute("html", "lang") == "pt-BR"
    page.get_by_label("Idioma").select_option("en")
    assert page.get_by_role("link", name="Services").is_visible()


def test_the_theme_can_be_chosen(show: Open) -> None:
    page = show(samples.small(), "map", color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Theme").select_option("dark")
    page.locator("html[data-theme='dark']").wait_for()
    assert page.evaluate(ground) != light


def test_hostile_text_does_nothing(show: Open) -> None:
    for view in ("map", "services", "services/api", "graph", "findings", "ranges"):
        page = show(samples.hostile(), view)
        assert page.evaluate("window.owned") is None
        assert page.locator("img").count() == 0
        assert page.locator("a[href^='javascript:' i]").count() == 0


def test_an_empty_registry_and_broken_data_explain_themselves(show: Open, tmp_path: Path) -> None:
    from dataclasses import replace

    land = samples.small()
    empty = replace(land, registry=replace(land.registry, services=(), ranges=()), findings=(), uses=())
    expected = {
        "services": "no service yet",
        "findings": "No findings",
        "graph": "No dependencies",
        "ranges": "no service yet",
    }
    for view, words in expected.items():
        assert words in show(empty, view).locator("main").inner_text()


def test_a_large_landscape_keeps_the_page_small(show: Open) -> None:
    page = show(samples.large(), "findings")
    assert page.get_by_role("status").inner_text() == "20000 of 20000"
    assert page.locator("tbody tr").count() < 80
    page.locator(".scroll").evaluate("box => box.scrollTo(0, 300000)")
    page.locator("tbody tr[aria-rowindex='8830']").wait_for()
    page.get_by_label("Search").fill("`service-77`")
    page.get_by_text("40 of 20000").wait_for()


def test_a_served_page_follows_the_registry(browser: Browser, tmp_path: Path) -> None:
    registry = tmp_path / "config" / "ports" / "registry.yaml"
    registry.parent.mkdir(parents=True)
    registry.write_text(samples.SMALL, encoding="utf-8")
    (tmp_path / "run.sh").write_text("curl http://localhost:4010\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    command = [sys.executable, "-m", "portscan", "panel", "--serve"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        address = server.stderr.readline().split(" at ")[1].split(";")[0]
        page = browser.new_page()
        page.goto(f"{address}#/services")
        page.wait_for_selector("tbody a")
        registry.write_text(samples.SMALL.replace("name: stray", "name: found"), encoding="utf-8")
        page.get_by_role("link", name="found").wait_for(timeout=20_000)
        registry.write_text("services: 1\n", encoding="utf-8")
        page.get_by_role("alert").wait_for(timeout=20_000)
        assert "in error" in page.get_by_role("alert").inner_text()
        assert page.get_by_role("link", name="found").is_visible()
        page.close()
        server.terminate()
