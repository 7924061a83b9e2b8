"""Workspaces: made, and found. The only place that makes more than the first."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from studio.actions.audit import record
from studio.actions.members import default_workspace, set_role
from studio.errors import ResourceNotFound, ValidationException
from studio.models import AuditAction, Membership, Workspace

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class WorkspaceAlreadyExists(ValidationException):
    """There is a workspace with this account id or slug already"""

    rest_status = 409


@transaction.atomic
def create_workspace(
    name: str, slug: str, owner: AbstractBaseUser, *, account_id: str | None = None
) -> Workspace:
    """Make a workspace whose admin is ``owner``; without ``account_id`` with digits of its own.

    Raises:
        WorkspaceAlreadyExists: another one has the account id or the slug.
        ValidationException: the account id, the slug or the name is none.
    """
    name = name.strip()
    taken = {str(settings.AWS_ACCOUNT_ID), *_account_ids()}
    workspace = Workspace(account_id=account_id or _new_account_id(taken), name=name, slug=slug)
    if account_id in taken:
        raise WorkspaceAlreadyExists(account_id)
    try:
        workspace.full_clean(validate_unique=False)
    except ValidationError as error:
        wrong = "; ".join(f"{field}: {' '.join(of)}" for field, of in error.message_dict.items())
        raise ValidationException(message=wrong) from None
    try:
        with transaction.atomic():
            workspace.save()
    except IntegrityError:
        raise WorkspaceAlreadyExists(slug) from None
    told = {"name": name, "slug": slug}
    record(AuditAction.CREATE_WORKSPACE, workspace.account, told, workspace=workspace.account)
    set_role(workspace, owner, Membership.Role.ADMIN)
    return workspace


def workspaces_of(user_id: int) -> list[Workspace]:
    """The workspaces that somebody belongs to, the first one first."""
    return list(Workspace.objects.filter(memberships__user_id=user_id).order_by("pk"))


def get_workspace(slug: str | None) -> Workspace:
    """The workspace with this slug; None is the first one, made where there is none.

    Raises ResourceNotFound.
    """
    if slug is None:
        return default_workspace()
    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        slugs = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True))
        raise ResourceNotFound(message=f"There is no workspace '{slug}'. There are: {slugs}.")
    return found


def get_own_workspace(user_id: int, account_id: str) -> Workspace:
    """The workspace with this account id, of those that somebody belongs to.

    Raises ResourceNotFound: there is none, or it is others'.
    """
    for workspace in workspaces_of(user_id):
        if workspace.account == account_id:
            return workspace
    raise ResourceNotFound(account_id)


def _account_ids() -> list[str]:
    found = Workspace.objects.exclude(account_id=None).values_list("account_id", flat=True)
    return [str(each) for each in found]


def _new_account_id(taken: set[str]) -> str:
    """Twelve digits that stand in no ARN of this installation."""
    while True:
        # Like AWS's own, which need no leading zeros.
        drawn = str(100_000_000_000 + secrets.randbelow(900_000_000_000))
        if drawn not in taken:
            return drawn
