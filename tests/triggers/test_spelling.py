"""However a source writes calls, keys, lists of words and what stands in front of a number, nothing is lost."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.triggers import Triggers, compile_triggers
from tests.judges import THOROUGH
from tests.triggers.test_triggers import SPARING, THROUGH, read


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        *(
            ("typescript", "app.listen(80)", True),
            ("typescript", "a.listen<T>(80)", True),
            ("typescript", "// a Server is", False),
        ),
        *(
            ("typescript", "args: [x].concat(y, z)", True),
            ("typescript", "args: foo,", False),
            ("typescript", "args: { a: 80 }", False),
        ),
        *(
            ("typescript", 'command: "ls",', False),
            ("typescript", 'command: "nc db 80",', True),
            ("typescript", "x.args;", False),
        ),
        *(("typescript", '["x", "-p"]', True), ("typescript", 'f("-mx-2")', False), ("typescript", "[ // a\n'-p']", True)),
        *(
            ("typescript", '["a.com", "b.com"]', False),
            ("typescript", 'f("a.com", 80)', True),
            ("typescript", '"a.com", // 80', False),
            ("typescript", '"a.com", // b\n80', True),
        ),
        *(
            ("typescript", "f = (args) => x", False),
            ("typescript", "({ args }) => x", False),
            ("typescript", "'80' === args)", True),
        ),
        *(("typescript", "args: Record<string, A>,", False), ("typescript", "args: string[] = [],", True)),
        *(("typescript", "isCloudPlan", False), ("typescript", "'udp:80'", True), ("typescript", "the host is", False)),
        *(("typescript", "a portal", False), ("typescript", "port 80", True), ("json", '"a.com", "b.com"', False)),
        *(("json", '"args": {"a": 80}', False), ("json", '"args": ["a", [b]]', True), ("json", '"args": "none"}', False)),
        *(("json", '{"name": "args", "value": "--port 80"}', True), ("python", '"b.com", limit=3)', False)),
        *(("python", 'args"nc -z db 80"', True), ("python", '"args" it says', False), ("python", "the args of it", False)),
        *(("python", 'f("--all", "-a", help="x")', False), ("python", 'f("-a", "-b", "8080")', True)),
        *(("python", 'f("--all", "-a", a == 80)', True), ("python", 'f("-a", "b", c=1)', True)),
        *(("python", 'f("--all", help="x")', False), ("python", 'f("--all", a == 80)', True), ("python", '["--all", x]', True)),
        *(("python", 'f("a.com", x=[80])', False), ("python", 'f("a.com", [80])', True)),
        *(("typescript", 'f({a: "a.com", b: [80]})', False), ("typescript", 'f("a.com", [80])', True)),
        *(("python", 's.bind(("", 80))', True), ("python", "to bind it", False), ("go", "to connect it", False)),
        *(("python", "def connect(self):", False), ("python", "connect(self, x)", False), ("python", "connect(x)(y)", True)),
        *(
            ("python", "connect(a, ')', f(x))", False),
            ("python", "connect(a, f(g(x)))", True),
            ("python", "connect(a, b='x')", False),
            ("python", "connect(a # )\n)", True),
        ),
        *(("rust", '("a.com", None)\n.b(80)', False), ("rust", '("a.com", "b")', False), ("rust", '("a.com", "80")', True)),
        *(("rust", "(x(host), b(80))", False), ("rust", "(host, 80)", True), ("rust", '("a.com",\n r#"80"#)', True)),
        *(("typescript", '"a.net", // 403\n  // b: "c"\n', False), ("typescript", '"a.net", /* b */ 80', True)),
        *(
            ("python", "'a.dev')\n # only if\n if", False),
            ("python", "'a.dev' # host\n, 80", True),
            ("python", "'a.dev' # \\n, 80", True),
        ),
        *(
            ("python", '"a.com", "age": 95', False),
            ("python", '"a.com", limit=[95]', False),
            ("python", '"a.com", default=95', True),
        ),
        *(
            ("typescript", '"a.com", formats: ["x"]', False),
            ("typescript", '"a.com", a.b(95)', True),
            ("typescript", '"a.com", ["x"]', True),
        ),
    ],
)
def test_a_source_goes_on_as_it_must(language: str, text: str, found: bool) -> None:
    assert compile_triggers(shipped().triggers[language]).found_in(f"80\n{text}") is found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        *(
            ("typescript", "args: ['-p', port]", False),
            ("typescript", "args: ['-p', '80']", True),
            ("typescript", "port = 8", False),
        ),
        *(("json", '{"port": 8}', False), ("json", '{"port": 80}', True), ("yaml", "port: x", False), ("yaml", "port: 8", True)),
        *(("shell", "nc db 0", False), ("shell", "nc db 7", True), ("dockerfile", "FROM scratch", False)),
    ],
)
def test_a_text_must_hold_the_digits_that_its_reader_looks_at(language: str, text: str, found: bool) -> None:
    assert compile_triggers(shipped().triggers[language]).found_in(text) is found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        *(("typescript", "arguments: JSON.stringify({", False), ("typescript", "arguments: stringify({", True)),
        *(("typescript", "['args']\n", False), ("typescript", "x['args'] = y", True), ("typescript", "`args` come in", False)),
        *(("typescript", "('args' as K, y)", True), ("typescript", "x.args += y", False), ("typescript", "x.args ||= y", True)),
        *(("typescript", "([args]) => x", False), ("typescript", "args = {a", False), ("typescript", "args = [a", True)),
        *(("typescript", "listeners.add(x)", False), ("typescript", "'listeners.tcp': y", True)),
        *(
            ("python", "def main(args):\n", False),
            ("python", "def main(args) -> Any:  # x\n", False),
            ("python", "(args): T = x", True),
        ),
        *(
            ("python", "args: typing.Any, b", False),
            ("python", "args: List[str]) -> x", False),
            ("python", "args: list = x", True),
        ),
        *(
            ("python", "args = parse_args()\nx", False),
            ("python", "f(args=a.b, c)", False),
            ("python", "args = a()\n or x", True),
        ),
        *(
            ("typescript", "args: [x, [y]],", False),
            ("typescript", "args: [x, [y]][0]", True),
            ("typescript", "args = [x, y];", False),
        ),
        *(("typescript", "args = a.b[0];", False), ("typescript", "args = `a`;", True), ("typescript", "x.args, y", False)),
        *(("typescript", "x.args?.b", False), ("typescript", "args[0];", False), ("typescript", "args[0] = y", True)),
        *(("typescript", "args ?? y", False), ("typescript", "x['args'] || y", False), ("typescript", "args ??= y", True)),
        *(("typescript", "(args).b", False), ("typescript", "args / 2", True), ("typescript", "cmd/ctrl", False)),
        *(("typescript", "cmd /* a */ = y", True), ("typescript", "f('x.args', y)", False), ("typescript", "f('args', y)", True)),
        *(("typescript", "x['a.args'] = y", True), ("typescript", "['args', y]", False), ("typescript", "a: 'args',", False)),
        *(
            ("typescript", "name: 'args',", True),
            ("typescript", "x.command({ a })", False),
            ("typescript", "command() { return", True),
        ),
        *(("typescript", "tool_args: y", False), ("typescript", "'\\nargs': y", True), ("typescript", "tcp(a:80)", True)),
        *(
            ("typescript", "expect(container)", False),
            ("typescript", "80 (container)", True),
        ),
        *(("typescript", "80\n  (host)", True), ("typescript", "'80\\t(host)'", True), ("typescript", "PORTION: y", False)),
        *(("typescript", "PORTHttp: y", True), ("typescript", "PORTS: y", True), ("typescript", "[c ? '-p' : '-q']", False)),
        *(("typescript", "['-p']", False), ("typescript", "['-p', x]", True), ("typescript", "['-p 80']", True)),
        *(
            ("typescript", "{'-p': x, '-q': y}", False),
            ("typescript", "['-p', \"-e ':'\"]", True),
            ("typescript", "x = ':' + y", False),
            ("python", "x = 'a:' + y", False),
            ("go", 'x = "a:" +\n 80', True),
            ("go", 'x = "a:" + // b\n 80', True),
        ),
        *(("json", '"args": ["a", "b"],', False), ("json", '"args": ["a", "80"],', True), ("json", '"my_args": ["80"]', False)),
        *(
            ("yaml", "for the run\n", False),
            ("yaml", "- name: run\n", True),
            ("yaml", "my_args: a", False),
            ("yaml", "run: a", True),
        ),
        *(("yaml", "data:\n  a: b", False), ("yaml", "data:\n  run.sh: |\n    nc", True), ("yaml", "run a.sh\n", False)),
        *(
            ("yaml", '"a.conf": x', True),
            ("yaml", "? a.conf\n: x", True),
            ("yaml", "- A_COMMAND=x", True),
            ("yaml", "COMMANDS", False),
        ),
        *(("yaml", "the {id, arguments, type}", False), ("yaml", "      run, walk", False), ("yaml", "{name: run, a: b}", True)),
        *(("python", "keyword arguments are", False), ("python", "for args in x", True), ("python", "args\nnot in x", True)),
        *(("python", "f(args, x)", False), ("python", 'f("args", x)', True), ("python", "for args, in x", True)),
        *(("python", 'x["args"] = y', True), ("python", "def args(x)", True), ("python", "pip_args = y", False)),
        *(("python", "f(x[args])\n  x", False), ("python", "x.args += y", True), ("python", '"x/args": y(', True)),
        *(("python", '{"puerto_rico": "PR", "x": "y"}', False), ("python", '{"puerto": "p8", "x": "y"}', True)),
        *(("python", '{"puerto": "p" "8"}', True), ("json", '{"port_a": "x"}', False), ("json", '{"port_a": ["x"]}', True)),
        *(("typescript", '{ "port_a": "x", b }', False), ("typescript", "{ port_a: 'x' + b }", True)),
        *(("yaml", "a: the command of", False), ("yaml", "command: x", True), ("yaml", "name: command\nvalue: x", True)),
        *(("yaml", "a: ./data/x", False), ("yaml", '"run": x', True), ("yaml", "{name: args, value: x}", True)),
    ],
)
def test_a_key_goes_on_as_it_must(language: str, text: str, found: bool) -> None:
    assert compile_triggers(shipped().triggers[language]).found_in(f"80\n{text}") is found


PIECES = st.sampled_from(
    [
        *(
            "args",
            "command",
            '"command"',
            "'args'",
            "x.args",
            "arguments",
            "cmd",
            "Server",
            "connect",
            "listen",
            ".listen",
            "port",
        ),
        *(
            ": ",
            " = ",
            "?: string = ",
            " ?? ",
            " || ",
            ", ",
            "; ",
            "(",
            ")",
            "[",
            "]",
            "{ ",
            " }",
            "<T>",
            "?.",
            "\n",
            "// a, b\n",
        ),
        *(
            '"nc -z db 80"',
            "'ls'",
            '"--port"',
            '"80"',
            "80",
            "`-p 80`",
            '"a.com"',
            "'10.0.0.1'",
            "Number(",
            "return ",
            "=> ",
            "/* , */",
        ),
        *(
            'name: "args", value: ',
            "default: ",
            "new ",
            "const ",
            "function ",
            "process.env.A",
            "...",
            "foo()",
            '"serve", ',
            '("h", ',
            '"--all", ',
            "b=",
            "b: ",
            "def f(",
            "for ",
            " in ",
            " == ",
            " not in ",
            " === ",
            " !== ",
            " ? ",
            " && ",
            " as any",
            "typeof ",
            "({ ",
            " })",
            "'{\"limit\":10}'",
            '\'{"a":"nc db 80"}\'',
            "<X args={",
            "self.",
            '["',
            '"]',
            "# a\n",
            "default=",
            "lambda ",
            '"port": "x", ',
            '"puerto"',
            " -> Any:\n    ",
        ),
    ]
)


@settings(max_examples=3000 if THOROUGH else 300, deadline=None)
@given(st.lists(PIECES, max_size=10).map("".join), st.sampled_from(["a.ts", "a.tsx", "a.py", "a.json", "a.rb", "a.toml"]))
def test_pieces_of_code_come_out_the_same(text: str, path: str) -> None:
    assert read(SPARING, path, text) == read(THROUGH, path, text)


BESIDE = (
    r"""
