"""Who changed the registry, and whether somebody else looked, as far as git tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portscan.expressions import compiled
from portscan.git.history import Commit
from portscan.records import dataclass

TRAILER = compiled(r"(?im)^(?:reviewed|acked|approved|signed-off|tested)-by:\s*(.+)$")
REQUEST = compiled(r"\(#\d+\)|Merge pull request #\d+|See merge request")
MACHINES = ("noreply@github.com", "[bot]")


@dataclass(frozen=True, slots=True)
class Approvals:
    """The changes of the registry: how many an approver made or signed, how many somebody else did, and those left."""

    changes: int
    approved: int
    reviewed: int
    alone: tuple[Commit, ...]


def counted(commits: Sequence[Commit], approvers: Iterable[str]) -> Approvals:
    """The changes set against the approvers of the registry; without approvers, anybody else counts."""
    names = tuple(name.lstrip("@").rpartition("/")[2].lower() for name in approvers)
    approved = [commit for commit in commits if names and _by(commit, names)]
    others = [commit for commit in commits if commit not in approved]
    reviewed = [commit for commit in others if _reviewed(commit)]
    return Approvals(len(commits), len(approved), len(reviewed), tuple(commit for commit in others if commit not in reviewed))


def _by(commit: Commit, names: Sequence[str]) -> bool:
    people = " ".join((commit.author, commit.committer, *TRAILER.findall(commit.message))).lower()
    return any(name in people for name in names)


def _reviewed(commit: Commit) -> bool:
    """Whether a second person signed, committed it, or it went through a pull request."""
    signed = [name for name in TRAILER.findall(commit.message) if name.strip().lower() != commit.author.lower()]
    second = commit.committer != commit.author and not any(mark in commit.committer for mark in MACHINES)
    return bool(signed) or second or REQUEST.search(commit.message) is not None
