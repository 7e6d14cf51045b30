"""The gate: it says what the whole road would say, byte by byte, or nothing; whatever happens to files, settings and cache."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portscan import cli, reporters
from portscan.cache import scans as cache
from portscan.commands import command
from portscan.console.parsers import command_parser
from portscan.console.quick import quickly
from portscan.gate import answers, memory, question
from portscan.gate.question import asked
from tests.caches import with_rules
from tests.repository import HARDCODED, QUIET, REGISTRY_PATH, commit, git, repository, unmeasured, write

TOP = Path(__file__).resolve().parent.parent
FILES = {
    "start.sh": HARDCODED,
    "web/server.ts": "server.listen(4010);\n",
    "web/client.ts": "export const important = 1;\n",
    "web/unknown.ts": 'fetch("http://localhost:4999/");\n',
    "tool.py": "import os\nPORT = 4020\n",
    "quiet.py": "import os\n",
    "empty.txt": "",
    "hidden.py": "PORT = 4020  # portscan: ignore[PS001] the reason\n",
    "idle.py": "x = 1  # portscan: ignore[PS001] hides nothing\n",
    "docs/read.md": "Open http://localhost:4010/ and see.\n",
    "compose.yaml": "services:\n  api:\n    image: api\n    ports: ['${API:-4010}:4010']\n  b: {image: x, ports: ['4010:1']}\n",
    ".env": "API=4010\n",
    "up.sh": "docker compose -f compose.yaml up\n",
    "sub/folder/values.yaml": "port: 4020\n",
}
QUIET_ONES = ("quiet.py", "web/client.ts", "empty.txt")
MIXED = ("quiet.py", "start.sh", "tool.py", "docs/read.md")

Ask = Callable[..., "tuple[bytes, int] | None"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    top = repository(tmp_path / "top")
    for name, text in FILES.items():
        write(top / name, text)
    commit(top)
    monkeypatch.chdir(top)
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    settle(monkeypatch)
    return top


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all had been written long ago: the time of a change cannot be set."""
    monkeypatch.setattr(memory, "SETTLED", -(10**18))
    monkeypatch.setattr(cache, "SETTLED", -(10**18))


@pytest.fixture
def at_once() -> Ask:
    """What the gate says by itself."""

    def ask(*arguments: str) -> tuple[bytes, int] | None:
        found = asked(list(arguments))
        return None if found is None else answers.answer(found)

    return ask


@pytest.fixture
def whole_road(capsysbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """What is said without the gate, which may learn from it."""

    def ask(*arguments: str, learn: bool = True) -> tuple[bytes, int]:
        capsysbinary.readouterr()
        status = cli.main(list(arguments), asked(list(arguments)) if learn else None)
        return capsysbinary.readouterr().out, status

    return ask


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan",),
        ("scan", "."),
        ("scan", "--hook", "--", *MIXED),
        ("scan", *MIXED),
        ("scan", "--quiet", *MIXED),
        ("scan", "--color", "always", *MIXED),
        ("scan", "--format=github", "--strict", "--exit-zero", *MIXED),
        ("scan", "--ignore", "PS001", *MIXED),
        ("scan", "--statistics", *MIXED),
        ("--hook", "--", "idle.py", "hidden.py"),
        ("scan", "compose.yaml", "quiet.py"),
        ("scan", "--hook", "compose.yaml"),
        ("scan", *QUIET_ONES),
        ("scan", "--quiet", *QUIET_ONES),
        ("scan", "--hook", "--color=always", "--", *QUIET_ONES),
    ],
)
def test_the_second_time_it_says_the_same(place: Path, at_once: Ask, whole_road: Ask, arguments: tuple[str, ...]) -> None:
    assert at_once(*arguments) is None
    said = whole_road(*arguments)
    assert at_once(*arguments) == said == whole_road(*arguments, learn=False)


@pytest.mark.parametrize("held", [b"gitdir: \xff", b"gitdir: a\0b", b"gitdir: .git\n" + b"#" * (1 << 20)])
def test_what_git_itself_would_not_take_for_its_directory_is_no_fault_of_ours(
    place: Path, whole_road: Ask, held: bytes, tmp_path: Path
) -> None:
    (place / ".git").rename(tmp_path / "git")
    (place / ".git").write_bytes(held)
    said, status = whole_road("scan", "--hook", "compose.yaml", "start.sh")
    assert (status, b"start.sh" in said) in ((1, True), (2, False))  # git may refuse to list what is around


