"""The baseline: findings that were there before, one kind of them in a line of a file, by what they are and not by where.

A line holds a finding's identity (`fingerprints.py`) and how many there are of it. It has no line number and no date, so that
moved code changes nothing in it, and two branches that change it merge as any text does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.fingerprints import Identity
from portscan.records import dataclass
from portscan.tuples import NamedTuple

VERSION = 1
HEAD = {"portscan-baseline": VERSION}
MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
PORT = compiled(r"0|[1-9][0-9]{0,4}")  # as this program writes it: no other digits, and no more of them
AGAIN = "Mend that line, or remove the file and write it anew with --write-baseline."


@dataclass(frozen=True, slots=True)
class Entry:
    """Findings that are hidden: what they are, how many, and the line of the baseline that says so."""

    identity: Identity
    count: int
    line: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline as it was read: `path` as users see it. An identity that two lines have counts as often as the higher says."""

    path: str
    data: bytes
    entries: tuple[Entry, ...] = ()

    @property
    def counts(self) -> Counter[Identity]:
        """How many findings of each identity are hidden."""
        found: Counter[Identity] = Counter()
        for entry in self.entries:
            found[entry.identity] = max(found[entry.identity], entry.count)
        return found


class Weighed(NamedTuple):
    """Findings set against a baseline: for each, whether it is hidden; and how many of each identity there are."""

    hidden: tuple[bool, ...]
    present: Counter[Identity]


def parse(path: str, data: bytes) -> Baseline:
    """The baseline in `data`; a `UserError` that names the line where it is none."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise _corrupt(path, data.count(b"\n", 0, error.start) + 1, "no UTF-8") from None
    numbered = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    for number, line in numbered:
        if line.startswith(MARKS):
            raise UserError(
                f"{path}:{number}: the baseline was merged with conflicts", "Keep the lines of both sides, and drop the marks."
            )
    rows = [(number, _object(path, number, line)) for number, line in numbered]
    if not rows or "portscan-baseline" not in rows[0][1]:
        raise UserError(f"{path} is no baseline of portscan", "Name another, or write one with --write-baseline.")
    _check_version(path, rows[0][1])
    return Baseline(path, data, tuple(_entry(path, number, row) for number, row in rows if row != HEAD))


def dump(counts: Mapping[Identity, int]) -> bytes:
    """A baseline that hides so many findings of each identity: sorted, one to a line."""
    from json import dumps

    rows = [dumps(HEAD), *(_line(identity, number) for identity, number in sorted(counts.items()) if number)]
    return "".join(f"{row}\n" for row in rows).encode()


def weighed(identities: Sequence[Identity], counts: Mapping[Identity, int]) -> Weighed:
    """Which findings `counts` hide: of equal ones the first, as many as are counted."""
    present: Counter[Identity] = Counter()
    hidden = []
    for identity in identities:
        present[identity] += 1
        hidden.append(present[identity] <= counts.get(identity, 0))
    return Weighed(tuple(hidden), present)


def stale(
    baseline: Baseline, present: Mapping[Identity, int], covered: Callable[[Identity], bool]
) -> Iterator[tuple[Entry, int]]:
    """The entries that count more than there is, with what there is, of those that a scan has `covered`."""
    for entry in baseline.entries:
        there = present.get(entry.identity, 0)
        if there < entry.count and covered(entry.identity):
            yield entry, there


def updated(
    counts: Mapping[Identity, int], present: Mapping[Identity, int], covered: Callable[[Identity], bool], *, grow: bool
) -> Counter[Identity]:
    """What a new baseline counts: of what was `covered` what there is, at most as much as before unless it may `grow`."""
    kept = Counter({identity: number for identity, number in counts.items() if not covered(identity)})
    for identity, number in present.items():
        kept[identity] = number if grow else min(number, counts.get(identity, 0))
    return +kept


def _line(identity: Identity, number: int) -> str:
    """An entry with its keys in a fixed order. What could mislead a reader, or is no text, is escaped."""
    from json import dumps

    port = PORT.fullmatch(identity.about)
    about = {"port": int(port[0])} if port else {"service": identity.about} if identity.about else {}
    row = {"path": identity.path, "code": identity.code, **about, "count": number, "text": identity.text}
    return dumps(row, ensure_ascii=not (identity.path + identity.text).isprintable())


def _object(path: str, number: int, line: str) -> dict[str, Any]:
    from json import loads

    try:
        row = loads(line)
    except (ValueError, RecursionError):
        raise _corrupt(path, number, "no JSON object") from None
    if not isinstance(row, dict):
        raise _corrupt(path, number, "no JSON object")
    return row


def _check_version(path: str, head: Mapping[str, Any]) -> None:
    if head != HEAD:
        raise UserError(
            f"{path}: this portscan reads baselines of version {VERSION}, not {head['portscan-baseline']!r}",
            "Use the portscan that wrote it, or write it anew with --write-baseline.",
        )


def _entry(path: str, number: int, row: Mapping[str, Any]) -> Entry:
    kinds = {"path": str, "code": str, "service": str, "port": int, "count": int, "text": str}
    for key, value in row.items():
        if key not in kinds or type(value) is not kinds[key]:
            raise _corrupt(path, number, f"wrong: `{ascii(key[:40])[1:-1]}` does not belong there")
    missing = [key for key in ("path", "code", "count", "text") if key not in row]
    if missing or row["count"] < 1:
        raise _corrupt(path, number, f"without `{missing[0]}`" if missing else "wrong: `count` begins at 1")
    about = row.get("service") or str(row.get("port", ""))
    return Entry(Identity(row["path"], row["code"], about, row["text"]), row["count"], number)


def _corrupt(path: str, number: int, what: str) -> UserError:
    return UserError(f"{path}:{number}: the line of the baseline is {what}", AGAIN)
