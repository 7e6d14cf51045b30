"""`portscan migrate` replaces the old number by the new one, and never another: held against files made at random."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.cli import main
from tests.repository import REGISTRY_PATH, git, write

OLD, NEW = 4010, 4013
REGISTRY = """version: "1"
ranges: {web: "4000-4099"}
services:
  - name: api
    stack: web
    port: 4010
    exposure: gateway
    gatewayPath: /api/v1
    paths: [api/**]
    previous: [{port: 4009, until: 2026-01-01}]
  - {name: shop, stack: web, port: 4020}
  - {name: gateway, stack: web, port: 4080}
"""
NUMBERS = st.sampled_from([4009, 4010, 4011, 4020, 4080, 4082, 9999, 5432])
FILES = {
    "compose.yaml": (
        "services:",
        ["  {service}:\n    build: .\n    environment: [PORT={a}, API_PORT={b}]\n    ports: ['${{API_PORT:-{c}}}:{d}']"],
    ),
    ".env": ("", ["API_PORT={a}", "PORT={b}", "SHOP_PORT={c}", "API_URL=http://localhost:{d}/api/v1"]),
    "api/server.js": (
        "",
        ["app.listen(process.env.PORT || {a});", "app.listen(process.env.API_PORT || {b});", "fetch('http://api:{c}');"],
    ),
    "run.sh": ("", ["curl http://localhost:${{API_PORT:-{a}}}", "curl http://localhost:{b}/api/v1", "curl api:{c} # api: {d}"]),
    "README.md": (
        "",
        [
            "- **api**: http://localhost:{a}/api/v1/x",
            "| api | {b} |",
            "The api listens on port {c}.",
            "gateway: http://localhost:{d}/api/v1",
        ],
    ),
}


@st.composite
def texts(draw: st.DrawFn) -> dict[str, str]:
    found = {}
    for path, (head, lines) in FILES.items():
        chosen = draw(st.lists(st.sampled_from(lines), max_size=3, unique=True))
        filled = [line.format(service="api", **{name: draw(NUMBERS) for name in "abcd"}) for line in chosen]
        found[path] = "\n".join((head, *filled)) + "\n"
    return found


@settings(max_examples=25, deadline=None)
@given(texts())
def test_every_change_of_a_literal_replaces_the_old_number_by_the_new_one(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        place = Path(folder)
        patch.chdir(place)
        git(place, "init", "--quiet")
        write(place / REGISTRY_PATH, REGISTRY)
        for path, text in files.items():
            write(place / path, text)
        assert main(["migrate", "api", str(NEW), "--yes"]) in (0, 1)
        for path, text in files.items():
            after = (place / path).read_text(encoding="utf-8")
            assert re.sub(r"\d+", "", after) == re.sub(r"\d+", "", text)
            pairs = zip(re.findall(r"\d+", text), re.findall(r"\d+", after), strict=True)
            assert {pair for pair in pairs if pair[0] != pair[1]} <= {(str(OLD), str(NEW))}
        assert f"port: {NEW}" in os.fsdecode((place / REGISTRY_PATH).read_bytes())
