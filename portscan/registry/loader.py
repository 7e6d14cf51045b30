"""Loads the registry: bytes in, the registry or everything that is wrong with its form out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portscan import regular
from portscan.errors import UserError
from portscan.model import Finding, Location
from portscan.records import dataclass

if TYPE_CHECKING:
    from portscan.document.document import Document
    from portscan.document.text import Problem
    from portscan.registry.model import Registry

SCHEMA_RULE: Final = "PS101"
TOP: Final = Location(1, 1, 1, 1)
USUAL_PATH: Final = "config/ports/registry.yaml"
LARGEST: Final = 1_000_000  # bytes, as for any document; what is larger is no registry
BEGIN: Final = "Let `portscan init` write one from what the repository uses"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A registry file that was read. `registry` is there exactly when no finding is an error.

    The findings are PS101 only, in the order of the file, each once; the rules a well-formed registry may still break
    are in `portscan.registry.checks`.
    """

    registry: Registry | None
    findings: tuple[Finding, ...] = ()


def read(path: Path, label: str = "") -> bytes:
    """The bytes of a registry file, which users know as `label`, no more than are worth looking at.

    A `UserError` when it cannot be read.
    """
    shown = label or path
    try:
        return regular.read(path, LARGEST + 1)
    except FileNotFoundError:
        raise UserError(f"there is no registry at {shown}", f"{BEGIN}, or name another file with --registry FILE.") from None
    except IsADirectoryError:
        raise UserError(f"{shown} is a directory, not a registry", "Name the file itself with --registry FILE.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(
            f"the registry {shown} cannot be read: {reason}", "Mend that, or name another with --registry FILE."
        ) from None


def load_kept(path_label: str, data: bytes) -> Loaded:
    """The same as `load`, but a registry without errors that was read before is not checked again."""
    from portscan.registry import kept

    known = kept.recalled(path_label, data)
    if known is not None:
        return Loaded(known, ())
    found = load(path_label, data)
    if found.registry is not None and not found.findings:
        kept.remember(path_label, data, found.registry)
    return found


def load(path_label: str, data: bytes) -> Loaded:
    """The registry in `data`, which findings call `path_label`.

    A finding points at the offending key: the unknown one, the second of two alike, the one whose value does not fit.
    It points at the value where a list's item is at fault, at the first key of a mapping that lacks one, and at the
    spot where the parser gave up when the file is no YAML.
    """
    from portscan.document.document import parse
    from portscan.document.schema import tidy
    from portscan.registry.build import build

    document = parse(data)
    problems = tuple(_problems(document))
    if problems:
        return Loaded(None, _findings(path_label, tidy(problems)))
    registry = build(path_label, document)
    return Loaded(registry, () if registry.services else (_no_services(path_label, document),))


def _problems(document: Document) -> Iterable[Problem]:
    from portscan.document.schema import misfits, shipped
    from portscan.document.text import Problem
    from portscan.registry.build import span_problems

    if document.empty:
        return document.problems or (Problem("The registry is empty.", TOP, f"{BEGIN}."),)
    misfit = (*document.problems, *misfits(document, shipped("registry")))
    return misfit or span_problems(document)


def _findings(path: str, problems: Iterable[Problem]) -> tuple[Finding, ...]:
    from portscan.findings import Breach, catalogue

    rule = catalogue()[SCHEMA_RULE]
    return tuple(
        rule.finding(path, Breach(rule.code, problem.location, {"problem": problem.message, "help": problem.help}))
        for problem in problems
    )


def _no_services(path: str, document: Document) -> Finding:
    from portscan.findings import Breach, catalogue

    rule = catalogue()[SCHEMA_RULE]
    values = {
        "problem": "The registry lists no service yet.",
        "help": "Let `portscan new NAME --stack STACK --port PORT` add one; `portscan init --dry-run` shows some.",
    }
    # A registry that was only just begun is in order; it is merely of no use.
    return rule.finding(path, Breach(rule.code, document.place(("services",)), values, severity="warning"))
