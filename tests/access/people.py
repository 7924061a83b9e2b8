"""Somebody of each kind."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from studio.actions.members import default_workspace, set_role
from studio.models import Workspace
from tests.access.matrix import ROLES


def one_of_each_role(workspace: Workspace | None = None) -> dict[str, Any]:
    """A user for each role, by role."""
    where = workspace or default_workspace()
    users = {}
    # Whoever a test makes is an admin at first: the admin has to be there before the others go.
    for role in reversed(ROLES):
        users[role] = get_user_model().objects.create_user(role)
        set_role(where, users[role], role)
    return users
