"""`portscan validate`: the registry against its schema and its rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from portscan import reports
from portscan.findings import catalogue
from portscan.model import Finding, Report, position
from portscan.registry.checks import check
from portscan.registry.loader import USUAL_PATH, load, read

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.terminal import Streams

NAME: Final = "validate"
HELP: Final = "check the registry: its form, and ports, names and ranges against each other"
FOUND, CLEAN = 1, 0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the file to check, and how to report."""
    parser.add_argument("file", nargs="?", metavar="FILE", help=f"the registry (default: that of --registry, or {USUAL_PATH})")
    reports.add_arguments(parser)


def run(args: Namespace, streams: Streams) -> int:
    """Report everything that is wrong with the registry."""
    path, label = _registry(args)
    data = read(path)
    findings = validated(label, data)
    reports.show(Report(findings, files=1), args, streams, {label: data}, command=NAME)
    return FOUND if any(finding.severity != "note" for finding in findings) else CLEAN


def validated(label: str, data: bytes) -> tuple[Finding, ...]:
    """Every finding in a registry's bytes. Its rules are looked into once its form is right."""
    loaded = load(label, data)
    if loaded.registry is None:
        return loaded.findings
    return tuple(sorted((*loaded.findings, *check(loaded.registry, catalogue())), key=position))


def _registry(args: Namespace) -> tuple[Path, str]:
    """The registry's path, and the same as reports show it: as it was given, or seen from the working directory."""
    from os.path import relpath

    from portscan.files import repository_root

    given = args.file or args.registry
    if given:
        return Path(given), Path(given).as_posix()
    path = repository_root(Path.cwd()) / USUAL_PATH
    return path, Path(relpath(path)).as_posix()
