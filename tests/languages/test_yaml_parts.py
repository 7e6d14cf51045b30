"""What is read of a large YAML text says the same as it does among all the rest, and what is in doubt is read whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.languages import Unreadable, compile_languages, yaml_parts
from portscan.languages.yaml import chosen, sites
from portscan.languages.yaml_parts import worthwhile
from portscan.pipeline.reading import Reading
from portscan.sites import Items, Lines, Site, Value
from portscan.source import Source, decode
from portscan.text import Text
from tests.examples import entries, reading_of
from tests.judges import THOROUGH

LANGUAGE = compile_languages(shipped().languages).by_name["yaml"]
EXAMPLES = [each for entry in entries() for kind in ("bad", "good") for each in entry.examples(kind) if each.path.endswith("ml")]
SPARING, THROUGH = reading_of(shipped()), reading_of(replace(shipped(), triggers={}))
# Lines of which some make a text that is no YAML, or one that must not be cut where it looks as if it could.
PLAIN = ("a:", "b: 10", "c: x 30", "'q': 13", '"w\\"":', "n:  ", "é: 17", "p#: 3", "key:", "name: N", "<<: *z")
LISTS = ("- x: 11", "- 12", "- y:", "- - t: 5", "u: - v", "g: [1,", "2]", "h: {", "k: 1}", "}", "x: [", "]")
SCALARS = ("d: |", "e: >", "w: |2", "text 14", 'f: "x', 'y"', 'z" # 20', "l: 'a", "b'", "r: a: b", "y:z", '"', "'", "o: \\")
OTHERS = ("---", "--- # c", "--- x", "...", "%YAML 1.2", "? k", "? s:", ": v", "&x", "*x", "*x : 9", "i: &z 15", "!t j: 16")
VOCABULARY = (*PLAIN, *LISTS, *SCALARS, *OTHERS, "# 80", "m: # 90", "q #: 4", "\t", "")


@pytest.fixture
def fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large, and every entry a piece."""
    monkeypatch.setattr(yaml_parts, "SHORTEST", 0)
    monkeypatch.setattr(yaml_parts, "ENOUGH", 1)


def text_from(random: Random) -> str:
    """A few lines, most of them plain, each anywhere or beside the one in front of it."""
    pool = (*random.sample(VOCABULARY, random.randint(1, 5)), *random.sample(PLAIN[:8], 5))
    indent, lines = 0, []
    for _ in range(random.randint(3, 12)):
        indent = random.choice((0, indent, indent, indent + 1, max(indent - 1, 0), max(indent - 2, 0)))
        lines.append(" " * indent + random.choice(pool))
    return "\n".join(lines) + random.choice(("", "\n", "\n\n"))


def told(found: Iterator[Site]) -> list[tuple[str, int | None, tuple[str, ...]]]:
    """The texts of sites, with their places and the names that lead to them."""
    rows = []
    for site in found:
        names = site.names if isinstance(site, (Value, Items)) else ()
        parts = site.words if isinstance(site, Items) else site.texts if isinstance(site, Lines) else (site.text,)  # type: ignore[union-attr]
        rows += [(part.value, part.at(0) if part.value else None, names) for part in parts]
    return rows


@pytest.mark.usefixtures("fine")
def test_what_is_left_says_what_it_said_among_all() -> None:
    random, cut = Random(8080), 0
    for _ in range(60_000 if THOROUGH else 2000):
        text, seed = Text(text_from(random)), random.random()
        read = worthwhile(text, seldom(seed))
        if read is not text:
            cut += 1
            places = {read.at(number) for number in range(len(read.value))}
            whole = told(sites(text, LANGUAGE, "a.yaml"))  # what is cut is readable
            left = told(chosen(text, LANGUAGE, "a.yaml", seldom(seed)))
            assert left == [row for row in whole if row[1] is None or row[1] in places], text.value
    assert cut > 50


def seldom(seed: float) -> Callable[[str], bool]:
    """Some pieces, the same ones each time."""
    random = Random(seed)
    return lambda _: random.random() < 0.2


