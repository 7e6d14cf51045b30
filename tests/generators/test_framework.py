"""What holds for every generator: headings, drift, edits by hand, blocks, leftovers, and paths that must not be."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.findings import Example, FindingRule, catalogue
from portscan.generated import digest
from portscan.generators import DEFAULTS, NAMES, generator
from tests.generators.helpers import REGISTRY, SMALL, repository, write

ENV = '[generate.env]\npath = ".env.shared"\n'


HEALTH = "[generate.health]\n"
SCRIPT = "scripts/ports-health.sh"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return repository(tmp_path, ENV)


def contents(root: Path) -> dict[str, bytes]:
    files = (file for file in root.rglob("*") if file.is_file() and ".git" not in file.relative_to(root).parts)
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


@pytest.mark.parametrize("name", NAMES)
def test_a_generator_is_what_its_name_says(name: str) -> None:
    module = generator(name)
    assert name == module.NAME
    assert module.HELP
    module.Settings()  # every key has a default


def test_the_usual_ones_are_known() -> None:
    assert set(DEFAULTS) <= set(NAMES)


def test_what_was_generated_is_in_sync(root: Path) -> None:
    assert main(["sync", "--check"]) == 1
    assert main(["sync"]) == 0
    assert main(["sync", "--check"]) == 0
    before = contents(root)
    assert main(["sync", "--today", "2031-01-01"]) == 0
    assert contents(root) == before


def test_a_file_that_git_ignores_is_made_but_not_missing_from_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    root = repository(tmp_path, ENV + "[generate.index]\n")
    write(root, ".gitignore", ".env*\n")
    assert main(["sync", "--check"]) == 1
    assert ".env.shared" not in capsys.readouterr().out
    assert main(["sync"]) == 0
    told = capsys.readouterr().err
    assert "created .env.shared; git ignores it" in told
    assert "2 files changed, 0 files up to date" in told
    assert "index.json\n" in told
    (root / ".env.shared").unlink()
    assert main(["sync", "--check"]) == 0
    main(["sync"])
    write(root, REGISTRY, SMALL.replace("3103", "3104"))
    assert main(["sync", "--check"]) == 1
    assert ".env.shared" in capsys.readouterr().out  # what is there and wrong is told


def test_a_stale_file_is_told_from_one_that_was_edited(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["sync"])
    write(root, "config/ports/registry.yaml", SMALL.replace("3103", "3104"))
    assert main(["sync", "--check"]) == 1
    assert "PS301" in capsys.readouterr().out
    file = root / ".env.shared"
    file.write_text(file.read_text() + "MORE=1\n")
    assert main(["sync", "--check"]) == 1
    assert "PS302" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_a_script_that_nobody_may_run_is_mended(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "portscan.toml", HEALTH)
    main(["sync"])
    script = root / SCRIPT
    before = script.read_bytes()
    script.chmod(0o640)
    assert main(["sync", "--check"]) == 1
    assert f"{SCRIPT} (health) cannot be run" in capsys.readouterr().out
    assert main(["sync", "--dry-run"]) == 1
    assert capsys.readouterr().out == f"diff --git a/{SCRIPT} b/{SCRIPT}\nold mode 100644\nnew mode 100755\n"
    assert main(["sync"]) == 0
    assert (script.stat().st_mode & 0o777, script.read_bytes()) == (0o750, before)
    assert main(["sync", "--check"]) == 0


def test_an_edit_by_hand_stays_until_somebody_decides(root: Path) -> None:
    main(["sync"])
    file = root / ".env.shared"
    clean = file.read_bytes()
    file.write_bytes(clean + b"MORE=1\n")
    assert main(["sync"]) == 1
    assert file.read_bytes() == clean + b"MORE=1\n"
    assert main(["sync", "--overwrite"]) == 0
    assert file.read_bytes() == clean


def test_a_file_that_was_never_generated_stays(root: Path) -> None:
    file = write(root, ".env.shared", "MINE=1\n")
    assert main(["sync"]) == 1
    assert file.read_text() == "MINE=1\n"


def test_line_ends_are_no_edit(root: Path) -> None:
    main(["sync"])
    file = root / ".env.shared"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["sync", "--check"]) == 0
    write(root, "config/ports/registry.yaml", SMALL.replace("3103", "3104"))
    main(["sync"])
    assert b"DASHBOARD_PORT=3104\r\n" in file.read_bytes()
    assert main(["sync", "--check"]) == 0


def test_a_dry_run_shows_and_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(root)
    assert main(["sync", "--dry-run"]) == 1
    assert "+DASHBOARD_PORT=3103" in capsys.readouterr().out
    assert contents(root) == before
    main(["sync"])
    assert main(["sync", "--dry-run"]) == 0


def test_what_nobody_asks_for_any_more_is_removed(root: Path) -> None:
    main(["sync"])
    write(root, "portscan.toml", ENV.replace(".env.shared", "deploy/ports.env"))
    assert main(["sync", "--check"]) == 1
    assert main(["sync"]) == 0
    assert not (root / ".env.shared").exists()
    assert (root / "deploy/ports.env").exists()
    assert main(["sync", "--check"]) == 0


@pytest.mark.parametrize("more", [[], ["--overwrite"]])
def test_a_copy_elsewhere_is_left_alone(root: Path, more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "portscan.toml", f'{ENV}[generate.docs]\npath = "README.md"\nblock = "ports"\n')
    main(["sync"])
    copies = {
        ".env": (root / ".env.shared").read_text(),
        "docs/example.md": f"So it looks:\n\n{(root / 'README.md').read_text()}",
    }
    for path, text in copies.items():
        write(root, path, text)
    write(root, ".gitignore", ".env\n")
    write(root, REGISTRY, SMALL.replace("3103", "3104"))
    assert main(["sync", *more]) == 0
    assert {path: (root / path).read_text() for path in copies} == copies
    assert "removed" not in capsys.readouterr().err
    assert main(["sync", "--check"]) == 0


def test_what_was_edited_is_not_removed(root: Path) -> None:
    main(["sync"])
    file = root / ".env.shared"
    file.write_text(file.read_text() + "MINE=1\n")
    write(root, "portscan.toml", ENV.replace(".env.shared", "deploy/ports.env"))
    assert main(["sync"]) == 1
    assert file.exists()


def test_a_part_with_a_registry_of_its_own_is_left_alone(root: Path) -> None:
    inner = repository(root / "examples" / "one", ENV)
    (inner / ".git").rmdir()
    os.chdir(inner)
    main(["sync"])
    os.chdir(root)
    assert main(["sync"]) == 0
    assert (inner / ".env.shared").exists()


def test_a_block_leaves_the_rest_of_its_file_alone(root: Path) -> None:
    write(root, "portscan.toml", f'{ENV}block = "ports"\n')
    file = write(root, ".env.shared", "MINE=1\n# begin portscan sync (ports)\n# end portscan sync (ports)\nLAST=1\n")
    assert main(["sync"]) == 0
    text = file.read_text()
    assert text.startswith("MINE=1\n# begin portscan sync (ports) as .env.shared from config/ports/registry.yaml.")
    assert text.endswith("# end portscan sync (ports)\nLAST=1\n")
    assert "DASHBOARD_PORT=3103" in text
    assert main(["sync", "--check"]) == 0
    file.write_text(text.replace("MINE=1", "MINE=2"))
    assert main(["sync", "--check"]) == 0
    file.write_text(text.replace("=3103", "=3109"))
    assert main(["sync", "--check"]) == 1
    assert main(["sync", "--overwrite"]) == 0
    assert file.read_text() == text


BEGIN, END = "<!-- begin portscan sync (ports) -->\n", "<!-- end portscan sync (ports) -->\n"


@pytest.mark.parametrize(
    "text, told",
    [(f"# Mine\n{BEGIN}mine\n{END}", "was edited by hand"), (f"# Mine\n{BEGIN}mine\n", "begins here and does not end")],
)
def test_what_people_wrote_between_marks_stays(root: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "portscan.toml", '[generate.docs]\npath = "README.md"\nblock = "ports"\n')
    file = write(root, "README.md", text)
    for port in (3104, 3105):
        assert main(["sync"]) == 1
        assert told in capsys.readouterr().out
        assert file.read_text() == text
        write(root, REGISTRY, SMALL.replace("3103", str(port)))
    assert main(["sync", "--overwrite"]) == 0
    assert main(["sync", "--check"]) == 0
    assert ("mine" in file.read_text()) is (END not in text)


def test_a_file_without_marks_gets_them_at_its_end(root: Path) -> None:
    write(root, "portscan.toml", f'{ENV}block = "ports"\n')
    file = write(root, ".env.shared", "MINE=1")
    assert main(["sync"]) == 0
    assert file.read_text().startswith("MINE=1\n\n# begin portscan sync (ports)")
    write(root, "portscan.toml", '[generate.env]\npath = "other.env"\n')
    assert main(["sync"]) == 0
    assert file.read_text() == "MINE=1\n\n"


@pytest.mark.parametrize(
    "configuration",
    [
        pytest.param('[generate.env]\npath = "../out.env"', id="above the repository"),
        pytest.param('[generate.env]\npath = "/tmp/out.env"', id="absolute"),
        pytest.param('[generate.env]\npath = "a/../../out.env"', id="above in two steps"),
        pytest.param('[generate.env]\npath = ".git/hooks/pre-commit"', id="into git"),
        pytest.param('[generate.env]\npath = "git~1/hooks/pre-commit"', id="into git by its short name"),
        pytest.param('[generate.env]\npath = ".git /hooks/pre-commit"', id="into git with a blank that some systems drop"),
        pytest.param('[generate.env]\npath = ".g\u200cit/config"', id="into git with what nobody sees"),
        pytest.param('[generate.env]\npath = ".git::$INDEX_ALLOCATION/config"', id="into git by the stream of a folder"),
        pytest.param('[generate.env]\npath = "Config/ports/Registry.yaml"', id="the registry in another case"),
        pytest.param('[generate.env]\npath = "PortScan.toml"', id="the configuration in another case"),
        pytest.param('[generate.env]\npath = "docs/CON.md"', id="a device of some systems"),
        pytest.param('[generate.env]\npath = ".portscan-write/journal.json"', id="among what is to be written"),
        pytest.param('[generate.env]\npath = "config/ports/registry.yaml"', id="the registry"),
        pytest.param('[generate.env]\npath = "portscan.toml"', id="the configuration"),
        pytest.param('[generate.env]\npath = "link/out.env"', id="through a link that leads out"),
        pytest.param('[generate.env]\npath = "leaf"', id="a link that leads out"),
        pytest.param('[generate.env]\npath = "config"', id="a folder"),
        pytest.param('[generate.env]\npath = "portscan.toml/x"', id="below a file"),
        pytest.param('[[generate.env]]\npath = "a"\n[[generate.env]]\npath = "./A"', id="one path twice"),
        pytest.param('[[generate.env]]\npath = "\u00e9"\n[[generate.env]]\npath = "e\u0301"', id="one path in two spellings"),
        pytest.param(
            '[[generate.env]]\npath = "a"\nblock = "x"\n[[generate.env]]\npath = "a"\nblock = "x"', id="one block twice"
        ),
        pytest.param('[generate.environment]\npath = "a"', id="unknown generator"),
        pytest.param('[generate.env]\npaths = "a"', id="unknown key"),
        pytest.param('[generate.env]\ngateway = "nobody"', id="unknown gateway"),
        pytest.param('[generate.env]\ntemplate = "none.j2"', id="no template"),
        pytest.param('[generate.env]\nstacks = ["wbe"]', id="unknown stack"),
        pytest.param('[generate.prometheus-targets]\nhost = "a b"', id="no host"),
        pytest.param('[generate.prometheus-scrape]\nexporter = "http://exporter:9115"', id="no place"),
        pytest.param('[generate.prometheus-alerts]\njob = "a\\" or up{"', id="no name"),
        pytest.param("generate = 3", id="no table"),
        pytest.param('[[generate.env]]\npath = "good"\n[[generate.env]]\npath = "locked/out.env"', id="unwritable"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    root: Path, tmp_path_factory: pytest.TempPathFactory, configuration: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / "link").symlink_to(outside)
    (root / "leaf").symlink_to(outside / "leaf")
    (root / "locked").mkdir()
    write(root, "locked/out.env", "").chmod(stat.S_IRUSR)
    write(root, "portscan.toml", f"{configuration}\n")
    before = contents(root)
    assert main(["sync", "--overwrite"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert contents(root) == before
    assert not list(outside.iterdir())


def test_a_template_of_the_consumers_own(root: Path) -> None:
    write(root, "portscan.toml", f'{ENV}template = "tools/ports.j2"\n')
    write(root, "tools/ports.j2", "{% for s in services %}\nexport {{ s.variable }}={{ s.port }} # {{ s.owner }}\n{% endfor %}")
    assert main(["sync"]) == 0
    lines = (root / ".env.shared").read_text().splitlines()
    assert "from config/ports/registry.yaml and tools/ports.j2." in lines[0]
    assert lines[1:] == ["export DASHBOARD_PORT=3103 # FrontendTeam", "export DB_PORT=5433 #"]


@pytest.mark.parametrize(
    "template",
    [
        "{{ nobody }}",
        "{{ services.__class__ }}",
        "{% if %}",
        "{{ 1 / 0 }}",
        "{% include '/etc/passwd' %}",
        "{{ '\\ud800' | raw }}",
    ],
)
def test_a_template_that_cannot_be_filled_is_told(root: Path, template: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "portscan.toml", f'{ENV}template = "ports.j2"\n')
    write(root, "ports.j2", template)
    assert main(["sync"]) == 2
    assert "ports.j2" in capsys.readouterr().err
    assert not (root / ".env.shared").exists()


CODES = [(rule, example) for code, rule in catalogue().items() if code.startswith("PS3") for example in rule.examples]


@pytest.mark.parametrize("rule, example", CODES, ids=[f"{rule.code}: {example.fields['title']}" for rule, example in CODES])
def test_the_examples_of_the_codes(rule: FindingRule, example: Example, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, _, body = example.fields["code"].partition("\n")
    write(root, "config/ports/registry.yaml", example.fields["registry"])
    write(root, example.fields["path"], f"{head.replace('SUM', digest(body))}\n{body}")
    main(["sync", "--check", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [f"{row['line']}:{row['column']} {row['code']}" for row in found] == list(example.findings)
    assert {row["name"] for row in found} <= {rule.name}
