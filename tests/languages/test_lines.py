"""Files of keys and values, one a line: `.env`, INI, TOML."""

from __future__ import annotations

from tests.languages.reading import bound, ports, read


def test_env() -> None:
    text = (
        'PORT=4005 # port 4006\nexport CORS="http://a:5173,http://b:5175"\nROWS=5000\nURL=${G_URL:-http://localhost:9080}/api\n'
    )
    assert ports(".env", text) == [4005, 4006, 5173, 5175, 9080]
    assert bound(".env", text) == [False, False, False, False, True]


def test_a_mark_inside_quotes_is_no_comment() -> None:
    found = read(".env", 'URL="http://h:3000/ # http://h:3001"\n')
    assert [(literal.port, literal.context) for literal in found] == [(3000, "code"), (3001, "code")]


def test_yaml_that_no_parser_takes() -> None:
    text = (
        'services:\n  a:\n    image: "abc\n    ports:\n      - "4010:80"\n      - 4011:80\n    environment:\n      PORT: 4012\n'
    )
    assert ports("compose.yaml", text) == [4010, 80, 4011, 80, 4012]


def test_sections_and_lists() -> None:
    assert ports("a.toml", '[server]\nports = [8000, "8001"]\n[[proxy]]\nport = 8002\nrows = [8003]\n') == [8000, 8001, 8002]


def test_a_list_with_flags_is_a_command_line() -> None:
    assert ports("a.toml", 'cmd = ["serve", "--port", "8000", "--rows", "9000"]\n') == [8000]
