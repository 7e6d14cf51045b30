"""Real programs decide whether a fix is right: the same before and after with nothing set, and the moved port when it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portscan.config import Config, PerPath
from portscan.edit import new_files, write
from portscan.fixing.planning import chosen
from portscan.pipeline.scanning import scan
from portscan.registry.loader import load
from portscan.registry.model import Registry
from tests.judges import judge, node_module, python_module

TREES = Path(__file__).parent / "fixtures" / "fix"
MOVED = {"API_PORT": "4999", "WEB_PORT": "3999", "CACHE_PORT": "6999", "JOBS_PORT": "4998", "MAIN_DB_PORT": "5999"}


@pytest.fixture(scope="module")
def registry() -> Registry:
    loaded = load("registry.yaml", (TREES / "registry.yaml").read_bytes())
    assert loaded.registry is not None
    return loaded.registry


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """What a command prints, with nothing in its environment but `variables`."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(cwd), **variables}
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


def fixed(root: Path, files: dict[str, str], registry: Registry, config: Config = Config()) -> dict[str, str]:  # noqa: B008
    """The files as they are when every fix that may be applied is."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    found = scan(root, sorted(files), registry, config, date(2026, 1, 1), fixes=True)
    assert [f.fix for f in found.report.findings if f.code in ("PS001", "PS003", "PS004")].count(None) == 0
    write(root, root, new_files(chosen(found.report.findings, ("safe", "unsafe")), found.sources))
    after = {path: (root / path).read_text(encoding="utf-8") for path in files}
    assert after != files
    return after


# Compose


def configuration(root: Path, *more: str, **variables: str) -> Any:
    command = (judge("docker-compose"), "-p", "x", "-f", root / "compose.yaml", *more, "config", "--format", "json")
    return json.loads(run(*command, cwd=root, **variables))


def compose_tree(name: str, place: Path) -> Path:
    """A golden tree whose stale fallback is right already, since that one is meant to change."""
    place.mkdir()
    text = (TREES / "compose" / name / "compose.yaml").read_text(encoding="utf-8")
    (place / "compose.yaml").write_text(text.replace(":-4009}", ":-4011}"), encoding="utf-8")
    return place


def test_compose_understands_the_same_before_and_after(tmp_path: Path) -> None:
    before, after = compose_tree("before", tmp_path / "before"), compose_tree("after", tmp_path / "after")
    assert configuration(before) == configuration(after)


def test_compose_understands_the_same_services_with_the_unsafe_fixes_as_well(tmp_path: Path) -> None:
    before, after = compose_tree("before", tmp_path / "before"), compose_tree("after-all", tmp_path / "after")
    assert configuration(before)["services"] == configuration(after)["services"]


def published(found: Any) -> dict[str, set[str]]:
    return {name: {port["published"] for port in service.get("ports", ())} for name, service in found["services"].items()}


def test_compose_follows_the_variables(tmp_path: Path) -> None:
    after = compose_tree("after", tmp_path / "after")
    expected = {"web": {"3999"}, "api": {"4999"}, "worker": {"4998"}, "main-db": {"5999"}}
    moved = configuration(after, **MOVED)
    assert published(moved) == expected
    assert moved["services"]["web"]["environment"]["API_URL"] == "http://localhost:4999/v1"
    every = configuration(compose_tree("after-all", tmp_path / "after-all"), **MOVED)
    assert "redis://localhost:6999" in " ".join(every["services"]["worker"]["command"])
    (after / "ports.env").write_text("".join(f"{name}={port}\n" for name, port in MOVED.items()), encoding="utf-8")
    assert published(configuration(after, "--env-file", "ports.env")) == expected


# What Compose reads in more ways than one: both forms of ports, anchors and merges, flow, texts of several lines, `$$`.
CONSTRUCTS = """x-environment: &environment
  API_URL: http://localhost:4010/v1
