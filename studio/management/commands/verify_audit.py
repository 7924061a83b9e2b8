"""``manage.py verify_audit``: whether the audit trail is as it was written."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.actions.audit_chain import seal_entries, verify_chain


class Command(BaseCommand):
    """Prints the head of the chain: noted elsewhere, it proves later that nothing was cut off."""

    help = "Check the chain of the audit trail and name the first entry that is not as it was."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare ``--expect``."""
        parser.add_argument(
            "--expect",
            type=_head,
            metavar="NUMBER:HASH",
            help="a head that was printed before: it must still be in the chain",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Seal what waits, then look through everything; a broken chain is a CommandError."""
        seal_entries(wait=True)
        verdict = verify_chain(options["expect"])
        if verdict.problem is not None:
            raise CommandError(f"{verdict.problem}\nWhole up to {verdict.head}.")
        self.stdout.write(f"{verdict.entries} entries, nothing changed, nothing missing.")
        self.stdout.write(f"head {verdict.head}")


def _head(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"(\d+):([0-9a-f]{64})", text)
    if found is None:
        raise ArgumentTypeError("It is NUMBER:HASH, as this command prints it behind 'head'.")
    return int(found[1]), found[2]
