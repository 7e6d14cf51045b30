"""Python: the module does the same with the variable unset or empty, and follows it when it is set. Python decides, not we."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from portscan.edit import applied
from portscan.model import Edit
from portscan.source import decode
from portscan.spelling import Binding, Declined, Spelled, speller
from tests.spelling.helpers import bound, literal_at, marked, variables_of
from tools.pythons import interpreter

OS = "import os\n"
LIMITS = ("3.10", "3.13")  # the oldest and the newest Python that fixed files are tried on


def case(name: str, before: str, after: str) -> Any:
    """What is written, and what it becomes or is answered."""
    return pytest.param(before, after, id=name)


def table(text: str) -> list[Any]:
    """The cases of a table: behind `###` a name, then what is written, then behind `--->` what it becomes."""
    rows = (row.partition("\n") for row in text.strip("\n").split("### ")[1:])
    return [case(name, *(part.strip("\n") + "\n" for part in body.split("--->\n"))) for name, _, body in rows]


NUMBERS = r"""
### number
PORT = «3103»
--->
import os

PORT = int(os.environ.get("X_PORT") or 3103)
### mostly single quotes
HOST = 'a'
PORT = «3103»
--->
import os

HOST = 'a'
PORT = int(os.environ.get('X_PORT') or 3103)
### nested in a conversion
import os
PORT = int(os.environ.get('Y_PORT') or «3103»)
--->
import os
PORT = int(os.environ.get('Y_PORT') or os.environ.get('X_PORT') or 3103)
### nested without a conversion
import os
PORT = os.environ.get("Y_PORT") or «3103»
--->
import os
PORT = os.environ.get("Y_PORT") or int(os.environ.get("X_PORT") or 3103)
### second argument
import os
PORT = int(os.environ.get("Y_PORT", «3103»))
--->
import os
PORT = int(os.environ.get("Y_PORT", int(os.environ.get("X_PORT") or 3103)))
### getenv
import os
PORT = os.getenv("Y_PORT", «3103»)
--->
import os
PORT = os.getenv("Y_PORT", int(os.getenv("X_PORT") or 3103))
### keyword argument
C = dict(host='h', port=«3103»)
--->
import os

C = dict(host='h', port=int(os.environ.get('X_PORT') or 3103))
### class body
class A:
    port: int = «3103»
B = A.port
--->
import os

class A:
    port: int = int(os.environ.get("X_PORT") or 3103)
B = A.port
### lambda
f = lambda: dict(port=«3103»)
X = f()
--->
import os

f = lambda: dict(port=int(os.environ.get("X_PORT") or 3103))
X = f()
### in an f-string
U = f"http://h:{dict(port=«3103»)['port']}/"
--->
import os

U = f"http://h:{dict(port=int(os.environ.get('X_PORT') or 3103))['port']}/"
### comparison
port = 1
B = port == «3103»
--->
import os

port = 1
B = port == int(os.environ.get("X_PORT") or 3103)
### negative
port = -«3103»
--->
import os