services:
  api:
    image: api
    ports:
      - &mapping "4010:4010"
      - 127.0.0.1:4010:4010/udp
      - target: 4010
        published: &port 4010
        mode: host
        host_ip: 127.0.0.2
      - {target: 4010, published: '4010', protocol: udp, host_ip: 127.0.0.3}
    healthcheck:
      test: ["CMD-SHELL", "p=$$PORT; curl -f http://localhost:4010/ && echo $$p"]
    command: |
      serve --price $$5 --web http://localhost:3103
      echo 'a $$4010'
  web:
    image: web
    ports: ["3103:3103"]
    environment: {<<: *environment, HOME_URL: "http://localhost:3103/$$x", "API": 'http://localhost:4010'}
    command: >-
      serve --api http://localhost:4010

      --home "http://localhost:3103"
    labels: ["home=http://localhost:3103/{{x}}", 'api=http://localhost:4010/']
  worker:
    image: worker
    environment:
      - API_URL=http://localhost:4010
      - "WEB=http://localhost:3103/${PATH_OF:-a}"
      - FOLDED=a$${b}http://localhost:4010
    entrypoint: ["sh", "-c", "exec work --api http://localhost:4010 $$HOME"]
"""


def test_compose_understands_the_same_however_it_is_written(tmp_path: Path, registry: Registry) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    (before / "compose.yaml").write_text(CONSTRUCTS, encoding="utf-8")
    fixed(after, {"compose.yaml": CONSTRUCTS}, registry, Config(ignore=("PS2",)))
    services = configuration(before)["services"]
    assert configuration(after)["services"] == services
    assert configuration(after, API_PORT="", WEB_PORT="")["services"] == services
    moved = configuration(after, **MOVED)
    assert published(moved) == {"api": {"4999"}, "web": {"3999"}, "worker": set()}
    assert "a$${b}http://localhost:4999" in json.dumps(moved["services"]["worker"])


# Python

PYTHON = '''"""Doc."""
import json

PORT = 4010
URL = "http://localhost:4010/v1"
RAW = r'http://localhost:4010\\d'
BYTES = b"http://localhost:4010".decode()
NESTED = f"{json.dumps({'url': 'http://localhost:4010'})}"
OLD = "http://localhost:4010/%s" % PORT
FORMATTED = "http://localhost:4010/{}/{{}}".format(PORT)
JOINED = ("http://" "localhost:4010" "/v1")
DATABASE = {"PORT": "5434", 'port': 5434}


class Client:
    port = 4010

    def connect(self, port: int = 4010) -> bool:
        return port == 4010


print(json.dumps([PORT, URL, RAW, BYTES, NESTED, OLD, FORMATTED, JOINED, DATABASE, Client.port, Client().connect()]))
'''


def moved(text: str) -> str:
    """The output in which the ports have moved."""
    return text.replace("4010", "4999").replace("5434", "5999").replace("3103", "3999")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_python_computes_the_same_and_follows_the_variables(tmp_path: Path, registry: Registry, newline: str) -> None:
    (tmp_path / "before.py").write_text(PYTHON, encoding="utf-8")
    fixed(tmp_path, {"a.py": PYTHON.replace("\n", newline)}, registry)
    before = run(sys.executable, "before.py", cwd=tmp_path)
    assert run(sys.executable, "a.py", cwd=tmp_path) == before
    assert run(sys.executable, "a.py", cwd=tmp_path, API_PORT="", MAIN_DB_PORT="") == before
    assert run(sys.executable, "a.py", cwd=tmp_path, **MOVED) == moved(before)


def by_module(path: str, module: str) -> Config:
    return Config(per_path=(PerPath(path=path, binding="module", module=module),))


def test_python_computes_the_same_with_a_generated_module(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "before.py").write_text(PYTHON, encoding="utf-8")
    ports = tmp_path / "worker" / "ports.py"
    after = fixed(tmp_path, {"a.py": PYTHON}, registry, by_module("a.py", "worker.ports"))
    assert after["a.py"].count("import") == 2
    ports.parent.mkdir()
    ports.write_text("API_PORT = 4010\nMAIN_DB_PORT = 5434\n", encoding="utf-8")
    before = run(sys.executable, "before.py", cwd=tmp_path)
    assert run(sys.executable, "a.py", cwd=tmp_path) == before
    ports.write_text("API_PORT = 4999\nMAIN_DB_PORT = 59999 - 54000\n", encoding="utf-8")
    assert run(sys.executable, "a.py", cwd=tmp_path) == moved(before)


# JavaScript and TypeScript

JAVASCRIPT = """const http = require('http');
const port = 4010;
const url = 'http://localhost:4010/x';
const page = `http://localhost:4010/${port}`;
const both = "http://localhost:3103 and http://localhost:4010";
const tick = 'a `quoted` http://localhost:4010';
const joined = "http://localhost:4010" + "/" + 'http://localhost:3103';
const options = { port: 4010, 'url': "http://localhost:3103/" };
function connect(port = 4010) { return [port, port === 4010, typeof port]; }
const generic = Number(process.env.SOME_PORT || 4010);
console.log(JSON.stringify([port, url, page, both, tick, joined, options, connect(), generic, typeof http]));
"""
MODULE = JAVASCRIPT.replace("const http = require('http');", "import http from 'node:http';")


@pytest.mark.parametrize(("name", "text"), [("a.js", JAVASCRIPT), ("a.cjs", JAVASCRIPT), ("a.mjs", MODULE)])
def test_node_computes_the_same_and_follows_the_variables(tmp_path: Path, registry: Registry, name: str, text: str) -> None:
    node = judge("node")
    (tmp_path / f"before-{name}").write_text(text, encoding="utf-8")
    fixed(tmp_path, {name: text}, registry)
    before = run(node, f"before-{name}", cwd=tmp_path)
    assert run(node, name, cwd=tmp_path) == before
    assert run(node, name, cwd=tmp_path, API_PORT="") == before
    assert run(node, name, cwd=tmp_path, **MOVED) == moved(before)


@pytest.mark.parametrize(("name", "text"), [("a.js", JAVASCRIPT), ("a.mjs", MODULE)])
def test_node_computes_the_same_with_a_generated_module(tmp_path: Path, registry: Registry, name: str, text: str) -> None:
    node = judge("node")
    (tmp_path / f"before-{name}").write_text(text, encoding="utf-8")
    ports = tmp_path / "lib" / f"ports{name[1:]}"
    ports.parent.mkdir()
    after = fixed(tmp_path, {name: text}, registry, by_module(name, f"lib/ports{name[1:]}"))
    assert after[name].count("lib/ports") == 1
    export = "export const {} = {};\n" if name.endswith("mjs") else "exports.{} = {};\n"
    for api, web in ((4010, 3103), (4999, 3999)):
        ports.write_text(export.format("API_PORT", api) + export.format("WEB_PORT", web), encoding="utf-8")
        before = run(node, f"before-{name}", cwd=tmp_path)
        assert run(node, name, cwd=tmp_path) == (before if api == 4010 else moved(before))


TYPESCRIPT = """import { createServer } from 'node:http';

