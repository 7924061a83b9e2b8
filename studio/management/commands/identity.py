"""``manage.py identity link|unlink|list``: who is who at the OpenID provider."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.actions.identities import link, unlink
from studio.errors import ApiError
from studio.models import Identity


class Command(BaseCommand):
    """For accounts that were here before single sign-on, and for people who got another subject."""

    help = "Link accounts with subjects of the OpenID provider that STEPWELL_OIDC_ISSUER names."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three subcommands."""
        commands = parser.add_subparsers(dest="command", required=True)
        linked = commands.add_parser("link", help="Let a subject sign in as an account.")
        linked.add_argument("username")
        linked.add_argument("subject", help="The provider's 'sub' of the person.")
        parted = commands.add_parser("unlink", help="Let nobody sign in there as this account.")
        parted.add_argument("username")
        commands.add_parser("list", help="Print who is linked with whom.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Carry one of them out."""
        try:
            match options["command"]:
                case "link":
                    if not settings.OIDC_ISSUER:
                        raise CommandError("STEPWELL_OIDC_ISSUER names no provider.")
                    user = _user(options["username"])
                    linked = link(user, settings.OIDC_ISSUER, options["subject"])
                    self.stdout.write(f"{user.username} is {linked}")
                case "unlink":
                    count = unlink(_user(options["username"]))
                    self.stdout.write(f"{options['username']} is parted from {count} identities")
                case "list":
                    for each in Identity.objects.select_related("user").order_by("user__username"):
                        self.stdout.write(f"{each.user.username}  {each}")
        except ApiError as error:
            raise CommandError(error.message) from None


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user '{username}'.")
    return user
