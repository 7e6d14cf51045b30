"""What no file and no variable can make: a full disk, a terminal, somebody who writes at the same moment. Each has a name."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError

from portscan import cli, findings, journal, knowledge, patterns, rulefiles, workspace
from portscan.cli import main
from portscan.document import syntax
from portscan.generators import templates
from portscan.git import remote
from portscan.languages import grammars
from portscan.life import migration
from portscan.notices import webhook
from portscan.panel import page
from portscan.pipeline import state, states
from tests.repository import git
from tests.servers import listener, web

TOP: Final = Path(__file__).resolve().parents[2]
Circumstance = Callable[[Path, pytest.MonkeyPatch], AbstractContextManager[Any]]


def _failing(error: Exception, where: Callable[[Any], bool], real: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the system that fails for some of its first arguments."""

    def call(first: Any, *more: Any, **named: Any) -> Any:
        if where(first):
            raise error
        return real(first, *more, **named)

    return call


@contextmanager
def usual(_root: Path, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    yield


@contextmanager
def terminal(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    import sys

    for stream in (sys.stdin, sys.stdout):
        patch.setattr(stream, "isatty", lambda: True)
    yield


@contextmanager
def homeless(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("PORTSCAN_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        patch.delenv(name, raising=False)
    patch.setattr(os.path, "expanduser", lambda path: path)  # as for a user whom the system does not know
    yield


@contextmanager
def nowhere(root: Path, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    (root / "gone").mkdir()
    os.chdir(root / "gone")
    (root / "gone").rmdir()
    yield


@contextmanager
def full_output(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    with Path("/dev/full").open("w", encoding="utf-8") as full, patch.context() as other:
        other.setattr("sys.stdout", full)
        yield


@contextmanager
def full_disk(_root: Path, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def intruder(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody writes each file at the moment at which its new contents are collected."""
    real = journal.Journal.collect

    def collect(opened: journal.Journal, target: Path, data: bytes, mode: int) -> str:
        target.write_bytes(b"mine\n")
        return real(opened, target, data, mode)

    patch.setattr(journal.Journal, "collect", collect)
    yield


@contextmanager
def late_intruder(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody writes each file when it is decided that all are replaced."""
    real = journal.Journal.decide

    def decide(opened: journal.Journal, steps: Sequence[journal.Step]) -> None:
        real(opened, steps)
        for step in steps:
            Path(step.target).write_bytes(b"mine\n")

    patch.setattr(journal.Journal, "decide", decide)
    yield


@contextmanager
def stuck(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    def take(step: journal.Step) -> NoReturn:
        raise PermissionError(13, "Permission denied", step.target)

    patch.setattr(journal, "take", take)
    yield


@contextmanager
def company(root: Path, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    with journal.opened(root):
        yield


@contextmanager
def interrupted_meanwhile(root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another command is killed just after this one has looked for such a write."""
    real = cli._finish_writing

    def finish(err: Any) -> None:
        real(err)
        journal.place(root).mkdir()
        (journal.place(root) / journal.LIST).write_text("[]", encoding="utf-8")

    patch.setattr(cli, "_finish_writing", finish)
    yield


@contextmanager
def locked_folder(root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    refused = PermissionError(13, "Permission denied", str(root / "locked"))
    patch.setattr(workspace, "load_config", _failing(refused, lambda _args: True, workspace.load_config))
    yield


@contextmanager
def unreadable(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    refused = PermissionError(13, "Permission denied")
    patch.setattr(os, "open", _failing(refused, lambda path: str(path).endswith("a.py"), os.open))
    yield


@contextmanager
def broken_folder(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    broken = OSError(5, "Input/output error")
    patch.setattr(os, "scandir", _failing(broken, lambda path: str(path).rstrip("/").endswith("/d"), os.scandir))
    yield


@contextmanager
def broken_disk(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    broken = OSError(5, "Input/output error")
    patch.setattr(os, "open", _failing(broken, lambda path: str(path).endswith("a.py"), os.open))
    yield


@contextmanager
def little_memory(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """No memory is left for what a file holds."""
    patch.setattr("portscan.files.contents._drain", _failing(MemoryError(), lambda _: True, lambda *_: None))
    yield


@contextmanager
def crowded(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The system has no room for another process."""
    full = BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    patch.setattr("subprocess.Popen", _failing(full, lambda _: True, lambda *_: None))
    yield


@contextmanager
def hasty(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    patch.setattr(patterns, "SECONDS", 0.1)
    patch.setattr(templates, "SECONDS", 1)
    yield


@contextmanager
def restless(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    patch.setattr(migration, "ROUNDS", 0)
    yield


@contextmanager
def lost_parser(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    patch.setattr(grammars, "STEPS", -1)
    patch.setattr(grammars, "STEPS_PER_BYTE", 0)
    yield


@contextmanager
def damaged(root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation in which a rule file was cut off."""
    own = root.parent / "rules"
    shutil.copytree(TOP / "rules", own)
    file = next((own / "detect").iterdir())
    file.write_text("rules: [", encoding="utf-8")
    for module in (knowledge, rulefiles):
        patch.setattr(module, "folder", lambda _name: own)
    knowledge.shipped.cache_clear()
    try:
        yield
    finally:
        knowledge.shipped.cache_clear()


@contextmanager
def borrowed_finding(root: Path, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    (root / "more/findings").mkdir(parents=True)
    shutil.copy(TOP / "rules/findings/PS104.yaml", root / "more/findings")
    yield


@contextmanager
def wordless_finding(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A finding whose words name what it does not know."""
    wrong = [replace(rule, message="Port {prot}.") for rule in findings.catalogue().values()]
    patch.setattr(findings, "_shipped", lambda: iter(wrong))
    yield


@contextmanager
def synchronised(_root: Path, _patch: pytest.MonkeyPatch) -> Iterator[None]:
    assert main(["sync"]) == 0
    yield


@contextmanager
def refusing_webhook(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    patch.setattr(webhook, "TRIES", 1)
    with web({}) as port:
        patch.setenv("PORTSCAN_WEBHOOK", f"http://127.0.0.1:{port}/")
        yield


@contextmanager
def silence(root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The registry is kept by a server that says nothing."""
    patch.setattr(remote, "PATIENCE", 0.5)
    with listener(None) as port:
        (root / "portscan.toml").write_text(f'registry.git = "http://127.0.0.1:{port}/ports.git"\n')
        yield


@contextmanager
def unbuilt_panel(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    patch.setattr(page, "ASSETS", "none")
    yield


@contextmanager
def restless_file(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file of which every look shows something else."""
    looks = iter(range(1_000_000))
    patch.setattr(state, "identity_of", lambda _data: str(next(looks)).encode())
    with _counted(patch):
        yield


@contextmanager
def partial_clone(root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clone without the contents of a file that was deleted since."""
    (root / "a.py").write_text("port = 4010\n", encoding="utf-8")
    git(root, "add", ".")
    git(root, "commit", "-qm", "more")
    git(root, "rm", "-q", "a.py")
    git(root, "commit", "-qm", "less")
    git(root, "config", "uploadpack.allowFilter", "true")
    git(root.parent, "clone", "-q", "--filter=blob:none", f"file://{root}", "partial")
    os.chdir(root.parent / "partial")
    with _counted(patch):
        yield


@contextmanager
def _counted(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """What `audit` leaves out of its figures, which it does not report file by file."""
    left_out: list[dict[str, str]] = []
    real = states._count

    def count(*arguments: Any) -> Any:
        found = real(*arguments)
        left_out.extend({"path": each.path, "reason": each.reason} for each in found.skipped)
        return found

    patch.setattr(states, "_count", count)
    yield
    print(f"\n{json.dumps({'skipped': left_out})}")


def _parser_that(fails: BaseException) -> Circumstance:
    """What some releases of the parser do over some texts, and others do not."""

    @contextmanager
    def circumstance(_root: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
        def parse(*_: object) -> NoReturn:
            raise fails

        findings.catalogue()  # a checkout reads its own words by the same parser
        patch.setattr(syntax, "parser", lambda: None)  # as where there is none in C
        patch.setattr(YAML, "parse", parse)
        yield

    return circumstance


_PARSERS: Final[Mapping[str, Circumstance]] = {
    "strange parser": _parser_that(MarkedYAMLError(problem="Something else", problem_mark=StringMark("x", 0, 0, 0, "a: 1", 0))),
    "mute parser": _parser_that(YAMLError()),
    "stumbling parser": _parser_that(IndexError()),
    "overflowing parser": _parser_that(OverflowError()),
}
_ALL: Final = (
    *(usual, terminal, homeless, nowhere, full_output, full_disk, intruder, stuck, company, interrupted_meanwhile),
    *(
        late_intruder,
        locked_folder,
        unreadable,
        broken_folder,
        broken_disk,
        hasty,
        restless,
        lost_parser,
        damaged,
        borrowed_finding,
        wordless_finding,
    ),
    *(synchronised, refusing_webhook, silence, unbuilt_panel, restless_file, partial_clone, little_memory, crowded),
)
CIRCUMSTANCES: Final[Mapping[str, Circumstance]] = {each.__name__.replace("_", " "): each for each in _ALL} | _PARSERS
