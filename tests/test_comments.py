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
        pytest.param("a.html", '<a\n  href="b"  «<!-- y -->\n>c</a>\n', False, id="within a tag"),
        pytest.param("a.html", '<a title="x > y"\n  «<!-- y -->>c</a>\n', False, id="within a tag with its end in quotes"),
        pytest.param("a.html", '<script type="module">\nf()  «<!-- y -->\n</script>\n', False, id="a script"),
        pytest.param("a.html", '<SCRIPT src="a"></SCRIPT>\n«<!-- y -->\n', True, id="behind a script"),
        pytest.param("a.html", "<style>\na { b: c }  «<!-- y -->\n</style>\n", False, id="a style sheet"),
        pytest.param("a.html", "<textarea>\nb  «<!-- y -->\n", False, id="plain text without an end"),
        pytest.param("a.xml", "<a><![CDATA[\nb  «<!-- y -->\n]]></a>\n", False, id="CDATA"),
        pytest.param("a.html", "<?php\nf();  «<!-- y -->\n?>\n", False, id="PHP in HTML"),
        pytest.param("a.jsp", "<%\nf();  «<!-- y -->\n%>\n", False, id="Java in HTML"),
        pytest.param("a.svelte", '<a b={() => c > d} e="f"\n «<!-- y -->>\n', False, id="within a tag with braces"),
        pytest.param("a.svelte", "{f(\n  g  «<!-- y -->\n)}\n", False, id="an expression in braces"),
        pytest.param("a.svelte", "{#if a}\n<b/>  «<!-- y -->\n{/if}\n", True, id="between braces"),
        pytest.param("a.astro", "---\nf()  «<!-- y -->\n---\n<a/>\n", False, id="what a page has in front"),
        pytest.param("a.astro", "---\nf()\n---\n<a/>  «<!-- y -->\n", True, id="behind what a page has in front"),
        pytest.param("a.vue", "<!-- a\nb  «<!-- y -->\n-->\n", True, id="within a comment of HTML"),
        pytest.param("a.css", "a { b: c }  «/* y */\n", True, id="CSS"),
        pytest.param("a.toml", "a = 1  «# y\n", True, id="TOML"),
        pytest.param("a.toml", "a = '''\nb  «# y\n'''\n", False, id="a raw text in TOML"),
        pytest.param("a.toml", 'a = """\nb \\""" c  «# y\n"""\n', False, id="a long text in TOML"),
        pytest.param("a.toml", "a = 'b'  «# y's\n", True, id="TOML with an apostrophe"),
        pytest.param("a.env", "a=b «# y\n", True, id="an env file"),
        pytest.param("a.php", "<?php\nf();  «// y\n", True, id="PHP"),
        pytest.param("a.php", "<a>  «// y\n<?php f();\n", False, id="in front of PHP"),
        pytest.param("a.php", "<?php f(); ?>\n<a>  «// y\n", False, id="behind PHP"),
        pytest.param("Makefile", "define a\n«# y\nb\nendef\n", False, id="a text in make"),
        pytest.param("Makefile", "define a\nb\nendef\n«# y\nc = d\n", True, id="behind a text in make"),
        pytest.param("Dockerfile", "COPY <<E /a\n«# y\nE\n", False, id="a document in a Dockerfile"),
        pytest.param("Dockerfile", "COPY <<E /a\nb\nE\n«# y\n", True, id="behind a document in a Dockerfile"),
        pytest.param("a.graphql", "type A  «# y\n", True, id="GraphQL"),
        pytest.param("a.graphql", "type A  «// y\n", False, id="what is no mark in GraphQL"),
        pytest.param("a.jsonnet", "{ a: @'b  «// y\nc' }\n", False, id="a text of two lines in Jsonnet"),
    ],
)
def test_a_comment_is_one_by_the_syntax_of_its_file(path: str, text: str, expected: bool) -> None:
    source = decode(path, text.replace("«", "").encode())
    assert isinstance(source, Source)
    language = reading(shipped()).languages.of(path, source.text)
    assert language is not None
    assert commented(source, language, text.index("«")) is expected
