"""Names in the tokens of a program: of a variable, a key, a function, an argument, a block, an annotation."""

from __future__ import annotations

import re

from portscan.expressions import compiled
from portscan.languages.tokens import Code
from portscan.sites import NAMING

REACH = 80  # tokens in front of a value that one step looks at
ASSIGNING = frozenset(("=", ":=", ":", "=>", "->", "||=", "??=", "==", "!=", "===", "!==", "~=", "eq", "<<", "\\\\"))
TYPES = frozenset(("int", "int32", "int64", "uint", "uint16", "uint32", "string", "String", "Int", "number", "str"))
KEYWORDS = frozenset(("return", "case", "in", "of", "and", "or", "not", "when", "then", "else", "new", "await", "throw", "yield"))
KEYWORDS |= {"echo", "do", "is"}
DECLARING = frozenset(("class", "object", "enum", "struct", "module", "interface", "namespace", "record", "trait", "impl"))
LINKING = frozenset((".", "::", "->", "&", "?", "new", "!"))
QUOTES = "\"'`"
IDENTIFIER = compiled(r"-{0,2}([A-Za-z_$@][\w.$-]*)(?:[,|]\s*-{0,2}\w+|\s<\w+>)?")
CONSTANT = compiled(r"[A-Z][A-Z\d]*_[A-Z\d_]+|[A-Z]{3,}")

# functions that hand on their arguments: collections, conversions, and the fallback of something optional
COLLECTING = compiled(r"(?i:(?:mutable)?(?:list|set|array|intarray)of|aslist|of|list|seq|set|array|vector)|vec!")
WRAPPER = compiled(
    r"(?:u?int(?:eger)?(?:8|16|32|64)?(?:_?ptr|p)?|[iu](?:16|32|64)|short|long|number|str(?:ing)?|ptr(?:to)?|pointer|to|some|ok"
    r"|just|box|parse(?:int|_int)?|atoi|valueof|to_?(?:string|str|int(?:eger)?|i|s)|into|from(?:_?(?:int|str|string|u16)(?:32)?)?"
    r"|static_cast|new|cast|convert"
    r"|unwrap_or\w*|or_?else\w*|get_?or_?(?:else|default)|or_?default|default(?:_?value)?|if_nil|coalesce)",
    re.IGNORECASE,
)
GENERIC = compiled(r"(?:<[\w<>, ]{0,200}>|\[[\w.*]{0,200}\])$")
EQUAL = compiled(
    r"(?:assert_?)?(?:not_?)?(?:strict_?)?(?:equals?|eq)(?:_?values)?!?|assert_(?:not_)?equals?|assert_[en][eq]!", re.IGNORECASE
)


def sign_before(code: Code, first: int, at: int) -> int | None:
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
    return colon if colon is not None and colon > first and name_left(code, first, colon) else None


def _scoping(code: Code, i: int) -> bool:
    """Whether the colon at `i` is that of `$env:PORT`."""
    before, after = code.tokens[i - 1], code.tokens[min(i + 1, len(code.tokens) - 1)]
    return before.value.startswith("$") and before.end == code.tokens[i].start == after.start - 1


def name_left(code: Code, first: int, sign: int) -> str:
    """The name on the left of the sign at `sign`; a type between them is passed over (`port: u16 = 8080`)."""
    tokens, i = code.tokens, sign - 1
    if i < first:
        return ""
    if tokens[i].value in ")]}":
        return _name_in(code, i, first)
    if tokens[sign].value == "=":
        typed = next((j for j in code.back(sign, max(first, sign - REACH)) if tokens[j].value == ":"), first)
        if typed > first and tokens[typed - 1].kind == "name" and not _scoping(code, typed):
            return bare(tokens[typed - 1].value)
        if i > first and tokens[i].value in TYPES and tokens[i - 1].kind == "name":
            return bare(tokens[i - 1].value)
    return bare(tokens[i].value) if tokens[i].kind in ("name", "string") else ""


