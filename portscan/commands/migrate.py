"""`portscan migrate`: a service moves to another port, in every file at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.errors import UserError
from portscan.terminal import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from portscan.life.migration import Migration
    from portscan.life.moves import Move
    from portscan.pipeline.surveys import Survey
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "migrate"
TOPIC: Final = "decide"
HELP: Final = "move a service to another port, in every file at once"
DONE, LEFT = 0, 1
LONGEST_KEPT: Final = 3650
MOST: Final = 20
FEW: Final = 10
ONWARD: Final = (
    "Mend what is left: `portscan --no-baseline` shows what to write there, `--diff --unsafe-fixes` what portscan would. "
    "Or let it stay for now: `portscan --write-baseline`.\n"
)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what moves, where to, and how to go about it."""
    from portscan.life.fields import port

    parser.add_argument("service", nargs="?", metavar="SERVICE", help="the service, SERVICE.PORT-NAME or variable")
    parser.add_argument("port", nargs="?", type=port, metavar="PORT", help="its new port (default: the next free one)")
    parser.add_argument("--stack", metavar="STACK", help="all services of a stack outside its range; or the stack SERVICE gets")
    parser.add_argument("--fix-ranges", action="store_true", help="move every service that lies outside its range (PS104)")
    parser.add_argument("--keep-old", type=int, default=0, metavar="DAYS", help="the old port may be used for so long")
    parser.add_argument("--container", choices=("keep", "follow"), help="the port in the container (default: an image's stays)")
    parser.add_argument("--dry-run", "--diff", action="store_true", help="write nothing; show what would change as a diff")
    parser.add_argument("--yes", action="store_true", help="at a terminal, do not show the changes and ask first")


def run(args: Namespace, streams: Streams) -> int:
    """Plan the move, show it, and write all files or none."""
    from portscan.life import registrar
    from portscan.life.migration import planned
    from portscan.life.usage import surveyed
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    _check(args)
    before = surveyed(work)
    moves = _moves(args, work, before)
    if not moves:
        streams.out.write("Nothing has to move.\n")
        return DONE
    _tell_moves(moves, streams)
    plan = planned(work, before, moves, keep=args.keep_old, container=args.container)
    asks = not args.yes and not args.dry_run and _at_terminal()
    if args.dry_run or asks:
        registrar.show(streams, plan.files)
    _tell_left(plan, args, streams)
    if args.dry_run or (asks and not _agreed(plan)):
        return DONE
    registrar.carry_out(work, plan.files)
    registrar.tell(streams, plan.draft.worse, plan.draft.after)
    _tell_done(plan, streams)
    return LEFT if plan.left or plan.remarks else DONE


def _check(args: Namespace) -> None:
    if bool(args.service or args.stack) == args.fix_ranges:
        raise UserError("say what is to move", "Write `portscan migrate SERVICE [PORT]`, --stack STACK or --fix-ranges.")
    if args.keep_old < 0:
        raise UserError("--keep-old: days are counted forward", "Give the number of days for which the old port may be used.")
    if args.keep_old > LONGEST_KEPT:
        raise UserError(f"--keep-old: {args.keep_old} days are longer than anybody keeps a port", f"Give {LONGEST_KEPT} at most.")


def _moves(args: Namespace, work: Workspace, before: Survey) -> tuple[Move, ...]:
    from portscan.life.allocation import market
    from portscan.life.moves import misplaced, single
    from portscan.life.usage import written_of

    places = market(work.registry, written_of(before))
    if not args.service:
        return misplaced(places, args.stack)
    move = single(places, args.service, args.port, args.stack)
    return () if move.port == move.endpoint.port else (move,)


def _tell_moves(moves: Sequence[Move], streams: Streams) -> None:
    for move in moves:
        where = f"{move.port}, and to the stack `{move.stack}`" if move.stack else str(move.port)
        streams.err.write(printable(f"`{move.label}` moves from {move.endpoint.port} to {where}.") + "\n")
        if move.passed and move.passed[-1].port == move.port:
            streams.err.write(printable(f"Mind: {move.port} {move.passed[-1].why}.") + "\n")


def _tell_left(plan: Migration, args: Namespace, streams: Streams) -> None:
    shown = plan.left if args.verbose else plan.left[:MOST]
    for literal, why in shown:
        place = f"{literal.path}:{literal.location.line}:{literal.location.column}"
        streams.err.write(printable(f"{place}: {literal.port} is left to you: it {why}.") + "\n")
    if len(plan.left) > len(shown):
        streams.err.write(f"and {len(plan.left) - len(shown)} more; -v shows them all.\n")
    for remark in plan.remarks:
        streams.err.write(printable(remark) + "\n")
    _tell_unseen(plan, args, streams)


def _tell_unseen(plan: Migration, args: Namespace, streams: Streams) -> None:
    """The lines that a person may want to look at: nothing says that the number there is the port, or any port."""
    from portscan.reporters.words import count

    shown = plan.unseen if args.verbose else plan.unseen[:FEW]
    if shown:
        streams.err.write(f"{count(len(plan.unseen), 'line')} with the old number, where nothing says that it is a port:\n")
    for each in shown:
        streams.err.write(printable(f"  {each.path}:{each.line}: {each.port}") + "\n")
    if len(plan.unseen) > len(shown):
        streams.err.write(f"  and {len(plan.unseen) - len(shown):,} more; -v shows them all.\n")


def _tell_done(plan: Migration, streams: Streams) -> None:
    from portscan.reporters.words import count

    places = count(len(plan.rewrites), "place")
    left = f"; {count(len(plan.left), 'place')} left to you" if plan.left else ""
    streams.out.write(f"Changed {places} and the registry, in {count(len(plan.files), 'file')}{left}.\n")
    if plan.left:
        streams.out.write(ONWARD)


def _at_terminal() -> bool:
    from portscan.life.asking import at_terminal

    return at_terminal()


def _agreed(plan: Migration) -> bool:
    from portscan.life.asking import agreed
    from portscan.reporters.words import count

    return agreed(f"Write {count(len(plan.files), 'file')}?")
