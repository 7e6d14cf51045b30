"""`portscan inventory`, with an inventory made by hand."""

from __future__ import annotations

import csv
import io
import json
import sys
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from portscan.commands import inventory as command
from portscan.console.parsers import Parser, add_globals
from portscan.errors import UserError
from portscan.knowledge import shipped
from portscan.model import PortLiteral, Skipped
from portscan.terminal import Streams
from tests.reporters.samples import literal

COMPOSE = b'ports:\n  - "3103:3103"\nenvironment:\n  API: http://api:${API_PORT:-3999}\n'


@dataclass(frozen=True)
class Made:
    """Stands in for what the pipeline makes."""

    literals: tuple[PortLiteral, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    files: int = 0
    sources: dict[str, bytes] = field(default_factory=dict)


FULL = Made(
    (
        literal("compose.yml", COMPOSE, "3103", kind="mapping", side="host", owner="dashboard", rule="docker-run"),
        literal("compose.yml", COMPOSE, "3103", nth=1, kind="mapping", side="container"),
        literal(
            "compose.yml", COMPOSE, "3999", kind="default", variables=("API_PORT", "PORT"), host="api", name="environment.API"
        ),
    ),
    (Skipped("logo.png", "binary file"),),
    5,
    {"compose.yml": COMPOSE},
)


class Asked:
    """What the command asked the pipeline for, and what it is to be given."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.root = Path()
        self.paths: list[str] = []
        self.config: str | None = None
        self.jobs: int | None = None

    def literals(self, args: Namespace, root: Path, paths: list[str]) -> Made:
        self.root, self.paths, self.config, self.jobs = root, paths, args.config, args.jobs
        return self.made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Asked:
    found = Asked(FULL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_literals", found.literals)
    return found


def arguments(*given: str) -> Namespace:
    parser = Parser()
    command.add_arguments(parser)
    add_globals(parser)
    return parser.parse_args(given)


def streams(out: io.StringIO | None = None, **options: Any) -> Streams:
    return Streams(out or io.StringIO(), io.StringIO(), **options)


def shown(*given: str, **options: Any) -> str:
    out = io.StringIO()
    assert command.run(arguments(*given), streams(out, **options)) == 0
    return out.getvalue()


def test_it_asks_for_the_paths_seen_from_the_current_directory(asked: Asked, tmp_path: Path) -> None:
    shown("a.py", "b", "--config", "c.toml")
    assert (asked.root, asked.paths, asked.config) == (tmp_path, ["a.py", "b"], "c.toml")


class TestOnFiles:
    """With the real pipeline."""

    @pytest.fixture(autouse=True)
    def files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "a").mkdir()
        for name in ("compose.yml", "a/compose.yml"):
            (tmp_path / name).write_bytes(COMPOSE)
        (tmp_path / "portscan.toml").write_text("exclude = ['a']", encoding="utf-8")
        (tmp_path / "other.toml").write_text("", encoding="utf-8")

    def paths(self, *given: str) -> list[str]:
        found = json.loads(shown("--format", "json", *given))["literals"]
        return list(dict.fromkeys(row["path"] for row in found))

    def test_the_paths_that_were_given_come_back(self) -> None:
        assert self.paths("a/compose.yml", "./compose.yml") == ["a/compose.yml", "compose.yml"]

    def test_the_configuration_says_what_is_read(self) -> None:
        assert self.paths() == ["compose.yml"]
        assert self.paths("--config", "other.toml") == ["a/compose.yml", "compose.yml"]

    def test_a_line_is_explained_with_its_rule(self) -> None:
        text = shown("--explain", "compose.yml:4")
        assert text.startswith("compose.yml:4:31  port 3999\n")
        assert "(rules/detect/" in text


class TestPorts:
    def test_each_port_has_a_line_those_in_the_most_files_first(self, asked: Asked) -> None:
        code, said = b"curl http://localhost:3103\n", b"port 3103, see API_PORT 3999\n"
        asked.made = Made(
            (
                literal("a.md", said, "3103", context="doc"),
                literal("b.sh", code, "3103", host="localhost"),
                *FULL.literals,
            ),
            FULL.skipped,
            5,
        )
        assert shown("--format", "ports") == dedent(
            """\
              PORT  PLACES  FILES  CALLED     FIRST
              3103       4      3  dashboard  b.sh:1
              3999       1      1  API_PORT   compose.yml:4

            1 path passed over: binary file (1); -v says more.
            5 port literals (2 different ports, 1 bound to the environment) in 3 of 5 files.
            """
        )

    def test_a_host_that_is_worked_out_is_called_by_its_variable(self, asked: Asked) -> None:
        hosts = ("${\n  process.env.SHOP_HOST ||\n  '127.0.0.1'\n}", "shop.internal", "a ".join(["${x}"] * 20))
        asked.made = Made(tuple(literal("a.ts", b"x:3103", "3103", host=host) for host in hosts), (), 1)
        assert shown("--format", "ports").splitlines()[1] == "  3103       3      1  SHOP_HOST, shop.internal  a.ts:1"

    def test_without_ports_there_is_no_table(self, asked: Asked) -> None:
        asked.made = Made(files=2)
        assert shown("--format", "ports") == "No port literals in 2 files.\n"


class TestTable:
    def test_literals_are_grouped_by_file_and_aligned(self, asked: Asked) -> None:
        assert shown() == dedent(
            """\
              LINE:COL  PORT  KIND     CONTEXT  VARIABLE  HOST
            compose.yml
                   2:6  3103  mapping  code     -         -
                  2:11  3103  mapping  code     -         -
                  4:31  3999  default  code     API_PORT  api

            1 path passed over: binary file (1); -v says more.
            3 port literals (2 different ports, 1 bound to the environment) in 1 of 5 files.
            """
        )

    def test_nothing_found_is_said(self, asked: Asked) -> None:
        asked.made = Made(files=1)
        assert shown() == "No port literals in 1 file.\n"

    def test_long_cells_are_cut_and_nothing_is_raw(self, asked: Asked) -> None:
        asked.made = Made((literal("a\x1b\n", b"80", "80", host="\x1b" * 50, variables=("é" * 100,)),), files=1)
        text = shown()
        assert "\x1b" not in text
        assert max(map(len, text.splitlines())) <= 80

    def test_colours_are_for_the_heading_and_the_files(self, asked: Asked) -> None:
        assert "\x1b[1;4mcompose.yml\x1b[0m" in shown(color=True)


class TestJson:
    def test_a_row_has_exactly_these_keys(self, asked: Asked) -> None:
        found = json.loads(shown("--format", "json"))
        assert list(found) == ["version", "literals", "skipped"]
        assert found["version"] == 1
        assert found["skipped"] == [{"path": "logo.png", "reason": "binary file"}]
        assert found["literals"][2] == {
            "path": "compose.yml",
            "line": 4,
            "column": 31,
            "end_column": 35,
            "port": 3999,
            "kind": "default",
            "context": "code",
            "bound": True,
            "variable": "API_PORT",
            "host": "api",
            "language": "yaml",
        }
        assert (found["literals"][0]["bound"], found["literals"][0]["variable"], found["literals"][0]["host"]) == (
            False,
            None,
            None,
        )

    def test_an_empty_inventory_is_whole(self, asked: Asked) -> None:
        asked.made = Made()
        assert json.loads(shown("--format", "json")) == {"version": 1, "literals": [], "skipped": []}


class TestCsv:
    def test_there_is_a_row_for_each_literal(self, asked: Asked) -> None:
        rows = list(csv.DictReader(io.StringIO(shown("--format", "csv"))))
        assert [row["port"] for row in rows] == ["3103", "3103", "3999"]
        assert rows[2] == {
            "path": "compose.yml",
            "line": "4",
            "column": "31",
            "end_column": "35",
            "port": "3999",
            "kind": "default",
            "context": "code",
            "bound": "true",
            "variable": "API_PORT",
            "host": "api",
            "language": "yaml",
        }

    @pytest.mark.parametrize("path", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"])
    def test_no_cell_is_a_formula(self, asked: Asked, path: str) -> None:
        asked.made = Made((literal(path, b"80", "80"),))
        (row,) = csv.DictReader(io.StringIO(shown("--format", "csv"), newline=""))
        assert row["path"] == f"'{path}"

    def test_a_cell_is_one_line_without_controls(self, asked: Asked) -> None:
        asked.made = Made((literal("\t=1\r\n\x1b,é", b"80", "80"),))
        (_, line) = shown("--format", "csv").splitlines()
        assert line.startswith(r'"\t=1\r\n\x1b,é",1,')


class TestWorkbook:
    def test_it_holds_a_sheet_of_literals_and_one_of_what_was_not_read(self, asked: Asked, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        asked.made = Made((*FULL.literals, literal("=1+1\x1b", b"80", "80")), FULL.skipped)
        assert shown("--format", "xlsx", "--output", "ports.xlsx") == ""
        book = openpyxl.load_workbook(tmp_path / "ports.xlsx")
        rows = list(book["literals"].values)
        assert rows[0][:5] == ("path", "line", "column", "end_column", "port")
        assert rows[3] == ("compose.yml", 4, 31, 35, 3999, "default", "code", True, "API_PORT", "api", "yaml")
        assert rows[4][0] == r"=1+1\x1b"
        assert book["literals"]["A5"].data_type == "s"
        assert list(book["not read"].values) == [("path", "reason"), ("logo.png", "binary file")]

    def test_it_can_be_piped(self, asked: Asked) -> None:
        pytest.importorskip("openpyxl")
        raw = io.BytesIO()
        out = io.TextIOWrapper(raw, encoding="utf-8")
        command.run(arguments("--format", "xlsx"), Streams(out, io.StringIO()))
        out.flush()
        assert raw.getvalue().startswith(b"PK")

    def test_it_is_not_shown_at_a_terminal(self, asked: Asked) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        with pytest.raises(UserError, match="no text for a terminal"):
            command.run(arguments("--format", "xlsx"), streams(Terminal()))

    def test_without_openpyxl_the_user_is_told_what_to_install(self, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "openpyxl", None)
        with pytest.raises(UserError) as caught:
            command.run(arguments("--format", "xlsx", "--output", "x"), streams())
        assert "pip install 'portscan-registry[xlsx]'" in caught.value.hint


def test_the_output_goes_to_a_file(asked: Asked, tmp_path: Path) -> None:
    assert shown("--format", "csv", "--output", "ports.csv") == ""
    assert (tmp_path / "ports.csv").read_text(encoding="utf-8").startswith("path,line,column")


class TestExplain:
    def test_each_literal_of_the_line_is_explained(self, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "_described", lambda _rules, rule: f"{rule}: a title (rules/detect/a.yaml)")
        text = shown("--explain", "compose.yml:2")
        assert asked.paths == ["compose.yml"]
        assert text == dedent(
            """\
            compose.yml:2:6  port 3103
                  - "3103:3103"
                     ^^^^
              rule      docker-run: a title (rules/detect/a.yaml)
              kind      mapping
              context   code
              language  yaml
              host      none
              name      none
              bound     no
              service   dashboard
              side      host

            compose.yml:2:11  port 3103
                  - "3103:3103"
                          ^^^^
              rule      named-port: a title (rules/detect/a.yaml)
              kind      mapping
              context   code
              language  yaml
              host      none
              name      none
              bound     no
              side      container
            """
        )

    def test_a_fallback_names_its_variables(self, asked: Asked) -> None:
        text = shown("--explain", "compose.yml:4")
        assert "  bound     yes, the fallback of API_PORT, PORT\n" in text
        assert "  name      environment.API\n" in text

    def test_the_rule_is_named_with_its_title_and_file(self) -> None:
        assert command._described(shipped().rules, "named-port").startswith("named-port: a name that says port (rules/detect/")
        assert command._described(shipped().rules, "no such rule") == "no such rule"

    def test_a_line_without_ports_is_told(self, asked: Asked) -> None:
        asked.made = Made((FULL.literals[0],))
        assert shown("--explain", "compose.yml:9") == "No port literal was found at compose.yml:9.\n"

    def test_a_file_that_was_not_read_is_told(self, asked: Asked) -> None:
        asked.made = Made(skipped=(Skipped("a\x1b", "binary file"),))
        assert shown("--explain", "a:1") == "a\\x1b was not read: binary file.\n"

    def test_without_the_source_the_facts_remain(self, asked: Asked) -> None:
        asked.made = Made((FULL.literals[0],))
        assert shown("--explain", "compose.yml:2").splitlines()[1].startswith("  rule ")

    @pytest.mark.parametrize("place", ["compose.yml", "compose.yml:", ":4", "compose.yml:x", "compose.yml:-1"])
    def test_a_place_needs_a_line(self, asked: Asked, place: str) -> None:
        with pytest.raises(UserError, match="is not PATH:LINE"):
            shown("--explain", place)

    def test_a_directory_has_no_lines(self, asked: Asked, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        with pytest.raises(UserError, match="sub is a directory"):
            shown("--explain", "sub:1")
