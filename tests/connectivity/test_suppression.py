"""Findings about the whole repository are hidden by the same means as others, and take the place of what they explain."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config, PerPath
from portscan.pipeline.scanning import scan
from portscan.registry.loader import load

REGISTRY = b"""
version: "1"
services:
  - {name: bridge, stack: s, port: 4007, container: false}
  - {name: gateway, stack: s, port: 4010, container: true}
"""
COMPOSE = """
services:
  gateway:
    image: gateway
    environment:
      BRIDGE_URL: http://localhost:4007%s
"""


def codes(root: Path, config: Config, *paths: str, comment: str = "") -> list[str]:
    (root / "compose.yaml").write_text(COMPOSE % comment, encoding="utf-8")
    (root / "notes.py").write_text("X = 1\n", encoding="utf-8")
    registry = load("registry.yaml", REGISTRY).registry
    assert registry is not None
    return [finding.code for finding in scan(root, paths, registry, config, date(2026, 1, 1)).report.findings]


def test_one_finding_stands_at_a_place(tmp_path: Path) -> None:
    assert codes(tmp_path, Config()) == ["PS201"]


def test_what_it_explains_is_said_when_it_is_not_looked_for(tmp_path: Path) -> None:
    assert codes(tmp_path, Config(ignore=("PS2",))) == ["PS001"]


def test_a_comment_hides_it(tmp_path: Path) -> None:
    assert codes(tmp_path, Config(), comment="  # portscan: ignore[PS201, PS001] it has a tunnel") == []


@pytest.mark.parametrize("config", [Config(select=("PS003",)), Config(ignore=("PS",))])
def test_codes_are_selected(config: Config, tmp_path: Path) -> None:
    assert codes(tmp_path, config) == []


def test_a_setting_for_a_path_hides_it(tmp_path: Path) -> None:
    config = Config(select=("PS2",), per_path=(PerPath("compose.yaml", ("PS201",)),))
    assert codes(tmp_path, config) == []


def test_a_scan_of_some_files_looks_when_a_compose_file_is_among_them(tmp_path: Path) -> None:
    assert codes(tmp_path, Config(), "compose.yaml", "notes.py") == ["PS201"]
    assert codes(tmp_path, Config(), "notes.py") == []
