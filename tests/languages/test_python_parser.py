"""The parser of libcst by itself, and the package that loads itself when somebody wants it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).read_text(encoding="utf-8")
ALONE = f"""
import sys, dataclasses
before = [vars(dataclasses)[name] for name in ("dataclass", "field", "fields", "replace")]
from portscan.languages.python_parser import CodegenState, parse
parsed = parse({SOURCE!r})
"""


def said(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_nothing_but_nodes_is_loaded() -> None:
    script = f"""{ALONE}
print([name for name in ("libcst.metadata", "libcst.matchers", "libcst._batched_visitor") if name in sys.modules])
print(before == [vars(dataclasses)[name] for name in ("dataclass", "field", "fields", "replace")])
"""
    assert said(script) == ["[]", "True"]


def test_the_package_is_whole_when_somebody_wants_it_and_its_nodes_are_the_same() -> None:
    script = f"""{ALONE}
import libcst
print(isinstance(parsed, libcst.Module), libcst.parse_module(parsed.code).deep_equals(parsed))
from libcst import matchers, metadata
print(matchers.matches(parsed.body[0], matchers.SimpleStatementLine()))
from portscan.trees import MetadataWrapper, PositionProvider, cst
print(cst is libcst, len(MetadataWrapper(parsed).resolve(PositionProvider)) > 100)
"""
    assert said(script) == ["True True", "True", "True True"]


def test_what_the_parser_refuses_is_told_as_ever() -> None:
    script = """
from portscan.languages.python_parser import parse
try:
    parse("x = (")
except Exception as error:
    print(type(error).__name__, str(error).splitlines()[0])
    import libcst
    print(isinstance(error, libcst.ParserSyntaxError))
"""
    name, same = said(script)
    assert name.startswith("ParserSyntaxError Syntax Error")
    assert same == "True"


def test_a_package_of_another_shape_is_loaded_as_a_whole() -> None:
    script = """
import sys
from portscan import lent
def refuse(name):
    raise ImportError(name)
lent.reluctant = refuse
from portscan.languages.python_parser import parse
print(parse("x = 1").code, "libcst.metadata" in sys.modules)
"""
    assert said(script) == ["x = 1 True"]
