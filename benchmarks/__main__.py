"""Measure portscan side by side with its peers, and write the tables of docs/performance.md.

usage: python -m benchmarks [REPOSITORY…] --portscan ENVIRONMENT [--rounds N] [--sizes N…] [--no-semgrep] [--write]

Each REPOSITORY is a git work tree; what is measured is a clone of it. Without one, only synthetic monorepos are.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path

from benchmarks import monorepo, peers
from benchmarks.measure import Contender, Result, race
from benchmarks.picture import draw
from benchmarks.report import Report, Section, published
from benchmarks.repositories import Repository, copied

TOP = Path(__file__).resolve().parent.parent
KEPT = TOP / ".venv" / "bench.json"
SIZES = (500, 5_000, 50_000)
CHANGED = "portscan, ten files changed"
EDITED = "portscan, after edits"
OPENAPI = """\
openapi: 3.1.0
info: {title: Items, version: 1.0.0}
servers:
  - url: http://localhost:4000/v1
paths:
"""
OPERATION = """\
  /items-{n}/{{id}}:
    get:
      operationId: getItem{n}
      description: One of the items of collection {n}, with what is known of its state.
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: integer, maximum: 99999}}}}
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {{$ref: '#/components/schemas/Item'}}
              example: {{id: 7, timeout: 3000, created: '2024-05-01T10:00:00Z'}}
"""


def main() -> int:
    """Measure, and print or publish."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--portscan", type=Path, required=True, help="the environment that portscan alone is installed in")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="files of the synthetic monorepos")
    parser.add_argument("--no-semgrep", action="store_true", help="leave out what takes minutes")
    parser.add_argument("--write", action="store_true", help="put the tables and the picture into docs/")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        programs = args.portscan.absolute() / "bin"
        tools = peers.Tools(programs / "portscan", programs / "python", Path(place) / "cache")
        found = _measured(args, tools, Path(place))
    text = published(found)
    print(text, end="")
    if args.write:
        _write(found, text)
    return 0


def _measured(args: argparse.Namespace, tools: peers.Tools, place: Path) -> Report:
    sections: list[Section] = []
    for source in args.repositories:
        repository = copied(source, place, tools.portscan)
        sections.append(_whole(repository, tools, args.rounds, slow=not args.no_semgrep))
        sections += _staged(repository, tools, args.rounds, slow=not args.no_semgrep)
    curve = {size: _synthetic(size, tools, place, max(args.rounds // 3, 1)) for size in args.sizes}
    return Report(tuple(sections), curve, _extremes(tools, place, max(args.rounds // 3, 1)))


def _whole(repository: Repository, tools: peers.Tools, rounds: int, *, slow: bool) -> Section:
    contenders = list(peers.whole_repository(tools, repository.folder, repository.registry, slow=slow))
    title = f"{repository.name}: {repository.files:,} files, {repository.share:.1%} of them with a port"
    # Apart: what it changes must not be new to the scan of what has not changed.
    scan = tools.scan(CHANGED, repository.folder, repository.registry)
    paths = [path for _, ten in repository.sorts() for path in ten][:10]
    return Section(title, peers.RG, race(contenders, rounds) | race([_edited(scan, paths)], rounds))


def _edited(scan: Contender, paths: Iterable[str]) -> Contender:
    """A scan in front of each of which the files at `paths` change anew."""
    before = {scan.folder / path: (scan.folder / path).read_bytes() for path in paths}
    numbers = count(1)

    def edit() -> None:
        lines = b"\n" * next(numbers)
        for path, data in before.items():
            path.write_bytes(data + lines)

    return replace(scan, before=edit)


def _staged(repository: Repository, tools: peers.Tools, rounds: int, *, slow: bool) -> list[Section]:
    sections = []
    for sort, paths in repository.sorts():
        contenders = [
            Contender(peers.PYTHON, (str(tools.python), "-c", "pass"), repository.folder),
            tools.scan(peers.COLD, repository.folder, repository.registry, "--no-cache", *paths),
            tools.scan(peers.AGAIN, repository.folder, repository.registry, *paths),
            peers.rg(tools, repository.folder, *paths),
            peers.ast_grep(tools, repository.folder, *paths),
        ]
        if slow:
            contenders.append(peers.semgrep(tools, repository.folder, *paths))
        # What people commit: the repository is known, the contents of the ten files are new.
        edited = _edited(tools.scan(EDITED, repository.folder, repository.registry, *paths), paths)
        found = race(contenders, rounds) | race([edited], rounds)
        sections.append(Section(f"Ten files of {repository.name} with {sort}", peers.PYTHON, found))
    return sections


def _synthetic(size: int, tools: peers.Tools, place: Path, rounds: int) -> dict[str, Result]:
    folder = place / f"monorepo-{size}"
    monorepo.make(folder, size)
    registry = folder / "config" / "ports" / "registry.yaml"
    contenders = [
        *peers.floors(tools, folder),
        tools.scan(peers.COLD, folder, registry, "--no-cache"),
        tools.scan(peers.WARM, folder, registry),
        peers.rg(tools, folder, "."),
        peers.ast_grep(tools, folder, "."),
    ]
    return race(contenders, rounds)


def _extremes(tools: peers.Tools, place: Path, rounds: int) -> dict[str, Result]:
    """One file that is far too large: 20 MB of minified JavaScript, 5 MB of YAML with ports everywhere or with hardly any."""
    folder = place / "extremes"
    folder.mkdir()
    minified = "var a={port:4000,b:[" + ",".join(f"function(n){{return n+{n}}}" for n in range(800_000)) + "]};"
    (folder / "bundle.js").write_text(minified, encoding="utf-8")
    rows = "".join(f"service-{n}:\n  port: {4000 + n % 900}\n  image: registry/image-{n}:1.2\n" for n in range(95_000))
    (folder / "values.yaml").write_text(rows, encoding="utf-8")
    (folder / "openapi.yaml").write_text(OPENAPI + "".join(OPERATION.format(n=n) for n in range(12_000)), encoding="utf-8")
    registry = folder / "registry.yaml"
    registry.write_text(monorepo.registry(), encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    names = {
        "bundle.js": "20 MB of minified JavaScript",
        "values.yaml": "5 MB of YAML, 95,000 ports",
        "openapi.yaml": "5 MB of YAML, a description of an API",
    }
    contenders = [tools.scan(name, folder, registry, "--no-cache", file) for file, name in names.items()]
    return race(contenders, rounds)


def _write(found: Report, text: str) -> None:
    from benchmarks.report import BEGIN, END

    document = TOP / "docs" / "performance.md"
    before, rest = document.read_text(encoding="utf-8").split(BEGIN)
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    draw(found.curve, TOP / "docs" / "images" / "scaling.svg")
    KEPT.write_text(json.dumps({size: {n: r.seconds for n, r in row.items()} for size, row in found.curve.items()}))


if __name__ == "__main__":
    raise SystemExit(main())
