"""What portscan reads for itself takes time in proportion as well: registry, configuration, baseline, ignores and pins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portscan import config
from portscan.baseline import entries as baseline
from portscan.directives import directives
from portscan.errors import UserError
from portscan.findings import catalogue
from portscan.registry.checks import check
from portscan.registry.editing import edited
from portscan.registry.editing.changes import Put
from portscan.registry.loader import load
from portscan.source import Source, decode
from portscan.suppress import suppressions
from tests.fuzzing.growth import superlinear

HEAD = 'version: "1.0.0"\nservices:\n'


def _registry(data: bytes) -> None:
    loaded = load("registry.yaml", data)
    if loaded.registry is not None:
        check(loaded.registry, catalogue())


def _services(number: int) -> bytes:
    one = "  - {{name: a{0}, stack: s, port: {1}, depends_on: [a{2}], aliases: [b{0}], description: x{0}}}\n"
    return (HEAD + "".join(one.format(n, n + 1, max(n - 1, 0)) for n in range(number))).encode()


def _edit(number: int) -> None:
    edited("registry.yaml", _services(number), [Put(("services", number // 2, "description"), "y")])


def _baseline(number: int) -> None:
    counts = baseline.parse("b.jsonl", b"".join(_entry(n) for n in range(number))).counts
    baseline.parse("b.jsonl", baseline.dump(counts))
    baseline.weighed(list(counts), counts)


def _entry(number: int) -> bytes:
    identity = baseline.Identity("PS001", f"a{number % 50}.sh", "", f"curl {number}")
    return baseline.dump({identity: 1})


def _spoken(piece: str) -> Callable[[int], None]:
    def speak(number: int) -> None:
        source = decode("a.py", (piece * number).encode())
        assert isinstance(source, Source)
        suppressions(directives(source), source)

    return speak


READ: dict[str, tuple[Callable[[int], object], int]] = {
    "services": (lambda n: _registry(_services(n)), 200),
    "services of one name": (lambda n: _registry((HEAD + "  - {name: a, stack: s, port: 1}\n" * n).encode()), 200),
    "unknown keys": (lambda n: _registry((HEAD + "  - {name: a, stack: s, port: 1}\n" + "x: 1\n" * n).encode()), 1000),
    "one edit": (_edit, 100),
    "entries": (_baseline, 500),
    "ignores": (_spoken("a = 1  # portscan: ignore[PS001] why\n"), 500),
    "blocks": (_spoken("# portscan: ignore-start\n"), 500),
    "ignores on one line": (_spoken("# portscan: ignore "), 500),
    "pins": (_spoken("a = 1  # portscan: a, b, c\n"), 500),
}


@pytest.mark.parametrize(("run", "least"), READ.values(), ids=READ)
def test_twice_as_much_takes_twice_as_long(run: Callable[[int], object], least: int) -> None:
    assert not superlinear(run, (least, 2 * least, 4 * least))


CONFIGURED = {
    "pins": lambda n: '[[pin]]\npath = "a"\nport = 80\nservice = "x"\n' * n,
    "patterns": lambda n: f"exclude = {[f'a/**/{k}*' for k in range(n)]}\n",
    "numbers": lambda n: f"allow = {list(range(1, n + 1))}\n",
    "keys that there are not": lambda n: "".join(f"a{k} = 1\n" for k in range(n)),
}


@pytest.mark.parametrize("text", CONFIGURED.values(), ids=CONFIGURED)
def test_so_does_a_configuration(text: Callable[[int], str], tmp_path: Path) -> None:
    def read(number: int) -> None:
        (tmp_path / "portscan.toml").write_text(text(number), encoding="utf-8")
        try:
            config.load(tmp_path)
        except UserError as error:
            assert "a0" in str(error)  # noqa: PT017

    assert not superlinear(read, (400, 800, 1600))
