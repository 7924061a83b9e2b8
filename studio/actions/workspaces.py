"""Workspaces: made, renamed and found. The only place that makes more than the first."""

from __future__ import annotations

import secrets
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from studio.actions.audit import record
from studio.actions.members import default_workspace, set_role
from studio.errors import ResourceNotFound, ValidationException
from studio.models import AuditAction, Membership, Workspace

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


_SLUG_BASE: Final = 36
"""Characters of a slug that come from the name; the others are for a number."""


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
    _check_fields(workspace)
    try:
        with transaction.atomic():
            workspace.save()
    except IntegrityError:
        raise WorkspaceAlreadyExists(slug) from None
    told = {"name": name, "slug": slug}
    record(AuditAction.CREATE_WORKSPACE, workspace.account, told, workspace=workspace.account)
    set_role(workspace, owner, Membership.Role.ADMIN)
    return workspace


@transaction.atomic
def rename_workspace(workspace_id: int, name: str) -> Workspace:
    """Call a workspace something else; its account id and slug stay.

    Raises:
        ResourceNotFound: it is not there any more.
        ValidationException: the name is none.
    """
    # Locked: of two who rename it at once, each is told of with the name that there was.
    workspace = Workspace.objects.select_for_update().filter(pk=workspace_id).first()
    if workspace is None:
        raise ResourceNotFound(message="This workspace is not there any more.")
    before, workspace.name = workspace.name, name.strip()
    if workspace.name == before:
        return workspace
    _check_fields(workspace)
    workspace.save(update_fields=["name"])
    told = {"from": before, "to": workspace.name}
    record(AuditAction.RENAME_WORKSPACE, workspace.account, told, workspace=workspace.account)
    return workspace


def slug_for(name: str) -> str:
    """A slug that no workspace has, made from a name: ``payments``, ``payments-2``."""
    base = slugify(name)[:_SLUG_BASE].strip("-_") or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return next(slug for slug in chain([base], numbered) if slug not in taken)


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


def _check_fields(workspace: Workspace) -> None:
    """Refuse what the model does not take, with ValidationException."""
    # The first one's account id is the installation's, and nothing here.
    left_out = {"account_id"} if workspace.account_id is None else set()
    try:
        workspace.full_clean(exclude=left_out, validate_unique=False)
    except ValidationError as error:
        wrong = "; ".join(f"{field}: {' '.join(of)}" for field, of in error.message_dict.items())
        raise ValidationException(message=wrong) from None


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