def test_a_user_without_a_home_is_answered_and_nothing_is_kept(
    place: Path, at_once: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PORTSCAN_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as for a user whom the system does not know
    for arguments, status in ((("--hook", *QUIET_ONES), 0), (("--hook", *MIXED), 1), ((), 1)):
        assert whole_road("scan", *arguments)[1] == status
        assert at_once("scan", *arguments) is None


def test_files_that_say_nothing_may_come_in_other_company(place: Path, at_once: Ask, whole_road: Ask) -> None:
    whole_road("scan", *MIXED, *QUIET_ONES[1:])
    for paths in (QUIET_ONES, QUIET_ONES[:1], tuple(reversed(QUIET_ONES))):
        assert at_once("scan", *paths) == whole_road("scan", *paths, learn=False)
        assert at_once("scan", *paths) is not None
        assert at_once("scan", "--hook", "--", *paths) is None  # a hook chooses files in another way


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", "--fix", "start.sh"),
        ("scan", "--format", "json", "start.sh"),
        ("scan", "--output", "report", "start.sh"),
        ("scan", "--changed"),
        ("scan", "--write-baseline"),
        ("scan", "--baseline", "b"),
        ("scan", "start.sh", "--quiet"),
        ("inventory",),
        ("--version",),
        ("scan", "--", "--", "start.sh"),
        ("scan", "--registry"),
        ("scan", "--registry", "--hook", "start.sh"),
        ("scan", "--ignore", "--", "PS001", "start.sh"),
    ],
)
def test_what_it_does_not_know_it_leaves_alone(place: Path, arguments: tuple[str, ...]) -> None:
    assert asked(list(arguments)) is None


@pytest.mark.parametrize("arguments", [("scan", "sub"), ("scan", "--hook", "--", REGISTRY_PATH), ("scan", "./quiet.py")])
def test_what_rests_on_more_than_the_named_files_is_not_kept(
    place: Path, at_once: Ask, whole_road: Ask, arguments: tuple[str, ...]
) -> None:
    whole_road(*arguments)
    assert at_once(*arguments) is None


def test_its_options_are_those_of_the_command() -> None:
    parser = command_parser(command("scan"))
    takes = {name: action.nargs != 0 for name, action in parser._option_string_actions.items()}
    assert [takes[name] for name in question.VALUED] == [True] * len(question.VALUED)
    assert [takes[name] for name in (*question.SWITCHES, *question.SHORT)] == [False] * (
        len(question.SWITCHES) + len(question.SHORT)
    )
    assert not any(reporters.reporter(name).FIXES for name in question.FORMATS)


ASKED = (
    (),
    ("-q",),
    ("--verbose", "--strict"),
    ("--registry", "r.yaml", "--config=c.toml", "--color", "never"),
    ("--select=PS001", "--ignore", "PS002,PS003", "--format", "junit"),
    ("--jobs", "3", "--jobs=4"),
    ("--hook", "--no-inline-ignores", "--exit-zero", "--no-baseline", "--statistics", "--no-fingerprints", "--no-cache"),
)
REFUSED = (
    *(("--color", "green"), ("--jobs", "0"), ("--jobs=x",), ("--jobs", "\u0663"), ("--jobs", "10000")),
    *(("--jobs=0", "--jobs=2"), ("--color=green", "--color=never")),
)


@pytest.mark.parametrize("paths", [(), (".",), ("a.py", "b c.py"), ("--", "-odd", "x"), ("--",)])
@pytest.mark.parametrize("options", ASKED)
def test_its_arguments_are_what_the_parser_makes_of_them(options: tuple[str, ...], paths: tuple[str, ...]) -> None:
    arguments = ("scan", *options, *paths)
    found = asked(list(arguments))
    assert found is not None
    quick = quickly(found)
    parsed = command_parser(command("scan")).parse_intermixed_args(cli._undashed(arguments[1:]))
    assert quick is not None
    assert vars(quick) == vars(parsed)


@pytest.mark.parametrize("options", REFUSED)
def test_arguments_that_the_parser_may_refuse_are_for_the_parser(options: tuple[str, ...]) -> None:
    found = asked(["scan", *options])
    assert found is not None
    assert quickly(found) is None


