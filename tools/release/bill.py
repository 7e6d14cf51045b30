"""What is installed along with portscan: the bill of materials (CycloneDX), and under which licences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tools.release.installing import environment
from tools.release.running import Refused, run

PAGE = Path("docs/licences.md")
OWN = "portscan-registry"
EXTRAS = "ask,doctor,xlsx"
# What may be depended on without asking a lawyer: permissive licences, and the MPL, which asks for changes to its own files only.
ACCEPTED = frozenset(
    (
        *("MIT", "MIT License", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "Apache-2.0"),
        *("Apache Software License", "PSF-2.0", "Python Software Foundation License", "MPL-2.0"),
    )
)
HEAD = """# Licences of what portscan depends on

<!-- Made by `make licences`; `make release-check` refuses a release that does not fit it. -->

What `pip install portscan-registry` brings along, and what its extras add. Versions and hashes are in the bill of materials of
each release. portscan copies none of them into itself but those of the panel's page, whose licences are in
`portscan/panel/assets/LICENCES.txt`, and in the wheel.

| distribution | licence | comes with |
| --- | --- | --- |
"""


def bill_of_materials(python: Path, project: Path, file: Path) -> Path:
    """Write the bill of an environment; nothing in it depends on where or when it was made."""
    run(
        *("cyclonedx-py", "environment", "--output-reproducible", "--spec-version", "1.6", "--output-format", "JSON"),
        *("--mc-type", "application", "--pyproject", project / "pyproject.toml", "--output-file", file, python),
    )
    return file


def licences(python: Path) -> dict[str, str]:
    """The distributions of an environment other than portscan itself, and their licences."""
    rows = json.loads(run("pip-licenses", f"--python={python}", "--format=json", "--from=mixed", "--with-system"))
    return {row["Name"]: row["License"] for row in rows if row["Name"] not in (OWN, "pip", "setuptools", "wheel")}


def page(plain: dict[str, str], with_extras: dict[str, str]) -> str:
    """The page that lists them."""
    rows = (
        f"| {name} | {licence} | {'portscan' if name in plain else 'an extra'} |"
        for name, licence in sorted(with_extras.items(), key=lambda item: item[0].lower())
    )
    return HEAD + "\n".join(rows) + "\n"


def refuse_unaccepted(found: dict[str, str]) -> None:
    """A licence that nobody has accepted yet is a decision for people."""
    strange = {name: licence for name, licence in found.items() if not ACCEPTED.issuperset(licence.split("; "))}
    if strange:
        raise Refused(f"licences that tools/release/bill.py does not accept: {strange}")


def read(text: str) -> dict[str, str]:
    """The rows of the page: distribution and licence."""
    rows = (line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| "))
    return {row[0]: row[1] for row in rows if row[0] not in ("distribution", "---")}


def collected(wheel: Path, place: Path, pythons: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What the wheel alone brings along and what it brings with all its extras, on any of the Pythons: they differ in it."""
    few: dict[str, str] = {}
    many: dict[str, str] = {}
    for number, python in enumerate(pythons):
        few |= licences(environment(place / f"few-{number}", str(wheel), python))
        many |= licences(environment(place / f"many-{number}", f"{wheel}[{EXTRAS}]", python))
    refuse_unaccepted(many)
    return few, many
