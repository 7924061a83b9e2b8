"""``manage.py member set|remove|list``: who belongs to a workspace, for whoever keeps it all."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.actions.members import remove_member, set_role
from studio.actions.workspaces import get_workspace
from studio.errors import ApiError
from studio.models import Membership


class Command(BaseCommand):
    """What admins do on the page, also where no admin is left who could."""

    help = "Say who belongs to a workspace, and as what."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three subcommands."""
        commands = parser.add_subparsers(dest="command", required=True)
        given = commands.add_parser("set", help="Give somebody a role, instead of any other.")
        given.add_argument("username")
        given.add_argument("role", choices=Membership.Role.values)
        removed = commands.add_parser("remove", help="Withdraw somebody's membership.")
        removed.add_argument("username")
        shown = commands.add_parser("list", help="Print the members.")
        for each in (given, removed, shown):
            each.add_argument("--workspace", help="By its slug; without it the first one.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Carry one of them out."""
        try:
            workspace = get_workspace(options["workspace"])
            match options["command"]:
                case "set":
                    set_role(workspace, _user(options["username"]), options["role"])
                    self.stdout.write(f"{options['username']} is {options['role']}")
                case "remove":
                    remove_member(workspace, _user(options["username"]))
                    self.stdout.write(f"{options['username']} does not belong to it any more")
                case "list":
                    members = workspace.memberships.select_related("user")
                    for member in members.order_by("user__username"):
                        self.stdout.write(f"{member.user.get_username()}  {member.role}")
        except ApiError as error:
            raise CommandError(error.message) from None


def _user(username: str) -> Any:
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user '{username}'.")
    return user
