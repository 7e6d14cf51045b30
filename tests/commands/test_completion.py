"""`portscan completion`, in the shells it is for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.commands import COMMANDS
from portscan.commands.completion import SHELLS
from tests.judges import judge

LONGEST = 60  # seconds; only a shell that hangs takes so long
LINES = [
    ("portscan inv", {"inventory"}),
    ("portscan scan --format sa", {"sarif"}),
    ("portscan --uns", {"--unsafe-fixes"}),
    ("portscan validate --reg", {"--registry"}),
    ("portscan config --format ", {"toml", "json"}),
    ("portscan validate ./som", {"./some-file"}),
]
BASH = r"""
source ./script
words=($1); [[ $1 == *" " ]] && words+=("")
COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
spec=$(complete -p portscan); function=${spec##*-F }; ${function%% *} portscan "${words[-1]}" "${words[-2]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
ZSH = "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; autoload +X _portscan; print $_comps[portscan]"


def script(shell: str, folder: Path) -> None:
    name = "_portscan" if shell == "zsh" else "script"
    assert main(["completion", shell, "--output", str(folder / name)]) == 0
    (folder / "some-file").touch()


def said(folder: Path, *command: str) -> set[str]:
    environ = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TERM": "dumb", "LANG": "C.UTF-8"}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=LONGEST)
    assert done.returncode == 0, done.stderr
    return {line.split("\t")[0] for line in done.stdout.splitlines() if line}


@pytest.mark.skipif(sys.platform != "linux", reason="needs a bash of this century")
@pytest.mark.parametrize(("line", "words"), LINES)
def test_bash_completes(tmp_path: Path, line: str, words: set[str]) -> None:
    script("bash", tmp_path)
    assert said(tmp_path, judge("bash"), "-c", BASH, "bash", line) == words


@pytest.mark.parametrize(("line", "words"), LINES)
def test_fish_completes(tmp_path: Path, line: str, words: set[str]) -> None:
    script("fish", tmp_path)
    assert said(tmp_path, judge("fish"), "-c", "source ./script; complete -C $argv[1]", line) == words


def test_zsh_takes_it(tmp_path: Path) -> None:
    script("zsh", tmp_path)
    assert said(tmp_path, judge("zsh"), "-n", "_portscan") == set()
    assert said(tmp_path, judge("zsh"), "-f", "-c", ZSH) == {"_portscan"}


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_known(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert [name for name in COMMANDS if not re.search(rf"\b{name}\b", text)] == []


def test_another_shell_is_the_users_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "csh"]) == 2
    assert "csh" in capsys.readouterr().err
