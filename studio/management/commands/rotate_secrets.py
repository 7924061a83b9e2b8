"""``manage.py rotate_secrets``: what is stored encrypted, under the newest key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studio.actions.rotation import rotate_secrets


class Command(BaseCommand):
    """Ended halfway it has done no harm, and goes on when it is run again."""

    help = "Encrypt stored secrets anew with STEPWELL_SECRET_KEY; older keys read them until then."

    def handle(self, *_: Any, **__: Any) -> None:
        """Rotate everything, and say what came of it."""
        unreadable = 0
        for each in rotate_secrets():
            unreadable += each.unreadable
            self.stdout.write(
                f"{each.column}: {each.new} encrypted anew, {each.current} were new already, "
                f"{each.unreadable} unreadable"
            )
        if unreadable:
            raise CommandError(
                f"{unreadable} secrets were stored under a key that is neither STEPWELL_SECRET_KEY "
                "nor in STEPWELL_SECRET_KEY_FALLBACKS. Add that key and run this again, or make "
                "the secrets anew."
            )
        if settings.SECRET_KEY_FALLBACKS:
            self.stdout.write("The older keys have no secrets left to read.")
