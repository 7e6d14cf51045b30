"""Services that no compose file starts: variables that carry a port, and programs that listen on a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from portscan.expressions import compiled
from portscan.judge.wellknown import directory
from portscan.life.adopting import listeners
from portscan.life.adopting.found import Fact, Found, named
from portscan.model import PortLiteral

VARIABLE = compiled(r"(?!(?:HOST|HTTP|HTTPS|SERVER|APP|LISTEN|DB|DATABASE)_PORT$)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_PORT")
ELSEWHERE = compiled(
    r"(?i)(?:^|/)(?:tests?|__tests__|spec|e2e|fixtures?|testdata|mocks?|examples?|docs?|samples?)(?:/|$)|[._-](?:test|spec)\."
)
MANY = compiled(r"(?:_REMOTE|_EXTERNAL|SMTP|EMAIL|MAIL|_UPSTREAM)")


def found(
    literals: Iterable[PortLiteral],
    taken: Iterable[int],
    variables: Iterable[str],
    sources: Mapping[str, bytes],
    known: Collection[str] = (),
    top: str = "",
    owned: Collection[str] = (),
) -> Iterator[Found]:
    """The services behind variables and listening programs whose numbers and variables nobody has yet.

    `sources` are the contents of the files that the literals stand in, `top` is the name of the repository; the folders that are
    `owned` are those of services that are known. Services that are
    `known` to run here may have a variable with any number; the well-known port of another one is most likely that of
    somebody else's.
    """
    code = of_programs(literals)
    numbers, names = set(taken), set(variables)
    for each in _by_variable(code, known):
        variable = each.facts["env"].value
        if (each.port not in numbers or each.key in known) and variable not in names:
            numbers.add(each.port)
            names.add(variable)
            yield each
    yield from listeners.found(code, numbers, sources, top, owned)


def of_programs(literals: Iterable[PortLiteral]) -> tuple[PortLiteral, ...]:
    """The literals that run, or are read by what runs: no tests, no examples, no documents."""
    return tuple(each for each in literals if each.context == "code" and not ELSEWHERE.search(each.path))


def variable_of(each: Found, literals: Iterable[PortLiteral]) -> Fact | None:
    """The one variable that begins with the name of a service and has its port; none where there are several."""
    start = f"{named(each.key).upper().replace('-', '_')}_"
    groups = _grouped(literal for literal in literals if literal.port == each.port)
    fitting = [(name, group[0]) for name, group in groups.items() if name.startswith(start)]
    if len(fitting) != 1:
        return None
    name, first = fitting[0]
    return Fact(name, f"{first.path}:{first.location.line}")


def _grouped(code: Iterable[PortLiteral]) -> dict[str, list[PortLiteral]]:
    """The literals by the variables that carry them."""
    groups: dict[str, list[PortLiteral]] = {}
    for literal in code:
        name = literal.variable or ((literal.name or "").rsplit(".", 1)[-1] if literal.language == "env" else "")
        if name and VARIABLE.fullmatch(name) and not MANY.search(name):
            groups.setdefault(name, []).append(literal)
    return groups


def _by_variable(code: Iterable[PortLiteral], known: Collection[str]) -> Iterator[Found]:
    for name, group in sorted(_grouped(code).items()):
        port = Counter(literal.port for literal in group).most_common(1)[0][0]
        first = next(literal for literal in group if literal.port == port)
        place = f"{first.path}:{first.location.line}"
        expected = directory().by_port.get(port)
        service = named(name.removesuffix("_PORT").lower().replace("_", "-"))
        if expected is None or expected.shared or service in known:
            more = f", and {len(group) - 1} more" if len(group) > 1 else ""
            yield Found(service, place, port, {"port": Fact(port, f"{place}{more}"), "env": Fact(name, place)})
