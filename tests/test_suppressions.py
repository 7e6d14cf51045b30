"""Ignores in comments: every language's marks, every form, and what is said of those that are wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.directives import directives
from portscan.knowledge import shipped
from portscan.model import Finding
from portscan.pipeline.scanning import scan
from portscan.registry.loader import load
from portscan.source import Source, decode

REGISTRY = b'version: "1.0.0"\nservices:\n  - {name: web, stack: s, port: 3103}\n'
LANGUAGES = shipped().languages
MARKS = [(name, mark.strip()) for name, entry in LANGUAGES.items() for mark in entry.get("comments", ())]
BLOCKS = [(name, *block) for name, entry in LANGUAGES.items() for block in entry.get("blocks", ())]


def said(text: str) -> list[tuple[Any, ...]]:
    source = decode("a", text.encode())
    assert isinstance(source, Source)
    return [(each.reach, each.line, each.alone, each.codes, each.reason) for each in directives(source)]


def found(root: Path, path: str, text: str, **settings: Any) -> list[tuple[str, int]]:
    return [(finding.code, finding.location.line) for finding in findings(root, path, text, **settings)]


def findings(root: Path, path: str, text: str, **settings: Any) -> tuple[Finding, ...]:
    registry = load("registry.yaml", REGISTRY).registry
    assert registry is not None
    (root / path).write_text(text, "utf-8")
    return scan(root, [path], registry, Config(**settings), date(2026, 1, 1)).report.findings


@pytest.mark.parametrize("language, mark", MARKS)
@pytest.mark.parametrize("again", [1, 2])
def test_every_mark_of_every_language_is_listened_to(language: str, mark: str, again: int) -> None:
    line = f"{'' if mark[0].isalpha() else mark[0] * (again - 1)}{mark} portscan: ignore[PS001, PS002] the vendor's default"
    expected = (("PS001", "PS002"), "the vendor's default")
    assert said(f"{line}\n3103\n") == [("line", 1, True, *expected)]
    assert said(f"x = 3103  {line}\n") == [("line", 1, False, *expected)]


@pytest.mark.parametrize("language, start, end", BLOCKS)
def test_every_block_comment_is_listened_to(language: str, start: str, end: str) -> None:
    assert said(f"{start} portscan: ignore-file[PS001] as it was {end}\n") == [("file", 1, True, ("PS001",), "as it was")]


@pytest.mark.parametrize(
    "text",
    [
        "/**\n * portscan: ignore-file why\n */\n",
        "--[[ portscan: ignore-file why ]]\n",
        "<%-- portscan: ignore-file why --%>\n",
        "{{!-- portscan: ignore-file why --}}\n",
        "{/* portscan: ignore-file why */}\n",
        "(** portscan: ignore-file why *)\n",
        "<# portscan: ignore-file why #>\n",
    ],
)
def test_comments_of_several_lines_and_of_templates(text: str) -> None:
    ((reach, _, alone, _, reason),) = said(text)
    assert (reach, alone) == ("file", True)
    assert reason == "why"


CURL = "curl http://localhost:3103/"


@pytest.mark.parametrize(
    "text, left",
    [
        (f"{CURL} # portscan: ignore why\n{CURL}\n", [2]),
        (f"# portscan: ignore[PS001] why\n{CURL}\n{CURL}\n", [3]),
        (f"# portscan: ignore-next-line why\n{CURL}\n{CURL}\n", [3]),
        (f"{CURL} # portscan: ignore-next-line why\n{CURL}\n{CURL}\n", [1, 3]),
        (f"{CURL}\n# portscan: ignore-start why\n{CURL}\n{CURL}\n# portscan: ignore-end\n{CURL}\n", [1, 6]),
        (f"{CURL}\n# portscan: ignore-start[PS001] for good\n{CURL}\n{CURL}\n", [1]),
        (f"{CURL}\n# portscan: ignore-file[PS0] why\n", []),
    ],
)
def test_every_form_hides_its_lines_and_no_others(text: str, left: list[int], tmp_path: Path) -> None:
    assert found(tmp_path, "a.sh", text) == [("PS001", line) for line in left]


COMPOSE = """\
services:
  x:
    image: busybox
    command: {header}
      wget
      http://host.docker.internal:3103/

      http://host.docker.internal:3103/again
    environment:
      URL: http://host.docker.internal:3103
