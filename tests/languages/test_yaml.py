"""YAML: key paths, names beside their values, formats, embedded texts, and files that no parser takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.detect.hits import Hit
from portscan.detect.text_rules import TextRule
from portscan.languages.yaml import events
from portscan.text import Text
from tests.languages.reading import bound, code_ports, ports, read

MANIFEST = "apiVersion: v1\nkind: X\n"


def test_a_name_beside_its_value() -> None:
    named = (("PORT", '"8080"'), ("ROWS", '"3000"'), ("HOST", "a:90"))
    env = "spec:\n  env:\n" + "".join(f"    - name: {name}\n      value: {value}\n" for name, value in named)
    assert ports("a.yaml", MANIFEST + env) == [8080, 90]
    assert ports("a.yaml", "{{- if .Values.on }}\n" + env + "{{- end }}\n") == [8080, 90]


def test_defaults_of_inputs() -> None:
    assert ports("action.yml", "inputs:\n  port:\n    default: '8080'\n  rows:\n    default: '3000'\n") == [8080]


@pytest.mark.parametrize("dash", ["- ", "  - "])
def test_lists_under_their_key(dash: str) -> None:
    assert ports("a.yaml", f'{{{{ if .x }}}}\nports:\n{dash}"8080"\n{{{{ end }}}}\n') == [8080]


def test_anchors_tags_and_quotes() -> None:
    text = 'a: &x 1\nport: &p 8000\nports: !!seq [!!str "8001", \'8002\', *p]\nurl: "http:\\/\\/h:8003"\n'
    assert ports("a.yaml", text) == [8000, 8001, 8002, 8003]


def test_block_scalars_and_files_in_a_config_map() -> None:
    text = (
        MANIFEST
        + "data:\n  run.sh: |\n    nc -z db 5432\n"
        + '  app.json: |\n    {"port": 8080}\n'
        + "  note: >-\n    see http://h:9000\n    and more\n"
    )
    assert ports("a.yaml", text) == [5432, 8080, 9000]


FOLDED = st.lists(st.tuples(st.sampled_from(("", "", "  ")), st.sampled_from(("", "a", "b c", "d --port"))), max_size=6)


@given(FOLDED, st.sampled_from(("\n", "\r\n")))
def test_a_text_is_folded_as_the_parser_folds_it(paragraphs: list[tuple[str, str]], end: str) -> None:
    """The same words stand on the same lines, and nothing else is another one."""
    body = end.join(f"  {further}{words}" if words else "" for further, words in [("", "x"), *paragraphs, ("", "y")])
    told = next(event.value for event in events(f"k: >{end}{body}{end}") if getattr(event, "style", None) == ">")
    folded = Text(body).folded().value
    assert [line.split() for line in folded.split("\n") if line.split()] == [line.split() for line in told.split("\n") if line]
    assert {(a, b) for a, b in zip(body, folded, strict=True) if a != b} <= {("\n", " "), ("\r", " ")}


def test_what_only_the_newer_yaml_allows() -> None:
    assert ports("a.yaml", 'args: [--port, "8080", --metrics-addr=:9090]\n') == [8080, 9090]


def test_comments_are_no_code_and_a_hash_in_a_value_is_no_comment() -> None:
    text = "a: 'http://h:8000/#/x' # port 8001\nb: |\n  # http://h:8002\n"
    assert [(found.port, found.context) for found in read("a.yaml", text)] == [(8000, "code"), (8001, "comment"), (8002, "code")]


def test_several_documents() -> None:
    assert ports("a.yaml", "port: 8000\n---\nport: 8001\n...\n") == [8000, 8001]


def test_compose() -> None:
    text = "services:\n  db:\n    image: redis:7379\n    user: '1000:1000'\n    ports: ['${P:-5433}:5432', '9000-9001:80']\n"
    found = read("compose.yaml", text)
    assert [literal.port for literal in found] == [5433, 5432, 9000, 9001, 80]
    assert bound("compose.yaml", text) == [True, False, False, False, False]
    assert {literal.owner for literal in found} == {"db"}


def test_a_template_goes_to_the_tolerant_reader() -> None:
    assert code_ports("a.yaml", "{{- range .x }}\n- port: {{ .p | default 8080 }}\n{{- end }}\nport: 8081\n") == [8080, 8081]


@pytest.mark.parametrize(("text", "called"), [("Item 57 of collection 12", False), ("see socket:8080, 12", True)])
def test_a_pattern_is_called_only_where_a_piece_of_it_is(text: str, called: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, seen = TextRule.found, []

    def counted(rule: TextRule, *given: Any) -> Sequence[Hit]:
        seen.append(rule.id)
        return whole(rule, *given)

    monkeypatch.setattr(TextRule, "found", counted)
    read("a.yaml", f"port: 8080\ndescription: {text}\n")
    assert bool(seen) == called


@pytest.mark.parametrize("more", ["", " a" * 200])
@pytest.mark.parametrize("key, expected", [("brokers", [9092]), ("rows", [])])
def test_what_leads_to_a_text_counts_in_short_and_in_long_ones(key: str, expected: list[int], more: str) -> None:
    assert ports("a.yaml", f'port: x\n{key}: "my_thing:9092{more}"\n') == expected
