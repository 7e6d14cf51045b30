"""What can be fuzzed: for each target its invariants, and the files to start from.

An input is a line with the path of a file, which tells its language, and the bytes of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.fuzzing import invariants
from tests.fuzzing.corpus import TOP, Seed, by_language, seeds

Invariant = Callable[[str, bytes], None]
LONGEST_PATH = 100

REGISTRIES = (
    *sorted((TOP / "tests" / "fixtures" / "registry").rglob("*.yaml")),
    TOP / "examples/tradingsystem/config/ports/registry.yaml",
)


class Target(NamedTuple):
    """Part of portscan with what must hold for it, and the files that its inputs are made from."""

    holds: tuple[Invariant, ...]
    seeds: Callable[[tuple[Path, ...]], tuple[Seed, ...]]


def _registries(_further: tuple[Path, ...]) -> tuple[Seed, ...]:
    return tuple(Seed("registry.yaml", file.read_bytes()) for file in REGISTRIES if file.stat().st_size < 20_000)


def _configurations(_further: tuple[Path, ...]) -> tuple[Seed, ...]:
    from tests.fuzzing.samples import CONFIGURATIONS

    return tuple(Seed("portscan.toml", text.encode()) for text in CONFIGURATIONS)


def _baselines(_further: tuple[Path, ...]) -> tuple[Seed, ...]:
    from tests.fuzzing.samples import BASELINES

    return tuple(Seed("portscan-baseline.jsonl", text.encode()) for text in BASELINES)


def _readable(further: tuple[Path, ...]) -> tuple[Seed, ...]:
    return tuple(seed for group in by_language(further).values() for seed in group)


def _spoken(further: tuple[Path, ...]) -> tuple[Seed, ...]:
    from tests.fuzzing.samples import SPOKEN

    found = (seed for seed in seeds(further) if b"portscan:" in seed.data)
    return (*found, *(Seed(path, text.encode()) for path, text in SPOKEN))


TARGETS: Mapping[str, Target] = {
    "readers": Target((invariants.reading_holds,), _readable),
    "directives": Target((invariants.directives_hold, invariants.ignoring_holds), _spoken),
    "edits": Target((invariants.fixes_hold, invariants.ignoring_holds), _readable),
    "registry": Target((invariants.registry_holds,), _registries),
    "configuration": Target((invariants.configuration_holds,), _configurations),
    "baseline": Target((invariants.baseline_holds,), _baselines),
}


def joined(seed: Seed) -> bytes:
    """A file as an input."""
    return seed.path.encode("utf-8", "surrogateescape") + b"\n" + seed.data


def split(data: bytes) -> Seed:
    """An input as a file."""
    path, _, rest = data.partition(b"\n")
    return Seed(path[:LONGEST_PATH].decode("utf-8", "replace").replace("\0", "") or "a", rest)


def tried(name: str, data: bytes) -> None:
    """Try an input on a target."""
    seed = split(data)
    for holds in TARGETS[name].holds:
        holds(*seed)
