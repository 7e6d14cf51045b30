"""What is said of the configuration: its JSON Schema, what is in force, and the page about it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.config import Config, PerPath, Pin, load
from portscan.config.tables import keys
from portscan.config_reference import as_toml, full_schema, in_force, written
from portscan.generators import NAMES
from tests.repository import write
from tests.test_config import EVERYTHING
from tools.reference import configuration

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

SCHEMA = full_schema()
GENERATE = '[generate.env]\npath = "a"\n\n[[generate.health]]\npath = "b"\n\n[[generate.health]]\npath = "c"\n'


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_schema_is_one_and_takes_everything_there_is() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(tomllib.loads(EVERYTHING + GENERATE), SCHEMA)
    assert set(SCHEMA["properties"]) == {key.name for key in keys(Config)}
    assert set(SCHEMA["properties"]["generate"]["properties"]) == set(NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "exlude = []",
        "allow = [0]",
        "[severity]\nPS001 = 'high'",
        "[[per-path]]\nignore = ['PS001']",
        "[generate.envs]",
        "[generate.env]\npaht = 'x'",
        "[[generate.env]]\npaht = 'x'",
    ],
)
def test_the_schema_refuses_what_portscan_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)


@pytest.mark.parametrize("text", ["", EVERYTHING, EVERYTHING + GENERATE])
def test_what_is_shown_says_the_same_when_it_is_read_again(root: Path, text: str) -> None:
    config = load(root, write(root / "portscan.toml", text))
    again = load(root, write(root / "again.toml", as_toml(in_force(config, {}))))
    assert {key.name: getattr(config, key.attribute) for key in keys(Config)} == {
        key.name: getattr(again, key.attribute) for key in keys(Config)
    }


def test_each_value_tells_where_it_comes_from(root: Path) -> None:
    write(root / "pyproject.toml", "[tool.portscan]\nallow = [80]\n")
    shown = {setting.key.name: (setting.value, setting.source) for setting in in_force(load(root), {"registry": "r.yaml"})}
    assert shown["registry"] == ("r.yaml", "command line")
    assert shown["allow"] == ([80], "pyproject.toml [tool.portscan]")
    assert shown["strict"] == (False, "default")


@given(
    st.recursive(st.text() | st.integers(-9, 9) | st.booleans(), lambda each: st.lists(each) | st.dictionaries(st.text(), each))
)
def test_any_value_is_written_as_toml(value: Any) -> None:
    assert tomllib.loads(f"it = {written(value)}")["it"] == value


@pytest.mark.parametrize("table", [Config, Pin, PerPath])
def test_the_page_lists_every_key(table: type) -> None:
    assert all(f"| `{key.name}` |" in configuration() for key in keys(table))


def test_the_example_on_the_page_is_right(root: Path) -> None:
    example = re.findall(r"```toml\n(.*?)```", configuration(), re.DOTALL)
    assert len(example) == 1
    jsonschema.validate(tomllib.loads(example[0]), SCHEMA)
    assert load(root, write(root / "portscan.toml", example[0])).allow == (80, 443)
