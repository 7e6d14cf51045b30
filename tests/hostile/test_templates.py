"""Templates that a repository brings along: no code of theirs runs, and they take a bounded share of the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portscan.cli import UNABLE, main
from portscan.generators import templates
from tests.hostile.places import repository, write

DOUBLED = '{% set ns = namespace(x="aaaaaaaaaa") %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}'
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(templates, "SECONDS", 1)
    monkeypatch.chdir(tmp_path)
    return repository(tmp_path, '[generate.env]\ntemplate = "own.j2"\n')


def told(root: Path, template: str, capsys: pytest.CaptureFixture[str]) -> str:
    write(root, "own.j2", template)
    before = sorted(root.rglob("*"))
    status = main(["sync"])
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (UNABLE, "", 1), err
    assert sorted(root.rglob("*")) == before
    return err


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes")
@pytest.mark.parametrize(
    "template",
    [
        *(ENDLESS, DOUBLED, '{{ "x" * 10 ** 10 }}', '{{ "x"|center(9999999999) }}', '{{ "%099999999999d"|format(1) }}'),
        *('{{ "{:>99999999999}".format(1) }}', "{{ lipsum(n=1000000) }}", "{{ range(99999)|list * 99999 }}"),
    ],
)
def test_time_and_memory_have_an_end(root: Path, capsys: pytest.CaptureFixture[str], template: str) -> None:
    assert "the template own.j2 takes too much time or memory. " in told(root, template, capsys)


@pytest.mark.parametrize(
    "template",
    [
        *('{{ "".__class__.__mro__ }}', "{{ cycler.__init__.__globals__ }}", "{{ self._TemplateReference__context }}"),
        *("{% include '/etc/passwd' %}", "{% import 'os' as os %}", "{{ lipsum.__globals__['os'].popen('id') }}"),
        *("{{ ().__class__.__base__.__subclasses__() }}", "{{ services.append(1) }}", "{{ stacks['__class__'].mro() }}"),
        *("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "{{ nothing }}", "{% if %}", "{{ 1 / 0 }}", "{{ [].x.y }}"),
    ],
)
def test_code_is_refused(root: Path, capsys: pytest.CaptureFixture[str], template: str) -> None:
    assert "cannot be filled: " in told(root, template, capsys)


def test_so_is_a_text_that_nobody_would_read(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "LARGEST", 1 << 20)
    assert "makes more than 1 MiB" in told(root, "{{ 'x' * (2 ** 20 + 1) }}", capsys)


def test_a_template_that_is_meant_well_is_filled(root: Path) -> None:
    line = "{% for line in lines %}\n{{ line.name }}={{ line.value }}\n{% endfor %}\n"
    write(root, "own.j2", f"# mine\n{{% for _, lines in groups %}}\n{line}{{% endfor %}}\n")
    assert main(["sync"]) == 0
    assert "# mine\nSHOP_PORT=3103\n" in (root / ".env.shared").read_text()
