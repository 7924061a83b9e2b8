"""``manage.py workspace create|list``: teams of their own on one installation."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.actions.workspaces import create_workspace
from studio.errors import ApiError
from studio.models import Workspace


class Command(BaseCommand):
    """For whoever keeps the installation: no role in one workspace makes another."""

    help = "Make a workspace, which is an account in the ARNs, or list them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the two subcommands."""
        commands = parser.add_subparsers(dest="command", required=True)
        create = commands.add_parser("create", help="Make a workspace with its first admin.")
        create.add_argument("slug", help="What commands call it: letters, digits, dashes.")
        create.add_argument("--name", help="What people call it; without it the slug.")
        create.add_argument("--admin", required=True, help="A user's name.")
        create.add_argument(
            "--account", help="Twelve digits, which stay; without them some are made up."
        )
        commands.add_parser("list", help="Print account ids, slugs and names.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Carry one of them out."""
        match options["command"]:
            case "create":
                users = get_user_model().objects
                owner = users.filter(username=options["admin"]).first()
                if owner is None:
                    raise CommandError(f"There is no user '{options['admin']}'.")
                try:
                    workspace = create_workspace(
                        options["name"] or options["slug"],
                        options["slug"],
                        owner,
                        account_id=options["account"],
                    )
                except ApiError as error:
                    raise CommandError(error.message) from None
                self.stdout.write(workspace.account)
            case "list":
                for each in Workspace.objects.order_by("pk"):
                    self.stdout.write(f"{each.account}  {each.slug}  {each.name}")
