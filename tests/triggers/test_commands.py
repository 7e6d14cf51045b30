"""No port of a command is lost by what is not read, however programs, flags and what they are handed are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
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
