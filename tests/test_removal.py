"""An ignore that hides nothing is taken out whole, and nothing with it: neither code behind it nor the end of another comment."""

from __future__ import annotations

import pytest

from portscan.edit import applied
from tests.fuzzing.invariants import edits_of, scanned, source_of

GONE = (
    ("a.erb", "<%# portscan: ignore %> <p>x</p>\n", "<p>x</p>\n"),
    ("a.lua", "--[[ portscan: ignore ]] x = 2\n", "x = 2\n"),
    ("a.lua", "x = 2 -- portscan: ignore\n", "x = 2\n"),
    ("a.tmpl", "{{/* portscan: ignore */}} x\n", "x\n"),
    ("a.tmpl", "{{- /* portscan: ignore */ -}} x\n", "x\n"),
    ("a.html", "<p>a</p> <!-- portscan: ignore --> <p>b</p>\n", "<p>a</p> <p>b</p>\n"),
    ("a.go", "f(1) /* portscan: ignore */ + f(2) // portscan: ignore\n", "f(1) + f(2)\n"),
    ("a.sh", "f; # portscan: ignore\n", "f;\n"),
    ("a.sh", "f # it's # portscan: ignore\n", "f # it's\n"),
    ("a.py", "x = 1 # portscan: ignore # portscan: ignore y\n", "x = 1\n"),
    ("a.js", 'const t = "// portscan: ignore"; /* portscan: ignore */ f(3);\n', 'const t = "// portscan: ignore"; f(3);\n'),
)
LEFT = (
    ("a.sh", "echo a# portscan: ignore\n", "part of a text"),
    ("a.sh", 'echo "a"# portscan: ignore" b\n"\n', "part of a text"),
    ("a.sh", "echo \\ # portscan: ignore\n", "part of a text"),
    ("a.go", "f(1); /* see // portscan: ignore */ f(2)\n", "may lie within another comment"),
    ("a.go", "/*\n * portscan: ignore */ f(2)\n", "may lie within another comment"),
    ("a.go", "f(1) // portscan: ignore /* portscan: ignore */ f(2)\n", "another directive stands in the same comment"),
    ("a.go", "f(1) /* portscan: ignore // portscan: ignore */ f(2)\n", "another directive stands in the same comment"),
    ("a.py", "x = 1 # portscan: ignore // portscan: ignore y\n", "another directive stands in the same comment"),
    ("a.go", "/* portscan: ignore\n */ f(2)\n", "goes on in the next line"),
)


@pytest.mark.parametrize(("path", "before", "after"), GONE)
def test_it_is_taken_out_and_what_stands_beside_it_stays(path: str, before: str, after: str) -> None:
    source = source_of(path, before.encode())
    assert source is not None
    assert applied(source.data, edits_of(scanned(source, fixes=True), path)).decode() == after


@pytest.mark.parametrize(("path", "text", "why"), LEFT)
def test_where_that_is_not_certain_it_is_left_to_people(path: str, text: str, why: str) -> None:
    source = source_of(path, text.encode())
    assert source is not None
    found = [finding for finding in scanned(source, fixes=True) if finding.code == "PS007"]
    assert found
    for finding in found:
        assert finding.fix is None
        assert why in str(finding.help)
