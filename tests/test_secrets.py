"""What nobody is shown of a line."""

from __future__ import annotations

import re

import pytest

from portscan import secrets
from portscan.secrets import BLOCK, REACH, SECRETS, hidden

# Made up, but of the form of the real ones; in two parts, lest whoever looks for secrets takes them for some.
FORMS = [
    "".join(each)
    for each in (
        ("AKIA", "ABCDEFGHIJKLMNOP"),
        ("ASIA", "ABCDEFGHIJKLMNOP"),
        ("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.abc"),
        ("eyJ", "hbGciOiJIUzI1NiIsInR5"),
        ("ghp_", "abcdefghijklmnopqrstuvwxyz"),
        ("github_pat_", "11ABCDEFG0abcdefghijkl_abcdefghijkl"),
        ("glpat-", "abcdefghijklmnopqrst"),
        ("glrt-", "abcdefghijklmnopqrst"),
        ("xoxb-", "123456789012-abcdef"),
        ("xoxe-", "1-abcdefghij"),
        ("xapp-", "1-abcdefghij"),
        ("sk-", "proj-abcdefghijklmnopqrst"),
        ("sk_live_", "abcdefghijklmnop"),
        ("whsec_", "abcdefghijklmnop"),
        ("npm_", "abcdefghijklmnopqrstuvwxyz0123456789"),
        ("pypi-AgE", "IcHlwaS5vcmcCJDabcdefghijkl"),
        ("dckr_pat_", "abcdefghijklmnopqrst"),
        ("hf_", "abcdefghijklmnopqrstuvwxyzabcdefgh"),
        ("AIza", "abcdefghijklmnopqrstuvwxyz012345678"),
        ("ya29.", "a0AfH6SMBabcdefghijklmnop"),
        ("SG.", "abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789abcdefg"),
        ("shpat_", "0123456789abcdef0123456789abcdef"),
        ("1234567890:", "AAabcdefghijklmnopqrstuvwxyz012345678"),
    )
]

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
    "TOKEN «hunter2x» 3103",
    "ENV API_TOKEN «abc1» 3103",
    "the TOKEN of each is 3103",
    "login admin «hunter2» 3103",
    "login page is at http://localhost:3103",
    "http://«ab12cd»@localhost:3103/",
    "curl -b 'jar=«abcdef»' http://localhost:3103",
    'curl --cookie "JSESSIONID=«abcdef»" localhost:3103',
    "curl -H 'Cookie: sid=«abc123; theme=dark»' localhost:3103",
    'document.cookie = "id=«abc; path=/»"; listen(3103)',
    "const cookie = req.headers.cookie, port = 3103;",
    "redis-cli AUTH «hunter2» 3103",
    "requirepass «hunter2» # 3103",
    "machine localhost login admin password «hunter2» port 3103",
    "password reset on 3103",
    "PASS tests/a.test.js 3103",
    "TOKEN $TOKEN 3103",
    "admin:«hunter2»@localhost:3103",
    "root:«hunter2»@tcp(localhost:3103)/db",
    'fmt.Sprintf("root:%s@tcp(localhost:3103)/db")',
    "image: redis:7@sha256:0abc 3103",
    "CREATE USER x PASSWORD '«hunter2»' 3103",
    "IDENTIFIED BY '«hunter2»' 3103",
    'psql --password "$PASSWORD" -p 3103',
    'config.setPassword("«hunter2»").port(3103)',
    'builder.password("«hunter2»").port(3103)',
    *(f"X «{form}» 3103" for form in FORMS),
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


SPOKEN = tuple(re.sub("[«»]", "", marked) for marked in SHOWN)
KINDS = (
    *(f"gl{one}-" + "a" * 16 for one in ("ptt", "rt", "dt", "soat")),
    *(f"shp{one}_" + "0a" * 16 for one in ("at", "ca", "pa", "ss")),
    *("auth abcdef1", "secret abcdef1", "token abcdef1"),
    *("glpat-abcdefghijklmnopq", "xoxb-abcdefghijk", "AKIAABCDEFGHIJKLMNOP", "AIza" + "a" * 30, "npm_" + "a" * 30),
    *("hvs.abcdefghijklmnop", "eyJabcdefghij.abc", "sk-" + "a" * 20, "rk_test_abcdef", "gho_" + "a" * 20, "curl -ua:b h"),
    *("Basic abcdefgh=", "discordapp.com/api/webhooks/12345", "docker login -u a -p b", "mysqldump -p=b", "mariadb -h a -pb"),
    *(
        "session=abc",
        "connect.sid=abc",
        "PGPASS=abc",
        "credentials=abc",
        "auth-salt=abc",
        "passphrase: 'a b'",
        "passwd=abc",
        "pwd=abc",
    ),
    *(
        *(f"gh{one}_" + "a" * 20 for one in "opsur"),
        "ghs_" + "a" * 20,
        "authorization=abc",
        "BEARER abcdefgh",
        "pa\u017fsword=abc",
        "não é o token=abc",
        "s\u0130gn\u0131ng-\u212aey=abc",
    ),
)


@pytest.mark.parametrize("line", [each for line in (*SPOKEN, *KINDS) for each in (line, line.upper(), line.lower())])
def test_a_pattern_is_asked_wherever_it_matches(line: str) -> None:
    """The words that a line must hold keep no secret from the patterns."""
    expected = line
    for pattern, _, folded in SECRETS:
        places = [found.span("secret") for found in pattern.finditer(secrets.folded(expected) if folded else expected)]
        expected = secrets._starred(expected, places)
    assert hidden(line) == expected


def test_every_word_is_in_something_that_a_pattern_matches() -> None:
    """No word is there in vain."""
    for given in {secret.words for secret in SECRETS}:
        patterns = [(secret.pattern, secret.folded) for secret in SECRETS if secret.words == given]
        lines = [(line, secrets.folded(line)) for line in (*SPOKEN, *KINDS)]
        found = [low for line, low in lines if any(pattern.search(low if folded else line) for pattern, folded in patterns)]
        assert [word for word in given if not any(word in line for line in found)] == []


def test_the_surroundings_of_many_places_are_gone_through_once() -> None:
    line = "http://localhost:3103 token=abc " * 1_000
    places = [place.start() for place in re.finditer("3103", line)]
    once = [secrets.around(line, at, at + 4) for at in places]
    secrets._masked.cache_clear()
    assert [secrets.around(line, at, at + 4) for at in places] == once
    assert secrets._masked.cache_info().misses <= len(line) / BLOCK + 1
    assert all(len(front) == min(at, REACH) and "abc" not in front[8:] for at, (front, _) in zip(places, once, strict=True))


def test_a_text_in_lower_case_is_as_long_and_says_the_same() -> None:
    letter = re.compile("[a-z]", re.IGNORECASE)
    every = [chr(number) for number in range(0x11_0000)]
    assert all(len(secrets.folded(one)) == 1 for one in every)
    alike = [one for one in every if letter.fullmatch(one)]
    assert len(alike) > 2 * 26
    assert all(re.fullmatch(secrets.folded(one), one, re.IGNORECASE) and secrets.folded(one).isascii() for one in alike)
