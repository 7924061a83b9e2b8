"""``manage.py connection``: how HTTP Tasks authorize themselves."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from executions.actions import connections
from studio import arns
from studio.actions.workspaces import get_workspace
from studio.errors import ApiError


class Command(BaseCommand):
    """Secrets are read from standard input, where no shell keeps them."""

    help = "Make, list and remove the connections that HTTP Tasks use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command for each thing to do."""
        commands = parser.add_subparsers(dest="command", required=True)
        create = commands.add_parser(
            "create", help="make one; EventBridge's AuthParameters come as JSON on standard input"
        )
        create.add_argument("name")
        create.add_argument(
            "--type",
            required=True,
            choices=("API_KEY", "BASIC", "OAUTH_CLIENT_CREDENTIALS"),
        )
        create.add_argument("--description", default="")
        commands.add_parser("list", help="names and ARNs")
        delete = commands.add_parser("delete", help="remove one")
        delete.add_argument("name")
        for each in commands.choices.values():
            each.add_argument("--workspace", help="by its slug; without it the first one")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it; a refusal is a CommandError."""
        try:
            with arns.acting_in(get_workspace(options["workspace"]).account):
                self._handle(options)
        except ApiError as error:
            raise CommandError(error.message) from error

    def _handle(self, options: dict[str, Any]) -> None:
        match options["command"]:
            case "create":
                try:
                    parameters = json.load(sys.stdin)
                except ValueError as error:
                    raise CommandError(f"Standard input is not JSON: {error}") from error
                connection = connections.create_connection(
                    arns.full_name(options["name"]),
                    options["type"],
                    parameters,
                    options["description"],
                )
                self.stdout.write(connections.connection_arn(connection))
            case "list":
                for connection in connections.all_connections():
                    self.stdout.write(
                        f"{connection.short_name}\t{connections.connection_arn(connection)}"
                    )
            case "delete":
                connections.delete_connection(arns.full_name(options["name"]))
