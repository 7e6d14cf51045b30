"""How a command uses a baseline: its options, and what they mean for a scan."""

from __future__ import annotations

from functools import cache as once
from typing import TYPE_CHECKING

from portscan.errors import UserError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from pathlib import Path

    from portscan.baseline.entries import Baseline
    from portscan.config import Config
    from portscan.edit import NewFile
    from portscan.findings import FindingRule
    from portscan.mending import Mending
    from portscan.pipeline.scanning import Scan
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

# What changes files itself, or scans less than whole files: no baseline can be written from that.
PARTIAL = ("fix", "unsafe_fixes", "pin", "diff", "changed_lines", "stdin_filename")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("the baseline, which hides what was there before")
    group.add_argument("--baseline", metavar="FILE", help="hide the findings that FILE holds")
    group.add_argument("--no-baseline", action="store_true", help="hide nothing")
    group.add_argument("--write-baseline", action="store_true", help="put what is found into it, and report nothing")
    group.add_argument("--shrink-baseline", action="store_true", help="take out of it what is no longer found")


def check(args: Namespace) -> None:
    """A `UserError` where a baseline is to be written from less than a whole scan, or used and left alone at once."""
    if args.no_baseline and (args.baseline or args.write_baseline or args.shrink_baseline):
        raise UserError("--no-baseline leaves the baseline alone", "Leave out the other options about it.")
    if not (args.write_baseline or args.shrink_baseline):
        return
    other = next((name for name in PARTIAL if getattr(args, name)), None)
    if other or (args.write_baseline and args.shrink_baseline):
        option = f"--{(other or 'shrink_baseline').replace('_', '-')}"
        raise UserError(f"a baseline is not written together with {option}", "Run portscan once for each of the two.")


def named(args: Namespace, work: Workspace, config: Config) -> Baseline | None:
    """The baseline that is named, or that is there; None when there is none, or it is to be left alone."""
    file = _file(args, work, config)
    if args.no_baseline or not (args.baseline or file.exists()):
        return None
    from portscan.baseline.against import opened

    return opened(work.root, file)


def less(
    found: Scan,
    baseline: Baseline | None,
    work: Workspace,
    config: Config,
    paths: tuple[str, ...] = (),
    *,
    remembered: bool = False,
) -> Scan:
    """The scan of `paths` without what the baseline hides; how findings are known may be `remembered`."""
    if baseline is None:
        return found
    from portscan.baseline.against import Ground, settled

    return settled(found, baseline, Ground(work.root, work.top, paths, config, remembered), _idle)


@once
def _idle() -> FindingRule:
    """The rule about entries that hide nothing: most baselines have none."""
    from portscan.findings import catalogue

    return catalogue()["PS007"]


def rewrite(found: Scan, args: Namespace, work: Workspace, config: Config, paths: tuple[str, ...], streams: Streams) -> None:
    """Write the baseline anew from a scan of `paths`: all of it, or only what is left of it."""
    from portscan.baseline.against import Ground, opened, rewritten
    from portscan.edit import write

    baseline = opened(work.root, _file(args, work, config), created=args.write_baseline)
    ground = Ground(work.root, work.top, paths, config)
    file, words = rewritten(found, baseline, ground, grow=args.write_baseline)
    write(work.root, work.top, (file,))
    if not args.quiet:
        streams.err.write(f"portscan: {words}.\n")


def carried(scan: Callable[[], Scan], args: Namespace, work: Workspace, config: Config, mended: Mending) -> tuple[NewFile, ...]:
    """The baseline with the new words of the lines that fixes change, also where it is not to hide anything now.

    `scan` finds all that may be in it. There is nothing to carry where nothing is changed, or nothing hidden there.
    """
    file = _file(args, work, config)
    if not mended.edits or not file.exists():
        return ()
    from portscan.baseline.against import Ground, opened
    from portscan.baseline.carrying import carried as followed

    baseline = followed(scan(), opened(work.root, file), Ground(work.root, work.top, (), config), mended.edits, mended.done)
    return (baseline,) if baseline.before != baseline.after else ()


def _file(args: Namespace, work: Workspace, config: Config) -> Path:
    return work.root / args.baseline if args.baseline else config.baseline_file(work.top)
