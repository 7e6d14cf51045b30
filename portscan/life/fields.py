"""What a service's entry may say, as flags of a command, as questions, and as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from portscan.errors import UserError
from portscan.records import dataclass

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an entry: its flag, what its value is called in the help, and what it is for.

    `many` holds a list, written with commas; `truth` is a switch with its opposite; `number` a whole number.
    """

    key: str
    help: str
    metavar: str = "TEXT"
    many: bool = False
    truth: bool = False
    number: bool = False

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return "--" + FLAGS.get(self.key, self.key.replace("_", "-"))

    @property
    def name(self) -> str:
        """The attribute that argparse gives it."""
        return self.flag[2:].replace("-", "_")


FLAGS: Final = {"healthcheck": "health", "paths": "path", "gatewayPath": "gateway-path"}
OF_PORTS: Final = ("container_port", "env", "protocol")  # what is said of a further port as well
FIELDS: Final = (
    Field("stack", "the stack it belongs to", "STACK"),
    Field("container_port", "the port its process listens on, where it is another one", "PORT", number=True),
    Field("env", "its variable, where it is not NAME_PORT", "VARIABLE"),
    Field("protocol", "what it speaks, such as http or postgres", "PROTOCOL"),
    Field("owner", "the team that answers for it", "TEAM"),
    Field("description", "what it does"),
    Field("container", "whether it runs in a container", truth=True),
    Field("network", "the compose network it is on", "NETWORK"),
    Field("depends_on", "the services that it needs, with commas between", "NAMES", many=True),
    Field("compose_service", "its key in the compose files, where it is not its name", "KEY"),
    Field("host", "the name at which the world reaches it", "HOST"),
    Field("paths", "patterns of the files that are its own, with commas between", "GLOBS", many=True),
    Field("healthcheck", "the path that tells whether it is well, such as /health", "PATH"),
)


def add_ways(parser: ArgumentParser) -> None:
    """Declare how to go about a change of the registry."""
    parser.add_argument("--sync", action="store_true", help="bring the generated files up to date as well")
    parser.add_argument("--dry-run", "--diff", action="store_true", help="write nothing; show what would change as a diff")


def add_flags(parser: ArgumentParser) -> None:
    """Declare a flag for each key of an entry."""
    from argparse import BooleanOptionalAction

    for field in FIELDS:
        if field.truth:
            parser.add_argument(field.flag, dest=field.name, action=BooleanOptionalAction, default=None, help=field.help)
        elif field.number:
            parser.add_argument(field.flag, dest=field.name, type=port, metavar=field.metavar, help=field.help)
        else:
            parser.add_argument(field.flag, dest=field.name, metavar=field.metavar, help=field.help)


def port(text: str) -> int:
    """A port as it is typed."""
    from argparse import ArgumentTypeError

    from portscan.model import HIGHEST_PORT, LOWEST_PORT

    if not text.isdecimal() or not LOWEST_PORT <= int(text) <= HIGHEST_PORT:
        raise ArgumentTypeError(f"{text!r} is no port: write a number from {LOWEST_PORT} to {HIGHEST_PORT}")
    return int(text)


def given(args: Namespace) -> dict[str, Any]:
    """The values that the flags give."""
    raw = ((field, getattr(args, field.name)) for field in FIELDS)
    return {field.key: value(field, held) for field, held in raw if held is not None}


def refuse_of_service(values: Mapping[str, Any], name: str) -> None:
    """A `UserError` for what no further port has of its own."""
    wrong = next((key for key in values if key not in OF_PORTS), None)
    if wrong:
        raise UserError(f"`{wrong}` is said of a service, not of one of its ports", f"Change `{name}`.")


def value(field: Field, held: Any) -> Any:
    """What an entry holds for an answer: empty text means nothing at all."""
    if field.many and isinstance(held, str):
        return [part.strip() for part in held.split(",") if part.strip()]
    if field.key == "healthcheck" and isinstance(held, str):
        return {"endpoint": held} if held else {}
    return held


def field(key: str) -> Field:
    """The field of a key."""
    return next(each for each in FIELDS if each.key == key)


def filled(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what is empty, or goes without saying."""
    kept = {key: held for key, held in entry.items() if held not in ("", None, [], {})}
    if kept.get("container_port") == kept.get("port"):
        kept.pop("container_port", None)
    return kept


MOST: Final = 40  # names that an error lists


def known(names: Mapping[str, Any] | tuple[str, ...], wanted: str, what: str) -> str:
    """`wanted`, if it is among the names; else a `UserError` that says which was probably meant."""
    from difflib import get_close_matches

    if wanted in names:
        return wanted
    close = get_close_matches(wanted, tuple(names), 1, 0.6)
    listed = ", ".join(sorted(names)[:MOST]) + (f" and {len(names) - MOST} more" if len(names) > MOST else "")
    hint = f"Did you mean `{close[0]}`?" if close else f"There are {listed}." if listed else "There is none yet."
    raise UserError(f"the registry has no {what} `{wanted}`", hint)
