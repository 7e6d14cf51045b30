"""Whether `portscan audit --since` tells what a scan of a checkout would: `python -m tools.trend_agreement REPOSITORY`.

The trend of a clone is measured; then some of its commits are checked out, each in a clone of its own and with no memory,
and scanned by hand. Every figure of a row that a checkout gives must be the same; the exit status is 1 where one is not.
Contents that the repository has not got stay away from the checkouts, as they do from the trend. REPOSITORY may be bare.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

from portscan import config as configuration
from portscan.findings import Breach
from portscan.life.auditing.figures import FOLLOWING, STRAYING
from portscan.pipeline.surveys import survey
from portscan.registry.loader import load, read
from portscan.workspace import current_day, label_of, nearest

Figures = Mapping[str, Any]
COUNTED = ("files", "literals", "codes")  # what a scan says
JUDGED = ("bound_share", "documented_right_share")  # what follows from the verdicts of a survey
RULES = "rules"  # in a cache directory: the rules, compiled
OF_THE_REGISTRY = ("services", "conflicts", "without_owner", "without_health_check", "headroom")  # what an audit says


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    """What git says in a folder."""
    return subprocess.run(["git", *arguments], cwd=folder, check=check, capture_output=True, text=True).stdout


def checked_out(repository: Path, place: Path, commit: str) -> Path:
    """A clone with a commit checked out, as far as its contents are there; by the name of the repository, as Compose asks."""
    name = repository.name if repository.name not in (".git", "repo") else repository.parent.name
    place.mkdir(parents=True)
    git(place, "clone", "--quiet", "--shared", "--no-checkout", str(repository), name)
    git(place / name, "update-ref", "--no-deref", "HEAD", git(repository, "rev-parse", commit).strip())
    git(place / name, "read-tree", "HEAD")
    git(place / name, "checkout-index", "--all", "--force", "--quiet", check=False)
    return place / name


def told(place: Path, memory: Path, *arguments: str) -> Any:
    """What portscan says as JSON."""
    command = [sys.executable, "-m", "portscan", *arguments, "--format", "json"]
    environment = {**os.environ, "PORTSCAN_CACHE_DIR": str(memory), "PYTHONPATH": str(Path(__file__).parent.parent)}
    return json.loads(subprocess.run(command, cwd=place, env=environment, check=True, capture_output=True).stdout)


def by_hand(place: Path, memory: Path) -> dict[str, Any]:
    """The figures of a checkout: those of a scan, of a survey of every literal, and of an audit that has no past."""
    scanned = told(place, memory, "scan", "--no-baseline", "--no-cache", "--exit-zero")["summary"]
    audited = told(place, memory, "audit")["figures"]
    shares = dict(zip(JUDGED, judged(place), strict=True))
    return {**{key: scanned[key] for key in COUNTED}, **shares, **{key: audited[key] for key in OF_THE_REGISTRY}}


def judged(place: Path) -> tuple[float | None, float | None]:
    """The shares of a checkout, from the verdict on each of its literals."""
    config = configuration.load(place)
    file = nearest(place, config)
    registry = load(label_of(place, config, file), read(file)).registry
    assert registry is not None
    verdicts: Counter[tuple[str, str]] = Counter()
    for each in survey(place, (), registry, config, current_day()).judged:
        verdicts[each.literal.context, each.verdict.code if isinstance(each.verdict, Breach) else each.verdict] += 1
    good, bad = (sum(verdicts["code", what] for what in those) for those in (FOLLOWING, STRAYING))
    right, wrong = verdicts["doc", "right"], verdicts["doc", "PS003"] + verdicts["doc", "PS006"]
    return (good / (good + bad) if good + bad else None), (right / (right + wrong) if right + wrong else None)


def differences(row: Figures, hand: Figures) -> Iterator[str]:
    """Where a row and a checkout do not say the same."""
    for key, value in hand.items():
        if row[key] != value:
            yield f"{key}: the trend has {row[key]}, the checkout {value}"


def chosen(rows: Sequence[Any], most: int) -> list[Any]:
    """So many of the rows that have figures, the first and the last among them."""
    known = [row for row in rows if row["figures"]]
    if len(known) <= most:
        return known
    return [known[round(number * (len(known) - 1) / max(most - 1, 1))] for number in range(most)]


def agree(repository: Path, since: str, every: str, most: int) -> bool:
    """Whether everything agrees; each row that is tried is shown."""
    with TemporaryDirectory() as scratch:
        place = checked_out(repository, Path(scratch) / "trend", "HEAD")
        seconds = []
        for _ in range(2):
            begun = sum(os.times()[:4])
            found = told(place, Path(scratch) / "memory", "audit", "--since", since, "--every", every)
            seconds.append(sum(os.times()[:4]) - begun)
        rows = found["trend"]
        figured = sum(row["figures"] is not None for row in rows)
        print(f"{len(rows)} rows, {figured} with figures: {seconds[0]:.1f} s of CPU, again {seconds[1]:.1f} s")
        for why in sorted({row["why"] for row in rows if row["why"]}):
            print(f"  without figures: {why}")
        wrong = 0
        for number, row in enumerate(chosen(rows, most)):
            memory = Path(scratch) / f"{number}.memory"
            copytree(Path(scratch) / "memory" / RULES, memory / RULES)  # compiling them takes longer than the scans
            hand = by_hand(checked_out(repository, Path(scratch) / str(number), row["commit"]), memory)
            told_apart = list(differences(row["figures"], hand))
            wrong += bool(told_apart)
            print(f"{row['label']} {row['commit'][:9]} {row['day']}: {'differs' if told_apart else 'the same'}")
            for key, value in hand.items():
                if not isinstance(value, list):
                    print(f"    {key} {value}")
            print("".join(f"  {line}\n" for line in told_apart), end="")
    return not wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and say so by the status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--since", default="1970-01-02", help="as of `portscan audit` (default: everything)")
    parser.add_argument("--every", default="week", help="as of `portscan audit` (default: week)")
    parser.add_argument("--rows", type=int, default=3, help="how many rows are checked out (default: 3)")
    args = parser.parse_args(arguments)
    return 0 if agree(args.repository.resolve(), args.since, args.every, args.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
