"""What there is to be allowed, and which role allows it.

Roles are no ladder: an operator runs what an editor has made and does not change it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from studio.models import Membership

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Membership.Role


class Permission(StrEnum):
    """Everything that may be allowed or refused. Every route and operation names one of them."""

    OWN_ACCOUNT = "own-account"
    """Oneself: the session, the password, one's own keys. Whoever is signed in has it."""
    VIEW = "view"
    """See what the workspace has: state machines, executions, their data."""
    REVEAL = "reveal"
    """See the values of keys that the installation calls sensitive, which others see hidden."""
    EDIT = "edit"
    """Write what changes nothing that runs: drafts, tests, mocks, proposals, comments."""
    PUBLISH = "publish"
    """Decide what a state machine or activity is: create, update, delete it, publish versions."""
    DEPLOY = "deploy"
    """Decide what production runs and when: aliases, schedules, rules, webhooks."""
    REVIEW = "review"
    """Approve proposals, or ask for changes."""
    RUN = "run"
    """Start, stop, redrive and debug executions; perform single states."""
    WORK = "work"
    """Take up tasks of activities and report what came of tasks, as workers do."""
    MANAGE_CONNECTIONS = "manage-connections"
    """Keep the credentials with which Tasks reach other systems."""
    ADMINISTER = "administer"
    """Say who belongs to the workspace, as what, and under which rules."""
    KEEP_WORKSPACES = "keep-workspaces"
    """Make workspaces, and see and rename all of them. No role allows it: superusers may, who keep
    the installation, as they come with a session and not with a key."""


_VIEWER: Final = frozenset({Permission.OWN_ACCOUNT, Permission.VIEW})
_OPERATOR: Final = _VIEWER | {
    Permission.REVEAL,
    Permission.DEPLOY,
    Permission.RUN,
    Permission.WORK,
    Permission.MANAGE_CONNECTIONS,
}
_EDITOR: Final = _VIEWER | {
    Permission.REVEAL,
    Permission.EDIT,
    Permission.PUBLISH,
    Permission.DEPLOY,
    Permission.RUN,
    Permission.WORK,
}

OF_NOBODY: Final = frozenset({Permission.OWN_ACCOUNT})
"""What somebody may do who is signed in and belongs to no workspace."""
OF_KEEPERS: Final = frozenset({Permission.KEEP_WORKSPACES})
"""What superusers may do besides what their role allows."""
SCOPES: Final = tuple(each for each in Permission if each not in OF_KEEPERS)
"""What a key can be limited to."""
OF_ROLE: Final[Mapping[str, frozenset[Permission]]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.REVIEWER: _EDITOR | {Permission.REVIEW},
    Role.OPERATOR: _OPERATOR,
    Role.ADMIN: frozenset(Permission) - OF_KEEPERS,
}


def roles_with(permission: Permission) -> list[str]:
    """The roles that allow it, the narrowest first."""
    return [str(role) for role in Role if permission in OF_ROLE[role]]
