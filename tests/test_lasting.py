"""What fixes write lasts: those of files and those of the whole repository are held against each other's findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.edit import new_files, write
from portscan.fixing.planning import chosen
from portscan.model import Finding
from portscan.pipeline.scanning import Scan, scan
from portscan.registry.loader import load
from tests.repository import repository
from tests.repository import write as written

REGISTRY = "config/ports/registry.yaml"
ENTRIES = """version: "1.0.0"
services:
  - {{name: web, stack: x, port: 4200, container_port: {inside}, container: true}}
  - {{name: api, stack: x, port: 8000, container_port: 8000, container: true}}
"""
WEB = "services:\n  web:\n    image: web\n    ports:\n      - '8000:8000'\n"
API = "services:\n  api:\n    image: api\n    ports:\n      - '${API_PORT:-8000}:8000'\n"
STALE = """services:
  api:
    image: api
    ports: ["${{API_PORT:-8001}}:8000"]
  other:
    image: other
    ports: ["{other}:7000"]{remark}
"""


def scanned(root: Path) -> Scan:
    loaded = load(REGISTRY, (root / REGISTRY).read_bytes())
    assert loaded.registry is not None
    return scan(root, [], loaded.registry, Config(ignore=("PS1",)), date(2026, 1, 1), fixes=True)


def of(found: Scan, code: str, path: str) -> Finding:
    (finding,) = (each for each in found.report.findings if (each.code, each.path) == (code, path))
    return finding


def mended(root: Path, found: Scan) -> list[tuple[str, str]]:
    """What is reported once every fix is made."""
    write(root, root, new_files(chosen(found.report.findings, ("safe", "unsafe")), found.sources))
    return [(each.path, each.code) for each in scanned(root).report.findings]


@pytest.mark.parametrize(("inside", "why"), [(8000, None), (4200, "`web` has port 4200, not 8000")])
def test_a_service_is_published_elsewhere_only_where_nothing_is_said_of_the_rest_of_its_mapping(
    tmp_path: Path, inside: int, why: str | None
) -> None:
    root = repository(tmp_path)
    written(root / REGISTRY, ENTRIES.format(inside=inside))
    written(root / "a" / "compose.yaml", WEB)
    written(root / "b" / "compose.yaml", API)
    found = scanned(root)
    clash = of(found, "PS203", "a/compose.yaml")
    if why is None:
        assert clash.fix is not None
        assert mended(root, found) == []
        return
    assert clash.fix is None
    assert clash.help is not None
    assert clash.help.startswith(f"By hand: no automatic fix, since there would be PS003 in its place: {why}")
    assert mended(root, found) == [("a/compose.yaml", "PS203")]


@pytest.mark.parametrize(
    ("other", "remark", "lasts"), [("8000", "", False), ("8000", "  # portscan: ignore[PS203,PS001]", True), ("8002", "", True)]
)
def test_a_number_is_written_only_where_nobody_else_publishes_it(tmp_path: Path, other: str, remark: str, lasts: bool) -> None:
    root = repository(tmp_path)
    written(root / REGISTRY, ENTRIES.format(inside=4200))
    written(root / "compose.yaml", STALE.format(other=other, remark=remark))
    found = scanned(root)
    stale = of(found, "PS003", "compose.yaml")
    assert (stale.fix is not None) == lasts
    if not lasts:
        assert stale.help is not None
        assert stale.help.startswith("By hand: no automatic fix, since there would be PS203 in its place: `other` publishes 8000")
    assert ("compose.yaml", "PS203") not in mended(root, found)
