"""Each rule file earns its place: without it, one of its own examples comes out otherwise."""

from __future__ import annotations

import pytest

from tests.examples import FILES, entries, knowledge, reading_of
from tests.test_rule_examples import outcome

READING = reading_of(knowledge())


@pytest.mark.parametrize("label", [label for _, label, *_ in FILES])
def test_without_the_file_an_example_of_it_fails(label: str) -> None:
    less = reading_of(knowledge(without=label))
    examples = [shown for entry in entries() if entry.file == label for kind in ("bad", "good") for shown in entry.examples(kind)]
    told = [shown for shown in examples if outcome(shown, less) != outcome(shown, READING)]
    assert told, f"{label} could be deleted and no example would tell"
