"""Contents that were never seen: what the gate and the glance say of them is what the whole road says, or nothing."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portscan import expressions, glance
from portscan.cache import codes
from portscan.drawers import VACANT, Drawers, filled
from portscan.expressions import EXPRESSIONS, Expressions
from portscan.gate import answers
from portscan.gate.question import asked
from portscan.pipeline.reading import Reading, reading
from tests.caches import with_rules
from tests.repository import HARDCODED, REGISTRY_PATH, unmeasured, write
from tests.test_gate import Ask, at_once, place, whole_road

__all__ = ("at_once", "place", "whole_road")

TOP = Path(__file__).resolve().parent.parent
# Nothing in them, but that only shows to who reads them: the first ones in the text, the others in the syntax.
EMPTY = {
    "new.py": "import os\n",
    "new.sh": "sleep 3\n",
    "web/new.ts": "export const total = 1;\n",
    "new.json": '{"a": "b"}\n',
    "LICENSE.xyz": "none\n",
}
DOUBTFUL = {"doubt.ts": "export const port = 99999;\n", "run.sh": "nc -w 3\n"}
ODD = {
    "ports.ts": "server.listen(4010);\n",
    "spoken.py": "x = 1  # portscan: ignore[PS001] hides nothing\n",
    "bom.ts": "\ufeffconst a = 'b';\n",
    "nul.ts": "const a = '\0';\n",
    "coded.py": "# coding: latin-1\nx = 1\n",
    "compose.yaml": "services: {}\n",
    "portscan.lock": "",
    "package-lock.json": "{}\n",
    "a.min.js": "var a\n",
    "node_modules/x/index.js": "var a\n",
    "pic.png": "text all the same\n",
    "bundle.js": f"var a = '{'x' * 6000}'\n",
    "noend": "text\n",
    "noend.sh.j2": "true\n",
    "big.ts": "// word\n" * 200_000,
}
HOW = (("scan",), ("scan", "--hook", "--"), ("scan", "--no-cache"), ("scan", "--no-cache", "--quiet", "--hook", "--"))


@pytest.fixture(autouse=True)
def nothing_from_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    kept = dict(EXPRESSIONS), EXPRESSIONS.known
    reading.cache_clear()  # with what was read already
    yield
    EXPRESSIONS.clear()
    EXPRESSIONS.update(kept[0])
    EXPRESSIONS.known = kept[1]


def glanced(*arguments: str) -> tuple[bytes, int] | None:
    """What is said without the whole road."""
    question = asked(list(arguments))
    assert question is not None
    said = answers.answer(question)
    if said is None and question.rest is not None:
        text = glance.glanced(question)
        return None if text is None else (text, 0)
    return said


def write_all(place: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        write(place / name, text)


@pytest.mark.parametrize("how", HOW, ids=" ".join)
def test_what_lacks_all_that_a_rule_needs_is_not_read(place: Path, at_once: Ask, whole_road: Ask, how: tuple[str, ...]) -> None:
    write_all(place, EMPTY)
    assert at_once(*how, *EMPTY) is None
    whole_road(*how, *EMPTY)
    for name in EMPTY:
        write(place / name, (place / name).read_text().replace("a", "abc").replace("none", "nothing"))
    assert at_once(*how, *EMPTY) == whole_road(*how, *EMPTY, learn=False) != (b"", 1)
    assert at_once(*how, "new.py") == whole_road(*how, "new.py", learn=False)


@pytest.mark.parametrize("how", HOW, ids=" ".join)
def test_what_is_in_doubt_is_read_and_nothing_else(
    place: Path, whole_road: Ask, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...]
) -> None:
    read: list[str] = []
    before = Reading._read
    monkeypatch.setattr(Reading, "_read", lambda self, source: (read.append(source.path), before(self, source))[1])
    write_all(place, EMPTY | DOUBTFUL)
    files = (*EMPTY, *DOUBTFUL)
    whole_road(*how, *files)
    for name in files:
        write(place / name, (place / name).read_text() + "\n\n")
    read.clear()
    said = glanced(*how, *files)
    assert sorted(read) == sorted(DOUBTFUL)
    assert said == whole_road(*how, *files, learn=False)


@pytest.mark.parametrize("how", HOW, ids=" ".join)
@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_is_for_the_whole_road(place: Path, whole_road: Ask, odd: str, how: tuple[str, ...]) -> None:
    write_all(place, EMPTY | DOUBTFUL)
    write(place / odd, ODD[odd])
    for files in ((*EMPTY, *DOUBTFUL), (odd,), (*EMPTY, odd, "run.sh")):
        whole_road(*how, *files)
    for name in (*EMPTY, *DOUBTFUL, odd):
        write(place / name, (place / name).read_text() + "\n")
    for files in ((odd,), ("new.py", odd), (*EMPTY, odd, *DOUBTFUL)):
        said = glanced(*how, *files)
        assert said in (None, whole_road(*how, *files, learn=False))


WORDS = ("port", "PORT=", "listen(", ":", " 4010", "8080", "'", '"', "x", "\n", "- ", "http://", "localhost", *"(){},", "= ")
NAMES = ("a.ts", "b.py", "c.yaml", "d.json", "e.md", "f.sh", "g.env", "h.tsx", "i.toml", "Dockerfile", "k.go", "l.unknown")


@pytest.mark.parametrize("seed", range(12))
def test_of_anything_it_says_what_the_whole_road_says(place: Path, whole_road: Ask, seed: int) -> None:
    chance = random.Random(seed)
    how = chance.choice(HOW)
    for round_ in range(6):
        names = chance.sample(NAMES, chance.randint(1, 6))
        for name in names:
            write(place / name, "".join(chance.choices(WORDS, k=chance.randint(0, 12))))
        said = glanced(*how, *names)
        whole = whole_road(*how, *names, learn=round_ < 3)
        assert said in (None, whole), [(place / name).read_text() for name in names]


@pytest.mark.parametrize("how", [*HOW, ("scan", "--no-baseline", "--hook", "--")], ids=" ".join)
@pytest.mark.parametrize("below", [".", "sub"])
def test_files_of_which_the_baseline_says_nothing_are_told_beside_it(
    place: Path, whole_road: Ask, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...], below: str
) -> None:
    here = place / below
    write_all(here, EMPTY | DOUBTFUL | {"ports.ts": ODD["ports.ts"]})
    assert whole_road("scan", "--write-baseline", "-q")[1] == 0
    monkeypatch.chdir(here)
    for files in ((*EMPTY, *DOUBTFUL), (*EMPTY, "ports.ts")):
        whole_road(*how, *files)
    for name in (*EMPTY, *DOUBTFUL):
        write(here / name, (here / name).read_text() + "\n")
    said = glanced(*how, *EMPTY, *DOUBTFUL)
    assert said == whole_road(*how, *EMPTY, *DOUBTFUL, learn=False) != (b"", 1)
    write(here / "ports.ts", "const total = 2;\n")
    for _ in range(2):  # what says nothing by itself is not remembered as such
        assert glanced(*how, "new.py", "ports.ts") in (None, whole_road(*how, "new.py", "ports.ts", learn=False))
        whole_road(*how, "new.py", "ports.ts")
    write(place / "portscan-baseline.jsonl", '{"portscan-baseline": 1}\n')
    assert glanced(*how, *EMPTY) is None


PATTERNS_OF_PATHS = ("*.py", "web", "**/new.*", "new.[jt]son", "sub/*", "*.sh", "./run.sh", "doubt.ts")


@pytest.mark.parametrize("below", [".", "sub"])
def test_what_is_kept_out_of_a_hook_is_told_by_its_path(
    place: Path, whole_road: Ask, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    here, chance, answered = place / below, random.Random(below), 0
    odd = ("node_modules/x/index.js", "package-lock.json")
    every, how = (*EMPTY, *DOUBTFUL), ("scan", "--hook", "--")
    write_all(here, EMPTY | DOUBTFUL | {name: ODD[name] for name in odd})
    monkeypatch.chdir(here)
    for number in range(12):
        include, exclude = (chance.sample(PATTERNS_OF_PATHS, chance.choice((0, 0, 1, 2))) for _ in range(2))
        write(place / "portscan.toml", f"include = {include}\nexclude = {exclude}\n")
        whole_road(*how, *every)
        for _ in range(3):
            names = chance.sample([*every, *odd], chance.randint(1, 6))
            for name in names:
                write(here / name, (here / name).read_text() + "\n" * (number + 1))
            said = glanced(*how, *names)
            answered += said is not None
            assert said in (None, whole_road(*how, *names, learn=False)), (include, exclude, names)
    assert answered > 3


@pytest.mark.parametrize("how", HOW, ids=" ".join)
def test_a_registry_that_calls_more_a_port_is_heard(place: Path, whole_road: Ask, how: tuple[str, ...]) -> None:
    write(place / "new.py", "x = 1\n")
    whole_road(*how, "new.py")
    registry = place / REGISTRY_PATH
    write(registry, registry.read_text().replace("name: api,", "name: api, env: BEACON,"))
    write(place / "new.py", "BEACON = 4010\n")
    assert glanced(*how, "new.py") is None
    said = whole_road(*how, "new.py")
    assert said[1] == 1
    write(place / "new.py", "BEACON = 4010 \n")
    assert glanced(*how, "new.py") in (None, whole_road(*how, "new.py", learn=False))
    write(place / "new.py", "BEACON = something\n")
    assert glanced(*how, "new.py") == whole_road(*how, "new.py", learn=False)


def test_without_the_cache_even_a_registry_that_looks_the_same_is_read(place: Path, whole_road: Ask) -> None:
    import os

    write(place / "new.py", "x = 1\n")
    whole_road("scan", "--no-cache", "new.py")
    assert glanced("scan", "--no-cache", "new.py") is not None
    registry = place / REGISTRY_PATH
    state = registry.stat()
    write(registry, registry.read_text().replace("4020", "4021"))
    os.utime(registry, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert glanced("scan", "--no-cache", "new.py") is None


def test_what_was_read_in_vain_is_not_read_again(place: Path, whole_road: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all(place, DOUBTFUL | {"ports.sh": HARDCODED})
    files = (*DOUBTFUL, "ports.sh")
    whole_road("scan", *files)
    for name in files:
        write(place / name, (place / name).read_text() + "\n")
    read: list[str] = []
    before = Reading._read
    monkeypatch.setattr(Reading, "_read", lambda self, source: (read.append(source.path), before(self, source))[1])
    assert glanced("scan", *files) is None
    assert whole_road("scan", *files)[1] == 1
    assert len(read) == len(set(read))


RUN = "import sys; from portscan.__main__ import main; status = main(); print(status, *[m for m in LIGHT if m in sys.modules])"
LIGHT = ("re", "typing", "enum", "functools", "collections", "portscan.records", "portscan.knowledge", "portscan.cli")


def test_a_hook_on_new_files_without_ports_loads_next_to_nothing(place: Path, whole_road: Ask) -> None:
    with_rules(place.parent / "cache")
    write_all(place, EMPTY)
    script = f"LIGHT = {LIGHT!r}\n{RUN}"
    command = [sys.executable, "-S", "-c", script, "scan", "--hook", "--", *EMPTY]
    for number in range(2):
        for name in EMPTY:
            write(place / name, EMPTY[name] + "\n" * number)
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={**unmeasured(), "PYTHONPATH": path()})
    assert done.stdout == f"No findings in {len(EMPTY)} files.\n0\n", done.stdout


RARE = (
    *("argparse", "gettext", "shlex", "signal", "ruamel.yaml.comments", "portscan.fixing", "portscan.reporters.changes"),
    *("portscan.baseline.entries", "portscan.cache.pages", "portscan.document.wording", "portscan.tops"),
    *(("glob",) if sys.version_info < (3, 13) else ()),  # pathlib itself loads it since then
)


def test_a_hook_on_files_with_ports_loads_no_more_than_it_needs(place: Path) -> None:
    write_all(place, {"ports.ts": "server.listen(4010);\n", "ports.yaml": "server: {port: 4010}\n"})
    script = f"LIGHT = {RARE!r}\n{RUN}"
    command = [sys.executable, "-S", "-c", script, "scan", "--no-cache", "--hook", "--", "ports.ts", "ports.yaml"]
    with_rules(place.parent / "cache")
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={**unmeasured(), "PYTHONPATH": path()})
    assert done.stdout.splitlines()[-1] == "1", done.stdout


def path() -> str:
    """Where portscan and what it needs are, for a Python that looks for nothing itself."""
    return ":".join((str(TOP), *(each for each in sys.path if each.endswith("site-packages"))))


PATTERNS = (
    (r"a(?P<x>b)?(?(x)c|d)", 0),
    (r"[äöü\d]+\b", 0),
    (r"(?i:port)[^\n]*$", 8),
    (r"(?P<one>.)(?P=one){2,3}?(?!z)(?<=a)", 2 | 16),
    ("[\u0100-\u2000x]", 0),
    ("", 0),
    (rb":(?=\d\d)(?:(?<=(?i:db):)|(?<=\]:))", 0),
    (rb"[^\n`](?P<end>[ \t]{0,200}$)|[\x80-\xbf]", 8),
)


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_an_expression_is_the_same_from_its_code(pattern: str | bytes, flags: int) -> None:
    made = Expressions()
    whole = made[pattern, flags]
    assert whole == re.compile(pattern, flags)
    again = Expressions()
    again.known = Drawers(filled(None, made.fresh))
    assert set(again.known) == {(pattern, flags)}
    again.closed = True
    assert again[pattern, flags] == whole
    assert again[pattern, flags].groupindex == whole.groupindex
    assert not again.fresh


def test_what_is_no_code_is_compiled() -> None:
    made = Expressions()
    made.known = Drawers(filled(None, {("ab", 0): (32, b"\x01\x00\x00\x00" * 5, 0, {}, ())}))
    assert made["ab", 0].search("xab")
    made.closed = True
    with pytest.raises(KeyError):
        made["abc", 0]


def test_without_an_engine_everything_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_sre", None)
    made = Expressions()
    assert made["a+", 0].search("baa")
    assert made.fresh == {}
    assert expressions.engine()


def test_the_kept_expressions_stay_few(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from portscan.gate.sieve import kept_codes

    monkeypatch.setattr(codes, "MOST", 3)
    EXPRESSIONS.clear()
    EXPRESSIONS.known = VACANT
    for letters in ("ab", "cd", "ef"):
        EXPRESSIONS.clear()
        for letter in letters:
            EXPRESSIONS[f"kept {letter}", 0].search("")
        codes.keep_expressions()
        EXPRESSIONS.known = kept_codes()
        assert {pattern for pattern, _ in EXPRESSIONS.known} >= {f"kept {letter}" for letter in letters}
        assert len(EXPRESSIONS.known) <= 4


def test_too_many_with_flags_of_re_are_kept_as_well(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from portscan.gate.sieve import kept_codes

    EXPRESSIONS.clear()
    EXPRESSIONS.known = VACANT
    EXPRESSIONS["kept", re.IGNORECASE].search("")
    codes.keep_expressions()
    monkeypatch.setattr(codes, "MOST", 0)
    EXPRESSIONS["another", 0].search("")
    codes.keep_expressions()
    assert {*kept_codes()} >= {("kept", int(re.IGNORECASE)), ("another", 0)}


def test_what_a_scan_compiles_the_next_one_takes_from_its_code(place: Path, whole_road: Ask) -> None:
    write(place / "a.ts", "server.listen(4999);\n")
    for number in range(2):
        EXPRESSIONS.clear()
        EXPRESSIONS.known, EXPRESSIONS.fresh = VACANT, {}
        assert whole_road("scan", "--no-cache", "a.ts")[1] == 1
        assert EXPRESSIONS
        assert EXPRESSIONS.known
        sought = {(pattern, int(flags)) for pattern, flags in EXPRESSIONS}
        assert sought <= {*EXPRESSIONS.known}
        if number:
            assert not EXPRESSIONS.fresh


def test_of_an_engine_that_differs_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Expressions()
    monkeypatch.setattr(expressions, "_made", lambda pattern, code: re.compile("other"))
    assert made["a+", 0].pattern == "a+"
    assert not made.fresh
