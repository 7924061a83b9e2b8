"""Workspaces and who belongs to them. The only place that writes them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from studio.actions.access_keys import forget_keys_of
from studio.actions.audit import record
from studio.errors import ValidationException
from studio.models import AuditAction, Membership, Workspace

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class LastAdmin(ValidationException):
    """A workspace needs an admin: make somebody else one first."""

    rest_status = 409


class MemberDoesNotExist(ValidationException):
    """Nobody of this name belongs to the workspace"""

    rest_status = 404


class AccountDoesNotExist(ValidationException):
    """There is no account of this name; it can be made"""

    rest_status = 404


class AlreadyAMember(ValidationException):
    """Somebody of this name belongs to the workspace already"""

    rest_status = 409


def default_workspace() -> Workspace:
    """The workspace that the installation began with; made where there is none."""
    values = {"name": "Default", "slug": "default"}
    return Workspace.objects.get_or_create(account_id=None, defaults=values)[0]


@transaction.atomic
def set_role(workspace: Workspace, user: AbstractBaseUser, role: str) -> Membership:
    """Give somebody this role in the workspace, instead of the one they had, if any.

    Raises:
        LastAdmin: nobody else is an admin there.
        ValidationException: there is no such role.
    """
    if role not in Membership.Role.values:
        roles = ", ".join(Membership.Role.values)
        raise ValidationException(message=f"'{role}' is no role. There are {roles}.")
    if role != Membership.Role.ADMIN:
        _keep_an_admin(workspace, user)
    membership, _ = Membership.objects.update_or_create(
        workspace=workspace, user_id=user.pk, defaults={"role": role}
    )
    told = {"role": role, "workspace": workspace.account}
    record(AuditAction.SET_ROLE, user.get_username(), told, workspace=workspace.account)
    forget_keys_of(user)
    return membership


def get_member(workspace: Workspace, username: str) -> Membership:
    """The member with this name, the account loaded. Raises MemberDoesNotExist."""
    found = workspace.memberships.select_related("user").filter(user__username=username).first()
    if found is None:
        raise MemberDoesNotExist(username)
    return found


@transaction.atomic
def add_member(
    workspace: Workspace, username: str, role: str, *, create: bool = False
) -> tuple[Membership, str | None]:
    """Add somebody by the name of their account. With ``create`` an account that is not there is
    made, and the answer has its password, which cannot be read again.

    Raises:
        AccountDoesNotExist: there is none, and none is to be made.
        AlreadyAMember: they belong to the workspace, whatever their role.
    """
    accounts = get_user_model().objects
    user = accounts.filter(username=username).first()
    password = None
    if user is None:
        if not create:
            raise AccountDoesNotExist(username)
        if not settings.PASSWORDS:
            raise ValidationException(
                message=f"'{username}' gets an account by signing in at {settings.OIDC_NAME}: "
                "nobody has a password here."
            )
        password = secrets.token_urlsafe(12)
        user = accounts.create_user(username, password=password)
    elif workspace.memberships.filter(user=user).exists():
        raise AlreadyAMember(username)
    return set_role(workspace, user, role), password


@transaction.atomic
def remove_member(workspace: Workspace, user: AbstractBaseUser) -> None:
    """Withdraw somebody's membership; their keys of this workspace open nothing any more.

    Within seconds: see ``studio.actions.access_keys.REMEMBER_SECONDS``.

    Raises:
        LastAdmin: nobody else is an admin there.
        MemberDoesNotExist: they do not belong to it.
    """
    _keep_an_admin(workspace, user)
    removed, _ = Membership.objects.filter(workspace=workspace, user_id=user.pk).delete()
    if not removed:
        raise MemberDoesNotExist(user.get_username())
    told = {"workspace": workspace.account}
    record(AuditAction.REMOVE_MEMBER, user.get_username(), told, workspace=workspace.account)
    forget_keys_of(user)


def _keep_an_admin(workspace: Workspace, user: AbstractBaseUser) -> None:
    """Refuse what would leave no admin. Locks the workspace: of two who go at once, one stays."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    admins = Membership.objects.filter(workspace=workspace, role=Membership.Role.ADMIN)
    if admins.filter(user_id=user.pk).exists() and not (
        admins.exclude(user_id=user.pk).filter(user__is_active=True).exists()
    ):
        raise LastAdmin
