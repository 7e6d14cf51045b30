"""No port of a command is lost by what is not read, however programs, flags and what they are handed are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.triggers import compile_triggers
from portscan.triggers.pieces import triggers
from tests.judges import THOROUGH
from tests.triggers.test_triggers import SPARING, THROUGH, read

RULES = [rule for rule in shipped().rules if rule["match"] == "command"]
PROGRAMS = sorted({program for rule in RULES for program in rule["programs"] if "*" not in program} | {"unknown", "my_port"})
FLAGS = sorted({flag for rule in RULES for flag in rule.get("flags", {})} | {"--my-port", "--endpoint", "--args"})
PATHS = {
    "a.sh": "{}\n",
    "Dockerfile": "FROM x\nRUN {}\n",
    "Makefile": "all:\n\t@{}\n",
    "Procfile": "web: {}\n",
    "a.md": "```sh\n{}\n```\n",
    "nginx.conf": "http {{ {}; }}\n",
    "Caddyfile": "{}\n",
}
VALUES = (
    *("8080", "80", "7", "x:80", "a,80", "[::]:80", "80:80", "${A:-80}", "${A-80}", "x", "0-80", "2>x"),
    *('"80"', "'a 80'", '"$A":80', "9:30", "db:8", '"a":80'),
)
JOINTS = (
    *(" ", " ", " ", "=", "", " \\\n  ", "\t", '" "', "' '", ", ", '", "', "\n", '\\"', " -- ", "<<EOF ", "\x0b", ";", "|", "&"),
)
SHOWN = st.builds("".join, st.lists(st.sampled_from([*VALUES, *JOINTS]), max_size=6))


def in_every_file(text: str) -> None:
    for path, around in PATHS.items():
        assert read(SPARING, path, around.format(text)) == read(THROUGH, path, around.format(text)), (path, text)


def commands(rule: Mapping[str, Any]) -> Iterator[str]:
    """What a rule finds a port in, if only as a word behind its program or one of its flags."""
    for program in rule["programs"]:
        name = program.replace("*", "any")
        for value in VALUES:
            yield f"{name} {value} {value} {value}"
            yield f'/bin/{name} "{value}" x {value} \\\n {value}'
            yield from (f"{name} {flag}{joint}{value}" for flag in rule.get("flags", {}) for joint in (" ", "=", "", " \\\n"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["id"]))
def test_what_a_rule_says_of_a_command_is_found(rule: Mapping[str, Any]) -> None:
    """All in one file at once would be let through by any of them."""
    for text in list(commands(rule))[:: 1 if THOROUGH else 7]:
        assert read(SPARING, "a.sh", f"{text}\n") == read(THROUGH, "a.sh", f"{text}\n"), text


SIGNS = (
    *("$A", "$(", ")", "`", '"', "'", "\\", "(", "{", "}", "${", "\n", "=(", "é", "#", "@", "]", "[ "),
    *("bash -c ", "eval ", "sudo ", "if ", "for ", " in ", "ss | ", '"to ', 'to "', "command=", "port", "args", "listen"),
)
WORDS = st.one_of(*(st.sampled_from(some) for some in (PROGRAMS, FLAGS, VALUES, JOINTS, SIGNS)))


@settings(max_examples=3000 if THOROUGH else 200, deadline=None)
@given(st.lists(WORDS, max_size=10).map("".join))
@example('nc "a\n80"')
@example('"nc" "a\n80"')
@example('bash -c "nc db \\${X:-\n80}"')
def test_commands_come_out_the_same(text: str) -> None:
    in_every_file(text)


@settings(max_examples=1000 if THOROUGH else 100, deadline=None)
@given(st.sampled_from(PROGRAMS), st.sampled_from([*FLAGS, ""]), SHOWN)
def test_a_program_with_a_flag_comes_out_the_same(program: str, flag: str, rest: str) -> None:
    in_every_file(f"{program} {flag}{rest}")


PLACES = [path for rule in shipped().rules if rule["match"] == "path" for path in rule["paths"]]
KEYS = sorted({path.rpartition("/")[2].replace("*", "x") for path in PLACES})
GIVEN = (
    *("{}={}", "export {}={}", "{}+={}", "{}[0]={}", "{}=(x {})", "{}=(\n{}\n)", "declare m=([{}]={})", 'declare m=(["{}"]={})'),
    *("run --{} {}", "run --{}={}", "run -{} \\\n {}", "run --my-{} {}", "for {} in {}; do", "for {} \\\n in {}"),
    *('[ "${}" = {} ]', "test ${{{}}} = {}", "[[ ${{{}:-x}} == {} ]]", "ENV {} {}", "{}: {}", "{} := {}", "{} {}"),
)
SAID = ("8080", '"80"', '"nc db 80"', "'-p 80'", "nc", "x:80", "80:80", ":80")


@settings(max_examples=2000 if THOROUGH else 200, deadline=None)
@given(st.sampled_from(KEYS), st.sampled_from(GIVEN), st.sampled_from(SAID))
def test_what_is_given_to_a_key_comes_out_the_same(key: str, given_so: str, said: str) -> None:
    in_every_file(given_so.format(key, said))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("nc -h 2>/dev/null", False), ("nc db 7", True), ("sync db 7", False), ("nc-x 7", False), ("/bin/nc db 7", True)),
        *(("nc db; sleep 5", False), ("nc db | head -5", False), ("nc db \\\n 7", True), ("nc 'db\n' 7", True), ("nc $1", False)),
        *(('mkdir -p "$(dirname "$1")" 5', False), ("x -p v1.2", False), ("x -p 80", True), ("x '-p' \\\"80", True)),
        *(("x-p 80", False), ("x -p a,80", True), ("x -p ${A:-80}", True), ("x -p80", True), ("x --bind=80", True)),
        *(("grep 801", False), ("grep 8010", True), ("grep -e'a|8010'", True), ("awk '{ print $1 * 1000 }'", True)),
        *(("command -v x", False), ("command=x", True), ("x --command x", True), ("for command in x", True)),
        *(("parse_command x", False), ("grep \\\n 801", False), ("grep \\\n 8010", True), ("awk '\n", False)),
        *(("to db:8", True), ("at 9:30", True), ("on to 8", False), ("&lt;1ms", False)),
    ],
)
def test_a_command_goes_on_as_it_must(text: str, found: bool) -> None:
    assert compile_triggers(shipped().triggers["shell"]).found_in(f"sleep 8\n{text}\n") is found


def test_a_new_program_extends_the_triggers() -> None:
    rule = {"match": "command", "id": "gopherd", "programs": ["gopherd run"], "positionals": ["port"]}
    language = shipped().languages["shell"]
    assert not compile_triggers(triggers(shipped().rules, language)).found_in("gopherd run 70")
    assert compile_triggers(triggers([*shipped().rules, rule], language)).found_in("gopherd run 70")


def test_a_program_that_is_handed_another_language_lets_everything_through() -> None:
    rule = {"match": "command", "id": "eval-it", "programs": ["eval-it"], "positionals": ["python"]}
    assert triggers([*shipped().rules, rule], shipped().languages["shell"]) is None
    assert triggers([*shipped().rules, rule], shipped().languages["go"]) is not None
