"""Fix whole repositories and let their own tools judge: every figure of docs/autofix.md comes from here.

usage: trial.py REPOSITORY… [--registry FILE] [--markdown]

Each REPOSITORY is a directory; it is copied, and the copy is fixed. Without --registry one is made from what its compose
files publish. The judges: Compose v2 (`docker-compose config`), Python, Node, bash and JSON, as far as they are installed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from portscan.config import Config
from portscan.edit import applied, by_path, new_files, write
from portscan.fixing import FAILED, chosen
from portscan.model import Finding
from portscan.pipeline import Scan, literals, scan
from portscan.registry.loader import load
from portscan.registry.model import Registry

TODAY = date(2026, 1, 1)
ALLOWED = ("safe", "unsafe")


def main() -> int:
    """Try every repository and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--registry", type=Path)
    parser.add_argument("--safe-only", action="store_true", help="apply the safe fixes only")
    args = parser.parse_args()
    rows = [trial(path, args.registry, ("safe",) if args.safe_only else ALLOWED) for path in args.repositories]
    heads = list(rows[0])
    print("| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads))
    for row in rows:
        print("| " + " | ".join(str(row[head]) for head in heads) + " |")
    return 1 if any(row["faults"] for row in rows) else 0


def trial(repository: Path, registry_file: Path | None, allowed: tuple[str, ...]) -> dict[str, object]:
    """Fix a copy of one repository, and count."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "copy"
        shutil.copytree(repository, root, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        subprocess.run(["git", "init", "-q", root], check=True)
        subprocess.run(["git", "-C", root, "add", "-A", "-f"], check=True, stderr=subprocess.DEVNULL)
        registry = read_registry(registry_file.read_bytes()) if registry_file else made_registry(root)
        judged = {path: verdict(root / path) for path in judged_files(root)}
        found = run(root, registry)
        edits = list(chosen(found.report.findings, allowed))  # type: ignore[arg-type]
        files = new_files(edits, found.sources)
        write(root, root, files)
        faults = list(examined(root, registry, found, judged, allowed))
        for fault in faults:
            print(f"{repository.name}: {fault}", file=sys.stderr)
        return summary(repository, registry, found, len(files), len(faults))


def run(root: Path, registry: Registry) -> Scan:
    """A scan with verified fixes."""
    return scan(root, [], registry, Config(), TODAY, fixes=True)


def examined(
    root: Path, registry: Registry, found: Scan, judged: dict[str, str | None], allowed: tuple[str, ...]
) -> Iterator[str]:
    """What went wrong: other bytes changed, a tool that disagrees, a fix that did not last, a second run that changes."""
    for path, group in by_path(chosen(found.report.findings, allowed)):  # type: ignore[arg-type]
        if (root / path).read_bytes() != applied(found.sources[path], group):
            yield f"{path}: bytes outside the edits changed"
    for path, before in judged.items():
        after = verdict(root / path)
        if before is not None and after != before:
            yield f"{path}: its own tool sees a difference"
    again = run(root, registry)
    fixed = [f for f in found.report.findings if f.fix and f.fix.applicability in allowed]
    if list(chosen(again.report.findings, allowed)):  # type: ignore[arg-type]
        yield "a second run changes files"
    before_keys = Counter(map(gist, found.report.findings)) - Counter(map(gist, fixed))
    for key in Counter(map(gist, again.report.findings)) - before_keys:
        yield f"{key}: is still, or newly, reported"


def gist(finding: Finding) -> tuple[str, str, int | None, str | None]:
    """A finding without its place."""
    return finding.path, finding.code, finding.port, finding.service


def summary(repository: Path, registry: Registry, found: Scan, files: int, faults: int) -> dict[str, object]:
    """The row of the table."""
    findings = found.report.findings
    kinds = Counter(f.fix.applicability if f.fix else "none" for f in findings)
    dropped = sum(1 for f in findings if (f.help or "").startswith(f"By hand: {FAILED}"))
    return {
        "repository": repository.name,
        "services": len(registry.services),
        "files read": found.report.files,
        "findings": len(findings),
        "safe": kinds["safe"],
        "unsafe": kinds["unsafe"],
        "shown only": kinds["display"],
        "files changed": files,
        "dropped by verify": dropped,
        "faults": faults,
    }


def read_registry(data: bytes) -> Registry:
    """The registry in a file, which must have no errors."""
    loaded = load("registry", data)
    if loaded.registry is None:
        raise SystemExit(f"the registry has errors: {loaded.findings[0].message}")
    return loaded.registry


def made_registry(root: Path) -> Registry:
    """A registry of what the compose files publish: the first service to publish a port gets it."""
    services: dict[int, dict[str, object]] = {}
    every = literals(root).literals
    for here, following in pairwise(every):
        if (
            here.side == "host"
            and here.owner
            and here.port not in services
            and here.owner not in {s["name"] for s in services.values()}
        ):
            inside = (
                following.port if following.side == "container" and following.location.line == here.location.line else here.port
            )
            services[here.port] = {"name": here.owner, "stack": "all", "port": here.port, "container_port": inside}
    document = {"version": "1.0.0", "services": list(services.values())}
    return read_registry(json.dumps(document).encode())


def judged_files(root: Path) -> Iterator[str]:
    """The files that a tool can judge."""
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts and judge_of(path):
            yield path.relative_to(root).as_posix()


def judge_of(path: Path) -> Callable[[Path], str | None] | None:
    """Who judges a file: the answer must be the same before and after."""
    if "compose" in path.name and path.suffix in (".yml", ".yaml"):
        return compose
    judges = {".py": python, ".sh": bash, ".js": node, ".mjs": node, ".cjs": node, ".json": as_json}
    return judges.get(path.suffix)


def verdict(path: Path) -> str | None:
    """What the file's tool says of it, None where there is no such tool or it refuses the file."""
    judge = judge_of(path)
    return judge(path) if judge else None


def output(*command: str | Path) -> str | None:
    """What a command prints, None when it fails or is not there."""
    if shutil.which(str(command[0])) is None:
        return None
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=CLEAN)
    return done.stdout if done.returncode == 0 else None


CLEAN = {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"}


def compose(path: Path) -> str | None:
    """The configuration as Compose understands it with no variables set but those of the file's own `.env`."""
    return output("docker-compose", "-f", path, "config")


def python(path: Path) -> str | None:
    """Whether it compiles."""
    try:
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return "compiles"


def bash(path: Path) -> str | None:
    """Whether bash can read it."""
    return output("bash", "-n", path)


def node(path: Path) -> str | None:
    """Whether Node can read it."""
    return output("node", "--check", path)


def as_json(path: Path) -> str | None:
    """Its value."""
    try:
        return json.dumps(json.loads(path.read_bytes()), sort_keys=True)
    except ValueError:
        return None


if __name__ == "__main__":
    raise SystemExit(main())
