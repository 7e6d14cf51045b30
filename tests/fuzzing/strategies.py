"""Strategies for Hypothesis: files that look like real ones, and what becomes of them when they are cut, spliced and recoded."""

from __future__ import annotations

import re
from random import Random

from hypothesis import strategies as st

from portscan.knowledge import shipped
from tests.fuzzing.corpus import Seed, by_language, seeds
from tests.fuzzing.grammars import GRAMMARS, written
from tests.fuzzing.mutations import NUMBERS, mutated
from tests.fuzzing.targets import TARGETS, joined

LANGUAGES = tuple(sorted(shipped().languages))
PORTS = st.sampled_from(["80", "443", "3103", "4010", "4011", "5432", "5434", "6379", "8080", "9999", "65535"])
RANDOM = st.randoms(use_true_random=False)
DIGITS = re.compile(rb"(?<!\d)\d{2,5}(?!\d)")


@st.composite
def documents(draw: st.DrawFn, language: str) -> bytes:
    """A file of the language, made by its grammar or of pieces of real files, with other ports."""
    chance = draw(RANDOM)
    reader = str(shipped().languages[language]["reader"])
    if reader in GRAMMARS and draw(st.booleans()):
        text = written(reader, chance).encode()
    else:
        pieces = draw(st.lists(st.sampled_from(by_language()[language]), min_size=1, max_size=3))
        text = b"".join(_lines(piece.data, chance) for piece in pieces)
    ports = draw(st.lists(PORTS, min_size=1, max_size=4))
    return DIGITS.sub(lambda match: chance.choice((match.group(), *(port.encode() for port in ports))), text)


def _lines(data: bytes, chance: Random) -> bytes:
    """Up to thirty lines in a row."""
    lines = data.splitlines(keepends=True)
    start = chance.randint(0, max(len(lines) - 30, 0))
    return b"".join(lines[start : start + 30])


@st.composite
def files(draw: st.DrawFn, language: str) -> Seed:
    """A file of the language, perhaps broken, with a name that says so."""
    path = draw(st.sampled_from(by_language()[language])).path
    data = draw(documents(language))
    chance = draw(RANDOM)
    for _ in range(draw(st.integers(0, 4))):
        data = mutated(data, chance, _others())
    return Seed(path, data)


@st.composite
def inputs(draw: st.DrawFn, target: str) -> bytes:
    """An input of a target: one of its real files, perhaps broken."""
    found = TARGETS[target].seeds(())
    seed, chance = draw(st.sampled_from(found)), draw(RANDOM)
    data = seed.data
    for _ in range(draw(st.integers(0, 4))):
        data = mutated(data, chance, [each.data for each in found])
    if draw(st.booleans()):
        data = DIGITS.sub(lambda match: chance.choice((match.group(), *NUMBERS)), data, count=1)
    return joined(Seed(seed.path, data))


def _others() -> list[bytes]:
    return [seed.data for seed in seeds()]
