"""The generators of a workspace against its files: what has drifted, in findings, and what to write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import normpath
from types import MappingProxyType

from portscan.connectivity.bounds import Budget
from portscan.edit import NewFile
from portscan.findings import Breach, catalogue
from portscan.generators.claims import Place, claims
from portscan.generators.drift import Standing, State, compared, rooted
from portscan.generators.orphans import orphans
from portscan.git.listing import ignored
from portscan.model import Finding, Location, Skipped, position
from portscan.records import dataclass
from portscan.workspace import Workspace

STALE, EDITED = "PS301", "PS302"
RUN = "Run `portscan sync`."
REPLACE = "run `portscan sync --overwrite`"
# What stands in a file that portscan never wrote would be lost: another path comes first.
ELSEWHERE = (
    'Write `[generate.{name}]` and `path = "…"` into portscan.toml for another file, beside a table for each generator that is '
    f"to go on (`[generate.docs]`, `[generate.index]`); only if nothing in this one is needed, {REPLACE}."
)
# By state: the code, what is wrong, and the command that mends it.
SAID: Mapping[State, tuple[str, str, str]] = MappingProxyType(
    {
        "missing": (STALE, "is missing", RUN),
        "inert": (STALE, "cannot be run", RUN),
        "stale": (STALE, "is out of date", RUN),
        "orphan": (STALE, "is no longer asked for", RUN),
        "edited": (EDITED, "was edited by hand", f"Move the edit to the registry or to a template, then {REPLACE}."),
        "unclosed": (EDITED, "begins here and does not end", "Put its end mark back, or take this one out."),
        "foreign": (EDITED, "was not written by portscan", ELSEWHERE),
    }
)


@dataclass(frozen=True, slots=True)
class Synced:
    """The findings, those of them that writing `files` leaves, and how many files and blocks were looked at.

    Paths are as seen from the working directory. `ignored` are those of missing files that git ignores: every work tree makes its
    own, so that none is missing from the repository. `unfollowed` are files of which the generators read only a part.
    """

    findings: tuple[Finding, ...]
    kept: tuple[Finding, ...]
    files: tuple[NewFile, ...]
    count: int
    ignored: frozenset[str] = frozenset()
    unfollowed: tuple[Skipped, ...] = ()


def synced(work: Workspace, only: Sequence[str] = (), *, overwrite: bool = False) -> Synced:
    """Run the generators and compare. Nothing is written."""
    origin = work.elsewhere.place if work.elsewhere else ""
    place = Place(work.base, work.registry_file.absolute(), work.config.file, origin)
    budget = Budget()
    asked = claims(work.registry, work.config, place, work.today, only, budget)
    there = compared(asked, place, work.top, overwrite=overwrite)
    left = orphans(asked, place.base, there.files, only, overwrite=overwrite)
    files = tuple(rooted(_merged(there.files, left.files), place.base, work.root))
    local = ignored(str(place.base), (one.path for one in there.standings if one.state == "missing" and not one.block))
    standings = (*there.standings, *left.standings)
    findings = tuple(sorted(_findings((one for one in standings if one.path not in local), work), key=position))
    kept = () if overwrite else tuple(finding for finding in findings if finding.code == EDITED)
    unfollowed = tuple(Skipped(_seen(work, each.path), each.reason) for each in budget.unfollowed())
    return Synced(findings, kept, files, len(standings), frozenset(_seen(work, path) for path in local), unfollowed)


def _merged(wanted: Sequence[NewFile], left: Sequence[NewFile]) -> tuple[NewFile, ...]:
    """One change for each file: what is left over was taken out of what is wanted."""
    return tuple({file.path: file for file in (*wanted, *left)}.values())


def _findings(standings: Iterable[Standing], work: Workspace) -> Iterator[Finding]:
    """What is wrong with those that are not as they should be, with their paths as seen from the working directory."""
    drifted = [one for one in standings if one.state != "current"]
    rules = catalogue() if drifted else {}
    for one in drifted:
        code, what, remedy = SAID[one.state]
        path = _seen(work, one.path)
        subject = f"The block `{one.name}`" if one.block else f"{path} ({one.name})"
        place = Location(one.line, 1, one.line, 1)
        yield rules[code].finding(
            path, Breach(code, place, {"subject": subject, "what": what, "remedy": remedy.replace("{name}", one.name)})
        )


def _seen(work: Workspace, path: str) -> str:
    """A path from the base as it is seen from the working directory."""
    prefix = os.path.relpath(work.base, work.root).replace(os.sep, "/")
    return normpath(f"{prefix}/{path}")