port = -int(os.environ.get("X_PORT") or 3103)
"""

TEXTS = r'''
### digits
PORT = "«3103»"
--->
import os

PORT = os.environ.get("X_PORT") or "3103"
### digits in single quotes
PORT = '«3103»'
--->
import os

PORT = os.environ.get('X_PORT') or '3103'
### digits in a comparison
port = 1
B = port == "«3103»"
--->
import os

port = 1
B = port == (os.environ.get("X_PORT") or "3103")
### digits and and
port = True and "«3103»"
--->
import os

port = True and (os.environ.get("X_PORT") or "3103")
### digits behind a keyword
def port():
    return"«3103»"
X = port()
--->
import os

def port():
    return os.environ.get("X_PORT") or "3103"
X = port()
### digits in a conversion
PORT = int("«3103»")
--->
import os

PORT = int(os.environ.get("X_PORT") or "3103")
### digits as second argument
import os
P = os.getenv("Y_PORT", "«3103»")
--->
import os
P = os.getenv("Y_PORT", os.getenv("X_PORT") or "3103")
### digits as alternative
import os
P = os.environ.get("Y_PORT") or "«3103»"
--->
import os
P = os.environ.get("Y_PORT") or os.environ.get("X_PORT") or "3103"
### digits of bytes
PORT = b'«3103»'
--->
import os

PORT = (os.environ.get('X_PORT') or '3103').encode()
### digits in parentheses
PORT = True and ("«3103»")
--->
import os

PORT = True and (os.environ.get("X_PORT") or "3103")
### list of words
A = ["serve", "--port", "«3103»"]
--->
import os

A = ["serve", "--port", os.environ.get("X_PORT") or "3103"]
### address
U = "http://localhost:«3103»/x"
--->
import os

U = f"http://localhost:{os.environ.get('X_PORT') or 3103}/x"
### address in single quotes
U = 'http://localhost:«3103»/x'
--->
import os

U = f'http://localhost:{os.environ.get("X_PORT") or 3103}/x'
### address behind a keyword
def f():
    return'http://localhost:«3103»'
X = f()
--->
import os

def f():
    return f'http://localhost:{os.environ.get("X_PORT") or 3103}'
X = f()
### raw
U = r'http://localhost:«3103»\d'
--->
import os

U = fr'http://localhost:{os.environ.get("X_PORT") or 3103}\d'
### u
U = u"http://localhost:«3103»"
--->
import os

U = f"http://localhost:{os.environ.get('X_PORT') or 3103}"
### escapes
U = "a\t\"http://localhost:«3103»\"\n"
--->
import os

U = f"a\t\"http://localhost:{os.environ.get('X_PORT') or 3103}\"\n"
### three quotes
U = """
http://localhost:«3103»
"""
--->
import os

U = f"""
http://localhost:{os.environ.get('X_PORT') or 3103}
"""
### bytes
H = b"Host: localhost:«3103»\r\n"
--->
import os

H = b"Host: localhost:" + (os.environ.get("X_PORT") or "3103").encode() + b"\r\n"
### bytes with %
H = b"Host: localhost:«3103»/%d" % 1
--->
import os

H = (b"Host: localhost:" + (os.environ.get("X_PORT") or "3103").encode() + b"/%d") % 1
### %
U = "http://localhost:«3103»/%s" % "a"
--->
import os

U = f"http://localhost:{os.environ.get('X_PORT') or 3103}/%s" % "a"
### format
U = "http://localhost:«3103»/{}".format(1)
--->
import os

U = ("http://localhost:" + (os.environ.get("X_PORT") or "3103") + "/{}").format(1)
### braces
U = '{"url": "http://localhost:«3103»"}'
--->
import os

U = '{"url": "http://localhost:' + (os.environ.get('X_PORT') or '3103') + '"}'
### braces in front
U = "http://{}:«3103»".format("h")
--->
import os

U = ("http://{}:" + (os.environ.get("X_PORT") or "3103")).format("h")
### braces behind
port = "«3103» {}"
--->
import os

port = (os.environ.get("X_PORT") or "3103") + " {}"
### braces behind a keyword
def port():
    return"«3103» {}"
X = port()
--->
import os

def port():
    return (os.environ.get("X_PORT") or "3103") + " {}"
X = port()
### braces behind, in an operation
port = True and not "«3103» {}"
--->
import os

port = True and not ((os.environ.get("X_PORT") or "3103") + " {}")
### raw with braces
U = r"localhost:«3103»/\d{2}"
--->
import os

U = r"localhost:" + (os.environ.get("X_PORT") or "3103") + r"/\d{2}"
### concatenation
U = ("http://"
     "localhost:«3103»"
     "/x")
--->
import os

U = ("http://"
     f"localhost:{os.environ.get('X_PORT') or 3103}"
     "/x")
### concatenation with braces
U = "http://" "localhost:«3103»/{}" "/x".format(1)
--->
import os

U = ("http://" "localhost:" + (os.environ.get("X_PORT") or "3103") + "/{}" "/x").format(1)
### concatenation of bytes
U = b"http://" b"localhost:«3103»" b"/x"
--->
import os

U = b"http://" b"localhost:" + (os.environ.get("X_PORT") or "3103").encode() + b"" b"/x"
### f-string
x = 1
U = f"http://localhost:«3103»/{x}"
--->
import os

x = 1
U = f"http://localhost:{os.environ.get('X_PORT') or 3103}/{x}"
### f-string with braces
x = 1
U = f'{{http://localhost:«3103»/{x}}}'
--->
import os

x = 1
U = f'{{http://localhost:{os.environ.get("X_PORT") or 3103}/{x}}}'
### text in an f-string
U = f"{len('http://localhost:«3103»')}"
--->
import os

U = f"{len('http://localhost:' + (os.environ.get('X_PORT') or '3103'))}"
### statement
X = []
X.append("http://localhost:«3103»/x")
--->
import os

X = []
X.append(f"http://localhost:{os.environ.get('X_PORT') or 3103}/x")
### identity of something else
X = str("http://localhost:«3103»") is None
--->
import os

X = str(f"http://localhost:{os.environ.get('X_PORT') or 3103}") is None
### a word in front
x = 0 if False else'http://localhost:«3103»'
--->
import os

x = 0 if False else f'http://localhost:{os.environ.get("X_PORT") or 3103}'
'''

IMPORTS = r'''
### docstring
"""Doc."""

PORT = «3103»
--->
"""Doc."""

import os

PORT = int(os.environ.get("X_PORT") or 3103)
### docstring right above
"""Doc."""
PORT = «3103»
--->
"""Doc."""

import os

PORT = int(os.environ.get("X_PORT") or 3103)
### future
from __future__ import annotations

import json
PORT = «3103»
--->
from __future__ import annotations

import json
import os
PORT = int(os.environ.get("X_PORT") or 3103)
### in the order of the alphabet
import json
import sys
from re import sub
PORT = «3103»
--->
import json
import os
import sys
from re import sub
PORT = int(os.environ.get("X_PORT") or 3103)
### in front of from
from re import sub
PORT = «3103»
--->
import os
from re import sub
PORT = int(os.environ.get("X_PORT") or 3103)
### in front of others
# ours
import tools
PORT = «3103»
--->
# ours
import os

import tools
PORT = int(os.environ.get("X_PORT") or 3103)
### head of the file
#!/usr/bin/env python
# -*- coding: utf-8 -*-

# the port
PORT = «3103»
--->
#!/usr/bin/env python
# -*- coding: utf-8 -*-

import os

# the port
PORT = int(os.environ.get("X_PORT") or 3103)
### a decorated function comes first
@staticmethod
def f():
    pass
PORT = «3103»
--->
import os

@staticmethod
def f():
    pass
PORT = int(os.environ.get("X_PORT") or 3103)
### os under another name
import os as o
PORT = «3103»
--->
import os as o
PORT = int(o.environ.get("X_PORT") or 3103)
### os.path
import os.path
PORT = «3103»
--->
import os.path
PORT = int(os.environ.get("X_PORT") or 3103)
### environ
from os import environ
PORT = «3103»
--->
from os import environ
PORT = int(environ.get("X_PORT") or 3103)
### getenv
from os import getenv as env
PORT = «3103»
--->
from os import getenv as env
PORT = int(env("X_PORT") or 3103)
### environ is another thing
from os import environ
environ = 1
PORT = «3103»
--->
import os
from os import environ
environ = 1
PORT = int(os.environ.get("X_PORT") or 3103)
### imported in a function only
def f():
    import os
PORT = «3103»
--->
import os

def f():
    import os
PORT = int(os.environ.get("X_PORT") or 3103)
### imported further down
PORT = «3103»
import os
--->
import os

PORT = int(os.environ.get("X_PORT") or 3103)
import os
'''

SPECIAL = [
    case("no line end", "PORT = «3103»", OS + '\nPORT = int(os.environ.get("X_PORT") or 3103)'),
    case(
        "tabs and letters",
        "def f():\n\tñ = 'é💥'; port = «3103»\n\treturn ñ, port\nX = f()\n",
        OS + "\ndef f():\n\tñ = 'é💥'; port = int(os.environ.get('X_PORT') or 3103)\n\treturn ñ, port\nX = f()\n",
    ),
    case(
        "CRLF",
        "import json\r\nPORT = «3103»\r\n",
        'import json\r\nimport os\r\nPORT = int(os.environ.get("X_PORT") or 3103)\r\n',
    ),
]
CASES = [*table(NUMBERS), *table(TEXTS), *table(IMPORTS), *SPECIAL]


SHOW = """
import sys, json, os
for text, port in json.load(sys.stdin):
    os.environ.pop("X_PORT", None)
    if port is not None:
        os.environ["X_PORT"] = port
    space = {"__name__": "tried"}
    exec(compile(text, "tried.py", "exec"), space)
    values = {k: v for k, v in space.items() if type(v) in (int, str, bytes, list, tuple, dict, bool)}
    print(json.dumps({k: repr(v) for k, v in values.items() if not k.startswith("__")}))
