"""What the source in front of a value says of it: what it is called, which function it is handed to, what it stands in for.

One idea: a value stands in a segment (between separators), the segment in a bracket, the bracket in a segment again. Each
step outwards adds what it tells, until a step settles the matter.
"""

from __future__ import annotations

import re

from portscan.expressions import compiled
from portscan.languages.naming import (
    COLLECTING,
    EQUAL,
    GENERIC,
    KEYWORDS,
    REACH,
    WRAPPER,
    argument_name,
    bare,
    callee_start,
    compared_name,
    declared_name,
    header_names,
    name_beside,
    name_left,
    sign_before,
)
from portscan.languages.tokens import Code
from portscan.records import dataclass, field
from portscan.sites import ITEM

DEEPEST = 8  # steps outwards
LONGEST = 600  # characters in front of a value that are handed on
ENDING = frozenset(("=", ":=", "||=", "??=", "==", "!=", "===", "!==", "~="))
# names that say only that this is the value of what is named elsewhere
HOLDING = compiled(r"(?:env)?_?default(?:_?value)?(?:_t)?|value|fallback|initial", re.IGNORECASE)


@dataclass(slots=True)
class Surroundings:
    """What is known of the token `index` of `code`. `names` are innermost first while they are gathered."""

    code: Code
    index: int
    names: list[str] = field(default_factory=list)
    call: str = ""
    argument: int = -1
    begin: int = 0
    aside: str = ""  # an annotation or an object literal that the value is part of

    @property
    def path(self) -> tuple[str, ...]:
        """The names, outermost first."""
        return tuple(reversed(self.names))

    @property
    def left(self) -> str:
        """The source of what the value stands in for."""
        tokens, source = self.code.tokens, self.code.source
        end = tokens[self.index].start
        text = source[max(tokens[self.begin].start, end - LONGEST) : end]
        return f"{self.aside} {text}" if self.aside else text

    def add(self, name: str) -> None:
        """Put a name around those that are known; an empty one says nothing."""
        if name:
            self.names.append(name)

    def set_aside(self, first: int, stop: int) -> None:
        """Keep the source from the token `first` up to the token `stop`, which the value is part of."""
        start = self.code.tokens[first].start
        self.aside = self.code.source[start : min(self.code.tokens[stop].start, start + LONGEST)]


def surroundings(code: Code, index: int) -> Surroundings:
    """All that the source in front of the token `index` says of it."""
    found = Surroundings(code, index, begin=index)
    at: int | None = index
    for _ in range(DEEPEST):
        if at is None:
            break
        at = _step(found, at)
    return found


def _step(found: Surroundings, at: int) -> int | None:
    """Take in the segment and the bracket around `at`; returns the token that stands for both, None when all is said."""
    code, first = found.code, found.code.segment[at]
    opener = code.opener[at]
    sign = sign_before(code, first, at)
    if sign is not None:
        found.begin = min(found.begin, sign + 1)
        name = name_left(code, first, sign)
        found.add(name)
        if code.tokens[sign].value in ENDING and (opener < 0 or code.tokens[opener].value == "{"):
            _guard(found, name, first)
        return _named(found, first, opener)
    found.begin = min(found.begin, first)
    if opener >= 0 and code.tokens[opener].value == "(":
        return _handed(found, at, opener)
    if opener >= 0 and code.tokens[opener].value == "[":
        return _listed(found, opener)
    if _bare(found, at, first):
        return None
    if opener >= 0:
        return _braced(found, at, first, opener)
    return None


def _named(found: Surroundings, first: int, opener: int) -> int | None:
    """The value has a name of its own; what is around it may tell what that is about."""
    code = found.code
    if opener < 0:
        _opening_argument(found, code.statement[first], first)
        return None
    bracket = code.tokens[opener].value
    if found.names and HOLDING.fullmatch(found.names[-1]):
        stop = code.partner.get(opener, first)
        about = name_beside(code, opener, stop)
        if about:
            found.names[-1] = about
            found.set_aside(callee_start(code, opener), stop)
        elif bracket == "(":
            found.names.pop()
            return callee_start(code, opener)
    if bracket == "(":
        return None
    outer = sign_before(code, code.segment[opener], opener)
    if outer is not None:
        found.add(name_left(code, code.segment[opener], outer))
    elif bracket == "{":
        found.names += reversed(header_names(code, opener))
    return None


def _opening_argument(found: Surroundings, statement: int, first: int) -> None:
    """`network "forwarded_port", guest: 80`: the first argument of a call without brackets says what it is about."""
    if statement < first:
        found.add(argument_name(found.code, statement, first))


