"""No command runs a program that a repository names, wherever git would let it name one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from portscan.cli import main
from tests import repository as made
from tests.repository import git

pytestmark = pytest.mark.skipif(os.name != "posix" or not shutil.which("git"), reason="needs git and scripts")

# Every key by which a configuration names a program. `{}` is the program; each leaves a witness of its own.
PROGRAMS = {
    **{f"core.{key}": "{}" for key in ("fsmonitor", "sshCommand", "gitProxy", "askPass", "editor", "pager")},
    "core.alternateRefsCommand": "{}",
    **{f"pager.{name}": "{}" for name in ("log", "diff", "ls-files", "diff-files", "diff-index", "cat-file", "ls-tree")},
    **{f"alias.{name}": "!{}" for name in ("log", "ls-files", "diff-files", "diff-index", "rev-parse", "config")},
    "diff.external": "{}",
    "diff.x.command": "{}",
    "diff.x.textconv": "{}",
    "filter.x.clean": "{}",
    "filter.x.smudge": "{}",
    "filter.y.process": "{}",
    "filter.y.required": "true",
    "gpg.program": "{}",
    "gpg.ssh.program": "{}",
    "gpg.x509.program": "{}",
    "log.showSignature": "true",
    "credential.helper": "!{}",
    "sequence.editor": "{}",
    "interactive.diffFilter": "{}",
    "merge.x.driver": "{}",
    "trailer.x.command": "{}",
    "trailer.x.cmd": "{}",
    "uploadpack.packObjectsHook": "{}",
    "remote.origin.url": "ext::{} %S",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
    "remote.origin.uploadpack": "{}",
    "remote.origin.vcs": "x",
    "extensions.partialClone": "origin",
    "protocol.ext.allow": "always",
    "submodule.recurse": "true",
    "diff.ignoreSubmodules": "none",
    "status.submoduleSummary": "true",
}
HOOKS = ("post-index-change", "post-checkout", "pre-commit", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc")
ATTRIBUTES = "*.py diff=x filter=x\n*.sh filter=y\n*.txt merge=x\n"
COMMANDS = """
scan | scan --fix | scan --changed | scan --changed-lines | scan --changed=HEAD~1 | scan --changed-lines --changed=HEAD~1
scan --write-baseline | inventory | validate | sync | sync --check | config | graph | report | completion bash | explain PS001
diff | diff HEAD~1 HEAD | audit | audit --since HEAD~1 --every commit | audit --quarterly | who 4010 | doctor | registry update
init | init --ci | migrate --yes api 4030 | new more --stack web --yes | edit api --owner b | rename api main --yes
remove shop --force | panel --output out | panel --output out --since HEAD~1 | notify --dry-run
"""


def program(folder: Path, witnesses: Path, name: str) -> Path:
    """A program that leaves a witness."""
    file = folder / f"run-{name.replace('.', '-')}"
    file.write_text(f"#!/bin/sh\ntouch '{witnesses}/{name}'\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def arm(repository: Path, programs: Path, witnesses: Path, label: str) -> None:
    """Name a program wherever git would run one."""
    programs.mkdir(exist_ok=True)
    lines = []
    for key, value in PROGRAMS.items():
        section, _, name = key.rpartition(".")
        first, _, second = section.partition(".")
        named = value.format(program(programs, witnesses, f"{label}-{key}"))
        lines.append(f'[{first} "{second}"]\n' if second else f"[{first}]\n")
        lines.append(f"\t{name} = {named}\n")
    place = Path(git(repository, "rev-parse", "--absolute-git-dir")) / "config"
    place.write_text(place.read_text(encoding="utf-8") + "".join(lines), encoding="utf-8")
    hooks = place.with_name("hooks")
    shutil.rmtree(hooks, ignore_errors=True)
    hooks.mkdir()
    for name in HOOKS:
        program(programs, witnesses, f"{label}-{name}").rename(hooks / name)
    included = programs / "included"
    included.write_text(f"[core]\n\tfsmonitor = {program(programs, witnesses, f'{label}-included')}\n", encoding="utf-8")
    place.write_text(f"{place.read_text(encoding='utf-8')}[include]\n\tpath = {included}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository with a signed commit, a submodule, changes on the disk, and a program at every key."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "witnesses").mkdir()
    inner, root = made.repository(folder / "inner"), made.repository(folder / "template")
    made.write(inner / "run.py", "port = 4010\n")
    made.write(inner / ".gitattributes", ATTRIBUTES)
    made.commit(inner)
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "inner")
    for name in ("run.py", "run.sh", "run.txt"):
        made.write(root / name, made.HARDCODED)
    made.write(root / ".gitattributes", ATTRIBUTES)
    made.commit(root)
    _signed(root)
    arm(root / "inner", folder / "programs", folder / "witnesses", "inner")
    arm(root, folder / "programs", folder / "witnesses", "outer")
    return folder


@pytest.fixture
def hostile(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, in which every file is younger than the index."""
    for name, value in made.QUIET.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(place / "cache"))
    root = place / "repository"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(place / "template", root, symlinks=True)
    for folder, name in ((root, "run.py"), (root, "run.sh"), (root / "inner", "run.py")):
        made.write(folder / name, f"{made.HARDCODED}port = 4020\n")
    for witness in (place / "witnesses").iterdir():
        witness.unlink()
    monkeypatch.chdir(root)
    return root


def _signed(root: Path) -> None:
    """Make the last commit one that claims to be signed, which `log.showSignature` would have verified."""
    head, _, message = git(root, "cat-file", "commit", "HEAD").partition("\n\n")
    signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n{message}\n"
    arguments = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    done = subprocess.run(arguments, cwd=root, input=signed.encode(), env=made.environment(), capture_output=True, check=True)
    git(root, "update-ref", "HEAD", done.stdout.decode().strip())


def seen(root: Path) -> list[str]:
    return sorted(witness.name for witness in (root.parent / "witnesses").iterdir())


@pytest.mark.parametrize("command", [command.strip() for command in COMMANDS.replace("\n", "|").split("|") if command.strip()])
def test_no_program_runs(hostile: Path, command: str) -> None:
    assert main(command.split()) in (0, 1, 2)
    assert seen(hostile) == []


def test_git_itself_would_run_them(hostile: Path) -> None:
    """What the others show is worth nothing where the traps are none."""
    for command in ("status", "log", "diff-files", "add run.py run.sh", "fetch origin", "diff HEAD~1 HEAD"):
        subprocess.run(["git", *command.split()], cwd=hostile, capture_output=True, check=False)
    found = seen(hostile)
    assert {"outer-gpg.program", "outer-filter.x.clean", "outer-post-index-change"} <= set(found)
    assert any(name.startswith("outer-diff.") for name in found)
    assert any("fsmonitor" in name or "included" in name for name in found)
    assert any(name.startswith("inner-") for name in found)
