"""A fault of portscan itself: exit 3, and a report as docs/errors.md shows it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import pytest

from portscan import __version__
from portscan.cli import BUG, main
from portscan.console import bug
from portscan.resolve import Resolver
from tests.repository import repository, write
from tools.error_catalogue import TOP

SECRET = "hunter2"
LONGEST = 5 + bug.FRAMES  # lines, a note about more of the same among them


@pytest.fixture
def reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The report on a fault that is planted where a literal is resolved, as it is for a scan that would fix files."""

    def stumble(*_: object) -> NoReturn:
        raise KeyError("web")

    root = repository(tmp_path / "somebody")
    script = write(root / "run.sh", f"curl http://localhost:4010/{SECRET}\n")
    before = script.read_bytes()
    monkeypatch.chdir(root)
    monkeypatch.setattr(Resolver, "resolve", stumble)
    assert main(["scan", "--fix", "--no-cache", "run.sh"]) == BUG
    assert script.read_bytes() == before
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_it_is_short_and_says_where(reported: list[str]) -> None:
    assert len(reported) <= LONGEST
    assert reported[1].startswith(f"  portscan {__version__}, ")
    assert reported[2] == "  command: portscan scan --fix --no-cache run.sh"
    assert reported[3] == "  KeyError: 'web'"
    assert reported[-1].endswith(" in stumble")


def test_it_holds_neither_contents_of_files_nor_directories_of_the_machine(reported: list[str], tmp_path: Path) -> None:
    text = "\n".join(reported)
    assert SECRET not in text
    assert str(tmp_path) not in text
    assert str(TOP) not in text


def test_the_page_shows_such_a_report(reported: list[str]) -> None:
    page = (TOP / "docs" / "errors.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(portscan: this is a bug.*?)```", page, re.DOTALL)
    form = re.compile(r"[\w.]+/[\w.]+:\d+ in [\w<>]+|portscan [\d.]+, \w+ [\d.]+, \w+|command: portscan scan --fix.*")
    first, *others = shown.splitlines()
    assert first == reported[0]
    assert [bool(form.fullmatch(line.strip())) for line in others[:4]] == [
        bool(form.fullmatch(line.strip())) for line in reported[1:5]
    ]
