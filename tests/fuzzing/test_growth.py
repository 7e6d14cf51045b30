"""Readers take time in proportion to what they read, whatever it repeats; and no more memory than a few times of it."""

from __future__ import annotations

import pytest

from portscan.source import Source, decode
from tests.fuzzing.growth import superlinear
from tests.fuzzing.invariants import thorough
from tests.judges import EXHAUSTIVE

# One file for each reader, and for those that read many languages in different ways several.
PATHS = (
    *(
        "a.py",
        "a.js",
        "a.tsx",
        "a.yaml",
        "compose.yaml",
        "a.json",
        "a.sh",
        "Dockerfile",
        "Makefile",
        "Procfile",
        ".env",
        "a.toml",
    ),
    *("nginx.conf", "a.conf", "a.html", "a.tmpl", "a.md", "a.rst", "a.go", "a.rb", "a.sql", "a.lua", "a.php", "a.http"),
)
# What is repeated: one of each class of characters, and beginnings of what may never end.
SIGNS = (*"a7 \t\n'\"`\\$(){}[]<>/*#-=:;,.&|@%+?!~_é\u00a0\r\f٨²", "\r\n")
BEGUN = (
    *(
        "a ",
        "7 ",
        "1.",
        "a.",
        "a-",
        "a=",
        "a:",
        "a: ",
        "a,",
        "a/",
        "a_",
        "a(",
        "a[",
        "a[1]",
        "a(1,",
        "()",
        "[]",
        "{}",
        "80,",
        " 80",
        "80:",
    ),
    *(
        "80-",
        ":1",
        "1.2.3.4:",
        "[::1]:",
        "://",
        "a://",
        "http://",
        "http://a:1 ",
        "localhost:",
        "'a",
        '"a',
        "\\'",
        '\\"',
        "\\\\",
        "${",
        "${a",
    ),
    *(
        "${a:-",
        "$(",
        "$((",
        "{{",
        "{%",
        "<a",
        "<a>",
        "</",
        "<!--",
        "/*",
        "//",
        " # ",
        '"#',
        "--",
        " --a",
        " -p",
        " --port ",
        "==",
        ":=",
        "? ",
    ),
    *(
        "- ",
        "| ",
        "|\n",
        "| 80 ",
        "||",
        "a ||",
        "&a ",
        "*a ",
        "!a ",
        "<<A\n",
        "<<A ",
        "*/",
        "=>",
        "->",
        "+=",
        "\\\n",
        "a \\\n",
        "RUN a\n",
    ),
    *(
        "ENV a=1 ",
        "EXPOSE 80 ",
        "export ",
        "a=80 ",
        "port ",
        "port=",
        "port80",
        "PORT_",
        "Port",
        "not ",
        "or ",
        "if x:\n",
        "a: {",
        "  - a:\n",
    ),
    *(
        "[a]\n",
        "a=1\n",
        "\ta\n",
        "    a\n",
        "```\n",
        "```a\n",
        "~~~\n",
        "'''",
        '"""',
        "f'{a}",
        "#[a(",
        "@a(",
        "lambda: ",
        "elif a:\n",
        "a if b else ",
    ),
    *(
        "portscan:",
        "# portscan: ignore\n",
        "# portscan: a,",
        "env.A, ",
        "getenv('A') or ",
        "process.env.A || ",
        "80 to ",
        "in the container ",
    ),
)
AROUND = (("port: 8080\n", " 8080\n"), ("x = 'http://h:8080 ", ""), ("", "8080 port"))
# What once took too long.
KNOWN = ("a", "\\'", "a.", "()", "a-", "@a", "->", "${a:-")
SIZES = (3_000, 6_000, 12_000)


def read(path: str, text: str) -> None:
    """Read a file wholly, whatever it holds."""
    source = decode(path, text.encode())
    assert isinstance(source, Source)
    thorough().read(source)


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_takes_time_in_proportion(path: str) -> None:
    slow = {}
    for piece in (*SIGNS, *BEGUN) if EXHAUSTIVE else KNOWN:
        for head, tail in AROUND if EXHAUSTIVE else AROUND[:1]:
            times = superlinear(lambda size: read(path, head + piece * (size // len(piece)) + tail), SIZES)  # noqa: B023
            if times:
                slow[head, piece, tail] = times
    assert not slow
