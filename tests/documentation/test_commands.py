"""Every command of README and of the pages in docs works as it is written there, and prints what the page shows."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.documentation.pages import TOP, Block, blocks, every_page, put, text_of
from tests.documentation.workspaces import BEGINNINGS, shell_environment

RUNS: dict[str, dict[str, Any]] = YAML(typ="safe").load((Path(__file__).parent / "runs.yaml").read_text(encoding="utf-8"))
SHELL = ("sh", "console")
LONGEST = 120  # seconds: a command that waits for something

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a shell")


@pytest.mark.parametrize("page", RUNS)
def test_the_commands_of_a_page_work_and_print_what_it_shows(page: str, tmp_path: Path) -> None:
    root = tmp_path / "here"
    root.mkdir()
    BEGINNINGS[RUNS[page]["begin"]](root)
    environ = shell_environment(root, tmp_path)
    for block in blocks(page):
        if block.title:
            put(block, root)
        elif block.language in SHELL:
            for command, shown in steps(block):
                if not skipped(page, command):
                    run(f"{page}:{block.line}", command, shown, root, environ)


def run(place: str, command: str, shown: str | None, root: Path, environ: dict[str, str]) -> None:
    """Run a command, and compare what is shown. A status of 1 says that there is something to report, which is no failure."""
    out = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "timeout": LONGEST}
    done = subprocess.run(["bash", "-c", command], cwd=root, env=environ, check=False, **out)
    said = done.stdout.decode()
    assert done.returncode in ((0, 1) if command.startswith("portscan") else (0,)), f"{place}: {command}\n{said}"
    if shown is not None:
        assert fits(said, shown), f"{place}: {command}\n--- shown\n{shown}\n--- printed\n{said}"


def steps(block: Block) -> Iterator[tuple[str, str | None]]:
    """The commands of a block, each with what the page shows that it prints; None in a block that shows nothing of the kind."""
    if block.language == "sh":
        yield from ((line, None) for line in block.text.splitlines() if line.strip() and not line.startswith("#"))
        return
    for piece in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = piece.partition("\n")
        yield command, shown


def fits(said: str, shown: str) -> bool:
    """Whether a command printed what is shown, in which `…` on a line of its own stands for any lines."""
    parts = re.split(r"^…\n", shown, flags=re.MULTILINE)
    return re.fullmatch(r"(?:.*\n)*?".join(map(re.escape, parts)), said) is not None


def skipped(page: str, command: str) -> bool:
    return any(stands_for(each, command) for each in RUNS[page].get("skip", {}))


def stands_for(entry: str, command: str) -> bool:
    """Whether an entry is the command, or with `…` at its end the beginning of it; comments do not count."""
    plain = command.split("  #")[0].strip()
    return plain.startswith(entry[:-1]) if entry.endswith("…") else plain == entry


def test_every_page_with_commands_is_run() -> None:
    with_commands = {page for page in every_page() if any(block.language in SHELL and not block.title for block in blocks(page))}
    # Tests of their own follow these; the rules have examples in many languages, and are examined by theirs.
    elsewhere = {"CONTRIBUTING.md", "docs/hooks-and-ci.md", "docs/rules.md"}
    assert with_commands - elsewhere == RUNS.keys()


@pytest.mark.parametrize("page", RUNS)
def test_what_is_skipped_is_there_and_has_a_reason(page: str) -> None:
    found = [command for block in blocks(page) if block.language in SHELL for command, _ in steps(block)]
    for start, reason in RUNS[page].get("skip", {}).items():
        assert reason
        assert any(stands_for(start, command) for command in found), start


def test_the_pages_for_newcomers_say_the_same_in_both_languages() -> None:
    english, portuguese = (outline(page) for page in ("docs/onboarding.md", "docs/onboarding.pt.md"))
    assert english == portuguese


def outline(page: str) -> list[str]:
    """What does not depend on the language: commands without their comments, codes in tables, and where headings stand."""
    lines = text_of(page).splitlines()
    kept = (line.split("  #")[0].rstrip() if not line.startswith("|") else line.split("|")[-2] for line in lines)
    marks = ("##", "```", "portscan ", "grep ", " `")
    return [line if not line.startswith("##") else "##" for line in kept if line.startswith(marks)]


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for page in every_page() for name in re.findall(r"(?:`|^)make ([a-z-]+)", text_of(page), re.MULTILINE)}
    assert named <= targets
