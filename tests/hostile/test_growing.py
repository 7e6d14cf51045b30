"""Files that repeat one thing: a scan takes time in proportion to what they hold, not to its square."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portscan.cli import main
from tests.fuzzing.growth import superlinear

REGISTRY = 'version: "1.0.0"\nranges: {web: "4000-4199"}\nservices:\n  - {name: web, stack: web, port: 4010}\n'


def _nested(number: int) -> str:
    return '{"port": 4010, "a": ' * number + "1" + "}" * number


def _one_alias(number: int) -> str:
    service = 'image: a, environment: {U: "http://x:4011"}, networks: {n: {aliases: [x]}}'
    return "services:\n" + "".join(f"  s{n}: {{{service}}}\n" for n in range(number)) + "networks: {n: {}}\n"


GROWING: dict[str, tuple[str, Callable[[int], str], int]] = {
    "keys within keys": ("a.json", _nested, 500),
    "services that share an alias": ("compose.yml", _one_alias, 150),
}


@pytest.mark.parametrize(("path", "text", "least"), GROWING.values(), ids=GROWING)
def test_a_scan_takes_time_in_proportion(
    path: str,
    text: Callable[[int], str],
    least: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config" / "ports").mkdir(parents=True)
    (tmp_path / "config" / "ports" / "registry.yaml").write_text(REGISTRY, encoding="utf-8")

    def scan(number: int) -> None:
        (tmp_path / path).write_text(text(number), encoding="utf-8")
        assert main(["scan", "--no-cache", "--jobs", "1", "-q"]) in (0, 1)
        capsys.readouterr()

    assert not superlinear(scan, (least, 2 * least, 4 * least))
