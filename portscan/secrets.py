"""What nobody is shown of a line: passwords, tokens and keys.

Reports end up in the logs of CI, where more people read them than the file. What is behind a name that says so is hidden, what
stands in front of the host of an address, and what gives itself away by its form. References to variables are no secrets.
"""

from __future__ import annotations

import re
from functools import lru_cache

from portscan.expressions import compiled

NAMED = (
    r"(?:(?:passwords?|passwd|passphrase|pwd|secrets?|tokens?|credentials?"
    r"|(?:api|access|private|secret|signing|encryption|encrypt|account|master|auth|license|shared|hmac)[-_]?(?:key|salt)"
    r"|(?<![A-Za-z])(?:pg)?pass|(?<![A-Za-z])pw|(?<![A-Za-z])session(?:id)?|(?:j|php)sess(?:ion)?id|connect\.sid"
    r"|(?<=[?&])sig(?:nature)?)"
    r"(?:[-_](?:base|value|hash|salt|raw|(?:base|b)64))?)"
)
# Programs that take a password as an option, which may stand right in front of it.
WITHIN = r"\b[^|;&\n]{0,200}?[ \t]"
TAKING = rf"\b(?:(?:sshpass|mysql|mysqldump|mysqladmin|mariadb|docker[ \t]+login){WITHIN}-p|redis-cli{WITHIN}(?:-a|--pass))"
# Behind the name, whatever assigns: `X=`, `"x": "`, `x => '`, `?x=`. A variable, a template or a number is shown.
ASSIGNED = r"""["'\]]?[ \t]*(?:=>|:=|:-|[:=])[ \t]*"""
REFERENCE = r"(?:\$[\w({]|%[\w({]|<[^<>\s]{1,40}>|\{[^{}\s]{0,40}\}|\{[{%]|\d{1,5}(?!\w))"
QUOTED = rf"""(?P<quote>["'])(?!{REFERENCE})(?P<secret>(?:(?!(?P=quote))[^\n]){{1,200}})"""
SCHEME = r"[A-Za-z]+[ \t]"
AUTHORIZED = rf"\bauthorization{ASSIGNED}[\"']?(?:{SCHEME}+)?"
# What is no more than a word behind a word has a letter and a digit, or ends the line: `TOKEN ab12`, but not `the TOKEN of each`.
BARE = r"(?=[^\s\d]*\d)(?=\S*[A-Za-z])"
SCREAMING = (
    r"(?:[A-Z][A-Z\d]*_)*(?:PASSWORD|PASSWD|PASSPHRASE|(?<=_)PASS|PWD|SECRET|TOKEN|CREDENTIALS"
    r"|(?:API|ACCESS|PRIVATE|SECRET)_?KEY)"
)
SERVED = r"@(?!sha\d)(?:\w{1,8}\()?[\w.-]{1,100}:\d"  # `@localhost:5432`, `@tcp(localhost:3306)`, and no digest of an image
DIRECTIVES = "password|passwd|requirepass|masterauth|secret|token|AUTH"
STATED = r"^[ \t]*(?:(?:ENV|ARG|SET|set|setx|export)[ \t]+)?"
# What is certain by its form: keys of AWS and Google, tokens of GitHub, GitLab, Slack, npm, PyPI, Docker and the like, and JWTs.
FORMS = (
    r"A[KS]IA[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|gh[opsur]_\w{20,}|github_pat_\w{20,}|gl(?:pat|ptt|rt|dt|soat)-[\w-]{16,}"
    r"|xox[abeprs]-[\w-]{10,}|xapp-[\w-]{10,}|[rs]k_(?:live|test)_\w{6,}|whsec_\w{16,}|sk-[\w-]{20,}|npm_\w{30,}|pypi-AgE[\w-]{16,}"
    r"|dckr_pat_[\w-]{16,}|hf_[A-Za-z]{30,}|hvs\.[\w-]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|shp(?:at|ca|pa|ss)_[\da-f]{32}"
    r"|\d{8,10}:AA[\w-]{33,}|eyJ[\w-]{17,}(?:\.[\w-]*){0,2}|eyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?"
)
REACH = 4_000
# What an expression takes for these letters in either case, and `lower` does not; of a capital I with a dot that leaves the dot.
ALIKE = {0x17F: "s", 0x131: "i", 0x307: None}
BLOCK = 4_096  # characters whose surroundings are gone through once, however many places in them are shown
WORDS = ("pass", "pw", "secret", "token", "credential", "key", "salt", "sess", "sig", "connect.sid")
BEGINNINGS = """
    akia asia aiza ya29. gho_ ghp_ ghs_ ghu_ ghr_ github_pat_ glpat- glptt- glrt- gldt- glsoat- xox xapp- k_live_ k_test_ whsec_
    sk- npm_ pypi-age dckr_pat_ hf_ hvs. sg. shpat_ shpca_ shppa_ shpss_ :aa eyj
"""
# Each with the words of which one is in every text that it matches, in lower case: most lines hold none of them.
SECRETS = (
    (compiled(r"(?<=://)[^\s/@:]*:(?!\d{1,5}(?:[/?#]|$))(?P<secret>[^\s@\"'`]{1,200})(?<!/)(?=@)"), ("@",)),
    (compiled(rf"(?:(?<=http://)|(?<=https://))(?!{REFERENCE})(?P<secret>[^\s/@:\"']{{1,200}})(?=@)"), ("@",)),
    (
        compiled(
            rf"{NAMED}{ASSIGNED}\$?(?P<quote>[\"'`])(?!{REFERENCE})(?P<secret>(?:(?!(?P=quote))[^\n]){{1,500}})", re.IGNORECASE
        ),
        WORDS,
    ),
    (compiled(rf"{NAMED}{ASSIGNED}(?![=>$]|{REFERENCE})(?P<secret>[^\s\"'`,;&|)}}\]]+)", re.IGNORECASE), WORDS),
    (compiled(rf"(?<![\w-])--?{NAMED}[ \t]+[\"']?(?![-\"']|{REFERENCE})(?P<secret>[^\s\"'|;&]+)", re.IGNORECASE), WORDS),
    (
        compiled(rf"{TAKING}(?:[ \t=]+|(?=[^\s=]))[\"']?(?!\$)(?P<secret>[^\s\"'|;&]+)"),
        ("sshpass", "mysql", "mariadb", "docker", "redis-cli"),
    ),
    (compiled(r"(?<!\S)(?:-u|-U|--(?:proxy-)?user)[ \t=]?[\"']?[^\s:\"'/$]+:(?!\$)(?P<secret>[^\s\"'/]+)"), ("-u",)),
    (
        compiled(r"(?:hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks)/(?P<secret>[\w/-]{5,200})"),
        ("hooks.slack.com", "discord"),
    ),
    (compiled(r"\b(?:bearer|basic)[ \t]+(?P<secret>[\w.+/=-]{8,})", re.IGNORECASE), ("bearer", "basic")),
    (compiled(rf"{AUTHORIZED}(?!{SCHEME}|{REFERENCE})(?P<secret>[\w.+/=~-]+)(?=[\"']|\s|$)", re.IGNORECASE), ("authorization",)),
    (
        compiled(rf"{STATED}{SCREAMING}[ \t]+[\"']?(?!{REFERENCE}|[-=:])(?P<secret>{BARE}[^\s\"']+|[^\s\"']+(?=[\"']?\s*$))"),
        WORDS,
    ),
    (
        compiled(rf"(?<![\w.-])(?:{DIRECTIVES})[ \t]+(?!{REFERENCE})(?P<secret>{BARE}[\w.+/~!@#%^&*-]{{6,}})(?!\S)"),
        ("pass", "auth", "secret", "token"),
    ),
    (
        compiled(
            rf"^[ \t]*(?:[$>#][ \t]+)?login[ \t]+[\w.@-]+[ \t]+(?![-/]|{REFERENCE})(?P<secret>[^\s:]+)(?=\s*$|\s+[\d-]|\s*[;|&])"
        ),
        ("login",),
    ),
    (
        compiled(rf"\b(?:identified[ \t]+by|password)[ \t]+{QUOTED}(?P=quote)", re.IGNORECASE),
        ("identified", "password"),
    ),
    (
        compiled(rf"(?:\b[sS]et\w*{NAMED}|\.password)\([ \t]*{QUOTED}", re.IGNORECASE),
        WORDS,
    ),
    (
        compiled(r"cookies?[\"']?[ \t]*[:=,][ \t]*[\"'`]?[\w.-]+=(?P<secret>[^\s\"'`;=][^\"'`\n]{0,500})", re.IGNORECASE),
        ("cookie",),
    ),
    (
        compiled(
            rf"\bcurl{WITHIN}(?:-b|--cookie)[ \t=]?[\"']?[\w.-]+=(?!{REFERENCE})(?P<secret>[^\s\"'$][^\"'\n]*?)(?=[\"'\s]|$)"
        ),
        ("curl",),
    ),
    (compiled(rf"(?<![\w/@.:-])[\w.-]{{1,64}}:(?!{REFERENCE})(?P<secret>[^\s@:/\"'`$(){{}}]{{1,100}})(?={SERVED})"), ("@",)),
    (compiled(rf"\b(?P<secret>{FORMS})"), tuple(BEGINNINGS.split())),
)


def hidden(line: str, start: int = 0, end: int = 0) -> str:
    """The line with asterisks in place of every secret, but for the characters from `start` to `end`, which are spoken of.

    Of a very long line it is what stands around these characters; nobody is shown more.
    """
    before, after = around(line, start, end)
    return line[: start - len(before)] + before + line[start:end] + after + line[end + len(after) :]


def around(line: str, start: int, end: int) -> tuple[str, str]:
    """What stands in front of the characters from `start` to `end`, and what behind them, as it may be shown."""
    block = start // BLOCK * BLOCK
    first = max(block - REACH, 0)
    shown = _masked(line[first : max(block + BLOCK, end) + REACH])
    return shown[max(start - REACH - first, 0) : start - first], shown[end - first : end - first + REACH]


@lru_cache(maxsize=16)
def _masked(text: str) -> str:
    said = text.lower().translate(ALIKE)
    for pattern, words in SECRETS:
        if any(word in said for word in words):
            text = pattern.sub(_asterisks, text)
    return text


def _asterisks(match: re.Match[str]) -> str:
    first, last = match.start("secret") - match.start(), match.end("secret") - match.start()
    return match[0][:first] + "*" * (last - first) + match[0][last:]
