"""A repository of everything that is odd: every command ends well on it, and nothing reaches a terminal as it is."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from portscan.cli import main
from portscan.reporters import NAMES as FORMATS
from tests import repository as made
from tests.hostile.places import write
from tests.judges import EXHAUSTIVE

ODD = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
NAMES = (
    *(
        "--help",
        "-rf",
        "new\nline.sh",
        "quo\"te's.sh",
        "back\\slash.sh",
        "tab\t.sh",
        f"esc{ODD}.sh",
        "$(touch x).sh",
        "`id`.sh",
        " .sh",
    ),
    *(
        "C:\\ports.sh",
        "con.sh",
        "<script>alert(1)</script>.sh",
        "::error::x.sh",
        "%0A::x.sh",
        "caf\udce9.sh",
        "a|b.sh",
        "](x).sh",
    ),
)
DEEP = 3000
NESTED = {
    "deep.py": f"port = {'(' * DEEP}3103{')' * DEEP}\n",
    "chain.py": f"x{'.y(3103)' * DEEP}\n",
    "else.py": "if x: pass\n" + "elif x == 3103: pass\n" * DEEP,
    "deep.js": f"const port = {'[' * DEEP}3103{']' * DEEP};\n",
    "arrow.ts": f"const f = {'x => ' * DEEP}3103;\n",
    "deep.tsx": f"const f = {'<a>' * DEEP}3103{'</a>' * DEEP};\n",
    "deep.json": f'{{"port": {"[" * DEEP}3103{"]" * DEEP}}}\n',
    "deep.yaml": f"port: {'[' * DEEP}3103{']' * DEEP}\n",
    "steps.yaml": "".join(f"{' ' * step}a:\n" for step in range(500)) + f"{' ' * 500}port: 3103\n",
    "bomb.yaml": "a0: &a0 [3103]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
    "docker-compose.yml": "x: &x\n  ports: ['3103:3103']\n  <<: *x\nservices:\n  a: {<<: *x}\n  b: {extends: a}\n",
    "compose.deep.yaml": "services:\n  a:\n    environment:\n      A: " + "${A:-" * DEEP + "3103" + "}" * DEEP + "\n",
    "deep.sh": f"echo {'$(' * DEEP}curl localhost:3103{')' * DEEP}\n",
    "expand.sh": f"A={'${A:-' * DEEP}3103{'}' * DEEP}\n",
    "deep.toml": f"port = {'[' * DEEP}3103{']' * DEEP}\n",
    "deep.go": f"var port = {'f(' * DEEP}3103{')' * DEEP}\n",
    "deep.html": f"{'<div>' * DEEP}localhost:3103{'</div>' * DEEP}\n",
    "deep.md": f"{'> ' * DEEP}localhost:3103\n{'- ' * DEEP}x\n```sh\ncurl localhost:3103\n",
    "deep.conf": f"{'a {' * DEEP}listen 3103;{'}' * DEEP}\n",
    "Makefile": f"A = {'$(' * DEEP}3103{')' * DEEP}\n",
    "Dockerfile": f"FROM x\nRUN {'sh -c ' * 200}curl localhost:3103\nEXPOSE {'${A:-' * DEEP}3103{'}' * DEEP}\n",
    "long.env": f"API_PORT={'3103 ' * 2_000}\n",
    "zeros.sh": "curl localhost:3103\0\n",
    "half.py": b"port = 3103 # \xff\xfe\xc3\n",
    "wide.py": "port = 3103\n".encode("utf-16"),
    "windows.sh": "curl http://localhost:3103\r\nset PORT=3103\r\n",
    "escapes.sh": f"curl http://localhost:3103 # {ODD}\n",
    "script.md": f"<script>alert(1)</script> ]]> ::error::x {ODD} http://localhost:3103\n",
}
COMMANDS = [
    *(f"scan --format {name}" for name in FORMATS),
    *("scan -v", "scan -q", "scan --diff", "scan --diff --unsafe-fixes --pin", "scan --statistics", "scan --jobs 1 --no-cache"),
    *(f"inventory --format {name}" for name in ("table", "json", "csv", "xlsx --output out.xlsx")),
    *("inventory --explain escapes.sh:1", "validate", "sync --check", "sync --dry-run", "graph", "graph --format json"),
    *("graph --format dot", "graph --format mermaid", "report", "report --format html", "audit", "audit --format json"),
    *("audit --format markdown", "init --dry-run", "diff", "diff --format json", "migrate --dry-run shop 3104", "who 3103"),
    *("new more --stack web --dry-run", "doctor", "config", "panel --output out", "scan --changed", "scan --changed-lines"),
]
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    root = made.repository(folder / "repository")
    registry = made.REGISTRY.replace(
        "name: shop, stack: web, port: 4020", f"name: shop, stack: web, port: 3103, owner: {json.dumps(ODD)}"
    )
    write(root, made.REGISTRY_PATH, registry.replace("4000-4099", "3000-4099"))
    write(root, "portscan.toml", "[generate.env]\n[generate.docs]\n[generate.index]\n")
    for name in NAMES if os.name == "posix" else ():
        write(root, name, "curl http://localhost:3103\n")
        write(root, f"{name}.d/deep/inner.sh", "curl http://localhost:3103\n")
    for name, text in NESTED.items():
        write(root, name, text)
    if os.name == "posix":
        (root / "loop").symlink_to("loop")
        (root / "self").symlink_to(".")
        (root / "out.sh").symlink_to("/etc/passwd")
        (root / "device.sh").symlink_to("/dev/zero")
        os.mkfifo(root / "pipe.sh")
    made.git(root, "add", "--all")
    made.git(root, "commit", "--quiet", "--no-verify", "--message", f"{ODD} and more")
    write(root, "escapes.sh", f"curl http://localhost:3103 # {ODD}\ncurl http://localhost:3103\n")
    return root


@pytest.mark.parametrize("command", COMMANDS if EXHAUSTIVE else COMMANDS[::4])
def test_a_command_ends_well_and_says_nothing_raw(
    odd: Path, command: str, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(odd)
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(odd.parent / "cache"))
    status = main(command.split())
    sys.stdout.flush()
    out, err = (data.decode() for data in capfdbinary.readouterr())
    assert status in (0, 1, 2), err
    assert RAW.search(err) is None
    if "--diff" not in command and "--dry-run" not in command:  # a diff is for programs unless somebody watches
        assert RAW.search(out.replace("\r\n", "\n") if "csv" in command else out) is None
    if "json" in command or "sarif" in command or "gitlab" in command:
        json.loads(out)
    if "junit" in command or command == "report":
        ET.fromstring(out)
    if "github" in command:
        assert all(
            line.startswith(("::error ", "::warning ", "::notice ", "::group", "::endgroup")) or "::" not in line[:3]
            for line in out.splitlines()
        )


def test_every_literal_of_a_plain_file_with_an_odd_name_is_found(
    odd: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name != "posix":
        pytest.skip("needs names that Windows does not have")
    monkeypatch.chdir(odd)
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(odd.parent / "cache"))
    assert main(["inventory", "--format", "json"]) == 0
    document = json.loads(capfd.readouterr().out)
    found = {row["path"] for row in document["literals"]}
    shown = {name.replace("\udce9", "\\xe9") if "\udce9" in name else name for name in NAMES if name.endswith(".sh")}
    assert {path for path in found if path.endswith("/inner.sh")} >= {
        f"{name}.d/deep/inner.sh" for name in shown if "\\xe9" not in name
    }
    skipped = {row["path"]: row["reason"] for row in document["skipped"]}
    assert skipped["loop"] == skipped["out.sh"] == skipped["device.sh"] == "symbolic link"
