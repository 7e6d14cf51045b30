"""The parser in C alone, and that nobody who wants more of ruamel.yaml notices."""

from __future__ import annotations

import subprocess
import sys

ALONE = """
import sys
from portscan.languages.yaml import events
assert len(events("a: [1, 2]")) == 11
loaded = [name for name in ("main", "resolver", "comments", "loader") if f"ruamel.yaml.{name}" in sys.modules]
"""
WHOLE = """
from io import StringIO
from ruamel.yaml import YAML, __version__
import ruamel.yaml
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scanner import ScannerError, RoundTripScanner
for kind in ("safe", "rt"):
    for pure in (True, False):
        yaml = YAML(typ=kind, pure=pure)
        held = yaml.load("a: [1, 2] # c\\nb: !x {c: d}\\n") if kind == "rt" else yaml.load("a: [1, 2]")
        out = StringIO()
        yaml.dump(held, out)
        print(out.getvalue())
        for wrong in ("a: [", "a: b: c", "a: *b", "- \\t x: [}", "a: \\x01"):
            try:
                yaml.load(wrong)
                print("taken", wrong)
            except YAMLError as error:
                print(type(error).__name__, str(error))
print(ruamel.yaml.__with_libyaml__, ruamel.yaml.resolver.VersionedResolver, ruamel.yaml.nodes.ScalarNode)
"""


def run(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


def test_the_parser_comes_without_the_package() -> None:
    assert run(f"{ALONE}print(loaded)") == "[]\n"


def test_who_wants_the_package_gets_all_of_it() -> None:
    assert run(ALONE + WHOLE) == run(WHOLE)


def test_a_parser_that_wants_more_gets_that_too() -> None:
    script = f"from portscan import yaml_parser\nyaml_parser._raise_only = lambda *given: None\n{ALONE}{WHOLE}"
    assert run(script) == run(WHOLE)
