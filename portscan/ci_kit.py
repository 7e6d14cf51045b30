"""The CI kit: what a repository needs for its pull requests to be checked on GitHub or GitLab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan import __version__
from portscan.records import dataclass
from portscan.resources import folder
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LEFT_ALONE: Final = "it was left alone; remove it and run the command again for a new one"


class Part(NamedTuple):
    """A file of a kit: its path for the consumer, its template in `templates/ci`, and what to do when it is there already."""

    path: str
    template: str
    instead: str = LEFT_ALONE


PLATFORMS: Final[Mapping[str, tuple[Part, ...]]] = {
    "github": (Part(".github/workflows/port-governance.yml", "github.yml"),),
    "gitlab": (
        Part(".gitlab/port-governance.yml", "gitlab.yml"),
        Part(".gitlab-ci.yml", "gitlab-include.yml", "add `- local: .gitlab/port-governance.yml` to its `include`"),
    ),
}
UNRELEASED: Final = b"0.0.0"


@dataclass(frozen=True, slots=True)
class Kit:
    """The files to write, by their paths relative to the repository's top, and what is left for a person to do.

    A file that is there already is never among them: `advice` has a line for each that is and says something else.
    """

    files: Mapping[str, bytes]
    advice: tuple[str, ...] = ()


def kit(platform: str, top: Path, version: str = __version__) -> Kit:
    """The kit for `platform`, one of `PLATFORMS`, in the repository at `top`; its jobs install portscan `version`."""
    parts = {part: _filled(part.template, version) for part in PLATFORMS[platform]}
    present = {part for part in parts if (top / part.path).exists()}
    return Kit(
        {part.path: data for part, data in parts.items() if part not in present},
        tuple(
            f"{part.path} is there already: {part.instead}."
            for part, data in parts.items()
            if part in present and data.strip() not in (top / part.path).read_bytes()
        ),
    )


def _filled(template: str, version: str) -> bytes:
    return (folder("templates") / "ci" / template).read_bytes().replace(UNRELEASED, version.encode())
