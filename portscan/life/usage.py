"""What the repository does with ports: which numbers are written where, and what is said of a service."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from os.path import relpath
from typing import TYPE_CHECKING

from portscan.edit import NewFile
from portscan.findings import Breach
from portscan.generated import SIGN, blocks, lines_of, unix, whole

if TYPE_CHECKING:
    from portscan.pipeline.stages import Judged
    from portscan.pipeline.surveys import Survey
    from portscan.registry.model import Endpoint, Registry
    from portscan.workspace import Workspace

PIN = re.compile(rb"portscan:[^\n]*")


def paths_of(work: Workspace) -> tuple[str, ...]:
    """What to read: the whole repository, wherever the command runs."""
    return (str(work.top),) if work.top != work.root else ()


def written(work: Workspace) -> Mapping[int, str]:
    """The numbers that stand anywhere in the repository but in the registry, each where something listens, else where first."""
    from portscan.life.adopting.listeners import heard
    from portscan.pipeline.inventories import literals

    inventory = literals(work.root, paths_of(work), work.config, registry=work.registry)
    found: dict[int, str] = {}
    for each in heard(inventory.literals, inventory.sources):
        found.setdefault(each.literal.port, each.place)
    for literal in inventory.literals:
        if literal.path != work.registry.path:
            found.setdefault(literal.port, f"{literal.path}:{literal.location.line}")
    return found


def written_of(survey: Survey) -> Mapping[int, str]:
    """The same, of a repository that was read already."""
    found: dict[int, str] = {}
    for judged in survey.judged:
        found.setdefault(judged.literal.port, f"{judged.literal.path}:{judged.literal.location.line}")
    return found


def surveyed(work: Workspace) -> Survey:
    """Every literal of the repository, judged."""
    from portscan.pipeline.surveys import survey

    return survey(work.root, paths_of(work), work.registry, work.config, work.today)


def resurveyed(work: Workspace, registry: Registry, instead: Mapping[str, bytes]) -> Survey:
    """Every literal of some files as they would be, judged by the registry as it would be."""
    from portscan.pipeline.surveys import Survey, survey

    if not instead:
        return Survey((), (), 0)
    return survey(work.root, tuple(instead), registry, work.config, work.today, instead)


def about(work: Workspace, endpoints: Iterable[Endpoint]) -> Iterator[Judged]:
    """The literals in code that are about some of the ports, and about no other one."""
    meant = {endpoint.variable for endpoint in endpoints}
    for judged in surveyed(work).judged:
        found = {endpoint.variable for endpoint in judged.resolved.endpoints}
        if found and found <= meant and judged.literal.context == "code":
            yield judged


def gist(survey: Survey) -> set[tuple[str, int, str]]:
    """What is wrong where, in the terms that a change of names leaves alone."""
    return {
        (judged.literal.path, judged.literal.location.line, judged.verdict.code)
        for judged in survey.judged
        if isinstance(judged.verdict, Breach)
    }


def reworded(work: Workspace, words: Mapping[str, str], pins: Mapping[str, str]) -> Iterator[NewFile]:
    """The files in which a variable has another name, and those in which a pin or a gateway is a service that has.

    What `portscan sync` makes is left to it: it would take another hand's change for an edit, and not write over it.
    """
    for path, data in _files(work):
        settings = path.endswith(("portscan.toml", "pyproject.toml"))
        made = _made(data.decode("utf-8", "replace"), relpath(work.root / path, work.base).replace(os.sep, "/"))
        lines = data.splitlines(keepends=True) if made else [data]
        after = b"".join(
            line if number in made else _reworded(line, words, pins, settings=settings) for number, line in enumerate(lines, 1)
        )
        if after != data:
            yield NewFile(path, data, after)


def _files(work: Workspace) -> Iterator[tuple[str, bytes]]:
    """Every file but the registry, with its bytes."""
    from portscan.files import listing
    from portscan.files.contents import read

    anchor = work.config.file.parent if work.config.file else None
    found = listing(work.root, paths_of(work), include=work.config.include, exclude=work.config.exclude, anchor=anchor)
    for entry in found.entries:
        data = read(entry) if entry.path != work.registry.path else None
        if isinstance(data, bytes):
            yield entry.path, data


def _made(text: str, path: str) -> frozenset[int]:
    """The lines that `portscan sync` makes, and makes for this place."""
    if SIGN not in text:
        return frozenset()
    plain = unix(text)
    parts = (part for part in (whole(plain), *blocks(plain)) if part and part.intact and part.made_for(path))
    return frozenset(line for part in parts for line in lines_of(plain, part))


def _reworded(data: bytes, words: Mapping[str, str], pins: Mapping[str, str], *, settings: bool) -> bytes:
    for old, new in words.items():
        data = _alone(old).sub(new.encode(), data)
    for old, new in pins.items():
        named = re.compile(rb"(?<![\w.-])%b(?![\w.-])" % re.escape(old.encode()))
        data = PIN.sub(lambda match, named=named, new=new: named.sub(new.encode(), match[0]), data)  # type: ignore[misc]
        if settings:
            data = re.sub(
                rb"((?:service|gateway)\s*=\s*[\"'])%b([\"'])" % re.escape(old.encode()), rb"\g<1>%b\g<2>" % new.encode(), data
            )
    return data


def _alone(word: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![A-Za-z0-9_])%b(?![A-Za-z0-9_])" % word.encode())


def mentioned(work: Workspace, word: str) -> bool:
    """Whether a word stands anywhere but in the registry."""
    alone = _alone(word)
    return any(alone.search(data) for _, data in _files(work))


def places(judged: list[Judged], most: int) -> list[str]:
    """Where literals stand, a line for each, the first of them only."""
    lines = [f"{j.literal.path}:{j.literal.location.line}:{j.literal.location.column}: {j.literal.port}" for j in judged]
    return lines if len(lines) <= most else [*lines[:most], f"and {len(lines) - most} more"]
