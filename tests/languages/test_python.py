"""Python: names, fallbacks, calls, lists that are command lines, and files that libcst refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import libcst as cst
import pytest

from portscan.knowledge import shipped
from portscan.languages.python_context import Climb
from portscan.pipeline.reading import reading
from portscan.source import Source, decode
from portscan.spelling import Declined
from tests.languages.reading import bound, code_ports, ports, read
from tests.spelling.helpers import bound as fixed


@pytest.mark.parametrize(
    "code",
    [
        "port: int = Field(8000)",
        "port: int = Field(default=8000, ge=1)",
        "port = Integer(8000, help='x').tag(config=True)",
        "parser.add_argument('--port', '-p', type=int, default=8000)",
        "@click.option('-p', '--port', 'p', default=8000)\ndef f(p): ...",
        "def f(port: int = typer.Option(8000, '--listen')): ...",
        "def default_port():\n    if x:\n        return 8000",
        "connect(u.hostname, u.port or 8000)",
        "site = TCPSite(runner, 'localhost', 8000)",
        "run(['serve', '--port', '8000'])",
        "a, port = 'x', 8000",
        "self.assertEqual(x['port'], 8000)",
        "x = 'first\\nlocalhost:8000'",
        "x = rf'{host}:8000'",
        "x = ('a' 'http://h:8000')",
    ],
)
def test_ports(code: str) -> None:
    assert code_ports("a.py", code + "\n") == [8000]


@pytest.mark.parametrize(
    "code",
    [
        "port = int(text, 16)",
        "size = Field(default=8000)",
        "parser.add_argument('--rows', default=8000)",
        "def report():\n    return 8000",
        "def default_port() -> None:\n    return 8000",
        "smtp = SMTP(host, timeout=30)",
        "x = data[8000:9000]",
        "run(['mkdir', '-p', '8000'])",
        "push = '>3\\r\\n:10\\r\\n'",
    ],
)
def test_no_ports(code: str) -> None:
    assert ports("a.py", code + "\n") == []


@pytest.mark.parametrize(
    ("code", "follows"),
    [
        ("port = int(os.environ.get('PORT') or 8000)", True),
        ("port = os.getenv('PORT', '8000')", True),
        ("port = config('PORT', default=8000, cast=int)", True),
        ("port = os.environ['PORT'] if 'PORT' in os.environ else 8000", True),
        ("run(host=os.getenv('HOST', ''), port=8000)", False),
        ("s.connect((os.environ['HOST'], 8000))", False),
        ("set_env('PORT', '8000')", False),
        ("os.environ['PORT'] = '8000'", False),
        ("urls = [os.getenv('X'), 'http://h:8000']", False),
    ],
)
def test_bound(code: str, follows: bool) -> None:
    assert bound("a.py", code + "\n") == [follows]


def test_docstrings_and_comments_are_no_code() -> None:
    found = read("a.py", '"""Listens on port 8000."""\n# port 8001\nclass A:\n    """port 8002"""\n')
    assert [(literal.port, literal.context) for literal in found] == [(p, "comment") for p in (8000, 8001, 8002)]


def test_what_libcst_refuses_goes_to_the_tolerant_reader() -> None:
    assert ports("a.py", "print 'x'\nport = 8000\nurl = 'http://h:8001'\n") == [8000, 8001]


def test_names_lead_from_outside_to_the_value() -> None:
    (found,) = read("a.py", "DATABASES = {'default': {'PORT': 5432}}\n")
    assert found.name == "DATABASES.default.PORT"


@pytest.mark.parametrize(
    ("choice", "follows"), [("443 if secure else 80", False), ("80 if plain else 443", False), ("8443 if secure else 8080", True)]
)
def test_what_a_scheme_says_follows_no_variable(choice: str, follows: bool) -> None:
    assert bound("a.py", f"port = os.environ.get('PORT') or ({choice})\n") == [follows, follows]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("\x0cU = 'http://localhost:3201/'\n", [1]),
        ("\\\nU = 'http://localhost:3201/'\n", [2]),
        ("\ufeff\x0cU = 'http://localhost:3201/'\n", [1]),
        ("\ufeff\ufeffU = 'http://localhost:3201/'\n", [1]),
        ("import os\n\x0c\nU = 'http://localhost:3201/'\n\x0cV = \"http://localhost:3200\"", [3, 4]),
        ("def f():\n    x = 1\n\\\n    U = 'http://localhost:3201/'\n", [4]),
        ("x = 1\n\x0cusers_port = 3201\n", [2]),
        ("class A:\n    x = 1\n    \x0cV = 'http://localhost:3200'\n", [3]),
        ("U = 'http://localhost:3201/'\n\x0c\n", [1]),
        ('x = 1\nU = "http://localhost:3201', [2]),
        ('x = 1\nU = "http://localhost:3201\n', [2]),
    ],
)
def test_what_libcst_leaves_out_or_refuses_is_at_its_place(code: str, lines: list[int]) -> None:
    source = decode("a.py", code.encode())
    assert isinstance(source, Source)
    found = reading(shipped()).read(source)
    assert isinstance(found, tuple)
    assert [each.location.line for each in found] == lines
    assert {source.data[each.span.start : each.span.end] for each in found} <= {b"3200", b"3201"}


def test_no_fix_is_made_up_where_libcst_leaves_something_out() -> None:
    answer = fixed("python", "a.py", "x = 1\n\x0cusers_port = «3201»\n")
    assert isinstance(answer, Declined)


class Counted(list[Any]):
    """A list that knows how often it was gone through."""

    rounds = 0

    def __iter__(self) -> Iterator[Any]:
        self.rounds += 1
        return super().__iter__()


def test_a_list_is_gone_through_once_for_all_of_its_elements() -> None:
    elements = Counted(cst.Element(cst.Integer("8080")) for _ in range(50))
    whole = cst.List(elements)
    for each in elements[:]:
        Climb(lambda _: "'a'").up(each, (whole,))
    assert elements.rounds == 1
