"""A report takes the place of the one before as a whole, or not at all, and only where it was sent."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portscan import outfile
from portscan.errors import UserError
from portscan.terminal import Streams, deliver
from tests.repository import unmeasured

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs links, FIFOs and limits")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


def put(output: str) -> None:
    deliver("new\n", Streams(io.StringIO(), io.StringIO()), output)


def refused(output: str) -> str:
    with pytest.raises(UserError) as raised:
        put(output)
    return raised.value.title


def test_a_file_is_made_or_replaced_and_keeps_its_mode(repository: Path) -> None:
    put("report")
    assert (repository / "report").read_text(encoding="utf-8") == "new\n"
    (repository / "old").write_text("old, and much longer\n", encoding="utf-8")
    (repository / "old").chmod(0o640)
    put("old")
    assert (repository / "old").read_text(encoding="utf-8") == "new\n"
    assert stat.S_IMODE((repository / "old").stat().st_mode) == 0o640
    assert sorted(path.name for path in repository.iterdir()) == [".git", "old", "report"]


def test_a_full_disk_leaves_the_old_report(repository: Path) -> None:
    (repository / "report").write_text("old\n", encoding="utf-8")
    script = (
        "import io, resource, sys; from portscan.terminal import Streams, deliver;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); deliver('x' * 9999, Streams(sys.stdout, sys.stderr), 'report')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=unmeasured())
    assert "report cannot be written: file too large" in done.stderr
    assert (repository / "report").read_text(encoding="utf-8") == "old\n"
    assert sorted(path.name for path in repository.iterdir()) == [".git", "report"]


def test_a_link_out_of_the_repository_is_not_followed(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine\n", encoding="utf-8")
    (repository / "report").symlink_to(tmp_path / "mine")
    (repository / "none").symlink_to(tmp_path / "none")
    (repository / "out").symlink_to(tmp_path)
    for output in ("report", "none", "out/mine", str(repository / "report")):
        assert refused(output) == f"{output} cannot be written: a link leads out of the repository"
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine\n"
    assert not (tmp_path / "none").exists()


def test_a_link_to_what_git_runs_is_not_followed(repository: Path) -> None:
    (repository / ".git" / "hook").write_text("mine\n", encoding="utf-8")
    (repository / "report").symlink_to(".git/hook")
    (repository / "kept").symlink_to(".git")
    for output in ("report", "kept/hook", "kept/new"):
        assert refused(output) == f"{output} cannot be written: a link leads to where version control keeps its own"
    assert (repository / ".git" / "hook").read_text(encoding="utf-8") == "mine\n"
    put(".git/mine")  # whoever names it means it
    assert (repository / ".git" / "mine").exists()


def test_in_a_folder_that_is_no_repository_a_link_stays_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outfile, "_top", lambda _place: None)
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "unpacked/report").symlink_to(tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "unpacked")
    assert "a link leads out" in refused("report")


def test_other_links_are_followed(repository: Path, tmp_path: Path) -> None:
    (repository / "build").mkdir()
    (repository / "report").symlink_to("build/report")
    (repository / "build/report").write_text("old\n", encoding="utf-8")
    (tmp_path / "latest").symlink_to(tmp_path / "report")
    put("report")
    put(str(tmp_path / "latest"))  # whoever wrote the repository has not made it
    assert (repository / "report").is_symlink()
    assert (repository / "build/report").read_text(encoding="utf-8") == "new\n"
    assert (tmp_path / "latest").is_symlink()
    assert (tmp_path / "report").read_text(encoding="utf-8") == "new\n"


def test_what_is_no_file_is_written_to(repository: Path) -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    put("pipe")
    assert os.read(reader, 99) == b"new\n"
    os.close(reader)
    assert stat.S_ISFIFO((repository / "pipe").stat().st_mode)
    put(os.devnull)
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    assert refused("/dev/full") == "/dev/full cannot be written: no space left on device"
    assert refused(".git") == ".git cannot be written: is a directory"


def test_standard_output_is_written_to_wherever_it_goes(repository: Path) -> None:
    script = "import sys; from tests.test_outfile import put; put('/dev/stdout'); print('behind', flush=True)"
    command = [sys.executable, "-c", script]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with (repository / "log").open("a", encoding="utf-8") as log:
        subprocess.run(command, stdout=log, check=True, env=environment)
    assert (repository / "log").read_text(encoding="utf-8") == "new\nbehind\n"
    assert subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment).stdout == b"new\nbehind\n"


def test_where_nothing_may_be_put_beside_it_the_file_is_written(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def closed(path: str, *more: int) -> int:
        if ".portscan-" in str(path):
            raise PermissionError(13, "Permission denied")
        return real(path, *more)

    (repository / "report").write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(os, "open", closed)
    put("report")
    assert (repository / "report").read_text(encoding="utf-8") == "new\n"
