"""Fixes of whole trees and of random files: exact results, nothing else touched, and a second run that does nothing."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.edit import applied, by_path, ordered
from portscan.fixing.planning import chosen
from portscan.model import Edit, Span
from portscan.pipeline.scanning import scan
from portscan.registry.loader import load
from portscan.registry.model import Registry

FIXTURES = Path(__file__).parent / "fixtures" / "fix" / "whole"
REGISTRY = FIXTURES.parent / "registry.yaml"
TODAY = date(2026, 1, 1)
ALLOWED = ("safe", "unsafe")


@pytest.fixture(scope="module")
def registry() -> Registry:
    loaded = load("registry.yaml", REGISTRY.read_bytes())
    assert loaded.registry is not None
    return loaded.registry


def contents(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file() and ".git/" not in f"{p}/"}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "tree"
    shutil.copytree(FIXTURES / "before", root)
    subprocess.run(["git", "init", "-q", root], check=True)
    subprocess.run(["git", "-C", root, "add", "-A", "-f"], check=True)
    monkeypatch.chdir(root)
    return root


def fix(*more: str) -> int:
    return main(["--registry", str(REGISTRY), "--fix", *more])


def test_a_diff_shows_what_a_fix_would_do_and_writes_nothing(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(tree)
    assert main(["--registry", str(REGISTRY), "--diff"]) == 1
    assert contents(tree) == before
    shown = capsys.readouterr().out
    subprocess.run(["git", "-C", tree, "apply", "--whitespace=nowarn", "-"], input=shown.encode(), check=True)
    assert contents(tree) == contents(FIXTURES / "after")


def test_only_what_the_edits_name_is_changed(tree: Path, registry: Registry) -> None:
    found = scan(tree, [], registry, Config(), TODAY, fixes=True)
    for path, edits in by_path(chosen(found.report.findings, ALLOWED)):
        changed = applied(found.sources[path], edits)
        assert applied(changed, taken_out(edits)) == found.sources[path]


def taken_out(edits: list[Edit]) -> list[Edit]:
    """The edits that undo `edits`."""
    back, shift = [], 0
    for each in ordered(edits):
        start = each.span.start + shift
        back.append(Edit(each.path, Span(start, start + len(each.after)), each.location, each.after, each.before))
        shift += len(each.after) - len(each.before)
    return back


def test_what_has_no_fix_says_what_to_do(tree: Path, registry: Registry) -> None:
    found = scan(tree, [], registry, Config(), TODAY, fixes=True)
    unfixed = [f for f in found.report.findings if f.fix is None]
    assert unfixed
    assert all(f.help and "\n" not in f.help for f in unfixed)


def test_a_fix_in_a_partly_staged_file_leaves_the_index_alone(tree: Path) -> None:
    subprocess.run(["git", "-C", tree, "-c", "user.name=t", "-c", "user.email=t@t.invalid", "commit", "-qm", "x"], check=True)
    script = tree / "scripts/check.sh"
    script.write_text(script.read_text() + "echo staged\n")
    subprocess.run(["git", "-C", tree, "add", script], check=True)
    script.write_text(script.read_text() + "echo unstaged\n")
    staged = subprocess.run(["git", "-C", tree, "show", ":scripts/check.sh"], capture_output=True, check=True).stdout
    fix()
    assert subprocess.run(["git", "-C", tree, "show", ":scripts/check.sh"], capture_output=True, check=True).stdout == staged
    assert script.read_text().endswith("echo staged\necho unstaged\n")
    assert "${API_PORT:-4010}" in script.read_text()


def test_a_number_at_some_machine_is_left_to_a_person(tmp_path: Path, registry: Registry) -> None:
    lines = ("curl http://10.0.0.7:4010", "curl http://localhost:4010", "curl http://theirs:4010")
    (tmp_path / "run.sh").write_text("\n".join(lines))
    found = scan(tmp_path, ["run.sh"], registry, Config(), TODAY, fixes=True)
    assert [f.fix and f.fix.applicability for f in found.report.findings] == ["unsafe", "safe", None]


def test_so_is_one_under_a_strange_name(tmp_path: Path, registry: Registry) -> None:
    """A variable that is called after somebody else may be theirs, and one without anybody's name is not."""
    looked_up = (
        "FIREPIT_PORT || 4010",
        "MY_PORT || 4010",
        "FIREPIT_URL || 'http://localhost:4010'",
        "FIREPIT || 4010",
        "WORKER_URL || 'http://localhost:4010'",
    )
    for number, each in enumerate(looked_up):
        (tmp_path / f"{number}.js").write_text(f"listen(process.env.{each});\n")
    found = scan(tmp_path, [f"{number}.js" for number in range(5)], registry, Config(), TODAY, fixes=True).report.findings
    assert [f.fix and f.fix.applicability for f in found] == ["unsafe", "safe", "safe", "unsafe", "unsafe"]
    assert "`FIREPIT_PORT` may be called after another service" in str(found[0].help)


