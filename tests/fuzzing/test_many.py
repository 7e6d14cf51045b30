"""Very many ports in one file, on one line or a line each: fixes, too, take time in proportion to what the file holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.pipeline.scanning import scan_text
from portscan.source import Source, decode
from tests.fuzzing.growth import superlinear
from tests.judges import EXHAUSTIVE
from tests.literals import registry

TODAY = date(2026, 1, 1)
REGISTRY = registry("name: web, port: 4010, previous: [{port: 4011, until: 2025-01-01}]")
URL = "http://localhost:4010"
# How a file is written, so that there is a port in each of its pieces: its path, what begins it, a piece, what ends it.
LINES = {
    "YAML": ("compose.yml", "services:\n  web:\n    environment:\n", "      A{n}: http://localhost:4010\n", ""),
    "YAML, a script": ("compose.yml", "services:\n  web:\n    command: |\n", "      curl http://localhost:4010\n", ""),
    "a workflow": (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: |\n", f"          curl {URL}\n", ""),
    "JavaScript": ("a.js", "", f'const a{{n}} = "{URL}";\n', ""),
    "TypeScript with other letters": ("a.ts", "// é\n", f'const a{{n}}: string = "{URL}";\n', ""),
    "Python": ("a.py", "", f'a{{n}} = "{URL}"\n', ""),
    "shell": ("a.sh", "", f"curl {URL}\n", ""),
    "shell, here-documents": ("a.sh", "", f"cat <<A\n{URL}\n A\n", ""),
    "env": ("a.env", "", f"A{{n}}={URL}\n", ""),
    "Makefile": ("Makefile", "a:\n", f"\tcurl {URL}\n", ""),
    "Makefile, a recipe that goes on": ("Makefile", "a:\n\ttrue \\\n", f"\t  {URL} \\\n", "\t  a\n"),
    "Dockerfile": ("Dockerfile", "FROM a\n", f"ENV A{{n}}={URL}\n", ""),
    "Markdown": ("a.md", "", "The web is at http://localhost:4011.\n\n", ""),
    "what is retired": ("a.sh", "", "curl http://localhost:4011\n", ""),
    "idle ignores": ("a.py", "", "a{n} = 1  # portscan: ignore\n", ""),
    "idle ignores in JavaScript": ("a.js", "", "a{n}(); // portscan: ignore\n", ""),
    "idle blocks": ("a.py", "", "# portscan: ignore-start\na{n} = 1\n# portscan: ignore-end\n", ""),
    "idle codes": ("a.go", "", "a{n}() // portscan: ignore[PS001]\n", ""),
    "idle pins": ("a.sh", "", "echo a{n} # portscan: web\n", ""),
    "idle ignores of ports": ("a.py", "", "a{n} = 'http://x.example.com:81'  # portscan: ignore[PS003]\n", ""),
    "a continued command": ("a.sh", "docker run \\\n", f"  -e A{{n}}={URL} \\\n", "  a\n"),
}
ON_ONE_LINE = {
    "YAML, in quotes": ("compose.yml", 'services:\n  web:\n    environment:\n      A: "', f"{URL}, ", '"\n'),
    "YAML, as a list": ("compose.yml", "services:\n  web:\n    environment: [", f'"A={URL}", ', '"B"]\n'),
    "JavaScript, in quotes": ("a.js", 'const a = "', f"{URL}, ", '";\n'),
    "JavaScript, as a list": ("a.js", "const a = [", f'"{URL}", ', "];\n"),
    "JavaScript, a list in a test": ("a.test.js", "const a = [", f'"{URL}", ', "];\n"),
    "Python, in quotes": ("a.py", 'a = "', f"{URL}, ", '"\n'),
    "Python, as a list": ("a.py", "a = [", f'"{URL}", ', "]\n"),
    "shell, in quotes": ("a.sh", 'a="', f"{URL}, ", '"\n'),
    "env, in quotes": ("a.env", 'A="', f"{URL}, ", '"\n'),
    "idle ignores": ("a.py", "a = 1 ", "# portscan: ignore ", "\n"),
    "Markdown, a row": ("a.md", "| web | a |\n| - | - |\n|", " http://localhost:4011 |", "\n"),
}
USUAL = (
    *("idle ignores", "idle blocks", "idle ignores of ports", "idle ignores, on one line"),
    *("YAML", "YAML, a script", "JavaScript", "Python", "shell", "what is retired", "a continued command"),
    *("Makefile, a recipe that goes on", "JavaScript, a list in a test, on one line"),
    *("YAML, in quotes, on one line", "JavaScript, as a list, on one line", "env, in quotes, on one line"),
)
SIZES = (125, 250, 500)


EVERY = {**LINES, **{f"{name}, on one line": one for name, one in ON_ONE_LINE.items()}}
TRIED = EVERY if EXHAUSTIVE else {name: EVERY[name] for name in USUAL}


@pytest.mark.parametrize(("path", "begin", "piece", "end"), TRIED.values(), ids=TRIED)
def test_fixes_of_a_file_take_time_in_proportion(path: str, begin: str, piece: str, end: str, tmp_path: Path) -> None:
    def scan(number: int) -> None:
        text = begin + "".join(piece.replace("{n}", str(n)) for n in range(number)) + end
        source = decode(path, text.encode())
        assert isinstance(source, Source)
        found = scan_text(tmp_path, source, REGISTRY, Config(), TODAY, fixes=True)
        assert len(found.report.findings) == number

    assert not superlinear(scan, SIZES)


# What no fix binds, so that it is pinned: by a comment behind each line, or by one pin in the configuration.
PINNED = {
    "Go": ("a.go", "package a\n", f'var a{{n}} = "{URL}"\n', ""),
    "Java": ("A.java", "", f'String a{{n}} = "{URL}";\n', ""),
    "JSON": ("a.json", '{"a": "b"', f',\n"a{{n}}": "{URL}"', "}\n"),
    "YAML": ("a.yaml", "a: b\n", f"a{{n}}: {URL}\n", ""),
    "YAML, in a text": ("a.yaml", "a: |\n", f"  {URL}\n", ""),
    "Python": ("a.py", "from typing import Literal\n", f"a{{n}}: Literal['{URL}']\n", ""),
    "JavaScript": ("a.js", "", f'import "{URL}/{{n}}";\n', ""),
}


@pytest.mark.parametrize(("path", "begin", "piece", "end"), PINNED.values(), ids=PINNED)
def test_pins_of_a_file_take_time_in_proportion(path: str, begin: str, piece: str, end: str, tmp_path: Path) -> None:
    def scan(number: int) -> None:
        text = begin + "".join(piece.replace("{n}", str(n)) for n in range(number)) + end
        source = decode(path, text.encode())
        assert isinstance(source, Source)
        found = scan_text(tmp_path, source, REGISTRY, Config(), TODAY, fixes=True, pin=True).report.findings
        assert all(each.fix is not None and each.fix.title == "Pin 4010 to web" for each in found)
        assert len(found) == number

    assert not superlinear(scan, SIZES)
