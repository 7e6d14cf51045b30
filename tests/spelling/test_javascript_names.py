"""A `process` that is another thing in a file is not asked for variables. Node decides what one is, not we."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from portscan.spelling import Declined
from tests.spelling.helpers import bound

NODE = shutil.which("node")
LOOKUP = "(process.env.X_PORT || 3103)"

# programs whose `process`, where the number stands, is none of which X_PORT can be asked
TAKEN = [
    pytest.param("for (const process of [{ id: 1 }]) { show(«3103», process.id); }", id="for-of"),
    pytest.param("let keep = process; for (process of [{}]) show(«3103»); process = keep;", id="for-of of what is there"),
    pytest.param("for (const process in { a: 1 }) show(«3103»);", id="for-in"),
    pytest.param("for (let process = 0; process < 1; process++) show(«3103»);", id="for"),
    pytest.param("try { throw 1 } catch (process) { show(«3103») }", id="catch"),
    pytest.param("try { throw { process: 1 } } catch ({ process }) { show(«3103») }", id="catch in parts"),
    pytest.param("(function (process) { show(«3103») })({});", id="parameter"),
    pytest.param("(function (process = {}) { show(«3103») })();", id="parameter with a default"),
    pytest.param("(({ process }) => show(«3103»))({ process: {} });", id="parameter in parts"),
    pytest.param("(({ process = 1 }) => show(«3103»))({});", id="parameter in parts with a default"),
    pytest.param("(({ a: process }) => show(«3103»))({ a: 1 });", id="parameter in renamed parts"),
    pytest.param("(([process]) => show(«3103»))([1]);", id="parameter in elements"),
    pytest.param("((...process) => show(«3103»))(1);", id="all parameters"),
    pytest.param("[1].map(process => show(«3103»));", id="parameter without brackets"),
    pytest.param("process = {}; show(«3103»);", id="assignment"),
    pytest.param("(process) = {}; show(«3103»);", id="assignment in parentheses"),
    pytest.param("({ process } = { process: 1 }); show(«3103»);", id="assignment in parts"),
    pytest.param("({ a: process } = { a: 1 }); show(«3103»);", id="assignment in renamed parts"),
    pytest.param("process &&= {}; show(«3103»);", id="assignment if there is one"),
    pytest.param("with ({ process: {} }) show(«3103»);", id="with"),
    pytest.param("(function process() { show(«3103») })();", id="named function"),
    pytest.param("new (class process { a = show(«3103»); })();", id="named class"),
    pytest.param("{ class process { static a = show(«3103»); } }", id="class"),
    pytest.param("global.process = {}; show(«3103»);", id="global.process"),
    pytest.param("globalThis['process'] = {}; show(«3103»);", id="globalThis in brackets"),
    pytest.param("delete globalThis.process; show(«3103»);", id="deleted of globalThis"),
    pytest.param("delete process; show(«3103»);", id="deleted"),
    pytest.param("process.env = undefined; show(«3103»);", id="another environment"),
    pytest.param("Object.assign(globalThis, { process: {} }); show(«3103»);", id="Object.assign"),
    pytest.param("Reflect.deleteProperty(global, 'process'); show(«3103»);", id="Reflect"),
    pytest.param("const { env: process } = require('process'); show(«3103»);", id="the environment itself"),
    pytest.param("{ const process = require('fs'); show(«3103»); }", id="another module"),
    pytest.param("ask(); const process = require('process'); function ask() { show(«3103») }", id="loaded too late"),
    pytest.param('import { env as process } from "node:process"; show(«3103»);', id="the environment imported"),
    pytest.param('import process from "node:fs"; show(«3103»);', id="another import"),
]
ITSELF = [
    pytest.param('import process from "node:process"; show(«3103»);', id="default import"),
    pytest.param('import * as process from "process"; show(«3103»);', id="the whole module"),
    pytest.param("'use strict'; const fs = require('fs'); const process = require('process'); show(«3103»);", id="require"),
    pytest.param("const { env } = process; if (typeof process !== 'undefined') show(«3103»);", id="read in other ways"),
    pytest.param("class A { process() { show(«3103») } } new A().process();", id="method"),
    pytest.param("const a = { process: 1, b: { process } }; show(«3103»);", id="key"),
    pytest.param("process.exitCode = 0; process.env.A = 'a'; delete process.env.A; show(«3103»);", id="its members"),
]


def shown(program: str, port: str, folder: Path) -> str:
    """The first thing that a program shows with the variable set to `port`, if any."""
    assert NODE is not None
    file = folder / ("a.mjs" if "import " in program else "a.cjs")
    file.write_text(f"{program}\nfunction show(port) {{ console.log(Number(port)) }}\n")
    environment = {"PATH": os.environ["PATH"], "X_PORT": port}
    return subprocess.run([NODE, file.name], capture_output=True, cwd=folder, env=environment, text=True).stdout.strip()


def number(program: str, value: str) -> str:
    return program.replace("«3103»", value)


@pytest.mark.parametrize("program", TAKEN)
def test_a_process_that_is_another_thing_is_declined(program: str) -> None:
    answer = bound("javascript", "a.js", f"const port = «3103»;\n{number(program, '1')}\n", "X_PORT")
    assert isinstance(answer, Declined)
    assert "`process` is another thing" in answer.reason


@pytest.mark.parametrize("program", ITSELF)
def test_the_process_of_node_is_asked(program: str) -> None:
    answer = bound("javascript", "a.js", f"{number(program, '1')}\nconst port = «3103»;\n", "X_PORT")
    assert not isinstance(answer, Declined)
    assert "port = Number(process.env.X_PORT || 3103)" in answer[0]


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize("program", TAKEN)
def test_node_shows_that_it_would_not_follow_the_variable(program: str, tmp_path: Path) -> None:
    assert shown(number(program, LOOKUP), "5999", tmp_path) != "5999"


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize("program", ITSELF)
def test_node_shows_that_it_follows_the_variable(program: str, tmp_path: Path) -> None:
    assert shown(number(program, LOOKUP), "5999", tmp_path) == "5999"


@pytest.mark.parametrize(
    "text",
    ["class process {}", "enum process {}", "namespace process {}", 'import process = require("x")', "(process as any) = 1",
     "(globalThis as any).process = 1", "function f(process?: string) {}", "class A { constructor(private process = 1) {} }"],
)  # fmt: skip
def test_typescript_has_further_ways_to_take_a_name(text: str) -> None:
    answer = bound("javascript", "a.ts", f"const port = «3103»;\n{text}\n", "X_PORT")
    assert isinstance(answer, Declined)
    assert "`process` is another thing" in answer.reason
