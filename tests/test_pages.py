"""A report is put together of pages that were made before: it is what it would be if everything were made anew, byte by byte."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from portscan import cli
from portscan.baseline import against
from portscan.cache import scans as cache
from portscan.cache.grown import SHARE, grown
from portscan.cache.kept import loaded
from portscan.cache.pages import memory_of
from portscan.gate import memory
from portscan.gate.question import asked
from portscan.model import Finding, Location
from portscan.pages import Findings, Page, pages_of, plain_findings, with_pages
from portscan.pipeline import scanning
from portscan.records import replace
from portscan.reporters import told
from tests.repository import HARDCODED, QUIET, commit, git, repository, write

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "tradingsystem"
REGISTRY = "config/ports/registry.yaml"
LOOKS = (
    *((), ("-v",), ("-q",), ("--color", "always"), ("--strict",), ("--statistics",), ("--exit-zero", ".")),
    *(
        ("--no-inline-ignores",),
        ("--no-baseline",),
        ("--select", "PS001,PS1"),
        ("--ignore", "PS002"),
        ("--jobs", "2"),
        ("scripts", "docs"),
    ),
    *(("--changed",), ("--changed", "--changed-lines"), ("--hook", "Makefile", "scripts/kill-ports.sh", "compose.yaml")),
    *(("--format", form) for form in ("json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown")),
)
Ask = Callable[..., "tuple[bytes, int]"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    top = repository(tmp_path / "top")
    shutil.copytree(EXAMPLE, top, dirs_exist_ok=True)
    commit(top)
    monkeypatch.chdir(top)
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(scanning, "MANY", 1)
    for module in (cache, memory):
        monkeypatch.setattr(module, "SETTLED", -(10**18))  # the time of a change cannot be set, so everything counts as settled
    return top


@pytest.fixture
def ask(capsysbinary: pytest.CaptureFixture[bytes]) -> Ask:
    def said(*arguments: str) -> tuple[bytes, int]:
        capsysbinary.readouterr()
        status = cli.main(["scan", *arguments], asked(["scan", *arguments]))
        return capsysbinary.readouterr().out, status

    return said


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are put into words."""
    seen: list[str] = []
    plain = told.of_file

    def of_file(path: str, *rest: object) -> str:
        seen.append(path)
        return plain(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(told, "of_file", of_file)
    return seen


def changes(top: Path, chance: random.Random) -> dict[str, Callable[[], object]]:
    """What may happen to a repository, its settings and the cache."""
    files = [file for file in top.rglob("*") if file.is_file() and ".git" not in file.parts and file.stat().st_size]
    one, other = chance.sample(files, 2)
    registry, kept = top / REGISTRY, [*(top.parent / "cache").glob("*/*.bin")]
    return {
        "a line more": lambda: one.write_bytes(b"\n" + one.read_bytes()),
        "a port more": lambda: one.write_bytes(one.read_bytes() + b"\ncurl http://localhost:3103/ # password: hunter22\n"),
        "a part of it": lambda: one.write_bytes(one.read_bytes()[: one.stat().st_size // 2]),
        "the same length": lambda: one.write_bytes(one.read_bytes().replace(b"31", b"41")),
        "touched": lambda: os.utime(one, (1, chance.randrange(10**9))),
        "gone": one.unlink,
        "moved": lambda: one.replace(other.with_name(f"{chance.randrange(9)}{one.name}")),
        "copied": lambda: shutil.copy(one, other),
        "new": lambda: write(top / f"new-{chance.randrange(5)}.sh", HARDCODED),
        "ignored": lambda: write(top / ".gitignore", f"{one.name}\n"),
        "a service moves": lambda: registry.write_bytes(registry.read_bytes().replace(b"3103", b"3104")),
        "and back": lambda: registry.write_bytes(registry.read_bytes().replace(b"3104", b"3103")),
        "a configuration": lambda: write(top / "portscan.toml", 'per-path = {"docs/**" = ["PS001"]}\n'),
        "another": lambda: write(top / "portscan.toml", f'exclude = ["{one.relative_to(top).as_posix()}"]\n'),
        "a baseline": lambda: cli.main(["scan", "--write-baseline", "-q"]),
        "a commit": lambda: git(top, "commit", "-aqm", "more"),
        "damage": lambda: chance.choice(kept).write_bytes(chance.randbytes(99)),
        "what is kept is gone": lambda: shutil.rmtree(top.parent / "cache"),
    }


@pytest.mark.parametrize("seed", range(4))
def test_through_a_history_of_changes_it_says_what_is_said_anew(
    place: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    ask()
    for _ in range(9):
        for _ in range(chance.randrange(1, 4)):
            done = changes(place, chance)
            try:
                done[chance.choice([*done])]()
            except (OSError, AssertionError, IndexError):
                continue  # what is not there cannot be changed
        for look in ((), chance.choice(LOOKS)):
            monkeypatch.setenv("COLUMNS", chance.choice(("60", "120")))
            assert ask(*look) == ask(*look, "--no-cache"), look


def test_the_mark_that_is_known_is_that_of_the_page(place: Path, ask: Ask) -> None:
    ask()
    kept = {
        path: cache.Record(*each) for file in (place.parent / "cache" / "scans").iterdir() for path, each in loaded(file).items()
    }
    pages = [page for path, record in kept.items() if (page := cache.page_of(record, path))]
    assert len(pages) > 20
    assert all(page.mark == cache.mark_of(page.identity, page.plain) for page in pages)


def test_only_what_has_changed_is_put_into_words(place: Path, ask: Ask, made: list[str]) -> None:
    first = ask()
    assert len(made) > 20
    made.clear()
    write(place / "Makefile", f"{(place / 'Makefile').read_text()}\n# the end\n")
    assert ask() == first
    assert made == ["Makefile"]


def test_beside_a_baseline_only_what_has_changed_is_looked_into(place: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    plain = against.identities

    def identities(findings: Sequence[Finding], sources: Mapping[str, bytes]) -> tuple[object, ...]:
        seen.extend({each.path for each in findings})
        return plain(findings, sources)

    monkeypatch.setattr(against, "identities", identities)
    cli.main(["scan", "--write-baseline", "-q"])
    assert b" more in the baseline" in ask()[0]
    assert len(seen) > 20
    seen.clear()
    write(place / "Makefile", f"{(place / 'Makefile').read_text()}\nother:\n\tcurl http://localhost:3103/other\n")
    found = ask()
    assert seen == ["Makefile"]
    assert found == ask("--no-cache")
    assert b"localhost:3103/other" in found[0]


@pytest.mark.parametrize("look", [("-q",), ("-v",), ("--color", "always")])
def test_another_look_is_made_by_itself(place: Path, ask: Ask, look: tuple[str, ...]) -> None:
    anew, usual = ask(*look, "--no-cache"), ask()
    assert ask(*look) == anew != usual
    assert ask(*look) == anew


def test_what_is_said_of_a_file_by_others_is_part_of_its_page(place: Path, ask: Ask) -> None:
    before = ask()
    write(place / "compose.override.yaml", "services: {x: {image: y, ports: ['3103:9']}, z: {image: y, ports: ['3103:9']}}\n")
    after = ask()
    assert after == ask("--no-cache") != before


def finding(line: int, path: str = "a") -> Finding:
    return Finding("PS001", "name", "error", "message", path, Location(line, 1, line, 2))


def test_pages_are_made_when_they_are_looked_at() -> None:
    page = Page("a", plain=plain_findings([finding(3), finding(2)]), identity=b"1")
    found = Findings((page,))
    assert found
    assert "findings" not in vars(page)
    assert (len(found), found[0], found[-1:], tuple(found)) == (2, finding(2), (finding(3),), (finding(2), finding(3)))
    assert found == (finding(2), finding(3))
    assert hash(found) == hash((finding(2), finding(3)))
    assert found != (finding(2),)
    assert not Findings(())


def test_what_many_findings_say_is_kept_once() -> None:
    said = "said of each of them"
    one, many = (tuple(replace(finding(line), message=said) for line in range(1, last)) for last in (2, 50))
    plain = plain_findings(many)
    assert plain.count(said.encode()) == 1
    assert Page("a", plain=plain).findings == many
    assert len({id(each.message) for each in Page("a", plain=plain).made()}) == 1
    assert len(plain) < 49 * len(plain_findings(one))


def test_other_pages_take_the_place_of_those_that_were_there() -> None:
    new = Page("a", (finding(9),))
    assert tuple(with_pages((finding(1), finding(1, "c")), {"a": new})) == (finding(9), finding(1, "c"))
    assert [page.path for page in pages_of(with_pages((finding(1, "c"),), {"a": new}))] == ["a", "c"]


def test_contents_that_came_meanwhile_are_not_taken_for_those_that_were_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    known = memory_of(tmp_path, "look")
    identity = cache.identity_of(b"text")
    page = Page("a", (finding(1),), plain_findings([finding(1)]), identity)
    known.keep(page, b"other", ("words",))
    known.keep(Page("b", (finding(1),)), b"text", ("words",))
    known.keep(page, None, ("words",))
    assert known.fresh == {}
    known.keep(page, b"text", ("words",))
    known.save()
    assert memory_of(tmp_path, "look").recall(page) == ("words",)
    assert memory_of(tmp_path, "another").recall(page) is None
    assert memory_of(tmp_path, "look").recall(Page("a", plain=b"other", identity=identity)) is None
    assert memory_of(tmp_path, "look").recall(Page("a", page.given, page.plain)) is None


@pytest.mark.parametrize("seed", range(20))
def test_what_is_new_lies_beside_the_rest_until_it_is_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    chance = random.Random(seed)
    expected: dict[str, int] = {}
    for number in range(30):
        kept = grown("scans", "about")
        assert {name: kept.known[name] for name in expected} == expected
        assert len(kept.new) * SHARE <= kept.rest or not kept.rest
        assert len(kept.known) <= 120
        fresh = dict.fromkeys((str(chance.randrange(100)) for _ in range(chance.choice((1, 2, 5, 90)))), number)
        expected = {name: value for name, value in {**expected, **fresh}.items() if chance.random() < 0.98 or name in fresh}
        kept.keep(fresh, expected)
        if chance.random() < 0.1:  # what lies beside is of another run than the rest, or gone
            chance.choice([*(tmp_path / "cache" / "scans").iterdir()]).unlink()
            expected = {}
