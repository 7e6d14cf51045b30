"""What others build upon stays as it is, or changes by the rules of docs/compatibility.md."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portscan import cli
from portscan.cli import main
from tests.repository import BOUND, HARDCODED, commit, repository, write
from tools.contracts import CONTRACTS, GOLDEN, differences, text

POLICY = """
tests/contracts/{name}.json is a contract with those who use portscan.
{gone}{new}
`make contracts` writes it anew, once you know what the change costs (docs/compatibility.md):
- what was added needs an entry in CHANGELOG.md under Added, and the next minor version;
- what is gone, or means something else, breaks somebody: say it is deprecated first, and take it away in a major version.
"""


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_contract_is_kept(name: str) -> None:
    old, new = (GOLDEN / f"{name}.json").read_text(encoding="utf-8"), text(name)
    gone, added = differences(old, new)
    told = {
        "gone": "".join(f"  gone:  {line}\n" for line in gone),
        "new": "".join(f"  added: {line}\n" for line in added),
    }
    assert old == new, POLICY.format(name=name, **told)


def test_what_is_gone_is_told_from_what_is_new() -> None:
    old, new = (
        {"scan": {"--fix": "switch", "--format": ["json", "text"]}},
        {"scan": {"--format": ["json", "xml"], "--all": "switch"}},
    )
    gone, added = differences(json.dumps(old), json.dumps(new))
    assert gone == ['/scan/--fix: "switch"', '/scan/--format/-: "text"']
    assert added == ['/scan/--format/-: "xml"', '/scan/--all: "switch"']


class TestExitStatus:
    """0 nothing to report, 1 findings or changed files, 2 cannot be carried out, 3 a bug, 130 interrupted."""

    @pytest.fixture
    def root(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        found = repository(tmp_path / "consumer")
        monkeypatch.chdir(found)
        return found

    def test_nothing_to_report(self, root: Path) -> None:
        write(root / "run.sh", BOUND)
        assert main([]) == 0

    def test_findings_remain(self, root: Path) -> None:
        write(root / "run.sh", HARDCODED)
        assert main([]) == 1
        assert main(["--exit-zero"]) == 0

    def test_files_were_changed(self, root: Path) -> None:
        write(root / "run.sh", HARDCODED)
        commit(root)
        assert main(["--fix"]) == 1
        assert main(["--fix"]) == 0

    def test_it_cannot_be_carried_out(self, root: Path) -> None:
        assert main(["--config", "nowhere.toml"]) == 2
        assert main(["scan", "--no-such-option"]) == 2

    @pytest.mark.parametrize(("end", "status"), [(RuntimeError("a bug"), 3), (KeyboardInterrupt(), 130)])
    def test_a_bug_and_an_interrupt(self, root: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException, status: int) -> None:
        def fail(_name: str) -> None:
            raise end

        monkeypatch.setattr(cli, "command", fail)
        assert main([]) == status
