"""The one who is calling: a person at a page or a program with a key, in one workspace."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Case, IntegerField, Value, When

from studio import arns
from studio.access.permissions import OF_KEEPERS, OF_NOBODY, OF_ROLE, Permission
from studio.models import Membership, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, where, and what they may do there. Good for seconds: roles are withdrawn.

    ``role`` and the workspace are None where somebody belongs to none.
    """

    user_id: int
    username: str
    workspace_id: int | None
    account_id: str | None
    workspace_name: str | None
    role: str | None
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Whether the caller may do this in the workspace."""
        return permission in self.permissions

    def limited_to(self, scopes: Iterable[str]) -> Caller:
        """The same with no more than a key's scopes allow. Unknown ones allow nothing."""
        return replace(self, permissions=self.permissions.intersection(scopes))

    def as_keeper(self) -> Caller:
        """The same with what superusers may do."""
        return replace(self, permissions=self.permissions | OF_KEEPERS)


def caller_of(user_id: int, username: str, workspace: Workspace | None, role: str | None) -> Caller:
    """Make the caller of somebody who has ``role`` in ``workspace``."""
    # An account id that the installation has been given since would open the first workspace.
    is_taken = workspace is not None and workspace.account_id == settings.AWS_ACCOUNT_ID
    if workspace is None or is_taken or role is None or role not in OF_ROLE:
        return Caller(user_id, username, None, None, None, None, OF_NOBODY)
    return Caller(
        user_id,
        username,
        workspace.pk,
        workspace.account,
        workspace.name,
        role,
        OF_ROLE[role],
    )


def find_caller(user_id: int, username: str, workspace_id: int | None = None) -> Caller:
    """Look up what somebody is in the workspace that they have chosen, if they belong to it; else
    in the first of those that they belong to.
    """
    chosen = Case(
        When(workspace_id=workspace_id, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    membership = (
        Membership.objects.filter(user_id=user_id, user__is_active=True)
        .select_related("workspace", "user")
        .order_by(chosen, "workspace_id")
        .first()
    )
    if membership is None:
        keepers = get_user_model()._default_manager.filter(is_superuser=True, is_active=True)
        found = caller_of(user_id, username, None, None)
        return found.as_keeper() if keepers.filter(pk=user_id).exists() else found
    found = caller_of(user_id, username, membership.workspace, membership.role)
    return found.as_keeper() if membership.user.is_superuser else found


CHOSEN: Final = "workspace"
"""What the session keeps the id of the workspace under that its owner has chosen."""


def chosen_workspace(session: Mapping[str, Any]) -> int | None:
    """The workspace that the owner of a session has chosen; None: none in particular."""
    chosen = session.get(CHOSEN)
    return chosen if isinstance(chosen, int) else None


_current: ContextVar[Caller | None] = ContextVar("caller", default=None)


def set_caller(caller: Caller | None) -> None:
    """Say who is calling, for the rest of this request; each request has a context of its own."""
    _current.set(caller)
    arns.set_account(None if caller is None else caller.account_id or arns.NOWHERE)


def current_caller() -> Caller | None:
    """Whoever is calling; None in the workers, and in a request of nobody who is known."""
    return _current.get()
