"""The tables of docs/performance.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from benchmarks import peers
from benchmarks.measure import Result

BEGIN, END = "<!-- tables: made by `make bench` -->\n", "<!-- end of tables -->"


@dataclass(frozen=True, slots=True)
class Section:
    """What was measured on one set of files, and the contender that the others are set against."""

    title: str
    base: str
    results: Mapping[str, Result]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured: real repositories, synthetic ones by size, and single files that are too large."""

    sections: tuple[Section, ...]
    curve: Mapping[int, Mapping[str, Result]]
    extremes: Mapping[str, Result]


def published(report: Report) -> str:
    """The tables as Markdown."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, CPython {platform.python_version()}"
    parts = [f"Medians of alternating runs of whole processes on {machine}.\n"]
    parts += [_section(section) for section in report.sections]
    if report.curve:
        parts.append(_curve(report.curve))
    parts.append(_extremes(report.extremes))
    return "\n".join(parts)


def _section(section: Section) -> str:
    """A table from the fastest to the slowest, and what a multiple of the base each of them takes."""
    base = section.results[section.base].seconds
    cold = section.results[peers.COLD].seconds
    rows = [
        f"| {name} | {_seconds(result.seconds)} | {result.seconds / base:.1f} | {result.seconds / cold:.1f} | {result.peak:.0f} |"
        for name, result in sorted(section.results.items(), key=lambda item: item[1].seconds)
    ]
    head = f"|  | time | × {section.base} | × {peers.COLD} | peak MiB |\n| --- | --: | --: | --: | --: |"
    return "\n".join((f"### {section.title}\n", head, *rows, ""))


def _curve(curve: Mapping[int, Mapping[str, Result]]) -> str:
    names = list(next(iter(curve.values())))
    head = "| files | " + " | ".join(names) + " | peak MiB, cold |\n| --: |" + " --: |" * (len(names) + 1)
    rows = [
        f"| {size:,} | " + " | ".join(_seconds(found[name].seconds) for name in names) + f" | {found[peers.COLD].peak:.0f} |"
        for size, found in curve.items()
    ]
    return "\n".join(("### Synthetic monorepos\n", head, *rows, "", *_growth(curve), ""))


def _growth(curve: Mapping[int, Mapping[str, Result]]) -> Iterator[str]:
    """How the time grows with the files, when what does not depend on them is taken off."""
    for (small, before), (large, after) in pairwise(curve.items()):
        start = before[peers.PYTHON].seconds
        factor = (after[peers.COLD].seconds - start) / (before[peers.COLD].seconds - start)
        yield f"- {large / small:.0f} times the files take {factor:.1f} times the time beyond Python's own start."


def _extremes(found: Mapping[str, Result]) -> str:
    rows = [f"| {name} | {_seconds(result.seconds)} | {result.peak:.0f} |" for name, result in found.items()]
    return "\n".join(("### Single files\n", "|  | time | peak MiB |\n| --- | --: | --: |", *rows, ""))


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"
