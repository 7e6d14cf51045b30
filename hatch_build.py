"""Compiles the rules into the wheel, so that no machine has to do so before its first scan."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent


class CompiledRules(BuildHookInterface[Any]):
    """Adds `portscan/_data/compiled.bin` to a wheel; an editable install compiles into the user's cache instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before anything is built."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, str(ROOT))
        from portscan.compiled import content

        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name, "compiled.bin")
        file.write_bytes(content())
        build_data["force_include"][str(file)] = "portscan/_data/compiled.bin"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Called when everything is built."""
        if hasattr(self, "folder"):
            self.folder.cleanup()
