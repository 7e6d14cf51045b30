"""What nobody is shown of a line: passwords, tokens and keys.

Reports end up in the logs of CI, where more people read them than the file. What is behind a name that says so is hidden, what
stands in front of the host of an address, and what gives itself away by its form. References to variables are no secrets.
"""

from __future__ import annotations

import re

NAMED = (
    r"(?:passwords?|passwd|passphrase|pwd|secrets?|tokens?|credentials?|(?:api|access|private|secret|signing)[-_]?key"
    r"|(?<![A-Za-z])(?:pass|session(?:id)?)|(?<=[?&])sig(?:nature)?)"
)
# Programs that take a password as an option, which may stand right in front of it.
WITHIN = r"\b[^|;&\n]{0,200}?[ \t]"
TAKING = rf"\b(?:(?:sshpass|mysql|mysqldump|mysqladmin|mariadb|docker[ \t]+login){WITHIN}-p|redis-cli{WITHIN}(?:-a|--pass))"
# Behind the name, whatever assigns: `X=`, `"x": "`, `x => '`, `?x=`. A variable, a template or a number is shown.
BEHIND = r"""["'\]]?[ \t]*(?:=>|:=|:-|[:=])[ \t]*["'`]?(?![$%<{]|\d{1,5}(?!\w))"""
REACH = 4_000
SECRETS = (
    re.compile(r"(?<=://)[^\s/@:]*:(?P<secret>[^\s/@]+)(?=@)"),
    re.compile(rf"{NAMED}{BEHIND}(?P<secret>[^\s\"'`,;&|)}}\]]+)", re.IGNORECASE),
    re.compile(rf"{TAKING}(?:[ \t=]+|(?=[^\s=]))[\"']?(?!\$)(?P<secret>[^\s\"'|;&]+)"),
    re.compile(r"(?<!\S)(?:-u|--user)[ \t=]?[\"']?[^\s:\"'/$]+:(?!\$)(?P<secret>[^\s\"'/]+)"),
    re.compile(r"\b(?:bearer|basic)[ \t]+(?P<secret>[\w.+/=-]{8,})", re.IGNORECASE),
    re.compile(r"\b(?P<secret>AKIA[0-9A-Z]{16}|gh[opsur]_\w{20,}|xox[abprs]-[\w-]{10,}|eyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?)"),
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
