"""Further rules: what they change is worked out anew, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from portscan import knowledge
from portscan.rulefiles import documents, gather, untouched
from portscan.triggers.pieces import triggers
from tests.repository import write

LANGUAGE = """\
language: own
reader: code
files: ["*.own"]
bad: [{path: a.own, code: "port = «4010»\\n"}]
good: [{path: a.own, code: "x = 1\\n"}]
"""
RULE = """\
topic: own
about: What is our own.
rules:
  - id: own-numbers
    title: Numbers of our own
    match: text
    kind: named
    pattern: 'quux (?P<port>[0-9]{{4}})'
    {scope}
    bad: [{{path: a.go, code: "quux «4010»\\n"}}]
    good: [{{path: a.go, code: "x = 1\\n"}}]
"""
EVERY = frozenset(knowledge.shipped().languages)


@pytest.mark.parametrize(
    ("files", "touched"),
    [
        ({"languages/own.yaml": LANGUAGE}, frozenset()),
        ({"languages/more.yaml": LANGUAGE.replace("own", "go")}, {"go"}),
        ({"detect/own.yaml": RULE.format(scope="languages: [go]")}, {"go"}),
        ({"detect/own.yaml": RULE.format(scope="except_languages: [go]")}, EVERY - {"go"}),
    ],
    ids=["a language", "another form of one", "a rule for one", "a rule for all others"],
)
def test_what_further_rules_do_not_touch_is_as_it_was(files: Mapping[str, str], touched: frozenset[str], tmp_path: Path) -> None:
    for path, text in files.items():
        write(tmp_path / path, text)
    data = gather(documents((tmp_path,)))
    kept = untouched(data["languages"], _further(data["rules"]))
    assert EVERY - kept.keys() == touched
    for name in {"go", "yaml", "toml"} & kept.keys():
        assert kept[name] == triggers(data["rules"], data["languages"][name])


def test_a_part_may_stand_in_any_pattern() -> None:
    languages = {name: {**entry} for name, entry in knowledge.shipped().languages.items()}
    assert untouched(languages, ({"match": "part", "parts": {"host": "x"}, "further": "own"},)) == {}


def _further(rules: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    return [rule for rule in rules if rule.get("further")]
