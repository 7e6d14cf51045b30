"""Where a file can be seen on the forge that the repository comes from."""

from __future__ import annotations

from typing import Final

from portscan.expressions import compiled

# How the forges write the address of a line, by a part of their host's name. `{path}` and `{line}` are for the page to fill.
STYLES: Final = (
    ("github", "/blob/{revision}/{{path}}#L{{line}}"),
    ("gitlab", "/-/blob/{revision}/{{path}}#L{{line}}"),
    ("bitbucket", "/src/{revision}/{{path}}#lines-{{line}}"),
    ("gitea", "/src/commit/{revision}/{{path}}#L{{line}}"),
    ("forgejo", "/src/commit/{revision}/{{path}}#L{{line}}"),
    ("codeberg", "/src/commit/{revision}/{{path}}#L{{line}}"),
)
# `git@host:owner/name.git`, `ssh://git@host:22/owner/name`, `https://token@host/owner/name.git`: host and path matter alone.
REMOTE: Final = compiled(
    r"(?:(?:https?|ssh|git)://)?(?:[^@/\s]*@)?(?P<host>[A-Za-z0-9.-]+)(?::\d+(?=/))?[:/]/?(?P<path>[\w./~-]+?)(?:\.git)?/?"
)
REVISION: Final = compiled(r"[0-9a-f]{7,64}")


def source_link(remote: str, revision: str) -> str | None:
    """The address of a line of a file, with `{path}` and `{line}` to be filled in; none on a forge that is not known.

    Nothing of a user name or a password in the remote is kept.
    """
    match = REMOTE.fullmatch(remote.strip())
    if match is None or not REVISION.fullmatch(revision):
        return None
    style = next((style for part, style in STYLES if part in match["host"].lower()), None)
    return f"https://{match['host']}/{match['path']}{style.format(revision=revision)}" if style else None