const port: number = 4010;
const url: string = "http://localhost:4010/v1";
const options: { port?: number; url: string } = { port: 4010, url: `http://localhost:3103/${port}` };
export const listen = (port: number = 4010): void => { createServer().listen(4010); void port; };
export const later: string | number = process.env.PORT || 4010;
export const chosen = Number(process.env.OTHER_PORT ?? 4010);
export { url, options };
"""
CLIENT = """export const url: string = import.meta.env.VITE_URL ?? 'http://localhost:4010';
export const port: number = 4010;
export const link = { href: "http://localhost:3103", port: 3103 };
"""
DECLARED = """declare const process: { env: Record<string, string | undefined> };
declare module 'node:http' { export function createServer(): { listen(port: number): void } }
interface ImportMeta { env: Record<string, string | undefined> }
"""


def test_the_typescript_compiler_is_content_before_and_after(tmp_path: Path, registry: Registry) -> None:
    compiler = node_module("typescript") / "bin" / "tsc"
    (tmp_path / "declared.d.ts").write_text(DECLARED, encoding="utf-8")
    (tmp_path / "ports.ts").write_text(
        "export const API_PORT = 4010 as const;\nexport const WEB_PORT = 3103;\n", encoding="utf-8"
    )
    files = {"server.ts": TYPESCRIPT, "client.ts": CLIENT, "module/server.ts": TYPESCRIPT, "module/client.ts": CLIENT}
    options: dict[str, object] = {"noEmit": True, "strict": True, "target": "es2022", "module": "esnext", "types": []}
    options["moduleResolution"] = "bundler"
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["**/*.ts"]}), encoding="utf-8")
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    command = (judge("node"), compiler, "-p", ".")
    assert run(*command, cwd=tmp_path) == ""
    fixed(tmp_path, files, registry, by_module("module/**", "ports.ts"))
    assert run(*command, cwd=tmp_path) == ""


# Each is content before. What becomes an expression would be refused by the type that is declared, or by what asks for it.
NARROW = (
    "type Known = 4010 | 4020;\nexport const port: Known = 4010;\n",
    "export const port = 4010;\nconst known = (port: 4010 | 4020): number => port;\nknown(port);\n",
    "export const listen = ({ port = 4010 }: { port?: 4010 | 4020 } = {}): 4010 | 4020 => port;\n",
    "type Url = `http://localhost:${number}`;\nexport const url: Url = 'http://localhost:4010';\n",
    "export const base = 'http://localhost:4010';\nconst go = (url: `http://${string}`): string => url;\ngo(base);\n",
    "export const options = { port: 4010 } satisfies Record<string, 4010 | 4020>;\n",
    "const NAMES = { 4010: 'api' };\nconst port = 4010;\nexport const name = NAMES[port];\n",
    "const base = 'http://localhost:4010';\nexport enum Address { Api = `${base}/x` }\n",
    "const port = 4010;\nexport const names: { [port]: string } = { 4010: 'api' };\n",
    "import type { Known } from './known';\nexport const port: Known = 4010;\n",
    "export declare namespace Api { const port = 4010; }\n",
)
WIDE = "import { createServer } from 'node:http';\nexport const port: number = 4010;\ncreateServer().listen(4010);\n"


def test_no_safe_fix_is_refused_by_the_typescript_compiler(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "declared.d.ts").write_text(DECLARED, encoding="utf-8")
    (tmp_path / "known.ts").write_text("export type Known = 4010 | 4020;\n", encoding="utf-8")
    head = "import { createServer } from 'node:http';\n"
    texts = {"wide.ts": WIDE} | {f"narrow-{n}.ts": f"{head}{text}void createServer;\n" for n, text in enumerate(NARROW)}
    for path, text in texts.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    compiler = node_module("typescript") / "bin" / "tsc"
    files = ("declared.d.ts", "known.ts", *texts)
    command = (judge("node"), compiler, "--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler", *files)
    assert run(*command, cwd=tmp_path) == ""
    found = scan(tmp_path, sorted(texts), registry, Config(), date(2026, 1, 1), fixes=True)
    assert {each.path for each in found.report.findings} == set(texts)
    changed = new_files(chosen(found.report.findings, ("safe",)), found.sources)
    assert [each.path for each in changed] == ["wide.ts"]
    write(tmp_path, tmp_path, changed)
    assert run(*command, cwd=tmp_path) == ""


# Shell

SHELL = """#!/bin/bash
set -eu
api=http://localhost:4010
single='http://localhost:4010/a b'
double="http://localhost:4010/$0"
PORTS=(3103 4010 "4010")
for port in 3103 4010; do printf '%s\\n' "$port"; done
PORT=4010 sh -c 'echo "$PORT"'
echo "$api" "$single" "$double" "${PORTS[@]}" 'it'"'"'s http://localhost:3103'
port=${PORTS[1]}; (( port == 4010 )) && echo same
awk 'BEGIN { print "http://localhost:4010" }'
cat <<END
http://localhost:4010 ${OTHER_PORT:-4010}
END
x=$(echo "http://localhost:4010" 'http://localhost:3103'); echo "$x"
"""


def test_bash_prints_the_same_and_follows_the_variables(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "before").write_text(SHELL, encoding="utf-8")
    fixed(tmp_path, {"a.sh": SHELL}, registry)
    before = run("bash", "before", cwd=tmp_path).replace("before", "a.sh")
    run("bash", "-n", "a.sh", cwd=tmp_path)
    assert run("bash", "a.sh", cwd=tmp_path) == before
    assert run("bash", "a.sh", cwd=tmp_path, API_PORT="", WEB_PORT="") == before
    assert run("bash", "a.sh", cwd=tmp_path, **MOVED) == moved(before)


def test_shellcheck_sees_no_error_that_was_not_there(tmp_path: Path, registry: Registry) -> None:
    fixed(tmp_path, {"a.sh": SHELL}, registry)
    run(judge("shellcheck"), "--severity=error", "a.sh", cwd=tmp_path)


MAKEFILE = """all:
\t@echo http://localhost:4010 "http://localhost:4010" 'http://localhost:4010'
\t@PORT=3103 sh -c 'echo http://localhost:3103'
"""


def test_make_prints_the_same_and_follows_the_variables(tmp_path: Path, registry: Registry) -> None:
    make = judge("make")
    (tmp_path / "before").write_text(MAKEFILE, encoding="utf-8")
    fixed(tmp_path, {"Makefile": MAKEFILE}, registry)
    before = run(make, "-f", "before", cwd=tmp_path)
    assert run(make, cwd=tmp_path) == before
    assert run(make, cwd=tmp_path, **MOVED) == moved(before)


JUSTFILE = """set shell := ["bash", "-uc"]
host := "localhost"

