"""The benchmarks measure what they say they do. How long anything takes is no matter here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import monorepo, peers
from benchmarks.measure import Contender, Failed, Result, Run, race
from benchmarks.report import Report, Section, published
from portscan.pipeline.inventories import literals


def python(name: str, script: str, folder: Path, **more: object) -> Contender:
    return Contender(name, (sys.executable, "-c", script), folder, **more)  # type: ignore[arg-type]


def test_contenders_run_in_turn_and_begin_with_another_one_each_round(tmp_path: Path) -> None:
    script = "open('log', 'a').write({!r})"
    found = race([python(name, script.format(name), tmp_path) for name in "abc"], 3)
    assert (tmp_path / "log").read_text() == "abc" + "abc" + "bca" + "cab"
    assert {name: len(result.runs) for name, result in found.items()} == {"a": 3, "b": 3, "c": 3}
    assert all(run.seconds > 0 and run.peak > 1 for result in found.values() for run in result.runs)


def test_what_is_slow_runs_less_often_and_preparations_are_made_each_time(tmp_path: Path) -> None:
    made: list[int] = []
    found = race([python("slow", "pass", tmp_path, every=2, before=lambda: made.append(1))], 4)
    assert (len(found["slow"].runs), len(made)) == (2, 3)


def test_who_does_not_do_the_job_has_no_time(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="broken: exit status 2"):
        race([python("broken", "raise SystemExit(2)", tmp_path)], 1)


def test_the_median_counts() -> None:
    result = Result("a", (Run(1.0, 20), Run(9.0, 30), Run(2.0, 90)))
    assert (result.seconds, result.peak) == (2.0, 30)


def test_a_monorepo_is_the_same_for_everybody_and_holds_ports(tmp_path: Path) -> None:
    for name in ("one", "two"):
        monorepo.make(tmp_path / name, 60)
    trees = [
        subprocess.run(["git", "rev-parse", "HEAD^{tree}"], cwd=tmp_path / name, check=True, capture_output=True).stdout
        for name in ("one", "two")
    ]
    assert trees[0] == trees[1]
    ports = {
        literal.port for literal in literals(tmp_path / "one").literals if monorepo.FIRST <= literal.port < monorepo.FIRST + 40
    }
    assert len(ports) > 1


def test_the_tables_name_everybody_and_the_multiples() -> None:
    results = {name: Result(name, (Run(seconds, 20.0),)) for name, seconds in ((peers.RG, 0.05), (peers.COLD, 0.1), ("slow", 2))}
    curve = {
        size: {name: Result(name, (Run(size * 0.001, 5),)) for name in (peers.PYTHON, peers.COLD)}
        | {peers.PYTHON: results[peers.RG]}
        for size in (100, 1000)
    }
    text = published(Report((Section("Some files", peers.RG, results),), curve, {"a large file": results["slow"]}))
    assert "| rg | 50 ms | 1.0 | 0.5 | 20 |" in text
    assert "| slow | 2.00 s | 40.0 | 20.0 | 20 |" in text
    assert "- 10 times the files take 19.0 times the time" in text
    assert "| a large file | 2.00 s | 20 |" in text


def test_every_rule_set_of_the_peers_is_there() -> None:
    assert (peers.RULES / "semgrep.yml").is_file()
    assert (peers.RULES / "ripgrep.txt").is_file()
    assert len(list((peers.RULES / "ast-grep").glob("*.yml"))) == 4