"""


@lru_cache(maxsize=1)
def pythons() -> tuple[str, ...]:
    """This Python, and the oldest and the newest that are supported, where they are installed."""
    return (sys.executable, *(str(python) for version in LIMITS if (python := interpreter(version))))


def values(python: str, *runs: tuple[str, str | None]) -> list[dict[str, str]]:
    """What the names of each module are bound to, with the variable set to a port or unset."""
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    root = Path(__file__).parents[2]
    done = subprocess.run([python, "-c", SHOW], input=json.dumps(runs).encode(), capture_output=True, env=environment, cwd=root)
    assert not done.returncode, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_digits_become_a_lookup_with_them_as_fallback(before: str, after: str) -> None:
    answer = bound("python", "tried.py", before, "X_PORT")
    assert not isinstance(answer, Declined)
    assert answer[0] == after
    assert answer[1].applicability == "safe"
    assert "X_PORT" in variables_of("tried.py", after)


@pytest.mark.parametrize(("before", "after"), CASES)
def test_python_does_the_same_unset_and_follows_the_variable(before: str, after: str) -> None:
    original = before.replace("«", "").replace("»", "")
    moved = original.replace("3103", "5999")
    for python in pythons():
        was, unset, empty, other, followed = values(
            python, (original, None), (after, None), (after, ""), (moved, None), (after, "5999")
        )
        assert unset == was
        assert empty == was
        assert followed == other


@pytest.mark.parametrize(
    ("text", "note"),
    [
        case("default argument", "def f(port: int = «3103»): ...\n", "evaluated once"),
        case("member of an enumeration", "from enum import IntEnum\nclass Port(IntEnum):\n    API_PORT = «3103»\n", "become one"),
        case(
            "member of what is an enumeration by its base",
            "from enum import IntEnum\nclass A(IntEnum): ...\nclass B(A): ...\nclass Port(B):\n    API_PORT = «3103»\n",
            "become one",
        ),
        case(
            "member by its value",
            "from enum import IntEnum\nclass Port(IntEnum):\n    API = 3103\np = Port(«3103»)\n",
            "member with this very value",
        ),
        case("member of what is imported", "from a import Port\np = Port(«3103»)\n", "member with this very value"),
        case("text in a decorator", '@route("http://localhost:«3103»")\ndef f(): ...\n', "as it stands"),
        case("compared by is", "PORT = «3103»\nx = y is PORT\n", "compared by `is`"),
        case("translation", 'x = _("open http://localhost:«3103»")\n', "translations"),
    ],
)
def test_what_a_person_must_know_makes_a_fix_unsafe(text: str, note: str) -> None:
    answer = bound("python", "tried.py", text)
    assert not isinstance(answer, Declined)
    assert answer[1].applicability == "unsafe"
    assert note in answer[1].note
    assert "API_PORT" in variables_of("tried.py", answer[0])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        case("annotation", "from typing import Literal\ndef f(port: Literal[«3103»]): ...\n", "type"),
        case("alias", "from typing import Literal\nPort = Literal[«3103»]\n", "type"),
        case("documentation", "x = 1\n'listens on ' 'port «3103»'\n", "documentation"),
        case("pattern", "match port:\n    case «3103»: pass\n", "guard"),
        case("is", "x = port is «3103»\n", "`==`"),
        case("shown expression", "x = f'{dict(port=«3103»)=}'\n", "source"),
        case("slots", "class A:\n    __slots__ = ('a:«3103»',)\n", "constants"),
        case("every quote is taken", "x = f'{f\"http://localhost:«3103»\"}'\n", "quotes"),
        case("os is another thing", "os = 1\nport = «3103»\n", "`os`"),
        case("os is imported from elsewhere", "from distro import os\nport = «3103»\n", "`os`"),
        case("os is imported later in the function", "def f():\n    port = «3103»\n    import os\n", "`os`"),
        case("int is another thing", "int = str\nport = «3103»\n", "`int`"),
        case("raw text ends in a backslash", "x = r'{a}\\localhost:\\«3103»'\n", "split"),
        case("no room for the import", '"""Doc."""; port = «3103»\n', "import os"),
        case("Python 2", "print 'x'\nport = «3103»\n", "libcst"),
        case("text and bytes in one", "x = 'a' b'b'\nport = «3103»\n", "libcst"),
    ],
)
def test_what_python_cannot_read_from_the_environment_is_declined(text: str, reason: str) -> None:
    source, start, end = marked("tried.py", text)
    sample = literal_at(*marked("a.py", "port = «3103»\n")[:2])
    answer = speller("python").bind(source, start, end, sample, Binding("API_PORT"))
    assert isinstance(answer, Declined), answer
    assert reason in answer.reason


@pytest.mark.parametrize(("path", "reason"), [("a.pyi", "stub"), ("rules.bzl", "Starlark"), ("deploy/Tiltfile", "Starlark")])
def test_files_that_are_not_run_by_python_are_declined(path: str, reason: str) -> None:
    answer = bound("python", path, "port = «3103»\n")
    assert isinstance(answer, Declined)
    assert reason in answer.reason


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbfU = 'http://localhost:3103' # \xc3\xa9\r\nx = 1", id="BOM and CRLF"),
        pytest.param("# coding: latin-1\nU = 'é http://localhost:3103'\n".encode("latin-1"), id="Latin-1"),
        pytest.param("# coding: cp1252\nU = '€ http://localhost:3103'\n".encode("cp1252"), id="cp1252"),
        pytest.param("U = 'é💥 http://localhost:3103'\n".encode(), id="beyond the basic plane"),
    ],
)
def test_no_other_byte_changes(data: bytes) -> None:
    source = decode("tried.py", data)
    assert not hasattr(source, "reason")
    start = source.text.index("3103")  # type: ignore[union-attr]
    spelled = speller("python").bind(source, start, start + 4, literal_at(source, start), Binding("API_PORT"))  # type: ignore[arg-type]
    assert isinstance(spelled, Spelled)
    edits = [
        Edit("tried.py", source.byte_span(c.start, c.end), source.location(c.start, c.end),  # type: ignore[union-attr]
             source.text[c.start : c.end].encode(source.encoding), c.after.encode(source.encoding))  # type: ignore[union-attr]
        for c in spelled.changes
    ]  # fmt: skip
    after = applied(data, edits)
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    restored = after.replace(b"f'", b"'").replace(b'{os.environ.get("API_PORT") or 3103}', b"3103")
    assert restored.replace(b"import os" + newline * 2, b"") == data


def test_two_texts_of_one_string_share_what_makes_it_an_f_string() -> None:
    text = "U = 'http://localhost:3103,http://localhost:3104'\n"
    first = bound("python", "a.py", text.replace("3103", "«3103»"))
    second = bound("python", "a.py", text.replace("3104", "«3104»"))
    assert not isinstance(first, Declined)
    assert not isinstance(second, Declined)
    assert first[1].changes[:2] == second[1].changes[:2]


def test_a_literal_that_reads_the_variable_already_keeps_its_spelling() -> None:
    answer = bound("python", "a.py", 'import os\nP = int(os.environ.get("API_PORT") or «3103»)\n')
    assert not isinstance(answer, Declined)
    assert answer[0] == 'import os\nP = int(os.environ.get("API_PORT") or 3103)\n'


def test_a_fault_is_a_text_that_libcst_refuses() -> None:
    good, bad = decode("a.py", b"x = 1\n"), decode("a.py", b"x = (\n")
    assert [speller("python").faults(source) for source in (good, bad)] == [0, 1]  # type: ignore[arg-type]
