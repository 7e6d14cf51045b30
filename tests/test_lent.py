"""What Python's own modules are lent: they do what they do otherwise, and load less."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
PATHS = """
import sys
from portscan import lent
lent.paths()
early = "urllib.parse" in sys.modules
import pathlib, urllib
print(early, pathlib.Path("/a b/\\u00e9").as_uri(), pathlib.PurePosixPath("/x").as_uri())
import urllib.parse
print(urllib.parse.quote("a b"), urllib.parse is sys.modules["urllib.parse"], hasattr(urllib.parse, "urlsplit"))
"""


def said(script: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-S", "-c", script], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(os.name != "posix", reason="the address of a path is another one there")
def test_a_path_has_its_address_and_nothing_is_loaded_for_it_before() -> None:
    assert said(PATHS) == ["False file:///a%20b/%C3%A9 file:///x", "a%20b True True"]


@pytest.mark.parametrize("first", ["import pathlib", "import urllib.parse"])
def test_what_is_loaded_already_is_left_alone(first: str) -> None:
    script = f"import sys; {first}; before = dict(sys.modules); from portscan import lent; lent.paths(); "
    assert said(f"{script}print(all(sys.modules.get(name) is module for name, module in before.items()))") == ["True"]
