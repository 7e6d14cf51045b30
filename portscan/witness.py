"""Writes down what a report rested on, so that the gate can tell whether it would be the same again.

Everything is looked at before the files are read and after they were: what changed meanwhile was perhaps read in either state,
and then nothing is written down. A state is trusted only if it is older than the times of files are coarse.
"""

# ruff: noqa: PTH100, PTH117, PTH118  (a hook pays for it: paths are plain strings)

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from portscan.cache.kept import added, store
from portscan.config import OWN, SHARED, Elsewhere
from portscan.connectivity.names import COMPOSE
from portscan.gate.answers import MOST_BYTES, STORE, silence, stated
from portscan.gate.memory import SHELF, Fact, code, contents, digest, place, settled, state, today
from portscan.gate.question import EVERYTHING, Question
from portscan.gate.sieve import Chosen, spoken_to
from portscan.git.directory import kept_at
from portscan.journal import FOLDER
from portscan.journal import place as journal_of
from portscan.passed_over import EVERY, expression
from portscan.pipeline.rules import further_names, names_of, reader_of
from portscan.records import dataclass, replace
from portscan.registry.loader import USUAL_PATH

if TYPE_CHECKING:
    from portscan.cache.scans import State
    from portscan.pipeline.scanning import Scan
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

MOST_FILES = 200  # of which the contents are looked at
LARGE = 1 << 20  # bytes; the contents of such a file count for nothing, its state has to do
NUMBER = "777"  # of files in the words for many


class Copy:
    """A stream that keeps a copy of what is written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        """Write, and keep."""
        self.parts.append(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@dataclass(slots=True)
class Witness:
    """What is seen of one run: the facts about settings before they were read, and what is written."""

    question: Question
    now: int
    settings: Mapping[str, Fact]
    out: Copy
    err: Copy
    premises: tuple[Fact, ...] = ()
    files: tuple[Fact, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether the whole directory is asked for."""
        return self.question.paths in EVERYTHING

    @property
    def around(self) -> bool:
        """Whether what is said depends on which files there are."""
        return self.everything or any(map(COMPOSE.search, self.question.paths))

    def opened(self, work: Workspace) -> None:
        """The workspace is open, and no file has been read yet."""
        self.premises = self._facts(_premises(work, self.around))
        if not self.everything and len(self.question.paths) <= MOST_FILES:
            self.files = self._facts(self.question.paths, follow=False)

    def remember(self, work: Workspace, found: Scan, clean: tuple[str, str] | None, status: int) -> None:
        """Write down what was said; `clean` is what is said of one file, and of `NUMBER` ones, when there are no findings."""
        if self.err.parts or not self._certain(work):
            return
        listing = found.listing if self.everything else found.around
        git = (str(work.top), listing.untracked) if listing and listing.untracked is not None else None
        if self.everything and git and not self.question.anew:
            self._keep(git, {entry.path: found.states.get(entry.path) for entry in found.listing.entries}, status)
        told = self.files and self._plain(work, found) and (git or not self.around)
        if told and self._quiet(work, found, clean) < len(self.files) and not self.question.anew:
            self._keep(git, found.asked, status)

    def _keep(self, git: tuple[str, bytes] | None, read: Mapping[str, State | None], status: int) -> None:
        sure = {path: state for path, state in read.items() if state is not None}
        states = stated(sure) if len(sure) == len(read) else None
        if states is not None:
            text = b"".join(part.encode("utf-8", "backslashreplace") for part in self.out.parts)
            known = (_day(self.now), list(self.premises), list(self.files), git, states, text, status)
            _store(self.question.about, known)

    def _certain(self, work: Workspace) -> bool:
        """Whether all that decides is known, and nothing of it has changed while it was read."""
        if isinstance(work.config.registry, Elsewhere) or work.config.extend_rules or _day(self.now) != today():
            return False
        unlike = (fact for fact in self.premises if self.settings.get(fact[0], fact) != fact)
        registry = next(held for path, _, held in self.premises if path == os.path.abspath(work.registry_file))
        same = self.premises == self._facts(_premises(work, self.around))
        return same and not any(unlike) and registry == digest(work.registry_data)

    def _plain(self, work: Workspace, found: Scan) -> bool:
        """Whether what was looked at are the very files that were named: plain ones, of which none decides about others."""
        paths = {path for path, _, _ in self.files}
        if len(paths) < len(self.question.paths) or not found.read <= paths:
            return False
        for path in paths:
            kind = isinstance(state(path), tuple) and os.path.normpath(path) == path and not os.path.isabs(path)
            if not kind or path == work.registry.path:
                return False
        return self.files == self._facts(self.question.paths, follow=False)

    def _quiet(self, work: Workspace, found: Scan, clean: tuple[str, str] | None) -> int:
        """How many files say nothing. They go to the store, with what is said of such files alone."""
        if clean is None:
            return 0
        listed = _listed(work, found)
        one, *many = (text.encode() for text in (clean[0], *clean[1].split(NUMBER)))
        ground = digest(self.question.apart, work.registry_data, repr(work.config).encode("utf-8", "surrogateescape"))
        self._keep_sieve(work, ground, one, many, listed)
        quiet = []
        for path, _, held in self.files:
            data = contents(path) if path in found.silent else b""
            plain = path not in listed and not COMPOSE.search(path)
            if path in found.silent and plain and digest(data) == held and not spoken_to(data):
                quiet.append(silence(ground, path, data))
        added(SHELF, STORE, b"" if self.question.anew else b"".join(quiet), MOST_BYTES)
        return len(quiet)

    def _keep_sieve(self, work: Workspace, ground: bytes, one: bytes, many: list[bytes], listed: frozenset[str]) -> None:
        """What is said of files that say nothing, and by what such files are told. git's index is no matter of theirs."""
        from portscan.glance import keep

        names, chosen = names_of(work.registry), _chosen(work) if self.question.hook else None
        state = digest(code().encode(), repr(further_names(work.config, work.registry)).encode("utf-8", "surrogateescape"))
        premises = [fact for fact in self.premises if fact[0] != os.path.abspath(_index(work.top))]
        _store(self.question.apart, (premises, ground, one, many, state, names, listed, chosen))
        keep(state, reader_of(work.config, work.registry), self.question.paths)

    def _facts(self, paths: Iterable[str], *, follow: bool = True) -> tuple[Fact, ...]:
        return tuple(_fact(path, self.now, follow=follow) for path in paths)


