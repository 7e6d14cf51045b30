"""What makes a finding the same finding tomorrow: never its line number, always the words it stands among.

Baselines, SARIF and GitLab all know a finding by this. Two findings alike in one file, such as a literal that was copied,
differ by their occurrence alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from portscan.source import Source, decode
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.model import Finding, Location

NEAR = 80  # characters on either side of a literal that count when its line is longer than people write lines
LONG = 240
DIGITS = 32  # of a fingerprint: 128 bits are plenty, and GitLab stores them


class Identity(NamedTuple):
    """What a finding is known by. `about` is its service, else its port, else empty; `text` is its line, blanks made one.

    `path` is as the finding has it.
    """

    path: str
    code: str
    about: str
    text: str


def identities(findings: Iterable[Finding], sources: Mapping[str, bytes]) -> tuple[Identity, ...]:
    """The identity of each finding; `sources` are the bytes of files by path, and a file that is not there has no text."""
    read: dict[str, Source | None] = {}
    found = []
    for finding in findings:
        if finding.path not in read:
            read[finding.path] = _source(finding.path, sources)
        source = read[finding.path]
        about = finding.service or str(finding.port or "")
        found.append(Identity(finding.path, finding.code, about, _text(source, finding.location) if source else ""))
    return tuple(found)


def fingerprints(findings: Iterable[Finding], sources: Mapping[str, bytes]) -> tuple[str, ...]:
    """A fingerprint for each finding, all of them different; findings are counted in the order that they come in."""
    from hashlib import sha256  # most reports for people have none

    seen: Counter[Identity] = Counter()
    found = []
    for identity in identities(findings, sources):
        seen[identity] += 1
        known = "\0".join((*identity, str(seen[identity])))
        found.append(sha256(known.encode("utf-8", "surrogateescape")).hexdigest()[:DIGITS])
    return tuple(found)


def _source(path: str, sources: Mapping[str, bytes]) -> Source | None:
    read = decode(path, sources[path]) if path in sources else None
    return read if isinstance(read, Source) else None


def _text(source: Source, place: Location) -> str:
    """The line of a place; of a line that no person has written, what stands around the place."""
    line = source.line_text(place.line)
    if len(line) > LONG:
        end = place.end_column if place.end_line == place.line else place.column
        line = line[max(place.column - 1 - NEAR, 0) : end - 1 + NEAR]
    return words(line)


def words(line: str) -> str:
    """The words of a line: what it is known by, however it is indented."""
    return " ".join(line.split())
