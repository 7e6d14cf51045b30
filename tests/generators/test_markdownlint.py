"""Pages of Markdown are in order for markdownlint as it comes: nobody has to write an exception for what is generated."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.generators.helpers import SMALL
from tests.generators.made import artefact, registry, text_of
from tests.judges import judge

BARE = """\
version: "1.0.0"
services:
  - {name: front, stack: web, container_port: 8080, container: true}
  - {name: db, stack: data, port: 5433, depends_on: [front], previous: [{port: 5432, until: "2026-12-31"}]}
"""
REGISTRIES = {"bare": BARE, "small": SMALL}


@pytest.mark.parametrize("known", REGISTRIES)
@pytest.mark.parametrize("name", ["docs", "adr", "onboarding"])
def test_a_page_is_in_order_with_the_usual_rules(name: str, known: str, tmp_path: Path) -> None:
    linter = judge("markdownlint-cli2")
    page = tmp_path / "page.md"
    page.write_text(text_of(artefact(name, registry(REGISTRIES[known])), name), encoding="utf-8")
    run = subprocess.run([linter, "page.md"], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("known", REGISTRIES)
def test_no_cell_of_a_table_is_empty(known: str) -> None:
    for name in ("docs", "adr", "onboarding"):
        rows = [line for line in artefact(name, registry(REGISTRIES[known])).body.splitlines() if line.startswith("|")]
        assert rows or name == "adr"
        assert [row for row in rows if "|  |" in row] == []
