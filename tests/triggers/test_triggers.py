"""Nothing is lost by what is not read: with and without triggers, whole and in parts, the same ports are found."""

from __future__ import annotations

import re
import sysconfig
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.languages import json, shell
from portscan.languages.python_parts import parts
from portscan.model import PortLiteral, Skipped
from portscan.pipeline.reading import Reading
from portscan.source import Source, decode
from portscan.text import Text
from portscan.triggers import compile_triggers
from portscan.triggers.pieces import triggers
from tests.examples import Example, entries, reading_of
from tests.judges import THOROUGH

TOP = Path(__file__).resolve().parents[2]
SPARING = reading_of(shipped())
EVERY_RULE = tuple({**rule, "heads": None, "needs": ("",)} if rule["match"] == "text" else rule for rule in shipped().rules)
THROUGH = reading_of(replace(shipped(), triggers={}, rules=EVERY_RULE))
EXAMPLES = [shown for entry in entries() for kind in ("bad", "good") for shown in entry.examples(kind)]
LIBRARY = Path(sysconfig.get_path("stdlib"))
MODULES = (
    *(
        "smtplib.py",
        "ftplib.py",
        "poplib.py",
        "imaplib.py",
        "socketserver.py",
        "http/server.py",
        "http/client.py",
        "xmlrpc/server.py",
    ),
    *("logging/handlers.py", "urllib/request.py", "socket.py", "pydoc.py", "asyncio/base_events.py", "wsgiref/simple_server.py"),
)


def read(reading: Reading, path: str, text: str) -> tuple[PortLiteral, ...] | Skipped:
    source = decode(path, text.encode("utf-8", "surrogatepass"))
    assert isinstance(source, Source)
    return reading.read(source)


@lru_cache(maxsize=1)
def by_language() -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for shown in EXAMPLES:
        language = SPARING.languages.of(shown.path, shown.code)
        found.setdefault(language.name if language else "", []).append(shown)
    return found


@pytest.mark.parametrize("language", sorted({entry.name for entry in entries() if entry.shelf == "languages"}))
def test_every_example_comes_out_the_same(language: str) -> None:
    for shown in by_language().get(language, []):
        assert read(SPARING, shown.path, shown.code) == read(THROUGH, shown.path, shown.code), shown.code


@settings(max_examples=300 if THOROUGH else 30, deadline=None)
@given(st.data())
def test_generated_files_come_out_the_same(data: st.DataObject) -> None:
    """Pieces of examples, cut anywhere and put together in any order."""
    language = data.draw(st.sampled_from(sorted(name for name in by_language() if name)))
    pool = by_language()[language]
    pieces = []
    for _ in range(data.draw(st.integers(1, 4))):
        code = data.draw(st.sampled_from(pool)).code
        start = data.draw(st.integers(0, len(code)))
        pieces.append(code[start : data.draw(st.integers(start, len(code)))] if data.draw(st.booleans()) else code)
    text, path = "".join(pieces), data.draw(st.sampled_from(pool)).path
    assert read(SPARING, path, text) == read(THROUGH, path, text)


@pytest.mark.parametrize("module", MODULES)
def test_modules_of_python_come_out_the_same(module: str) -> None:
    file = LIBRARY / module
    if not file.exists():
        pytest.skip(f"this Python has no {module}")
    text = file.read_text(encoding="utf-8")
    assert "".join(part.value for part in parts(Text(text))) == text
    assert read(SPARING, "a.py", text) == read(THROUGH, "a.py", text)


def test_every_language_has_triggers() -> None:
    assert len(shipped().triggers) > 30
    assert None not in shipped().triggers.values()


def test_a_file_without_a_trigger_is_not_read() -> None:
    sought = compile_triggers(shipped().triggers["python"])
    assert not sought.found_in("import os\nexport = report(1280, 800)\n")
    assert sought.found_in("server = start(metrics_port=9464)\n")


def test_a_rule_of_which_nothing_telling_follows_lets_everything_through() -> None:
    rule = {"match": "text", "id": "any", "kind": "url", "pattern": r"(?P<port>\d{4})"}
    language = shipped().languages["python"]
    assert triggers([*shipped().rules, rule], language) is None
    assert triggers(shipped().rules, language) is not None
    assert compile_triggers(None).found_in("8")
    assert not compile_triggers(None).found_in("no digits, or 0")


def test_a_new_rule_extends_the_triggers() -> None:
    rule = {"match": "text", "id": "gopher", "kind": "url", "pattern": r"gopher at (?P<port>\d{2,5})"}
    language = shipped().languages["python"]
    assert not compile_triggers(triggers(shipped().rules, language)).found_in("a gopher at 7070")
    assert compile_triggers(triggers([*shipped().rules, rule], language)).found_in("a gopher at 7070")


TREES = [TOP / "examples", TOP / "tests" / "fixtures"]


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.name)
def test_trees_come_out_the_same(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that is passed over, and with everything read."""
    texts = {file: file.read_bytes() for file in sorted(tree.rglob("*")) if file.is_file()}
    sources = [source for file, data in texts.items() if isinstance(source := decode(file.name, data), Source)]
    found = [SPARING.read(source) for source in sources]
    monkeypatch.setattr(shell, "IDLE", re.compile("(?!)"))
    monkeypatch.setattr(json, "IDLE", re.compile("(?!)"))
    assert found == [THROUGH.read(source) for source in sources]
    assert sum(len(each) for each in found if isinstance(each, tuple)) > 100
