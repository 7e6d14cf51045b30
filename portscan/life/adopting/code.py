"""Services that no compose file starts: variables that carry a port, and programs that listen on a number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from portscan.life.adopting.found import Fact, Found, named
from portscan.model import PortLiteral
from portscan.wellknown import directory

VARIABLE = re.compile(r"(?!(?:HOST|HTTP|HTTPS|SERVER|APP|LISTEN|DB|DATABASE)_PORT$)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_PORT")
ELSEWHERE = re.compile(
    r"(?i)(?:^|/)(?:tests?|__tests__|spec|e2e|fixtures?|testdata|mocks?|examples?|docs?|samples?)(?:/|$)|[._-](?:test|spec)\."
)
LISTENS = frozenset(
    ("javascript-listen", "javascript-server", "python-server", "go-listen", "web-servers", "runserver", "named-program")
)
MANY = re.compile(r"(?:_REMOTE|_EXTERNAL|SMTP|EMAIL|MAIL|_UPSTREAM)")


def found(literals: Iterable[PortLiteral], taken: Iterable[int], variables: Iterable[str]) -> Iterator[Found]:
    """The services behind variables and listening calls whose numbers and variables nobody has yet."""
    code = [each for each in literals if each.context == "code" and not ELSEWHERE.search(each.path)]
    numbers, names = set(taken), set(variables)
    for each in (*_by_variable(code), *_by_call(code)):
        variable = each.facts["env"].value if "env" in each.facts else None
        if each.port not in numbers and variable not in names:
            numbers.add(each.port)
            names.add(str(variable))
            yield each


def _by_variable(code: list[PortLiteral]) -> Iterator[Found]:
    groups: dict[str, list[PortLiteral]] = {}
    for literal in code:
        name = literal.variable or ((literal.name or "").rsplit(".", 1)[-1] if literal.language == "env" else "")
        if name and VARIABLE.fullmatch(name) and not MANY.search(name):
            groups.setdefault(name, []).append(literal)
    for name, group in sorted(groups.items()):
        port = Counter(literal.port for literal in group).most_common(1)[0][0]
        first = next(literal for literal in group if literal.port == port)
        place = f"{first.path}:{first.location.line}"
        expected = directory().by_port.get(port)
        if expected is None or expected.shared:
            service = named(name.removesuffix("_PORT").lower().replace("_", "-"))
            more = f", and {len(group) - 1} more" if len(group) > 1 else ""
            yield Found(service, place, port, {"port": Fact(port, f"{place}{more}"), "env": Fact(name, place)})


def _by_call(code: list[PortLiteral]) -> Iterator[Found]:
    seen: set[str] = set()
    for literal in code:
        folder = literal.path.rpartition("/")[0].removesuffix("/src").removesuffix("/cmd")
        if literal.rule in LISTENS and not literal.variables and folder and folder not in seen and literal.port > 1023:
            seen.add(folder)
            place = f"{literal.path}:{literal.location.line}"
            facts = {
                "port": Fact(literal.port, place),
                "protocol": Fact("http", "a guess"),
                "paths": Fact([f"{folder}/**"], place),
            }
            yield Found(named(folder.rsplit("/", 1)[-1]), place, literal.port, facts)
