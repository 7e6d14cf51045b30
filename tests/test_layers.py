"""The road is one-way: what each part of portscan may import, and what must not be loaded before it is needed."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.caches import with_rules
from tests.sources import NEEDS_SOURCES

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "portscan"

pytestmark = NEEDS_SOURCES

# A part may import what it names; `base` is open to all. The parts stand in the order of the road.
BASE = frozenset(
    (
        *("model", "errors", "text", "sites", "resources", "terminal", "regular", "bounded", "patterns", "members", "numbers"),
        *(
            "secrets",
            "alike",
            "outfile",
            "records",
            "fields",
            "tuples",
            "yaml_parser",
            "expressions",
            "kinds",
            "trees",
            "pages",
            "lent",
            "native",
            "drawers",
        ),
        *("yaml_parser", "__init__", "__version__"),
    )
)
MAY: dict[str, str] = {
    "passed_over": "",
    "config": "passed_over",
    "difference": "",
    "git": "",
    "journal": "git",
    "edit": "difference journal",
    "files": "git passed_over",
    "extent": "config git",
    "gate": "git triggers",
    "source": "",
    "cache": "files gate source",
    "document": "cache",
    "triggers": "",
    "names": "",
    "knowledge": "cache compiled rulefiles",
    "rulefiles": "document knowledge triggers",
    "compiled": "findings gate rulefiles",
    "findings": "cache compiled document",
    "languages": "",
    "detect": "knowledge names triggers",
    "fingerprints": "source",
    "directives": "source",
    "registry": "cache document findings",
    "evidence": "directives document passed_over registry source",
    "resolve": "config evidence registry",
    "judge": "cache config document evidence findings languages registry resolve source",
    "suppress": "config directives passed_over source",
    "idle": "directives findings registry suppress",
    "spelling": "knowledge languages source",
    "verifying": "config edit source",
    "fixing": "config directives git languages passed_over registry source spelling verifying",
    "connectivity": "cache document edit findings gate passed_over registry source",
    "generated": "",
    "generators": "config connectivity document edit files findings generated git journal registry source workspace",
    "config_reference": "config generators",
    "origin": "cache config config_reference git",
    "reporters": "connectivity findings fingerprints passed_over registry source",
    "workspace": "config files origin registry reporters",
    "pipeline": (
        "cache config connectivity detect directives edit evidence files findings fixing generated idle judge knowledge "
        "languages names passed_over registry resolve source suppress triggers verifying workspace"
    ),
    "mending": "edit fixing git pipeline reporters tops",
    "tops": "",
    "baseline": "cache config edit findings fingerprints mending pipeline reporters source suppress tops workspace",
    "life": (
        "baseline config connectivity detect document edit evidence files findings fingerprints generated generators git judge "
        "passed_over pipeline registry reporters source tops workspace"
    ),
    "revisions": "git registry",
    "panel": "connectivity files findings generators git life pipeline registry revisions workspace",
    "witness": "cache config connectivity gate git glance journal passed_over pipeline registry workspace",
    "glance": "cache connectivity gate knowledge passed_over pipeline source",
    "ci_kit": "",
    "notices": "registry reporters",
    "console": "baseline cache commands config files findings gate reporters tops",
}


def imported(file: Path) -> Iterator[str]:
    """The parts of portscan that a module imports, wherever in it; those for annotations alone count as well."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "portscan" else [node.module]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("portscan."))


def modules(part: str) -> list[Path]:
    folder = PACKAGE / part
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{part}.py"]


@pytest.mark.parametrize("part", MAY)
def test_a_part_imports_only_what_lies_before_it(part: str) -> None:
    found = {name for file in modules(part) for name in imported(file)}
    assert found - BASE - {part} - set(MAY[part].split()) == set()


@pytest.mark.parametrize("part", sorted(BASE - {"__init__", "__version__"}))
def test_the_base_stands_on_itself(part: str) -> None:
    assert set(imported(PACKAGE / f"{part}.py")) <= BASE


def test_nothing_but_the_entry_imports_the_commands() -> None:
    users = {
        file.relative_to(PACKAGE).parts[0]
        for file in PACKAGE.rglob("*.py")
        if {"cli", "commands"} & set(imported(file)) and file.parent.name != "commands"
    }
    assert users <= {"cli.py", "console", "__main__.py"}


