"""What files said to the checks of the whole repository is asked again only of those that have changed."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from portscan.cache import scans as cache
from portscan.cache.sayings import MOST, Sayings, sayings
from portscan.config import Config
from portscan.document.document import parse
from portscan.document.nodes import Node, plain
from portscan.document.packing import packed, unpacked
from portscan.model import Finding
from portscan.pipeline.scanning import WORTH_A_PROCESS, scan
from portscan.pipeline.whole import Whole
from portscan.registry.loader import load
from tests.connectivity.test_fixtures import REGISTRY, THERE, Case

TODAY = date(2026, 1, 1)
STATE = (1, 2, 3, 4)


@pytest.fixture(autouse=True)
def settled(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setattr(cache, "SETTLED", -(10**18))  # the time of a change cannot be set, so everything counts as settled


def asked(known: Sayings, state: tuple[int, ...] | None, question: str | bytes = "what") -> bool:
    """Whether a file in this state is asked."""
    told: list[bool] = []
    known.said("a", state, question, lambda: told.append(True))
    return bool(told)


def test_a_file_is_asked_once_in_each_state(tmp_path: Path) -> None:
    known = sayings(tmp_path, "rules")
    assert [asked(known, STATE), asked(known, STATE), asked(known, (5,)), asked(known, STATE)] == [True, False, True, True]


def test_a_file_whose_state_cannot_be_told_is_always_asked(tmp_path: Path) -> None:
    known = sayings(tmp_path, "rules")
    assert asked(known, None)
    assert asked(known, None)


def test_what_was_said_is_known_the_next_time_under_the_same_rules_where_the_file_is_there(tmp_path: Path) -> None:
    known = sayings(tmp_path, "rules")
    assert known.said("a", STATE, b"what", lambda: ("said",)) == ("said",)
    known.keep(("a",))
    assert sayings(tmp_path, "rules").said("a", STATE, b"what", lambda: None) == ("said",)
    assert asked(sayings(tmp_path, "other rules"), STATE, b"what")
    known.said("a", STATE, b"more", lambda: None)
    known.keep(())
    assert asked(sayings(tmp_path, "rules"), STATE, b"what")


def test_a_file_remembers_the_last_questions(tmp_path: Path) -> None:
    known = sayings(tmp_path, "rules")
    questions = [bytes((number,)) for number in range(MOST + 1)]
    assert all(asked(known, STATE, question) for question in questions)
    assert not asked(known, STATE, questions[-1])
    assert not asked(known, STATE, questions[1])
    assert asked(known, STATE, questions[0])


TREES = (
    "a: {b: [1, '2', !!str 3], c: ~}\n",
    "x: &x {y: &z [1]}\na: *x\nb: {<<: *x, q: *z}\n",
    "just text",
    "[]",
    "{}",
    "- - - 1\n",
)


def gist(node: Node) -> object:
    inner = [gist(child) for child in getattr(node, "items", ())] if not hasattr(node, "entries") else []
    entries = [(gist(each.key), gist(each.value)) for each in getattr(node, "entries", {}).values()]
    return (
        type(node),
        [getattr(node, name, None) for name in ("text", "start", "end", "plain", "weight", "height", "tag")],
        inner,
        entries,
    )


@pytest.mark.parametrize("text", TREES)
def test_a_document_comes_back_as_it_was(text: str) -> None:
    root = parse(text.encode()).root
    assert root is not None
    back = unpacked(packed(root))
    assert gist(back) == gist(root)
    assert plain(back) == plain(root)


def test_an_alias_takes_no_room_of_its_own() -> None:
    long = "a: &a [" + "word, " * 1000 + "]\n"
    once, often = (parse((long + text).encode()).root for text in ("", "".join(f"b{n}: *a\n" for n in range(50))))
    assert once is not None
    assert often is not None
    assert len(packed(often)) < 2 * len(packed(once))


def found(root: Path, case: Case, paths: list[str], *, cached: bool, jobs: int = 1) -> tuple[Finding, ...]:
    registry = load(REGISTRY, case.data["registry"].encode()).registry
    assert registry is not None
    return scan(root, paths, registry, Config(select=("PS2",)), TODAY, cached=cached, jobs=jobs).report.findings


@pytest.mark.parametrize("case", [each for each in THERE if "registry" in each.values[0].data])  # type: ignore[union-attr]
def test_what_is_remembered_changes_no_finding(case: Case, tmp_path: Path) -> None:
    """First a scan of everything and of each file, then the same after each file has changed: what is known is made use of."""
    case.lay_out(tmp_path)
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    names = [path.relative_to(tmp_path).as_posix() for path in files]
    for changed in (None, *files):
        if changed is not None and changed.suffix in (".yaml", ".yml", ".env"):
            changed.write_text("# one line more\n" + changed.read_text(encoding="utf-8"), encoding="utf-8")
        for paths in ([], *([name] for name in names)):
            assert found(tmp_path, case, paths, cached=True) == found(tmp_path, case, paths, cached=False)


def test_a_compose_file_that_has_not_changed_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(each.values[0] for each in THERE if "registry" in each.values[0].data)  # type: ignore[union-attr]
    assert isinstance(case, Case)
    case.lay_out(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "compose.yml").write_text("services: {x: {image: a}}\n", encoding="utf-8")
    found(tmp_path, case, ["b/compose.yml"], cached=True)
    parsed: list[bytes] = []
    monkeypatch.setattr("portscan.connectivity.world.parse", lambda data, **_: parsed.append(data) or parse(data))
    (tmp_path / "b" / "compose.yml").write_text("services: {y: {image: a}}\n", encoding="utf-8")
    os.utime(tmp_path / "b" / "compose.yml", (1, 1))
    found(tmp_path, case, ["b/compose.yml"], cached=True)
    assert parsed == [b"services: {y: {image: a}}\n"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("cached", [False, True])
def test_where_many_files_are_read_the_checks_of_the_whole_run_in_another_process(
    cached: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = next(each.values[0] for each in THERE if "registry" in each.values[0].data)  # type: ignore[union-attr]
    assert isinstance(case, Case)
    case.lay_out(tmp_path)
    for number in range(WORTH_A_PROCESS):
        (tmp_path / f"{number}.txt").write_text("nothing", encoding="utf-8")
    alone = found(tmp_path, case, [], cached=False)
    assert alone
    here: list[int] = []
    looked = Whole.looked
    monkeypatch.setattr(Whole, "looked", lambda self, **how: here.append(os.getpid()) or looked(self, **how))
    assert found(tmp_path, case, [], cached=cached, jobs=2) == alone
    assert not here  # what the other process notes stays there
    assert found(tmp_path, case, [], cached=cached, jobs=1) == alone
    assert len(here) == (not cached)  # what it found is known by then
