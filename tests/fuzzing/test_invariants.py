"""Odd files of every language, and odd files of portscan's own: what must hold for all of them is in `invariants.py`."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing.corpus import TOP, by_language
from tests.fuzzing.strategies import LANGUAGES, files, inputs
from tests.fuzzing.targets import TARGETS, joined, split, tried
from tests.judges import EXHAUSTIVE

OURS = ("registry", "configuration", "baseline", "directives")
KEPT = TOP / "tests" / "fixtures" / "fuzzing"


def few(usual: int, thorough: int) -> settings:
    """So many examples, and more where it is tried thoroughly; always the same: what is new is for `make fuzz` to find."""
    return settings(
        max_examples=thorough if EXHAUSTIVE else usual, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@few(6, 60)
@given(st.data())
def test_readers(language: str, data: st.DataObject) -> None:
    tried("readers", joined(data.draw(files(language))))


@pytest.mark.parametrize("language", LANGUAGES)
@few(2, 15)
@given(st.data())
def test_edits(language: str, data: st.DataObject) -> None:
    tried("edits", joined(data.draw(files(language))))


@pytest.mark.parametrize("target", OURS)
@few(15, 150)
@given(st.data())
def test_what_portscan_reads_for_itself(target: str, data: st.DataObject) -> None:
    tried(target, data.draw(inputs(target)))


@pytest.mark.parametrize("file", sorted(file for file in KEPT.rglob("*") if file.is_file()), ids=lambda file: file.name)
def test_what_fuzzing_once_broke(file: Path) -> None:
    tried(file.parent.name, file.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_real_files(target: str) -> None:
    found = TARGETS[target].seeds(())
    for seed in found if EXHAUSTIVE else Random(0).sample(found, min(len(found), 25)):
        tried(target, joined(seed))


def test_every_language_has_real_files_to_start_from() -> None:
    assert set(by_language()) >= set(LANGUAGES)


def test_an_input_is_a_path_and_a_file() -> None:
    seed = by_language()["yaml"][0]
    assert split(joined(seed)) == seed
