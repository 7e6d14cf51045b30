"""A small git repository for tests, with a registry and whatever a test writes into it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

REGISTRY_PATH = "config/ports/registry.yaml"
REGISTRY = """version: "1.0.0"
ranges: {web: "4000-4099"}
services:
  - {name: api, stack: web, port: 4010}
  - {name: shop, stack: web, port: 4020}
"""
HARDCODED = "curl http://localhost:4010/health\n"
BOUND = "curl http://localhost:${API_PORT:-4010}/health\n"
# Nothing that the machine or its user configures counts, and no hook of theirs runs.
QUIET = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "tester",
    "GIT_AUTHOR_EMAIL": "tester@localhost",
    "GIT_COMMITTER_NAME": "tester",
    "GIT_COMMITTER_EMAIL": "tester@localhost",
}


def environment() -> dict[str, str]:
    """The environment in which git behaves the same everywhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | QUIET


def unmeasured() -> dict[str, str]:
    """The environment for a command that is watched itself: coverage is not measured in it, which would load and write more."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def git(folder: Path, *arguments: str) -> str:
    """What git says; its failure is that of the test."""
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return os.fsdecode(done.stdout).strip()


def write(file: Path, text: str) -> Path:
    """Write a file, and the directories it is in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def repository(folder: Path) -> Path:
    """A repository in `folder` with the registry as its first commit."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    write(folder / REGISTRY_PATH, REGISTRY)
    commit(folder, "begin")
    return folder


def commit(folder: Path, message: str = "more") -> str:
    """Commit everything, past all hooks; the name of the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", message)
    return git(folder, "rev-parse", "HEAD")
