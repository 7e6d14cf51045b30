"""YAML that is read line by line, held against what the parser's events say."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from portscan.languages import Unreadable, yaml
from portscan.languages.yaml import sites
from portscan.sites import Site
from portscan.text import Text
from tests.judges import THOROUGH
from tests.languages.test_yaml_parts import LANGUAGE, VOCABULARY

if TYPE_CHECKING:
    import pytest

KEYS = ("a:", "port:", "name:", "default:", "key-1:", "ports:", "a b:", "8080:", "q.r/s:", '"t":', "n:")
VALUES = (
    *(
        "",
        "",
        " 8080",
        " x:10",
        " 'y 20'",
        ' "z: 30"',
        " 'q #40'",
        " name",
        " a 50 # 60",
        "  b  70 ",
        " -80",
        " a: 90",
        " 'c",
        " |",
    ),
    *(" #5", "#6", " e#7"),
)
MORE = ("", "  ", "# 11:12", "---", "- 13", "#")


def text_from(random: Random) -> str:
    """A few lines, nearly all of them plain, most of them beside the one in front or below it."""
    keys, values = (*random.sample(KEYS[:6], 2), "name:", "default:", random.choice(KEYS)), random.sample(VALUES, 4)
    indent, lines = random.choice((0, 0, 2)), []
    for _ in range(random.randint(1, 9)):
        line = random.choice(keys) + random.choice(values)
        if random.random() < 0.04:
            line = random.choice((*MORE, random.choice(VOCABULARY)))
        lines.append(" " * indent + line)
        further = indent + 2 if line.endswith(":") or random.random() < 0.15 else indent
        indent = random.choice((0, indent, further, further, max(indent - random.choice((1, 2, 2)), 0)))
    return "\n".join(lines) + random.choice(("", "\n", "\n\n"))


def found(text: str) -> list[Site] | str:
    """What is found in a text, or why it is not read."""
    try:
        return list(sites(Text(text), LANGUAGE, "a.yaml"))
    except Unreadable as error:
        return error.reason


def test_lines_say_what_the_events_do(monkeypatch: pytest.MonkeyPatch) -> None:
    random, plain, few = Random(8080), [], 60_000 if THOROUGH else 1500
    real = yaml.told
    for _ in range(few):
        text = text_from(random)
        monkeypatch.setattr(yaml, "told", lambda walk: plain.append(told := real(walk)) or told)
        by_line = found(text)
        monkeypatch.setattr(yaml, "told", lambda _: False)
        assert by_line == found(text), text
    assert few // 10 < sum(plain) < few * 9 // 10
