"""No fix is safe where something gives the variable another value: the program would do something else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.knowledge import shipped
from portscan.pipeline.scanning import scan
from tests.literals import registry
from tests.repository import repository, write

KNOWN = registry("name: api, port: 4010")
SHELL = "curl http://localhost:4010/x\n"
PYTHON = 'import os\n{}\nget("http://localhost:4010/x")\n'
SERVER = "const http = require('http');\n{}\nfetch('http://localhost:4010/x');\n"
MAKE = "{}\nrun:\n\tcurl http://localhost:4010/x\n"
COMPOSE = 'services:\n  api:\n    image: api\n    ports: ["4010:4010"]\n'


def fixes(root: Path, path: str, text: str) -> list[tuple[str, str]]:
    """How safe the fixes are of what leads to port 4010, and why not."""
    write(root / path, text)
    found = scan(root, [path], KNOWN, Config(), date(2026, 1, 1), fixes=True).report.findings
    edited = [each for each in found if each.fix and any(b"API_PORT" in edit.after for edit in each.fix.edits)]
    return [(each.fix.applicability, str(each.help).partition(" Mind: ")[2]) for each in edited if each.fix]


def doubted(root: Path, path: str, text: str) -> str:
    """Why no fix of a file is safe."""
    found = fixes(root, path, text)
    assert found
    assert {how for how, _ in found} == {"unsafe"}
    return found[-1][1]


SETS = [
    *(
        'API_PORT="3 4"',
        "API_PORT=$(f 1 2)",
        "API_PORT=5 # five",
        "API_PORT=5 B=6",
        "export A=1 API_PORT=5 B=6",
        "x && API_PORT=5",
    ),
    *("declare -n r=API_PORT; r=5", "coproc API_PORT { cat; }", "wait -p API_PORT"),
    *(
        "export API_PORT=9999",
        "API_PORT=3;",
        "local API_PORT=3",
        "declare -i API_PORT=3",
        "typeset API_PORT=$1",
        "readonly API_PORT=3",
    ),
    *(
        "read API_PORT",
        "read -r -p 'which port? ' API_PORT",
        "printf -v API_PORT %s 3",
        "mapfile -t API_PORT < f",
        "readarray API_PORT",
    ),
    *(
        "getopts p: API_PORT",
        "((API_PORT=5))",
        "(( n = 3, API_PORT += 5 ))",
        "(( API_PORT++ ))",
        "let API_PORT=5",
        "let ++API_PORT",
    ),
    *(
        "eval API_PORT='$x'",
        'eval "$(x)" API_PORT',
        ": ${API_PORT:=5}",
        ": ${API_PORT=5}",
        "API_PORT+=1",
        'API_PORT="${PORT:-4010}"',
    ),
    *(
        "for API_PORT in 1 2; do :; done",
        "select API_PORT in 1 2; do :; done",
        "API_PORT[0]=5",
        "API_PORT=40100",
        "API_PORT=4010.5",
    ),
]


@pytest.mark.parametrize("line", SETS)
def test_a_script_that_sets_the_variable_is_left_to_a_person(tmp_path: Path, line: str) -> None:
    assert doubted(tmp_path, "a.sh", f"#!/bin/bash\n{line}\n{SHELL}") == "`API_PORT` gets a value of its own in line 2."


@pytest.mark.parametrize(
    "line",
    [
        *(
            "export API_PORT=4010",
            "API_PORT='4010';",
            ": ${API_PORT:=4010}",
            'API_PORT="${API_PORT:-4010}"',
            "x API_PORT=$API_PORT",
        ),
        *("export API_PORT", "MY_API_PORT=3", "API_PORTS=3", "[[ $API_PORT == 3 ]]", 'echo "$API_PORT"', "x --API_PORT=3"),
        *("API_PORT=3 ./serve", "docker run -e API_PORT=5 -d x", 'API_PORT="5" "$HERE/x"', "env API_PORT=5 \\\n  x"),
        *("# API_PORT=9999 says another", "IFS=$'\\n\\t'", "while IFS=, read -r a b; do :; done", "read x; echo ${API_PORT}"),
    ],
)
def test_a_script_that_leaves_the_variable_alone_is_bound(tmp_path: Path, line: str) -> None:
    assert {how for how, _ in fixes(tmp_path, "a.sh", f"#!/bin/bash\n{line}\n{SHELL}")} == {"safe"}


@pytest.mark.parametrize("value", ["0", "$'\\n 0'", '" 0"', ":0"])
def test_digits_that_divide_words_are_minded(tmp_path: Path, value: str) -> None:
    assert doubted(tmp_path, "a.sh", f"IFS={value}\n{SHELL}").startswith("IFS is set to digits in this script")


@pytest.mark.parametrize(
    "line",
    [
        *(
            ". ./env.sh",
            "source env.sh",
            'source "$(dirname "$0")/env.sh"',
            'cd x && . "$HERE/env.sh"',
            "[ -f env.sh ] && . ./env.sh",
        ),
        *("set -a; . ${ROOT}/scripts/env.sh; set +a", "source further.sh"),
    ],
)
def test_what_a_script_sources_is_looked_at(tmp_path: Path, line: str) -> None:
    write(tmp_path / "scripts/env.sh", "# ports\nAPI_PORT=9999\n")
    write(tmp_path / "scripts/further.sh", ". ./env.sh\n. ./further.sh\n")
    assert doubted(tmp_path, "scripts/a.sh", f"{line}\n{SHELL}") == (
        "`API_PORT` gets a value of its own in scripts/env.sh, line 2."
    )
    write(tmp_path / "scripts/b/env.sh", "API_PORT=4010\n")


def test_a_path_that_is_sourced_may_be_deep(tmp_path: Path) -> None:
    deep = "/".join("abcdefghijklmnop")
    write(tmp_path / deep / "env.sh", "API_PORT=9999\n")
    assert f"{deep}/env.sh, line 1" in doubted(tmp_path, "a.sh", f". ./{deep}/env.sh\n{SHELL}")


def test_what_a_script_sources_may_say_the_same(tmp_path: Path) -> None:
    write(tmp_path / "env.sh", 'export API_PORT="4010"\n')
    write(tmp_path / "unread.env", "API_PORT=9999\n")
    assert fixes(tmp_path, "a.sh", f". ./env.sh\n. ./gone.sh\n. ..\n{SHELL}") == [("safe", "")]


def test_an_env_file_that_a_script_hands_on_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "a/.env", "API_PORT=9999\n")
    assert "a/.env, line 1" in doubted(tmp_path, "a/a.sh", f"export $(grep -v '^#' .env | xargs)\n{SHELL}")


@pytest.mark.parametrize(
    "line",
    [
        *('os.environ["API_PORT"] = "9999"', "os.environ['API_PORT'] = port", 'os.environ.setdefault("API_PORT", "5")'),
        *(
            'os.putenv("API_PORT", "5")',
            'monkeypatch.setenv("API_PORT", "5")',
            'monkeypatch.setitem(os.environ, "API_PORT", "5")',
        ),
        *(
            'os.environ.update({"API_PORT": "5"})',
            'os.environ.update(A=f(1), API_PORT="5")',
            'os.environ.update(\n    A="1",\n    API_PORT="5",\n)',
            'from os import environ\nenviron |= {"API_PORT": "5"}',
        ),
        *(
            'os.environb[b"API_PORT"] = b"5"',
            'os.environ.update([("API_PORT", "5")])',
            'patch.dict(os.environ, {"API_PORT": "5"})',
        ),
    ],
)
def test_python_that_sets_the_variable_is_left_to_a_person(tmp_path: Path, line: str) -> None:
    assert doubted(tmp_path, "a.py", PYTHON.format(line)).startswith("`API_PORT` gets a value of its own in line ")


@pytest.mark.parametrize(
    "line",
    [
        *('os.environ["API_PORT"] = "4010"', 'os.environ["API_PORT"] = str(4010)', 'os.environ.setdefault("API_PORT", "4010")'),
        *(
            'print(os.environ["API_PORT"])',
            'ok = os.environ["API_PORT"] == "5"',
            'API_PORT = "5"',
            'os.environ["MY_API_PORT"] = "5"',
        ),
    ],
)
def test_python_that_leaves_the_variable_alone_is_bound(tmp_path: Path, line: str) -> None:
    assert {how for how, _ in fixes(tmp_path, "a.py", PYTHON.format(line))} == {"safe"}


@pytest.mark.parametrize(
    "line", ["load_dotenv()", 'load_dotenv("x/.env")', 'Settings(env_file=".env")', "environ.Env.read_env()"]
)
def test_what_python_loads_is_looked_at(tmp_path: Path, line: str) -> None:
    write(tmp_path / ".env", "export API_PORT = 5000\n")
    assert doubted(tmp_path, "app/a.py", PYTHON.format(line)) == "`API_PORT` gets a value of its own in .env, line 1."
    assert fixes(tmp_path, "app/b.py", PYTHON.format("")) == [("safe", "")]
    write(tmp_path / "app/.env.dev", "API_PORT=4010\n")
    assert fixes(tmp_path, "app/c.py", PYTHON.format('load_dotenv(".env.dev")')) == [("safe", "")]


@pytest.mark.parametrize("path", ["a.js", "a.ts"])
@pytest.mark.parametrize(
    "line",
    [
        *(
            "process.env.API_PORT = '9999';",
            'process.env["API_PORT"] = port;',
            "process.env.API_PORT ??= '5';",
            "env.API_PORT ||= '5';",
        ),
        *(
            "Object.assign(process.env, {\n  API_PORT: '5' });",
            "Object.assign(process.env, { API_PORT });",
            "Object.assign(process.env, { A: f(1), API_PORT: '5' });",
            "vi.stubEnv('API_PORT', '5');",
        ),
        *("Deno.env.set('API_PORT', '5');", "const define = { 'process.env.API_PORT': '5' };"),
        "Reflect.set(process.env, 'API_PORT', '5');",
    ],
)
def test_javascript_that_sets_the_variable_is_left_to_a_person(tmp_path: Path, path: str, line: str) -> None:
    assert doubted(tmp_path, path, SERVER.format(line)).startswith("`API_PORT` gets a value of its own in line ")


@pytest.mark.parametrize(
    "line",
    [
        *("process.env.API_PORT = '4010';", "process.env.API_PORT ??= `4010`;", "const API_PORT = process.env.API_PORT || port;"),
        *("const same = process.env.API_PORT === x;", "const f = { API_PORT: '5' };", "// process.env.API_PORT = '5'"),
    ],
)
def test_javascript_that_leaves_the_variable_alone_is_bound(tmp_path: Path, line: str) -> None:
    assert {how for how, _ in fixes(tmp_path, "a.js", SERVER.format(line))} == {"safe"}


def test_an_env_file_that_javascript_loads_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path / ".env.local", "API_PORT=5000\n")
    assert ".env.local, line 1" in doubted(tmp_path, "api/a.js", SERVER.format("require('dotenv').config();"))


@pytest.mark.parametrize(
    "lines",
    [
        *(
            "API_PORT := 9999",
            "API_PORT := 9999\nexport API_PORT",
            "export API_PORT = 9999",
            "override API_PORT=9",
            "API_PORT ?= 9999",
        ),
        *("x:\n\t@API_PORT=3; echo $$API_PORT", "x: API_PORT := 3", "define API_PORT\n3\nendef", "x:\n\tread -r API_PORT"),
    ],
)
def test_a_makefile_that_sets_the_variable_is_left_to_a_person(tmp_path: Path, lines: str) -> None:
    assert doubted(tmp_path, "Makefile", MAKE.format(lines)).startswith("`API_PORT` gets a value of its own in line ")


@pytest.mark.parametrize(
    "lines", ["API_PORT ?= 4010", "API_PORT := 4010\nexport API_PORT", "x:\n\tAPI_PORT=$(API_PORT) ./x", "-include x.mk"]
)
def test_a_makefile_that_leaves_the_variable_alone_is_bound(tmp_path: Path, lines: str) -> None:
    found = fixes(tmp_path, "Makefile", MAKE.format(lines))
    assert found
    assert not any("of its own" in why for _, why in found)


def test_what_a_makefile_includes_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "ports.mk", "API_PORT = 5000\n")
    assert "ports.mk, line 1" in doubted(tmp_path, "Makefile", MAKE.format("-include other.mk ports.mk\nexport"))


def test_the_env_file_of_a_compose_project_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path / ".env", "API_PORT=5000\n")
    assert doubted(tmp_path, "compose.yml", COMPOSE) == "`API_PORT` gets a value of its own in .env, line 1."
    write(tmp_path / "same/.env", "API_PORT=4010 # as the registry has it\n")
    root = repository(tmp_path / "other")
    write(root / ".env", "API_PORT=4010 # as the registry has it\n")
    assert fixes(root, "compose.yml", COMPOSE) == [("safe", "")]


def test_nothing_outside_of_the_repository_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path / ".env", "API_PORT=5000\n")
    (tmp_path / "inside").mkdir()
    root = repository(tmp_path / "inside" / "repository")
    (root / "folder.env").mkdir()
    assert fixes(root, "compose.yml", COMPOSE) == [("safe", "")]
    assert fixes(root, "a.sh", f". ../../.env\n. folder.env\n{SHELL}") == [("safe", "")]


def test_a_language_that_is_like_another_names_one() -> None:
    known = shipped().languages
    named = {entry["environment"] for entry in known.values() if isinstance(entry.get("environment"), str)}
    assert named
    assert all(isinstance(known[name]["environment"], dict) for name in named)
