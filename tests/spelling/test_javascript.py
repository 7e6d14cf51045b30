"""JavaScript and TypeScript: the same with the variable unset or empty, moved when it is set. Node and tsc decide, not we."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from portscan.edit import applied
from portscan.model import Edit
from portscan.source import Source, decode
from portscan.spelling import Binding, Declined, Spelled, speller
from tests.judges import judge, node_module
from tests.spelling.helpers import bound, literal_at, marked, variables_of

NODE = shutil.which("node")
HEAD = "const fs = require('fs');\n"  # evidence of Node, in front of every case


def case(name: str, *values: Any) -> Any:
    """One row of a table."""
    return pytest.param(*values, id=name)


def table(text: str) -> list[Any]:
    """The cases of a table: behind `###` a name, then what is written, then behind `--->` what it becomes."""
    rows = (row.partition("\n") for row in text.strip("\n").split("### ")[1:])
    return [case(name, *(part.strip("\n") + "\n" for part in body.split("--->\n"))) for name, _, body in rows]


SCRIPTS = table(r"""
### number
const out = { port: «3103» };
--->
const out = { port: Number(process.env.X_PORT || 3103) };
### negative
const port = -«3103», out = 1;
--->
const port = -Number(process.env.X_PORT || 3103), out = 1;
### nested in a conversion
const out = { port: Number(process.env.Y_PORT || «3103») };
--->
const out = { port: Number(process.env.Y_PORT || process.env.X_PORT || 3103) };
### nested in a conversion with ??
const out = { port: Number(process.env.Y_PORT ?? «3103») };
--->
const out = { port: Number(process.env.Y_PORT ?? (process.env.X_PORT || 3103)) };
### nested without a conversion
const out = { port: process.env.Y_PORT || «3103» };
--->
const out = { port: process.env.Y_PORT || Number(process.env.X_PORT || 3103) };
### nested with ??
const port = process.env.Y_PORT ?? '«3103»', out = port;
--->
const port = process.env.Y_PORT ?? (process.env.X_PORT || '3103'), out = port;
### nested text
const out = { port: parseInt(process.env.Y_PORT || "«3103»", 10) };
--->
const out = { port: parseInt(process.env.Y_PORT || process.env.X_PORT || "3103", 10) };
### digits
const port = "«3103»", out = port;
--->
const port = process.env.X_PORT || "3103", out = port;
### backticks and &&
const out = fs && 'see `http://localhost:«3103»`';
--->
const out = fs && ('see `http://localhost:' + (process.env.X_PORT || '3103') + '`');
### digits in a comparison
const port = 1, out = port === "«3103»";
--->
const port = 1, out = port === (process.env.X_PORT || "3103");
### digits behind a keyword
function port() { return"«3103»" } const out = port();
--->
function port() { return process.env.X_PORT || "3103" } const out = port();
### statement
const out = []; out.push("http://localhost:«3103»/x");
--->
const out = []; out.push(`http://localhost:${process.env.X_PORT || 3103}/x`);
### arrow function
const port = () => "«3103»", out = port();
--->
const port = () => process.env.X_PORT || "3103", out = port();
### choice
const port = fs ? "«3103»" : "1", out = port;
--->
const port = fs ? process.env.X_PORT || "3103" : "1", out = port;
### list of words
const out = ["serve", "--port", "«3103»"];
--->
const out = ["serve", "--port", process.env.X_PORT || "3103"];
### address
const out = "http://localhost:«3103»/x";
--->
const out = `http://localhost:${process.env.X_PORT || 3103}/x`;
### address in single quotes
const out = ['http://localhost:«3103»'];
--->
const out = [`http://localhost:${process.env.X_PORT || 3103}`];
### escapes
const out = "\"http://localhost:«3103»\"\n\x41\u{41}\'\
";
--->
const out = `\"http://localhost:${process.env.X_PORT || 3103}\"\n\x41\u{41}\'\
`;
### a dollar in front
const out = { "a": '$http://localhost:«3103»$' };
--->
const out = { "a": `$http://localhost:${process.env.X_PORT || 3103}$` };
### backticks
const out = 'see `http://localhost:«3103»`'.length + '';
--->
const out = ('see `http://localhost:' + (process.env.X_PORT || '3103') + '`').length + '';
### something like a field
const out = 'http://localhost:«3103»/${id}';
--->
const out = 'http://localhost:' + (process.env.X_PORT || '3103') + '/${id}';
### a null character
const out = 'http://localhost:«3103»\0';
--->
const out = 'http://localhost:' + (process.env.X_PORT || '3103') + '\0';
### backticks at the end
const out = '`a` http://localhost:«3103»';
--->
const out = '`a` http://localhost:' + (process.env.X_PORT || '3103');
### template
const id = 1, out = `http://localhost:«3103»/${id}`;
--->
const id = 1, out = `http://localhost:${process.env.X_PORT || 3103}/${id}`;
### a number in a template
const f = ({ port }) => port, out = `${f({ port: «3103» })}`;
--->
const f = ({ port }) => port, out = `${f({ port: Number(process.env.X_PORT || 3103) })}`;
### a text in a template in a tag
const tag = (_, a) => a, out = tag`${'http://localhost:«3103»'}`;
--->
const tag = (_, a) => a, out = tag`${`http://localhost:${process.env.X_PORT || 3103}`}`;
### default parameter
const f = (port = «3103») => port, out = f();
--->
const f = (port = Number(process.env.X_PORT || 3103)) => port, out = f();
### class fields
class A { port = «3103»; } const out = new A();
--->
class A { port = Number(process.env.X_PORT || 3103); } const out = new A();
### switch
let out = 'a'; switch ('localhost:5999') { case'localhost:«3103»': out = 'b'; }
--->
let out = 'a'; switch ('localhost:5999') { case`localhost:${process.env.X_PORT || 3103}`: out = 'b'; }
### letters
const é = '💥', out = [é, 'http://localhost:«3103»'];
--->
const é = '💥', out = [é, `http://localhost:${process.env.X_PORT || 3103}`];
""")

# written right, but the reader does not tell yet that the inner look-up is one: such a fix is not kept
UNREAD = table(
    r"""
