"""What stands between a commit and a release: that builds are compared to the byte, and that what is wrong is refused."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import zipfile
from email.message import Message
from pathlib import Path

import pytest

from portscan import __version__
from portscan.cache.kept import packed
from portscan.drawers import SAME_EVERYWHERE
from tools.pythons import interpreter
from tools.release import bill, judging
from tools.release.building import USUAL, Built, compare
from tools.release.running import Refused, run

TOP = Path(__file__).resolve().parent.parent
CHANGES = "# Changes\n\n## Unreleased\n\n### Added\n\n- One.\n- Two.\n\n## 0.0.9 - 2026-01-01\n\n- Three.\n"
RELEASED = CHANGES.replace("Unreleased", "1.2.3 - 2026-02-03")


def built(place: Path, member: str = "a.py", content: str = "1", mode: int = 0o644) -> Built:
    """A wheel and an sdist with one member each."""
    place.mkdir()
    wheel, sdist, file = place / "x.whl", place / "x.tar", place / "member"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), content)
    file.write_text(content)
    file.chmod(mode)
    os.utime(file, (0, 0))
    with tarfile.open(sdist, "w") as archive:
        archive.add(file, member)
    return Built(USUAL, wheel, sdist)


class TestBuilds:
    def test_those_that_are_the_same_pass(self, tmp_path: Path) -> None:
        compare(built(tmp_path / "a"), built(tmp_path / "b"))

    @pytest.mark.parametrize("other", [{"member": "b.py"}, {"content": "2"}, {"mode": 0o755}])
    def test_a_difference_is_refused_and_named(self, tmp_path: Path, other: dict[str, str]) -> None:
        with pytest.raises(Refused, match=r"differ: (?:a\.py|a\.py, b\.py)$"):
            compare(built(tmp_path / "a"), built(tmp_path / "b", **other))

    def test_what_a_wheel_carries_depends_on_the_rules_alone(self, tmp_path: Path) -> None:
        """`make release-check` asks the other Pythons of the machine as well."""
        script = "import hashlib; from portscan.compiled import content\nprint(hashlib.sha256(content()).hexdigest())"
        own = ({"PYTHONHASHSEED": seed, "PORTSCAN_CACHE_DIR": str(tmp_path / seed)} for seed in ("0", "1"))
        assert len({run(sys.executable, "-c", script, cwd=TOP, environment=each) for each in own}) == 1

    def test_nor_on_which_of_its_words_are_one_object(self) -> None:
        word, same = "".join("a word"), "".join(list("a word"))
        assert packed([word, word], SAME_EVERYWHERE) == packed([word, same], SAME_EVERYWHERE)
        assert packed([word, word]) != packed([word, same])


class TestChanges:
    def test_before_the_tag_what_is_unreleased_counts(self) -> None:
        assert judging._changes(CHANGES, "1.2.3", "") == "CHANGELOG.md has 2 entries under Unreleased"

    def test_the_section_of_the_version_is_what_a_release_says(self) -> None:
        assert judging._changes(RELEASED, "1.2.3", "v1.2.3") == "CHANGELOG.md has 2 entries under 1.2.3"
        assert judging.notes(RELEASED, "1.2.3") == "### Added\n\n- One.\n- Two."

    @pytest.mark.parametrize(
        ("text", "tag", "why"),
        [
            (CHANGES, "v1.2.3", "has no `## 1.2.3 - YYYY-MM-DD`"),
            (f"# Changes\n\n## Unreleased\n\n- Late.\n\n{RELEASED.partition('# Changes')[2]}", "v1.2.3", "still has something"),
            ("# Changes\n\n## Unreleased\n\n## 0.0.9 - 2026-01-01\n\n- Three.\n", "", "says nothing of 1.2.3"),
        ],
    )
    def test_what_is_missing_is_refused(self, text: str, tag: str, why: str) -> None:
        with pytest.raises(Refused, match=why):
            judging._changes(text, "1.2.3", tag)


def test_a_version_that_is_said_twice_is_refused(tmp_path: Path) -> None:
    if not (TOP / ".git").exists():
        pytest.skip("not a checkout of git")
    source = tmp_path / "source"
    run("git", "clone", "--quiet", TOP, source)
    metadata = Message()
    metadata["Version"] = __version__
    assert "alone" in judging._version(source, metadata, "")
    with pytest.raises(Refused, match="the tag of this release is v"):
        judging._version(source, metadata, "v99.0")
    (source / "tools" / "generated.py").write_text(f'version = "{__version__}"\n')
    with pytest.raises(Refused, match=r"tools/generated\.py"):
        judging._version(source, metadata, "")


def test_a_licence_that_nobody_accepted_is_refused() -> None:
    bill.refuse_unaccepted({"one": "MIT", "two": "BSD License; Apache Software License"})
    with pytest.raises(Refused, match="AGPL"):
        bill.refuse_unaccepted({"one": "MIT; AGPL-3.0"})


def test_the_page_of_licences_is_read_as_it_is_written() -> None:
    assert bill.read(bill.page({"b": "MIT"}, {"b": "MIT", "A": "BSD License"})) == {"A": "BSD License", "b": "MIT"}


def test_a_program_that_fails_is_refused_with_its_words() -> None:
    with pytest.raises(Refused, match="exit status 7\nwhy"):
        run(sys.executable, "-c", "print('why'); raise SystemExit(7)")
    assert run(sys.executable, "-c", "raise SystemExit(7)", status=7) == ""


def test_no_python_is_found_that_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.10"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "none"))
    assert interpreter("3.10") is None
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    shutil.copy(sys.executable, tmp_path / f"python{own}")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert interpreter(own) is not None
