"""Measure detection on the labelled files of this repository, and write the table of docs/accuracy.md.

usage: accuracy.py [--write]

Labelled are the example repository (tests/fixtures/planted.yaml lists every port in it, and what only looks like one) and
the examples in rules/, where «» marks the ports. A literal counts as found at its path, line and port.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from portscan.knowledge import shipped
from portscan.model import Skipped
from portscan.pipeline.inventories import literals
from portscan.pipeline.reading import Reading, reading
from portscan.rulefiles import documents
from portscan.source import decode

TOP = Path(__file__).resolve().parent.parent
DOCUMENT = TOP / "docs" / "accuracy.md"
BEGIN, END = "<!-- table: made by `make accuracy` -->\n", "<!-- end of table -->"
LOOK_ALIKE = "look-alike"

Place = tuple[str, int, int]


def main() -> int:
    """Print the table, or put it into the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/accuracy.md")
    args = parser.parse_args()
    made = table()
    if args.write:
        DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8"), made), encoding="utf-8")
    else:
        print(made, end="")
    return 0


def with_table(document: str, made: str) -> str:
    """The document with the table in its place."""
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n{made}\n{END}{rest.split(END)[1]}"


def table() -> str:
    """Precision and recall for each language, as Markdown."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for language, truth, found in (*example_repository(), *rule_examples()):
        for name in (language, "all"):
            counts[name]["hits"] += sum((truth & found).values())
            counts[name]["labels"] += sum(truth.values())
            counts[name]["found"] += sum(found.values())
    rows = [row(name, counts[name]) for name in (*sorted(set(counts) - {"all"}), "all")]
    return "".join(("| language | labels | found | precision | recall |\n| --- | --: | --: | --: | --: |\n", *rows))


def row(name: str, count: Counter[str]) -> str:
    """One line of the table."""
    precision = count["hits"] / count["found"] if count["found"] else 1.0
    recall = count["hits"] / count["labels"] if count["labels"] else 1.0
    return f"| {name} | {count['labels']} | {count['found']} | {precision:.3f} | {recall:.3f} |\n"


def example_repository() -> Iterator[tuple[str, Counter[Place], Counter[Place]]]:
    """The files of the example repository: language, what is there, what was found."""
    data = YAML(typ="safe").load(TOP / "tests" / "fixtures" / "planted.yaml")
    truth: dict[str, Counter[Place]] = defaultdict(Counter)
    for entry in (*data["findings"], *data["quiet"], *data["open"]):
        if entry.get("why") != LOOK_ALIKE:
            truth[entry["path"]][entry["path"], entry["line"], entry.get("port") or entry["number"]] += 1
    found: dict[str, Counter[Place]] = defaultdict(Counter)
    for literal in literals(TOP / data["root"]).literals:
        found[literal.path][literal.path, literal.location.line, literal.port] += 1
    known = reading(shipped()).languages
    for path in sorted(set(truth) | set(found) - {data["registry"]}):
        language = known.of(path)
        yield language.name if language else "none", truth[path], found[path]


def rule_examples() -> Iterator[tuple[str, Counter[Place], Counter[Place]]]:
    """The examples of rules/: language, what is marked, what was found."""
    reader = reading(shipped())
    for shelf, _label, document, _ in documents():
        for entry in document["rules"] if shelf == "detect" else [document]:
            for example in (*entry.get("bad", ()), *entry.get("good", ())):
                yield one_example(reader, example["path"], example["code"])


def one_example(reader: Reading, path: str, marked: str) -> tuple[str, Counter[Place], Counter[Place]]:
    """One example, by the byte of each port."""
    truth: Counter[Place] = Counter()
    text = ""
    for piece in marked.split("«"):
        digits, mark, rest = piece.partition("»")
        if mark:
            truth[path, len(text.encode()), int(digits)] += 1
        text += digits + rest
    source = decode(path, text.encode())
    assert not isinstance(source, Skipped)
    language = reader.language(source)
    found = reader.read(source)
    hits = Counter((path, each.span.start, each.port) for each in found) if isinstance(found, tuple) else Counter()
    return language.name if language else "none", truth, hits


if __name__ == "__main__":
    raise SystemExit(main())