def changes(place: Path) -> dict[str, Callable[[], object]]:
    """What may happen to a repository."""
    top, registry = place, place / REGISTRY_PATH
    return {
        "a file is changed": lambda: write(top / "quiet.py", "PORT = 4010\n"),
        "a file is changed and as long": lambda: write(top / "tool.py", "import os\nPORT = 4010\n"),
        "a file loses its port": lambda: write(top / "start.sh", "true\n"),
        "a file is touched": lambda: os.utime(top / "start.sh", (1, 1)),
        "a file is gone": lambda: (top / "web" / "server.ts").unlink(),
        "a file is a link": lambda: [(top / "quiet.py").unlink(), (top / "quiet.py").symlink_to("tool.py")],
        "a file is a folder": lambda: [(top / "quiet.py").unlink(), write(top / "quiet.py" / "inner.py", "PORT = 4010\n")],
        "a file is new": lambda: write(top / "sub" / "new.sh", HARDCODED),
        "a new file is ignored": lambda: [write(top / "sub" / "old.sh", HARDCODED), write(top / ".gitignore", "old.sh\n")],
        "ignored by the user": lambda: [write(top / "mine.sh", HARDCODED), write(top / ".git/info/exclude", "mine.sh\n")],
        "a file is not tracked any more": lambda: git(top, "rm", "--cached", "--quiet", "tool.py"),
        "a file is renamed": lambda: git(top, "mv", "tool.py", "other.py"),
        "a port is another": lambda: write(registry, registry.read_text().replace("4020", "4030")),
        "a service is new": lambda: write(registry, registry.read_text() + "  - {name: new, stack: web, port: 4040}\n"),
        "the registry is broken": lambda: write(registry, "services: 7\n"),
        "the registry is gone": registry.unlink,
        "a configuration": lambda: write(top / "portscan.toml", 'ignore = ["PS001"]\n'),
        "another configuration": lambda: write(top / "portscan.toml", 'exclude = ["tool.py", "quiet.py"]\n'),
        "a shared configuration": lambda: write(top / "pyproject.toml", "[tool.portscan]\nallow = [4010]\n"),
        "two configurations": lambda: [write(top / n, "[tool.portscan]\n") for n in ("portscan.toml", "pyproject.toml")],
        "a baseline": lambda: cli.main(["scan", "--write-baseline", "-q"]),
        "what Compose reads is another": lambda: write(top / ".env", "API=4999\n"),
        "Compose reads one more": lambda: write(top / "compose.override.yaml", "services: {x: {image: y, ports: ['4010:9']}}\n"),
        "Compose is called otherwise": lambda: write(top / "up.sh", "docker compose -f compose.yaml -f sub/b.yaml up\n"),
        "no git": lambda: shutil.rmtree(top / ".git"),
        "a write cut short": lambda: (top / ".git" / "portscan-write").mkdir(exist_ok=True),
    }


QUESTIONS = (
    ("scan",),
    ("scan", *MIXED),
    ("scan", *QUIET_ONES),
    ("scan", "--hook", "quiet.py", "tool.py"),
    ("scan", "compose.yaml", "tool.py"),
)


def agreed(ask: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch, aside: Path) -> int:
    """How often the gate had an answer; each is that of the whole road, which remembers nothing of it."""
    answered = 0
    for arguments in QUESTIONS:
        said = ask(*arguments)
        if said is not None:
            with monkeypatch.context() as patch:
                patch.setenv("PORTSCAN_CACHE_DIR", str(aside))
                assert said == whole_road(*arguments, learn=False), arguments
            answered += 1
    return answered


