"""The Markdown of a pull-request comment, rendered by GitHub's own parser: text of others stays text."""

from __future__ import annotations

import re

import pytest

from portscan.model import Report, Skipped
from portscan.reporters.inert import code, prose
from tests.judges import python_module
from tests.reporters.samples import HOSTILE, hostile, many, rendered, usual

OURS = {"h3", "h4", "ul", "li", "p", "strong", "code", "details", "summary"}


def written(report: Report, sources: dict[str, bytes], **options: object) -> str:
    return rendered("markdown", report, sources, **options)[0]


def html(text: str) -> str:
    python_module("cmarkgfm")
    import cmarkgfm
    from cmarkgfm.cmark import Options

    return str(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))


def test_the_report_reads_well() -> None:
    assert written(*usual()) == (
        "<!-- portscan scan -->\n"
        "### portscan scan: 6 findings (4 errors, 1 warning, 1 note)\n"
        "\n"
        "6 files read; 1 path not read; 1 path passed over: binary file (1); 2 more in the baseline; "
        "2 can be fixed with `portscan --fix`.\n"
        "\n"
        "#### `apps/a b.yml`\n"
        "\n"
        "- `4:19` **error** `PS001` Port is written out. Read `WEB_PORT.`\n"
        "- `4:30` **error** `PS001` Port is written out. Read `WEB_PORT.`\n"
        "- `5:8` **note** `PS005` Port is written out.\n"
        "  - see `config/registry.yaml:3:5` the entry of `web`\n"
        "\n"
        "#### `config/registry.yaml`\n"
        "\n"
        "- `1:1` **error** `PS101` no key.\n"
        "\n"
        "#### `w.ini`\n"
        "\n"
        "- `1:11` **warning** `PS001` Port is written out.\n"
        "\n"
        "#### `z.conf`\n"
        "\n"
        "- `1:1` **error** `PS001` Port is written out. Read the variable.\n"
        "\n"
        "<details><summary>1 path not read</summary>\n"
        "\n"
        "- permission denied: `caf\\xe9/x.bin`\n"
        "\n"
        "</details>\n"
    )


def test_a_clean_report_is_short() -> None:
    assert written(Report((), files=3), {}) == "<!-- portscan scan -->\n### portscan scan: no findings\n\n3 files read.\n"


@pytest.mark.parametrize("number", [1_000, 30_000])
def test_a_long_report_has_the_gravest_and_says_how_many_are_missing(number: int) -> None:
    text = written(*many(number))
    assert len(text.encode()) <= 61_000
    shown = text.count("\n- `")
    rest = re.search(r"…and ([\d,]+) findings more \((.*)\); there is no room for all of them\.", text)
    assert rest is not None
    assert shown + int(rest[1].replace(",", "")) == number
    assert "**note**" not in text or "errors" not in rest[2]


def test_figures_instead_of_findings() -> None:
    text = written(*usual(), statistics=True)
    assert "**By codes**\n\n- 4 × `PS001`\n" in text
    assert "**By services**\n\n- 4 × `(no service)`\n- 2 × `web`\n" in text
    assert "**By folders**\n\n- 3 × `apps`\n" in text
    assert "**error**" not in text


class TestHostileText:
    def test_a_comment_has_no_elements_but_ours(self) -> None:
        report, sources = hostile()
        many_reasons = tuple(Skipped(f"{HOSTILE}{i}", f"{HOSTILE}{i}") for i in range(3))
        page = html(written(Report(report.findings, many_reasons), sources))
        assert set(re.findall(r"<([a-z][a-z0-9]*)", page)) <= OURS
        assert "<a" not in page

    @pytest.mark.parametrize("text", [HOSTILE, "`", "``", " ` ", "a`b", "`a`b`", "\\`", "a\\", "", " ", "@x `y`@z", "1. x", "#1"])
    def test_nothing_speaks_outside_of_code(self, text: str) -> None:
        for line in (f"- {code('p')} {prose(text)}", f"- {code(text)}"):
            page = html(f"<p></p>\n\n{line}\n\nafter")
            assert set(re.findall(r"<([a-z][a-z0-9]*)", page)) <= OURS
            outside = re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL)
            assert not re.search(r"[@#`*_\[\]!|\\]|://|www\.", re.sub(r"<[^>]*>", "", outside))
            assert page.rstrip().endswith("<p>after</p>")

    def test_plain_words_stay_plain(self) -> None:
        said = "Port 3,103 belongs to `web`, and is written out here: (see `a|b`)."
        assert prose(said) == said
