"""What the source in front of a value says of it: what it is called, which function it is handed to, what it stands in for.

One idea: a value stands in a segment (between separators), the segment in a bracket, the bracket in a segment again. Each
step outwards adds what it tells, until a step settles the matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from portscan.languages.tokens import Code
from portscan.sites import ITEM, NAMING

DEEPEST = 8  # steps outwards
REACH = 80  # tokens in front of a value that one step looks at
LONGEST = 600  # characters in front of a value that are handed on
ASSIGNING = frozenset(("=", ":=", ":", "=>", "->", "||=", "??=", "==", "!=", "===", "!==", "eq", "<<", "\\\\"))
ENDING = frozenset(("=", ":=", "||=", "??=", "==", "!=", "===", "!=="))
TYPES = frozenset(("int", "int32", "int64", "uint", "uint16", "uint32", "string", "String", "Int", "number", "str"))
KEYWORDS = frozenset(
    ("return", "case", "in", "of", "and", "or", "not", "when", "then", "else", "new", "await", "throw", "yield", "echo", "do", "is")
)
DECLARING = frozenset(("class", "object", "enum", "struct", "module", "interface", "namespace", "record", "trait", "impl"))
LINKING = frozenset((".", "::", "->", "&", "?", "new", "!"))
QUOTES = "\"'`"
# names that say only that this is the value of what is named elsewhere
HOLDING = re.compile(r"(?:env)?_?default(?:_?value)?(?:_t)?|value|fallback|initial", re.IGNORECASE)
# functions that hand on their arguments: collections, conversions, and the fallback of something optional
COLLECTING = re.compile(r"(?i:(?:mutable)?(?:list|set|array|intarray)of|aslist|of|list|seq|set|array|vector)|vec!")
WRAPPER = re.compile(
    r"(?:u?int(?:eger)?(?:8|16|32|64)?(?:_?ptr|p)?|[iu](?:16|32|64)|short|long|number|str(?:ing)?|ptr(?:to)?|pointer|to|some|ok"
    r"|just|box|parse(?:int|_int)?|atoi|valueof|to_?(?:string|str|int(?:eger)?|i|s)|into|from(?:_?(?:int|str|string|u16)(?:32)?)?"
    r"|static_cast|new|cast|convert"
    r"|unwrap_or\w*|or_?else\w*|get_?or_?(?:else|default)|or_?default|default(?:_?value)?|if_nil|coalesce)",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(r"-{0,2}([A-Za-z_$@][\w.$-]*)(?:[,|]\s*-{0,2}\w+|\s<\w+>)?")
GENERIC = re.compile(r"(?:<[\w<>, ]*>|\[[\w.*]*\])$")
EQUAL = re.compile(r"(?:assert_?)?(?:not_?)?(?:strict_?)?(?:equals?|eq)(?:_?values)?!?|assert_(?:not_)?equals?|assert_[en][eq]!", re.IGNORECASE)
CONSTANT = re.compile(r"[A-Z][A-Z\d]*_[A-Z\d_]+|[A-Z]{3,}")


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
        text = self.code.text(self.begin, self.index)[-LONGEST:]
        return f"{self.aside[:LONGEST]} {text}" if self.aside else text


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
    sign = _sign(code, first, at)
    if sign is not None:
        found.begin = min(found.begin, sign + 1)
        name = _name_left(code, first, sign)
        found.names += [name] if name else []
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


def _sign(code: Code, first: int, at: int) -> int | None:
    """The nearest sign in front of `at` that gives a name to what follows; the colon of `a ? b : c` is none."""
    colon = None
    for i in code.back(at, max(first, at - REACH)):
        value = code.tokens[i].value
        if value == "?" and colon is not None:
            colon = None
        elif value == ":" and colon is None and not _scoping(code, i):
            colon = i
        elif value in ASSIGNING and value != ":":
            return i if colon is None else colon
    return colon if colon is not None and colon > first and _name_left(code, first, colon) else None


def _scoping(code: Code, i: int) -> bool:
    """Whether the colon at `i` is that of `$env:PORT`."""
    before, after = code.tokens[i - 1], code.tokens[min(i + 1, len(code.tokens) - 1)]
    return before.value.startswith("$") and before.end == code.tokens[i].start == after.start - 1


def _name_left(code: Code, first: int, sign: int) -> str:
    """The name on the left of the sign at `sign`; a type between them is passed over (`port: u16 = 8080`)."""
    tokens, i = code.tokens, sign - 1
    if i < first:
        return ""
    if tokens[i].value in ")]}":
        return _name_in(code, i, first)
    if tokens[sign].value == "=":
        typed = next((j for j in code.back(sign, first) if tokens[j].value == ":"), first)
        if typed > first and tokens[typed - 1].kind == "name" and not _scoping(code, typed):
            return _plain(tokens[typed - 1].value)
        if i > first and tokens[i].value in TYPES and tokens[i - 1].kind == "name":
            return _plain(tokens[i - 1].value)
    return _plain(tokens[i].value) if tokens[i].kind in ("name", "string") else ""


def _name_in(code: Code, i: int, first: int) -> str:
    """The name of what ends with the bracket at `i`: `env["PORT"]`, `ports[2]`, `getPort()`, `Port { get; set; }`."""
    opener = code.partner.get(i, i)
    inside = code.tokens[opener + 1 : i]
    if inside and inside[-1].kind == "string":
        return _plain(inside[-1].value)
    return _plain(code.tokens[opener - 1].value) if first < opener and code.tokens[opener - 1].kind == "name" else ""


def _plain(value: str) -> str:
    return value.strip(QUOTES + "?!@$")


def _named(found: Surroundings, first: int, opener: int) -> int | None:
    """The value has a name of its own; what is around it may tell what that is about."""
    code = found.code
    if opener < 0:
        _opening_argument(found, code.statement[first], first)
        return None
    bracket = code.tokens[opener].value
    if found.names and HOLDING.fullmatch(found.names[-1]):
        stop = code.partner.get(opener, first)
        about = _beside(code, opener, stop)
        if about:
            found.names[-1] = about
            found.aside = code.text(_callee(code, opener), stop)
        elif bracket == "(":
            found.names.pop()
            return _callee(code, opener)
    if bracket == "(":
        return None
    outer = _sign(code, code.segment[opener], opener)
    if outer is not None:
        name = _name_left(code, code.segment[opener], outer)
        found.names += [name] if name else []
    elif bracket == "{":
        found.names += reversed(_header(code, opener))
    return None


def _opening_argument(found: Surroundings, statement: int, first: int) -> None:
    """`network "forwarded_port", guest: 80`: the first argument of a call without brackets says what it is about."""
    name = _argument_name(found.code, statement, first) if statement < first else ""
    found.names += [name] if name else []


def _beside(code: Code, opener: int, stop: int) -> str:
    """`{name = "PORT", value = 80}`: what a neighbour says that the object is about."""
    for i in range(opener + 1, min(stop - 2, opener + REACH)):
        if _plain(code.tokens[i].value).lower() in NAMING and code.tokens[i + 1].value in ASSIGNING and code.opener[i] == opener:
            return _plain(code.tokens[i + 2].value)
    return ""


def _header(code: Code, opener: int) -> list[str]:
    """The names in front of a block: `variable "app_port" {`, `ports {`, `enum Ports {`."""
    tokens = code.tokens[max(code.segment[opener], opener - REACH) : opener]
    if any(t.kind not in ("name", "string") for t in tokens):
        return []
    declared = next((i for i, t in enumerate(tokens) if t.value in DECLARING), None)
    chosen = tokens[declared + 1 : declared + 2] if declared is not None else tokens if len(tokens) < 4 else []
    return [_plain(t.value) for t in chosen]


def _handed(found: Surroundings, at: int, opener: int) -> int | None:
    """The value is an argument of what stands in front of the bracket."""
    code = found.code
    first, place = _callee(code, opener), code.place[at]
    if first == opener:
        if code.partner.get(opener) is not None and not found.call and any(True for _ in _commas(code, opener, at)):
            found.call, found.argument = "tuple", place
        return opener
    callee = code.text(first, opener).strip()
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
    name = _compared(code, opener + 1, at) if EQUAL.fullmatch(last) else _argument_name(code, opener + 1, code.segment[at])
    found.names += [name] if name else []
    return None


def _compared(code: Code, start: int, at: int) -> str:
    """`assertEquals(8080, server.getPort())`: the name of the other side."""
    stop = code.partner.get(code.opener[at], len(code.tokens)) if code.opener[at] >= 0 else len(code.tokens)
    ends = [i - 1 for i in range(at + 1, min(stop + 1, at + 20)) if i == stop or code.tokens[i].value == "," or code.tokens[i].fresh]
    for end in (*ends[1:2], code.segment[at] - 2):
        if end > start - 1 and end != at:
            token = code.tokens[end]
            name = _name_in(code, end, start) if token.value in (")", "]") else _plain(token.value) if token.kind == "name" else ""
            if name:
                return name
    return ""


def _commas(code: Code, opener: int, at: int) -> Iterator[int]:
    """The commas right inside the bracket at `opener`, as far as is needed to tell a tuple from a group."""
    if code.place[at]:
        yield at
    stop = code.partner.get(opener, at)
    following = next((i for i in range(at + 1, min(stop, at + 3)) if code.tokens[i].value == ","), None)
    if following is not None:
        yield following


def _callee(code: Code, opener: int) -> int:
    """The first token of what stands in front of the bracket at `opener`; `opener` itself when nothing does."""
    first, least = opener, code.segment[opener]
    while first > least:
        i = first - 1
        token, behind = code.tokens[i], code.tokens[first].value
        if token.value in (")", "]") and i in code.partner and (behind in LINKING or behind in "(["):
            first = code.partner[i]
        elif token.value == ">" and (generic := _generic(code, i)) is not None:
            first = generic
        elif (token.kind == "name" and token.value not in KEYWORDS) or token.value in LINKING:
            first = i
        else:
            break
    return first


def _generic(code: Code, i: int) -> int | None:
    """Where the type arguments that end at `i` begin: `GetValue<int>(`."""
    for j in range(i - 1, max(i - 10, 0), -1):
        if code.tokens[j].value == "<":
            return j if code.tokens[j - 1].kind == "name" else None
        if code.tokens[j].kind not in ("name", "sign"):
            return None
    return None


def _argument_name(code: Code, start: int, stop: int) -> str:
    """`put("port", 8080)`: the nearest argument in front that is a string, a symbol or a constant names the value.

    One letter is the short form of a flag: the name is the argument before it.
    """
    for i in range(stop - 2, max(start, stop - REACH) - 1, -1):
        token = code.tokens[i]
        if code.opener[i] != code.opener[start] and not (i == stop - 3 and code.tokens[stop - 2].value == "]"):
            continue
        symbol = token.kind == "name" and i > start and code.tokens[i - 1].value == ":"
        if token.kind == "string" or symbol or (i == stop - 2 and CONSTANT.fullmatch(token.value)):
            name = _plain(token.value)
            identifier = IDENTIFIER.fullmatch(name)
            if len(name) > 1:
                return identifier[1] if identifier else ""
    return ""


def _listed(found: Surroundings, opener: int) -> int | None:
    """The value is an element of a list, or an index, which says nothing."""
    code = found.code
    before = code.tokens[opener - 1] if opener else None
    declared = _declared(code, opener) if before is None or before.value == "#" or opener == code.statement[opener] else ""
    if declared:
        found.names.append(declared)
        found.aside = code.text(opener, code.partner[opener])
        return None
    adjacent = before is not None and before.end == code.tokens[opener].start
    if before is not None and adjacent and (before.kind == "name" or before.value in ")]") and not before.value.endswith("!"):
        return None
    if not found.call:
        found.names.append(ITEM)
    return _callee(code, opener) if before is not None and before.value.endswith("!") else opener


def _declared(code: Code, opener: int) -> str:
    """What an annotation that opens at `opener` belongs to: `#[arg(default_value_t = 8080)] pub port: u16`."""
    i = code.partner.get(opener, len(code.tokens)) + 1
    name = ""
    for token in code.tokens[i : i + 12]:
        if token.value in ("#", "[", "]", "<", ">", ".", "?", "&", "@") or token.kind == "name":
            name = token.value if token.kind == "name" else name
            continue
        break
    return _plain(name)


def _bare(found: Surroundings, at: int, first: int) -> bool:
    """An argument of a call without brackets: `port 3000`, `set :port, 4567`, `@port 5808`, `-Port 8080`."""
    code, statement = found.code, found.code.statement[at]
    if first > statement and code.tokens[statement].kind == "name":
        equal = EQUAL.fullmatch(code.tokens[statement].value)
        name = _compared(code, statement, at) if equal else _argument_name(code, statement, first)
        found.names += [name] if name else []
        found.call, found.argument = _plain(code.tokens[statement].value), code.place[at]
        return True
    before = code.tokens[at - 1] if at > first else None
    if before is None or before.kind != "name" or before.value in KEYWORDS or code.tokens[at].fresh:
        return False
    equal = EQUAL.fullmatch(before.value)
    name = _compared(code, first, at) if equal else _plain(before.value)
    found.names += [name] if name else []
    if not found.call:
        found.call, found.argument = code.text(_callee(code, at), at).strip(), 0
    return True


def _braced(found: Surroundings, at: int, first: int, opener: int) -> int | None:
    """The value is an element of a literal in braces, or all that a block consists of."""
    code, tokens = found.code, found.code.tokens
    if at != first and tokens[first].value != "return":
        return None
    head = code.segment[opener]
    sign = _sign(code, head, opener)
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
        found.names.append(_plain(tokens[function - 1].value))
        found.begin = min(found.begin, head)
    return None


def _guard(found: Surroundings, name: str, first: int) -> None:
    """`if port == "" { port = 8080 }`: the value stands in for what the variable was given before."""
    code, opener = found.code, found.code.opener[first]
    begin = code.statement[first]
    head = code.statement[opener] if opener >= 0 and code.tokens[opener].value == "{" else begin
    test = [t.value for t in code.tokens[head : opener if head != begin else first + 1]]
    if not test or test[0] not in ("if", "unless") or not any(_plain(t) == name for t in test):
        return
    for i in range(head - 1, max(head - REACH, 0), -1):
        if code.tokens[i].value in ("=", ":=") and _name_left(code, code.statement[i], i) == name:
            found.begin = min(found.begin, i + 1)
            return
