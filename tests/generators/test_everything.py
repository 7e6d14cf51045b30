"""All generators at once, on whole registries: in sync after one run, the same every day, changed only where something did."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.generators import NAMES, generator
from tests.generators.helpers import REGISTRY, repository

TOP = Path(__file__).resolve().parents[2]
EXAMPLE = TOP / "examples" / "tradingsystem" / REGISTRY
REGISTRIES = (EXAMPLE, *(TOP / "tests" / "fixtures" / "registry" / name for name in ("complete.yaml", "platform.yaml")))


DAYS = ("2000-01-01", "2024-02-29")  # before any transition ends


def configuration(gateway: str) -> str:
    """A table for each generator, and the gateway for those that know one."""
    with_gateway = {name for name in NAMES if gateway and "gateway" in {field.name for field in fields(generator(name).Settings)}}
    tables = (f"[generate.{name}]\n{f'gateway = {gateway!r}' if name in with_gateway else ''}\n" for name in NAMES)
    return "".join(tables)


def contents(root: Path) -> dict[str, str]:
    files = (file for file in root.rglob("*") if file.is_file() and ".git" not in file.relative_to(root).parts)
    return {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files}


@pytest.fixture(params=REGISTRIES, ids=lambda path: path.stem if path != EXAMPLE else "example")
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    gateway = "edge" if request.param == EXAMPLE else ""
    return repository(tmp_path, configuration(gateway), request.param.read_text(encoding="utf-8"))


def test_one_run_is_enough_and_the_same_on_every_day(root: Path) -> None:
    assert main(["sync", "-q", "--today", DAYS[0]]) == 0
    first = contents(root)
    assert main(["sync", "--check", "--today", DAYS[0]]) == 0
    for day in DAYS:
        assert main(["sync", "-q", "--today", day]) == 0
        assert contents(root) == first
    for path in first.keys() - {REGISTRY, "portscan.toml"}:
        (root / path).unlink()
    assert main(["sync", "-q", "--today", DAYS[0]]) == 0
    assert contents(root) == first


def changed(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    """The lines that differ, marked as in a diff; the heading of a file tells of every change, and is no news."""
    for path in before.keys() | after.keys():
        lines = difflib.ndiff(before.get(path, "").splitlines(), after.get(path, "").splitlines())
        yield from (line for line in lines if line[0] in "+-" and "sha256:" not in line)


def test_a_changed_port_changes_the_lines_that_speak_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = EXAMPLE.read_text(encoding="utf-8")
    repository(tmp_path, configuration("edge"), text)
    assert main(["sync", "-q"]) == 0
    before = contents(tmp_path)
    (tmp_path / REGISTRY).write_text(text.replace("port: 4007", "port: 4017"), encoding="utf-8")
    assert main(["sync", "-q"]) == 0
    lines = list(changed(before, contents(tmp_path)))
    assert len(lines) > len(NAMES)
    assert [line for line in lines if ("4017" if line[0] == "+" else "4007") not in line] == []
