"""What is a comment, and what only looks like one."""

from __future__ import annotations

import pytest

from portscan.fixing.comments import commented
from portscan.knowledge import shipped
from portscan.pipeline.reading import reading
from portscan.source import Source, decode


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("a.py", "x = 1  «# y\n", True, id="Python"),
        pytest.param("a.py", 'x = "«# y"\n', False, id="a text in Python"),
        pytest.param("a.py", 'x = """\n«# y\n"""\n', False, id="a long text in Python"),
        pytest.param("a.py", "print 'x'  «# y\n", True, id="Python 2"),
        pytest.param("a.js", "f(1); «// y\n", True, id="JavaScript"),
        pytest.param("a.js", "f('«// y');\n", False, id="a text in JavaScript"),
        pytest.param("a.jsx", "const a = <p>{«/* y */}</p>;\n", True, id="JSX"),
        pytest.param("a.jsx", "const a = <p>«// y</p>;\n", False, id="words in JSX"),
        pytest.param("a.go", "f() «// y\n", True, id="Go"),
        pytest.param("a.go", "const a = `\n«// y\n`\n", False, id="a raw text in Go"),
        pytest.param("a.yaml", "a: b «# y\n", True, id="YAML"),
        pytest.param("a.yaml", "a: |\n  b «# y\n", False, id="a block in YAML"),
        pytest.param("a.yaml", "{{ if x }}\na: b «# y\n{{ end }}\n", True, id="a template"),
        pytest.param("a.sh", "f «# y\n", True, id="shell"),
        pytest.param("a.sh", "f '«# y'\n", False, id="a text in shell"),
        pytest.param("a.sh", "cat <<E\n«# y\nE\n", False, id="a document in shell"),
        pytest.param("Dockerfile", "«# y\nFROM a\n", True, id="Dockerfile"),
        pytest.param("Dockerfile", "EXPOSE 1 «# y\n", False, id="behind an instruction"),
        pytest.param("nginx.conf", "listen 1; # a's «# y\n", True, id="a comment in a comment"),
        pytest.param("a.html", "<p>«<!-- y --></p>\n", True, id="HTML"),
        pytest.param("a.html", "<p><!-- x --> «y</p>\n", False, id="behind a comment in HTML"),
    ],
)
def test_a_comment_is_one_by_the_syntax_of_its_file(path: str, text: str, expected: bool) -> None:
    source = decode(path, text.replace("«", "").encode())
    assert isinstance(source, Source)
    language = reading(shipped()).languages.of(path, source.text)
    assert language is not None
    assert commented(source, language, text.index("«")) is expected
