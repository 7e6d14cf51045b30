"""Decision record, CODEOWNERS, checklist and onboarding page: filled from the registry, and read as their readers read them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.errors import UserError
from portscan.registry.model import Registry
from tests.generators.helpers import repository, write
from tests.generators.hostile import BENIGN, TEXTS
from tests.generators.hostile import registry as hostile
from tests.generators.made import SOURCE, artefact, registry, text_of
from tests.judges import judge, node_module, python_module

PAGES = ("adr", "checklist", "onboarding")
LANGUAGES = ("en", "pt")


def known(**more: Any) -> Registry:
    """A small registry, with more keys at its top."""
    services = [
        {"name": "edge", "stack": "web", "port": 3100, "container_port": 80, "protocol": "http", "owner": "Platform"},
        {"name": "dashboard", "stack": "web", "port": 3103, "protocol": "http", "owner": "Frontend"},
        {"name": "db", "stack": "data", "port": 5433, "container_port": 5432, "owner": "Data"},
    ]
    ranges = {"web": "3100-3109", "data": "5400-5499"}
    return registry(json.dumps({"version": "2.0", "ranges": ranges, "services": services, **more}))


def page(name: str, of: Registry, **settings: Any) -> str:
    return text_of(artefact(name, of, **settings), name)


@pytest.mark.parametrize(
    "record, number",
    [
        ("ADR-015", "015"),
        ("docs/adr/015-port-governance.md", "015"),
        ("docs/adr/ADR-7.md", "7"),
        ("see adr 12", "12"),
        ("Port governance of 2025", ""),
        ("docs/decisions/2025/ports.md", ""),
    ],
)
def test_the_record_bears_the_number_that_the_registry_gives_it(record: str, number: str) -> None:
    title = re.search(r"^# (.*)", page("adr", known(governance={"adr": record})), re.MULTILINE)
    assert title is not None
    assert title[1] == (f"ADR-{number}: Port governance" if number else "Port governance")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_record_tells_ranges_approvers_and_reserved_ports(language: str) -> None:
    more = {
        "governance": {"approvers": ["@org/architecture", "DevOps"]},
        "reserved": [3109, "7000-7009"],
        "lastUpdated": "2025-11-05",
    }
    text = page("adr", known(**more), language=language)
    assert "| web | 3100-3109 | 2 | 7 |\n| data | 5400-5499 | 1 | 99 |\n" in text
    assert "3109, 7000-7009." in text
    assert "\n- @org/architecture\n- DevOps\n" in text
    assert re.findall(r"\d{4}-\d\d-\d\d", text) == ["2025-11-05"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_without_approvers_ranges_and_owners(name: str, language: str) -> None:
    bare = registry(json.dumps({"version": "1", "services": [{"name": "a", "port": 1, "stack": "s"}]}))
    text = page(name, bare, language=language)
    assert "\n\n\n" not in text
    assert not re.search(r"None|\(\)|\[\]", text)


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_say_the_same(name: str) -> None:
    """As far as a program can tell: the same headings, rows, fences and code."""
    one, other = (page(name, known(governance={"adr": "ADR-1", "approvers": ["DevOps"]}), language=each) for each in LANGUAGES)
    for mark in (r"^#+ ", r"^\|", r"^```\w*", r"^\d\. ", r"^- ", r"`portscan [a-z-]+", r"\bPS\w\d\d"):
        assert re.findall(mark, one, re.MULTILINE) == re.findall(mark, other, re.MULTILINE), mark


def test_the_commands_and_hooks_that_the_pages_name_are_there() -> None:
    from portscan.commands import COMMANDS

    top = Path(__file__).resolve().parents[2]
    told = "".join(page(name, known(), language=language) for name in PAGES for language in LANGUAGES)
    hooks = re.findall(r"^- id: (\S+)", (top / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`portscan ([a-z]+)", told)) <= set(COMMANDS)
    assert set(re.findall(r"`(portscan-[a-z-]+)`", told)) <= set(hooks)


def test_the_page_shows_a_service_that_is_there_to_be_read() -> None:
    text = page("onboarding", known())
    assert "${DASHBOARD_PORT:-3103}:3103" in text
    assert "process.env.DASHBOARD_PORT || 3103" in text
    assert "| data | 5400-5499 | Data |" in text


def test_the_code_of_the_page_is_bound() -> None:
    """What newcomers copy must be what the scan wants to see."""
    from portscan.model import Skipped
    from portscan.source import decode
    from tests.examples import knowledge, reading_of

    fences = re.findall(r"^```(\w+)\n(.*?)^```", page("onboarding", known()), re.MULTILINE | re.DOTALL)
    names = {"yaml": "compose.yaml", "sh": "run.sh", "js": "server.mjs", "python": "main.py"}
    reading = reading_of(knowledge())
    for language, code in fences[1:]:
        text = f"services:\n  dashboard:\n    {code.splitlines()[1]}\n" if language == "yaml" else code
        text = f"import os\n{text}" if language == "python" else text
        source = decode(names[language], text.encode())
        assert not isinstance(source, Skipped)
        found = reading.read(source)
        assert not isinstance(found, Skipped)
        assert "DASHBOARD_PORT" in {literal.variable for literal in found}, language


def test_pages_of_mdx_have_comments_of_mdx() -> None:
    assert page("adr", known(), path="docs/adr.mdx").startswith("{/* Generated by portscan sync (adr) ")
    assert page("onboarding", known(), path="docs/a.md").startswith("<!-- Generated by portscan sync (onboarding) ")


def elements(markdown: str) -> list[str]:
    """The tags that GitHub's Markdown makes of a text, raw HTML included."""
    python_module("cmarkgfm")
    import cmarkgfm
    from cmarkgfm.cmark import Options

    html = cmarkgfm.markdown_to_html_with_extensions(markdown, Options.CMARK_OPT_UNSAFE, ["table", "tasklist", "strikethrough"])
    return re.findall(r"<[^>]*>", html.replace("<!--", "").replace("-->", ""))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("name", PAGES)
