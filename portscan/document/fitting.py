"""Rule files that somebody else has written: read with care, and held against the rule schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portscan import regular
from portscan.document.document import parse
from portscan.document.schema import misfits, part, shipped
from portscan.errors import UserError


def fitting(file: Path, label: str, about: str) -> Any:
    """What a rule file says; a `UserError` when it does not fit the part `about` of the rule schema."""
    try:
        document = parse(regular.read(file))
    except OSError as error:
        raise UserError(f"the rule file {label} cannot be read: {(error.strerror or '').lower()}", "Mend the file.") from None
    for problem in document.problems or misfits(document, part(shipped("rule"), about)):
        raise UserError(f"{label}:{problem.location.line}:{problem.location.column}: {problem.message}", problem.help)
    return document.data()
