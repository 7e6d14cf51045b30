"""Of a Python file the statements are read that are worth it; what is found is the same as in all of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.languages.python_parts import portions
from portscan.text import Text
from portscan.triggers import compile_triggers
from tests.judges import THOROUGH
from tests.triggers.test_triggers import SPARING, THROUGH, read

HEADERS = """
def port():
async def f(port=8080, *, cmd='nc db 80'):
def get_port(self) -> int:  # 8080
def web_listen(self, at) -> None:
def listen(self): return 8080
class A(B, port=8080):
if x:
elif port == 8080:
else:
for port in (8080, 8081):
while port != 8080:
with f(port=8080) as g:
try:
except A:
finally:
match port:
case 8080:
async with connect('db', 5432):
if port == 8080: return 1
""".strip().split("\n")
LINES = (
    r"""
return 8080
return x
return {'port': 8080}
return \| 8080
port = 8080
x = port\|    or 8080
await connect('db', 5432)
self._listen(at)
web_listen = 8080
self.command(x) == 'nc db 80'
args = parser.parse_args()
x = 12
cmd = ['nc', '-z', 'db',|'5432']
f('--port', 8080)
'port 8080'
pass
'''Takes port 8080.||    return 80|'''
# port 8080
@app.get(port=8080)
port =
print 'port', 8080
= 8080
('a.com',|  # b| 8080)
x = 1; return 8080
match = f(port=8080)
lambda: 8080
u = 'http://a:80'
f(80
)
x = f'{'
def port(): return 8080
yield 8080
port: int = 8080
os.environ.get('PORT') or 8080
""".strip()
    .replace("|", "\0")
    .split("\n")
)
BLANKS = st.sampled_from(("", "    ", "        ", "            "))
WRITTEN = st.lists(st.tuples(BLANKS, st.sampled_from((*HEADERS, *LINES))), max_size=8)


def indented(lines: list[tuple[str, str]]) -> str:
    return "".join(f"{blanks}{line}\n" for blanks, line in lines).replace("\0", "\n")


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[tuple[str, str]]:
    """Statements as Python takes them, most of the time."""
    found: list[tuple[str, str]] = []
    for _ in range(draw(st.integers(1, 3))):
        if depth < 3 and draw(st.booleans()):
            found.append(("    " * depth, draw(st.sampled_from(HEADERS))))
            found += draw(blocks(depth + 1))
        else:
            found.append(("    " * depth, draw(st.sampled_from(LINES))))
    return found


@settings(max_examples=3000 if THOROUGH else 60, deadline=None)
@given(st.one_of(blocks(), WRITTEN).map(indented))
def test_statements_say_what_they_say_in_their_file(text: str) -> None:
    assert read(SPARING, "a.py", text) == read(THROUGH, "a.py", text)


@pytest.mark.parametrize(
    ("text", "read_of_it"),
    [
        ("def f():\n    args = parse_args()\n    return x[80]\n", ""),
        ("def f():\n    x = 80\n    cmd = [\n        'a', '--b'\n    ]\n", ""),
        ("def f():\n    x = 80\n    port = 8080\n    y = 1\n", "    port = 8080\n"),
        ("def f(port=8080):\n    x = 80\n    return x\n", "def f(port=8080):\n"),
        ("def f():\n    if x:\n        pass\n    elif port == 8080:\n        pass\n", None),
        ("def port():\n    x = 80\n    return 8080\n", None),
        ("def f():\n    @app(port=8080)\n    def g(): pass\n", None),
        ("def f():\n    x = 1\n    match = f(port=8080)\n", "    match = f(port=8080)\n"),
    ],
)
def test_of_a_function_the_statements_are_read_that_are_worth_it(text: str, read_of_it: str | None) -> None:
    worth = compile_triggers(shipped().triggers["python"]).found_in
    assert "".join(part.value for part in portions(Text(text), worth)) == (text if read_of_it is None else read_of_it)


def test_of_a_function_that_is_no_python_the_other_statements_are_read_as_such() -> None:
    text = "def f():\n    print 'x'\n    listen(host, port=8080,\n    )\n    for port in (8081, 8082):\n        print port\n"
    assert [found.port for found in read(SPARING, "a.py", text)] == [8080, 8081, 8082]


@pytest.mark.parametrize("comment", ["    # c\n", "  # c\n", "# c\n", "        # c\n", ""])
def test_a_comment_further_out_hides_nothing_of_a_statement(comment: str) -> None:
    text = f"def f():\n    with a:\n        x = b(c(\n            'Port', ('tag', '=', 42), d=['tag']))\n\n{comment}"
    assert [found.port for found in read(SPARING, "a.py", text)] == [42]
