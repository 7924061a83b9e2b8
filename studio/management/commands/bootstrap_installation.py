"""``manage.py bootstrap_installation``: the first account, an admin, and its access key."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from studio.actions.access_keys import create_access_key
from studio.actions.members import default_workspace, set_role
from studio.models import Membership

USERNAME = "admin"


class Command(BaseCommand):
    """Prints what it made as one JSON object, and ``{}`` where there is an account already.

    The secrets appear here once and are not readable afterwards.
    """

    help = "Create the first account and access key, if there is no account yet."

    @transaction.atomic
    def handle(self, *_: Any, **__: Any) -> None:
        """Create both in one transaction, so that a kill leaves neither."""
        users = get_user_model().objects
        if users.exists():
            self.stdout.write("{}")
            return
        password = secrets.token_urlsafe(12)
        user = users.create_superuser(USERNAME, password=password)
        workspace = default_workspace()
        set_role(workspace, user, Membership.Role.ADMIN)
        key, secret = create_access_key(user, workspace.pk)
        self.stdout.write(
            json.dumps(
                {
                    "username": USERNAME,
                    "password": password,
                    "accessKeyId": key.access_key_id,
                    "secretAccessKey": secret,
                }
            )
        )
