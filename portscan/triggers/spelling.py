"""How the sources of a language write what a rule needs: how a call, a key, a list of words may go on.

A reader that is not known here writes anything in any way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from portscan.expressions import compiled
from portscan.sites import HOLDERS
from portscan.triggers.commands import COMMANDING
from portscan.triggers.piece import END, ESCAPED

# Readers that look at no number of one digit.
TWO_DIGITS = frozenset(("javascript", "json"))
# Readers that know of no functions, and so of nothing that stands in front of an argument.
WITHOUT_CALLS = frozenset(("json", "yaml", "lines", "plain", "markup", *("shell", "dockerfile", "directives", "procfile")))
# Readers that hand on a call only where its brackets stand behind its name, with nothing but blanks and comments between.
BRACKETED = frozenset(("javascript", "python"))
# More calls, texts and comments than these are not looked through, nor longer ones: each costs time and memory.
FEW, LINES, SHORT = 4, 20, 200
# What is handed no digits, in no comment and no call within a call, is handed no number; unless what it gives is called itself.
SIGNS = r"""[^()\d#/\"'`\\]*"""
PLAINLY = rf"""{SIGNS}(?:(?:"[^"\\\d\n]*"|'[^'\\\d\n]*'){SIGNS}){{0,{FEW}}}"""
NO_DIGITS = rf"""\({PLAINLY}(?:\({PLAINLY}\){PLAINLY}){{0,{FEW}}}\)(?!\s*[.(\[?!\\])"""
CALLED = rf"{END}(?!{NO_DIGITS})(?=[\s\\]*(?:[(<`?!#]|/[/*]))"

# Blanks and comments that end with their line; where one holds an escape, or what ends a line only in JavaScript, nobody knows.
REMARK = r"(?://|#)[^\r\n\u2028\u2029\\]"
LINE = rf"{REMARK}{{0,{SHORT}}}[\r\n]"
COMMENT = rf"(?:/\*|{REMARK}{{0,{SHORT}}}[\\\u2028\u2029]|{REMARK}{{{SHORT + 1}}})"


def _passing(start: str, more: str) -> tuple[str, str]:
    """Characters with a few of `more` between them, and what is more than a few."""
    return rf"{start}(?:{more}{start}){{0,{LINES}}}", rf"{start}(?:{more}{start}){{{LINES + 1}}}"


BLANKS, MANY = _passing(r"[\s)\\]*", LINE)
# Behind the comma, and in front of the next one, there are digits, or a bracket with anything in it.
SLASH = rf"(?:{LINE}|/(?![/*]))"
WITHIN, FURTHER = _passing(r"""[^,;({\[\"'`/#]*""", SLASH)
DIGITS = rf"""[^,;({{\[/#]*?(?:{SLASH}[^,;({{\[/#]*?){{0,{LINES}}}?(?:(?<![\w.])|(?<=\\[nrt]))[1-9][_']?[0-9]"""
BEYOND = rf"[^,;({{\[/#]*(?:{SLASH}[^,;({{\[/#]*){{{LINES + 1}}}"
NUMBER = rf"(?:{WITHIN}(?:[({{\[]|{COMMENT})|{FURTHER}|{DIGITS}|{BEYOND})"
# A reader that looks at the source in front of a value has the number right behind the comma, or a text that may begin with it.
BESIDE_COMMA = frozenset(("code",))
OPENED = r"""["'`](?=[\s\\"'`\d])|[$@\#\w]{1,9}["'`]|\[=*\[|\|\|\|"""
RIGHT_BEHIND = rf"""\s*,\s*(?:[1-9][_']?[0-9]|{OPENED})"""
# An argument or a member with a name of its own: what stands in front of the comma says nothing of it, unless that is `default`.
KEYWORD = r"\s*[A-Za-z_]\w*\s*=(?!=)"
OWN = rf"""\s*["']?(?!(?:{"|".join(sorted(HOLDERS))})\b)[A-Za-z_$][\w$]*["']?\s*"""
ANOTHERS = {"python": rf"(?!{OWN}(?:=(?!=)|:(?!=)))", "javascript": f"(?!{OWN}:)"}

# A text that ends with a colon, and a number joined to it; where a comment stands between them, nobody looks further.
REMARKED = r"(?://|/\*|#|--)"
JOINED = rf""":["'`]\s*(?:(?:\+|\.\.?|<[<>]|[~&])\s*(?:[0-9]|{REMARKED})|{REMARKED})"""
FLAG = r"""-(?<=["'`]-)-?[A-Za-z]"""
# In Python a list has no names in it: `add_argument("--all", "-a", help=…)` is none.
NO_LIST = {"python": rf"""(?![\w-]*["']\s*,(?:\s*["']-[\w-]*["']\s*,)?{KEYWORD})"""}
# In JavaScript only the elements of a list are words of a command: no key of an object, nor what a call ends with.
NO_ELEMENT = "".join(rf"(?!(?:(?<={q}-[A-Za-z])|(?<={q}--[A-Za-z]))[^{q}\\\n]{{0,80}}{q}\s*[:)])" for q in "\"'")
QUOTED_FLAG = rf"""["'`]--?[A-Za-z]{NO_ELEMENT}"""
LONELY = r"(?![^\],\d]{0,200}\])"  # a list of one word is none
LISTED_FLAGS = tuple(rf"{head}\s*{QUOTED_FLAG}" for head in (rf"\[{LONELY}", ",", r"\*/", r"//[^\n/]*(?:/(?!/)[^\n/]*)*\n"))

# What no key goes on with: prose, an import, or a value that holds no digits. A name that is handed on as it is, is no key.
TEXT = r"""(?:"[^"\\\d\n]*(?:\\[^\d\n][^"\\\d\n]*)*"|'[^'\\\d\n]*(?:\\[^\d\n][^'\\\d\n]*)*')"""
PLAIN = r"[A-Za-z_$][\w$.]*(?:\((?:[A-Za-z_$.]{0,40}|\d)\)[\w$.]*)*(?:<[^<>=(){}]*>)?(?:\[\w*\])*"
# What is written out as text is handed to a function, whose arguments go by no other name.
WRITTEN = r"JSON\.stringify\("
CLOSED = r"\)(?![\s)]*[=!/\\])"  # a bracket, and nothing that it is compared with
# A text that is the last element of a list, or stands in front of a word or a further text.
NO_NAME = rf"""["'`](?:\s*\](?!\s*[=:?|!.\[])|[ \t]+(?!as\b|satisfies\b)[A-Za-z]|\s*,\s*{TEXT}\s*[,)\]]|\s*{CLOSED})"""
# What is added to, or reckoned with, or a parameter.
CHANGED = r"\s*(?:[-+*%]\s*[A-Za-z_$]|---|[-+*%/]=|(?:\]\s*)?\)\s*=>)"
# Several of them, one of which is taken; what is compared with them; and a text of JSON in which a shell sees no number.
JOINT = r"(?:\|\|?|\?\??|&&?|[=!]==?|:)"
NO_DIGIT = r"[^'\\\d\n$`;&|()<>]*"
NO_COMMAND = rf"""'\{{{NO_DIGIT}(?:(?:(?<=\w[\w-])\d+(?!\d)|(?<=":)\d{{1,2}}(?=\}})){NO_DIGIT})*\}}'"""
ONE = rf"(?:{TEXT}|{NO_COMMAND}|!?(?:(?:typeof|await) )?{PLAIN}!?(?: as [A-Za-z][\w.]*)?)"
SEVERAL = rf"{ONE}(?:\s*{JOINT}\s*{ONE}){{0,{FEW}}}"
NO_VALUE = rf"""["'`]?\??:\s*(?:{WRITTEN}|\$\{{|{SEVERAL}\s*[,;}})\]])|\s*=\s*{SEVERAL}\s*;"""
NO_RIVAL = rf"\s*[=!]==?\s*{ONE}\s*(?:[,;)}}?]|&&|\|\|)"
# In JavaScript what stands in a list is an element, not the value of a name; unless something is taken of the list.
LISTED = r"[^\[\]]{0,400}(?:\[[^\[\]]{0,400}\][^\[\]]{0,400}){0,8}"
NO_ELEMENTS = {"javascript": rf"""(?!["'`]?(?:\??:|\s*=)\s*\[{LISTED}\](?!\s*[.\[(!?]))"""}
# A name of which something is taken, or that stands between others, or in a text in backticks, or in brackets.
OF_LIST = r"""\[(?:[\w +-]{1,40}|["'][\w-]{1,40}["'])\]!?"""
NO_LAST = rf"""\s*[,}}]|\.|\?\.[A-Za-z_$]|{OF_LIST}\s*(?:[,;):.]|\?\.|&&|\|\|)|\s*{CLOSED}|\s*</|/(?![/*])|`\s*[,.)]"""
NO_LAST += r"""|["'`]?\]?\s*(?:\?\?|\|\||&&)(?!=)"""
# In Python a name goes on as what a value is given to, compared with or told by: not with another
# name, unless that begins a text, nor as a parameter.
BARE_COMMA = r"\s*,\s*(?!in\b)[^\s=)\]#\\]"
TYPED = r"""\s*:\s*[A-Za-z_][\w.]*(?:\[[\w., |\[\]"']*\])?\s*[,)]"""
# A function without a number in its parameters that returns nothing, and a statement that hands a method no number.
NEXT = r"[ \t]*\r?\n\s*(?!(?:or|and|if|in|not|is)\b)[A-Za-z_@]"
NOTHING = r"\([^()\d]*\)\s*->\s*None\s*:"
GIVEN = rf"\s*=\s*[A-Za-z_][\w.]*(?:\(\))?(?:[ \t]*[,)]|{NEXT})"
LAST_PARAMETER = r"""\)\s*(?:->\s*(?!\s)[\w., |\[\]"']+)?:[ \t]*(?:#[^\n]{0,300})?\r?\n"""
NO_KEY = {
    "python": rf"""(?!["')\]}}\s]+(?<!["'])(?!in\b|not\b)[A-Za-z_]|{TYPED}|{GIVEN}|{LAST_PARAMETER})""",
    "javascript": rf"""(?!\s*;|["'`]\s*;|-\w|\s+[A-Za-z_]|{NO_LAST}|{NO_NAME}|{CHANGED}|{NO_VALUE}|(?:{OF_LIST})?{NO_RIVAL})""",
    "json": rf"""(?!["']\s*:\s*(?:{TEXT}|\[[^\[\]\d]{{0,2000}}\])\s*[,}}\]])(?=["']?\s*(?:[:/,}}\]{{\["']|\Z))""",
    "yaml": r"""(?=["']?[ \t]*(?:[:=#,}\]\r\n]|\Z))""",  # behind `name:` a value is a name, too
}
# The end of a key, where a path tells no more of it.
ENDED = compiled(r"\*([A-Za-z.]{3,})")
KEY_ENDS = {"yaml": r"""(?=["']?\s*[:=])"""}
# Readers whose keys may stand between quotes, with a colon behind them.
KEYED = frozenset(("javascript", "json", "python"))
NO_TEXT = rf"""(?!\w{{0,{SHORT}}}["']\s*:\s*{TEXT}\s*[,}}])"""
WHOLE = frozenset(("javascript", "json", "python", "shell", "yaml"))  # readers whose keys are names as they stand there
NO_CALL = r"(?!\w+(?:\?\.)?\()"  # `listeners.add(…)` has no key with a full stop in it
# What a call gives that is handed an object alone; with texts and comments in it that end for certain.
SIMPLE = rf"""[^{{}}()\[\]"'`/\\]{{0,{SHORT}}}"""
ENDING = rf"""(?<!\.\.\.)(?:"[^"\\\n]{{0,{SHORT}}}"|'[^'\\\n]{{0,{SHORT}}}')|//[^\r\n\u2028\u2029]{{0,{SHORT}}}\n"""
DEEP = rf"{SIMPLE}(?:(?:{ENDING}){SIMPLE}){{0,{LINES}}}"
for _ in range(2):
    DEEP = rf"{SIMPLE}(?:(?:{ENDING}|[({{\[]{DEEP}[)}}\]]){SIMPLE}){{0,{LINES}}}"
GIVING = rf"(?:(?:await|new) )*[A-Za-z_$][\w$.]*\(\s*\{{{DEEP}\}}\s*(?:,\s*)?\)(?:\.[A-Za-z]+\(\))*\s*[,;)}}\]]"
# Behind `=` a brace may be that of JSX, with a text in it.
MEMBER = rf"\.\.\.[A-Za-z_$]|{SEVERAL}\s*\}}|\}}|(?:[\w$]+|{TEXT})\s*:|[\w$]+\s*(?:\}}|,\s*[\w$}}]|\Z)"
NO_OBJECT = {
    "javascript": rf"""(?!["'`]?\??:\s*(?:\{{|{GIVING})|\s*=\s*(?:\{{\s*(?:{MEMBER})|{GIVING}))""",
    "json": r"""(?!["']\s*:\s*\{)""",
}


def escaped(pieces: Sequence[str], reader: str) -> tuple[str, ...]:
    """Pieces for a text. In commands within commands there may be many backslashes, and in Make `$$` for `$`."""
    if reader not in COMMANDING:
        return tuple(pieces)
    return tuple(piece.replace(ESCAPED, r"\\*").replace(r"\$", r"[\\$]*\$") for piece in pieces)


def together(reader: str) -> Sequence[str]:
    """What a reader puts together of several texts: a number joined to one, and a list of words with flags in it.

    One of commands is handed them as they are.
    """
    if reader in COMMANDING:
        return ()
    listed = LISTED_FLAGS if reader == "javascript" else (FLAG + NO_LIST.get(reader, ""),)
    return listed if reader in TWO_DIGITS else (JOINED, *listed)


def called(pieces: Sequence[str], reader: str) -> tuple[str, ...]:
    """Pieces for the name of a function, where it is called."""
    if reader not in BRACKETED:
        return tuple(pieces)
    return tuple(piece.removesuffix(END) + CALLED if piece.endswith(END) else piece for piece in pieces)


def before_comma(pieces: Sequence[str], reader: str) -> tuple[str, ...]:
    """Pieces for what stands in front of a comma and a number."""
    within = rf"(?:{BLANKS}(?:,{ANOTHERS.get(reader, '')}{NUMBER}|{COMMENT})|{MANY})"
    number = RIGHT_BEHIND if reader in BESIDE_COMMA else within
    return tuple(piece.removesuffix(END) + number if piece.endswith(END) else piece for piece in pieces)


def named(pieces: Sequence[str], reader: str) -> tuple[str, ...]:
    """Pieces for words in names. A key whose value is a text without digits names nothing."""
    return tuple(piece + NO_TEXT for piece in pieces) if reader in KEYED else tuple(pieces)


def key_of(path: str, reader: str) -> str:
    """The most telling key of a path pattern: the end of the last one, where that is what it tells of it, or the longest name.

    Nothing where none is told.
    """
    steps = path.removesuffix("/[]").split("/")
    ended = ENDED.fullmatch(steps[-1])
    if ended and reader in KEY_ENDS:
        return re.escape(ended[1]) + KEY_ENDS[reader]
    name = _longest(path)
    return name and key(name, reader, last=name in steps[-1], whole=name in steps, elements=path.endswith("/[]"))


def compared(paths: Sequence[str], reader: str) -> tuple[str, ...]:
    """Pieces for what is compared with the only key of paths, and stands in front of it: `"nc db 80" === x.command`.

    What is compared goes by the last name of the other side alone.
    """
    steps = (path.removesuffix("/[]").removeprefix("**/") for path in paths)
    names = sorted({step for step in steps if step.isidentifier()})
    if not names or reader != "javascript":
        return ()
    further = rf"=?\s*(?:[^\n;{{}}]{{0,80}}[^\w$\n;{{}}])?(?:{'|'.join(names)})(?!\??\.?[\w$])"
    return tuple(rf"{sign}(?:(?<=[\"'`\d)]{sign})|(?<=[\"'`\d)]\s{sign})|(?<=\s\s{sign})){further}" for sign in ("==", "!="))


def _longest(path: str) -> str:
    """The longest name in a path pattern that is written out, or the longest piece; one that speaks of ports is sought anyway."""
    names = re.findall(r"[A-Za-z_.-]{2,}", re.sub(r"\{\w+\}|\[\]", "", path))
    return max(names, key=lambda name: ("ort" in name.lower(), name.isalpha(), len(name)), default="")


def key(name: str, reader: str, *, last: bool, whole: bool, elements: bool = False) -> str:
    """`name` where it may be a key: no part of a longer word, nor what something is taken from: `args.map`, `...args`.

    What stands at the `last` key of a path is no object, nor a list unless its `elements` are meant. A name that is a `whole`
    key is no part of another name.
    """
    if not re.fullmatch(r"_?[A-Za-z](?:\w*[A-Za-z])?", name):
        return re.escape(name) + (NO_CALL if reader == "javascript" and name.endswith(".") else "")
    letter = r"\w" if reader in WHOLE and whole else "[A-Za-z]"
    begun = "" if name.startswith("_") else rf"(?:(?<!{letter}{name})|(?<=\\[nrt]{name}))"
    edged = rf"{name}{begun}(?!{letter})(?!\.[A-Za-z_$])(?<!\*{name})(?<!\.\.\.{name})"
    value = (NO_OBJECT.get(reader, "") if last else "") + (NO_ELEMENTS.get(reader, "") if last and not elements else "")
    return edged + NO_KEY.get(reader, "") + _handed(name, reader) + value


def _handed(name: str, reader: str) -> str:
    """That a name is not handed on as it is, nor a parameter; in shell, that it is given something, compared or a flag."""
    if reader == "shell":
        return rf"""(?:(?<![\s"'`/(;&|\[<]{name})|(?=[\w.-]*["']?(?:\[(?!@)|[\]+=]))|(?=[\s\\]+in\b))"""
    if reader == "python":
        return rf"(?!(?<=[\s(\[{{,]{name}){BARE_COMMA}|(?<=\.{name}){NO_DIGITS}{NEXT}|{NOTHING})"
    if reader == "yaml":
        listed = rf"(?:(?<=[,\[{{(] {name})|(?<=[,\[{{(]{name})|(?<=   {name}))[ \t]*,"
        return rf"(?!(?<=[\w.;)] {name})[\"']?[ \t]*(?:[,\r\n]|\Z)|{listed})"
    if reader == "javascript":
        within = rf"""(?<=[^"'`/]{name})(?<!\\[nrt]{name})["'`]\]?\s*[,;)}}:]|(?<=\[["'`]{name})["'`]\s*,"""
        valued = rf"""(?<=\w: ["']{name})(?<!name: .{name})(?<!key: .{name})(?<!id: .{name})["']\s*[,}}]"""
        called = rf"""(?<=\.{name})\(\s*(?:[{{A-Za-z_$"'`]|\)(?!\s*[=!/\\]))"""
        return rf"(?!(?:(?<=[({{,]{name})|(?<=[({{,] {name}))\s*[,)}}]|{within}|{valued}|{called})"
    return ""
