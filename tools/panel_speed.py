"""Measure the panel in a browser, on 500 services and 20,000 findings: the first view, and filtering letter by letter.

usage: panel_speed.py [CHROMIUM]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from portscan.panel.data import document
from portscan.panel.page import page as rendered
from tests.panel import samples

# Long tasks are what a browser calls a stretch of over 50 ms in which it cannot react.
KEEP = "list => (window.long ??= []).push(...list.getEntries().map(entry => entry.duration))"
WATCH = f"new PerformanceObserver({KEEP}).observe({{entryTypes: ['longtask']}})"
SHOWN = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def main() -> int:
    """Print what was measured, in milliseconds."""
    program = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        file = Path(place) / "index.html"
        file.write_text(rendered(document(samples.large())), encoding="utf-8")
        print(f"page: {file.stat().st_size / 1e6:.2f} MB")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for view in ("map", "services", "graph", "findings", "ranges"):
            page = browser.new_page()
            page.goto(f"{file.as_uri()}#/{view}")
            page.wait_for_selector("main section")
            first = page.evaluate(SHOWN)
            print(f"{view}: first view {first:.0f} ms{typed(page) if view in ('services', 'findings') else ''}")
            page.close()
        browser.close()
    return 0


def typed(page: Page) -> str:
    """The longest stretch without a reaction while somebody types into the search."""
    page.evaluate(WATCH)
    page.locator("#search").press_sequentially("service-7", delay=80)
    page.wait_for_timeout(500)
    longest = max(page.evaluate("window.long ?? []") or [0])
    return f", longest task while filtering {longest:.0f} ms" if longest else ", no task over 50 ms while filtering"


if __name__ == "__main__":
    raise SystemExit(main())
