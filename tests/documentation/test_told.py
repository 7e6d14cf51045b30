"""What there is stands in a page that somebody wrote: every format, every generator, every command."""

from __future__ import annotations

import re

import pytest

from portscan import reporters
from portscan.commands import COMMANDS
from portscan.generators import NAMES as GENERATORS
from tests.documentation.pages import every_page, text_of

ROW = re.compile(r"^\| `([\w-]+)` \| .* \| (the top of the repository|the working directory) \|$", re.MULTILINE)
# What tools/generated.py makes says that something is there, not what for; and what contributors read is not for users.
OTHERS = frozenset(("CONTRIBUTING.md", "docs/configuration.md", "docs/errors.md", "docs/rules.md"))
WRITTEN = "\n".join(text_of(page) for page in every_page() if page not in OTHERS)


@pytest.mark.parametrize("name", reporters.NAMES)
def test_a_format_is_told_with_what_its_paths_are_relative_to(name: str) -> None:
    seen_from = "the top of the repository" if reporters.reporter(name).FROM_THE_TOP else "the working directory"
    assert dict(ROW.findall(text_of("docs/reports.md"))).get(name) == seen_from, "give it a row in docs/reports.md"


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_is_told(name: str) -> None:
    assert re.search(rf"^\| `{name}` \||generate\.{name}\b", WRITTEN, re.MULTILINE), "give it a row in docs/sync.md"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_told(name: str) -> None:
    assert re.search(rf"\bportscan {name}\b(?!-)", WRITTEN), f"say in a page of docs when one says `portscan {name}`"
