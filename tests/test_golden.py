"""Golden trees, one for each way of binding: fixed to the byte, once and for all, and in nothing but ports."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.knowledge import shipped
from portscan.languages import compile_languages
from tools.golden import REGISTRY, RUNS, TREES

EVERY = sorted(before.parent for before in TREES.glob("*/before"))
# what may go: digits, the quotes of a text that becomes another kind of text, and a bracket in front of such a one
REMOVED = frozenset("\"'`[]({})bfru")


def contents(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file() and ".git" not in p.parts}


def fixed(tree: Path, place: Path, run: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tree in a repository of its own, fixed."""
    shutil.copytree(tree / "before", place)
    subprocess.run(["git", "init", "-q", place], check=True)
    monkeypatch.chdir(place)
    assert main(["--registry", str(REGISTRY), "--fix", *RUNS[run]]) == 1
    return place


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("tree", EVERY, ids=lambda tree: tree.name)
def test_a_tree_is_fixed_to_the_byte_and_a_second_run_changes_nothing(
    tree: Path, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    after = fixed(tree, tmp_path / "tree", run, monkeypatch)
    assert contents(after) == contents(tree / run)
    capsys.readouterr()
    main(["--registry", str(REGISTRY), "--fix", *RUNS[run]])
    assert contents(after) == contents(tree / run)
    assert "fixed 0 findings in 0 files" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("tree", [tree for tree in EVERY if tree.name != "suppressions"], ids=lambda tree: tree.name)
def test_nothing_but_ports_and_the_quotes_around_them_goes(tree: Path, run: str) -> None:
    for words_gone in gone(tree, run):
        assert all(piece in REMOVED or piece.isdigit() for piece in _pieces(words_gone)), words_gone


def test_what_goes_is_seen() -> None:
    assert {"compose", "shell"} <= {tree.name for tree in EVERY if gone(tree, "after-all")}


def gone(tree: Path, run: str) -> list[str]:
    """The words that a run takes out of a tree, as git sees them."""
    words = r"--word-diff-regex=[A-Za-z0-9_]+|[^[:space:]]"
    command = ["git", "diff", "--no-index", "--text", "--word-diff=porcelain", words, tree / "before", tree / run]
    shown = subprocess.run(command, capture_output=True, check=False).stdout.decode("utf-8", "replace").replace("\0", "")
    return [line[1:] for line in shown.splitlines() if line.startswith("-") and not line.startswith("---")]


def _pieces(text: str) -> list[str]:
    """Numbers as they are, anything else sign by sign."""
    pieces: list[str] = []
    for sign in re.sub(r" |(?<=\d)_(?=\d)", "", text):
        if sign.isdigit() and pieces and pieces[-1].isdigit():
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def test_every_speller_has_a_tree_in_which_it_binds() -> None:
    languages = compile_languages(shipped().languages)
    spellers = {str(entry["speller"]) for entry in shipped().languages.values() if "speller" in entry}
    seen = set()
    for tree in EVERY:
        for path, before in contents(tree / "before").items():
            language = languages.of(path, before[:100].decode("utf-8", "replace"))
            seen |= {language.data.get("speller")} if language and before != contents(tree / "after-all")[path] else set()
    assert spellers <= seen
