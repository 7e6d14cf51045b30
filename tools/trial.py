"""Fix whole repositories and let their own tools judge: the figures of docs/autofix.md come from here.

usage: trial.py [--safe-only] [--write] [--kept FILE] [REPOSITORY[=REGISTRY]…]

Each REPOSITORY is a directory; it is copied, and the copy is fixed. Without a REGISTRY one is made from what its compose files
publish. The judges: Compose v2 (`docker-compose config`), Python, the TypeScript compiler, bash, and readers of YAML and
JSON, as far as they are installed. With --write the table in docs/autofix.md is replaced.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from portscan.config import Config
from portscan.edit import applied, by_path, new_files, write
from portscan.fixing.planning import chosen
from portscan.model import Applicability, Edit, Finding
from portscan.pipeline.inventories import literals
from portscan.pipeline.scanning import Scan, scan
from portscan.registry.loader import load
from portscan.registry.model import Registry
from portscan.verifying import FAILED
from tools.verdicts import judge_of, verdicts

TODAY = date(2026, 1, 1)
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "autofix.md"
TABLE = re.compile(r"(?<=<!-- trial -->\n).*?(?=<!-- end of trial -->)", re.DOTALL)


def main() -> int:
    """Try every repository and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="*", metavar="REPOSITORY[=REGISTRY]")
    parser.add_argument("--safe-only", action="store_true", help="apply the safe fixes only")
    parser.add_argument("--write", action="store_true", help="put the table into docs/autofix.md")
    parser.add_argument(
        "--kept", type=Path, metavar="FILE", help="add to the figures that FILE holds, and keep all of them there"
    )
    args = parser.parse_args()
    allowed: tuple[Applicability, ...] = ("safe",) if args.safe_only else ("safe", "unsafe")
    rows = json.loads(args.kept.read_text(encoding="utf-8")) if args.kept and args.kept.exists() else []
    for each in args.repositories:
        row = trial(*named(each), allowed)
        rows = [*(other for other in rows if other["repository"] != row["repository"]), row]
        if args.kept:
            args.kept.write_text(json.dumps(rows), encoding="utf-8")
    shown = table(rows)
    print(shown)
    if args.write:
        DOCUMENT.write_text(TABLE.sub(lambda _: f"\n{shown}\n", DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return 1 if any(row["faults"] for row in rows) else 0


def named(argument: str) -> tuple[Path, Path | None]:
    """A repository and its registry."""
    path, _, registry = argument.partition("=")
    return Path(path), Path(registry) if registry else None


def table(rows: list[dict[str, object]]) -> str:
    """The figures, a column for each repository."""
    lines = [f"| {head} | {' | '.join(str(row.get(head, '–')) for row in rows)} |" for head in rows[-1]]
    return "\n".join((lines[0], "| --- |" + " ---: |" * len(rows), *lines[1:]))


@dataclass(frozen=True)
class Trial:
    """A copy of a repository, before and after."""

    root: Path
    registry: Registry
    found: Scan
    before: dict[str, str | None]
    allowed: tuple[Applicability, ...]

    @property
    def fixed(self) -> list[Finding]:
        """The findings whose fixes are applied."""
        return [f for f in self.found.report.findings if f.fix and f.fix.applicability in self.allowed]

    @property
    def changed(self) -> dict[str, list[bytes]]:
        """The files that are fixed: the bytes they had, and those they should have."""
        edits = by_path(chosen(self.found.report.findings, self.allowed))
        return {path: [self.found.sources[path], applied(self.found.sources[path], group)] for path, group in edits}

    def faults(self) -> Iterator[str]:
        """What went wrong: other bytes changed, a tool that disagrees, a fix that did not last, a second run that changes."""
        changed = self.changed
        for path in self.before:
            if (self.root / path).read_bytes() != changed.get(path, [b"", self.found.sources.get(path)])[1]:
                yield f"{path}: bytes outside the edits changed" if path in changed else ""
        renumbered = {edit.path for finding in self.fixed for edit in renumbering(finding)}
        now = verdicts(self.root, self.before)
        for path, before in self.before.items():
            after = now[path]
            if before is not None and (after is None or (after != before and path not in renumbered)):
                yield f"{path}: its own tool sees a difference"
        yield from self.second_run()

    def second_run(self) -> Iterator[str]:
        """A second run changes nothing, and reports none of what was fixed."""
        again = scan(self.root, [], self.registry, Config(), TODAY, fixes=True)
        if list(chosen(again.report.findings, self.allowed)):
            yield "a second run changes files"
        left = Counter(map(gist, self.found.report.findings)) - Counter(map(gist, self.fixed))
        for key in Counter(map(gist, again.report.findings)) - left:
            yield f"{key}: is still, or newly, reported"


def renumbering(finding: Finding) -> Iterator[Edit]:
    """The edits of a fix that are meant to change a number: digits are taken out that do not come back."""
    for edit in finding.fix.edits if finding.fix else ():
        before, after = (set(re.findall(rb"\d{2,5}", text)) for text in (edit.before, edit.after))
        if before - after:
            yield edit


def trial(repository: Path, registry_file: Path | None, allowed: tuple[Applicability, ...]) -> dict[str, object]:
    """Fix a copy of one repository, and count."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "copy"
        shutil.copytree(repository, root, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        subprocess.run(["git", "init", "-q", root], check=True)
        subprocess.run(["git", "-C", root, "add", "-A", "-f"], check=True, stderr=subprocess.DEVNULL)
        registry = read_registry(registry_file.read_bytes()) if registry_file else made_registry(root)
        found = scan(root, [], registry, Config(), TODAY, fixes=True)
        files = new_files(chosen(found.report.findings, allowed), found.sources)
        judged = judged_files(root, {file.path for file in files})
        run = Trial(root, registry, found, verdicts(root, judged), allowed)
        write(root, root, files)
        faults = [fault for fault in run.faults() if fault]
        for fault in faults:
            print(f"{repository.name}: {fault}", file=sys.stderr)
        return summary(repository, run, len(files), faults)


def gist(finding: Finding) -> tuple[str, str, int | None, str | None]:
    """A finding without its place."""
    return finding.path, finding.code, finding.port, finding.service


def summary(repository: Path, run: Trial, files: int, faults: list[str]) -> dict[str, object]:
    """The column of the table."""
    findings = run.found.report.findings
    kinds = Counter(f.fix.applicability if f.fix else "none" for f in findings)
    dropped = [f.help or "" for f in findings if (f.help or "").startswith(f"By hand: {FAILED}")]
    accepted = [path for path, said in run.before.items() if said is not None]
    return {
        "repository": repository.name,
        "services in the registry": len(run.registry.services),
        "files read": run.found.report.files,
        "findings": len(findings),
        "safe fixes": kinds["safe"],
        "unsafe fixes": kinds["unsafe"],
        "shown only": kinds["display"],
        "without a fix": kinds["none"],
        "of these dropped by verification": len(dropped),
        "dropped because": reasons(dropped),
        "files changed": files,
        "files that a tool judged": len(accepted),
        "of these compose files": sum(judge_of(Path(path)) == "compose" for path in accepted),
        "faults": len(faults),
    }


def reasons(dropped: list[str]) -> str:
    """Why fixes were dropped, in the words that are the same for many."""
    words = (help_.removeprefix(f"By hand: {FAILED}").partition(":")[0].rstrip(".") for help_ in dropped)
    return "; ".join(f"{said} ({count})" for said, count in Counter(words).most_common()) or "–"


def read_registry(data: bytes) -> Registry:
    """The registry in a file, which must have no errors."""
    loaded = load("registry", data)
    if loaded.registry is None:
        raise SystemExit(f"the registry has errors: {loaded.findings[0].message}")
    return loaded.registry


def made_registry(root: Path) -> Registry:
    """A registry of what the compose files publish and the env files set: the first service to publish a port gets it."""
    services: dict[int, dict[str, object]] = {}
    every = literals(root).literals
    for here, following in pairwise(every):
        names = {service["name"] for service in services.values()}
        if here.side == "host" and here.owner and here.port not in services and here.owner not in names:
            pair = following.side == "container" and following.location.line == here.location.line
            inside = following.port if pair else here.port
            services[here.port] = {"name": here.owner, "stack": "all", "port": here.port, "container_port": inside}
    for variable, port in sorted({(each.name or "", each.port) for each in every if each.language == "env"}):
        name = variable.removesuffix("_PORT").lower().replace("_", "-")
        if variable.endswith("_PORT") and port not in services and name not in {s["name"] for s in services.values()}:
            services[port] = {"name": name, "stack": "all", "port": port, "env": variable}
    document = {"version": "1.0.0", "services": list(services.values())}
    return read_registry(json.dumps(document).encode())


def judged_files(root: Path, changed: set[str]) -> Iterator[str]:
    """The files that are changed, and all compose files: a change may reach them through another."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not path.is_symlink() and (name in changed or judge_of(path) == "compose"):
            yield name


if __name__ == "__main__":
    raise SystemExit(main())
