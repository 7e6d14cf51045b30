"""Write anew what builds a release, with the hashes: `make constraints`."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from tools.pythons import TOP, declared
from tools.release.building import CONSTRAINTS
from tools.release.running import run

HEAD = "# What builds the wheel and the sdist of a release, to the byte: `make constraints` writes this file anew.\n"


def main() -> None:
    """Resolve what `[build-system]` asks for."""
    text = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r"^requires = (\[.*\])$", text, re.MULTILINE)
    assert found, "pyproject.toml says in one line what it is built with"
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "build.in")
        wanted.write_text("\n".join(json.loads(found[1])) + "\n", encoding="utf-8")
        resolved = run(
            *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", declared()[0]),
            *("--generate-hashes", "--no-annotate", "--no-header", wanted),
        )
    (TOP / CONSTRAINTS).write_text(HEAD + resolved, encoding="utf-8")


if __name__ == "__main__":
    main()
