"""What is asked: the arguments, and everything around them that an answer depends on besides files."""

import os
import sys

from portscan.gate.memory import code

# The options of `portscan scan` that only say what to report, and how. Whoever uses another one is not answered by the gate.
VALUED = ("--registry", "--config", "--color", "--select", "--ignore", "--format", "--jobs")
SWITCHES = (
    *("--hook", "--strict", "--no-inline-ignores", "--exit-zero", "--no-baseline", "--statistics", "--no-fingerprints"),
    "--no-cache",
)
SHORT = ("-q", "--quiet", "-v", "--verbose")
FORMATS = ("text", "github", "gitlab", "junit", "markdown")  # those that work no fixes out
SURROUNDINGS = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS")
REFUSED = ("GITHUB_STEP_SUMMARY",)  # asks for a file to be written
COMMAND = "scan"
EVERYTHING: tuple[tuple[str, ...], ...] = ((), (".",))


class Rest:
    """Files of which it is not certain that nothing can be said: their contents, those of the `others`, and what decides.

    `ground` names how files are chosen and read, `names` are those that the registry calls a port, `state` names the rules with
    these names, and `said` is the answer if there is nothing in any of the files.
    """

    __slots__ = ("doubtful", "ground", "names", "others", "said", "state")

    def __init__(
        self,
        doubtful: dict[str, bytes],
        others: dict[str, bytes],
        ground: bytes,
        names: tuple[tuple[str, ...], str],
        state: bytes,
        said: bytes,
    ) -> None:
        self.doubtful = doubtful
        self.others = others
        self.ground = ground
        self.names = names
        self.state = state
        self.said = said


class Question:
    """A scan that is asked for: its options and paths, where, and in which surroundings.

    `about` is all of that, `apart` the same without the paths; both begin with what tells one state of portscan from another.
    It is to be answered `anew` when nothing may be said because it was said before. What the gate found out on the way to no
    answer is its `rest`.
    """

    __slots__ = ("about", "anew", "apart", "here", "hook", "options", "paths", "rest")

    def __init__(self, options: tuple[str, ...], paths: tuple[str, ...], here: str, around: tuple[str, ...]) -> None:
        self.options = options
        self.paths = paths
        self.here = here
        self.hook = "--hook" in options
        self.anew = "--no-cache" in options
        self.rest: Rest | None = None
        self.apart = repr((code(), options, here, around)).encode("utf-8", "surrogateescape")
        self.about = self.apart + repr(paths).encode("utf-8", "surrogateescape")


def asked(arguments: list[str]) -> Question | None:
    """The question, or nothing when it is none that could be answered from memory."""
    taken = _taken(arguments)
    if taken is None or os.name != "posix" or any(os.environ.get(name) for name in REFUSED):
        return None
    options, paths = taken
    if any(value not in FORMATS for name, value in zip(options, options[1:], strict=False) if name == "--format"):
        return None
    try:
        return Question(options, paths, os.getcwd(), _around())
    except OSError:  # no directory to stand in, or no standard output
        return None


def _taken(arguments: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Options and paths, apart; None where anything is not what is known here, or in an order that leaves a doubt."""
    options: list[str] = []
    rest = arguments[1:] if arguments[:1] == [COMMAND] else arguments
    while rest and rest[0] != "--" and rest[0].startswith("-"):
        word, equals, value = rest[0].partition("=")
        if word in VALUED:
            if not equals and (len(rest) < 2 or rest[1].startswith("-")):  # the parser would not take it for the value
                return None
            options += (word, value if equals else rest[1])
            rest = rest[1:] if equals else rest[2:]
        elif not equals and word in (*SWITCHES, *SHORT):
            options.append(word)
            rest = rest[1:]
        else:
            return None
    if rest[:1] == ["--"]:
        rest = rest[1:]
    elif any(path.startswith("-") for path in rest) or (arguments[:1] != [COMMAND] and rest and "." not in rest[0]):
        return None  # an option among the paths; or perhaps the name of another command
    return (tuple(options), tuple(rest)) if "--" not in rest else None


def _around() -> tuple[str, ...]:
    """What a report depends on besides the files: the Python, the terminal, and the user's wishes about it."""
    os.fstat(1)
    wide = str(os.get_terminal_size(1).columns) if os.isatty(1) else ""
    names = sorted(name for name in os.environ if name in SURROUNDINGS)
    return (sys.implementation.cache_tag or "", wide, *(f"{name}={os.environ[name]}" for name in names))
