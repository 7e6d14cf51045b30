"""What follows from something else in the repository is up to date; `make generated` writes it."""

from __future__ import annotations

import re

import pytest
from ruamel.yaml import YAML

from portscan.config import Config
from tools import generated

CATALOGUE = YAML(typ="safe").load(generated.TOP / "tools" / "hooks.yaml")
HOOKS = {hook["id"]: hook for hook in YAML(typ="safe").load(generated.hooks())}


@pytest.mark.parametrize("path", generated.FILES)
def test_it_is_up_to_date(path: str) -> None:
    assert (generated.TOP / path).read_text(encoding="utf-8") == generated.FILES[path](), "run `make generated`"


def test_every_hook_of_the_catalogue_is_offered_with_what_all_share() -> None:
    assert list(HOOKS) == [hook["id"] for hook in CATALOGUE["hooks"]]
    assert all(hook.items() >= CATALOGUE["shared"].items() for hook in HOOKS.values())


@pytest.mark.parametrize("path", [Config().registry, "apps/config/ports/registry.yml", "portscan.toml", "sub/pyproject.toml"])
def test_the_registry_is_validated_when_a_file_that_decides_changes(path: str) -> None:
    assert re.search(HOOKS["portscan-registry"]["files"], path)


@pytest.mark.parametrize(
    "path", ["config/ports/registry.yaml.bak", "xportscan.toml", "config/registry.yaml", "ports/registry.yaml"]
)
def test_and_not_for_others(path: str) -> None:
    assert not re.search(HOOKS["portscan-registry"]["files"], path)


@pytest.mark.parametrize(
    "hook", [hook for hook in HOOKS.values() if hook.get("pass_filenames", True)], ids=lambda hook: hook["id"]
)
def test_a_file_name_that_begins_with_a_dash_is_no_option(hook: dict[str, object]) -> None:
    assert hook["args"] == ["--"]