@pytest.mark.usefixtures("fine")
@settings(max_examples=1000 if THOROUGH else 30, deadline=None)
@given(st.data())
def test_the_same_ports_are_found_in_examples_under_keys(data: st.DataObject) -> None:
    """As many entries as there are examples, at any depth, among others that say nothing."""
    rows = []
    for number in range(data.draw(st.integers(1, 4))):
        depth = data.draw(st.integers(1, 3))
        shown = data.draw(st.sampled_from(EXAMPLES)).code
        rows += [f"{'  ' * step}entry{number}of{step}:" for step in range(depth)]
        rows += [f"{'  ' * depth}{line}" if line else line for line in shown.splitlines()]
        rows += [f"silent{number}{each}: nothing to see here, nor there" for each in range(20)]
    assert read(SPARING, "a.yaml", "\n".join(rows)) == read(THROUGH, "a.yaml", "\n".join(rows))


def read(reading: Reading, path: str, text: str) -> object:
    source = decode(path, text.encode("utf-8", "surrogatepass"))
    assert isinstance(source, Source)
    return reading.read(source)


OPERATIONS = "".join(f"  /items/{n}:\n    get:\n      summary: Item\n      example: {{timeout: 3000}}\n" for n in range(2000))
API = f"openapi: 3.1.0\npaths:\n{OPERATIONS}  /port:\n    url: http://localhost:8080/\n{OPERATIONS.replace('items', 'more')}"


def test_of_a_large_text_little_is_read() -> None:
    sought = SPARING.triggers("yaml").found_in
    left = worthwhile(Text(API), sought).value
    assert left.startswith("paths:\n  /items/")
    assert "  /port:\n    url: http://localhost:8080/\n" in left
    assert len(left) < len(API) // 20
    assert read(SPARING, "a.yaml", API) == read(THROUGH, "a.yaml", API) != ()


BESIDE = ('  x: "\n  /items/2:', "  x: [", "  x: \ufeff", "  x: y\r", "  x: y\u2028", "  id: 1", "\tx: y", "  x: y: z", " x: y")


@pytest.mark.parametrize("doubt", [*BESIDE, "x: |\n...", "- a", "%YAML 1.2", "--- |"])
def test_in_doubt_all_of_it_is_read(doubt: str) -> None:
    """Also where the parser refuses what would not be looked at."""
    text = Text(f"paths:\n  a:\n    url: http://localhost:8080/\n{OPERATIONS}{doubt}\n")
    assert worthwhile(text, lambda part: "8080" in part) is text


def test_what_is_worth_it_throughout_is_read_as_it_is() -> None:
    text = Text("".join(f"service{n}:\n  port: {4000 + n}\n" for n in range(2000)))
    assert worthwhile(text, lambda _: True) is text


def test_documents_and_the_keys_above_are_kept() -> None:
    first, second = OPERATIONS.replace("  /", "/"), OPERATIONS.replace("  ", "    ")
    text = Text(f"# first\n{first}---\nkind: List\nspec:\n  items:\n{second}    last: 1\n")
    left = worthwhile(text, lambda part: "last" in part)
    assert left.value.startswith("---\nspec:\n  items:\n    /items/")
    assert left.value.endswith("    last: 1\n")
    assert text.value[left.at(0) : left.at(0) + 4] == "---\n"


def test_keys_that_are_no_scalars() -> None:
    """What follows such a key is its value, and no key."""
    texts = ("? [a, b]\n: 9\nport: 8080\n", "*x : 9\nport: 8080\n", "? {a: b}\nport: 8080\n")
    assert [told(sites(Text(text), LANGUAGE, "a.yaml"))[-1][2] for text in texts] == [("port",)] * 3


def test_a_text_that_is_refused_is_refused_whole() -> None:
    with pytest.raises(Unreadable):
        list(chosen(Text(f"{API}x: y: z\n"), LANGUAGE, "a.yaml", lambda part: "8080" in part))


def test_a_very_long_key_is_not_said_again_with_each_piece() -> None:
    text, asked = Text(f"{'a' * 50_000}:\n{OPERATIONS}"), []
    worthwhile(text, lambda part: bool(asked.append(len(part))))
    assert sum(asked) < 2 * len(text.value)
