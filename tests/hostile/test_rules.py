"""Rules that a repository brings along are data: whatever they are, portscan ends, and says in one line what is wrong."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from portscan import bounded, patterns
from portscan.cli import UNABLE, main
from tests.hostile.places import repository, write

EXAMPLES = '  bad: [{path: a.py, code: "«1»"}]\n  good: [{path: a.py, code: "1"}]\n'
HEAD = f"topic: x\nabout: x\nrules:\n- id: mine\n  title: Mine\n{EXAMPLES}"
TEXT = f"{HEAD}  match: text\n  kind: named\n"
BOMB = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    root = repository(tmp_path / "repository", 'extend-rules = ["more"]\n')
    monkeypatch.chdir(root)
    write(root, "a.py", f"port = 3103  # {'a' * 60}! 3103 a80 b80\n")
    return root


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line of an error."""
    status = main(["inventory", *arguments])
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (UNABLE, "", 1), err
    return err


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        pytest.param(rf"{TEXT}  pattern: '(?P<port>\d+'", "detect/x.yaml:10:3: `pattern`", id="no expression"),
        pytest.param(rf"{TEXT}  pattern: '(?P<port>\d+)'{chr(10)}  where: '('", "detect/x.yaml:11:3: `where`", id="nor there"),
        pytest.param(f"{TEXT}  pattern: '{'(' * 5000}{')' * 5000}'", "`pattern`", id="deep expression"),
        pytest.param(rf"{TEXT}  pattern: '(?P<port>\d+){{99999999999}}'", "`pattern`", id="large repeat"),
        pytest.param(rf"{TEXT}  pattern: '(?P<digits>\d+)'", "`mine` finds no port", id="no port"),
        pytest.param(rf"{HEAD}  match: lookup{chr(10)}  pattern: 'x(\w+)'", "`mine` finds no variable", id="no variable"),
        pytest.param(f"{TEXT}  pattern: 5", "must be text", id="a number"),
        pytest.param(
            f"{TEXT}  pattern: '<<mine>>(?P<port>1)'\n- id: more\n  match: part\n  parts: {{mine: '('}}",
            "`mine` has a pattern that is none",
            id="a piece of none",
        ),
        pytest.param(f"{HEAD}  match: path{chr(10)}  paths: [a]{chr(10)}  role: prot", "`mine` says `prot`", id="no role"),
        pytest.param("[1]", "must be a mapping", id="a list"),
        pytest.param("", "has no value", id="empty"),
        pytest.param("rules: 5", "must be a list", id="no rules"),
        pytest.param(f"a0: &a0 [x]\n{BOMB}", "aliases", id="aliases"),
        pytest.param("[" * 50_000, "nested", id="deep"),
        pytest.param("a: \0", "zero bytes", id="zero bytes"),
        pytest.param(b"\xff\xfe", "UTF-16", id="another encoding"),
    ],
)
def test_a_file_that_holds_no_rules_is_named(
    root: Path, capsys: pytest.CaptureFixture[str], rules: str | bytes, said: str
) -> None:
    write(root, "more/detect/x.yaml", rules)
    line = told(capsys)
    assert line.startswith("portscan: more/detect/x.yaml:")
    assert said in line


@pytest.mark.parametrize("kind", ["languages", "detect"])
def test_so_is_a_language(root: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    write(root, f"more/{kind}/x.yaml", "language: [1]")
    assert f"more/{kind}/x.yaml:1:1: " in told(capsys)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
@pytest.mark.parametrize("device", [False, True], ids=["fifo", "device"])
def test_what_is_no_file_is_not_waited_for(root: Path, capsys: pytest.CaptureFixture[str], device: bool) -> None:
    (root / "more/detect").mkdir(parents=True)
    if device:
        (root / "more/detect/x.yaml").symlink_to("/dev/zero")
    else:
        os.mkfifo(root / "more/detect/x.yaml")
    assert "more/detect/x.yaml cannot be read: not a regular file" in told(capsys)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs timers")
@pytest.mark.parametrize(
    "rule",
    [
        rf"{TEXT}  pattern: '(a+)+$(?P<port>\d+)'",
        rf"{TEXT}  pattern: '(?:a|aa)+$(?P<port>\d+)'",
        rf"{TEXT}  pattern: '(a*)*b(?P<port>\d+)'",
        rf"{TEXT}  pattern: '(?P<port>\d+)|(?:.*.*)*=$'",
    ],
    ids=["nested", "alternatives", "empty repeat", "blanks"],
)
def test_an_expression_without_an_end_names_its_rule(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.1)
    write(root, "more/detect/x.yaml", rule)
    assert "more/detect/x.yaml: a pattern of the rule `mine` takes too long" in told(capsys)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes")
def test_and_so_it_does_where_several_processes_read(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.1)
    for number in range(300):
        write(root, f"{number}.py", f"port = 3103  # {'a' * 60}! 3103 a80 b80\n")
    write(root, "more/detect/x.yaml", rf"{TEXT}  pattern: '(a+)+$(?P<port>\d+)'")
    assert "the rule `mine` takes too long. Look for a repeat" in told(capsys, "--jobs", "2")


def test_rules_that_are_meant_well_are_used(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "more/detect/x.yaml", rf"{TEXT}  pattern: 'number (?P<port>\d+)'")
    write(root, "b.txt", "number 4711\n")
    assert main(["inventory", "--format", "csv", "b.txt"]) == 0
    assert ",4711," in capsys.readouterr().out


def test_a_language_may_have_several_stars_in_a_name(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = 'bad: [{path: a, code: "port = «1»"}]\ngood: [{path: a, code: x}]\n'
    write(root, "more/languages/x.yaml", f'language: mine\nreader: lines\nfiles: ["*a*b*c", "*b*a*d"]\n{examples}')
    write(root, "xbxaxd", "port = 4711\n")
    assert main(["inventory", "--format", "csv", "xbxaxd"]) == 0
    assert ",4711," in capsys.readouterr().out


def test_time_ends_only_what_was_given_some() -> None:
    if not hasattr(os, "fork"):
        pytest.skip("needs timers")
    with bounded.seconds(60):
        pass
    with pytest.raises(bounded.TooMuch), bounded.seconds(0.05):
        for _ in count():
            pass
