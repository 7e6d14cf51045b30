"""The report for people, as it stands in the terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest

from portscan.model import Finding, Location, Related, Report, Skipped
from portscan.reporters import Options
from portscan.reporters.formats.text import render
from portscan.terminal import Detail, Streams, cells
from tests.reporters.samples import finding

COMPOSE = b'services:\n  dashboard:\n    ports:\n      - "3103:3103"\n    environment:\n      API: ${API_PORT:-3999}\n'


def shown(
    report: Report,
    sources: dict[str, bytes] | None = None,
    *,
    color: bool = False,
    width: int = 80,
    detail: Detail = "usual",
    statistics: bool = False,
) -> str:
    streams = Streams(io.StringIO(), io.StringIO(), color, width, detail)
    return "".join(render(report, streams, sources or {}, Options(statistics=statistics)))


def one(found: Finding, data: bytes, *, width: int = 80) -> list[str]:
    """The lines about one finding, without the name of its file and the summary."""
    text = shown(Report((found,), files=1), {found.path: data}, width=width)
    return text.split("\n\n")[0].splitlines()[1:]


def test_findings_are_grouped_by_file_and_summed_up() -> None:
    report = Report(
        (
            finding(
                "compose.yml",
                COMPOSE,
                "3103",
                fix="safe",
                service="dashboard",
                variable="DASHBOARD_PORT",
                help="write ${DASHBOARD_PORT:-3103}",
            ),
            finding(
                "compose.yml",
                COMPOSE,
                "3999",
                code="PS003",
                name="stale-default",
                severity="warning",
                message="The default is not the port of api",
                fix="unsafe",
            ),
            finding(
                "nginx.conf",
                b"listen 80;",
                "80",
                code="PS002",
                name="unregistered-port",
                severity="note",
                message="Port 80 is unknown",
            ),
        ),
        (
            Skipped("b.png", "binary file"),
            Skipped("a.lock", "lock file"),
            Skipped("c.png", "binary file"),
            Skipped("secret.env", "permission denied"),
        ),
        files=1200,
    )
    assert shown(report, {"compose.yml": COMPOSE}) == dedent(
        """\
        compose.yml
          4:10  error    PS001 [*]  Port is written out
            4 |       - "3103:3103"
              |          ^^^^ dashboard: DASHBOARD_PORT
              = help: write ${DASHBOARD_PORT:-3103}

          6:24  warning  PS003      The default is not the port of api
            6 |       API: ${API_PORT:-3999}
              |                        ^^^^

        nginx.conf
          1:8  note     PS002  Port 80 is unknown

        1 path could not be read
          permission denied  1  secret.env

        PS001  hardcoded-port     1
        PS002  unregistered-port  1
        PS003  stale-default      1

        3 paths passed over: binary file (2), lock file (1); -v says more.
        3 findings (1 error, 1 warning, 1 note) in 2 of 1,200 files.
        [*] 1 can be fixed with `portscan --fix`, 1 more with `--unsafe-fixes`.
        """
    )


@pytest.mark.parametrize(
    ("report", "last"),
    [
        (Report((), files=38), "No findings in 38 files.\n"),
        (Report((), files=1), "No findings in 1 file.\n"),
        (Report(()), "No findings in 0 files.\n"),
        (
            Report((), (Skipped("a", "binary file"),), 1),
            "1 path passed over: binary file (1); -v says more.\nNo findings in 1 file.\n",
        ),
        (Report((finding("a", b"80", "80"),), files=1), "1 finding (1 error) in 1 of 1 file.\n"),
        (Report((finding("a", b"80", "80", fix="unsafe"),), files=1), "1 can be fixed with `portscan --fix --unsafe-fixes`.\n"),
        (Report((finding("a", b"80", "80", fix="safe"),), files=1), "[*] 1 can be fixed with `portscan --fix`.\n"),
    ],
)
def test_the_summary_has_its_plurals_right(report: Report, last: str) -> None:
    assert shown(report).endswith(f"\n{last}") or shown(report) == last


def test_colours_change_nothing_but_the_colours() -> None:
    report = Report((finding("a.yml", COMPOSE, "3103", fix="safe", help="write it"),), (Skipped("b", "why"),), 2)
    plain, colored = shown(report, {"a.yml": COMPOSE}), shown(report, {"a.yml": COMPOSE}, color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain


class TestSourceLine:
    def test_tabs_are_drawn_out_and_the_carets_stay_below_the_digits(self) -> None:
        data = b"\tlisten\t3103;\t# \t8080"
        line, carets = one(finding("a", data, "3103"), data)[1:3]
        assert line == "   1 |     listen  3103;   #   8080"
        assert carets.index("^") == line.index("3103")
        line, carets = one(finding("a", data, "8080"), data)[1:3]
        assert carets.index("^") == line.index("8080")

    def test_wide_and_combining_characters_are_measured(self) -> None:
        data = "'日本 e\u0301 😀' 3103".encode()
        line, carets = one(finding("a", data, "3103"), data)[1:3]
        assert cells(line[: line.index("3103")]) == carets.index("^")
        assert carets.count("^") == 4

    def test_a_password_in_an_address_is_not_shown(self) -> None:
        data = b"postgres://admin:hunter2@localhost:3103/ redis://:x@r:1 http://a:b/@c"
        line, carets = one(finding("a", data, "3103"), data)[1:3]
        assert line == "    1 | postgres://admin:*******@localhost:3103/ redis://:*@r:1 http://a:b/@c"
        assert carets.index("^") == line.index("3103")

    def test_terminal_escapes_are_inert_and_measured(self) -> None:
        data = b"\x1b[2J 3103 \x1b]0;x"
        line, carets = one(finding("a\x1b[31m\n", data, "3103"), data)[1:3]
        assert line == r"   1 | \x1b[2J 3103 \x1b]0;x"
        assert carets.index("^") == line.index("3103")

    def test_nothing_reaches_the_terminal_raw(self) -> None:
        nasty = "\x1b[2J\n\x9b\u202e"
        found = finding(
            f"a{nasty}",
            b"80",
            "80",
            message=nasty,
            help=nasty,
            service=nasty,
            variable=nasty,
            related=(Related(nasty, nasty, Location(1, 1, 1, 1)),),
        )
        text = shown(Report((found,), (Skipped(nasty, nasty),), 1), {f"a{nasty}": b"80"})
        assert {"\x1b", "\x9b", "\u202e"}.isdisjoint(text)

    @pytest.mark.parametrize("width", [40, 80, 132])
    @pytest.mark.parametrize("before", [0, 5, 60, 5000])
    @pytest.mark.parametrize("after", [0, 5, 60, 5000])
    @pytest.mark.parametrize("letter", ["x", "日"])
    def test_long_lines_are_cropped_around_the_digits(self, width: int, before: int, after: int, letter: str) -> None:
        text = f"{letter * before} 3103 {letter * after}".rstrip()
        line, carets = one(finding("a", text.encode(), "3103"), text.encode(), width=width)[1:3]
        assert cells(line) <= width
        assert cells(line[: line.index("3103")]) == carets.index("^")
        assert ("…" in line) == (cells(text) > width - line.index("|") - 2)

    def test_a_span_over_several_lines_is_marked_to_the_end_of_its_first(self) -> None:
        found = Finding("PS101", "schema", "error", "wrong", "a", Location(1, 3, 3, 2))
        assert one(found, b"a: [1,\n2,\n3]")[1:] == ["   1 | a: [1,", "     |   ^^^^"]

    def test_an_empty_span_is_marked_by_one_caret(self) -> None:
        found = Finding("PS101", "schema", "error", "missing", "a", Location(1, 4, 1, 4))
        assert one(found, b"a: ")[1:] == ["   1 | a:", "     |    ^"]

    @pytest.mark.parametrize("location", [Location(9, 1, 9, 2), Location(1, 50, 1, 52)])
    def test_a_place_that_is_gone_is_not_shown(self, location: Location) -> None:
        found = Finding("PS001", "x", "error", "m", "a", location, service="api")
        assert one(found, b"short")[1:] == [f"{'':>{len(f'{location.line}:{location.column}') + 2}}= api"]

    def test_a_file_that_is_no_text_is_reported_without_its_line(self) -> None:
        found = Finding("PS001", "x", "error", "m", "a", Location(1, 1, 1, 2))
        assert one(found, b"\0") == ["  1:1  error    PS001  m"]


class TestRemarks:
    def test_what_does_not_fit_is_wrapped(self) -> None:
        long = "words " * 30
        found = finding("a", b"80", "80", message=long, help=long, service="s" * 40, variable="V" * 30)
        lines = one(found, b"80", width=60)
        assert max(map(len, lines)) <= max(60, len("     = ") + 72)
        assert sum("words" in line for line in lines) >= 8

    def test_a_fix_by_hand_and_related_places_are_named(self) -> None:
        related = (Related("the entry", "registry.yaml", Location(3, 5, 3, 9)),)
        found = finding("a", b"80", "80", fix="display", related=related)
        assert one(found, b"80")[-2:] == ["     = by hand: Read the variable", "     = see: registry.yaml:3:5: the entry"]


def test_of_many_unread_files_a_few_are_named() -> None:
    skipped = tuple(Skipped(f"{i}.env", "permission denied") for i in range(1200))
    assert "  permission denied  1,200  0.env, 1.env, 2.env and 1,197 more\n" in shown(Report((), skipped, 0))


def test_what_is_passed_over_is_counted_and_named_on_demand() -> None:
    pictures = tuple(Skipped(f"{i}.{'PNG' if i % 4 else 'ico'}", "binary file") for i in range(1200))
    skipped = (*pictures, Skipped("yarn.lock", "lock file"), Skipped("broken.yml", "not valid UTF-8 (byte 5)"))
    usual, verbose = shown(Report((), skipped, 0)), shown(Report((), skipped, 0), detail="verbose")
    assert usual.splitlines() == [
        "1 path could not be read",
        "  not valid UTF-8 (byte 5)  1  broken.yml",
        "",
        "1,201 paths passed over: binary file (1,200), lock file (1); -v says more.",
        "No findings in 0 files.",
    ]
    assert verbose.splitlines() == [
        "2 paths not read",
        "  lock file                 1  yarn.lock",
        "  not valid UTF-8 (byte 5)  1  broken.yml",
        "",
        "1,201 paths passed over: binary file (1,200: png 900, ico 300), lock file (1).",
        "No findings in 0 files.",
    ]


@pytest.mark.parametrize(
    ("found", "options", "hinted"),
    [
        ({"variable": "WEB_PORT"}, Options(), True),
        ({"variable": "WEB_PORT", "code": "PS112"}, Options(), False),
        ({}, Options(), False),  # there is nothing to bind it to
        ({"variable": "WEB_PORT"}, Options(fixes=True), False),
        ({"variable": "WEB_PORT"}, Options(command="validate"), False),
    ],
)
def test_where_no_fixes_were_tried_the_report_says_how_to_see_them(found: dict[str, str], options: Options, hinted: bool) -> None:
    text = "".join(render(Report((finding("a", b"80", "80", **found),)), Streams(io.StringIO(), io.StringIO()), {}, options))
    assert ("`portscan --diff` shows which of these can be fixed" in text) == hinted


LINES = b"".join(b"curl http://localhost:3103/%d\n" % i for i in range(20))
ALIKE = Report(tuple(finding("a.sh", LINES, "3103", nth=i) for i in range(20)), (Skipped("b.png", "binary file"),) * 5, 1)


class TestHowMuchIsTold:
    def test_findings_that_say_the_same_are_told_once_with_the_places_of_the_others(self) -> None:
        lines = shown(ALIKE, {"a.sh": LINES}).splitlines()
        assert lines[:6] == [
            "a.sh",
            "  1:23   error    PS001  Port is written out",
            "     1 | curl http://localhost:3103/0",
            "       |                       ^^^^",
            "       = also at 2:23, 3:23, 4:23, 5:23, 6:23, 7:23, 8:23, 9:23, 10:23, 11:23,",
            "                 12:23, 13:23 and 7 more",
        ]
        assert "20 findings (20 errors)" in lines[-1]

    def test_what_differs_in_anything_is_told_by_itself(self) -> None:
        others = ({"message": "x"}, {"help": "x"}, {"severity": "note"}, {"fix": "safe"}, {"code": "PS005"})
        findings = [finding("a.sh", LINES, "3103", nth=i, **more) for i, more in enumerate(({}, *others))]
        assert "also at" not in shown(Report(tuple(findings)), {"a.sh": LINES})

    def test_verbose_leaves_nothing_out(self) -> None:
        text = shown(ALIKE, {"a.sh": LINES}, detail="verbose")
        assert text.count("Port is written out") == 20
        assert "5 paths passed over: binary file (5: png 5)." in text

    def test_quiet_is_a_line_for_each_finding(self) -> None:
        lines = shown(ALIKE, {"a.sh": LINES}, detail="quiet").splitlines()
        assert lines == [f"a.sh:{i}:23: error: PS001 Port is written out." for i in range(1, 21)]
        assert shown(Report(()), detail="quiet") == ""

    def test_statistics_count_instead(self) -> None:
        others = (finding("x/y/z/c.sh", b"80", "80", service="web"), finding("d.sh", b"80", "80", service="web"))
        assert shown(Report((*ALIKE.findings, *others), files=3), statistics=True) == dedent(
            """\
            By codes
              22  PS001

            By services
              20  (no service)
               2  web

            By folders
              21  (top)
               1  x/y

            22 findings (22 errors) in 3 of 3 files.
            """
        )

    def test_the_baseline_is_mentioned(self) -> None:
        assert shown(Report((), files=2, baselined=1200)) == "No findings in 2 files; 1,200 more in the baseline.\n"

    def test_where_there_is_much_a_baseline_is_offered(self) -> None:
        report = Report(ALIKE.findings * 5, files=1)
        assert shown(report).endswith("`portscan --write-baseline` starts from here: what there is now is not reported again.\n")
        for other in (ALIKE, Report(report.findings, baselined=1)):
            assert "--write-baseline" not in shown(other)

    def test_an_owner_that_the_finding_speaks_of_is_not_named_twice(self) -> None:
        line = b"x" * 70 + b" 3103"
        named = finding("a", line, "3103", service="web", variable="WEB_PORT", message="Port of web", help="Read WEB_PORT")
        assert one(named, line)[-1] == "      = help: Read WEB_PORT"
        assert "      = web: WEB_PORT" in one(replace(named, help=None), line)


def test_a_page_is_made_when_the_one_in_front_of_it_is_written() -> None:
    read: list[str] = []

    class Watched(dict[str, bytes]):
        def get(self, path: str, default: Any = None) -> Any:
            read.append(path)
            return super().get(path, default)

    files = {f"{name}.yml": b"port: 8080\n" for name in "abc"}
    report = Report(tuple(finding(path, data, "8080") for path, data in files.items()), files=3)
    pieces = iter(render(report, Streams(io.StringIO(), io.StringIO()), Watched(files)))
    assert "a.yml" in next(pieces)
    assert read == ["a.yml"]
    assert [*pieces][-1].startswith("3 findings")
    assert read == [*files]