# don't take this apart
all: single (given "x:y") script
\t@echo http://localhost:4010 "http://localhost:4010" 'http://localhost:4010'
\t@-echo {{host}} {{ "}}" }} {{{{ http://localhost:4010 'http://{{host}}:4010' `echo http://localhost:4010` }}
\t@test "$$" -gt 1 && PORT=3103 sh -c 'echo http://localhost:3103'
\t@echo 'a \\
\t  http://localhost:4010' \\
\t  "http://localhost:4010"

single:
    @echo 'it'"'"'s http://localhost:4010'

given a="b:c":
    @echo "{{a}} http://localhost:4010"

script:
    #!/usr/bin/env bash
    cat <<END
    http://localhost:4010
    END
    echo 'http://localhost:4010
    and more'
"""


def test_just_prints_the_same_and_follows_the_variables(tmp_path: Path, registry: Registry) -> None:
    just = judge("just")
    (tmp_path / "before").write_text(JUSTFILE, encoding="utf-8")
    fixed(tmp_path, {"justfile": JUSTFILE}, registry)
    before = run(just, "-f", "before", cwd=tmp_path)
    assert run(just, cwd=tmp_path) == before
    assert run(just, cwd=tmp_path, API_PORT="", WEB_PORT="") == before
    assert run(just, cwd=tmp_path, **MOVED) == moved(before)


JUST_VALUES = """port := "4010"
host := 'localhost'
export URL := "http:/" / 'localhost:4010/x' + if host == "localhost" { ":" + port } else { "" }
many := (uppercase("http://localhost:4010") + "http://localhost:3103") # "4010

all:
    @echo {{port}} {{host}} {{many}} "$URL"
"""


def test_just_reads_the_same_values_and_follows_the_variables(tmp_path: Path, registry: Registry) -> None:
    just = judge("just")
    (tmp_path / "before").write_text(JUST_VALUES, encoding="utf-8")
    after = fixed(tmp_path, {"justfile": JUST_VALUES}, registry)
    assert after["justfile"].count("env(") == 4
    before = run(just, "-f", "before", cwd=tmp_path)
    assert run(just, cwd=tmp_path) == before
    assert run(just, cwd=tmp_path, **MOVED) == moved(before)


# Env files


def values(path: Path) -> dict[str, str]:
    """What python-dotenv and Node read, which must be the same."""
    python_module("dotenv")
    from dotenv import dotenv_values

    script = f"console.log(JSON.stringify(require('util').parseEnv(require('fs').readFileSync({json.dumps(str(path))}, 'utf8'))))"
    read = json.loads(run(judge("node"), "-e", script, cwd=path.parent))
    assert read == dict(dotenv_values(path))
    return {str(name): str(value) for name, value in read.items()}


def test_env_files_hold_the_numbers_of_the_registry(tmp_path: Path) -> None:
    before, after = (values(Path(shutil.copy(TREES / "env" / n / ".env", tmp_path / n))) for n in ("before", "after-all"))
    changed = {name: after[name] for name in after if after[name] != before[name]}
    assert changed == {"API_PORT": "4010", "WEB_PORT": "3103", "VITE_API_PORT": "4010"}
    assert list(before) == list(after)


def test_an_env_file_that_is_expanded_reads_the_same_and_follows_the_variables(tmp_path: Path) -> None:
    python_module("dotenv")
    for name in ("before", "after"):
        shutil.copy(TREES / "env" / name / "config" / "compose.env", tmp_path / name)
    script = "import dotenv, sys; print(sorted(dotenv.dotenv_values(sys.argv[1]).items()))"
    before = run(sys.executable, "-c", script, "before", cwd=tmp_path)
    assert run(sys.executable, "-c", script, "after", cwd=tmp_path) == before
    assert run(sys.executable, "-c", script, "after", cwd=tmp_path, **MOVED) == moved(before)