def witness(question: Question, streams: Streams) -> tuple[Witness, Streams]:
    """A witness of what is said to a question, and the streams that it has to be said to."""
    now, out, err = time.time_ns(), Copy(streams.out), Copy(streams.err)
    config = [value for name, value in zip(question.options, question.options[1:], strict=False) if name == "--config"]
    settings = {path: _fact(path, now, follow=True) for path in (*_settings(Path(question.here)), *map(os.path.abspath, config))}
    return Witness(question, now, settings, out, err), replace(streams, out=cast("TextIO", out), err=cast("TextIO", err))


def _settings(here: Path) -> Iterator[str]:
    """Where a configuration is looked for, and what says where to stop."""
    for folder in (here, *here.parents):
        yield from (str(folder / name) for name in (".git", OWN, SHARED))
        if os.path.lexists(folder / ".git"):
            break


def _premises(work: Workspace, around: bool) -> list[str]:
    """Everything that decides what is said besides the files that are read."""
    found = [*_settings(work.root), *(str(file) for file in (work.config.file,) if file)]
    named, registry = work.config.registry, os.path.abspath(work.registry_file)
    if isinstance(named, str):
        found += (str(folder / named) for folder in (work.root, *work.root.parents))
    above, usual, _ = registry.replace(os.sep, "/").rpartition(f"/{USUAL_PATH}")
    found += [os.path.join(above, ".git")] if usual else []
    found += [registry, os.path.abspath(work.config.baseline_file(work.top)), str(journal_of(work.top)), str(work.top / FOLDER)]
    if around:
        found.append(_index(work.top))
    return list(dict.fromkeys(map(os.path.abspath, found)))


def _listed(work: Workspace, found: Scan) -> frozenset[str]:
    """The files of which the baseline says something, as they are named here."""
    top, here = os.path.abspath(work.top), os.path.abspath(work.root)
    return found.listed if top == here else frozenset(os.path.relpath(os.path.join(top, path), here) for path in found.listed)


def _chosen(work: Workspace) -> Chosen | None:
    """Which files the configuration lets in and keeps out, where it has a say in that."""
    include, exclude = work.config.include, work.config.exclude
    if not include and not exclude:
        return None
    anchor = work.config.file.parent if work.config.file else None
    return expression(include or EVERY), expression(exclude), os.path.relpath(work.root, anchor) if anchor else "."


def _index(top: Path) -> str:
    """What git has listed: beside its objects, or where a work tree's own folder is."""
    return str(kept_at(top) / "index")


def _fact(path: str, now: int, *, follow: bool) -> Fact:
    """How a file is."""
    found = state(path, follow=follow)
    held = digest(contents(path)) if isinstance(found, tuple) and found[0] < LARGE else None
    return path, settled(found, now), held


def _day(now: int) -> int:
    return now // (86_400 * 10**9)


def _store(about: bytes, known: tuple[Any, ...]) -> None:
    name = place(about)
    if name:
        store(Path(name), (about, known))
