"""The face of the project: what the documents promise is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tools.error_catalogue import missing

TOP = Path(__file__).resolve().parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")


def tracked() -> list[str]:
    done = subprocess.run(["git", "-C", TOP, "ls-files", "-z"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a checkout of git")
    return [name for name in done.stdout.decode().split("\0") if name and (TOP / name).is_file()]


def test_the_readme_names_the_two_commands() -> None:
    assert "make demo" in README
    assert "make test" in README


def test_nobody_is_told_to_install_somebody_elses_package() -> None:
    pages = [TOP / "README.md", TOP / "CONTRIBUTING.md", *(TOP / "docs").rglob("*.md")]
    assert [
        page.name for page in pages if re.search(r"pip install '?portscan(?!-registry)", page.read_text(encoding="utf-8"))
    ] == []


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for page in [TOP / "README.md", TOP / "CONTRIBUTING.md", *(TOP / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    sections = YAML(typ="safe").load(TOP / "docs" / "site" / "navigation.yaml")
    named = [page for pages in sections.values() for page in pages]
    pages = [*TOP.glob("*.md"), *(page for page in (TOP / "docs").rglob("*.md") if not page.name[:4].isdigit())]
    there = {page.relative_to(TOP).as_posix() for page in pages} - {"README.md"}
    assert sorted(there - set(named)) == [], "name it in docs/site/navigation.yaml"
    assert sorted(named) == sorted(set(named) & there)


def test_every_error_is_catalogued() -> None:
    assert missing() == [], "catalogue it in tests/errors/catalogue, then `make generated`"


def test_no_path_of_somebodys_machine_is_told() -> None:
    mine = re.compile("/(?:wo" + "rk|fa" + "rm|ro" + "ot)/")
    pages = [name for name in tracked() if name.endswith((".md", ".py", ".yaml", ".toml", ".json", ".sh", "run", "Makefile"))]
    told = [name for name in pages if mine.search((TOP / name).read_text(encoding="utf-8", errors="replace"))]
    assert [name for name in told if not name.startswith("examples/")] == []


def test_no_conflict_of_a_merge_was_left_standing() -> None:
    mark = re.compile("^(?:<" + "<<<<<< |>" + ">>>>>> )", re.MULTILINE)
    texts = ((name, (TOP / name).read_text(encoding="utf-8", errors="replace")) for name in tracked())
    assert [name for name, text in texts if mark.search(text)] == []


def test_decisions_are_numbered_in_order() -> None:
    pages = sorted((TOP / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for number, page in enumerate(pages, 1):
        assert page.read_text(encoding="utf-8").startswith(f"# {number}. "), page.name
