"""What nobody is shown of a line."""

from __future__ import annotations

import re

import pytest

from portscan.secrets import REACH, hidden

SHOWN = (
    "DB_PASSWORD=«hunter2» PORT=3103",
    "  jwtSecret: '«s3cr3t-x»', port: 3103",
    '{"apiKey": "«abcdef123»", "port": 3103}',
    "http://localhost:3103/?access_token=«ab.cd»&page=2",
    "postgres://admin:«hunter2»@localhost:3103/x",
    "curl -H 'Authorization: Bearer «abcdefgh.ijk»' localhost:3103",
    "AUTH=«ghp_abcdefghijklmnopqrstuvwxyz» PORT=3103",
    "const secret_key := `«abc»`; listen(3103)",
    "'token' => '«abc»', 'port' => 3103",
    "PASSWORD=${DB_PASSWORD:-«x»} PORT=3103",
    "password: {{ password }} port: 3103",
    "DB_PASS=«hunter2» PORT=3103",
    "curl -u admin:«hunter2» localhost:3103",
    "curl --user=admin:«hunter2» localhost:3103",
    "mysql -h db -p«hunter2» -P 3103",
    "redis-cli -p 3103",
    "redis-cli -h db -a «hunter2» -p 3103",
    "sshpass -p «hunter2» ssh -p 3103 h",
    "http://localhost:3103/?x=1&sig=«abc»",
    "http://user:«hun/ter2»@localhost:3103",
    "https://«ghost»@localhost:3103/x.git",
    "http://localhost:3103/x?mail=me@example.com",
    "https://localhost:3103/@scope/package",
    "tool --password «hunter2» --port 3103",
    'tool --api-key "«hunter2»" 3103',
    "tool --token-file x --password --port 3103",
    "curl -H 'Authorization: token «hunter2»' localhost:3103",
    "TOKEN='«a hunter2»' PORT=3103",
    "PASSWORD=$'«hunter2»' PORT=3103",
    'PASSWORD="«{hunter2»" PORT=3103',
    'PASSWORD="<your-password>" PORT=3103',
    "SECRET_KEY_BASE=«abcdef» PORT=3103",
    "ENCRYPTION_KEY=«abcdef» PORT=3103",
    'CONNECTION="AccountKey=«abcdef»;" PORT=3103',
    "SIGNING_SALT=«abcdef» PORT=3103",
    "ADMIN_PW=«hunter2» PORT=3103",
    "partition_key=id primary-key: 3103",
    "curl --proxy-user u:«hunter2» -x localhost:3103",
    "psql -U postgres -p 3103",
    "curl https://hooks.slack.com/services/«T00/B00/abcdef» -d 3103",
    "STRIPE=«sk_live_abcdefgh» PORT=3103",
    "COMPASS=n bypass=1 PORT=3103",
    "SECRET_PORT=3103",
    "MAX_TOKENS=4096 PORT=3103",
    "tokenizer: bert, port: 3103",
    "basic usage: 3103",
)


@pytest.mark.parametrize("marked", SHOWN)
def test_secrets_are_asterisks_and_nothing_else_is(marked: str) -> None:
    line = re.sub("[«»]", "", marked)
    at = line.index("3103")
    assert hidden(line, at, at + 4) == re.sub("«(.*?)»", lambda found: "*" * len(found[1]), marked)


def test_what_is_spoken_of_is_shown_even_within_a_secret() -> None:
    line = "token: http://x:3103/abcdef"
    assert hidden(line, 16, 20) == "token: *********3103*******"


def test_a_long_line_keeps_its_length() -> None:
    line = "password=abc " * 4_000 + "3103" + " password=abc" * 4_000
    at = line.index("3103")
    shown = hidden(line, at, at + 4)
    assert len(shown) == len(line)
    assert shown[at - 13 : at + 17] == "password=*** 3103 password=***"
    assert "abc" not in shown[at - REACH + 13 : at + REACH - 13]
