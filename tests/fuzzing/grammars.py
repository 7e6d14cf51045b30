# ruff: noqa: E501  (samples and grammars are easier to read with a line for each)
"""Small grammars of the languages, by reader: what is made of them nests as real files do, and has ports in all places.

`<name>` stands for one of the ways to write `name`; what is as deep as it may be takes the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

NAME = re.compile(r"<(\w+)>")
DEEPEST = 7
Grammar = Mapping[str, Sequence[str]]

COMMON: Grammar = {
    "port": ("8080", "3103", "4010", "80", "5432", "65536", "0"),
    "name": ("port", "PORT", "apiPort", "http_port", "url", "size", "viewport", "API_PORT", "x"),
    "host": ("localhost", "127.0.0.1", "api", "example.com", "[::1]", "${HOST}"),
    "url": ("http://<host>:<port>/x", "<host>:<port>", "postgres://u:p@<host>:<port>/db", "é💥 <host>:<port>", ":<port>"),
    "var": ("PORT", "API_PORT", "DASHBOARD_PORT", "NOBODYS"),
}

CODE: Grammar = {
    "file": ("<stmt>\n", "<stmt>\n<stmt>\n<stmt>\n", "// port <port>\n<stmt>\n/* <url> */\n<stmt>\n"),
    "stmt": (
        "x = <port>;",
        "var <name> = <expr>;",
        "if (<name> == <expr>) {\n  <stmt>\n  <stmt>\n}",
        "func f() {\n<stmt>\nreturn <expr>\n}",
        "<name>(<expr>, <expr>);",
        'type T struct { P int `env:"<var>" envDefault:"<port>"` }',
        "#[arg(default_value_t = <port>)] pub port: u16,",
    ),
    "expr": (
        "<port>",
        '"<url>"',
        "f(<expr>, <expr>)",
        "{<name>: <expr>, value: <expr>}",
        "[<expr>, <expr>]",
        'env("<var>") ?? <expr>',
        "a ? <expr> : <expr>",
        '"http://<host>:" + <expr>',
        "<expr> || <expr>",
    ),
}

GRAMMARS: Mapping[str, Grammar] = {
    "code": CODE,
    "python": {
        "file": ("<stmt>\n", "import os\n<stmt>\n<stmt>\n<stmt>\n", "'''<url>'''\n# port <port>\n<stmt>\n<stmt>\n"),
        "stmt": (
            "x = <port>",
            "<name> = <expr>",
            "class A:\n    <name>: int = <expr>\n    <name> = <expr>\n",
            "def f(<name>=<expr>, port: int = <expr>):\n    '''<url>'''\n    return <expr>\n",
            "if <expr>:\n    x = <expr>\nelif <name> == <expr>:\n    pass\nelse:\n    y = <expr>\n",
            "for port in (<expr>, <expr>): pass",
            "<name>(<expr>, port=<expr>)",
            "<name> = os.environ.get('<var>', <expr>)",
        ),
        "expr": (
            "<port>",
            "'<url>'",
            'f"<url>{<name>}"',
            "int(os.environ.get('<var>') or <expr>)",
            "{'<name>': <expr>, \"port\": <expr>}",
            "[<expr>, <expr>]",
            "(<expr>, <expr>)",
            "f(<expr>, <name>=<expr>)",
            "<expr> if <name> else <expr>",
            "['serve', '--port', '<port>']",
            "lambda x=<expr>: <expr>",
        ),
    },
    "javascript": {
        "file": ("<stmt>\n", "<stmt>\n<stmt>\n// port <port>\n<stmt>\n", "import x from 'y';\n<stmt>\n/* <url> */\n<stmt>\n"),
        "stmt": (
            "x = <port>;",
            "const <name> = <expr>;",
            "export default {server: {port: <expr>, proxy: <expr>}}",
            "app.listen(<expr>, () => { <stmt> });",
            "function f({port = <expr>}) { return <expr> }",
            "class A { port = <expr>; static <name> = <expr> }",
            "if (a) { <stmt> } else { <stmt> }",
        ),
        "expr": (
            "<port>",
            "'<url>'",
            "`<url>${<expr>}`",
            "process.env.<var> || <expr>",
            "process.env.<var> ?? <expr>",
            "import.meta.env.VITE_<var>",
            "{<name>: <expr>, ...{port: <expr>}}",
            "[<expr>, <expr>]",
            "Number(<expr>)",
            "a ? <expr> : <expr>",
            "f(<expr>, <expr>)",
            "(x = <expr>) => <expr>",
            "/<url>/",
        ),
    },
    "yaml": {
        "file": (
            "port: <port>\n",
            "services:\n<service><service>",
            "<entry><entry># port <port>\n---\n<entry>",
            "- <flow>\n- <flow>\n",
        ),
        "service": (
            "  web:\n    ports: ['<port>:<port>']\n",
            '  api:\n    ports:\n      - <port>:<port>/tcp\n      - "${<var>:-<port>}:<port>"\n    environment:\n      - <name>=<flow>\n',
            "  db:\n    command: >\n      serve --port <port>\n      --url <url>\n    environment: {<name>: <flow>}\n",
            "  x: &x\n    healthcheck: {test: [CMD-SHELL, 'curl <url>']}\n  y:\n    <<: *x\n",
        ),
        "entry": (
            "<name>: <flow>\n",
            "a:\n  <name>: <flow>\n  port: !!int <port>\n",
            "env:\n- name: <var>\n  value: '<port>'\n- name: URL\n  value: <flow>\n",
            "run: |\n  curl <url>\n  # port <port>\n  PORT=<port> serve\n",
            "? <port>\n: <flow>\n",
        ),
        "flow": ("<port>", "'<url>'", '"<url>\\n\\x41"', "[<flow>, <flow>]", "{<name>: <flow>, port: <flow>}", "&a <port>", "*a"),
    },
    "json": {
        "file": (
            "<value>\n",
            '{"<name>": <value>, "scripts": {"dev": "vite --port <port> <url>"}}\n',
            '// <url>\n{"a": <value>,}\n',
        ),
        "value": (
            "<port>",
            '"<url>"',
            '{"<name>": <value>, "port": <value>}',
            "[<value>, <value>]",
            '{"name": "<var>", "value": "<port>"}',
        ),
    },
    "shell": {
        "file": ("<line>\n", "#!/bin/sh\n<line>\n<line>\n<line>\n"),
        "line": (
            "serve --port <port>",
            "PORT=<word> serve -p <word> <word>",
            "export <var>=<word> # port <port>",
            "curl <word> | nc <host> <port>",
            'if [ "$<var>" = <port> ]; then\n  <line>\nfi',
            "for port in <word> <word>; do\n  <line>\ndone",
            "cat <<EOF\n<url> $(<line>)\nEOF",
            "PORTS=(<word> [a]=<word>\n <word>)",
            "ssh -L <port>:<host>:<port> h '<line>'",
            "docker run -p <port>:<port> -e PORT=<word> x && <line>",
        ),
        "word": (
            "<port>",
            "<url>",
            "'<url>'",
            '"<url> $(<line>)"',
            "${<var>:-<port>}",
            "$((<port> + 1))",
            "`<line>`",
            "--port=<word>",
        ),
    },
    "dockerfile": {
        "file": ("FROM a:<port>\n<line>\n", "# port <port>\nFROM a\n<line>\n<line>\n<line>\n"),
        "line": (
            "EXPOSE <port>",
            "ENV <name>=<port> URL='<url>'",
            "ARG <var>=<port>",
            "RUN serve --port <port> && \\\n  # <port>\n  curl <url>",
            'CMD ["serve", "--port", "<port>", "<url>"]',
            "HEALTHCHECK --interval=30s CMD curl <url> || exit 1",
            "RUN <<EOF\ncurl <url>\nEOF",
            'LABEL a="<url>" b=<port>',
            "ENV PORT <port>",
            "ONBUILD EXPOSE <port>/udp",
        ),
    },
    "make": {
        "file": ("<line>\n", "<line>\n<line>\n<line>\n"),
        "line": (
            "PORT = <port>",
            "<var> ?= <port> # <port>",
            "run:\n\t@curl <url> $$PORT\n\t-serve --port <port>\n",
            "export URL := <url>",
            "# <url>",
        ),
    },
    "lines": {
        "file": ("<line>\n", "[a<port>]\n<line>\n<line>\n# <url>\n<line>\n"),
        "line": (
            "PORT=<port>",
            "<name> = <port> # <port>",
            'url = "<url>"',
            "export <var>='<port>'",
            'ports = [<port>, "<port>"]',
            "a:\n  - <url>\n  - x=<port>",
            "; <url>",
        ),
    },
    "directives": {
        "file": ("<line>\n", "<line>\n<block>\n<line>\n"),
        "line": (
            "listen <port>;",
            "server <host>:<port> weight=<port>; # <port>",
            "proxy_pass http://<host>:<port>/;",
            ":<port> {\n<line>\n}",
            "bind *:<port>",
            "check port <port>",
            "<name> = '<port>'",
        ),
        "block": (
            "http {\n  <line>\n  server {\n    <line>\n    listen [::]:<port> ssl;\n  }\n}",
            "upstream a { <line> <line> }",
        ),
    },
    "markup": {
        "file": ("<line>\n", "<line>\n<!-- <url> -->\n<line>\n"),
        "line": (
            '<a href="<url>">at <url></a>'.replace("<a", "\0a"),
            "{{ port }}: <port>",
            "port=<port>",
            "\0port><port>\0/port>",
            'key="port" value="<port>"',
        ),
    },
    "plain": {
        "file": ("<line>\n", "# A\n\n<line>\n<line>\n\n```sh\ncurl <url>\n```\n"),
        "line": (
            "The API is at <url>, port <port>.",
            "| api | port |\n| --- | --- |\n| x | <port> |\n| y | `<port>` |\n",
            "- <name>: <port>",
            "Ports <port>-<port>.",
            "    serve --port <port>",
        ),
    },
    "procfile": {"file": ("web: serve --port <port>\n", "web: PORT=<port> serve -p ${PORT:-<port>}\n# <url>\napi: curl <url>\n")},
}


def written(reader: str, chance: Random) -> str:
    """A file for a reader, by its grammar."""
    return _expanded("<file>", {**COMMON, **GRAMMARS[reader]}, chance, 0).replace("\0", "<")


def _expanded(text: str, grammar: Grammar, chance: Random, depth: int) -> str:
    def one(match: re.Match[str]) -> str:
        ways = grammar.get(match[1])
        if ways is None:
            return match.group()
        return _expanded(ways[0] if depth > DEEPEST else chance.choice(ways), grammar, chance, depth + 1)

    return NAME.sub(one, text)
