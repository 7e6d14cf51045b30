"""What scripts hand to Compose: lines that are passed over say nothing, however they are read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portscan.connectivity import invocations
from portscan.connectivity.invocations import COMMAND, TOGETHER, _filled, _read, _set_in, said_in

WORDS = (
    "docker compose",
    "docker-compose",
    "compose",
    "-f",
    "--file=",
    "--file",
    "a.yml",
    "compose.yml",
    "$X",
    "${F:-compose.yml}",
)
MORE = ("X=compose.yml", "F='-f compose.dev.yml'", "$F", "up", "-d", "|", "-p", "shop", "\\\n", "\r", "\f")
SCRIPTS = st.lists(st.lists(st.sampled_from((*WORDS, *MORE)), max_size=7).map(" ".join), max_size=5).map("\n".join)


@given(SCRIPTS)
def test_every_line_says_what_it_says_when_all_are_read(script: str) -> None:
    text = invocations.CONTINUED.sub(" ", script)
    known = _set_in(text)
    speaks = invocations._speaking(known).search
    found = []
    for line in text.splitlines():
        if "compose" in line or ("$" in line and speaks(line)):
            filled = _filled(line, known)
            commands = [match["words"] for match in COMMAND.finditer(filled)] or TOGETHER.findall(filled)
            found += [each for each in map(_read, commands) if each[0]]
    assert said_in("run.sh", script.encode()) == (tuple(found) if "compose" in text else ())
