"""The gates of the modules on which everything rests: what is enough, what is told, and whether explanations are of this code."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from tools import covered, mutants, trusted
from tools.mutants import Explanation, Mutant

RESOLVE, CHECKS = "portscan/resolve.py", "portscan/registry/checks/*.py"


def planted(*statuses: str, module: str = "portscan/resolve.py", becomes: str = "x = 1") -> list[Mutant]:
    found = [Mutant(f"{module}-{i}", module, "portscan.resolve.last", status) for i, status in enumerate(statuses)]
    for each in found:
        vars(each)["becomes"] = becomes
    return found


def complaints(planted_: list[Mutant], *known: Explanation) -> list[str]:
    survivors = [each for each in planted_ if each.status not in mutants.KILLED]
    explained = [each for each in survivors if any(mutants.explains(one, each) for one in known)]
    told = (*mutants.low(planted_), *mutants.unexplained(survivors, explained, known))
    return [line for line in told if "less than" not in line or line.startswith("resolve")]


WHY = Explanation("portscan.resolve.last", frozenset(("x = 1",)), "Nobody can tell.")


def test_the_modules_are_there() -> None:
    assert {RESOLVE, CHECKS} < set(trusted.modules())
    for pattern in trusted.modules():
        assert list(trusted.TOP.glob(pattern)), pattern


def test_a_table_takes_its_place() -> None:
    page = "a\n<!-- coverage: made by `make coverage` -->\nold\n<!-- end of coverage -->\nb\n"
    written = trusted.with_table(page, "coverage", "new\n")
    assert written == "a\n<!-- coverage: made by `make coverage` -->\n\nnew\n\n<!-- end of coverage -->\nb\n"
    assert trusted.with_table(written, "coverage", "new\n") == written


class TestMutants:
    def test_every_explanation_is_of_a_function_of_these_modules(self) -> None:
        for each in mutants.explanations():
            parts = each.function.split(".")
            cut = next(i for i in range(len(parts), 0, -1) if (trusted.TOP / f"{'/'.join(parts[:i])}.py").exists())
            found: Any = import_module(".".join(parts[:cut]))
            for name in parts[cut:]:
                found = getattr(found, name)
            assert callable(found)
            assert each.why.endswith(".")

    def test_all_killed_is_enough(self) -> None:
        assert complaints(planted("killed", "caught by type check", "timeout")) == []

    def test_nine_of_ten_that_types_allow_are_enough(self) -> None:
        assert complaints(planted(*["killed"] * 9, "survived"), WHY) == []
        (told,) = complaints(planted(*["killed"] * 8, "caught by type check", "survived"), WHY)
        assert told == "resolve: less than 90% killed"

    @pytest.mark.parametrize("status", ["survived", "no tests", "suspicious"])
    def test_what_survives_without_a_word_is_told(self, status: str) -> None:
        (told,) = complaints(planted(*["killed"] * 20, status))
        assert told == f"portscan/resolve.py-20: {status}, and nobody says why. It becomes: x = 1"

    def test_what_was_not_tried_is_told(self) -> None:
        assert complaints(planted(*["killed"] * 20, "not checked")) == ["portscan/resolve.py-20: not checked"]

    def test_an_explanation_of_nothing_is_told(self) -> None:
        assert complaints(planted("killed"), WHY) == ["portscan.resolve.last: no such survivor: x = 1"]

    def test_the_table_counts_by_module(self) -> None:
        found = [*planted("killed", "timeout", "survived"), *planted("caught by type check", module="portscan/judge/literals.py")]
        rows = mutants.table(found, found[2:3]).splitlines()
        assert "| `resolve` | 3 | 0 | 2 | 1 | 0 | 66.7% |" in rows
        assert "| `judge.literals` | 1 | 1 | 0 | 0 | 0 | 0.0% |" in rows
        assert rows[-1] == "| all | 4 | 1 | 2 | 1 | 0 | 66.7% |"


class TestCoverage:
    def file(self, statements: int, run: int, branches: int = 0, taken: int = 0) -> dict[str, Any]:
        counts = {"num_statements": statements, "covered_lines": run, "num_branches": branches, "covered_branches": taken}
        missing = list(range(statements - run))
        return {"summary": counts, "missing_lines": missing, "missing_branches": [(1, -1)] * (branches - taken)}

    def test_all_of_these_modules_and_most_of_the_others_is_enough(self) -> None:
        assert list(covered.wrong({RESOLVE: self.file(10, 10, 4, 4), "portscan/cli.py": self.file(100, 95)})) == []

    def test_what_was_not_run_of_these_modules_is_told(self) -> None:
        files = {"portscan/registry/checks/ports.py": self.file(10, 9, 4, 3), "portscan/cli.py": self.file(900, 900)}
        assert list(covered.wrong(files)) == ["portscan/registry/checks/ports.py: not run: 0, 1->-1"]

    def test_too_little_of_all_is_told(self) -> None:
        assert list(covered.wrong({"portscan/cli.py": self.file(100, 95, 10, 9)})) == ["less than 95 % of all is covered"]

    def test_the_table_counts_by_module(self) -> None:
        files = {RESOLVE: self.file(10, 10, 4, 4), "portscan/registry/checks/a.py": self.file(8, 4, 2, 1)}
        rows = covered.table(files).splitlines()
        assert "| `resolve` | 10 | 10 | 4 | 4 | 100.0 % |" in rows
        assert "| `registry.checks` | 8 | 4 | 2 | 1 | 50.0 % |" in rows
        assert rows[-1] == "| all | 18 | 14 | 6 | 5 | 79.2 % |"
