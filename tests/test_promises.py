"""What SECURITY.md promises, watched by the interpreter's own audit events: what runs, who is asked, what is written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.caches import with_rules
from tests.repository import HARDCODED, REGISTRY_PATH, commit, environment, git, repository, unmeasured, write

# Loaded into every process of portscan: each event that matters becomes a line of the log.
WATCHER = """
import json, os, sys
LOG = os.open(os.environ["WATCHED"], os.O_WRONLY | os.O_APPEND)
WRITING = os.O_WRONLY | os.O_RDWR
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")
PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")
# Which of an event's arguments is the path that is changed, and which the directory that it is relative to.
CHANGES = {"os.rename": (1, 3), "os.remove": (0, 1), "os.rmdir": (0, 1), "os.mkdir": (0, 2), "os.link": (1, 3),
           "os.symlink": (1, 2), "os.chmod": (0, 2), "os.truncate": (0, None)}
def watch(event, args):
    if event in NETWORK:
        note("network", repr(args[1:]))
    elif event in PROCESSES:
        note("process", os.fsdecode(args[0]))
    elif event in CHANGES:
        path, folder = CHANGES[event]
        written(args[path], -1 if folder is None else args[folder])
    elif event == "open" and args[2] & WRITING:
        written(args[0], -1)
def written(path, folder):
    if not isinstance(path, int):
        base = os.getcwd() if folder == -1 else os.readlink(f"/proc/self/fd/{folder}")
        note("write", os.path.normpath(os.path.join(base, os.fsdecode(path))))
def note(kind, what):
    os.write(LOG, (json.dumps([kind, what]) + "\\n").encode())
sys.addaudithook(watch)
"""
COMPOSE = """services:
  api: {image: example/api, ports: ["4010:4010"]}
  shop: {image: example/shop, ports: ["4020:4020"], environment: {API_URL: "http://api:4010"}}
"""
PROGRAM = Path(sys.executable).with_name("portscan")
READING = (
    "scan --exit-zero",
    "scan --exit-zero --changed",
    "scan --exit-zero --changed HEAD~1 --changed-lines",
    "scan --exit-zero --diff --unsafe-fixes --pin",
    "scan --exit-zero --hook -- run.sh compose.yaml",
    "inventory --format json",
    "validate",
    "sync --check",
    "graph",
    "diff HEAD~1",
    "audit --since HEAD~1",
    "report",
    "config",
    "config --schema",
    "explain PS001",
    "completion bash",
)


pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks up open directories in /proc")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A repository whose author tries everything to have something run: each trap leaves a file behind."""
    root = repository(tmp_path / "hostile")
    trap = write(tmp_path / "trap", f'#!/bin/sh\ntouch "{tmp_path}/caught"\ncat 2> /dev/null\n')
    trap.chmod(0o755)
    caught = f"open({str(tmp_path / 'caught')!r}, 'w')\n"
    for name in ("sitecustomize.py", "usercustomize.py", "conftest.py", "setup.py", "ruamel.py", "tree_sitter.py", "json.py"):
        write(root / name, caught)
    write(root / "portscan" / "__init__.py", caught)
    write(root / "run.sh", HARDCODED)
    write(root / "compose.yaml", COMPOSE)
    write(root / ".gitattributes", "*.sh diff=trap filter=trap merge=trap\n*.yaml diff=trap filter=trap\n")
    commit(root, "Traps")
    for name in (REGISTRY_PATH, "run.sh"):
        (root / name).write_text((root / name).read_text() + "\n")
    for name in ("pre-commit", "post-checkout", "post-index-change", "reference-transaction", "query-watchman"):
        hook = write(root / ".git" / "hooks" / name, trap.read_text())
        hook.chmod(0o755)
    for key in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.gitProxy", "diff.external", "gpg.program"),
        *("diff.trap.textconv", "diff.trap.command", "filter.trap.clean", "filter.trap.smudge", "filter.trap.process"),
        *("pager.diff", "pager.log", "pager.show", "credential.helper", "uploadpack.packObjectsHook", "log.showSignature"),
    ):
        git(root, "config", key, "true" if key == "log.showSignature" else str(trap))
    for name in ("ls-files", "diff", "rev-parse", "cat-file", "log", "show"):
        git(root, "config", f"alias.{name}", f"!{trap}")
    (tmp_path / "caught").unlink(missing_ok=True)
    return root


def watched(root: Path, *arguments: str, status: int | None = None, **more: str) -> list[tuple[str, str]]:
    """What portscan's processes do when it is run in `root`."""
    place = root.parent
    write(place / "watcher" / "sitecustomize.py", WATCHER)
    log = write(place / "log", "")
    own = {"PYTHONPATH": str(place / "watcher"), "WATCHED": str(log), "PORTSCAN_CACHE_DIR": with_rules(place / "cache")}
    (place / "tmp").mkdir(exist_ok=True)
    variables = {**unmeasured(), **own, **more, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(place / "tmp")}
    done = subprocess.run([PROGRAM, *arguments], cwd=root, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode in ((0, 1) if status is None else (status,)), done.stderr
    return [(kind, what) for kind, what in map(json.loads, log.read_text().splitlines())]


def of_kind(events: list[tuple[str, str]], kind: str) -> set[str]:
    return {what for each, what in events if each == kind}


def scratch(root: Path) -> tuple[Path, Path]:
    """Where portscan keeps what it can do without: the user's cache, and the machine's place for temporary files."""
    return root.parent / "cache", root.parent / "tmp"


def outside(paths: set[str], *allowed: Path) -> list[str]:
    return sorted(path for path in paths if not any(Path(path).is_relative_to(place) for place in (*allowed, Path("/dev"))))


@pytest.mark.parametrize("arguments", READING)
def test_reading_runs_git_alone_asks_nobody_and_writes_nothing(hostile: Path, arguments: str) -> None:
    events = watched(hostile, *arguments.split())
    assert not (hostile.parent / "caught").exists()
    assert of_kind(events, "process") <= {"git"}
    assert of_kind(events, "network") == set()
    assert outside(of_kind(events, "write"), *scratch(hostile)) == []


@pytest.mark.parametrize("arguments", ["scan --fix --unsafe-fixes --pin", "sync", "migrate api 4055 --yes"])
def test_writing_stays_in_the_repository(hostile: Path, arguments: str) -> None:
    events = watched(hostile, *arguments.split())
    assert not (hostile.parent / "caught").exists()
    assert of_kind(events, "process") <= {"git"}
    assert of_kind(events, "network") == set()
    assert outside(of_kind(events, "write"), *scratch(hostile), hostile) == []


def test_the_watcher_sees_what_it_is_there_for(hostile: Path) -> None:
    """A fix does write, a scan does start git, a message does go out; else the tests above would prove nothing."""
    events = watched(hostile, "scan", "--fix", "--unsafe-fixes", "--pin")
    assert outside(of_kind(events, "write"), *scratch(hostile)) != []
    assert of_kind(events, "process") == {"git"}
    registry = hostile / REGISTRY_PATH
    registry.write_text(registry.read_text().replace("4010", "4011"))
    events = watched(hostile, "notify", "HEAD~1", status=2, PORTSCAN_WEBHOOK="http://127.0.0.1:9/")
    assert of_kind(events, "network") != set()


def test_the_traps_catch_a_git_that_trusts_the_repository(hostile: Path) -> None:
    subprocess.run(["git", "diff"], cwd=hostile, env=environment(), capture_output=True, check=False)
    assert (hostile.parent / "caught").exists()
