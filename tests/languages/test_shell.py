"""Shell: assignments, arrays, flags, substitutions, here-documents, and what is never closed."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.languages import compile_languages, shell
from portscan.sites import Command, Items, Lines, Site
from portscan.text import Text
from tests.languages.reading import bound, ports, read

LANGUAGE = compile_languages(shipped().languages).by_name["shell"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("PORT=3200 npm start", [3200]),
        ("PORTS=(3103 3200) # not 4000 rows", [3103, 3200]),
        ('[ "$PORT" = "3000" ] && exit 1', [3000]),
        ("for port in 4007 4010; do :; done", [4007, 4010]),
        ('S=$(curl -s "http://localhost:4007/health" || true)', [4007]),
        ("docker run -p 8080:80 -u 1000:1000 x", [8080, 80]),
        ("tool --endpoint minio:9000 --size 5000", [9000]),
        ("s3 --host=weed:8333 ls", [8333]),
        ("wait_for_port localhost 5432 30", [5432]),
        ("ssh -p 2222 -L 8080:localhost:80 u@h", [2222, 8080, 80]),
        ('echo "a \\" localhost:3000"', [3000]),
        ("npx vite \\\n  --port 5173 \\\n  --open", [5173]),
        ("sh -c 'nc -z db 5432'", [5432]),
        ("X_PORTS[re dis]=6379; declare -A Y_PORTS=([db]=5432 [n]='5433')", [6379, 5432, 5433]),
        ("mkdir -p 3000; sleep 3000; kill -9 8080", []),
        ("echo ${#x} ${S:1000}", []),
    ],
)
def test_ports(code: str, found: list[int]) -> None:
    assert ports("a.sh", code + "\n") == found


def test_here_documents() -> None:
    assert ports("a.sh", "cat > .env <<EOF\nAPI_PORT=4010\nURL=http://h:4011\nEOF\nPORT=4012\n") == [4010, 4011, 4012]
    assert ports("a.sh", "cat <<'X' <<-Y\nPORT=1111\nX\n\tPORT=2222\n\tY\nPORT=3333\n") == [1111, 2222, 3333]


def test_bound() -> None:
    assert bound("a.sh", 'PORT="${WEB_PORT:-8080}"\n: "${A_PORT:=81}"\nB_PORT=82\n') == [True, True, False]


@pytest.mark.parametrize("code", ["echo 'never closed\nPORT=3000\n", "x=$(echo\nPORT=3000\n", "cat <<EOF\nPORT=3000\n"])
def test_what_is_never_closed(code: str) -> None:
    assert ports("a.sh", code) == [3000]


def test_there_is_one_way_to_read_a_text_with_substitutions() -> None:
    """Two for each of them, where the text is never closed, were more than anybody can wait for."""
    substitutions = "$('<')" * 60
    assert ports("a.sh", f'curl localhost:4007\n(echo "{substitutions}8080') == [4007]
    assert ports("a.sh", f'curl "localhost:4007/{substitutions}$(" 1)$x"') == [4007]


@pytest.mark.parametrize("quote", ["'", '"', "`"])
def test_a_quote_that_is_never_closed_hides_only_its_line(quote: str) -> None:
    script = f"PORT=3000\nX={quote}abc\nX_PORT=3001\ncurl {quote}http://h:3002{quote}\nY_PORT=3003\n"
    assert ports("a.sh", script) == [3000, 3001, 3002, 3003]


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quoted_text_of_several_lines_is_no_command(quote: str) -> None:
    assert ports("a.sh", f"X={quote}\nport 3000 \\\nA_PORT\n{quote}\nPORT=3001\n") == [3001]


def test_comments() -> None:
    found = read("a.sh", "x=a#1 # port 3000\necho ${x#*:} # port 3001\n")
    assert [(literal.port, literal.context) for literal in found] == [(3000, "comment"), (3001, "comment")]


LINES = st.sampled_from(
    [
        *("set -e\n", "\n", "# a comment, it's one\n", "  # 8080\n", "docker run \\\n", "  -p 80:81 x\n", "a |\n", "b c\n"),
        *("nc -z db 5432\n", "cat <<EOF\n", "EOF\n", "x='a\n", "b'\n", 'echo "$HOST" "${NAME}" \'q\'\n', 'echo "${A:-80}"\n'),
        *(
            "P=(\n",
            ")\n",
            "for p in 1 2\n",
            "a[it's]=x 'y\n",
            "[ -f x ]\n",
            "run() {\n",
            "}\n",
            "z=1; y=${Q\n",
            "r\r\n",
            "$(",
            "w",
            'if [ -f "$X" ] && [ ! -d "${Y}" ]; then\n',
            "a || { b > /dev/null; }\n",
            "(\n",
            'echo "$(\n',
            "x=()\n",
            "# don't\n",
        ),
    ]
)


@given(st.lists(LINES, max_size=12).map("".join))
@example("a |\n)\n  -p 80:81 x\n")
@example("a |\n;;\n  -p 80:81 x\n")
@example("a |\nx=()\nnc -z db 5432\n")
@example("a |\n()\n  -p 80:81 x\n")
def test_what_is_passed_over_says_nothing(script: str) -> None:
    """With and without the short way over lines that hold no digits."""
    short = sites_with_digits(script)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shell, "IDLE", re.compile("(?!)"))
        assert short == sites_with_digits(script)


def sites_with_digits(script: str) -> list[Site]:
    found = shell.sites(Text(script), LANGUAGE, "a.sh")
    return [each for each in found if any(re.search("[1-9]", text.value) for text in texts_of(each))]


def texts_of(site: Site) -> tuple[Text, ...]:
    if isinstance(site, Lines):
        return site.texts
    return site.words if isinstance(site, (Command, Items)) else (site.text,)