"""


class TestTextOverSeveralLines:
    @pytest.mark.parametrize("header", [">", ">-", "|", "|2-"])
    def test_an_ignore_where_it_opens_covers_all_of_it(self, header: str, tmp_path: Path) -> None:
        text = COMPOSE.replace("{header}", f"{header} # portscan: ignore[PS001] why")
        assert found(tmp_path, "compose.yaml", text) == [("PS001", 10)]

    @pytest.mark.parametrize("form", ["ignore", "ignore-next-line"])
    def test_so_does_one_on_the_line_above(self, form: str, tmp_path: Path) -> None:
        text = COMPOSE.replace("    command:", f"    # portscan: {form}[PS001] why\n    command:").replace("{header}", ">")
        assert found(tmp_path, "compose.yaml", text) == [("PS001", 11)]

    def test_other_lines_open_nothing(self, tmp_path: Path) -> None:
        text = f"x: # portscan: ignore[PS001] why\n  a: {'http://localhost:3103'}\n"
        assert [code for code, _ in found(tmp_path, "a.yaml", text)] == ["PS007", "PS001"]


class TestWhatIsWrong:
    def test_an_unknown_code_is_an_error_with_a_suggestion(self, tmp_path: Path) -> None:
        (wrong, _) = findings(tmp_path, "a.sh", f"{CURL} # portscan: ignore[PS0O1] why\n")[::-1]
        assert (wrong.code, wrong.severity) == ("PS007", "error")
        assert wrong.message.startswith("`PS0O1` is no code of portscan, perhaps you mean `PS001`.")

    def test_an_unknown_word_is_an_error_with_a_suggestion(self, tmp_path: Path) -> None:
        wrong = findings(tmp_path, "a.sh", f"# portscan: ignore-nextline\n{CURL}\n")[0]
        assert (wrong.code, wrong.severity) == ("PS007", "error")
        assert "perhaps you mean `ignore-next-line`." in wrong.message

    def test_an_idle_ignore_is_a_warning(self, tmp_path: Path) -> None:
        (idle,) = findings(tmp_path, "a.sh", "echo # portscan: ignore[PS001] why\n")
        assert (idle.code, idle.severity) == ("PS007", "warning")


class TestReasons:
    TEXT = f"{CURL} # portscan: ignore[PS001]\n# portscan: ignore-start\n{CURL}\n# portscan: ignore-end\n"

    def test_none_is_needed_unless_it_is_asked_for(self, tmp_path: Path) -> None:
        assert found(tmp_path, "a.sh", self.TEXT) == []

    def test_where_one_is_asked_for_its_absence_is_reported(self, tmp_path: Path) -> None:
        assert found(tmp_path, "a.sh", self.TEXT, require_reason=True) == [("PS008", 1), ("PS008", 2)]

    def test_a_given_one_is_enough(self, tmp_path: Path) -> None:
        assert found(tmp_path, "a.sh", f"{CURL} # portscan: ignore[PS001] why\n", require_reason=True) == []


class TestWithoutInlineIgnores:
    TEXT = f"{CURL} # portscan: ignore why\nPORT=3103 # portscan: web\n# portscan: ignore-end\necho # portscan: ignore why\n"

    def test_what_they_hide_is_reported_and_pins_bind_all_the_same(self, tmp_path: Path) -> None:
        assert found(tmp_path, "a.sh", self.TEXT, inline_ignores=False) == [("PS001", 1)]

    def test_the_command_line_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "registry.yaml").write_bytes(REGISTRY)
        (tmp_path / "a.sh").write_text(f"{CURL} # portscan: ignore why\n")
        monkeypatch.chdir(tmp_path)
        assert main(["--registry", "registry.yaml"]) == 0
        assert main(["--registry", "registry.yaml", "--no-inline-ignores"]) == 1
        assert "PS001" in capsys.readouterr().out


def test_a_stale_fallback_is_one_under_strict_too(tmp_path: Path) -> None:
    assert found(tmp_path, "a.sh", "curl localhost:${WEB_PORT:-3104}\n", strict=True) == [("PS003", 1)]
