"""How Sphinx makes the site of README, CONTRIBUTING, CHANGELOG and docs, as they are: see docs/decisions."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path.insert(0, str(TOP))

from portscan import __version__  # noqa: E402

NAVIGATION = YAML(typ="safe").load(HERE / "navigation.yaml")
DECISIONS = "docs/decisions/README"
TITLED = re.compile(r'^(`{3,})(\w+) title="([^"]+)"$', re.MULTILINE)

project, author, release = "portscan", "the portscan authors", __version__
project_copyright = author
extensions = ["myst_parser", "sphinx_copybutton"]
root_doc = "README"
include_patterns = ["*.md", "docs/**.md"]
exclude_patterns = [".*", "build", "dist", "examples", "node_modules", "panel", "portscan", "tests", "NOTE*"]
source_suffix = {".md": "markdown"}
nitpicky = True

myst_heading_anchors = 3
myst_enable_extensions = ["strikethrough"]

html_theme = "furo"
html_title = "portscan"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = html_show_sourcelink = False
html_extra_path = ["index.html"]
html_theme_options = {"top_of_page_buttons": []}
pygments_style, pygments_dark_style = "friendly", "github-dark"
copybutton_prompt_text = "$ "  # of what a console shows, only the commands are copied


def setup(app: Sphinx) -> None:
    """Put the navigation below what the pages say themselves, where only the site sees it."""
    app.connect("source-read", navigated)


def navigated(_app: Sphinx, page: str, source: list[str]) -> None:
    """The page with the tables of contents that hang on it, and with the names of files above the blocks that hold them."""
    source[0] = TITLED.sub(r"\1{code-block} \2\n:caption: \3\n", source[0])
    if page == root_doc:
        source[0] += "".join(contents(section, pages) for section, pages in NAVIGATION.items())
    elif page == DECISIONS:
        pages = sorted(file.name for file in (TOP / DECISIONS).parent.glob("[0-9]*.md"))
        source[0] += contents("", pages)


def contents(caption: str, pages: list[str]) -> str:
    """A table of contents that is not shown on the page itself."""
    return "\n".join(("\n\n```{toctree}", ":hidden:", f":caption: {caption}" if caption else ":maxdepth: 1", "", *pages, "```\n"))
