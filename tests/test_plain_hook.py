"""The line that README has for husky and for git alone is a hook: it stops what goes round the registry, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documentation.workspaces import shell_environment
from tests.repository import BOUND, git, repository, write

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the hook is for a shell")


def committed(root: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    git(root, "add", "--all")
    command = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--message", "x")
    return subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)


def test_it_stops_what_goes_round_the_registry(tmp_path: Path) -> None:
    (line,) = re.findall(r"^git diff --cached .*$", README, re.MULTILINE)
    root = repository(tmp_path / "consumer")
    environ = shell_environment(root, tmp_path)
    hook = write(root / ".git" / "hooks" / "pre-commit", f"#!/bin/sh\n{line}\n")
    hook.chmod(0o755)
    subprocess.run(("portscan", "sync"), cwd=root, env=environ, check=True, capture_output=True)
    write(root / "run.sh", BOUND)
    done = committed(root, environ)
    assert done.returncode == 0, done.stderr
    write(root / "other name.sh", "curl http://localhost:4010/\n")
    done = committed(root, environ)
    assert (done.returncode, "PS001" in done.stdout + done.stderr) == (1, True)