"localhost"|'10.0.0.1'|"db.example.com"|url.host|HOST|base_host|localhost|,|, | ,~  |)|(|f(|[|{|Some(|/* 80 */|// 80~|x|as i32|"x"
8080|8_080|80|"8080"|' 8080'|r#"8080"#|[[8080]]|"\"8080\""|`8080`|-8080|08|'''8080'''|R"a(8080)a"|$"8080"|@"8080"|connect(| |@|#|~
"db:"|'db:' |+| + |..| . | << | <> | & |-- 80~|"db:"+8080|'db:' .. 8080|"db:"~ + # 80~ 8080
""".strip()
    .replace("\n", "|")
    .replace("~", "\n")
    .split("|")
)
FILES = ("a.rs", "a.go", "a.java", "a.rb", "a.lua", "a.cs", "a.cpp", "a.php", "a.jsonnet", "a.swift", "a.py")


@settings(max_examples=3000 if THOROUGH else 150, deadline=None)
@given(st.sampled_from(["(", "x, "]), st.lists(st.sampled_from(BESIDE), max_size=6).map("".join), st.sampled_from(FILES))
def test_numbers_behind_hosts_come_out_the_same(opening: str, text: str, path: str) -> None:
    assert read(SPARING, path, f'f{opening}"localhost"{text})') == read(THROUGH, path, f'f{opening}"localhost"{text})')


LONG = {
    "rust": ('"a.com", ', '"a.com",\n', "host,"),
    "python": (
        *("port_", "args): # ", "args) -> a", '.connect("a",', "(a)", ".connect(a "),
        *('"a.com" // ', '"a.com", a/', "'a': 1,", "a:1"),
    ),
    "shell": (
        *(
            "nc ",
            "-p ",
            "-p,",
            'to "',
            'to "\n',
            "to a:b ",
            "nc 'a' ",
            'nc "$(a "b")" ',
            "-p${A}",
            "nc $(",
            "nc \\x",
            "grep 801 ",
        ),
        *('nc "\n', "-p 'a\n", "nc x\n", "lsof `a`\n", "command ", "${A:", "-", " for", "to ${a} \n"),
    ),
    "typescript": (
        *('"port_a": "x', ".listen((a)", '"a.com" # ', '"a.com", // a\n', "// a\n"),
        *("args: a[", "a.", "args = ", "args: a || ", "args: f({", "args: f({ '", "args: '{\"a-1", "args = f(", "a == args"),
    ),
}


@pytest.mark.parametrize(("language", "piece"), [(language, piece) for language, pieces in LONG.items() for piece in pieces])
def test_what_repeats_itself_takes_time_by_its_length(language: str, piece: str) -> None:
    sought = compile_triggers(shipped().triggers[language])
    sought.found_in(f"80 {piece}")
    once, many = (_seconds(sought, f"80 {piece * (size // len(piece))}") for size in (10_000, 160_000))
    assert many < 16 * 4 * max(once, 0.002)


def test_blanks_behind_a_return_type_take_time_by_their_number() -> None:
    sought = compile_triggers(shipped().triggers["python"])
    sought.found_in("80 listen)-> ")
    once, many = (_seconds(sought, f"80 listen)->{' ' * size}x") for size in (2_000, 32_000))
    assert many < 16 * 4 * max(once, 0.002)


def _seconds(sought: Triggers, text: str) -> float:
    """The processor seconds that it takes to look at a text, in the better of two tries."""
    tries = []
    for _ in range(2):
        start = process_time()
        sought.found_in(text)
        tries.append(process_time() - start)
    return min(tries)