def test_texts_make_no_element_of_a_page(name: str, text: str) -> None:
    for language in LANGUAGES:
        assert elements(page(name, hostile(text), language=language)) == elements(page(name, hostile(BENIGN), language=language))


COMPILE = """
import { compile } from "@mdx-js/mdx";
import { json } from "node:stream/consumers";
for (const page of await json(process.stdin)) console.log(JSON.stringify(String(await compile(page))));
"""


def test_mdx_takes_every_page_whatever_the_registry_says() -> None:
    folder = node_module("@mdx-js/mdx").parents[1]
    texts = [BENIGN, *TEXTS.values()]
    pages = [page(name, hostile(text), language=each, path="a.mdx") for text in texts for name in PAGES for each in LANGUAGES]
    pages = [re.sub(r"<!--.*?-->", "", text) for text in pages]  # the template of pull requests is never MDX
    command = [judge("node"), "--input-type=module", "--eval", COMPILE]
    done = subprocess.run(command, input=json.dumps(pages), capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    compiled = [json.loads(line) for line in done.stdout.splitlines()]
    # What is code to MDX stands outside of strings: there is none but what Markdown itself gives.
    shapes = [re.sub(r'"(?:[^"\\]|\\.)*"|sha256:\w+', '""', text) for text in compiled]
    each = len(PAGES) * len(LANGUAGES)
    assert shapes == shapes[:each] * len(texts)


def owners(text: str, path: str) -> list[str]:
    python_module("codeowners")
    from codeowners import CodeOwners

    return [name for _, name in CodeOwners(text).of(path)]


def test_the_approvers_own_the_registry_and_nothing_else() -> None:
    of = known(governance={"approvers": ["@org/architecture", "Platform Team", "ops@example.org", "@org/architecture", "Nobody"]})
    text = page("codeowners", of, handles=(("Platform Team", "@org/platform"),), also=("portscan.toml", "my ports/"))
    everybody = ["@org/architecture", "@org/platform", "ops@example.org"]
    assert owners(text, SOURCE) == owners(text, "portscan.toml") == owners(text, "my ports/a") == everybody
    assert owners(text, "README.md") == owners(text, "deep/portscan.toml") == []
    assert "Nobody can be asked for Nobody" in text


def test_nobody_to_ask_makes_no_line_that_frees_the_registry() -> None:
    text = page("codeowners", known(governance={"approvers": ["DevOps"]}))
    assert [line for line in text.splitlines() if not line.startswith("#")] == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts_own_nothing(text: str) -> None:
    made = page("codeowners", hostile(text))
    assert owners(made, SOURCE) == ["@platform/architecture"]
    assert owners(made, "README.md") == owners(made, "secrets/a") == []


@pytest.mark.parametrize(
    "settings, complaint",
    [
        ({"handles": (("DevOps", "devops"),)}, "'devops' cannot be asked"),
        ({"handles": (("DevOps", "@a\n* @b"),)}, "cannot be asked"),
        ({"also": ("a\n* @b",)}, "cannot be written in CODEOWNERS"),
        ({"also": ("../other",)}, "cannot be written in CODEOWNERS"),
        ({"also": ("a # b",)}, "cannot be written in CODEOWNERS"),
    ],
)
def test_settings_that_would_say_something_else_are_refused(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UserError, match=re.escape(complaint)):
        page("codeowners", known(governance={"approvers": ["DevOps"]}), **settings)


def test_what_people_wrote_around_the_blocks_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    configuration = '[generate.checklist]\n[generate.codeowners.handles]\nDevOps = "@org/devops"\n'
    more = "governance: {approvers: [DevOps]}\nversion: '1'\nservices:\n  - {name: a, stack: s, port: 1}\n"
    repository(tmp_path, configuration, more)
    mine = write(tmp_path, ".github/CODEOWNERS", "* @org/everybody\n")
    template = write(tmp_path, ".github/PULL_REQUEST_TEMPLATE.md", "# Why\n\n# What\n")
    assert main(["sync"]) == 0
    assert main(["sync", "--check"]) == 0
    assert mine.read_text(encoding="utf-8").startswith("* @org/everybody\n\n# begin portscan sync (codeowners) ")
    assert owners(mine.read_text(encoding="utf-8"), SOURCE) == ["@org/devops"]
    assert owners(mine.read_text(encoding="utf-8"), "README.md") == ["@org/everybody"]
    assert template.read_text(encoding="utf-8").startswith("# Why\n\n# What\n\n<!-- begin portscan sync (checklist) ")
