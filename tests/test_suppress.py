"""Which findings are hidden, by which ignore, and what hides nothing: each function by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portscan.config import Config, PerPath
from portscan.directives import directives
from portscan.model import Finding, Location
from portscan.source import Source, decode
from portscan.suppress import (
    LONGEST,
    Suppression,
    chosen,
    configured,
    idle_codes,
    suppressed,
    suppressions,
    unclosed,
    unexplained,
)


def source(text: str) -> Source:
    found = decode("a", text.encode())
    assert isinstance(found, Source)
    return found


def covered(text: str) -> list[tuple[str, int, int]]:
    """The reach of each ignore, with the first and the last line that it covers."""
    file = source(text)
    return [(each.directive.reach, each.first, each.last) for each in suppressions(directives(file), file)]


def ignores(text: str) -> tuple[Suppression, ...]:
    file = source(text)
    return tuple(suppressions(directives(file), file))


def finding(code: str = "PS001", line: int = 1, path: str = "a", **more: Any) -> Finding:
    return Finding(code, "name", more.pop("severity", "error"), "message", path, Location(line, 1, line, 5), **more)


class TestLines:
    @pytest.mark.parametrize(
        "text, expected",
        [
            ("80 # portscan: ignore\n", [("line", 1, 1)]),
            ("\n# portscan: ignore\n80\n", [("line", 2, 3)]),
            ("80 # portscan: ignore-next-line\n80\n80\n", [("next-line", 2, 2)]),
            ("\n# portscan: ignore-file\n80", [("file", 1, 3)]),
            ("\n# portscan: ignore-start\n80\n# portscan: ignore-end\n80\n", [("start", 2, 4)]),
            ("\n# portscan: ignore-start\n80\n80\n", [("start", 2, 5)]),
            ("# portscan: ignore-end\n# portscan: web\n# portscan: ignore-ed\n", []),
        ],
    )
    def test_each_form_covers_its_lines(self, text: str, expected: list[tuple[str, int, int]]) -> None:
        assert covered(text) == expected

    def test_the_innermost_block_is_closed_first(self) -> None:
        text = "# portscan: ignore-start\n# portscan: ignore-start\n# portscan: ignore-end\n\n# portscan: ignore-end\n"
        assert covered(text) == [("start", 2, 3), ("start", 1, 5)]

    def test_both_ends_are_covered(self) -> None:
        (block,) = ignores("\n# portscan: ignore-start\n\n# portscan: ignore-end\n\n")
        found = [finding(line=line) for line in range(1, 7)]
        assert [each.location.line for each in found if each not in suppressed(found, [block])[0]] == [2, 3, 4]


class TestTextOverSeveralLines:
    """A value that YAML writes over several lines holds no comments: what opens it speaks for all of it."""

    @pytest.mark.parametrize(
        "below, last",
        [
            ("  80\n  81\n", 3),
            ("  80\n\n  81\nx\n", 4),
            ("  80\n\n\nx\n", 2),
            ("80\n", 1),
            ("", 1),
            ("  80", 2),
            ("\n  80", 3),
            ("   80\n  81\n\t82\n 83\n", 3),
        ],
    )
    def test_it_ends_where_nothing_is_indented_any_more(self, below: str, last: int) -> None:
        assert covered(f"a: | # portscan: ignore\n{below}") == [("line", 1, last)]

    @pytest.mark.parametrize("more, last", [(0, 3), (1, 2)])
    def test_so_long_a_line_opens_none(self, more: int, last: int) -> None:
        opening = "k" * (LONGEST + more - len(": |\n")) + ": |"
        assert covered(f"# portscan: ignore\n{opening}\n  80\n") == [("line", 1, last)]

    def test_however_deep_it_stands(self) -> None:
        assert covered("x:\n  - a: > # portscan: ignore\n      80\n    80\n  - b\n") == [("line", 2, 4)]

    def test_an_ignore_above_speaks_for_all_of_it_too(self) -> None:
        assert covered("# portscan: ignore\na: |\n  80\n  80\nb\n") == [("line", 1, 4)]
        assert covered("# portscan: ignore-next-line\na: |\n  80\n  80\nb\n") == [("next-line", 2, 4)]

    @pytest.mark.parametrize("header", ["|", ">", "|-", ">+", "|2", ">2-", "- |", "- >-", "!!str |"])
    def test_what_opens_one(self, header: str) -> None:
        assert covered(f"# portscan: ignore-next-line\na: {header}\n  80\n") == [("next-line", 2, 3)]

    @pytest.mark.parametrize("line", ["a: x|", "# a: |", "a: b || c", "a: | x", "a |> b"])
    def test_what_opens_none(self, line: str) -> None:
        assert covered(f"# portscan: ignore-next-line\n{line}\n  80\n") == [("next-line", 2, 2)]


@pytest.mark.parametrize(
    "code, prefixes, expected",
    [("PS001", (), True), ("PS001", ("PS001",), True), ("PS001", ("X", "PS0"), True), ("PS001", ("PS002", "S001"), False)],
)
def test_codes_are_chosen_by_their_beginnings(code: str, prefixes: tuple[str, ...], expected: bool) -> None:
    assert chosen(code, prefixes) is expected


class TestHiding:
    def test_only_what_is_on_its_lines_and_of_its_codes(self) -> None:
        (ignore,) = ignores("80 # portscan: ignore[PS001]\n")
        left = [finding("PS002"), finding(line=2)]
        assert suppressed([finding(), *left], [ignore]) == (tuple(left), ())

    def test_each_finding_is_held_against_what_covers_it(self) -> None:
        """Of thousands of ignores and findings, each with each would take minutes."""
        looked = []

        class Seen(tuple[str, ...]):
            def __bool__(self) -> bool:
                looked.append(self)
                return super().__len__() > 0

        number = 300
        found = [
            replace(each, directive=replace(each.directive, codes=Seen())) for each in ignores("80 # portscan: ignore\n" * number)
        ]
        kept, idle = suppressed([finding(line=line) for line in range(1, number + 1)], found)
        assert (kept, idle) == ((), ())
        assert len(looked) < 10 * number

    def test_what_nothing_hides_is_kept_and_what_hides_nothing_is_told(self) -> None:
        first, second, third = ignores("# portscan: ignore[PS001]\n\n\n80 # portscan: ignore\n80 # portscan: ignore[PS003]\n")
        hidden, other, beyond = finding(line=2), finding("PS002", line=2), finding(line=9)
        assert suppressed([hidden, other, beyond], [first, second, third]) == ((other, beyond), (second, third))

    def test_an_ignore_of_what_no_scan_looks_for_may_hide_what_others_find(self) -> None:
        (connectivity, registry, own) = ignores("".join(f"80 # portscan: ignore[{code}]\n" for code in ("PS2", "PS104", "PS00")))
        assert [each.checked for each in (connectivity, registry, own)] == [False, False, True]
        assert suppressed([], [connectivity, registry, own]) == ((), (own,))

    def test_each_code_of_an_ignore_must_hide_something(self) -> None:
        found = ignores(
            "80 # portscan: ignore[PS001, PS002, PS2]\n80 # portscan: ignore[PS001, PS002]\n80 # portscan: ignore[PS1]\n"
        )
        assert [each.directive.codes for each in idle_codes([finding(), finding(line=2)], found)] == [("PS002",), ("PS002",)]
        idle = list(idle_codes([finding(), finding("PS102", 3)], found))
        assert [(each.directive.codes, each.first, each.last) for each in idle] == [(("PS002",), 1, 1)]
        assert idle[0].directive.location == found[0].directive.location


class TestRemarks:
    @pytest.mark.parametrize("form", ["ignore", "ignore-next-line", "ignore-start", "ignore-file"])
    def test_ignores_without_a_reason(self, form: str) -> None:
        found = directives(source(f"# portscan: {form}\n# portscan: {form} why\n"))
        assert list(unexplained(found)) == [found[0]]

    def test_what_needs_none(self) -> None:
        assert list(unexplained(directives(source("# portscan: ignore-end\n# portscan: web\n# portscan: ignore-x\n")))) == []

    @pytest.mark.parametrize(
        "words, lines",
        [
            ("end", [1]),
            ("start end end", [3]),
            ("end start end", [1]),
            ("start start end end", []),
            ("start start end end end", [5]),
            ("end end", [1, 2]),
            ("start start start end", []),
            ("start end start end end", [5]),
            ("start file end", []),
        ],
    )
    def test_ends_of_blocks_that_nothing_has_opened(self, words: str, lines: list[int]) -> None:
        text = "".join(f"# portscan: ignore-{word}\n" for word in words.split())
        assert [each.line for each in unclosed(directives(source(text)))] == lines


class TestConfiguration:
    def kept(self, config: Config, *found: Finding, seen: str = "") -> list[tuple[str, str, str]]:
        kept = configured(found or (finding(), finding("PS003"), finding("PS104")), config, lambda path: f"{seen}{path}")
        return [(each.code, each.path, each.severity) for each in kept]

    def codes(self, config: Config, *found: Finding, seen: str = "") -> list[str]:
        return [code for code, _, _ in self.kept(config, *found, seen=seen)]

    def test_everything_unless_something_is_said(self) -> None:
        assert self.codes(Config()) == ["PS001", "PS003", "PS104"]

    def test_what_is_selected_and_not_ignored(self) -> None:
        assert self.codes(Config(select=("PS0",))) == ["PS001", "PS003"]
        assert self.codes(Config(ignore=("PS003", "PS1"))) == ["PS001"]
        assert self.codes(Config(select=("PS0",), ignore=("PS001",))) == ["PS003"]

    def test_by_path(self) -> None:
        config = Config(ignore=("PS1",), per_path=(PerPath("tests/**", ignore=("PS003",)), PerPath("docs/**", select=("PS003",))))
        found = [finding(code, path=path) for path in ("tests/a", "docs/a", "a") for code in ("PS001", "PS003", "PS104")]
        assert [(code, path) for code, path, _ in self.kept(config, *found)] == [
            ("PS001", "tests/a"),
            ("PS003", "docs/a"),
            ("PS001", "a"),
            ("PS003", "a"),
        ]

    def test_paths_begin_where_the_patterns_do(self) -> None:
        config = Config(per_path=(PerPath("deep/a", ignore=("PS",)),))
        assert self.codes(config, finding()) == ["PS001"]
        assert self.codes(config, finding(), seen="deep/") == []

    def test_the_last_of_the_settings_says_how_much_a_code_weighs(self) -> None:
        config = Config(
            severity=(("PS00", "note"), ("PS1", "warning")),
            per_path=(PerPath("a", severity=(("PS003", "warning"), ("PS0", "note"))), PerPath("b", severity=(("PS", "note"),))),
        )
        found = [finding(code, path=path) for path in ("a", "b", "c") for code in ("PS001", "PS003", "PS104", "ACME1")]
        assert [(f"{code} {path}", severity) for code, path, severity in self.kept(config, *found)] == [
            ("PS001 a", "note"),
            ("PS003 a", "warning"),
            ("PS104 a", "warning"),
            ("ACME1 a", "error"),
            ("PS001 b", "note"),
            ("PS003 b", "note"),
            ("PS104 b", "note"),
            ("ACME1 b", "error"),
            ("PS001 c", "note"),
            ("PS003 c", "note"),
            ("PS104 c", "warning"),
            ("ACME1 c", "error"),
        ]

    def test_what_weighs_that_much_already_stays_what_it_is(self) -> None:
        found = finding()
        (kept,) = configured([found], Config(severity=(("PS", "error"),)), str)
        assert kept is found
