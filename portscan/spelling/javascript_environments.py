"""Which environment a JavaScript file runs in, by the evidence in it, and how a variable is read there.

A table: the first row whose evidence is found holds. Comments are no evidence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.spelling.javascript_tree import Tree

NEVER = compiled(r"(?!)")
BUILT_INTO_NODE = r"fs|https?|http2|net|tls|dgram|dns|child_process|cluster|os|worker_threads|readline|repl|vm|zlib"
# packages that only run on a server, in a tool, or in a test runner
OF_SERVERS = (
    r"express|fastify|koa|@hapi/hapi|@nestjs/[\w-]+|restify|pg|mysql2?|mongodb|mongoose|redis|ioredis|amqplib|kafkajs|ws|knex|sequelize|"
    r"typeorm|dotenv(?:/config)?|nodemailer|bullmq|commander|yargs|execa|webpack|vite|esbuild|rollup|supertest|jest|@jest/globals|vitest|"
    r"vitest/config|mocha|ava|node-fetch|@playwright/test|playwright|puppeteer|cypress|next/(?:document|server|headers)|server-only"
)
# files of these names are configuration of a tool, which reads them in Node
CONFIGURATION = (
    r"(?:^|/)(?:(?:vite|vitest|jest|webpack|rollup|rspack|rsbuild|esbuild|tsup|next|nuxt|astro|svelte|vue|craco|remix|playwright|cypress|"
    r"wdio|karma|tailwind|postcss|babel|eslint|metro|docusaurus|ecosystem|drizzle|hardhat|truffle|capacitor)[\w.-]*[.-]config|"
    r"knexfile|gulpfile|gruntfile|[^/]*\.setup)\.[cm]?[jt]s$"
)
OF_BROWSERS = r"react(?:-dom)?(?:/(?!server)[\w-]+)?|preact[\w/-]*|vue|svelte[\w/-]*|solid-js[\w/-]*|@angular/[\w/-]+|lit"
FROM = r"(?:\bfrom|\brequire\(|\bimport\(?)\s*[\"']"
LONGEST_EVIDENCE = 80  # characters of a text that may name a module or be a directive
GLOBALS = "document|window|localStorage|sessionStorage|navigator|cy|Cypress"

# files of these names Next.js runs on the server
OF_NEXT = r"(?:^|/)pages/(?:api/|_document\.)|(?:^|/)app/(?:.*/)?route\.[jt]s$|(?:^|/)(?:middleware|instrumentation)\.[jt]s$"
BUILT_IN = "the number is put in when the client is built"
NO_BUILD = "a browser runs this file as it is, and has no environment: let the page hand the port to it"
NO_PROCESS = "a browser has no `process`: be sure that this runs on a server, or that the build replaces it"


@dataclass(frozen=True, slots=True)
class Environment:
    """One row: what is found in the text or the path, and not in the text, means that variables are read by `lookup`.

    Without a `lookup` they cannot be, and `note` says why. With `tool` the row holds only for files which that tool builds; a
    `likely` one also where no tool is known.
    """

    text: re.Pattern[str]
    lookup: str
    note: str = ""
    prefix: str = ""
    path: re.Pattern[str] = NEVER
    without: re.Pattern[str] = NEVER
    tool: str = ""
    likely: bool = False

    def holds(self, path: str, text: str, tools: frozenset[str]) -> bool:
        """Whether a file, and the tools that build it, give the evidence of this row."""
        found = bool(self.path.search(path) or self.text.search(text)) and not self.without.search(text)
        return found and (not self.tool or self.tool in tools or (self.likely and not tools))

    def of(self, variable: str, quote: str) -> str:
        """The look-up of a variable."""
        return self.lookup.format(name=self.name(variable), quote=quote)

    def name(self, variable: str) -> str:
        """What a variable is called there: the build hands a browser no other than those with the prefix."""
        return variable if variable.startswith(self.prefix) else self.prefix + variable


def _row(
    text: str,
    lookup: str,
    note: str = "",
    prefix: str = "",
    path: str = r"(?!)",
    without: str = r"(?!)",
    tool: str = "",
    likely: bool = False,
) -> Environment:
    shown, excluded = re.compile(text, re.MULTILINE), re.compile(without, re.MULTILINE)
    return Environment(shown, lookup, note, prefix, re.compile(path), excluded, tool, likely)


NODE = "process.env.{name}"
CLIENT = "import.meta.env.{name}"
TABLE = (
    _row(r"\bDeno\.env\b", "Deno.env.get({quote}{name}{quote})"),
    _row(r"\bDeno\.\w", "Deno.env.get({quote}{name}{quote})", "Deno must be allowed to read the environment (`--allow-env`)"),
    _row(rf"{FROM}k6\b", "__ENV.{name}"),
    _row(r"^[^\S\n]*[\"']use client[\"']", NODE, BUILT_IN, "NEXT_PUBLIC_"),
    _row(rf"^#!.*\b(?:node|bun|tsx|ts-node)\b|{FROM}(?:node:\w|(?:{BUILT_INTO_NODE})[\"'])|\b__(?:dir|file)name\b", NODE),
    _row(rf"\bprocess\.(?!env\b)\w|\bBun\.\w|^[^\S\n]*[\"']use server[\"']|{FROM}(?:{OF_SERVERS})[\"']", NODE,
         path=f"{CONFIGURATION}|{OF_NEXT}", without=r"\bcy\.\w|\bCypress\."),
    _row(r"\b(?:jest|vi)\.\w", NODE, without=r"\bcy\.\w|\bCypress\."),
    _row(r"\bprocess\.env\.NEXT_PUBLIC_", NODE, BUILT_IN, "NEXT_PUBLIC_", tool="next", likely=True),
    _row(r"\bprocess\.env\.REACT_APP_", NODE, BUILT_IN, "REACT_APP_"),
    _row(r"\bimport\.meta\.env\.PUBLIC_", CLIENT, BUILT_IN, "PUBLIC_"),
    _row(r"\bimport\.meta\.env\b", CLIENT, prefix="VITE_", without=r"\bprocess\b"),
    _row(rf"\b(?:{GLOBALS})\.|{FROM}(?:{OF_BROWSERS})[\"']", CLIENT, BUILT_IN, "VITE_", tool="vite",
         path=r"\.[jt]sx$|(?:^|/)(?:src|client)/", without=r"\bprocess\.|\brequire\(|\bmodule\.exports\b"),
    _row(rf"\b(?:{GLOBALS})\.", "", NO_BUILD,
         without=r"^[^\S\n]*(?:import|export)\b|\brequire\(|\bmodule\.exports\b|\bprocess\b"),
    _row(rf"\b(?:{GLOBALS})\.|{FROM}(?:{OF_BROWSERS})[\"']", NODE, NO_PROCESS, path=r"\.[jt]sx$"),
    _row(r"\bprocess\.env\[", "process.env[{quote}{name}{quote}]", without=r"\bprocess\.env\.(?!NODE_ENV\b)\w"),
    _row(r"\bprocess\.env\.(?!NODE_ENV\b)\w|\}\s*=\s*process\.env\b|\brequire\(|\bmodule\.exports\b|^exports\.\w", NODE),
    _row(r"", NODE, NO_PROCESS),
)  # fmt: skip


@lru_cache(maxsize=4)
def environment(path: str, tree: Tree, tools: frozenset[str] = frozenset()) -> Environment:
    """The environment that the evidence in a file speaks for, and the tools around it."""
    text = _evidence(tree)
    return next(row for row in TABLE if row.holds(path, text, tools))


def _evidence(tree: Tree) -> str:
    """The text without comments, and without long texts: what they hold is not for this file to run."""
    comments = [tree.span(node) for node in tree.nodes("comment", "html_comment")]
    texts = [tree.span(node) for node in tree.nodes("string", "string_fragment")]
    parts, reached = [], 0
    for start, end in sorted({*comments, *((start, end) for start, end in texts if end - start > LONGEST_EVIDENCE)}):
        if start < reached:
            continue
        parts += [tree.text[reached:start], " "]
        reached = end
    return "".join((*parts, tree.text[reached:]))
