"""`portscan notify`: what has changed in the registry, posted to Slack or to any other webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.commands.diff import add_revisions, versions

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.terminal import Streams

NAME: Final = "notify"
TOPIC: Final = "review and watch"
HELP: Final = "post what has changed in the registry to Slack or a webhook"
VARIABLE: Final = "PORTSCAN_WEBHOOK"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_revisions(parser)
    parser.add_argument("--format", choices=("slack", "json"), default="slack", help="what the webhook takes (default: slack)")
    parser.add_argument(
        "--webhook-env", metavar="NAME", default=VARIABLE, help=f"the variable with the webhook's address (default: {VARIABLE})"
    )
    parser.add_argument("--title", default="Port registry", help="what the message begins with")
    parser.add_argument("--dry-run", action="store_true", help="post nothing; show what would be posted")


def run(args: Namespace, streams: Streams) -> int:
    """Post the changes; where there are none, nobody is disturbed."""
    import json
    import os

    from portscan.notices import announcement, webhook
    from portscan.registry.changes import changes
    from portscan.reporters.words import count

    before, after = versions(args)
    found = changes(before.registry, after.registry)
    made = announcement.for_slack if args.format == "slack" else announcement.for_anybody
    payload = made(found, args.title, before.name, after.name)
    if args.dry_run:
        streams.out.write(json.dumps(payload, indent=2) + "\n")
        return 0
    address = webhook.address_from(args.webhook_env, os.environ)
    if not found:
        streams.err.write("portscan: nothing has changed, so nothing was posted.\n")
        return 0
    webhook.post(args.webhook_env, address, payload)
    streams.err.write(f"portscan: posted {count(len(found), 'change')}.\n")
    return 0
