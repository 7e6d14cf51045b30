"""`portscan report`: the map of the ports as a picture, on standard output or in a file."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from portscan.cli import main
from tests.repository import repository

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(repository(tmp_path))
    return tmp_path


def test_the_picture_says_what_it_shows(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 0
    picture = fromstring(capsys.readouterr().out)
    assert picture.tag == f"{SVG}svg"
    assert picture.findtext(f"{SVG}title") == "The ports of 2 services in 1 ranges"


def test_a_page_holds_the_same_picture(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 0
    picture = capsys.readouterr().out
    assert main(["report", "--format", "html", "--output", "map.html"]) == 0
    page = (place / "map.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert picture.strip() in page
