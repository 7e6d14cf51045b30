"""What speaks against a number's being a service's: then a fix is not safe."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.pipeline.scanning import scan
from tests.literals import registry

TODAY = date(2026, 1, 1)
KNOWN = registry(
    *("name: api, port: 4010", "name: shop, port: 4020", "name: shop-web, port: 4021", "name: charts, port: 3000"),
    "name: telegram-redis, port: 6379",
    "name: pool, port: 6434",
    "name: pool-inside, port: 6435, container_port: 5432",
)


@pytest.mark.parametrize(
    "line, why",
    [
        ('test_endpoint "Shop web" "http://localhost:4010/"', "it stands beside the name of `shop-web`"),
        ("echo 'Shop: http://localhost:4010'", "it stands beside the name of `shop`"),
        ("legacy_port=4010", "`legacy_port` may be called after another service than `api`"),
        ("listen ${PORT:-4010}", "`PORT` is the variable of whatever runs here"),
        ("curl http://localhost:3000", "3000 is a number that many use"),
        ("echo redis http://localhost:6379", "6379 is a number that many use"),
        ("echo charts http://localhost:3000", ""),
        ("echo telegram-redis http://localhost:6379", ""),
        ("echo shop-web and api: http://localhost:4010", ""),
        ("curl http://localhost:4010/shop-web/", ""),
        ("curl http://localhost:4010/", ""),
    ],
)
def test_the_number_alone_is_no_evidence_where_anything_speaks_against_it(tmp_path: Path, line: str, why: str) -> None:
    (tmp_path / "a.sh").write_text(f"{line}\n")
    (found,) = scan(tmp_path, ["a.sh"], KNOWN, Config(), TODAY, fixes=True).report.findings
    assert found.fix is not None
    assert (found.fix.applicability, why in str(found.help)) == ("unsafe" if why else "safe", True)


def test_a_document_may_tell_the_port_in_a_container_that_the_registry_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("psql postgresql://pool:6432/x\npsql postgresql://pool-inside:6432/x\n")
    first, second = scan(tmp_path, ["a.md"], KNOWN, Config(), TODAY, fixes=True).report.findings
    given = [(each.code, each.fix and each.fix.applicability) for each in (first, second)]
    assert given == [
        ("PS003", "unsafe"),
        ("PS003", "safe"),
    ]
    assert "Mind: containers know the host by that name" in str(first.help)