### destructured
const { Y_PORT = "«3103»" } = process.env, out = Y_PORT;
--->
const { Y_PORT = process.env.X_PORT || "3103" } = process.env, out = Y_PORT;
### assigned when it is missing
const o = {}; o.port ??= '«3103»'; const out = o;
--->
const o = {}; o.port ??= process.env.X_PORT || '3103'; const out = o;
"""
)

TYPES = table(r"""
### declared number
const port: number = «3103»;
--->
const port: number = Number(process.env.X_PORT || 3103);
### declared text
export const jobs: string = "http://localhost:«3103»/jobs";
--->
export const jobs: string = `http://localhost:${process.env.X_PORT || 3103}/jobs`;
### nested
const port: number = Number(process.env.Y_PORT ?? «3103»);
--->
const port: number = Number(process.env.Y_PORT ?? (process.env.X_PORT || 3103));
### digits
const port: string = process.env.Y_PORT || '«3103»';
--->
const port: string = process.env.Y_PORT || process.env.X_PORT || '3103';
### parameter property
class A { constructor(private readonly port: number = «3103», readonly x = 1) { void this.port; } }
--->
class A { constructor(private readonly port: number = Number(process.env.X_PORT || 3103), readonly x = 1) { void this.port; } }
### another word for a number
type Port = Port2 | undefined; type Port2 = number; const port: Port = «3103»;
--->
type Port = Port2 | undefined; type Port2 = number; const port: Port = Number(process.env.X_PORT || 3103);
### promised
async function port(): Promise<number> { return «3103»; }
--->
async function port(): Promise<number> { return Number(process.env.X_PORT || 3103); }
### part of a value with a type
interface Options { port: number } const c: Options = { port: «3103» };
--->
interface Options { port: number } const c: Options = { port: Number(process.env.X_PORT || 3103) };
### a pattern of other texts
type Path = `/${string}/x`; const p: Path = '/a/x', url = 'http://localhost:«3103»/y';
--->
type Path = `/${string}/x`; const p: Path = '/a/x', url = `http://localhost:${process.env.X_PORT || 3103}/y`;
### satisfies
const c = { port: «3103» } satisfies { port: number };
--->
const c = { port: Number(process.env.X_PORT || 3103) } satisfies { port: number };
### cast
const port = "«3103»" as string;
--->
const port = (process.env.X_PORT || "3103") as string;
""")

JSX = table(r"""
### attribute
const a = <Api port="«3103»" />;
--->
const a = <Api port={process.env.X_PORT || "3103"} />;
### address in an attribute
const a = <a href='http://localhost:«3103»/x'>x</a>;
--->
const a = <a href={`http://localhost:${process.env.X_PORT || 3103}/x`}>x</a>;
### number in an attribute
const a = <Api port={«3103»} />;
--->
const a = <Api port={Number(process.env.X_PORT || 3103)} />;
### text
const a = <a>open http://localhost:«3103» now</a>;
--->
const a = <a>open http://localhost:{process.env.X_PORT || 3103} now</a>;
""")

RUN = """
const runs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
for (const [text, port] of runs) {
  delete process.env.X_PORT;
  if (port !== null) process.env.X_PORT = port;
  const out = new Function('require', text + ';return out;')(require);
  console.log(JSON.stringify([typeof out, out]));
}
"""
DECLARATIONS = """
declare const process: { env: Record<string, string | undefined> };
declare function require(name: string): unknown;
declare function Api(props: { port: number | string }): unknown;
declare namespace JSX { interface IntrinsicElements { a: { href?: string; children?: unknown } } }
declare const React: { createElement(...all: unknown[]): unknown };
"""


def fixed(path: str, before: str, after: str, read: bool = True) -> Spelled:
    """What the speller says of a case, which must be what is expected."""
    answer = bound("javascript", path, HEAD + before, "X_PORT")
    assert not isinstance(answer, Declined), answer
    assert answer[0] == HEAD + after
    assert not read or "X_PORT" in variables_of(path, answer[0])
    return answer[1]


@pytest.mark.parametrize(("before", "after"), SCRIPTS)
@pytest.mark.parametrize("path", ["a.js", "a.ts"])
def test_digits_become_a_lookup_with_them_as_fallback(path: str, before: str, after: str) -> None:
    assert fixed(path, before, after).applicability == "safe"


@pytest.mark.parametrize(("before", "after"), UNREAD)
def test_the_default_of_another_lookup_becomes_a_lookup(before: str, after: str) -> None:
    assert fixed("a.js", before, after, read=False).applicability == "safe"


@pytest.mark.parametrize(("before", "after"), TYPES)
def test_types_are_left_as_they_are(before: str, after: str) -> None:
    assert fixed("a.ts", before, after).applicability == "safe"


@pytest.mark.parametrize(("before", "after"), JSX)
@pytest.mark.parametrize("path", ["a.jsx", "a.tsx"])
def test_markup_gets_expressions(path: str, before: str, after: str) -> None:
    assert fixed(path, before, after).applicability == "safe"


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize(("before", "after"), [*SCRIPTS, *UNREAD])
def test_node_does_the_same_unset_and_follows_the_variable(before: str, after: str) -> None:
    assert NODE is not None
    original = HEAD + before.replace("«", "").replace("»", "")
    moved, after = original.replace("3103", "5999"), HEAD + after
    runs = [(original, None), (after, None), (after, ""), (moved, None), (after, "5999")]
    done = subprocess.run(
        [NODE, "-e", RUN], input=json.dumps(runs).encode(), capture_output=True, env={"PATH": os.environ["PATH"]}
    )
    assert not done.returncode, done.stderr.decode()
    was, unset, empty, other, followed = done.stdout.splitlines()
    assert unset == was
    assert empty == was
    assert followed == other


def test_tsc_accepts_what_it_accepted_before(tmp_path: Path) -> None:
    (tmp_path / "all.d.ts").write_text(DECLARATIONS)
    for index, each in enumerate((*TYPES, *JSX)):
        for part, text in zip(("before", "after"), each.values, strict=True):
            name = f"{part}{index}.{'ts' if each in TYPES else 'tsx'}"
            text = str(text).replace("«", "").replace("»", "")
            (tmp_path / name).write_text(HEAD + text + "export {};\n")
    compiler = node_module("typescript") / "bin" / "tsc"
    command = [
        judge("node"),
        str(compiler),
        "--noEmit",
        "--strict",
        "--jsx",
        "react",
        "--target",
        "es2022",
        "--moduleDetection",
        "force",
    ]
    files = sorted(str(file) for file in tmp_path.iterdir())
    done = subprocess.run([*command, *files], capture_output=True, cwd=tmp_path)
    assert not done.returncode, done.stdout.decode()


def number(lookup: str) -> str:
    return f"Number({lookup} || 3103)"


@pytest.mark.parametrize(
    ("path", "head", "lookup", "applicability"),
    [
        case("process.env", "a.js", "const host = process.env.HOST;\n", "process.env.X_PORT", "safe"),
        case("destructured", "a.js", "const { HOST } = process.env;\n", "process.env.X_PORT", "safe"),
        case("brackets", "a.ts", 'const host = process.env["HOST"];\n', 'process.env["X_PORT"]', "safe"),
        case("node: import", "a.mjs", "import fs from 'node:fs';\n", "process.env.X_PORT", "safe"),
        case("shebang", "a.js", "#!/usr/bin/env node\n", "process.env.X_PORT", "safe"),
        case("module.exports", "a.cjs", "module.exports = {};\n", "process.env.X_PORT", "safe"),
        case("server", "a.ts", "import pg from 'pg';\n", "process.env.X_PORT", "safe"),
        case("tests with JSX", "a.test.tsx", "import { it } from 'vitest';\n", "process.env.X_PORT", "safe"),
        case("Playwright", "a.spec.ts", "import { test } from '@playwright/test';\n", "process.env.X_PORT", "safe"),
        case("configuration of a tool", "vite.config.ts", "", "process.env.X_PORT", "safe"),
        case("configuration with loadEnv", "vite.config.ts", "import { loadEnv } from 'vite';\n", "process.env.X_PORT", "safe"),
        case("Bun", "a.ts", "Bun.serve({});\n", "process.env.X_PORT", "safe"),
        case("Deno", "a.ts", 'Deno.env.get("HOST");\n', 'Deno.env.get("X_PORT")', "safe"),
        case("Deno in single quotes", "a.ts", "Deno.env.get('HOST');\n", "Deno.env.get('X_PORT')", "safe"),
        case("Deno without the environment", "a.ts", "Deno.serve();\n", 'Deno.env.get("X_PORT")', "unsafe"),
        case("k6", "a.js", "import http from 'k6/http';\n", "__ENV.X_PORT", "safe"),
        case("Vite", "a.ts", "const u = import.meta.env.DEV;\n", "import.meta.env.VITE_X_PORT", "safe"),
        case("Vite with JSX", "a.tsx", "const u = import.meta.env.DEV;\n", "import.meta.env.VITE_X_PORT", "safe"),
        case("Astro", "a.ts", "const u = import.meta.env.PUBLIC_A;\n", "import.meta.env.PUBLIC_X_PORT", "unsafe"),
        case("Next.js client", "a.js", "'use client';\nconst h = process.env.A;\n", "process.env.NEXT_PUBLIC_X_PORT", "unsafe"),
        case("Next.js", "a.ts", "const h = process.env.NEXT_PUBLIC_A;\n", "process.env.NEXT_PUBLIC_X_PORT", "unsafe"),
        case("Create React App", "a.js", "const h = process.env.REACT_APP_A;\n", "process.env.REACT_APP_X_PORT", "unsafe"),
        case("no evidence", "a.js", "", "process.env.X_PORT", "unsafe"),
        case("evidence in a comment", "a.js", "// process.env.A\n", "process.env.X_PORT", "unsafe"),
        case("only NODE_ENV", "a.js", "const p = process.env.NODE_ENV;\n", "process.env.X_PORT", "unsafe"),
        case("React", "a.js", "import x from 'react';\nmodule.exports = {};\n", "process.env.X_PORT", "unsafe"),
        case("window", "a.ts", "const h = process.env.A, w = window.location;\n", "process.env.X_PORT", "unsafe"),
        case("Cypress", "a.cy.ts", "import 'cypress';\ncy.visit('/');\n", "process.env.X_PORT", "unsafe"),
        case("JSX", "a.tsx", "const h = process.env.A;\n", "process.env.X_PORT", "unsafe"),
        case("configuration of the client", "src/api.config.ts", "", "process.env.X_PORT", "unsafe"),
    ],
)
def test_the_environment_is_known_by_the_evidence_in_the_file(path: str, head: str, lookup: str, applicability: str) -> None:
    answer = bound("javascript", path, f"{head}const c = {{ port: «3103» }};\n", "X_PORT")
    assert not isinstance(answer, Declined), answer
    assert answer[0] == f"{head}const c = {{ port: {number(lookup)} }};\n"
    assert answer[1].applicability == applicability
    assert bool(answer[1].note) == (applicability == "unsafe")
    read = variables_of(path, answer[0])
    assert any(name.endswith("X_PORT") and name in lookup for name in read)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("'use client';\n", "NEXT_PUBLIC_X_PORT"),
        ("const h = process.env.NEXT_PUBLIC_A;\n", "NEXT_PUBLIC_X_PORT"),
        ("const h = process.env.REACT_APP_A;\n", "REACT_APP_X_PORT"),
    ],
)
def test_no_variable_is_made_up_that_nothing_sets(head: str, name: str) -> None:
    text = f"{head}const c = {{ port: «3103» }};\n"
    answer = bound("javascript", "a.ts", text, Binding("X_PORT", given=frozenset({"X_PORT"})))
    assert isinstance(answer, Declined)
    assert f"nothing sets {name}" in answer.reason
    given = bound("javascript", "a.ts", text, Binding("X_PORT", given=frozenset({name})))
    assert not isinstance(given, Declined)
    assert given[1].note.startswith(f"it is called {name} there, and ")


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("pages/_document.tsx", "const s = `NEXT_PUBLIC_A: '${process.env.A}'`;\n"),
        ("pages/_document.tsx", "const h = process.env.NEXT_PUBLIC_A;\n"),
        ("pages/api/a.ts", "const h = process.env.NEXT_PUBLIC_A;\n"),
        ("src/app/api/users/route.ts", "const h = process.env.NEXT_PUBLIC_A;\n"),
        ("a.ts", "import { headers } from 'next/headers';\nconst h = process.env.NEXT_PUBLIC_A;\n"),
    ],
)
def test_what_runs_on_the_server_reads_the_variable_itself(path: str, head: str) -> None:
    answer = bound("javascript", path, f"{head}const c = {{ port: «3103» }};\n", Binding("X_PORT", tools=frozenset({"next"})))
    assert not isinstance(answer, Declined)
    assert (answer[0], answer[1].applicability) == (f"{head}const c = {{ port: {number('process.env.X_PORT')} }};\n", "safe")


def test_a_prefix_is_not_put_in_front_of_itself() -> None:
    text = "const u = import.meta.env.DEV, port = «3103»;\n"
    answer = bound("javascript", "a.ts", text, "VITE_X_PORT")
    assert not isinstance(answer, Declined)
    assert answer[0] == "const u = import.meta.env.DEV, port = Number(import.meta.env.VITE_X_PORT || 3103);\n"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        case("as const", "const c = { port: «3103» } as const;", "as const"),
        case("const in front", "const c = <const>{ port: «3103» };", "as const"),
        case("template as const", "const u = `http://localhost:«3103»` as const;", "as const"),
        case("decorator", "@WebSocketGateway(«3103», { port: 3103 }) class A {}", "decorator"),
        case("declared by a name", "const port: Port = «3103»;", "declared type"),
        case("declared by a name, or else", "const port: Port = x ?? (y ? «3103» : 1);", "declared type"),
        case(
            "declared by a name of this file",
            "type A = B | 1;\ntype B = 4;\nconst port: A = «3103»;",
            "declared type",
        ),
        case("parameter", "function f(port: Port = «3103») {}", "declared type"),
        case("returned", "function f(): Promise<Port> { if (x) return «3103»; return 1 }", "declared type"),
        case("returned by an arrow", "const f = (): Port => «3103»;", "declared type"),
        case("its type is asked for", "const port = «3103»;\ntype P = typeof port;", "very value"),
        case("a key of a type", "const port = «3103»;\ntype P = { [port]: string };", "very value"),
        case("a member", "const base = 'http://localhost:«3103»';\nenum A { X = `${base}/x` }", "very value"),
        case("a pattern", "type A = `http://${string}:${number}`;\ngo('http://localhost:«3103»');", "pattern"),
    ],
)
def test_what_a_person_must_know_makes_a_fix_unsafe(text: str, note: str) -> None:
    source, start, end = marked("a.ts", HEAD + text)
    answer = speller("javascript").bind(source, start, end, sample(), Binding("X_PORT"))
    assert isinstance(answer, Spelled), answer
    assert answer.applicability == "unsafe"
    assert note in answer.note


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        case("type", "a.ts", "type Port = «3103»;", "type"),
        case("template type", "a.ts", "type Url = `http://localhost:«3103»`;", "type"),
        case("declared type", "a.ts", "let port: «3103» | 1;", "type"),
        case("value of a literal type", "a.ts", "const port: 3103 = «3103»;", "widen"),
        case("parameter of a literal type", "a.ts", "function f(port: 3103 = «3103») {}", "widen"),
        case("cast to a literal type", "a.ts", "const port = x as «3103»;", "type"),
        case("returned literal type", "a.ts", "const f = (): 3103 | 1 => «3103»;", "widen"),
        case("declared namespace", "a.ts", "declare namespace A { const port = «3103»; }", "never run"),
        case("declarations", "a.d.ts", "export const port = «3103»;", "never run"),
        case("enumeration", "a.ts", "enum Port { API_PORT = «3103» }", "enumeration"),
        case("number as const", "a.ts", "const port = «3103» as const;", "as const"),
        case("const in front of a number", "a.ts", "const port = <const>«3103»;", "as const"),
        case("digits as const", "a.ts", "const port = ('«3103»') as const;", "as const"),
        case("import", "a.js", "import x from 'http://localhost:«3103»/x.js';", "module"),
        case("export", "a.js", "export * from 'http://localhost:«3103»/x.js';", "module"),
        case("dynamic import", "a.js", "await import('http://localhost:«3103»/x.js');", "module"),
        case("require", "a.js", "require('http://localhost:«3103»/x.js');", "module"),
        case("mocked module", "a.js", "jest.mock('http://localhost:«3103»/x.js');", "module"),
        case("module declaration", "a.ts", "declare module 'http://localhost:«3103»' {}", "module"),
        case("key", "a.js", "const x = { «3103»: 'api' };", "name"),
        case("quoted key", "a.js", "const x = { 'localhost:«3103»': 'api' };", "name"),
        case("directive", "a.js", "'http://localhost:«3103»';", "assign"),
        case("a statement begins", "a.js", "fs\n'http://localhost:«3103»'.length;", "assign"),
        case("pattern", "a.js", "const x = /localhost:«3103»/;", "RegExp"),
        case("tag", "a.js", "const x = gql`http://localhost:«3103»`;", "tag"),
        case("in the page", "a.js", "page.evaluate(() => fetch('http://localhost:«3103»'));", "page"),
        case("escape", "a.js", "const x = 'localhost:\\u«3103»';", "escape"),
        case("entity in an attribute", "a.jsx", 'const x = <a href="http://localhost:«3103»?a&amp;b" />;', "attribute"),
        case("text over lines", "a.jsx", "const x = <a>port\n  «3103»</a>;", "lines"),
        case("text goes on", "a.jsx", "const x = <a>port «3103»\n  is used</a>;", "lines"),
        case("process is another thing", "a.js", "function f(process) { g({ port: «3103» }); }", "`process`"),
        case("Number is another thing", "a.js", "const Number = String, port = «3103»;", "`Number`"),
        case("a backtick too many", "a.js", "const x = 'a'`;\nlisten(«3103»)\nconst y = `http://h/`;", "backtick"),
    ],
)
def test_what_must_be_a_constant_is_declined(path: str, text: str, reason: str) -> None:
    source, start, end = marked(path, HEAD + text + "\n")
    answer = speller("javascript").bind(source, start, end, sample(), Binding("X_PORT"))
    assert isinstance(answer, Declined), answer
    assert reason in answer.reason


def test_a_backtick_too_many_is_a_fault_though_it_is_read_as_none() -> None:
    source = decode("a.js", b"const x = 'a'`;\nlisten(1)\nconst y = `http://h/`;\n")
    assert isinstance(source, Source)
    assert speller("javascript").faults(source) == 1


def sample() -> Any:
    """Some literal: spellers only ask for the variables that it reads already."""
    return literal_at(*marked("a.js", "const port = «3103»;\n")[:2])


@pytest.mark.parametrize(
    "data",
    [
        case("BOM and CRLF", b"\xef\xbb\xbfrequire('fs'); const u = 'http://localhost:3103'; // \xc3\xa9\r\nx"),
        case("UTF-16", b"\xff\xfe" + "require('fs'); const u = 'é http://localhost:3103'".encode("utf-16-le")),
        case("beyond the basic plane", "require('fs');\n\tconst u = 'é💥 http://localhost:3103';\r\n".encode()),
    ],
)
def test_no_other_byte_changes(data: bytes) -> None:
    source = decode("a.js", data)
    assert isinstance(source, Source)
    start = source.text.index("3103")
    spelled = speller("javascript").bind(source, start, start + 4, literal_at(source, start), Binding("X_PORT"))
    assert isinstance(spelled, Spelled)
    assert [source.text[c.start : c.end] for c in spelled.changes] == ["'", "3103", "'"]
    places = [(source.byte_span(c.start, c.end), source.location(c.start, c.end)) for c in spelled.changes]
    texts = [(source.text[c.start : c.end].encode(source.encoding), c.after.encode(source.encoding)) for c in spelled.changes]
    after = applied(data, [Edit("a.js", *place, *text) for place, text in zip(places, texts, strict=True)])
    field, mark, quote = (part.encode(source.encoding) for part in ("${process.env.X_PORT || 3103}", "`", "'"))
    assert after.replace(field, "3103".encode(source.encoding)).replace(mark, quote) == data


def test_two_numbers_of_one_text_share_what_makes_it_a_template() -> None:
    text = HEAD + "const u = 'http://localhost:3103,http://localhost:3104';\n"
    first = bound("javascript", "a.js", text.replace("3103", "«3103»"))
    second = bound("javascript", "a.js", text.replace("3104", "«3104»"))
    assert not isinstance(first, Declined)
    assert not isinstance(second, Declined)
    assert first[1].changes[::2] == second[1].changes[::2]


def test_a_literal_that_reads_the_variable_already_keeps_its_spelling() -> None:
    text = "const port = process.env.X_PORT ?? «3103»;\n"
    answer = bound("javascript", "a.js", text, "X_PORT")
    assert not isinstance(answer, Declined)
    assert answer[0] == text.replace("«", "").replace("»", "")


@pytest.mark.parametrize(
    ("path", "text", "faults"), [("a.js", "f(1);", 0), ("a.js", "f(1;", 1), ("a.ts", "let a: number = ;", 1)]
)
def test_a_fault_is_what_tree_sitter_leaves_out_or_thinks_up(path: str, text: str, faults: int) -> None:
    source = decode(path, text.encode())
    assert isinstance(source, Source)
    assert bool(speller("javascript").faults(source)) == bool(faults)


@pytest.mark.parametrize(
    ("path", "head", "tools", "lookup", "applicability"),
    [
        pytest.param("src/a.tsx", "import React from 'react';\n", {"vite"}, "import.meta.env.VITE_X_PORT", "unsafe", id="Vite"),
        pytest.param(
            "src/a.ts", "document.title = '';\nexport {};\n", {"vite"}, "import.meta.env.VITE_X_PORT", "unsafe", id="page"
        ),
        pytest.param(
            "scripts/a.ts", "import fs from 'fs';\n", {"vite"}, "process.env.X_PORT", "safe", id="a script beside a client"
        ),
        pytest.param(
            "a.ts", "const h = process.env.NEXT_PUBLIC_A;\n", {"vitest"}, "process.env.X_PORT", "safe", id="no Next here"
        ),
        pytest.param(
            "a.ts", "const h = process.env.NEXT_PUBLIC_A;\n", {"next"}, "process.env.NEXT_PUBLIC_X_PORT", "unsafe", id="Next"
        ),
    ],
)
def test_the_tools_that_build_a_file_are_evidence(path: str, head: str, tools: set[str], lookup: str, applicability: str) -> None:
    answer = bound("javascript", path, f"{head}const c = {{ port: «3103» }};\n", Binding("X_PORT", tools=frozenset(tools)))
    assert not isinstance(answer, Declined), answer
    assert (answer[0], answer[1].applicability) == (f"{head}const c = {{ port: {number(lookup)} }};\n", applicability)


def test_what_a_browser_runs_as_it_is_cannot_read_an_environment() -> None:
    answer = bound("javascript", "a.js", "document.title = '';\nfetch('http://localhost:«3103»');\n")
    assert isinstance(answer, Declined)
    assert "let the page hand the port to it" in answer.reason


def test_what_stands_in_a_long_text_is_no_evidence() -> None:
    text = f"const page = `{'x' * 80} import fs from 'fs';`;\n"
    answer = bound("javascript", "a.js", text + "const c = { port: «3103» };\n")
    assert not isinstance(answer, Declined)
    assert answer[1].applicability == "unsafe"


@pytest.mark.parametrize(
    ("path", "module", "before", "after"),
    [
        pytest.param("a/b.ts", "ports.ts", "const port = «3103»;\nexport {};\n",
                     'import * as ports from "../ports";\nconst port = ports.X_PORT;\nexport {};\n', id="relative"),
        pytest.param("a.ts", "@/config/ports", "import x from 'x'\nconst port = «3103»\n",
                     "import x from 'x'\nimport * as ports from '@/config/ports'\nconst port = ports.X_PORT\n", id="alias"),
        pytest.param("a.ts", "lib/ports.ts", "import x from './x.js';\nconst port = «3103»;\n",
                     "import x from './x.js';\nimport * as ports from './lib/ports.js';\nconst port = ports.X_PORT;\n",
                     id="with endings"),
        pytest.param("a.cjs", "my-ports.js", "'use strict';\nconst url = 'http://localhost:«3103»';\n",
                     "'use strict';\nconst myPorts = require('./my-ports.js');\nconst url = `http://localhost:${myPorts.X_PORT}`;\n",
                     id="CommonJS"),
        pytest.param("a.ts", "ports.ts", "import { X_PORT } from './ports';\nconst port = «3103»;\n",
                     "import { X_PORT } from './ports';\nconst port = X_PORT;\n", id="imported already"),
        pytest.param("a.ts", "ports.ts", "import * as p from './ports';\nconst port = «3103»;\n",
                     "import * as p from './ports';\nconst port = p.X_PORT;\n", id="imported by another name"),
        pytest.param("a.cjs", "ports.cjs", "const { X_PORT } = require('./ports.cjs');\nlisten(«3103»);\n",
                     "const { X_PORT } = require('./ports.cjs');\nlisten(X_PORT);\n", id="required already"),
        pytest.param("a.ts", "ports.ts", 'import "x";\nconst port = "«3103»";\n',
                     'import "x";\nimport * as ports from "./ports";\nconst port = String(ports.X_PORT);\n', id="text"),
    ],
)  # fmt: skip
def test_a_constant_is_imported_from_a_generated_module(path: str, module: str, before: str, after: str) -> None:
    answer = bound("javascript", path, before, Binding("X_PORT", module))
    assert not isinstance(answer, Declined), answer
    assert answer[0] == after
    assert answer[1].applicability == "safe"


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        pytest.param("a.ts", "export const ports = { api: «3103» };\n", "`ports` is another thing", id="the name is taken"),
        pytest.param("a.js", "listen(«3103»);\n", "not certain", id="neither kind of module"),
        pytest.param("a.cjs", "listen(«3103»);\nconst http = require('http');\n", "below this line", id="loaded below"),
        pytest.param("a.ts", "export type T = «3103»;\n", "a type cannot", id="type"),
    ],
)
def test_a_constant_that_cannot_be_imported_is_declined(path: str, text: str, why: str) -> None:
    if "type T" in text:
        source, start, end = marked(path, text)
        answer = speller("javascript").bind(source, start, end, sample(), Binding("X_PORT", "ports.ts"))
    else:
        found = bound("javascript", path, text, Binding("X_PORT", "ports.ts"))
        answer = found if isinstance(found, Declined) else found[1]
    assert isinstance(answer, Declined), answer
    assert why in answer.reason
