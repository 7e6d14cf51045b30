"""Whether the commit that is checked out may be released: `make release-check`.

usage: python -m tools.release [--tag v1.2.3] [--tests all|smoke|none] [--out DIRECTORY]

It works on fresh clones, so what is not committed does not count. Exit status 1 says that something is wrong, in words.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tools.pythons import TOP, declared, interpreter
from tools.release import bill, installing, judging
from tools.release.building import BY_WAY_OF_SDIST, ELSEWHERE, USUAL, Built, Circumstances, build, clone, compare, digest
from tools.release.running import Refused, run, say

T = TypeVar("T")


def main() -> int:
    """Build, compare, judge, install, test; then leave packages and evidence in the directory asked for."""
    args = _arguments()
    with tempfile.TemporaryDirectory(prefix="portscan-release-") as folder:
        place = Path(folder)
        try:
            built = _built(place)
            _judged(place, built, args)
        except Refused as refused:
            say(f"release: {refused}")
            return 1
    say(f"release: {run('git', 'log', '-1', '--format=%h', cwd=TOP).strip()} may go out; see {args.out}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tag", default="", help="the tag of the release: everything must be called so")
    parser.add_argument("--tests", choices=("all", "smoke", "none"), default="all", help="what runs against the wheel")
    parser.add_argument("--workers", default="auto", help="processes of pytest")
    parser.add_argument("--out", type=Path, default=TOP / "dist" / "release", help="where packages and evidence are left")
    parser.add_argument("--write-licences", action="store_true", help="write docs/licences.md instead of comparing it")
    return parser.parse_args()


def _built(place: Path) -> Built:
    """The files of the first build, once every other one has come out the same."""
    first = _timed("built", lambda: build(TOP, place / "0", USUAL))
    others = [ELSEWHERE, BY_WAY_OF_SDIST, *_by_other_pythons()]
    for number, circumstances in enumerate(others, 1):
        other = _timed("the same to the byte", lambda n=number, c=circumstances: build(TOP, place / str(n), c))
        compare(first, other)
    return first


def _by_other_pythons() -> list[Circumstances]:
    """The oldest and the newest Python that the machine has besides the running one."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = [(version, python) for version in declared() if version != own and (python := interpreter(version))]
    return [Circumstances(f"by Python {version}", str(python)) for version, python in dict.fromkeys((*found[:1], *found[-1:]))]


def _judged(place: Path, built: Built, args: argparse.Namespace) -> None:
    source = clone(TOP, place / "judged")
    for line in judging.judged(source, built, args.tag):
        say(line)
    plain = installing.environment(place / "plain", str(built.wheel))
    say(installing.used(plain, source, place))
    materials = _materials(place, source, built, plain)
    _licences(place, built, args)
    if args.tests != "none":
        say(_timed("tested", lambda: installing.tested(built.wheel, built.sdist, place, args.tests, args.workers)))
    _leave(args.out, built, materials)


def _materials(place: Path, source: Path, built: Built, plain: Path) -> Path:
    name = built.wheel.name.rpartition("-py3")[0] + ".cdx.json"
    first = bill.bill_of_materials(plain, source, place / name)
    again = installing.environment(place / "another-place" / "plain", str(built.wheel))
    second = bill.bill_of_materials(again, source, place / f"again-{name}")
    if first.read_bytes() != second.read_bytes():
        raise Refused("the bills of materials of two environments with the same contents differ")
    say(f"bill of materials: {name}, the same from two environments")
    return first


def _licences(place: Path, built: Built, args: argparse.Namespace) -> None:
    file = TOP / bill.PAGE
    if args.write_licences:
        few, many = bill.collected(built.wheel, place, [str(python) for v in declared() if (python := interpreter(v))])
        file.write_text(bill.page(few, many), encoding="utf-8")
    _, installed = bill.collected(built.wheel, place / "licences", [sys.executable])
    listed = bill.read(file.read_text(encoding="utf-8")) if file.exists() else {}
    wrong = {name: licence for name, licence in installed.items() if listed.get(name) != licence}
    if wrong:
        raise Refused(f"{bill.PAGE} does not list {wrong}: run `make licences`, and read what it changes")
    say(f"licences: those of {len(installed)} dependencies, extras included, are accepted and listed")


def _leave(out: Path, built: Built, materials: Path) -> None:
    """Packages apart from evidence: what publishes takes all that it finds."""
    shutil.rmtree(out, ignore_errors=True)
    for folder, files in (("packages", (built.wheel, built.sdist)), ("evidence", (materials,))):
        (out / folder).mkdir(parents=True)
        for file in files:
            shutil.copy(file, out / folder)
    sums = "".join(f"{digest(file)}  {file.name}\n" for file in sorted((out / "packages").iterdir()))
    changes = run("git", "show", "HEAD:CHANGELOG.md", cwd=TOP)
    (out / "evidence" / "SHA256SUMS").write_text(sums, encoding="utf-8")
    (out / "evidence" / "NOTES.md").write_text(
        judging.notes(changes, judging.read_metadata(built.wheel)["Version"]) + "\n", encoding="utf-8"
    )
    say(sums.rstrip())


def _timed(what: str, step: Callable[[], T]) -> T:
    before = time.monotonic()
    done = step()
    subject = done.circumstances.name if isinstance(done, Built) else "wheel"
    say(f"{subject}: {what} ({time.monotonic() - before:.0f} s)")
    return done


if __name__ == "__main__":
    sys.exit(main())
