"""The command line: which command runs with what, and how each kind of end is told."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from importlib import import_module, util
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from portscan import __main__ as start
from portscan import __version__, cli, gate
from portscan.commands import COMMANDS, DEFAULT, TOPICS
from portscan.console import parsers
from portscan.errors import UserError
from portscan.terminal import Streams

Behaviour = Callable[[Namespace, Streams], int]
FULL = "portscan: the output cannot be written: no space left on device. Make room, or write elsewhere.\n"
SCREEN = 48  # lines
OVERVIEW = 60  # it has a line for each command
WRITTEN = [name for name in COMMANDS if util.find_spec(f"portscan.commands.{name}")]


class Recorder:
    """Stands in for every command, and remembers which one ran with what."""

    def __init__(self) -> None:
        self.name = ""
        self.args = Namespace()
        self.behaviour: Behaviour = lambda _args, _streams: 0

    def command(self, name: str) -> Any:
        def add_arguments(parser: ArgumentParser) -> None:
            parser.add_argument("paths", nargs="*")
            parser.add_argument("--fix", action="store_true")
            parser.add_argument("--format")

        def run(args: Namespace, streams: Streams) -> int:
            self.name, self.args = name, args
            return self.behaviour(args, streams)

        what = {"NAME": name, "TOPIC": "decide", "HELP": f"the command {name}"}
        return SimpleNamespace(**what, add_arguments=add_arguments, run=run)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Recorder:
    monkeypatch.chdir(tmp_path)
    found = Recorder()
    monkeypatch.setattr(cli, "command", found.command)
    return found


class TestWhichCommand:
    @pytest.mark.parametrize(
        ("arguments", "name", "paths"),
        [
            ([], "scan", []),
            (["--fix"], "scan", []),
            (["src/"], "scan", ["src/"]),
            (["scan", "src"], "scan", ["src"]),
            (["inventory"], "inventory", []),
            (["inventory", "scan"], "inventory", ["scan"]),
            (["src", "inventory"], "scan", ["src", "inventory"]),
            (["./inventory"], "scan", ["./inventory"]),
            (["-qv", "inventory", "a"], "inventory", ["a"]),
            (["--registry", "scan", "validate"], "validate", []),
            (["--registry=scan", "--color", "never", "validate"], "validate", []),
            (["--format", "validate", "a"], "scan", ["a"]),
            (["--", "-odd", "a"], "scan", ["./-odd", "a"]),
            (["a", "--fix", "--", "b", "--fix"], "scan", ["a", "b", "./--fix"]),
            (["a", "--fix", "b"], "scan", ["a", "b"]),
        ],
    )
    def test_the_first_word_may_name_it(self, recorder: Recorder, arguments: list[str], name: str, paths: list[str]) -> None:
        assert cli.main(arguments) == 0
        assert (recorder.name, recorder.args.paths) == (name, paths)

    def test_a_misspelt_command_is_no_path(self, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["inventroy"]) == 2
        assert capsys.readouterr().err == "portscan: inventroy: neither a command nor a file. Did you mean `inventory`?\n"
        Path("inventroy").touch()
        assert cli.main(["inventroy"]) == 0

    @pytest.mark.parametrize(
        "arguments",
        [["-q", "inventory", "--registry", "r"], ["inventory", "--registry=r", "-q"], ["--registry", "r", "-q", "inventory"]],
    )
    def test_global_options_stand_before_or_after_it(self, recorder: Recorder, arguments: list[str]) -> None:
        assert cli.main(arguments) == 0
        args = recorder.args
        assert (recorder.name, args.registry, args.config, args.color, args.quiet, args.verbose) == (
            "inventory",
            "r",
            None,
            "auto",
            True,
            False,
        )

    def test_colours_follow_the_option(self, recorder: Recorder) -> None:
        recorder.behaviour = lambda _args, streams: int(streams.color)
        assert cli.main(["--color", "always"]) == 1
        assert cli.main(["--color=never"]) == 0

    def test_only_its_module_is_loaded(self) -> None:
        script = (
            "import sys; from portscan.cli import split; split(sys.argv); print(*(m for m in sys.modules if 'portscan.' in m))"
        )
        loaded = subprocess.run([sys.executable, "-c", script, "scan"], capture_output=True, text=True, check=True).stdout
        assert set(loaded.split()) == {
            *(f"portscan.{part}" for part in ("cli", "commands", "errors", "fields", "members", "records", "terminal", "tuples")),
        }


class TestHelp:
    def test_the_overview_lists_the_commands(self, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["--help"]) == 0
        text = capsys.readouterr().out
        assert all(f"  {name}" in text and f"the command {name}" in text for name in COMMANDS)
        assert "--registry FILE" in text

    def test_a_command_explains_itself(self, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["inventory", "-h"]) == 0
        text = capsys.readouterr().out
        assert text.startswith("usage: portscan inventory")
        assert "--fix" in text

    def test_it_fits_the_terminal(
        self, recorder: Recorder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "60")
        cli.main(["scan", "--help"])
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 60

    @pytest.mark.parametrize("name", ["", *WRITTEN])
    def test_it_fits_a_screen(self, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        assert cli.main([*filter(None, [name]), "--help"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) <= (SCREEN if name else OVERVIEW)
        assert max(map(len, lines)) <= 80
        assert "show this help" in " ".join(lines)

    @pytest.mark.parametrize("arguments", [["--version"], ["scan", "--version"]])
    def test_the_version_is_told(self, recorder: Recorder, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
        assert cli.main(arguments) == 0
        assert capsys.readouterr().out == f"portscan {__version__}\n"


def fail_with(error: BaseException) -> Behaviour:
    def run(_args: Namespace, _streams: Streams) -> int:
        raise error

    return run


class TestExitStatus:
    @pytest.mark.parametrize("status", [0, 1])
    def test_that_of_the_command_is_passed_on(self, recorder: Recorder, status: int) -> None:
        recorder.behaviour = lambda _args, _streams: status
        assert cli.main([]) == status

    @pytest.mark.parametrize(
        ("error", "line"),
        [
            (UserError("no registry", "Run portscan init."), "portscan: no registry. Run portscan init.\n"),
            (UserError("no registry."), "portscan: no registry.\n"),
            (UserError("bad\n\x1b[2Jname", "x\ty"), "portscan: bad\\n\\x1b[2Jname. x\\ty\n"),
            (OSError(28, "No space left on device"), FULL),
        ],
    )
    def test_what_the_user_can_mend_is_one_line_and_2(
        self, recorder: Recorder, capsys: pytest.CaptureFixture[str], error: Exception, line: str
    ) -> None:
        recorder.behaviour = fail_with(error)
        assert cli.main([]) == 2
        assert capsys.readouterr() == ("", line)

    @pytest.mark.parametrize(
        ("arguments", "line"),
        [
            (["--color", "pink"], "argument --color: invalid choice: "),
            (["--registry"], "argument --registry: expected one argument. See `portscan scan --help`."),
            (["--fx"], "unrecognized arguments: --fx. Did you mean `--fix`?"),
            (["inventory", "--zzzzz=1"], "unrecognized arguments: --zzzzz=1. See `portscan inventory --help`."),
            (["-Z"], "unrecognized arguments: -Z. See `portscan scan --help`."),
        ],
    )
    def test_wrong_usage_is_one_line_and_2(
        self, recorder: Recorder, capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
    ) -> None:
        assert cli.main(arguments) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"portscan: {line}")

    def test_a_closed_output_is_no_failure(self, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdout", None)
        assert cli.main([]) == 0

    def test_an_interrupt_is_130(self, recorder: Recorder) -> None:
        recorder.behaviour = fail_with(KeyboardInterrupt())
        assert cli.main([]) == 130

    def test_so_is_one_that_python_wraps(self, recorder: Recorder) -> None:
        def import_meanwhile() -> NoReturn:
            raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

        recorder.behaviour = lambda _args, _streams: import_meanwhile()
        assert cli.main([]) == 130

    def test_an_interrupt_of_the_start_is_130(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Interrupted:
            def find_spec(self, name: str, *_: object) -> None:
                if name == "portscan.cli":
                    raise KeyboardInterrupt

        monkeypatch.setattr("sys.meta_path", [Interrupted(), *sys.meta_path])
        monkeypatch.delitem(sys.modules, "portscan.cli")
        monkeypatch.delattr("portscan.cli")
        assert start.main() == 130

    def test_what_may_not_be_read_is_named(self, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
        recorder.behaviour = fail_with(PermissionError(13, "Permission denied", "some/folder"))
        assert cli.main([]) == 2
        assert capsys.readouterr().err == "portscan: some/folder: permission denied. Look at its rights.\n"

    def test_a_closed_pipe_is_quiet(self, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
        recorder.behaviour = fail_with(BrokenPipeError())
        assert cli.main([]) == 141
        assert capsys.readouterr() == ("", "")

    def test_a_bug_is_3_and_can_be_pasted(self, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
        recorder.behaviour = fail_with(ValueError("odd \x1b[2J"))
        assert cli.main(["scan", "--fix", "a b"]) == 3
        out, err = capsys.readouterr()
        lines = err.splitlines()
        assert out == ""
        assert lines[0] == "portscan: this is a bug in portscan. Please report it with these lines:"
        assert lines[1].startswith(f"  portscan {__version__}, ")
        assert lines[2] == "  command: portscan scan --fix 'a b'"
        assert lines[3] == r"  ValueError: odd \x1b[2J"
        assert lines[-1].startswith("    tests/test_cli.py:")
        assert lines[-1].endswith(" in run")
        assert str(Path(__file__).parents[1]) not in err


def portscan(*arguments: str, script: str = "", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """A real process, with a command of our own when there is a `script`."""
    imports = "import sys; from types import SimpleNamespace as S; from portscan import cli\n"
    start = f"{imports}def run(args, streams):\n    {script}\n    return 0\n"
    stub = "cli.command = lambda name: S(NAME=name, TOPIC='decide', HELP='', add_arguments=lambda parser: None, run=run)\n"
    return subprocess.run([sys.executable, "-c", f"{start}{stub}sys.exit(cli.main())", *arguments], check=False, **options)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX pipes and devices")
class TestProcess:
    def test_a_reader_that_leaves_is_no_trouble(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        done = portscan(script="streams.out.write('x' * 100000)", stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, b"")

    def test_a_reader_that_leaves_before_the_last_flush_is_no_trouble(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        done = portscan(script="streams.out.write('x')", stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_a_full_disk_is_told(self) -> None:
        with Path("/dev/full").open("wb") as full:
            done = portscan(script="streams.out.write('x')", stdout=full, stderr=subprocess.PIPE)
        assert (done.returncode, done.stderr) == (2, FULL.encode())

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    @pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
    @pytest.mark.parametrize("arguments", [["--help"], ["scan", "--help"], ["--version"], ["scan", "--odd"]], ids=" ".join)
    @pytest.mark.parametrize("full", ["stdout", "stderr", "both"])
    def test_the_status_says_so_whichever_stream_is_full(self, arguments: list[str], full: str, unbuffered: str) -> None:
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        with Path("/dev/full").open("wb") as device:
            out, err = (device if full in (name, "both") else subprocess.DEVNULL for name in ("stdout", "stderr"))
            done = portscan(*arguments, stdout=out, stderr=err, env=environment)
        assert done.returncode == (0 if full == "stderr" and "--odd" not in arguments else 2)

    @pytest.mark.parametrize("command", ["scan", "validate", "sync", "migrate", "explain"])
    def test_a_directory_that_is_gone_is_told(self, tmp_path: Path, command: str) -> None:
        more = {"migrate": "shop", "explain": "PS001"}.get(command, "")
        script = f"rmdir {tmp_path}; exec {sys.executable} -m portscan {command} {more}"
        done = subprocess.run(["/bin/sh", "-c", script], cwd=tmp_path, capture_output=True, check=False)
        gone = b"portscan: the current directory is gone. Change to one that is there.\n"
        assert (done.returncode, done.stderr) in ((2, gone), (0, b"") if command == "explain" else (2, gone))

    @pytest.mark.parametrize(
        "locale", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}]
    )
    def test_output_is_utf_8_in_any_locale(self, locale: dict[str, str]) -> None:
        done = portscan(
            script="streams.out.write('\\u00e9\\u65e5\\U0001f600\\n')", env={**os.environ, **locale}, capture_output=True
        )
        assert (done.returncode, done.stdout) == (0, "é日😀\n".encode())

    def test_help_is_utf_8_too(self) -> None:
        done = portscan("--help", env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True)
        assert done.returncode == 0
        assert "PATHS…" in done.stdout.decode()

    def test_closed_streams_are_no_trouble(self) -> None:
        wrong = "sys.exit(cli.main(['inventory', '--color', 'pink']))"
        script = f"import sys; sys.stdout = sys.stderr = None; from portscan import cli; {wrong}"
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 2


class TestCommands:
    def test_the_default_is_one_of_them(self) -> None:
        assert DEFAULT in COMMANDS

    @pytest.mark.parametrize("name", WRITTEN)
    def test_each_module_offers_what_a_command_needs(self, name: str) -> None:
        module = import_module(f"portscan.commands.{name}")
        assert name == module.NAME.replace("-", "_")
        assert module.HELP
        assert module.TOPIC in TOPICS
        assert callable(module.run)
        module.add_arguments(parsers.Parser())


def test_too_little_memory_to_begin_with_is_told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def passed(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(gate, "passed", passed)
    assert start.main() == 2
    assert capfd.readouterr().err.startswith("portscan: there is not enough memory.")


def test_a_library_that_has_no_room_is_a_lack_of_memory(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def loaded(*_: object) -> None:
        raise ImportError("x.so: failed to map segment from shared object")

    monkeypatch.setattr(cli, "run", loaded)
    assert cli.main(["scan"]) == 2
    assert "there is not enough memory" in capsys.readouterr().err
