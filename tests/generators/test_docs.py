"""The page for people: what it tells, and that Markdown, MDX and Mermaid take it whatever the registry holds."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.generators.claims import Place, claims
from portscan.generators.escapes import line
from portscan.registry.loader import load
from tests.generators.helpers import REGISTRY, registry_of, repository, write
from tests.generators.hostile import TEXTS, generated
from tests.generators.test_hostile import text_of
from tests.judges import NODE_MODULES, TOP, judge, node_module

RANGES = {"apis": "3200-3203", "data": "5400-5499"}
SERVICES: list[dict[str, Any]] = [
    {"name": "api", "stack": "apis", "port": 3200, "container_port": 80, "protocol": "http", "container": True,
     "owner": "Backend", "description": "The main API", "depends_on": ["db", "feed", "nobody"],
     "previous": [{"port": 3209, "until": "2026-06-30"}]},
    {"name": "api_old", "stack": "apis", "port": 3201, "status": "deprecated", "replacement": "api", "owner": "Backend"},
    {"name": "api-old", "stack": "apis", "port": 3202, "status": "planned", "depends_on": ["db"], "container": False},
    {"name": "db", "stack": "data", "port": 5432, "container": True, "owner": "Database", "ports": {"admin": {"port": 5480}}},
    {"name": "feed", "external": True, "port": 443, "protocol": "https", "host": "feed.example.com"},
]  # fmt: skip
GOVERNANCE = {"approvers": ["@platform/architecture", "DevOps"]}


def page(settings: dict[str, Any], services: list[dict[str, Any]] = SERVICES, **more: Any) -> str:
    registry = load(REGISTRY, registry_of(services, ranges=RANGES, governance=GOVERNANCE, **more).encode()).registry
    assert registry is not None
    (claim,) = claims(registry, Config(generate=(("docs", settings),)), Place(Path("/"), Path("/", REGISTRY)), date(2026, 1, 1))
    return text_of(claim)


def seen(pages: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What a compiler sees in each page."""
    for name in ("@mdx-js/mdx", "remark-gfm", "mermaid", "jsdom"):
        node_module(name)
    given = json.dumps([{"path": path, "text": text} for path, text in pages.items()])
    command = [judge("node"), str(TOP / "tests" / "node" / "markdown.mjs"), str(NODE_MODULES)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    return {found["path"]: found for found in json.loads(done.stdout)}


def test_what_the_page_tells() -> None:
    found = seen({"a.md": page({})})["a.md"]
    apis, data, others, ranges, owners, former = found["tables"]
    assert found["headings"] == [
        "Ports", "apis (3200-3203)", "data (5400-5499)", "Others", "Ranges", "Owners", "Former ports", "Who needs whom",
    ]  # fmt: skip
    assert apis[1] == ["api", "3200", "80", "API_PORT", "http", "Backend", "active", "The main API"]
    assert apis[2][6] == "deprecated, use api"
    assert [apis[3][2], apis[3][6]] == ["on the host", "planned"]
    assert [row[:4] for row in data[1:]] == [["db", "5432", "5432", "DB_PORT"], ["db / admin", "5480", "5480", "DB_ADMIN_PORT"]]
    assert others[1][:3] == ["feed", "443", "external"]
    assert ranges[1:] == [["apis", "3200", "3203", "3", "1", "3203"], ["data", "5400", "5499", "2", "98", "5400"]]
    assert owners[1:] == [["Backend", "api, api_old"], ["Database", "db"]]
    assert former[1:] == [["3209", "api", "2026-07-01"]]
    (diagram,) = found["diagrams"]
    assert diagram["diagramType"] == "flowchart-v2"
    assert diagram["text"].split("\n") == [
        "flowchart LR",
        '  s_api["api :3200"]', '  s_api_old__1["api-old :3202"]', '  s_db["db :5432"]', '  s_feed(["feed :443"])',
        "  s_api --> s_db", "  s_api --> s_feed", "  s_api_old__1 --> s_db",
    ]  # fmt: skip


def test_what_is_reserved_is_not_free() -> None:
    found = seen({"a.md": page({}, reserved=[3203, "5400-5410"])})["a.md"]
    assert found["tables"][3][1:] == [["apis", "3200", "3203", "4", "0", "none"], ["data", "5400", "5499", "13", "87", "5411"]]


def test_mdx_says_the_same_as_markdown() -> None:
    settings = {"front-matter": {"sidebar_position": 3, "tags": ["ports", "ops: all"], "hide_title": True}}
    made = {"a.md": page({}), "a.mdx": page({"path": "docs/ports.mdx", **settings})}
    assert made["a.mdx"].startswith(
        '---\ntitle: Ports\nsidebar_position: 3\ntags:\n  - ports\n  - "ops: all"\nhide_title: true\n---\n{/* Generated'
    )
    found = seen(made)
    assert found["a.md"]["tables"] == found["a.mdx"]["tables"]
    assert found["a.md"]["diagrams"] == found["a.mdx"]["diagrams"]


def test_a_block_in_a_page_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    repository(tmp_path, '[generate.docs]\npath = "docs/guide.md"\nblock = "ports"\n')
    file = write(
        tmp_path, "docs/guide.md", "# Guide\n\n<!-- begin portscan sync (ports) -->\n<!-- end portscan sync (ports) -->\n\nEnd\n"
    )
    assert main(["sync"]) == 0
    assert main(["sync", "--check"]) == 0
    found = seen({"a.md": file.read_text()})["a.md"]
    assert found["headings"][0] == "Guide"
    assert "web (3100-3199)" in found["headings"]
    assert file.read_text().endswith("\n\nEnd\n")


@pytest.mark.parametrize("ending", ["md", "mdx"])
def test_hostile_texts_are_text_and_no_more(ending: str) -> None:
    made: dict[str, str] = {}
    for name, text in TEXTS.items():
        hostile = {**SERVICES[0], "description": text, "owner": text, "stack": text}
        made[f"{name}.{ending}"] = page({"path": f"docs/ports.{ending}"}, [hostile, *SERVICES[1:]])
    for path, found in seen(made).items():
        assert "error" not in found, (path, found)
        text = line(TEXTS[path.rpartition(".")[0]])
        told = next(row for table in found["tables"] for row in table if row[0] == "api")
        assert (told[5].split(), told[7].split()) == (text.split(), text.split()), path
        assert {kind for kind, _ in found["more"]} <= {"html", "mdxFlowExpression", "link"}, (path, found["more"])
        headings = [value for kind, value in found["more"] if kind != "link"]
        assert "Generated by portscan sync" in headings[0]
        assert headings[1:] == (["<!-- markdownlint-disable-file MD013 -->"] if path.endswith(".md") else [])
        assert all(value.startswith(("http://", "https://")) for kind, value in found["more"] if kind == "link")
        assert all(diagram["diagramType"] == "flowchart-v2" for diagram in found["diagrams"])


def test_every_field_hostile(tmp_path: Path) -> None:
    made = {f"{name}.md": text_of(claim) for name, text in TEXTS.items() for claim in generated(text, tmp_path, ("docs",))}
    assert {path: found["error"] for path, found in seen(made).items() if "error" in found} == {}


def test_another_port_changes_only_the_lines_that_speak_of_it() -> None:
    changed = [{**service, "port": 5433} if service["name"] == "db" else service for service in SERVICES]
    before, after = (page({}, services).splitlines() for services in (SERVICES, changed))
    different = [line for line, other in zip(before, after, strict=True) if line != other]
    assert len(different) == 3  # the heading, the row of the table, the box in the diagram
    assert all("5432" in line for line in different[1:])


def test_a_former_port_has_the_day_on_which_it_is_given_up() -> None:
    """Of a port that moves at once that is today: its last day is over."""
    further = {"admin": {"port": 5480, "previous": [{"port": 5481, "until": "2025-12-31"}]}}
    text = page({}, [*SERVICES[:3], {**SERVICES[3], "ports": further}])
    assert "| Port | Was that of | Given up on |" in text
    assert "| 3209 | api | 2026-07-01 |\n| 5481 | db / admin | 2026-01-01 |\n" in text
