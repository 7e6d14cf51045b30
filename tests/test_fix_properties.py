"""Fixes of random files, language by language: a second fix does nothing, and taking the edits out gives the file back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portscan import config as configuration
from portscan.edit import applied, by_path, new_files, write
from portscan.fixing.planning import chosen
from portscan.model import Edit
from portscan.pipeline.scanning import Scan, scan
from portscan.registry.loader import load
from portscan.registry.model import Registry
from tests.judges import THOROUGH
from tests.test_fixing import ALLOWED, REGISTRY, taken_out

# For each file what stands around its lines, and lines in which `{p}` is a number; other braces are doubled.
LINES: dict[str, tuple[str, tuple[str, ...]]] = {
    "run.sh": (
        "#!/bin/sh\n{}",
        (
            "curl http://localhost:{p}/x{p}\n",
            "PORT={p} ./serve --port {p} # port {p}\n",
            "echo 'a {p} localhost:{p}' \"b:{p} localhost:{p}\"\n",
            "for port in {p} {p}; do :; done\n",
            "cat <<EOF\nlocalhost:{p} é💥\nEOF\n",
            "cat <<'EOF'\nlocalhost:{p}\nEOF\n",
            "X=$(curl \"localhost:{p}\" 'h:{p}')\n",
            "sleep {p}\n",
        ),
    ),
    "compose.yaml": (
        "services:\n{}",
        (
            "  web:\n    image: x:{p}\n    ports: ['{p}:80', {p}:{p}]\n",
            "  api:\n    image: x\n    ports:\n      - {p}:{p}/tcp\n      - '{p}'\n    environment: {{PORT: {p}, URL: 'http://localhost:{p}'}}\n",
            "  cache:\n    image: x\n    environment:\n      - URL=http://cache:{p} # {p}\n    command: [serve, --port, '{p}']\n",
            '  d{p}:\n    image: x\n    labels:\n      a: "http://localhost:{p}/é💥"\n',
        ),
    ),
    "server.js": (
        "const http = require('http');\n{}",
        (
            "http.createServer().listen({p});\n",
            "const a{p} = {{ port: {p}, url: 'http://localhost:{p}/x', size: {p} }};\n",
            'f(process.env.PORT || {p}, `http://localhost:{p}/${{x}}`, "é💥 localhost:{p}");\n',
            "// port {p}\n",
        ),
    ),
    "settings.py": (
        "{}",
        (
            "PORT = {p}\n",
            "URL = 'http://localhost:{p}/é💥' # port {p}\n",
            "config = {{'port': {p}, \"url\": f\"http://localhost:{p}/{{x}}\", 'size': {p}}}\n",
            "serve(port=int(os.environ.get('PORT') or {p}), timeout={p})\n",
            "def f(port={p}):\n    '''port {p}'''\n    return \"%s:{p}\" % port\n",
        ),
    ),
    ".env": ("{}", ("API_PORT={p}\n", "WEB_PORT={p} # {p}\n", "URL=http://localhost:{p}\n", "SIZE={p}\n")),
    "Makefile": ("{}", ("run{p}:\n\tcurl http://localhost:{p} 'localhost:{p}'\n\n", "PORT ?= {p}\n", "# port {p}\n")),
    "notes.md": ("{}", ("api is at http://localhost:{p}.\n\n", "| api | {p} |\n", "The web port is {p}, in {p} days.\n")),
    "app.conf": ("{}", ("listen {p};\n", "server 127.0.0.1:{p} weight={p};\n", "# port {p}\n")),
    "Dockerfile": (
        "FROM a\n{}",
        (
            "ENV PORT={p} X={p}\n",
            "EXPOSE {p}/tcp {p}\n",
            "FROM b AS c\n",
            "ARG API_PORT={p}\n",
            "RUN serve --port {p} && \\\n  curl localhost:{p}\n",
            'CMD ["serve", "--port", "{p}"]\n',
            "LABEL url=http://localhost:{p} # {p}\n",
        ),
    ),
    "client.ts": (
        "const u = import.meta.env.DEV;\n{}",
        (
            "export const a{p}: number = {p}, url{p} = `http://localhost:{p}/${{u}}`;\n",
            "type Port{p} = {p};\n",
            "f({{ port: {p} }} as const, import.meta.env.VITE_API_PORT || {p});\n",
            "listen(env.PORT ?? {p}, {p}); // {p}\n",
        ),
    ),
    "Page.tsx": (
        "import React from 'react';\n{}",
        (
            'export const A{p} = ({{ port = {p} }}) => <a href="http://localhost:{p}" port={{{p}}}>at localhost:{p} é💥</a>;\n',
            "const b = 'http://localhost:{p}' + \"`http://localhost:{p}\";\n",
        ),
    ),
    "application.yml": (
        "server:\n  port: 1\n{}",
        (
            "a{p}:\n  url: http://localhost:{p} # {p}\n",
            "b{p}: [http://localhost:{p}, 'http://localhost:{p}']\n",
            "c{p}: {{port: {p}}}\n",
        ),
    ),
    "Caddyfile": ("{}", (":{p} {{\n\treverse_proxy localhost:{p} localhost:{p}\n}}\n", "# {p}\n")),
    "otel.yaml": (
        "receivers:\nexporters:\nservice:\n{}",
        ("a{p}:\n  endpoint: localhost:{p}\n", "b{p}: {{endpoint: 0.0.0.0:{p}}}\n"),
    ),
    "Procfile": ("{}", ("web{p}: serve --port {p}\n", "api: curl http://localhost:{p} 'http://localhost:{p}'\n")),
    "default.conf.template": ("{}", ("listen {p};\n", "proxy_pass http://localhost:{p}; # {p}\n")),
    "main.go": (
        "package main\n{}",
        (
            'var a{p} = "http://localhost:{p}"\n',
            "var b{p} = `\nhttp://localhost:{p}\n`\n",
            'func f() {{ http.ListenAndServe(":{p}", nil) }} // {p}\n',
        ),
    ),
    "package.json": (
        '{{"name": "x"{}}}',
        (',\n"a{p}": "vite --port {p} http://localhost:{p}"', ',\n"port": {p}', ',"config": {{"port": {p}}}'),
    ),
    "app.ini": ("[server]\n{}", ("port = {p}\n", "url = http://localhost:{p} ; {p}\n", "# {p}\n")),
    ".github/workflows/ci.yml": (
        "on: push\njobs:\n{}",
        (
            "  a{p}:\n    services: {{x: {{image: x, ports: ['{p}:{p}', {p}:{p}]}}}}\n",
            "  b{p}:\n    steps:\n      - run: |\n          curl 'localhost:{p}' \"localhost:{p}\"\n        env: {{URL: http://localhost:{p}}}\n",
        ),
    ),
}

NUMBERS = st.sampled_from(["3103", "4010", "4011", "5434", "5432", "6379", "4006", "9999", "80"])
ONCE = (".yaml", ".yml", ".json", ".ts", ".tsx")  # keys and names must not come twice


@pytest.fixture(scope="module")
def registry() -> Registry:
    loaded = load("registry.yaml", REGISTRY.read_bytes())
    assert loaded.registry is not None
    return loaded.registry


@st.composite
def texts(draw: st.DrawFn, path: str) -> str:
    whole, lines = LINES[path]
    drawn = draw(st.lists(st.sampled_from(lines), min_size=1, max_size=6, unique=path.endswith(ONCE)))
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    parts = []
    for line in drawn:
        while "{p}" in line:
            line = line.replace("{p}", draw(NUMBERS), 1)
        parts.append(line.replace("{{", "{").replace("}}", "}"))
    end = draw(st.sampled_from([newline, newline, ""]))
    return (whole.format("\0").replace("\0", "".join(parts)).rstrip("\n") + end).replace("\r\n", "\n").replace("\n", newline)


def fixed(root: Path, path: str, registry: Registry) -> Scan:
    # what a file says by itself; whom it reaches depends on the others, which are not there
    config = replace(configuration.load(root), ignore=("PS1", "PS2"))
    found = scan(root, [path], registry, config, date(2026, 1, 1), fixes=True, pin=True)
    write(root, root, new_files(chosen(found.report.findings, ALLOWED), found.sources))
    return found


def edits_of(found: Scan, path: str) -> list[Edit]:
    return dict(by_path(chosen(found.report.findings, ALLOWED))).get(path, [])


@pytest.mark.parametrize("path", sorted(LINES))
@given(data=st.data())
@settings(
    deadline=None,
    max_examples=200 if THOROUGH else 15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_second_fix_does_nothing_and_the_first_can_be_taken_back(
    tmp_path: Path, registry: Registry, path: str, data: st.DataObject
) -> None:
    text = data.draw(texts(path))
    file, pins = tmp_path / path, tmp_path / "portscan.toml"
    pins.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    first = fixed(tmp_path, path, registry)
    once = file.read_bytes(), pins.exists() and pins.read_bytes()
    second = fixed(tmp_path, path, registry)
    assert (file.read_bytes(), pins.exists() and pins.read_bytes()) == once
    assert not list(chosen(second.report.findings, ALLOWED))
    assert applied(once[0], taken_out(edits_of(first, path))) == text.encode()


@pytest.mark.parametrize("path", sorted(LINES))
@given(data=st.data())
@settings(
    deadline=None,
    max_examples=50 if THOROUGH else 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_not_fixed_says_what_to_do(tmp_path: Path, registry: Registry, path: str, data: st.DataObject) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.draw(texts(path)).encode())
    found = scan(tmp_path, [path], registry, configuration.Config(), date(2026, 1, 1), fixes=True)
    for finding in found.report.findings:
        assert finding.help
        assert "\n" not in finding.help
