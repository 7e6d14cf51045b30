"""JavaScript and TypeScript: names, fallbacks, destructuring, calls, objects that name their value."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from portscan.languages import backticks
from portscan.languages.grammars import tree_of
from tests.languages.helpers import assert_found
from tests.languages.reading import bound, code_ports, ports, read


@pytest.mark.parametrize(
    "code",
    [
        "const { port = 3000 } = options;",
        "function f({ port = 3000 } = {}) {}",
        "const f = { name: 'port', type: 'number', default: 3000 };",
        "program.option('-p, --port <n>', 'what it is', 3000);",
        "const e = z.object({ PORT: z.coerce.number().default(3000).describe('x') });",
        "class A { get port() { return 3000 } }",
        "const getPort = () => 3000;",
        "spawn('npx', ['vite', '--port', '3000']);",
        "const ports = new Set([3000]);",
        "connect('localhost', 3000);",
        "assert.strictEqual(options.port, 3000);",
        "const x = 'a\\nlocalhost:3000';",
        "if (url.port === '3000') {}",
        "const c = { ...base, server: { port: 3000 } };",
        "port ||= 3000;",
        "const x = { 'http://h:3000': 1 };",
    ],
)
@pytest.mark.parametrize("path", ["a.js", "a.tsx"])
def test_ports(path: str, code: str) -> None:
    assert code_ports(path, code + "\n") == [3000]


@pytest.mark.parametrize(
    "code",
    [
        "const port = parseInt(text, 10);",
        "const port = Number.parseInt(process.env.PORT ?? '', 10);",
        "const f = { name: 'rows', default: 3000 };",
        "function report() { return 3000 }",
        "setViewport(1280); list.push(3000);",
        "const where = 'main.js:1260:6775';",
        "const u = 'https://fonts.example.org/css?family=Lato:300,400';",
        "startPort(() => { wait(a, 3000) });",
    ],
)
def test_no_ports(code: str) -> None:
    assert ports("a.ts", code + "\n") == []


@pytest.mark.parametrize(
    ("code", "follows"),
    [
        ("listen(process.env.PORT || 3000);", True),
        ("const port = Number(process.env.PORT ?? 3000);", True),
        ("const { PORT = 3000 } = process.env;", True),
        ("const port = parseInt(process.env.PORT || '', 10) || 3000;", True),
        ('const port = Number.parseInt(process.env.PORT ?? "", 10) || 3000;', True),
        ("const p = process.env.PORT ? Number(process.env.PORT) : 3000;", True),
        ("const u = process.env.U || `http://h:3000`;", True),
        ("const u = process.env.MODE === 'x' ? 'http://a:3000' : '';", False),
        ("vi.stubEnv('URL', 'http://h:3000');", False),
        ("process.env.PORT = '3000';", False),
        ("const a = [process.env.X, 'http://h:3000'];", False),
        ("run({ host: process.env.HOST, port: 3000 });", False),
    ],
)
def test_bound(code: str, follows: bool) -> None:
    assert bound("a.js", code + "\n") == [follows]


def test_places_behind_characters_of_several_bytes() -> None:
    (found,) = read("a.js", "const é = '漢字 🚢', port = 3000;\n")
    assert found.location.column == 26


def test_broken_files_are_read_as_far_as_they_go() -> None:
    assert ports("a.ts", "const a = {{{ ;\nconst port = 3000;\n<<<<<<< HEAD\nconst url = 'http:' + '//h:3001';\n") == [3000, 3001]


@pytest.mark.parametrize(
    ("code", "follow"),
    [
        ("const p = u.port || process.env.PORT || (u.protocol === 'https:' ? '443' : '80');", [False, False]),
        ("const p = Number(process.env.PORT ?? (plain ? 80 : 443));", [False, False]),
        ("connect(process.env.PORT || (secure ? 443 : 80));", [False, False]),
        ("const p = process.env.PORT || (secure ? 8443 : 8080);", [True, True]),
        ("const p = process.env.PORT || (production ? 80 : 3000);", [True, True]),
        ("const p = process.env.PORT || 443;", [True]),
    ],
)
def test_what_a_scheme_says_follows_no_variable(code: str, follow: list[bool]) -> None:
    assert bound("a.ts", code + "\n") == follow


@pytest.mark.parametrize(
    ("path", "code"),
    [
        *((path, r"const x = 'it\'s at localhost:3000';") for path in ("a.js", "a.ts", "a.tsx")),
        *((path, r"const x = `\`a\\${'localhost:3000'}\``;") for path in ("a.js", "a.ts", "a.tsx")),
        *(
            (path, r'const x = "{\"url\": \"http://localhost:3000\"}"; const y = /[/\]"\\]/;')
            for path in ("a.js", "a.ts", "a.tsx")
        ),
        *((path, "/* C:\\new \\\\*/ const port = 3000; // \\n") for path in ("a.js", "a.ts", "a.tsx")),
        ("a.tsx", 'const a = <A at="C:\\" to="http://localhost:3000" />;'),
        ("a.jsx", "const a = <A at='C:\\' to='http://localhost:3000' />;"),
    ],
)
def test_escapes_are_no_matter_of_the_parser(path: str, code: str) -> None:
    assert ports(path, code) == [3000]


def test_what_the_parser_was_given_is_not_kept() -> None:
    """Its binding keeps whatever it reads from, unless nothing is left of it."""
    data = b"const a = [1, 2, 3];\n" * 20_000
    tree_of("typescript", data)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(5):
            tree_of("typescript", data)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < len(data)
    finally:
        tracemalloc.stop()


ODD = {
    "one too many": 'const x = "a"`\nlisten(«4010»)\nconst y = `http://h:«4011»`\nconst port = «4012»\n',
    "one is missing": "const x = `http://h:«4009»;\nlisten(«4010»)\nconst y = `http://h:«4011»`\nconst port = «4012»\n",
    "one is missing in a call": "f(`http://h:«4009»/x);\nlisten(«4010»)\nconst y = `http://h:«4011»`\nconst port = «4012»\n",
    "one is missing behind digits": "f(`http://h:«4009»)\nlisten(«4010»)\nconst y = `http://h:«4011»`\nconst port = «4012»\n",
    "two too many": 'const x = "a"`\nlisten(«4010»)\nconst y = `x`\nconst z = "a"`\nlisten(«4011»)\nconst y = `${x}:«4012»`\n',
    "the last one": 'const x = "a"\nlisten(«4010»)\nconst y = `http://h:«4011»`;`\nconst port = «4012»\n',
}


@pytest.mark.parametrize("marked", ODD.values(), ids=ODD)
@pytest.mark.parametrize("path", ["a.js", "a.ts", "a.jsx"])
def test_a_backtick_too_many_turns_nothing_inside_out(path: str, marked: str) -> None:
    assert_found(path, marked)


MANY = b"a(`x`); a = 1`; k = `a${`b`}c`; fetch(`http://x); 'b'`; x = `a; = = ; h(`q`); } `` (\n"


@pytest.mark.parametrize(
    ("data", "most", "readings"), [(MANY, 1000, 10), (MANY, 10, 10), (MANY, 4, 4), (b"a = `x;\nb = `y`;\n", 1000, 1)]
)
def test_a_file_with_a_fault_is_read_a_few_times_only(
    monkeypatch: pytest.MonkeyPatch, data: bytes, most: int, readings: int
) -> None:
    tried: list[bytes] = []

    def counted(grammar: str, text: bytes) -> object:
        tried.append(text)
        return tree_of(grammar, text)

    monkeypatch.setattr(backticks, "tree_of", counted)
    monkeypatch.setattr(backticks, "MOST_READ", most * (len(data) + 1))
    backticks.mended_tree("javascript", data)
    assert tried[0] == data
    assert len(tried) - 1 == readings


def test_what_no_backtick_mends_is_read_as_it_stands() -> None:
    assert_found("a.js", "const x = `\nlisten(4010)\n` ) y\nconst port = «4011»\n")
