"""Every rule file fits `schema/rule.schema.json`, and the schema lets no unknown key pass."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from portscan.detect.roles import READERS
from portscan.knowledge import shelf_files
from portscan.resources import folder
from portscan.rulefiles import ARGUMENTS, OF_FLAGS, ROLES, parse, strange_roles

SCHEMA = json.loads((folder("schema") / "rule.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DOCUMENTS = {
    f"{shelf}/{file.name}": parse(file.read_bytes(), file.name)
    for shelf in ("detect", "findings", "languages", "services")
    for file in shelf_files(folder("rules"), shelf)
}


@pytest.mark.parametrize("label", DOCUMENTS)
def test_rule_files_fit(label: str) -> None:
    problems = [f"{error.json_path}: {error.message[:200]}" for error in VALIDATOR.iter_errors(DOCUMENTS[label])]
    assert not problems


@pytest.mark.parametrize("label", DOCUMENTS)
def test_unknown_keys_are_refused(label: str) -> None:
    for changed, where in with_a_further_key(DOCUMENTS[label]):
        assert not VALIDATOR.is_valid(changed), f"{label} may have any key at {where}"


@pytest.mark.parametrize("label", [label for label in DOCUMENTS if label.startswith("detect/")])
def test_roles_are_known(label: str) -> None:
    languages = [document["language"] for document in DOCUMENTS.values() if "language" in document]
    strange = {rule["id"]: found for rule in DOCUMENTS[label]["rules"] if (found := strange_roles(rule, languages))}
    assert not strange, f"these are neither roles nor languages; there are {ROLES}, for flags also {OF_FLAGS}"


def test_the_schema_offers_all_roles_and_detection_reads_them() -> None:
    role, flag = (SCHEMA["$defs"][name]["anyOf"] for name in ("role", "flagRole"))
    assert role[0]["enum"] == [*ROLES, ARGUMENTS]
    assert flag[0]["enum"] == list(OF_FLAGS)
    assert set(READERS) == set(ROLES)


@pytest.mark.parametrize("key", ["role", "rest", "positionals", "flags"])
def test_a_misspelt_role_is_seen(key: str) -> None:
    held = {"positionals": ["none", "prot"], "flags": {"-p": "prot", "-d": "switch"}}.get(key, "prot")
    assert strange_roles({"id": "x", key: held}, ["yaml"]) == ("prot",)
    assert strange_roles({"id": "x", "role": "yaml", "flags": {"-x": "arguments"}}, ["yaml"]) == ()


@pytest.mark.parametrize(
    ("match", "wrong"),
    [
        pytest.param("text", {"callee": "x"}, id="a key of another kind"),
        pytest.param("text", {"kind": "address"}, id="an unknown kind"),
        pytest.param("nothing", {}, id="an unknown match"),
        pytest.param("text", {"bad": []}, id="no bad example"),
        pytest.param("text", {"least": "4"}, id="a number in quotes"),
    ],
)
def test_wrong_rules_are_refused(match: str, wrong: dict[str, Any]) -> None:
    shown = [{"path": "a.py", "code": "port = 1\n"}]
    rule = {"id": "some", "title": "t", "match": match, "kind": "url", "pattern": "x", "bad": shown, "good": shown}
    document = {"topic": "t", "about": "a", "rules": [{**rule, **wrong}]}
    assert not VALIDATOR.is_valid(document)
    fitting = {"topic": "t", "about": "a", "rules": [{**rule, "match": "text"}]}
    assert VALIDATOR.is_valid(fitting)


def with_a_further_key(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """The document with an unknown key at the top, in a rule, and in an example."""
    yield {**document, "surprise": 1}, "the top"
    for inner in ("rules", "formats", "bad", "good"):
        for index in range(min(len(document.get(inner, ())), 60)):
            changed = copy.deepcopy(document)
            changed[inner][index]["surprise"] = 1
            yield changed, f"{inner}[{index}]"
    for index, rule in enumerate(document.get("rules", ())):
        if "bad" in rule:
            changed = copy.deepcopy(document)
            changed["rules"][index]["bad"][0]["surprise"] = 1
            yield changed, f"rules[{index}].bad[0]"
