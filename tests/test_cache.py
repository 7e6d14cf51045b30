"""What is remembered of a scan: it changes nothing but the time, whatever happens to the files, the registry and the cache."""

from __future__ import annotations

import gc
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from portscan.cache import scans as module
from portscan.cache.kept import MOST_FILES, cache_directory, kept_file, loaded, store
from portscan.cache.scans import Record, identity_of, opened, present, state_of
from portscan.config import Config
from portscan.errors import UserError
from portscan.files import listing
from portscan.files.contents import FileEntry
from portscan.origin import Lock, cached, keep
from portscan.pipeline import examining, scanning
from portscan.pipeline.reading import Reading
from portscan.pipeline.scanning import Scan, scan
from portscan.registry.loader import load, load_kept
from portscan.registry.model import Registry
from portscan.source import Source
from tests.caches import with_rules

TOP = Path(__file__).resolve().parent.parent
EXAMPLE = TOP / "examples" / "tradingsystem"
REGISTRY = "config/ports/registry.yaml"
TODAY = date(2026, 1, 1)
LONG_AGO = 1_700_000_000
FILES_ALONE = Config(ignore=("PS20", "PS109", "PS11"))  # without the checks of the whole repository


def registry_of(text: bytes) -> Registry:
    found = load(REGISTRY, text).registry
    assert found is not None
    return found


