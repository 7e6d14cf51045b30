"""A small repository to be hostile in."""

from __future__ import annotations

from pathlib import Path

REGISTRY_PATH = "config/ports/registry.yaml"
REGISTRY = """\
version: "1.0"
lastUpdated: "2026-01-01"
ranges: {web: "3000-3999"}
services:
  - {name: shop, port: 3103, stack: web, owner: a, description: The shop}
"""


def write(root: Path, path: str, text: str | bytes) -> Path:
    """A file below `root`, with the folders that it needs."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text)
    return file


def repository(root: Path, configuration: str = "") -> Path:
    """A registry with one service, and a configuration."""
    write(root, REGISTRY_PATH, REGISTRY)
    if configuration:
        write(root, "portscan.toml", configuration)
    return root
