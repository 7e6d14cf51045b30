"""The judge is Compose itself: what it makes of a project, portscan's model makes of it as well."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portscan.connectivity.loading import Files, load
from tests.judges import judge
from tools import compose_agreement as agreement

TOP = Path(__file__).resolve().parent.parent.parent
MODEL = TOP / "tests" / "fixtures" / "connectivity" / "model"


@pytest.mark.parametrize("files", [["compose.yaml"], ["compose.yaml", "over.yaml"]])
def test_the_model_is_that_of_compose(files: list[str], tmp_path: Path) -> None:
    top = Path(shutil.copytree(MODEL, tmp_path / "model"))
    answer = agreement.composed(judge("docker-compose"), top, files)
    assert answer is not None
    project = load(agreement.world(top), Files(tuple(files), "."))
    assert list(agreement.differences(agreement.theirs(answer), agreement.ours(project))) == []


def test_the_example_is_read_like_compose_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    compose = judge("docker-compose")
    assert not agreement.compared(compose, TOP / "examples" / "tradingsystem")
    # What it refuses are the generated override files, which are none without the file that they override.
    assert "3 files accepted by Compose, 0 read differently; 3 refused" in capsys.readouterr().out


def test_a_difference_would_be_seen() -> None:
    left, right = {"a": {"ports": [1], "environment": {"X": "1"}}}, {"a": {"ports": [2], "environment": {}}}
    assert len(list(agreement.differences(left, right))) == 2