def aged(folder: Path) -> None:
    """As if all files had been written long ago: what has just been written is looked at again."""
    for file in folder.rglob("*"):
        if file.is_file():
            os.utime(file, (LONG_AGO, LONG_AGO))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(scanning, "MANY", 1)
    monkeypatch.setattr(module, "SETTLED", -(10**18))  # the time of a change cannot be set, so everything counts as settled
    shutil.copytree(EXAMPLE, tmp_path / "example")
    aged(tmp_path / "example")
    return tmp_path / "example"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are parsed."""
    seen: list[str] = []
    plain = Reading.read

    def read(self: Reading, source: object) -> object:
        seen.append(source.path)  # type: ignore[attr-defined]
        return plain(self, source)  # type: ignore[arg-type]

    monkeypatch.setattr(Reading, "read", read)
    return seen


def scanned(folder: Path, *, cached: bool = True, registry: bytes | None = None, config: Config | None = None) -> Scan:
    data = registry or (EXAMPLE / REGISTRY).read_bytes()
    return scan(folder, (), registry_of(data), config or FILES_ALONE, TODAY, jobs=1, cached=cached)


@pytest.mark.parametrize("cached", [False, True])
def test_large_files_are_read_first(folder: Path, reads: list[str], cached: bool) -> None:
    write = {"z.py": "PORT = 4010\n" + "# text\n" * 20_000, "y.py": "PORT = 4010\n" + "# text\n" * 40_000}
    for name, text in write.items():
        (folder / name).write_text(text, encoding="utf-8")
    scanned(folder, cached=cached)
    assert reads[:2] == ["y.py", "z.py"]
    assert reads[2:] == sorted(reads[2:])


@pytest.mark.parametrize("cached", [False, True])
def test_a_scan_of_many_files_holds_only_what_it_says_of_them(folder: Path, cached: bool) -> None:
    gc.collect()
    gc.disable()  # what only the garbage collector lets go is held until the scan ends
    try:
        before = {id(each) for each in gc.get_objects() if isinstance(each, Source)}
        found = scanned(folder, cached=cached)
        held = [each for each in gc.get_objects() if isinstance(each, Source) and id(each) not in before]
    finally:
        gc.enable()
    assert len(held) <= 1  # that of which the language was told last
    assert all(not page.given for page in found.report.findings.pages)  # type: ignore[attr-defined]
    assert {*found.sources} >= {page.path for page in found.report.findings.pages}  # type: ignore[attr-defined]


def the_same(folder: Path) -> None:
    found, plain = scanned(folder), scanned(folder, cached=False)
    assert (found.report, found.sources) == (plain.report, plain.sources)


def kept(folder: Path) -> Path:
    files = list((folder.parent / "cache" / "scans").iterdir())
    assert len(files) == 1
    return files[0]


def test_a_second_scan_reads_nothing_and_says_the_same(folder: Path, reads: list[str]) -> None:
    first = scanned(folder)
    assert len(reads) > 30
    reads.clear()
    assert scanned(folder) == first
    assert reads == []
    assert first.report.findings


def test_only_what_has_changed_is_read_again(folder: Path, reads: list[str]) -> None:
    scanned(folder)
    (folder / "Makefile").write_text("URL = http://localhost:3103\n")
    reads.clear()
    assert any(finding.path == "Makefile" for finding in scanned(folder).report.findings)
    assert reads == ["Makefile"]
    the_same(folder)


def test_a_file_that_was_only_touched_is_not_parsed_again(folder: Path, reads: list[str]) -> None:
    first = scanned(folder)
    os.utime(folder / "Makefile", (LONG_AGO + 9, LONG_AGO + 9))
    reads.clear()
    assert scanned(folder) == first
    assert reads == []


def test_another_registry_judges_anew_without_parsing(folder: Path, reads: list[str]) -> None:
    first = scanned(folder)
    changed = (EXAMPLE / REGISTRY).read_bytes().replace(b"3103", b"3104")
    reads.clear()
    found = scanned(folder, registry=changed)
    assert reads == []
    assert found != first
    plain = scanned(folder, cached=False, registry=changed)
    assert (found.report, found.sources) == (plain.report, plain.sources)


def test_another_configuration_judges_anew(folder: Path) -> None:
    scanned(folder)
    assert scanned(folder, config=Config(ignore=("PS",))).report.findings == ()


@pytest.mark.parametrize("change", ["gone", "new", "moved", "empty", "binary", "longer"])
def test_whatever_happens_to_files_the_report_is_right(folder: Path, change: str) -> None:
    scanned(folder)
    file = folder / "scripts" / "kill-ports.sh"
    changes: dict[str, Callable[[], object]] = {
        "gone": file.unlink,
        "new": lambda: (folder / "new.sh").write_text("curl http://localhost:3200\n"),
        "moved": lambda: file.rename(folder / "scripts" / "moved.md"),
        "empty": lambda: file.write_text(""),
        "binary": lambda: file.write_bytes(b"\0" * 20),
        "longer": lambda: file.write_text(file.read_text() * 3),
    }
    changes[change]()
    the_same(folder)
    the_same(folder)


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_cache_is_no_cache(folder: Path, seed: int) -> None:
    first = scanned(folder)
    file, chance = kept(folder), random.Random(seed)
    data = bytearray(file.read_bytes())
    if seed % 2:
        data = data[: chance.randrange(len(data))]
    else:
        for _ in range(20):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(bytes(data))
    assert scanned(folder) == first
    assert scanned(folder) == first


def test_a_cache_may_be_deleted_or_lie_where_nothing_can_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = scanned(folder)
    shutil.rmtree(folder.parent / "cache")
    assert scanned(folder) == first
    (folder.parent / "file").write_text("")
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(folder.parent / "file"))
    assert scanned(folder) == first


def test_scans_at_the_same_time_do_not_disturb_one_another(folder: Path) -> None:
    command = [sys.executable, "-m", "portscan", "scan", "--format", "json", "--exit-zero"]
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PORTSCAN_CACHE_DIR": with_rules(folder.parent / "shared")}
    for _ in range(2):
        started = [subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE) for _ in range(4)]
        outputs = {process.communicate()[0] for process in started}
        assert len(outputs) == 1
        assert {process.returncode for process in started} == {0}


def test_a_part_of_a_directory_forgets_nothing_of_the_rest(folder: Path, reads: list[str]) -> None:
    scanned(folder)
    reads.clear()
    (folder / "scripts" / "new.sh").write_text("curl http://localhost:3200\n")
    scan(folder, ("scripts",), registry_of((EXAMPLE / REGISTRY).read_bytes()), FILES_ALONE, TODAY, jobs=1, cached=True)
    scanned(folder)
    assert reads == ["scripts/new.sh"]


def test_fixes_are_planned_without_a_cache(folder: Path) -> None:
    scanned(folder)
    found = scan(folder, (), registry_of((EXAMPLE / REGISTRY).read_bytes()), Config(), TODAY, fixes=True, cached=True)
    assert any(finding.fix for finding in found.report.findings)


def test_what_was_written_a_moment_ago_has_no_state(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("x")
    entry = FileEntry("a", str(file))
    assert state_of(entry, present()) is None
    assert state_of(entry, present() + 3 * 10**9) is not None
    assert state_of(FileEntry("b", str(tmp_path / "b")), present()) is None


def test_an_id_is_that_of_git(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"port: 3000\n")
    found = subprocess.run(["git", "hash-object", "a"], cwd=tmp_path, capture_output=True, check=True).stdout.decode().strip()
    assert identity_of(b"port: 3000\n").hex() == found


def test_old_files_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path))
    for number in range(MOST_FILES + 8):
        file = kept_file("shelf", str(number))
        assert file is not None
        store(file, number)
        os.utime(file, (LONG_AGO + number, LONG_AGO + number))
    assert len(list((tmp_path / "shelf").iterdir())) == MOST_FILES
    assert loaded(kept_file("shelf", str(MOST_FILES + 7))) == MOST_FILES + 7
    assert loaded(kept_file("shelf", "0")) is None


def test_only_files_of_ours_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path))
    (tmp_path / "shelf").mkdir()
    mine = [tmp_path / "shelf" / f"{number}.bin" for number in range(MOST_FILES + 8)]
    for file in mine:
        file.write_text("mine")
    for number in range(2):
        store(kept_file("shelf", str(number)), number)
    assert all(file.exists() for file in mine)
    assert [loaded(kept_file("shelf", str(number))) for number in range(2)] == [0, 1]


@pytest.mark.parametrize("versioned", [True, False], ids=["in git", "outside"])
def test_a_cache_within_a_repository_is_not_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, versioned: bool) -> None:
    if versioned:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "kept"))
    keep(Lock("a", "b", "c", "d", "0" * 64), b"services: [{port: 3000}]\n")
    (tmp_path / "a.py").write_text("port = 3000\n")
    assert cached("0" * 64).exists()
    assert [entry.path for entry in listing(tmp_path).entries] == ["a.py"]


def test_a_folder_is_no_cache_for_having_a_file_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/CACHEDIR.TAG").write_text("nothing to see here")
    assert [entry.path for entry in listing(tmp_path).entries] == ["src/CACHEDIR.TAG"]


def test_a_folder_that_was_there_is_not_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path))
    store(kept_file("shelf"), 1)
    assert [file.name for file in tmp_path.iterdir()] == ["shelf"]


def test_a_path_that_depends_on_where_one_stands_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", ".cache")
    with pytest.raises(UserError, match="no whole path"):
        cache_directory()


def test_a_shared_one_that_does_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTSCAN_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", ".cache")
    assert cache_directory() == tmp_path / ".cache" / "portscan"


def test_what_is_no_plain_data_is_not_kept(tmp_path: Path) -> None:
    store(tmp_path / "a.bin", object())
    assert not (tmp_path / "a.bin").exists()


def test_a_cache_knows_nothing_of_other_rules_or_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    cache = opened(tmp_path, "rules", "context")
    cache.fresh["a"] = Record(None, b"")
    cache.save(())
    assert opened(tmp_path, "rules", "another").known("a")
    assert not opened(tmp_path, "other rules", "context").known("a")
    assert not opened(tmp_path / "b", "rules", "context").known("a")


def test_a_registry_that_was_read_before_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path))
    for file in [*(TOP / "tests/fixtures/registry").glob("*.yaml"), EXAMPLE / REGISTRY]:
        data = file.read_bytes()
        plain = load(REGISTRY, data)
        assert load_kept(REGISTRY, data) == plain
        assert load_kept(REGISTRY, data) == plain
        known = load_kept(REGISTRY, data).registry
        if known is not None and plain.registry is not None:
            assert (known.by_name, known.by_port) == (plain.registry.by_name, plain.registry.by_port)
            assert repr(known) == repr(plain.registry)


def test_a_file_that_was_named_is_never_remembered(folder: Path) -> None:
    registry = registry_of((EXAMPLE / REGISTRY).read_bytes())
    for _ in range(2):
        scan(folder, ("Makefile",), registry, FILES_ALONE, TODAY, jobs=1, cached=True)
    assert not (folder.parent / "cache" / "scans").exists()
    assert examining.OF_CONTENTS