@pytest.mark.parametrize("what", changes(Path()))
def test_whatever_changes_it_says_what_holds_now(
    place: Path, at_once: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    for arguments in QUESTIONS:
        whole_road(*arguments)
    assert agreed(at_once, whole_road, monkeypatch, tmp_path / "aside") == len(QUESTIONS)
    changes(place)[what]()
    agreed(at_once, whole_road, monkeypatch, tmp_path / "aside")


@pytest.mark.parametrize("seed", range(2))
def test_through_a_history_of_changes_it_never_says_what_held_before(
    place: Path, at_once: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    names = [name for name in changes(place) if name not in ("no git", "the registry is gone", "a file is a folder")]
    for _ in range(8):
        for arguments in QUESTIONS:
            if chance.random() < 0.7:
                whole_road(*arguments)
        try:
            changes(place)[chance.choice(names)]()
        except (OSError, AssertionError):
            continue  # what is gone cannot go again
        agreed(at_once, whole_road, monkeypatch, tmp_path / "aside")


def test_what_was_changed_a_moment_ago_is_looked_into(
    place: Path, at_once: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "SETTLED", 10**18)
    monkeypatch.setattr(cache, "SETTLED", 10**18)
    whole_road("scan")
    assert at_once("scan") is None  # not all of the files are read
    assert at_once("scan", *MIXED) is None
    said = whole_road("scan", *MIXED)
    assert at_once("scan", *MIXED) == said
    state = (place / "tool.py").stat()
    write(place / "tool.py", FILES["tool.py"].replace("4020", "4010"))
    os.utime(place / "tool.py", ns=(state.st_atime_ns, state.st_mtime_ns))
    assert at_once("scan", *MIXED) is None


def test_a_new_day_is_another_question(place: Path, at_once: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_road("scan", *MIXED)
    monkeypatch.setattr(answers, "today", lambda: memory.today() + 1)
    assert at_once("scan", *MIXED) is None


@pytest.mark.parametrize("name", ["NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS"])
def test_the_wishes_of_the_user_are_part_of_the_question(
    place: Path, at_once: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    whole_road("scan", *MIXED)
    monkeypatch.setenv(name, "50")
    assert at_once("scan", *MIXED) is None


def test_another_portscan_asks_anew(place: Path, at_once: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_road("scan", *MIXED)
    monkeypatch.setattr(question, "code", lambda: "another")
    assert at_once("scan", *MIXED) is None


def test_a_report_for_github_that_is_written_into_a_file_is_written_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert asked(["scan"]) is None


def kept_files(tmp_path: Path) -> Iterator[Path]:
    return (file for file in (tmp_path / "cache" / memory.SHELF).iterdir())


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[:40] + b"\0" + data[41:], lambda data: data * 2]
)
def test_damage_costs_time_and_nothing_else(
    place: Path, at_once: Ask, whole_road: Ask, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    said = {arguments: whole_road(*arguments) for arguments in QUESTIONS}
    for file in kept_files(tmp_path):
        file.write_bytes(damage(file.read_bytes()))
    for arguments in QUESTIONS:
        assert at_once(*arguments) in (None, said[arguments])


def test_the_store_of_silent_files_stays_small(
    place: Path, at_once: Ask, whole_road: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from portscan import witness

    monkeypatch.setattr(witness, "MOST_BYTES", 160)
    for number in range(30):
        write(place / "quiet.py", f"x = {number}\n")
        whole_road("scan", "quiet.py")
        assert at_once("scan", "quiet.py") == (b"No findings in 1 file.\n", 0)
    assert (tmp_path / "cache" / memory.SHELF / answers.STORE).stat().st_size <= 160 + 2 * answers.WIDTH


LIGHT = (
    "re",
    "typing",
    "dataclasses",
    "pathlib",
    "argparse",
    "subprocess",
    "json",
    "enum",
    "functools",
    "hashlib",
    "collections",
)
RUN = """
import sys
sys.argv = ["portscan", *sys.argv[1:]]
from portscan.__main__ import main
status = main()
print(status, *sorted(name for name in sys.modules if name in LIGHT or name.startswith("portscan")), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [("scan",), ("scan", *MIXED), ("scan", *QUIET_ONES)])
def test_an_answer_loads_next_to_nothing(place: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    monkeypatch.undo()
    environment = {**unmeasured(), **QUIET, "PYTHONPATH": str(TOP), "PORTSCAN_CACHE_DIR": with_rules(place.parent / "own")}
    script = RUN.replace("LIGHT", repr(LIGHT)).replace(
        "import sys\n", "import sys\nimport portscan.gate.memory as memory\nmemory.SETTLED = -10**18\n", 1
    )

    def run(*more: str) -> tuple[bytes, list[str]]:
        done = subprocess.run(
            [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(TOP)!r})\n{script}", *arguments, *more],
            cwd=place,
            env=environment,
            capture_output=True,
            check=True,
        )
        return done.stdout, done.stderr.decode().split()

    plain, loaded = run()
    assert "portscan.cli" in loaded
    said, loaded = run()
    assert said == plain
    parts = {
        "portscan.gate",
        "portscan.gate.answers",
        "portscan.gate.memory",
        "portscan.gate.question",
        "portscan",
        "portscan.__main__",
    }
    assert set(loaded[1:]) - parts <= {"portscan.git", "portscan.git.harmless"}
