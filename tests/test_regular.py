"""What is no file is not waited for, whichever file of portscan's own a repository puts it in place of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portscan.cli import UNABLE, main
from portscan.regular import SMALL, read, text

REGISTRY = """\
version: "1.0"
lastUpdated: "2026-01-01"
ranges: {web: "3000-3999"}
services:
  - {name: shop, port: 3103, stack: web, owner: a, description: The shop}
"""
CONFIGURATION = """\
[generate.env]
template = "own.j2"
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs FIFOs")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config/ports").mkdir(parents=True)
    (tmp_path / "config/ports/registry.yaml").write_text(REGISTRY)
    (tmp_path / "portscan.toml").write_text(CONFIGURATION)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("portscan.toml", "config"),
        ("config/ports/registry.yaml", "validate"),
        ("config/ports/registry.yaml", "scan"),
        ("portscan-baseline.jsonl", "scan"),
        ("own.j2", "sync"),
        (".env.shared", "sync"),
    ],
)
@pytest.mark.parametrize("device", [False, True], ids=["fifo", "device"])
def test_it_is_an_error(repository: Path, capsys: pytest.CaptureFixture[str], path: str, command: str, device: bool) -> None:
    (repository / "own.j2").write_text("x")
    (repository / path).unlink(missing_ok=True)
    if device:
        (repository / path).symlink_to("/dev/zero")
    else:
        os.mkfifo(repository / path)
    assert main([command]) == UNABLE
    assert Path(path).name in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/../dev/zero"])
def test_a_device_that_the_configuration_names_is_an_error(
    repository: Path, capsys: pytest.CaptureFixture[str], device: str
) -> None:
    (repository / "portscan.toml").write_text(f'baseline = "{device}"\n')
    assert main(["scan"]) == UNABLE
    assert "not a regular file" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_what_never_ends_is_not_read_to_its_end() -> None:
    command = "from pathlib import Path; from portscan.regular import read; read(Path('/dev/stdin'))"
    with Path("/dev/zero").open("rb") as endless:
        ended = subprocess.run((sys.executable, "-c", command), stdin=endless, capture_output=True, timeout=60, check=False)
    assert b"larger than 64 MiB" in ended.stderr


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="needs /dev/stdin")
def test_a_pipe_that_the_user_names_is_read(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "portscan", "validate", "/dev/stdin")
    subprocess.run(command, input=REGISTRY.encode(), cwd=tmp_path, check=True, capture_output=True)


def test_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert (read(tmp_path / "x"), read(tmp_path / "x", 2)) == (b"abc", b"ab")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_what_is_no_small_file_has_no_text(tmp_path: Path) -> None:
    for name, size in (("a", 2), ("b", SMALL), ("c", SMALL + 1)):
        (tmp_path / name).write_bytes(b"x" * size)
    (tmp_path / "d").write_bytes(b"\xff=1")
    os.mkfifo(tmp_path / "e")
    assert [len(text(tmp_path / name)) for name in ("a", "b", "c", "d", "e", "f", ".")] == [2, SMALL, 0, 3, 0, 0, 0]
