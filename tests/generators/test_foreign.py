"""A file of somebody's own where `sync` would write one: the help leads elsewhere, and what it says works."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan.cli import main
from portscan.errors import UserError
from portscan.life.fields import MOST, known
from tests.generators.helpers import repository, write


def test_the_help_names_the_lines_that_lead_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = repository(tmp_path)
    write(place, ".env.shared", "SECRET=1\n")
    monkeypatch.chdir(place)
    assert main(["sync"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert 'Write `[generate.env]` and `path = "…"` into portscan.toml for another file' in said
    assert said.index("portscan.toml") < said.index("--overwrite")
    write(place, "portscan.toml", '[generate.env]\npath = ".env.ports"\n[generate.docs]\n[generate.index]\n')
    assert main(["sync"]) == 0
    assert (place / ".env.shared").read_text(encoding="utf-8") == "SECRET=1\n"
    assert (place / ".env.ports").exists()
    assert (place / "config/ports/README.md").exists()


def test_a_list_of_names_is_whole_or_says_how_many_more_there_are() -> None:
    few, many = (tuple(f"s{number:03}" for number in range(count)) for count in (18, MOST + 3))
    with pytest.raises(UserError) as found:
        known(few, "nope", "stack")
    assert str(found.value.hint) == f"There are {', '.join(few)}."
    with pytest.raises(UserError) as found:
        known(many, "nope", "stack")
    assert str(found.value.hint).endswith(f"s{MOST - 1:03} and 3 more.")