def _name_in(code: Code, i: int, first: int) -> str:
    """The name of what ends with the bracket at `i`: `env["PORT"]`, `ports[2]`, `getPort()`, `Port { get; set; }`."""
    opener = code.partner.get(i, i)
    inside = code.tokens[opener + 1 : i]
    if inside and inside[-1].kind == "string":
        return bare(inside[-1].value)
    return bare(code.tokens[opener - 1].value) if first < opener and code.tokens[opener - 1].kind == "name" else ""


def bare(value: str) -> str:
    """A name without its quotes and marks."""
    return value.strip(QUOTES + "?!@$")


def argument_name(code: Code, start: int, stop: int) -> str:
    """`put("port", 8080)`: the nearest argument in front that is a string, a symbol or a constant names the value.

    One letter is the short form of a flag: the name is the argument before it.
    """
    for i in range(stop - 2, max(start, stop - REACH) - 1, -1):
        token = code.tokens[i]
        if code.opener[i] != code.opener[start] and not (i == stop - 3 and code.tokens[stop - 2].value == "]"):
            continue
        symbol = token.kind == "name" and i > start and code.tokens[i - 1].value == ":"
        if token.kind == "string" or symbol or (i == stop - 2 and CONSTANT.fullmatch(token.value)):
            name = bare(token.value)
            identifier = IDENTIFIER.fullmatch(name)
            if len(name) > 1:
                return identifier[1] if identifier else ""
    return ""


def compared_name(code: Code, start: int, at: int) -> str:
    """`assertEquals(8080, server.getPort())`: the name of the other side."""
    tokens = code.tokens
    stop = code.partner.get(code.opener[at], len(tokens))
    ends = [i - 1 for i in range(at + 1, min(stop + 1, at + 20)) if i == stop or tokens[i].value == "," or tokens[i].fresh]
    for end in (*ends[1:2], code.segment[at] - 2):
        if end > start - 1 and end != at:
            token = code.tokens[end]
            name = _name_in(code, end, start) if token.value in (")", "]") else bare(token.value) if token.kind == "name" else ""
            if name:
                return name
    return ""


def name_beside(code: Code, opener: int, stop: int) -> str:
    """`{name = "PORT", value = 80}`: what a neighbour says that the object is about."""
    for i in range(opener + 1, min(stop - 2, opener + REACH)):
        if bare(code.tokens[i].value).lower() in NAMING and code.tokens[i + 1].value in ASSIGNING and code.opener[i] == opener:
            return bare(code.tokens[i + 2].value)
    return ""


def header_names(code: Code, opener: int) -> list[str]:
    """The names in front of a block: `variable "app_port" {`, `ports {`, `enum Ports {`."""
    tokens = code.tokens[max(code.segment[opener], opener - REACH) : opener]
    if any(t.kind not in ("name", "string") for t in tokens):
        return []
    declared = next((i for i, t in enumerate(tokens) if t.value in DECLARING), None)
    chosen = tokens[declared + 1 : declared + 2] if declared is not None else tokens if len(tokens) < 4 else []
    return [bare(t.value) for t in chosen]


def declared_name(code: Code, opener: int) -> str:
    """What an annotation that opens at `opener` belongs to: `#[arg(default_value_t = 8080)] pub port: u16`."""
    i = code.partner.get(opener, len(code.tokens)) + 1
    name = ""
    for token in code.tokens[i : i + 12]:
        if token.value in ("#", "[", "]", "<", ">", ".", "?", "&", "@") or token.kind == "name":
            name = token.value if token.kind == "name" else name
            continue
        break
    return bare(name)


def callee_start(code: Code, opener: int) -> int:
    """The first token of what stands in front of the bracket at `opener`; `opener` itself when nothing does."""
    first, least = opener, max(code.segment[opener], opener - REACH)
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
