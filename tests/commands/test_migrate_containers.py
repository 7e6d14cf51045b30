"""`portscan migrate` where a process in a container is told its port: it listens where the mapping leads, before and after."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import REGISTRY_PATH, git, write

ENTRY = """services:
  billing:
    {how}
    environment:
      - PORT={told}
    ports:
      - "${{BILLING_PORT:-4010}}:4010"
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def numbers(place: Path) -> list[str]:
    """Where the process listens, where it is published, and where the mapping leads."""
    return re.findall(r"\d{4}", (place / "compose.yaml").read_text(encoding="utf-8"))


def prepared(place: Path, how: str, told: str, inside: str) -> None:
    write(place / "compose.yaml", ENTRY.format(how=how, told=told))
    service = f"name: billing, stack: web, port: 4010{inside}"
    write(place / REGISTRY_PATH, f'version: "1"\nranges: {{web: "4000-4099"}}\nservices:\n  - {{{service}}}\n')


@pytest.mark.parametrize("inside", ["", ", container_port: 4010"])
@pytest.mark.parametrize("told", ["4010", "${BILLING_PORT:-4010}", "${PORT:-4010}"])
@pytest.mark.parametrize("how", ["build: .", "image: x"])
@pytest.mark.parametrize("option", [[], ["--container", "keep"], ["--container", "follow"]])
def test_the_process_listens_where_the_mapping_leads(place: Path, how: str, told: str, inside: str, option: list[str]) -> None:
    prepared(place, how, told, inside)
    assert main([]) == 0
    main(["migrate", "billing", "4011", "--yes", *option])
    listens, published, leads = numbers(place)
    assert published == "4011"
    assert listens == leads
    assert main([]) == 0


def test_what_is_told_by_the_published_port_and_stays_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepared(place, "image: x", "${BILLING_PORT:-4010}", ", container_port: 4010")
    assert main(["migrate", "billing", "4011", "--yes"]) == 1
    assert "compose.yaml:5:30: 4010 is left to you: it is what the container listens on" in capsys.readouterr().err


def test_no_fix_makes_a_process_listen_by_the_published_port(place: Path) -> None:
    prepared(place, "build: .", "4010", "")
    main(["--fix", "--unsafe-fixes", "--pin"])
    assert "PORT=4010\n" in (place / "compose.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", [[], ["--container", "keep"], ["--container", "follow"]])
@pytest.mark.parametrize("inside", ["", ", container_port: 4010"])
@pytest.mark.parametrize("mapping", ["${P:-4010}:${P:-4010}", "${P:-4010}:${P}", "${P:-4010}"])
@pytest.mark.parametrize("variable", ["PORT", "BILLING_PORT"])
def test_a_mapping_by_one_variable_moves_on_both_sides(
    place: Path, capsys: pytest.CaptureFixture[str], variable: str, mapping: str, inside: str, option: list[str]
) -> None:
    prepared(place, "image: x", "${BILLING_PORT:-4010}", inside)
    write(
        place / "compose.yaml",
        ENTRY.format(how="image: x", told="${P:-4010}")
        .replace('"${BILLING_PORT:-4010}:4010"', mapping)
        .replace("P:", f"{variable}:")
        .replace("P}", f"{variable}}}"),
    )
    kept = main(["migrate", "billing", "4011", "--yes", *option])
    text = (place / "compose.yaml").read_text(encoding="utf-8")
    assert "4010" not in text
    registered = (place / REGISTRY_PATH).read_text(encoding="utf-8")
    assert "container_port: 4010" not in registered
    assert ("container_port: 4011" in registered) == bool(inside)
    assert ("--container keep is without effect" in capsys.readouterr().err) == bool(kept) == ("keep" in option)
    assert main([]) == 0


RUNS = {
    "README.md": "Run billing with `docker run -p 4010:4010 acme/billing`.\n",
    "help.py": "BILLING_HELP = 'docker run -p 127.0.0.1:4010:4010 acme/billing'\n",
    "notes.md": "The billing service is mapped 4010:4010 here\n",
    "run.sh": "# billing: docker run -p 4010:4010 acme/billing\n",
}


@pytest.mark.parametrize("path", RUNS)
def test_the_container_side_that_stays_is_neither_moved_nor_given_up(
    place: Path, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    prepared(place, "image: x", "4010", "")
    write(place / path, RUNS[path])
    main(["migrate", "billing", "4011", "--yes"])
    assert (place / path).read_text(encoding="utf-8") == RUNS[path].replace("4010:4010", "4011:4010")
    capsys.readouterr()
    main([path])
    assert "PS006" not in capsys.readouterr().out


def test_a_container_side_that_was_given_up_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepared(place, "build: .", "4010", "")
    main(["migrate", "billing", "4011", "--yes"])
    write(place / "README.md", RUNS["README.md"].replace("4010:4010", "4011:4010"))
    capsys.readouterr()
    assert main(["README.md"]) == 1
    assert "README.md\n  1:38  warning  PS006" in capsys.readouterr().out
