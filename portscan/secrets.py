"""What nobody is shown of a line: passwords, tokens and keys.

Reports end up in the logs of CI, where more people read them than the file. What is behind a name that says so is hidden, what
stands in front of the host of an address, and what gives itself away by its form. References to variables are no secrets.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


def _either(*names: str) -> str:
    """One expression for names, by their first letters: those the engine looks for before it tries anything."""
    firsts = dict.fromkeys(name[0] for name in names)
    return "(?:" + "|".join(f"{one}(?:{'|'.join(n[1:] for n in names if n[0] == one)})" for one in firsts) + ")"


# In lower case, as the text is in which they are sought. No letter stands in front of `pass`, as in `compass`.
KEYS = "api|access|private|secret|signing|encryption|encrypt|account|master|auth|license|shared|hmac"
NAMED = (
    _either(
        *("passwords?", "passwd", "passphrase", "pwd", "secrets?", "tokens?", "credentials?", r"connect\.sid"),
        *(f"{one}[-_]?(?:key|salt)" for one in KEYS.split("|")),
        *("p(?<![a-z]p)(?:gp)?ass", "p(?<![a-z]p)w", "s(?<![a-z]s)ession(?:id)?", "jsess(?:ion)?id", "phpsess(?:ion)?id"),
        "s(?<=[?&]s)ig(?:nature)?",
    )
    + "(?:[-_](?:base|value|hash|salt|raw|(?:base|b)64))?"
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
BLOCK = 4_096  # characters whose surroundings are gone through once, however many places in them are shown
WORDS = ("pass", "pw", "secret", "token", "credential", "key", "salt", "sess", "sig", "connect.sid")
BEGINNINGS = """
    akia asia aiza ya29. gho_ ghp_ ghs_ ghu_ ghr_ github_pat_ glpat- glptt- glrt- gldt- glsoat- xox xapp- k_live_ k_test_ whsec_
    sk- npm_ pypi-age dckr_pat_ hf_ hvs. sg. shpat_ shpca_ shppa_ shpss_ :aa eyj
"""


class Secret(NamedTuple):
    """What is a secret: an expression, and in lower case the words of which one is in every text that it matches.

    `folded` is sought in the text in lower case, which is much quicker than an expression for letters in either case.
    """

    pattern: re.Pattern[str]
    words: tuple[str, ...]
    folded: bool = False


def _said(pattern: str, *words: str) -> Secret:
    return Secret(compiled(pattern), words, folded=True)


def _written(pattern: str, *words: str) -> Secret:
    return Secret(compiled(pattern), words)


SECRETS = (
    _written(r"(?<=://)[^\s/@:]*:(?!\d{1,5}(?:[/?#]|$))(?P<secret>[^\s@\"'`]{1,200})(?<!/)(?=@)", "@"),
    _written(rf"(?:(?<=http://)|(?<=https://))(?!{REFERENCE})(?P<secret>[^\s/@:\"']{{1,200}})(?=@)", "@"),
    _said(rf"{NAMED}{ASSIGNED}\$?(?P<quote>[\"'`])(?!{REFERENCE})(?P<secret>(?:(?!(?P=quote))[^\n]){{1,500}})", *WORDS),
    _said(rf"{NAMED}{ASSIGNED}(?![=>$]|{REFERENCE})(?P<secret>[^\s\"'`,;&|)}}\]]+)", *WORDS),
    _said(rf"(?<![\w-])--?{NAMED}[ \t]+[\"']?(?![-\"']|{REFERENCE})(?P<secret>[^\s\"'|;&]+)", *WORDS),
    _written(
        rf"{TAKING}(?:[ \t=]+|(?=[^\s=]))[\"']?(?!\$)(?P<secret>[^\s\"'|;&]+)",
        *("sshpass", "mysql", "mariadb", "docker", "redis-cli"),
    ),
    _written(r"(?<!\S)(?:-u|-U|--(?:proxy-)?user)[ \t=]?[\"']?[^\s:\"'/$]+:(?!\$)(?P<secret>[^\s\"'/]+)", "-u"),
    _written(
        r"(?:hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks)/(?P<secret>[\w/-]{5,200})",
        *("hooks.slack.com", "discord"),
    ),
    _said(r"\b(?:bearer|basic)[ \t]+(?P<secret>[\w.+/=-]{8,})", "bearer", "basic"),
    _said(rf"{AUTHORIZED}(?!{SCHEME}|{REFERENCE})(?P<secret>[\w.+/=~-]+)(?=[\"']|\s|$)", "authorization"),
    _written(rf"{STATED}{SCREAMING}[ \t]+[\"']?(?!{REFERENCE}|[-=:])(?P<secret>{BARE}[^\s\"']+|[^\s\"']+(?=[\"']?\s*$))", *WORDS),
    _written(
        rf"(?<![\w.-])(?:{DIRECTIVES})[ \t]+(?!{REFERENCE})(?P<secret>{BARE}[\w.+/~!@#%^&*-]{{6,}})(?!\S)",
        *("pass", "auth", "secret", "token"),
    ),
    _written(
        rf"^[ \t]*(?:[$>#][ \t]+)?login[ \t]+[\w.@-]+[ \t]+(?![-/]|{REFERENCE})(?P<secret>[^\s:]+)(?=\s*$|\s+[\d-]|\s*[;|&])",
        "login",
    ),
    _said(rf"\b(?:identified[ \t]+by|password)[ \t]+{QUOTED}(?P=quote)", "identified", "password"),
    _said(rf"(?:\bset\w*{NAMED}|\.password)\([ \t]*{QUOTED}", *WORDS),
    _said(r"cookies?[\"']?[ \t]*[:=,][ \t]*[\"'`]?[\w.-]+=(?P<secret>[^\s\"'`;=][^\"'`\n]{0,500})", "cookie"),
    _written(
        rf"\bcurl{WITHIN}(?:-b|--cookie)[ \t=]?[\"']?[\w.-]+=(?!{REFERENCE})(?P<secret>[^\s\"'$][^\"'\n]*?)(?=[\"'\s]|$)",
        "curl",
    ),
    _written(rf"(?<![\w/@.:-])[\w.-]{{1,64}}:(?!{REFERENCE})(?P<secret>[^\s@:/\"'`$(){{}}]{{1,100}})(?={SERVED})", "@"),
    _written(rf"\b(?P<secret>{FORMS})", *BEGINNINGS.split()),
)
SPOKEN = compiled("|".join(map(re.escape, dict.fromkeys(word for secret in SECRETS for word in secret.words))))


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
    said = folded(text)
    if not SPOKEN.search(said):
        return text
    for secret in SECRETS:
        if any(word in said for word in secret.words):
            places = [found.span("secret") for found in secret.pattern.finditer(said if secret.folded else text)]
            text, said = _starred(text, places), _starred(said, places)
    return text


def folded(text: str) -> str:
    """The text in lower case, letter for letter: what an expression takes for `s` and `i` in either case is one here as well."""
    return text.replace("\u0130", "i").lower().replace("\u017f", "s").replace("\u0131", "i")


def _starred(text: str, places: Sequence[tuple[int, int]]) -> str:
    for start, end in places:
        text = text[:start] + "*" * (end - start) + text[end:]
    return text
