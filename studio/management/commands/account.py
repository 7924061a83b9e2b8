"""``manage.py account disable|enable|sign-out``: somebody who must be out at once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.actions.sessions import end_sessions_of, set_account_enabled


class Command(BaseCommand):
    """What is done to an account stays; what it has made and owns is left as it is."""

    help = "Disable an account, enable it again, or end its sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three subcommands."""
        commands = parser.add_subparsers(dest="command", required=True)
        disable = commands.add_parser("disable", help="Sessions end, keys and tokens open nothing.")
        enable = commands.add_parser("enable", help="Let somebody sign in again; keys are good.")
        ended = commands.add_parser("sign-out", help="End all sessions of somebody.")
        for each in (disable, enable, ended):
            each.add_argument("username")

    def handle(self, *_: Any, **options: Any) -> None:
        """Carry one of them out."""
        name = options["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no user '{name}'.")
        match options["command"]:
            case "disable":
                set_account_enabled(user, enabled=False)
                self.stdout.write(f"{name} is disabled; keys are refused within 5 seconds")
            case "enable":
                set_account_enabled(user, enabled=True)
                self.stdout.write(f"{name} may sign in")
            case "sign-out":
                self.stdout.write(f"{end_sessions_of(user)} sessions of {name} have ended")