def _handed(found: Surroundings, at: int, opener: int) -> int | None:
    """The value is an argument of what stands in front of the bracket."""
    code = found.code
    first, place = callee_start(code, opener), code.place[at]
    if first == opener:
        if not found.call and _is_tuple(code, opener, at):
            found.call, found.argument = "tuple", place
            if not found.names:
                found.add(argument_name(code, opener + 1, code.segment[at]))
        return opener
    callee = code.text(first, opener).strip()[-LONGEST:]
    last = re.split(r"[^\w!]+", GENERIC.sub("", callee))[-1]
    found.begin = min(found.begin, first)
    if COLLECTING.fullmatch(last) and not found.call:
        found.names += [ITEM] if ITEM not in found.names else []
        return first
    if WRAPPER.fullmatch(last) and place == 0 and not found.call:
        return first
    if found.call == "tuple":
        found.call = f"{callee}(tuple"
    elif not found.call:
        found.call, found.argument = callee, place
    equal = EQUAL.fullmatch(last)
    found.add(compared_name(code, opener + 1, at) if equal else argument_name(code, opener + 1, code.segment[at]))
    return None


def _is_tuple(code: Code, opener: int, at: int) -> bool:
    """Whether the bracket at `opener` holds more than the value at `at`: then it is no mere group."""
    stop = code.partner.get(opener)
    return stop is not None and (code.place[at] > 0 or any(t.value == "," for t in code.tokens[at + 1 : min(stop, at + 3)]))


def _listed(found: Surroundings, opener: int) -> int | None:
    """The value is an element of a list, or an index, which says nothing."""
    code = found.code
    before = code.tokens[opener - 1] if opener else None
    declared = declared_name(code, opener) if before is None or before.value == "#" or opener == code.statement[opener] else ""
    if declared:
        found.names.append(declared)
        found.set_aside(opener, code.partner[opener])
        return None
    adjacent = before is not None and before.end == code.tokens[opener].start
    if before is not None and adjacent and (before.kind == "name" or before.value in ")]") and not before.value.endswith("!"):
        return None
    if not found.call:
        found.names.append(ITEM)
    return callee_start(code, opener) if before is not None and before.value.endswith("!") else opener


def _bare(found: Surroundings, at: int, first: int) -> bool:
    """An argument of a call without brackets: `port 3000`, `set :port, 4567`, `@port 5808`, `-Port 8080`."""
    code, statement = found.code, found.code.statement[at]
    if first > statement and code.tokens[statement].kind == "name":
        equal = EQUAL.fullmatch(code.tokens[statement].value)
        found.add(compared_name(code, statement, at) if equal else argument_name(code, statement, first))
        found.call, found.argument = bare(code.tokens[statement].value), code.place[at]
        return True
    before = code.tokens[at - 1] if at > first else None
    if before is None or before.kind != "name" or before.value in KEYWORDS or code.tokens[at].fresh:
        return False
    equal = EQUAL.fullmatch(before.value)
    found.add(compared_name(code, first, at) if equal else bare(before.value))
    start = callee_start(code, at)
    if not found.call and start == first and not before.value.startswith("@"):
        found.call, found.argument = code.text(start, at).strip(), 0
    return True


def _braced(found: Surroundings, at: int, first: int, opener: int) -> int | None:
    """The value is an element of a literal in braces, or all that a block consists of."""
    code, tokens = found.code, found.code.tokens
    if at != first and tokens[first].value != "return":
        return None
    head = code.segment[opener]
    sign = sign_before(code, head, opener)
    closing = next((i for i in range(opener - 1, max(head, opener - REACH) - 1, -1) if tokens[i].value == ")"), None)
    if sign is not None and (closing is None or closing < sign):
        found.names.append(ITEM)
        return opener
    if closing is None or closing not in code.partner:
        outside = code.opener[opener]
        return opener if outside >= 0 and tokens[outside].value in "([" else None
    only = first == opener + 1 and code.statement[code.partner.get(opener, at + 1) - 1] == first
    if code.place[at] or not (only or tokens[first].value == "return"):
        return None
    function = code.partner[closing]
    if function > head and tokens[function - 1].kind == "name" and tokens[function - 1].value not in KEYWORDS:
        found.names.append(bare(tokens[function - 1].value))
        found.begin = min(found.begin, head)
    return None


def _guard(found: Surroundings, name: str, first: int) -> None:
    """`if port == "" { port = 8080 }`: the value stands in for what the variable was given before."""
    code, opener = found.code, found.code.opener[first]
    begin = code.statement[first]
    head = code.statement[opener] if opener >= 0 and code.tokens[opener].value == "{" else begin
    test = [t.value for t in code.tokens[head : min(opener if head != begin else first + 1, head + REACH)]]
    if not test or test[0] not in ("if", "unless") or not any(bare(t) == name for t in test):
        return
    for i in range(head - 1, max(head - REACH, 0), -1):
        if code.tokens[i].value in ("=", ":=") and name_left(code, code.statement[i], i) == name:
            found.begin = min(found.begin, i + 1)
            return
