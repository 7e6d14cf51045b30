"""Draw docs/images/scan.svg from what `portscan` really prints for a few files of the example.

usage: picture.py [--check]
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

TOP = Path(__file__).resolve().parent.parent
PICTURE = TOP / "docs" / "images" / "scan.svg"
SHOWN = ("tools/compose/docker-compose.telegram.yml",)
WIDTH = 88


def main() -> int:
    """Write the picture, or tell whether it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when it is out of date")
    args = parser.parse_args()
    made = drawn(printed())
    if args.check:
        return 0 if PICTURE.read_text(encoding="utf-8") == made else 1
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(made, encoding="utf-8")
    return 0


def printed() -> str:
    """The command's own output, in colour."""
    command = [sys.executable, "-m", "portscan", "--color", "always", "scan", "--exit-zero", *SHOWN]
    environment = {**os.environ, "COLUMNS": str(WIDTH)}
    done = subprocess.run(command, cwd=TOP / "examples" / "tradingsystem", capture_output=True, check=True, env=environment)
    return done.stdout.decode("utf-8")


def drawn(output: str) -> str:
    """The output as SVG, with the fonts of the reader's machine."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text.from_ansi(f"$ portscan {' '.join(SHOWN)}\n\n{output}"), end="")
    svg = console.export_svg(title="portscan", unique_id="scan")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    raise SystemExit(main())
