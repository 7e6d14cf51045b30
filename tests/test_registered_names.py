"""A variable of the registry names a port, also where no word of its name says so: `SENTRY_BIND`, `VIDEO_PORT`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portscan.cache import scans
from portscan.cli import main
from portscan.config import Config
from portscan.knowledge import naming, shipped
from portscan.pipeline import scanning
from portscan.pipeline.reading import Reading
from portscan.pipeline.rules import known_rules, reader_of, state_of_rules
from portscan.pipeline.scanning import Scan, scan
from portscan.pipeline.state import on_disk
from portscan.pipeline.states import begun, counts, memory_of
from portscan.registry.loader import load
from portscan.registry.model import Registry
from portscan.source import Source, decode
from tests.examples import reading_of
from tests.repository import REGISTRY_PATH, git, write

TODAY = date(2026, 1, 1)
FILES = {
    ".env": "SENTRY_BIND=9000\nOTHER_BIND=9000\n",
    "b.env": "SENTRY_BIND=127.0.0.1:9000\nSENTRY_BIND=0.0.0.0:9000\n",
    "compose.yaml": (
        "services:\n  nginx:\n    image: nginx\n    ports: ['$SENTRY_BIND:80/tcp']\n"
        "  cli:\n    image: cli\n    environment:\n      OTHER: ${SENTRY_BIND:-9000}\n"
    ),
    "a.py": 'import os\n\na = 1\nb = os.environ.get("SENTRY_BIND", "9000")\n',
    "a.js": "const a = process.env.SENTRY_BIND || 9000;\n",
    "a.sh": ': "${SENTRY_BIND:=9000}"\ndocker run -e SENTRY_BIND=9000 cli\n',
    "a.md": "Set `SENTRY_BIND=9000` and nothing else.\n",
}
PLACES = ["a.js:1", "a.md:1", "a.py:4", "a.sh:1", "a.sh:2", "b.env:1", "b.env:2", "compose.yaml:8", ".env:1"]


def registry(entry: str = "{name: nginx, stack: web, port: 9000, container_port: 80, container: true, env: SENTRY_BIND}") -> str:
    return f'version: "1.0.0"\nranges: {{web: "9000-9099"}}\nservices:\n  - {entry}\n'


def model(text: str) -> Registry:
    found = load(REGISTRY_PATH, text.encode()).registry
    assert found is not None
    return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "--quiet")
    write(top / REGISTRY_PATH, registry())
    for path, text in FILES.items():
        write(top / path, text)
    monkeypatch.chdir(top)
    return top


def scanned(place: Path, text: str, *, cached: bool = False) -> Scan:
    return scan(place, (), model(text), Config(), TODAY, jobs=1, cached=cached)


def codes(found: Scan) -> list[str]:
    return [f"{each.path}:{each.location.line} {each.code}" for each in found.report.findings]


def test_drift_is_seen_wherever_the_variable_is_set_or_looked_up(place: Path) -> None:
    assert codes(scanned(place, registry())) == ["a.sh:2 PS001"]
    for path in FILES:
        write(place / path, FILES[path].replace("9000", "9100"))
    assert sorted(codes(scanned(place, registry()))) == sorted(f"{each} PS003" for each in PLACES)


def test_a_name_that_a_rule_takes_back_counts_if_the_registry_has_it(place: Path) -> None:
    write(place / "video.env", "VIDEO_PORT=9100\n")
    moved = registry("{name: video, stack: web, port: 9000}")
    assert "video.env:1 PS003" in codes(scanned(place, moved))
    assert not [each for each in codes(scanned(place, registry())) if each.startswith("video.env")]


def test_the_inventory_knows_the_name(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inventory", "--explain", ".env:1"]) == 0
    assert f"registered-variable: a variable of the registry ({REGISTRY_PATH})" in capsys.readouterr().out
    assert main(["inventory", "--explain", ".env:2"]) == 0
    assert "No port literal was found at .env:2." in capsys.readouterr().out
    write(place / REGISTRY_PATH, "services: [")
    assert main(["inventory", "--explain", ".env:1"]) == 0
    assert "No port literal was found at .env:1." in capsys.readouterr().out


def test_a_move_takes_the_values_along(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "nginx", "9050"]) == 0
    assert "left to you" not in capsys.readouterr().out
    for path, text in FILES.items():
        if path != "a.md":
            assert (place / path).read_text() == text.replace("BIND=9000\nOTHER", "BIND=9050\nOTHER").replace(
                "9000", "9050" if path != ".env" else "9000"
            )


def test_another_name_in_the_registry_has_the_files_read_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(place.parent / "cache"))
    monkeypatch.setattr(scanning, "MANY", 1)
    monkeypatch.setattr(scans, "SETTLED", -(10**18))
    write(place / ".env", "SENTRY_BIND=9100\nOTHER_BIND=9200\n")
    plain = registry().replace(", env: SENTRY_BIND", "")
    other = registry().replace("SENTRY_BIND", "OTHER_BIND")
    for text in (plain, registry(), other, plain, other, registry()):
        assert codes(scanned(place, text, cached=True)) == codes(scanned(place, text))
    assert ".env:1 PS003" in codes(scanned(place, registry(), cached=True))
    assert ".env:2 PS003" in codes(scanned(place, other, cached=True))


def test_the_past_is_counted_by_what_its_own_registry_calls_a_port(place: Path) -> None:
    write(place / ".env", "SENTRY_BIND=9100\n")
    texts = (registry().replace(", env: SENTRY_BIND", ""), registry(), registry().replace("SENTRY_BIND", "OTHER_BIND"))
    for _ in range(2):  # the second time by what is remembered
        memory = memory_of(place)
        states = [begun(on_disk(place, model(text), Config(), TODAY), memory) for text in texts]
        found = [count.codes for count in counts(states, memory, jobs=1)]
        assert found == [Counter(each.code for each in scanned(place, text).report.findings) for text in texts]
        assert found[1]["PS003"] == found[0]["PS003"] + 1
        memory.keep()


def test_names_that_say_port_cost_nothing() -> None:
    plain = model(registry("{name: nginx, stack: web, port: 9000, env: SENTRY_PORT}"))
    assert known_rules(Config(), plain) is shipped()
    assert reader_of(Config(), plain) is reader_of(Config())
    assert state_of_rules(Config(), plain) == state_of_rules(Config(), model(registry("{name: other, stack: web, port: 9000}")))
    assert state_of_rules(Config(), plain) != state_of_rules(Config(), model(registry()))


def read(reading: Reading, path: str, text: str) -> object:
    source = decode(path, text.encode())
    assert isinstance(source, Source)
    return reading.read(source)


@pytest.mark.parametrize("path", FILES)
def test_nothing_is_lost_by_what_is_not_read(path: str) -> None:
    known = naming(shipped(), ("SENTRY_BIND",), "", "")
    every = tuple({**rule, "heads": None, "needs": ("",)} if rule["match"] == "text" else rule for rule in known.rules)
    sparing, through = reading_of(known), reading_of(replace(known, triggers={}, rules=every))
    for text in (FILES[path], "x\n" * 300 + FILES[path]):
        assert read(sparing, path, text) == read(through, path, text) != ()


def test_a_scan_from_the_shell_says_the_same_with_and_without_cache(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(place / "c.env", "SENTRY_BIND=9100\n")
    said = []
    for more in (["--no-cache"], [], []):
        main(["-q", *more])
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] == said[2]
    assert "c.env:1:13: error: PS003" in said[0]
    write(place / REGISTRY_PATH, registry().replace("SENTRY_BIND", "OTHER_BIND"))
    main(["-q"])
    assert "c.env" not in capsys.readouterr().out
