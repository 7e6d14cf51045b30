"""With an automaton in front of them the triggers of a language let through what they let through without it."""

from __future__ import annotations

import random
import threading
from functools import cache
from pathlib import Path

import pytest

from portscan import native
from portscan.knowledge import naming, shipped
from portscan.pipeline import sifting
from portscan.pipeline.reading import Reading
from portscan.pipeline.sifting import NEW, Sifting
from portscan.source import Source, decode
from portscan.triggers import automaton, compile_triggers
from portscan.triggers.automaton import Plain, Sifted, checks_of, compiled
from tests.examples import entries, reading_of
from tests.judges import THOROUGH

pytestmark = pytest.mark.skipif(automaton.engine() is None, reason="Hyperscan is not built for this machine")

TOP = Path(__file__).resolve().parents[2]
TREE = TOP / "tests" / "fixtures"
TEXTS = [shown.code for entry in entries() for kind in ("bad", "good") for shown in entry.examples(kind)]
ODD = (
    "",
    "8080",
    "\ud800 port: 8080",
    "KPORT \u212a 8080",
    "\u0130 PORT=8080",
    "é port=80",
    "lo\u212aalhost:80",
    "PORT=\u0661\u0662",
)
LANGUAGES = sorted(name for name, plain in shipped().triggers.items() if plain and not plain.get("every"))
CHOSEN = (
    LANGUAGES if THOROUGH else sorted({shipped().languages[name]["reader"]: name for name in LANGUAGES}.values())
)  # one a reader


made_once = cache(compiled)  # several languages are asked for the same


def automaton_of(language: str) -> Plain:
    return made_once(checks_of(compile_triggers(shipped().triggers[language])))


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An automaton is taken or made for the first text."""
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(sifting, "KNOWN", 0)
    monkeypatch.setattr(sifting, "NEW", 0)
    monkeypatch.setattr(automaton, "compiled", made_once)
    return tmp_path / "cache" / sifting.SHELF


def texts_for(language: str) -> list[str]:
    """Examples, pieces of them put together, and what is odd."""
    drawn = random.Random(language)
    pieces = [text[drawn.randrange(len(text)) :] for text in TEXTS if text]
    return [*ODD, *drawn.sample(TEXTS, 60), *("\n".join(drawn.sample(pieces, 2)) for _ in range(40))]


@pytest.mark.parametrize("language", CHOSEN)
def test_the_same_texts_are_let_through(language: str) -> None:
    triggers = compile_triggers(shipped().triggers[language])
    sifted = Sifted(triggers, automaton_of(language))
    through = 0
    for text in texts_for(language):
        let = triggers.found_in(text)
        assert sifted.found_in(text) is let, text
        through += let
    assert through


def test_what_the_registry_calls_a_port_is_sought_as_well() -> None:
    known = naming(shipped(), ("CHAT_DOOR",), "title", "registry.yaml")
    triggers = compile_triggers(known.triggers["typescript"])
    sifted = Sifted(triggers, compiled(checks_of(triggers)))
    assert sifted.found_in("const CHAT_DOOR = 4010;")
    assert not Sifted(compile_triggers(shipped().triggers["typescript"]), automaton_of("typescript")).found_in(
        "const CHAT_DOOR = 4010;"
    )


def test_a_tree_comes_out_the_same(early: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [file for file in sorted(TREE.rglob("*")) if file.is_file()]
    sources = [source for file in files if isinstance(source := decode(file.name, file.read_bytes()), Source)]
    behind = [reading_of(shipped()).read(source) for source in sources]
    assert any(early.iterdir())
    monkeypatch.setattr(sifting, "KNOWN", 1 << 60)
    assert behind == [reading_of(shipped()).read(source) for source in sources]


def test_an_automaton_is_made_when_much_was_looked_through_and_taken_sooner_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    text = "const a = 'b';\n" * 5_000
    made: list[int] = []

    def counted(checks: tuple[automaton.Check, ...]) -> Plain:
        made.append(len(checks))
        return automaton_of("typescript")

    monkeypatch.setattr(automaton, "compiled", counted)
    first = Sifting(compile_triggers(shipped().triggers["typescript"]))
    for _ in range(NEW // len(text)):
        assert not first.found_in(text)
    assert not made
    assert not first.found_in(text)
    assert not first.found_in(text)
    assert len(made) == 1
    second = Sifting(compile_triggers(shipped().triggers["typescript"]))
    for _ in range(NEW // len(text) + 2):
        assert not second.found_in(text)
    assert second.found_in("server.listen(4010)")
    assert len(made) == 1


def test_damage_and_another_machine_cost_time_alone(early: Path) -> None:
    """What is kept is made anew where it is damaged, and not taken where Hyperscan refuses it."""
    triggers = compile_triggers(shipped().triggers["typescript"])

    def asked() -> bool:
        return Sifting(triggers).found_in("server.listen(4010)")

    assert asked()
    (file,) = early.iterdir()
    kept = file.read_bytes()
    file.write_bytes(kept[:-1])
    assert asked()
    assert file.read_bytes() == kept
    sifting.store(file, (b"an automaton for another machine", ()))
    assert asked()


def test_what_hyperscan_refuses_is_asked_of_the_triggers_alone(early: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "compiled", compiled)
    monkeypatch.setattr(automaton, "approximation", lambda *_pattern, **_how: ["("])
    with pytest.raises(ValueError):
        compiled(checks_of(compile_triggers(shipped().triggers["typescript"])))
    assert Sifting(compile_triggers(shipped().triggers["typescript"])).found_in("server.listen(4010)")
    assert not early.exists()


def test_what_other_code_has_made_is_not_taken(early: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    triggers = compile_triggers(shipped().triggers["typescript"])
    for stamp in ("one", "other", "one"):
        monkeypatch.setattr(sifting, "code_stamp", lambda stamp=stamp: stamp)
        assert Sifting(triggers).found_in("server.listen(4010)")
    assert len(list(early.iterdir())) == 2


def test_it_does_without_hyperscan(early: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str, _name: str) -> None:
        raise ImportError(package)

    monkeypatch.setattr(automaton, "library", missing)
    assert automaton.engine() is None
    assert Sifting(compile_triggers(shipped().triggers["typescript"])).found_in("server.listen(4010)")
    assert not early.exists()


def test_it_does_without_a_place_to_keep_it(early: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sifting, "kept_file", lambda *_about: None)
    assert Sifting(compile_triggers(shipped().triggers["typescript"])).found_in("server.listen(4010)")
    assert not early.exists()


def test_what_is_read_whatever_it_holds_is_asked_of_nobody(early: Path) -> None:
    assert Sifting(compile_triggers(None)).found_in("8")
    assert not Sifting(compile_triggers(None)).found_in("none")
    assert not early.exists()


def test_two_threads_may_ask_at_once() -> None:
    triggers = compile_triggers(shipped().triggers["typescript"])
    sifted = Sifted(triggers, automaton_of("typescript"))
    text = f"{'const a = 12;' * 20_000}\nserver.listen(4010)"
    said: list[bool] = []
    threads = [threading.Thread(target=lambda: said.extend(sifted.found_in(text) for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [True] * 80


def test_a_library_is_loaded_without_its_package() -> None:
    assert native.library("hyperscan", "_hs_ext").__name__ == "hyperscan._hs_ext"
    with pytest.raises(ImportError):
        native.library("no_such_package", "_library")


def test_a_reading_keeps_what_it_has_made(early: Path) -> None:
    reader: Reading = reading_of(shipped())
    assert reader.triggers("typescript") is reader.triggers("typescript")
    assert not early.exists()
