"""The page holds everything, and nothing can get out of where it was put."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from portscan.panel import picture
from portscan.panel.data import document
from portscan.panel.page import asset, page
from tests.judges import judge
from tests.panel import samples

TOP = Path(__file__).resolve().parent.parent.parent


class Elements(HTMLParser):
    """The elements of a page, and the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, attrs, text = self.found[-1]
            self.found[-1] = (tag, attrs, text + data)


def test_hostile_text_stays_data() -> None:
    data = document(samples.hostile())
    found = Elements(page(data)).found
    tags = [tag for tag, _, _ in found]
    assert tags == [
        "html",
        "head",
        "meta",
        "meta",
        "meta",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "noscript",
        "script",
        "script",
    ]
    embedded = next(text for tag, attrs, text in found if attrs.get("id") == "data")
    assert json.loads(embedded) == data


def test_the_policy_lets_in_this_script_and_this_style_alone() -> None:
    found = Elements(page(document(samples.small()))).found
    policy = next(attrs["content"] for tag, attrs, _ in found if attrs.get("http-equiv"))
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'; connect-src 'none'; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )


def test_assets_cannot_end_their_element() -> None:
    assert "</script" not in asset("panel.js").lower()
    assert "</style" not in asset("style.css").lower()
    assert not re.search(r"https?://(?!www\.w3\.org/)", asset("panel.js"))


def test_five_hundred_services_fit_into_a_page_that_can_be_mailed() -> None:
    assert len(page(document(samples.large(500, 2_000))).encode()) < 1_500_000


def test_the_page_is_what_its_sources_build(tmp_path: Path) -> None:
    npm, node = judge("npm"), judge("node")
    source = TOP / "panel"
    modules = TOP / ".venv" / "panel"
    if not (modules / "node_modules" / "esbuild").is_dir():
        modules.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            (modules / name).write_bytes((source / name).read_bytes())
        subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=modules, check=True)
    for name in ("build.mjs", "tsconfig.json"):
        (modules / name).write_bytes((source / name).read_bytes())
    subprocess.run(["cp", "-R", str(source / "src"), str(modules)], check=True)
    subprocess.run([node, "node_modules/typescript/bin/tsc", "--noEmit"], cwd=modules, check=True)
    subprocess.run([node, "build.mjs", str(tmp_path)], cwd=modules, check=True)
    shipped = TOP / "portscan" / "panel" / "assets"
    for file in sorted(shipped.iterdir()):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), f"{file.name} is stale: run `make panel`"


@pytest.mark.parametrize("land", [samples.small(), samples.hostile()])
def test_the_picture_is_xml_and_names_the_services(land: samples.Landscape) -> None:
    text = picture.svg(land.registry, land.today)
    titles = [element.text for element in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}title")]
    assert "4010 api" in titles
    assert "4001 api, until 2026-12-31" in titles
    assert "4005 reserved" in titles
    assert text == picture.svg(land.registry, land.today)
    assert text in picture.html(land.registry, land.today)
