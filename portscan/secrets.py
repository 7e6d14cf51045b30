"""What nobody is shown of a line: passwords, tokens and keys.

Reports end up in the logs of CI, where more people read them than the file. What is behind a name that says so is hidden, what
stands in front of the host of an address, and what gives itself away by its form. References to variables are no secrets.
"""

from __future__ import annotations

import re

from portscan.expressions import compiled

NAMED = (
    r"(?:(?:passwords?|passwd|passphrase|pwd|secrets?|tokens?|credentials?"
    r"|(?:api|access|private|secret|signing|encryption|encrypt|account|master|auth|license|shared|hmac)[-_]?(?:key|salt)"
    r"|(?<![A-Za-z])(?:pg)?pass|(?<![A-Za-z])pw|(?<![A-Za-z])session(?:id)?|(?<=[?&])sig(?:nature)?)"
    r"(?:[-_](?:base|value|hash|salt|raw|(?:base|b)64))?)"
)
# Programs that take a password as an option, which may stand right in front of it.
WITHIN = r"\b[^|;&\n]{0,200}?[ \t]"
TAKING = rf"\b(?:(?:sshpass|mysql|mysqldump|mysqladmin|mariadb|docker[ \t]+login){WITHIN}-p|redis-cli{WITHIN}(?:-a|--pass))"
# Behind the name, whatever assigns: `X=`, `"x": "`, `x => '`, `?x=`. A variable, a template or a number is shown.
ASSIGNED = r"""["'\]]?[ \t]*(?:=>|:=|:-|[:=])[ \t]*"""
REFERENCE = r"(?:\$[\w({]|%[\w({]|<[^<>\s]{1,40}>|\{[^{}\s]{0,40}\}|\{[{%]|\d{1,5}(?!\w))"
SCHEME = r"[A-Za-z]+[ \t]"
AUTHORIZED = rf"\bauthorization{ASSIGNED}[\"']?(?:{SCHEME}+)?"
REACH = 4_000
SECRETS = (
    compiled(r"(?<=://)[^\s/@:]*:(?!\d{1,5}(?:[/?#]|$))(?P<secret>[^\s@\"'`]{1,200})(?<!/)(?=@)"),
    compiled(rf"(?<=https://)(?!{REFERENCE})(?P<secret>[^\s/@:\"']{{1,200}})(?=@)"),
    compiled(rf"{NAMED}{ASSIGNED}\$?(?P<quote>[\"'`])(?!{REFERENCE})(?P<secret>(?:(?!(?P=quote))[^\n]){{1,500}})", re.IGNORECASE),
    compiled(rf"{NAMED}{ASSIGNED}(?![=>$]|{REFERENCE})(?P<secret>[^\s\"'`,;&|)}}\]]+)", re.IGNORECASE),
    compiled(rf"(?<![\w-])--?{NAMED}[ \t]+[\"']?(?![-\"']|{REFERENCE})(?P<secret>[^\s\"'|;&]+)", re.IGNORECASE),
    compiled(rf"{TAKING}(?:[ \t=]+|(?=[^\s=]))[\"']?(?!\$)(?P<secret>[^\s\"'|;&]+)"),
    compiled(r"(?<!\S)(?:-u|-U|--(?:proxy-)?user)[ \t=]?[\"']?[^\s:\"'/$]+:(?!\$)(?P<secret>[^\s\"'/]+)"),
    compiled(r"(?:hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks)/(?P<secret>[\w/-]{5,200})"),
    compiled(r"\b(?:bearer|basic)[ \t]+(?P<secret>[\w.+/=-]{8,})", re.IGNORECASE),
    compiled(rf"{AUTHORIZED}(?!{SCHEME}|{REFERENCE})(?P<secret>[\w.+/=~-]+)(?=[\"']|\s|$)", re.IGNORECASE),
    compiled(
        r"\b(?P<secret>AKIA[0-9A-Z]{16}|gh[opsur]_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|[rs]k_(?:live|test)_\w{6,}"
        r"|sk-[\w-]{20,}|AIza[\w-]{30,}|npm_\w{30,}|hvs\.[\w-]{16,}|eyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?)"
    ),
)


def hidden(line: str, start: int = 0, end: int = 0) -> str:
    """The line with asterisks in place of every secret, but for the characters from `start` to `end`, which are spoken of.

    Of a very long line it is what stands around these characters; nobody is shown more.
    """
    first, last = max(start - REACH, 0), end + REACH
    shown = line[first:last]
    for pattern in SECRETS:
        shown = pattern.sub(_asterisks, shown)
    return line[:first] + shown[: start - first] + line[start:end] + shown[end - first :] + line[last:]


def _asterisks(match: re.Match[str]) -> str:
    first, last = match.start("secret") - match.start(), match.end("secret") - match.start()
    return match[0][:first] + "*" * (last - first) + match[0][last:]
