"""``manage.py access_key create|list|revoke``: access keys, for whoever keeps the installation."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from studio.access.caller import find_caller
from studio.actions.access_keys import create_access_key, get_access_key, revoke_access_key
from studio.actions.workspaces import get_workspace
from studio.errors import ResourceNotFound, ValidationException
from studio.models import AccessKey


class Command(BaseCommand):
    """Keys of every user. ``create`` prints one JSON object; its secret is shown this once."""

    help = "Create, list and revoke the access keys with which programs sign their requests."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three subcommands."""
        commands = parser.add_subparsers(dest="command", required=True)
        create = commands.add_parser("create", help="Make a key and print it with its secret.")
        create.add_argument("username", help="Whose key it is.")
        create.add_argument(
            "--scope",
            action="append",
            dest="scopes",
            help="A permission that it is for, given once for each; without it all of the role's.",
        )
        create.add_argument(
            "--workspace", help="Where it is good, by its slug; without it the first of the user's."
        )
        create.add_argument("--days", type=int, help="After how many days it expires.")
        shown = commands.add_parser("list", help="Print the keys, the newest first.")
        shown.add_argument("username", nargs="?", help="Only this user's.")
        revoke = commands.add_parser("revoke", help="Refuse what is signed with a key.")
        revoke.add_argument("access_key_id", help="Such as AKIA…")

    def handle(self, *_: Any, **options: Any) -> None:
        """Carry one of them out."""
        match options["command"]:
            case "create":
                user = _user(options["username"])
                days = options["days"]
                try:
                    key, secret = create_access_key(
                        user,
                        _workspace_of(user, options["workspace"]),
                        scopes=options["scopes"],
                        expires_at=days and timezone.now() + timedelta(days=days),
                    )
                except ValidationException as error:
                    raise CommandError(error.message) from None
                made = {"accessKeyId": key.access_key_id, "secretAccessKey": secret}
                self.stdout.write(json.dumps(made))
            case "list":
                self._list(options["username"])
            case "revoke":
                self._revoke(options["access_key_id"])

    def _list(self, username: str | None) -> None:
        found = AccessKey.objects.select_related("user").order_by("-id")
        if username is not None:
            found = found.filter(user=_user(username))
        for key in found:
            created, used, expires, revoked = (
                moment.isoformat(timespec="seconds") if moment else "-"
                for moment in (key.created_at, key.last_used_at, key.expires_at, key.revoked_at)
            )
            scopes = "all" if key.scopes is None else ",".join(key.scopes)
            self.stdout.write(
                f"{key.access_key_id}  {key.user.get_username()}  "
                f"created {created}  last used {used}  expires {expires}  revoked {revoked}  "
                f"scopes {scopes}"
            )

    def _revoke(self, access_key_id: str) -> None:
        try:
            key = get_access_key(access_key_id)
        except ResourceNotFound as error:
            raise CommandError(f"{error.message}. `access_key list` shows them.") from None
        revoke_access_key(key)
        self.stdout.write(f"{access_key_id} is revoked; every process refuses it within 5 seconds.")


def _workspace_of(user: Any, slug: str | None) -> int:
    """The workspace with this slug, or the first of those that the user belongs to."""
    try:
        wanted = None if slug is None else get_workspace(slug).pk
    except ResourceNotFound as error:
        raise CommandError(error.message) from None
    found = find_caller(user.pk, user.get_username(), wanted).workspace_id
    if found is None or wanted not in (None, found):
        where = "no workspace" if slug is None else f"'{slug}' not"
        raise CommandError(
            f"'{user.get_username()}' belongs to {where}: `member set` changes that."
        )
    return found


def _user(username: str) -> Any:
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user '{username}'.")
    return user
