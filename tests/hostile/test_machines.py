"""Machines that refuse: read-only and full disks, another user, no home, no network, an old locale, a strict umask.

What needs root (mounts, another user, a network of its own) is skipped on a plain machine; `.ci/run` is root.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.commands import COMMANDS
from tests.caches import with_rules
from tests.hostile.places import repository, write
from tests.judges import EXHAUSTIVE, REQUIRED
from tools.kills import TOP, tree

PORTSCAN = (sys.executable, "-m", "portscan")
CONFIGURATION = "[generate.env]\n[generate.docs]\n[generate.health]\n"
WRITING = ("scan --fix --unsafe-fixes", "scan --write-baseline", "sync", "migrate --yes shop 3104", "edit shop --owner b")
READING = (
    *("scan", "scan --diff", "inventory", "validate", "sync --check", "graph", "audit", "report", "config", "explain PS001"),
    *("doctor", "who 3103", "diff", "migrate --dry-run shop 3104", "completion bash", "init --dry-run", "panel --output out"),
)

QUIET = (
    *(*READING, *WRITING, "notify --dry-run", "new more --stack web --yes", "rename shop store --force", "remove shop --force"),
    *("sync --overwrite", "panel --output out"),
)
LOOKING = ("doctor", "who 3103")  # at the sockets of this machine, which a network of its own has none of
SOME = [*READING, *WRITING] if EXHAUSTIVE else [*READING[::4], *WRITING[::2]]


def ready(tmp_path: Path) -> Path:
    with_rules(tmp_path / ".cache" / "portscan")
    root = repository(tmp_path / "repository", CONFIGURATION)
    for number in range(3):
        write(root, f"run{number}.sh", "curl http://localhost:3103/\n")
    write(root, "docker-compose.yml", 'services:\n  shop:\n    image: x\n    ports: ["3103:3103"]\n')
    return root


def as_root(*programs: str) -> None:
    """Skip where one is not root, or lacks a program for that; but not in CI."""
    able = sys.platform == "linux" and os.geteuid() == 0 and all(map(shutil.which, programs))
    able = able and subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0
    if not able:
        (pytest.fail if REQUIRED else pytest.skip)("needs root, and namespaces of Linux")


def run(command: str, folder: Path, before: tuple[str, ...] = (), **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(TOP), **more}
    return subprocess.run(
        [*before, *PORTSCAN, *command.split()], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def told(done: subprocess.CompletedProcess[str], *statuses: int) -> str:
    """What was said; no bug, and no traceback."""
    assert done.returncode in (statuses or (0, 1, 2)), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("command", WRITING)
def test_a_disk_that_is_read_only_is_told(tmp_path: Path, command: str) -> None:
    as_root("mount")
    root = ready(tmp_path)
    before = tree(root)
    script = f'mount --bind "{root}" "{root}" && mount -o remount,ro,bind "{root}" && cd "{root}" && exec "$@"'
    err = told(run(command, root, ("unshare", "-m", "sh", "-c", script, "sh"), HOME=str(tmp_path)), 2)
    assert "read-only" in err.splitlines()[-1]
    assert tree(root) == before


def test_a_file_that_has_two_names_by_a_mount_is_mended_once(tmp_path: Path) -> None:
    as_root("mount")
    with_rules(tmp_path / ".cache" / "portscan")
    root = repository(tmp_path / "repository")
    write(root, "a/run.sh", "curl http://localhost:3103/\n")
    (root / "b").mkdir()
    script = f'mount --bind "{root}/a" "{root}/b" && cd "{root}" && exec "$@"'
    err = told(run("scan --fix", root, ("unshare", "-m", "sh", "-c", script, "sh"), HOME=str(tmp_path)), 1)
    assert "0 findings left" in err
    assert (root / "a/run.sh").read_text() == "curl http://localhost:${SHOP_PORT:-3103}/\n"


@pytest.mark.parametrize("command", ["scan", "inventory", "validate", "sync --check", "audit", "graph"])
def test_reading_needs_no_disk_to_write_on(tmp_path: Path, command: str) -> None:
    as_root("mount")
    root = ready(tmp_path)
    script = f'mount -o bind,ro "{tmp_path}" "{tmp_path}" && cd "{root}" && exec "$@"'
    told(run(command, root, ("unshare", "-m", "sh", "-c", script, "sh"), HOME=str(tmp_path)), 0, 1)


@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize("left", [0, 4, 12] if EXHAUSTIVE else [0], ids="{}k".format)
def test_a_full_disk_leaves_everything_as_it_was_or_finished(tmp_path: Path, command: str, left: int) -> None:
    as_root("mount", "dd")
    root, disk, after = ready(tmp_path), tmp_path / "disk", tmp_path / "after"
    disk.mkdir()
    fill = f"head -c $(( ($(stat -f -c '%a*%S' .) ) - {left} * 1024 )) /dev/zero > .git/fill 2>/dev/null || true"
    script = (
        f'mount -t tmpfs -o size=256k tmpfs "{disk}" && cp -r "{root}/." "{disk}" && cd "{disk}" && mkdir .git && {fill}; '
        f'"$@"; status=$?; rm -f .git/fill; rm -rf .git/fill; cp -r "{disk}" "{after}"; exit $status'
    )
    done = run(
        command,
        root,
        ("unshare", "-m", "sh", "-c", script, "sh"),
        HOME=str(tmp_path),
        PORTSCAN_CACHE_DIR=with_rules(tmp_path / "c"),
    )
    if done.returncode == 2:
        assert "no space left" in told(done, 2)
        assert tree(after) == tree(root)
    else:
        told(done, 0, 1)
        assert tree(after) != tree(root)


@pytest.mark.parametrize("command", SOME)
def test_a_user_who_may_not_is_told(tmp_path: Path, command: str) -> None:
    as_root("setpriv")
    root = ready(tmp_path)
    write(root, "secret.sh", "curl http://localhost:3103/\n").chmod(0o600)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o005 != 0o005:
            if folder == Path("/") or len(folder.parts) < 3:
                pytest.skip(f"nobody else may look into {folder}")
            folder.chmod(folder.stat().st_mode | 0o055)
    readable = subprocess.run(
        ["setpriv", "--reuid=65534", "--clear-groups", sys.executable, "-c", ""], capture_output=True, check=False
    )
    if readable.returncode:
        pytest.skip("nobody else may run this Python")
    before = tree(root)
    done = run(command, root, ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"), HOME="/nonexistent")
    told(done)
    assert tree(root) == before
    if command in WRITING:
        assert done.returncode == 2


def test_root_leaves_files_to_their_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_root()
    root = ready(tmp_path)
    for number in range(3):
        os.chown(root / f"run{number}.sh", 65534, 65533)
        (root / f"run{number}.sh").chmod(0o751)
    before = tree(root)
    monkeypatch.chdir(root)
    main(["scan", "--fix", "--unsafe-fixes", "-q"])
    assert tree(root)["run0.sh"][0] != before["run0.sh"][0]
    for number in range(3):
        now = (root / f"run{number}.sh").stat()
        assert (now.st_uid, now.st_gid, now.st_mode & 0o777) == (65534, 65533, 0o751)


@pytest.mark.parametrize("command", SOME)
def test_neither_home_nor_locale_is_needed(tmp_path: Path, command: str) -> None:
    root = ready(tmp_path)
    write(root, "é-日本.sh", "curl http://localhost:3103/ # é\n")
    told(run(command, root, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"))


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_a_strict_umask_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ready(tmp_path))
    before = os.umask(0o077)
    try:
        assert main(["sync"]) == 0
    finally:
        os.umask(before)
    made = (Path(".env.shared"), Path("scripts/ports-health.sh"))
    assert [file.stat().st_mode & 0o777 for file in made] == [0o600, 0o700]
    assert Path("run0.sh").stat().st_mode & 0o077


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a connection, or for an address, fails."""

    def refuse(*arguments: object) -> None:
        raise AssertionError(f"a connection is asked for: {arguments}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("command", QUIET)
def test_no_command_talks_to_anybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """But those that are there for it. `doctor`, `who` and `new` bind sockets to see which are taken."""
    monkeypatch.chdir(ready(tmp_path))
    assert main(command.split()) in (0, 1, 2)


def test_every_command_is_among_those_that_are_tried() -> None:
    assert {command.split()[0] for command in QUIET} == set(COMMANDS) - {"registry"}


@pytest.mark.usefixtures("alone")
def test_one_that_talks_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ready(tmp_path))
    assert main(["doctor", "--wait", "shop", "--timeout", "1"]) == 3
    assert "a connection is asked for" in capsys.readouterr().err


@pytest.mark.parametrize("command", [command for command in SOME if command not in LOOKING])
def test_nothing_changes_without_a_network(tmp_path: Path, command: str) -> None:
    as_root("unshare")
    here, there = ready(tmp_path / "here"), ready(tmp_path / "there")
    with_network = run(command, here, HOME=str(tmp_path))
    without = run(command, there, ("unshare", "-n"), HOME=str(tmp_path))
    assert (without.returncode, without.stdout) == (with_network.returncode, with_network.stdout.replace(str(here), str(there)))
    assert tree(there) == tree(here)
