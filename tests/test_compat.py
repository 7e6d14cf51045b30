"""How the runs on other Pythons are read and told: nothing that failed, or never ran, may look as if it had passed."""

from __future__ import annotations

import pytest

from tools.compat import BEGIN, CORE, END, HEAD, OLD_ON, OLDEST, Result, Setting, counted, row, settings, with_row
from tools.pythons import TOP, declared


@pytest.mark.parametrize(
    ("output", "good"),
    [
        ("....\n12 passed, 3 skipped in 4.56s\n", True),
        ("F...\n1 failed, 12 passed in 61.00s (0:01:01)\n", False),
        ("12 passed, 1 error in 4.56s\n", False),
        ("12 passed, 2 errors in 4.56s\n", False),
        ("3 skipped in 0.10s\n", False),
        ("no tests ran in 0.01s\n", False),
        ("INTERNALERROR> killed\n", False),
    ],
)
def test_only_what_passed_is_good(output: str, good: bool) -> None:
    assert Result(Setting("3.10", "newest"), "3.10.1", counted(output), "").good is good


def test_a_row_takes_the_place_of_the_one_before() -> None:
    first = Result(Setting("3.13", "newest"), "3.13.0", {"passed": 9}, "")
    other = Result(Setting("3.10", "oldest"), "3.10.1", {"passed": 8, "failed": 1, "error": 1, "skipped": 2}, "", "core")
    page = f"before\n{BEGIN}\n{END}\nafter\n"
    for result in (first, other, first._replace(exact="3.13.2", counts={"passed": 10})):
        page = with_row(page, row(result))
    rows = "| 3.10.1 | oldest | core | 8 | 2 | 2 |\n| 3.13.2 | newest | all | 10 | 0 | 0 |\n"
    assert page == f"before\n{BEGIN}\n{HEAD}{rows}{END}\nafter\n"


def test_every_python_that_is_promised_is_tried() -> None:
    assert {setting.python for setting in settings()} == set(declared())
    assert {setting.python for setting in settings() if setting.versions == "oldest"} == set(OLD_ON)


@pytest.mark.parametrize("python", OLD_ON)
def test_the_oldest_versions_are_pinned(python: str) -> None:
    pins = (OLDEST / f"oldest-{python}.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert len(pins) > 10
    assert all("==" in pin for pin in pins)


def test_the_core_is_there() -> None:
    assert all((TOP / path).exists() for path in CORE)
