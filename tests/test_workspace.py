"""What a command finds when it opens its workspace, and what it says when it cannot."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from portscan.errors import UserError
from portscan.terminal import Streams
from portscan.workspace import Workspace, open_workspace

REGISTRY = """version: "1.0.0"
ranges: {web: "4000-4099"}
services:
  - {name: api, stack: web, port: 4010}
"""


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "apps" / "api").mkdir(parents=True)
    write(tmp_path / "config" / "ports" / "registry.yaml", REGISTRY)
    monkeypatch.chdir(tmp_path / "apps" / "api")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def opened(registry: str | None = None, config: str | None = None) -> tuple[Workspace, str]:
    err = StringIO()
    work = open_workspace(Namespace(registry=registry, config=config), Streams(StringIO(), err), today=date(2026, 5, 1))
    return work, err.getvalue()


def test_the_nearest_registry_upward_decides(top: Path) -> None:
    work, said = opened()
    assert (work.root, work.top, work.today, said) == (top / "apps" / "api", top, date(2026, 5, 1), "")
    assert work.registry.path == "../../config/ports/registry.yaml"
    assert work.registry_data == REGISTRY.encode()
    assert [service.name for service in work.registry.services] == ["api"]


def test_the_configuration_names_it(top: Path) -> None:
    write(top / "portscan.toml", 'registry = "ports.yaml"\n')
    write(top / "ports.yaml", REGISTRY.replace("api", "web-api"))
    assert opened()[0].registry.services[0].name == "web-api"


def test_the_command_line_names_it_as_the_user_sees_it(top: Path) -> None:
    assert opened("../../config/ports/registry.yaml")[0].registry.path == "../../config/ports/registry.yaml"
    with pytest.raises(UserError, match=r"there is no registry at nowhere\.yaml"):
        opened("nowhere.yaml")


def test_one_that_is_missing_is_named_as_users_see_it(top: Path) -> None:
    (top / "config" / "ports" / "registry.yaml").unlink()
    with pytest.raises(UserError, match=r"^there is no registry at \.\./\.\./config/ports/registry\.yaml"):
        opened()


def test_a_registry_in_error_decides_nothing(top: Path) -> None:
    write(top / "config" / "ports" / "registry.yaml", REGISTRY.replace("4010", "oh"))
    err = StringIO()
    with pytest.raises(UserError, match="so nothing was done") as raised:
        open_workspace(Namespace(registry=None, config=None), Streams(StringIO(), err))
    assert raised.value.hint == "Run `portscan validate` until it is content."
    assert "PS101" in err.getvalue()


def test_a_registry_without_services_says_how_to_begin(top: Path) -> None:
    write(top / "config" / "ports" / "registry.yaml", 'version: "1.0.0"\nservices: []\n')
    with pytest.raises(UserError, match="lists no service yet"):
        opened()