RUN = "docker run -e API_PORT=8999 -p 8999:80 api"


@pytest.mark.parametrize(
    ("path", "text", "torn"),
    [
        ("README.md", f"```sh\n{RUN}\n```\n", True),
        ("README.md", "```sh\ndocker run -e API_PORT=8999 \\\n  -p 8999:80 api\n```\n", True),
        ("README.md", "```sh\ndocker run -e API_PORT=8999 -p 80:8999 api\n```\n", False),
        ("README.md", "```sh\ndocker run -e API_PORT=8999 api\ndocker run -p 8999:80 other\n```\n", False),
        (".env", "API_PORT=8999\n", False),
    ],
)
def test_a_command_is_not_torn_in_two(tmp_path: Path, registry: Registry, path: str, text: str, torn: bool) -> None:
    """What a container is told to listen on and what is published of it change together, or not at all."""
    (tmp_path / path).write_text(text, encoding="utf-8")
    found = scan(tmp_path, [path], registry, Config(), TODAY, fixes=True).report.findings
    stale = next(each for each in found if each.code == "PS003")
    assert (stale.fix is None) is torn
    assert ("stands in this command once more" in str(stale.help)) is torn


def test_whose_a_generic_variable_is_only_the_owner_of_the_file_says(tmp_path: Path, registry: Registry) -> None:
    """The owner of `apps/api` may not be who listens there: `PORT` may be another's, `API_PORT` is not."""
    folder = tmp_path / "apps" / "api"
    folder.mkdir(parents=True)
    (folder / "a.js").write_text("listen(process.env.PORT || 4999);\nlisten(process.env.API_PORT || 4999);\n")
    (folder / "b.js").write_text("listen(process.env.PORT || 4999); // portscan: api\n")
    (tmp_path / "compose.yaml").write_text("services:\n  api:\n    environment:\n      PORT: ${PORT:-4999}\n")
    found = scan(tmp_path, [], registry, Config(), TODAY, fixes=True)
    assert [(f.path, f.code, f.fix and f.fix.applicability) for f in found.report.findings] == [
        ("apps/api/a.js", "PS003", "unsafe"),
        ("apps/api/a.js", "PS003", "unsafe"),
        ("apps/api/b.js", "PS003", "safe"),
        ("compose.yaml", "PS003", "unsafe"),
    ]
    first, second = (str(finding.help) for finding in found.report.findings[:2])
    assert "Mind: only the owner of the file says" in first
    assert "Mind: this changes the number from 4999 to 4010." in second


@pytest.mark.parametrize(
    "path, text",
    [
        ("compose.yaml", 'services:\n  api:\n    image: x\n    ports: ["${API_PORT:-4009}:4010"]\n'),
        (".env", "API_PORT=4009\n"),
        ("a.sh", "curl http://localhost:${API_PORT:-4009}\n"),
        ("vite.config.ts", 'export const at = `http://localhost:${process.env.VITE_API_PORT || "4009"}`;\n'),
    ],
)
def test_a_number_that_changes_what_runs_is_never_safe(tmp_path: Path, registry: Registry, path: str, text: str) -> None:
    (tmp_path / path).write_text(text)
    found = scan(tmp_path, [], registry, Config(), TODAY, fixes=True).report.findings
    assert [(f.code, f.fix and f.fix.applicability) for f in found] == [("PS003", "unsafe")]


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("docker run -e API_PORT=4010 -p 4010:4010 api", "docker run -e API_PORT=4010 -p ${API_PORT:-4010}:4010 api"),
        ("docker run -p 4010:4010 api --port 4010", "docker run -p ${API_PORT:-4010}:4010 api --port 4010"),
        ("docker run -p 4010:80 api --port 4010", "docker run -p ${API_PORT:-4010}:80 api --port ${API_PORT:-4010}"),
    ],
)
def test_what_tells_a_container_where_to_listen_stays_where_the_mapping_leads(
    tmp_path: Path, registry: Registry, line: str, fixed: str
) -> None:
    """With the variable set to 5000, the host's 5000 still has to lead to where the process listens."""
    (tmp_path / "run.sh").write_text(f"{line}\n", encoding="utf-8")
    found = scan(tmp_path, ["run.sh"], registry, Config(), TODAY, fixes=True).report.findings
    assert applied(f"{line}\n".encode(), list(chosen(found, ("safe",)))).decode() == f"{fixed}\n"
