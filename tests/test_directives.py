"""What comments say to portscan: the words, the lines they speak of, and where a directive and its codes stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portscan.directives import BEFORE, BEHIND, Directive, directives, pins_by_line
from portscan.model import Location
from portscan.source import Source, decode


def source(text: str) -> Source:
    found = decode("a", text.encode())
    assert isinstance(found, Source)
    return found


def one(text: str, *, document: bool = False) -> Directive:
    (found,) = directives(source(text), document)
    return found


class TestWords:
    @pytest.mark.parametrize(
        "written, reach",
        [
            ("ignore", "line"),
            ("ignore-next-line", "next-line"),
            ("IGNORE-Start", "start"),
            ("ignore-end", "end"),
            ("ignore-file", "file"),
        ],
    )
    def test_how_far_an_ignore_reaches(self, written: str, reach: str) -> None:
        assert one(f"# portscan: {written}\n").reach == reach

    @pytest.mark.parametrize("written", ["ignore-lines", "ignored", "Ignore-nextline"])
    def test_an_unknown_word_is_kept_as_it_is_written(self, written: str) -> None:
        found = one(f"x # portscan: {written} why\n")
        assert (found.reach, found.words, found.codes, found.reason, found.services) == ("unknown", written, (), "", ())
        assert found.location == Location(1, 3, 1, 3 + len(f"# portscan: {written}"))

    def test_codes_are_taken_in_capitals_wherever_they_stand(self) -> None:
        found = one("# portscan: ignore [ps001 , PS0,,x y]why\n")
        assert (found.codes, found.reason) == (("PS001", "PS0", "X Y"), "why")

    def test_what_is_no_code_stays_as_it_is_written(self) -> None:
        assert one("# portscan: ignore[straße, ps001]\n").codes == ("straße", "PS001")

    def test_the_reason_ends_with_the_comment(self) -> None:
        assert one("x /* portscan: ignore[PS001]  as it was  */ y\n").reason == "as it was"
        assert one("# portscan: ignore\n").reason == ""

    def test_a_pin_names_services(self) -> None:
        assert one("# portscan: docs-hub\n").services == ("docs-hub",)
        assert one("# portscan: a , b.c,d_e\n").services == ("a", "b.c", "d_e")
        found = one("# portscan: web, since it must be\n")
        assert (found.reach, found.services, found.codes, found.reason) == ("pin", ("web",), (), "")

    def test_several_in_one_line(self) -> None:
        found = directives(source("80 # portscan: ignore[PS001] why # portscan: web # portscan: ignore-start\n"))
        assert [(each.reach, each.reason, each.services) for each in found] == [
            ("line", "why", ()),
            ("pin", "", ("web",)),
            ("start", "", ()),
        ]

    def test_the_name_of_a_service_is_no_mark_of_another_directive(self) -> None:
        assert one("# portscan: rem portscan: web\n").services == ("rem",)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "latin-1"])
    def test_in_any_encoding(self, encoding: str) -> None:
        written = "# \N{LATIN SMALL LETTER E WITH ACUTE} \n# Portscan: ignore\n"
        found = decode("a", written.encode(encoding))
        assert isinstance(found, Source)
        assert [each.reach for each in directives(found)] == ["line"]

    def test_in_upper_case_too(self) -> None:
        assert one("REM PORTSCAN: WEB\n").services == ("WEB",)

    @pytest.mark.parametrize("text", ["speaks of portscan: web\n", "# see portscan: web\n", "#portscan web\n", ""])
    def test_what_only_speaks_of_portscan_says_nothing_to_it(self, text: str) -> None:
        assert directives(source(text)) == ()

    def test_in_a_document_only_its_own_comments_speak(self) -> None:
        text = "# portscan: web\n// portscan: web\n    .. portscan: web\n"
        assert directives(source(text), document=True) == ()
        assert one(f"{text}<!-- portscan: ignore why -->\n", document=True).reason == "why"
        assert one(f"{text}.. portscan: ignore-file\n", document=True).line == 4


class TestPlaces:
    def test_a_directive_stands_from_its_mark_to_its_last_word(self) -> None:
        assert one("\nx  # portscan: web and more\n").location == Location(2, 4, 2, 19)
        assert one("\nx  # portscan: ignore[PS001] why  \n").location == Location(2, 4, 2, 33)
        assert one("\nx  # portscan: ignore \n").location == Location(2, 4, 2, 22)
        assert one("\nx  /* portscan: ignore why */\n").location == Location(2, 4, 2, 27)

    def test_each_of_its_codes_has_a_place_of_its_own(self) -> None:
        found = one("\nx # portscan: ignore[PS001, PS0, PS001] why\n")
        assert found.about("PS001").location == Location(2, 22, 2, 27)
        assert found.about("PS0").location == Location(2, 29, 2, 32)
        assert replace(found.about("PS0"), location=found.location) == found

    @pytest.mark.parametrize(
        "line, alone",
        [
            ("# portscan: web", True),
            ("  \t# portscan: web", True),
            ("  - # portscan: web", True),
            (" * // portscan: web", True),
            ("x # portscan: web", False),
            ("X # portscan: web", False),
            ("*/* portscan: web", True),
            ("/* portscan: web */", True),
            ("/* portscan: web */  ", True),
            ("/* portscan: web */ x", False),
            ("*/ /* portscan: web", False),
            ("<!-- portscan: ignore why -->", True),
            ("<!-- portscan: ignore why --> x", False),
        ],
    )
    def test_whether_it_has_its_line_to_itself(self, line: str, alone: bool) -> None:
        assert one(f"{line}\n").alone is alone

    @pytest.mark.parametrize("text", ["x\n" * 600 + "# portscan: web\n", " " * BEHIND + "# portscan: web\n"])
    def test_however_far_down_or_to_the_right(self, text: str) -> None:
        assert one(text).alone

    def test_so_far_to_the_right_that_nobody_sees_it_there_is_no_saying(self) -> None:
        assert not one(" " * (BEHIND + 1) + "# portscan: web\n").alone

    def test_a_mark_without_end_begins_a_little_in_front_of_the_word(self) -> None:
        assert one("#" * 2 * BEFORE + " portscan: web\n").location.column == BEFORE + 2

    def test_what_ends_in_front_of_it_is_not_its_end(self) -> None:
        found = directives(source("  - /* portscan: ignore */ /* portscan: web */\n"))
        assert [each.alone for each in found] == [False, False]


class TestLines:
    def test_one_with_its_line_to_itself_speaks_of_the_next_as_well(self) -> None:
        alone, beside = one("\n# portscan: web\n"), one("\nx # portscan: web\n")
        assert alone.lines == (2, 3)
        assert beside.lines == (2,)

    def test_a_pin_on_the_line_counts_rather_than_one_above(self) -> None:
        found = directives(source("# portscan: a\n80 # portscan: b\n81\n# portscan: c\n82\n83 # portscan: ignore\n"))
        spoken = {line: [each.services for each in pins] for line, pins in pins_by_line(found).items()}
        assert spoken == {1: [("a",)], 2: [("b",)], 4: [("c",)], 5: [("c",)]}

    def test_several_pins_speak_of_a_line(self) -> None:
        text = "# portscan: a\n80 # portscan: b # portscan: c\n"
        assert [each.services for each in pins_by_line(directives(source(text)))[2]] == [("b",), ("c",)]
