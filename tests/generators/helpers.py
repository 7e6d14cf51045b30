"""Small repositories to generate into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

REGISTRY = "config/ports/registry.yaml"
Write = Callable[[Path, str, str], Path]

SMALL = """\
version: "1.0.0"
ranges: {web: "3100-3199", data: "5400-5499"}
services:
  - {name: dashboard, stack: web, port: 3103, protocol: http, owner: Frontend Team, description: Main dashboard, container: true}
  - {name: db, stack: data, port: 5433, container_port: 5432, protocol: postgres, container: true}
"""


def write(root: Path, path: str, text: str) -> Path:
    """A file with that text."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    return file


def repository(root: Path, configuration: str = "", registry: str = SMALL) -> Path:
    """A repository with that configuration, which is the inside of portscan.toml, and registry."""
    (root / ".git").mkdir(parents=True, exist_ok=True)
    write(root, REGISTRY, registry)
    if configuration:
        write(root, "portscan.toml", configuration)
    return root


def registry_of(services: Sequence[dict[str, Any]], **more: Any) -> str:
    """A registry of these services, as YAML that holds whatever their texts hold."""
    from io import StringIO

    out = StringIO()
    YAML(typ="safe").dump({"version": "1.0.0", **more, "services": list(services)}, out)
    return out.getvalue()
