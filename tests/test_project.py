"""The face of the project: what the documents promise is there."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
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


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)


def confused(tree: ast.Module) -> Iterator[str]:
    """The names that CPython 3.12.1 takes for unset: one comprehension of a function binds them, another means the module's."""
    known = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        parts = [node for node in ast.walk(function) if isinstance(node, COMPREHENSIONS)]
        bound = {part: set(names(part, ast.Store)) for part in parts}
        for part in parts:
            own = set().union(*(bound[outer] for outer in parts if part in ast.walk(outer)))
            yield from (
                f"{function.name}: {name}" for name in (known & set().union(*bound.values()) - own) & {*names(part, ast.Load)}
            )


def names(tree: ast.AST, how: type[ast.expr_context]) -> Iterator[str]:
    yield from (node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, how))


def test_no_comprehension_binds_what_another_one_takes_from_the_module() -> None:
    text = "def role(x): ...\ndef f(a):\n    b = {role: 1 for role in a}\n    return {x: role(x) for x in b}\n"
    assert list(confused(ast.parse(text))) == ["f: role"]
    assert list(confused(ast.parse(text.replace("{role: 1 for role in a}", "{r: 1 for r in a}")))) == []
    modules = sorted((TOP / "portscan").rglob("*.py"))
    assert [
        (str(path.relative_to(TOP)), *found) for path in modules if (found := [*confused(ast.parse(path.read_bytes()))])
    ] == []
