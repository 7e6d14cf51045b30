"""`portscan init`: a registry for a repository that has none, from what it uses already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.errors import UserError
from portscan.terminal import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from pathlib import Path

    from portscan.edit import NewFile
    from portscan.life.adopting.proposal import Proposal
    from portscan.terminal import Streams

NAME: Final = "init"
TOPIC: Final = "set up"
HELP: Final = "write a registry of the ports that the repository uses"
DONE: Final = 0
MOST: Final = 8  # ports that are named


def add_arguments(parser: ArgumentParser) -> None:
    """Declare how to go about it, and what else to set up."""
    from portscan.ci_kit import PLATFORMS

    parser.add_argument("--yes", action="store_true", help="ask nothing, and write what is found")
    parser.add_argument("--owner", metavar="TEAM", help="who answers for services that nobody is found for")
    parser.add_argument("--ci", choices=tuple(PLATFORMS), help="also write what CI needs")
    parser.add_argument("--write-baseline", action="store_true", help="also put all that is not bound yet into the baseline")
    parser.add_argument("--dry-run", action="store_true", help="write nothing; show the registry")


def run(args: Namespace, streams: Streams) -> int:
    """Look, propose, and write."""
    from pathlib import Path

    from portscan.console.progress import ticking
    from portscan.edit import write
    from portscan.files import repository_root
    from portscan.life.adopting.proposal import proposed
    from portscan.reporters.unread import read_in_part
    from portscan.workspace import current_day, load_config, nearest

    root = repository_root(Path.cwd())
    config = load_config(args, root)
    path = Path(args.registry).absolute() if args.registry else nearest(root, config)
    if path.exists() and args.ci and not args.dry_run:
        return _only_ci(args.ci, root, streams)
    if path.exists() and not args.dry_run:
        raise UserError(f"there is a registry already: {path.relative_to(root) if root in path.parents else path}",
                        "Let `portscan new` and `portscan edit` change it.")  # fmt: skip
    owner = args.owner if args.owner is not None or args.yes or args.dry_run else _asked_owner()
    label = _label(path, root)
    with ticking(streams.err, "portscan init", quiet=args.quiet):
        proposal = proposed(root, config, label, current_day(), owner or "")
    streams.err.write(read_in_part(proposal.unfollowed, NAME))
    if args.dry_run:
        streams.out.write(proposal.text)
        return DONE
    if not args.yes and not _agreed(proposal, label):
        return DONE
    files, advice = _files(args, label, proposal, root)
    write(root, root, files)
    _tell(proposal, label, advice, streams)
    return _baseline(args, root) if args.write_baseline else DONE


def _only_ci(platform: str, root: Path, streams: Streams) -> int:
    """What CI needs, for a repository that has its registry."""
    from portscan.ci_kit import kit
    from portscan.edit import NewFile, write

    found = kit(platform, root)
    write(root, root, [NewFile(path, None, data) for path, data in found.files.items()])
    for path in found.files:
        streams.out.write(f"Wrote {path}.\n")
    for line in found.advice or (() if found.files else ("Nothing to do: it is all there.",)):
        streams.err.write(printable(line) + "\n")
    return DONE


def _baseline(args: Namespace, root: Path) -> int:
    """What is not bound yet is for another day: a scan is green from now on."""
    from portscan.cli import run

    shared = [part for name in ("registry", "config") for part in (f"--{name}", getattr(args, name)) if getattr(args, name)]
    return run(["scan", *shared, "--write-baseline", str(root)])


def _label(path: Path, root: Path) -> str:
    from os.path import relpath
    from pathlib import Path

    return Path(relpath(path, root)).as_posix()


def _asked_owner() -> str:
    from portscan.life.asking import asker

    return asker("portscan init --yes").text("Who answers for services that nobody is found for? (empty for nobody)")


def _agreed(proposal: Proposal, label: str) -> bool:
    from portscan.life.asking import asker
    from portscan.reporters.words import count

    services, stacks = count(len(proposal.registry.services), "service"), count(len(proposal.stacks), "stack")
    return asker("portscan init --yes").yes(f"Write {label} with {services} in {stacks}?")


def _files(args: Namespace, label: str, proposal: Proposal, root: Path) -> tuple[tuple[NewFile, ...], tuple[str, ...]]:
    from portscan.ci_kit import kit
    from portscan.edit import NewFile

    files = [NewFile(label, None, proposal.text.encode("utf-8"))]
    if not args.ci:
        return tuple(files), ()
    ci = kit(args.ci, root)
    return (*files, *(NewFile(path, None, data) for path, data in ci.files.items())), ci.advice


def _tell(proposal: Proposal, label: str, advice: tuple[str, ...], streams: Streams) -> None:
    from shlex import quote

    from portscan.reporters.words import count

    services, stacks = count(len(proposal.registry.services), "service"), count(len(proposal.stacks), "stack")
    streams.out.write(printable(f"Wrote {label}: {services} in {stacks}.") + "\n")
    if proposal.conflicts:
        streams.err.write(f"{count(proposal.conflicts, 'conflict')} in it for you to decide: look for CONFLICT.\n")
    if proposal.left:
        said, more = ", ".join(map(str, proposal.left[:MOST])), len(proposal.left) - MOST
        rest = f" and {more} more" if more > 0 else ""
        streams.err.write(f"Not in it: {said}{rest}; `portscan inventory --format ports` says where these stand.\n")
    for line in advice:
        streams.err.write(printable(line) + "\n")
    streams.out.write(
        "Read and correct it. Then run `portscan validate`, `portscan --write-baseline` and `portscan sync`, and commit.\n"
    )
    names = ", ".join(f"`{name}`" for name in proposal.stacks)
    later = f"Later, `portscan new NAME --stack {quote(proposal.stacks[0])}` adds a service"
    streams.out.write(printable(f"{later}; the stacks are {names}." if len(proposal.stacks) > 1 else f"{later}.") + "\n")
