"""`portscan validate`: the registry against its schema and its rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from portscan.console import reports
from portscan.findings import catalogue
from portscan.model import Finding, Report, position
from portscan.pipeline.stages import seen_from
from portscan.records import replace
from portscan.registry.checks import check
from portscan.registry.loader import SCHEMA_RULE, USUAL_PATH, load, read

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable, Iterator

    from portscan.config import Config
    from portscan.terminal import Streams

NAME: Final = "validate"
TOPIC: Final = "decide"
HELP: Final = "check the registry: its form, its ports, names and ranges"
FOUND, CLEAN = 1, 0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the file to check, and how to report."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help=f"the registry (default: that of the configuration, or {USUAL_PATH})"
    )
    reports.add_arguments(parser)


def run(args: Namespace, streams: Streams) -> int:
    """Report everything that is wrong with the registry."""
    from portscan.workspace import load_config

    root = Path.cwd()
    config = load_config(args, root)
    path, label = _registry(args, root, config)
    data = read(path, label)
    seen = seen_from(config.file.parent, root) if config.file else str
    findings = tuple(_configured(validated(label, data), config, seen))
    reports.show(Report(findings, files=1), args, streams, {label: data}, command=NAME)
    return FOUND if any(finding.severity != "note" for finding in findings) else CLEAN


def _configured(findings: Iterable[Finding], config: Config, seen: Callable[[str], str]) -> Iterator[Finding]:
    """The findings as the configuration weighs them; that a file is no registry at all cannot be ignored."""
    from portscan.suppress import configured

    for finding in findings:
        if finding.code == SCHEMA_RULE and finding.severity == "error":
            yield finding
        else:
            yield from configured((finding,), replace(config, select=()), seen)


def validated(label: str, data: bytes) -> tuple[Finding, ...]:
    """Every finding in a registry's bytes. Its rules are looked into once its form is right."""
    loaded = load(label, data)
    if loaded.registry is None:
        return loaded.findings
    return tuple(sorted((*loaded.findings, *check(loaded.registry, catalogue())), key=position))


def _registry(args: Namespace, root: Path, config: Config) -> tuple[Path, str]:
    """The registry's path, and the same as reports show it: as it was given, or seen from the working directory."""
    from portscan.workspace import label_of, nearest

    given = args.file or args.registry
    if given:
        return Path(given), Path(given).as_posix()
    path = nearest(root, config)
    return path, label_of(root, config, path)
