"""What holds for every reader: line ends, characters of several bytes, empty files, rubbish, and deep nesting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.languages.reading import ports, read

FILES = {
    "a.py": "# port 8000\nport = 8001\nurl = 'http://h:8002/x'\n",
    "a.js": "// port 8000\nconst port = 8001;\nconst url = `http://h:8002/x`;\n",
    "a.ts": "// port 8000\nconst port: number = 8001;\nconst url = 'http://h:8002/x';\n",
    "a.tsx": "// port 8000\nconst a = <A port={8001}>http://h:8002/x</A>;\n",
    "a.yaml": '# port 8000\nport: 8001\nurl: "http://h:8002/x"\n',
    "a.json": '// port 8000\n{"port": 8001,\n "url": "http://h:8002/x"}\n',
    "a.sh": "# port 8000\nPORT=8001\ncurl 'http://h:8002/x'\n",
    ".env": "# port 8000\nPORT=8001\nURL=http://h:8002/x\n",
    "a.toml": '# port 8000\nport = 8001\nurl = "http://h:8002/x"\n',
}
EXPECTED = [8000, 8001, 8002]
every_file = pytest.mark.parametrize("path", FILES)


@every_file
def test_line_feeds(path: str) -> None:
    assert ports(path, FILES[path]) == EXPECTED


@every_file
def test_carriage_returns(path: str) -> None:
    found = read(path, FILES[path].replace("\n", "\r\n"))
    assert [literal.port for literal in found] == EXPECTED
    assert found[0].location.line == 1


@every_file
def test_characters_of_several_bytes_in_front(path: str) -> None:
    shifted = FILES[path].replace("port 8000", "porté 🚢 port 8000").replace("http://h", "http://h")
    assert ports(path, shifted) == EXPECTED
    wide = FILES[path].replace("\n", "  \n").replace("// port", "// → 漢字 port").replace("# port", "# → 漢字 port")
    assert ports(path, wide) == EXPECTED


@every_file
def test_byte_order_mark(path: str) -> None:
    assert ports(path, b"\xef\xbb\xbf" + FILES[path].encode()) == EXPECTED


@every_file
def test_another_coding(path: str) -> None:
    assert ports(path, ("\ufeff" + FILES[path]).encode("utf-16-le").decode("utf-16-le").encode()) == EXPECTED


@every_file
@pytest.mark.parametrize("text", ["", "\n", "\r\n\r\n", " ", "\t\n", "0", "{", "'", '"', "`", "\\", "<<EOF\n", "# ", "/*"])
def test_next_to_nothing(path: str, text: str) -> None:
    assert ports(path, text) == []


@every_file
@pytest.mark.parametrize("piece", ["[", "{", "(", "[{", "((", "$(", "${", '"', "<a>", "- ", "a: "])
def test_deep_nesting(path: str, piece: str) -> None:
    read(path, piece * 3000 + " 8080\n")


@every_file
@settings(max_examples=40, deadline=None)
@given(noise=st.text(alphabet="abport=:/\\'\"`{}[]()<>$#-.,8080 \n\r\té漢", max_size=120))
def test_rubbish_is_read_without_complaint(path: str, noise: str) -> None:
    read(path, noise)


@every_file
def test_a_long_line_is_read_in_little_time(path: str) -> None:
    read(path, "a" * 50_000 + ":" + "8" * 50_000 + " port=" * 5_000 + "\n")


@pytest.mark.parametrize("path", [*FILES, "a.html"])
def test_what_is_encoded_in_one_long_word_is_read_in_little_time(path: str) -> None:
    word = "aZ9b" * 30_000  # a picture in a page, a key, a bundle
    read(path, f'<img src="data:image/png;base64,{word}" height="40" port="8080">\nport: {word}\n')