def writers() -> Iterator[str]:
    """Modules that open, rename or remove files for writing."""
    calls = {"write_bytes", "write_text", "unlink", "rename", "replace", "mkdir", "chmod", "symlink_to"}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in calls:
                plain = (
                    node.func.attr == "replace"
                    and not ast.unparse(node.func.value).startswith("scratch")
                    and ast.unparse(node.func) != "os.replace"
                )
                if not plain:
                    yield file.relative_to(PACKAGE).as_posix()


def test_one_module_writes_into_the_repository() -> None:
    # `journal` is the hand of `edit`; `kept` and `origin` write outside of it, `outfile` what --output says.
    assert set(writers()) <= {"edit.py", "journal.py", "cache/kept.py", "origin.py", "outfile.py"}


HEAVY = ("libcst", "tree_sitter", "ruamel", "jsonschema", "openpyxl", "portscan.detect", "portscan.languages")


@pytest.mark.parametrize("statement", ["import portscan", "from portscan.cli import main; main(['--version'])"])
def test_parsers_are_not_loaded_before_a_file_needs_them(statement: str) -> None:
    script = f"import sys\ntry:\n    {statement}\nexcept SystemExit:\n    pass\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


RARELY = (
    *(
        *HEAVY,
        "importlib.resources",
        "portscan.document",
        "portscan.findings",
        "portscan.judge",
        "portscan.fixing",
        "portscan.edit",
    ),
    *("portscan.verifying", "portscan.reporters.statistics", "difflib", "concurrent.futures", "logging", "hashlib"),
)
SCAN = """
import sys
from portscan.cli import main
status = main(["scan", "-q", *sys.argv[1:]])
print(status, [name for name in RARELY if name in sys.modules and name != "portscan.languages"])
"""


def test_a_hook_on_files_without_ports_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    registry = (TOP / "examples" / "tradingsystem" / "config" / "ports" / "registry.yaml").read_bytes()
    (tmp_path / "config" / "ports").mkdir(parents=True)
    (tmp_path / "config" / "ports" / "registry.yaml").write_bytes(registry)
    names = [
        f"a{number}.{ending}" for number, ending in enumerate(("py", "ts", "tsx", "js", "go", "json", "yaml", "md", "css", "env"))
    ]
    for name in names:
        (tmp_path / name).write_text("x\n")
    script = SCAN.replace("RARELY", repr(RARELY))
    environment = {**os.environ, "PORTSCAN_CACHE_DIR": with_rules(tmp_path / "cache"), "PYTHONPATH": str(TOP)}
    for _ in range(2):  # the first one fills the cache
        command = [sys.executable, "-c", script, *names]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_formats_that_no_schema_asks_for_are_not_loaded(tmp_path: Path) -> None:
    for name in ("rfc3987_syntax", "isoduration"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('takes seconds')\n")
    script = (
        "import sys; from portscan.document.schema import misfits; from portscan.document.document import parse; "
        "found = misfits(parse(b'a: 1'), {'type': 'array'}); "
        "print(len(found), [name for name in ('jsonschema', 'isoduration') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(TOP)))}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "1 ['jsonschema']\n", done.stderr


ARCHITECTURE = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
SIDE = ("suppress", "fixing")  # the arrow that leads down


def road() -> list[tuple[str, str]]:
    """The arrows of the picture: from a box to the next one."""
    (picture,) = re.findall(r"^```text\n(.*?)^```", ARCHITECTURE, re.MULTILINE | re.DOTALL)
    rows = [re.findall(r"│ (\w+) │", line) for line in picture.splitlines() if "►│" in line]
    return [*(arrow for row in rows for arrow in pairwise(row)), SIDE]


def behind(box: str) -> set[str]:
    """Every box that the road reaches from this one."""
    following = {after for before, after in road() if before == box}
    return following.union(*map(behind, following))


@pytest.mark.parametrize("box", dict.fromkeys(before for before, _ in road()))
def test_the_picture_of_the_road_is_what_is_imported(box: str) -> None:
    found = {name for file in modules(box) for name in imported(file)}
    assert modules(box)
    assert found & behind(box) == set()
    assert set(MAY[box].split()) & behind(box) == set()


def test_the_picture_has_the_whole_road() -> None:
    stages = "source languages detect resolve judge suppress reporters fixing edit"
    assert behind("files") == set(stages.split())
    assert behind("spelling") == {"fixing", "edit"}


def test_the_page_about_the_architecture_names_every_part() -> None:
    parts = {file.stem for file in PACKAGE.iterdir() if file.suffix == ".py" or (file / "__init__.py").is_file()}
    assert sorted(part for part in parts if not re.search(rf"\b{part}\b", ARCHITECTURE)) == []
