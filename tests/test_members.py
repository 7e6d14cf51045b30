"""What lies on a shelf is a member of it: no list has to name it, and nothing is loaded to find it."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from zipfile import ZipFile

import pytest

from portscan.commands import COMMANDS
from portscan.generators import NAMES as GENERATORS
from portscan.members import members, module_of
from portscan.reporters import NAMES as REPORTERS

MODULE = 'NAME = "one-more"\n'


def test_a_file_is_a_member_by_lying_there(tmp_path: Path) -> None:
    for name in ("one_more.py", "another.py", "__init__.py", "_shared.py", "notes.md"):
        (tmp_path / name).write_text(MODULE)
    (tmp_path / "__pycache__").mkdir()
    assert members([str(tmp_path)]) == ("another", "one-more")
    assert module_of("shelf", "one-more") == "shelf.one_more"


def test_a_shelf_in_an_archive_is_read_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("shelf_of_tests/__init__.py", "")
        archive.writestr("shelf_of_tests/one_more.py", MODULE)
    monkeypatch.syspath_prepend(str(tmp_path / "all.zip"))
    shelf = import_module("shelf_of_tests")
    assert members(shelf.__path__) == ("one-more",)
    assert "shelf_of_tests.one_more" not in sys.modules


@pytest.mark.parametrize("name", ["portscan.commands", "portscan.generators.kinds", "portscan.reporters.formats"])
def test_no_helper_lies_among_the_members(name: str) -> None:
    shelf = import_module(name)
    assert members(shelf.__path__)
    for member in members(shelf.__path__):
        module = import_module(module_of(name, member))
        assert getattr(module, "NAME", member) == member
        assert callable(getattr(module, "run", None) or module.render)


def test_the_shelves_are_what_users_are_told_of() -> None:
    assert {"scan", "init", "who"} <= set(COMMANDS)
    assert {"env", "prometheus-targets"} <= set(GENERATORS)
    assert {"text", "sarif"} <= set(REPORTERS)
