"""The schemas are for editors as well: everything has a title, a description and an example that fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from portscan.document.document import parse
from portscan.document.schema import misfits, part, shipped
from portscan.findings import SHELF
from portscan.resources import folder

REGISTRIES = Path(__file__).parent.parent / "fixtures" / "registry"
NAMES = ("registry", "rule")


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of a property, of a list's items and of a map's values, with its path."""
    if not isinstance(schema, dict):
        return
    for key, value in schema.get("properties", {}).items():
        yield f"{path}.{key}", value
        yield from properties(value, f"{path}.{key}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield f"{path}[]", schema[key]
            yield from properties(schema[key], f"{path}[]")
    for key, value in schema.get("$defs", {}).items():
        yield from properties(value, f"{path}#{key}")


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_a_schema(name: str) -> None:
    schema = shipped(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:portscan:schema:{name}"


@pytest.mark.parametrize("name", NAMES)
def test_every_property_explains_itself(name: str) -> None:
    for path, entry in properties(shipped(name)):
        target = {**shipped(name)["$defs"].get(entry["$ref"].rpartition("/")[2], {}), **entry} if "$ref" in entry else entry
        assert target.get("title"), path
        assert target.get("examples"), path
        if not path.endswith("[]"):
            assert entry.get("description"), path
            assert entry["description"].endswith("."), path


@pytest.mark.parametrize("name", NAMES)
def test_every_example_fits(name: str) -> None:
    schema = shipped(name)
    for path, entry in (*properties(schema), *((f"#{key}", value) for key, value in schema["$defs"].items())):
        validator = jsonschema.Draft202012Validator({**entry, "$defs": schema["$defs"]})
        for example in entry.get("examples", ()):
            assert not list(validator.iter_errors(example)), (path, example)


def test_no_mapping_takes_unknown_keys() -> None:
    schema = shipped("registry")
    for path, entry in (("", schema), *properties(schema), *schema["$defs"].items()):
        if "properties" in entry:
            assert entry.get("additionalProperties") is False, path


@pytest.mark.parametrize("name", ["proposal", "platform", "complete"])
def test_registries_fit(name: str) -> None:
    document = parse((REGISTRIES / f"{name}.yaml").read_bytes())
    assert misfits(document, shipped("registry")) == ()
    # What other tools make of the schema, without our own types and formats.
    jsonschema.Draft202012Validator(shipped("registry")).validate(document.data())


def test_the_complete_registry_has_every_key() -> None:
    data = parse((REGISTRIES / "complete.yaml").read_bytes()).data()
    schema = shipped("registry")
    assert set(data) == set(schema["properties"])
    assert {key for service in data["services"] for key in service} == set(schema["$defs"]["service"]["properties"])


def test_finding_rules_fit() -> None:
    files = [file for file in (folder("rules") / SHELF).iterdir() if file.name.endswith(".yaml")]
    assert files
    for file in files:
        document = parse(file.read_bytes())
        assert document.problems == (), file.name
        assert misfits(document, part(shipped("rule"), "finding")) == (), file.name
        jsonschema.Draft202012Validator(shipped("rule")).validate(document.data())


@pytest.mark.parametrize(
    "schema, text, message",
    [
        ({"const": 3}, "4", "The file does not have the form it should have."),
        ({"type": "array", "minItems": 1}, "[]", "The file is empty."),
        ({"properties": {"a": {"type": ["integer", "array"]}}}, "a: {}", "`a` must be a whole number or a list, not a mapping."),
        ({"properties": {"a": {"enum": ["x"]}}}, "a: [1]", "`a` is none of the values allowed."),
        ({"maxProperties": 1}, "{a: 1, b: 2}", "The file has more than 1 entries."),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "[]", "The file does not have the form it should have."),
        ({"items": {"not": {}}}, "[1]", "Item 1 of the file does not have the form it should have."),
    ],
)
def test_other_keywords_have_words_too(schema: dict[str, Any], text: str, message: str) -> None:
    assert [problem.message for problem in misfits(parse(text.encode()), schema)] == [message]
