"""A name that may be another thing than `os` is not asked for variables. Python decides what it is, not we."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portscan.spelling import Binding, Declined
from tests.spelling.helpers import bound

LOOKUP = '(os.environ.get("X_PORT") or 3103)'

# modules whose `os`, where the number stands, is none of which X_PORT can be asked
TAKEN = [
    pytest.param("import os, sys\ndel os, sys\nshow(«3103»)\n", id="del of many"),
    pytest.param("import os\ndel (os)\nshow(«3103»)\n", id="del"),
    pytest.param("import os\nimport os.path as os\nshow(«3103»)\n", id="a part under its name"),
    pytest.param("from os import path as os\nshow(«3103»)\n", id="a part under its name, from"),
    pytest.param("import os\nimport json as os\nshow(«3103»)\n", id="another module"),
    pytest.param('import os\nglobals()["os"] = None\nshow(«3103»)\n', id="globals"),
    pytest.param('import os\nkey = "os"\ndel globals()[key]\nshow(«3103»)\n', id="globals by a name"),
    pytest.param("import os\nglobals().update(os=None)\nshow(«3103»)\n", id="globals changed"),
    pytest.param("import os\nos.environ = None\nshow(«3103»)\n", id="another environment"),
    pytest.param("import os, os as o\ndel o.environ\nshow(«3103»)\n", id="the environment deleted by another name"),
    pytest.param('import os\nsetattr(os, "environ", None)\nshow(«3103»)\n', id="setattr"),
    pytest.param('import os\nname = "environ"\ndelattr(os, name)\nshow(«3103»)\n', id="delattr"),
    pytest.param("import os\ndef f(os=None):\n    show(«3103»)\nf()\n", id="parameter"),
    pytest.param("import os\nf = lambda *os: show(«3103»)\nf()\n", id="parameter of a lambda"),
    pytest.param("import os\nfor x, (*os, y) in [(1, (2, 3))]:\n    show(«3103»)\n", id="for"),
    pytest.param("import os\n[show(«3103») for os in 'a']\n", id="comprehension"),
    pytest.param("import os\nfrom io import StringIO\nwith StringIO() as os:\n    show(«3103»)\n", id="with"),
    pytest.param("import os\ntry:\n    1 / 0\nexcept Exception as os:\n    show(«3103»)\n", id="except"),
    pytest.param("import os\nif (os := 1):\n    show(«3103»)\n", id="in an expression"),
    pytest.param("import os\nmatch 1:\n    case os:\n        show(«3103»)\n", id="match"),
    pytest.param("import os\ndef os(): ...\nshow(«3103»)\n", id="def"),
    pytest.param("import os\nclass os: ...\nshow(«3103»)\n", id="class"),
    pytest.param("import os\ndef f(x):\n    if x:\n        import os\n    show(«3103»)\nf(0)\n", id="imported in some cases"),
    pytest.param("import os\ndef f():\n    show(«3103»)\n    import os\nf()\n", id="imported too late"),
]
ITSELF = [
    pytest.param("import os, os.path\nimport os\nshow(«3103»)\n", id="imported again"),
    pytest.param("def f():\n    import os\n    show(«3103»)\nimport os\nf()\n", id="imported in the function above"),
    pytest.param(
        "import os\ndef f():\n    def g():\n        import os\n    show(«3103»)\nf()\n", id="imported in another function"
    ),
    pytest.param('import os\nd = {}\nd["os"] = 1\nglobals()["x"] = 1\nshow(«3103»)\n', id="other keys"),
    pytest.param("import os\nclass A:\n    environ = 1\nA.environ = 2\nshow(«3103»)\n", id="other members"),
    pytest.param('import os\nclass A: ...\nkey = "a"\nsetattr(A, key, 1)\nshow(«3103»)\n', id="other attributes"),
    pytest.param('import os\nos.environ["A"] = "a"\ndel os.environ["A"]\nshow(dict(os=«3103»)["os"])\n', id="other variables"),
]


def shown(program: str, folder: Path) -> str:
    """The first thing that a program shows with the variable set, if any."""
    (folder / "a.py").write_text(f"def show(port):\n    print(port, flush=True)\n{program}")
    environment = {"PATH": os.environ["PATH"], "X_PORT": "5999"}
    return subprocess.run([sys.executable, "a.py"], capture_output=True, cwd=folder, env=environment, text=True).stdout.strip()


@pytest.mark.parametrize("program", TAKEN)
def test_an_os_that_is_another_thing_is_declined(program: str) -> None:
    answer = bound("python", "a.py", program.replace("show(«3103»)", "show(port=«3103»)"), "X_PORT")
    assert isinstance(answer, Declined)
    assert "`os`" in answer.reason


@pytest.mark.parametrize("program", TAKEN)
def test_python_shows_that_it_would_not_follow_the_variable(program: str, tmp_path: Path) -> None:
    assert shown(program.replace("«3103»", LOOKUP), tmp_path) != "5999"


@pytest.mark.parametrize("program", ITSELF)
def test_python_shows_that_it_follows_the_variable(program: str, tmp_path: Path) -> None:
    answer = bound("python", "a.py", program.replace("«3103»", "dict(port=«3103»)['port']"), "X_PORT")
    assert not isinstance(answer, Declined), answer
    assert shown(answer[0], tmp_path) == "5999"


def test_a_module_of_constants_that_a_parameter_hides_is_not_asked() -> None:
    answer = bound("python", "a.py", "import ports\ndef f(ports):\n    listen(port=«3103»)\n", Binding("X_PORT", "ports"))
    assert isinstance(answer, Declined)
