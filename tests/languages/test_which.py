"""Which language a file is in: by its name, by what a template makes, by its first line."""

from __future__ import annotations

import pytest

from portscan import languages
from portscan.knowledge import shipped
from portscan.languages import compile_languages

LANGUAGES = compile_languages(shipped().languages)


@pytest.mark.parametrize(
    ("path", "head", "name"),
    [
        ("src/main.go", "", "go"),
        ("SRC/MAIN.GO", "", "go"),
        ("Dockerfile.dev", "", "dockerfile"),
        ("deploy/nginx/site.conf", "", "nginx"),
        ("nginx.conf.erb", "", "nginx"),
        ("roles/x/templates/Caddyfile.j2", "", "caddy"),
        ("config/dev.exs.eex", "", "elixir"),
        ("application.properties.sample", "", "ini"),
        ("_helpers.tpl", "", "template"),
        ("web.config", "", "html"),
        ("inventory", "", "ini"),
        ("bin/tool", "#!/usr/bin/env python3.11\n", "python"),
        ("init.d/tool", "#!/sbin/openrc-run\n", "shell"),
        ("tool", "#! /bin/sh -e\n", "shell"),
        ("photo.png", "", None),
        ("tool", "no shebang", None),
        (".gitignore", "", None),
        (".env.patch", "", None),
        ("compose.yaml.diff", "", None),
        ("deploy/.env.local.Patch", "", None),
        (".github/workflows/dockerfile.yaml", "", "yaml"),
        ("Dockerfile.md", "", "markdown"),
        ("Dockerfile.java", "", "dockerfile"),
        ("src/app.env.ts", "", "typescript"),
        (".env.json", "", "json"),
        (".env.go", "", "env"),
        ("Caddyfile.json", "", "json"),
    ],
)
def test_language_of_a_file(path: str, head: str, name: str | None) -> None:
    language = LANGUAGES.of(path, head)
    assert (language.name if language else None) == name


def test_patterns_are_told_apart_where_python_names_groups_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before Python 3.11 a `*` in the middle becomes a group called `g` with a number."""
    as_in_310 = {"a*x": r"(?s:a(?=(?P<g0>.*?x))(?P=g0))\Z", "b*y": r"(?s:b(?=(?P<g1>.*?y))(?P=g1))\Z"}
    monkeypatch.setattr(languages, "translate", as_in_310.__getitem__)
    kinds = languages.kinds_of({"one": {"files": ["a*x"]}, "two": {"files": ["b*y"]}})
    assert [kinds.of(name)[0] for name in ("a.x", "b.y", "c")] == ["one", "two", None]
