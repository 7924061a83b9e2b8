"""People by the names they sign in with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q

from studio import arns
from studio.access.permissions import Permission, roles_with
from studio.errors import ValidationException
from studio.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser, User


def members_of(account: str) -> Q:
    """The condition that a user belongs to the workspace with this account id."""
    is_first = account == settings.AWS_ACCOUNT_ID
    # Once each, however many memberships somebody has.
    belonging = Membership.objects.filter(workspace__account_id=None if is_first else account)
    return Q(pk__in=belonging.values("user_id"))


def people_named(names: Iterable[str]) -> list[User]:
    """The accounts in force with these names, each once, of those who belong to the workspace.

    Raises:
        ValidationException: a name is nobody's there.
    """
    wanted = set(names)
    people = get_user_model()._default_manager.filter(members_of(arns.current_account()))
    found = list(people.filter(username__in=wanted, is_active=True))
    missing = wanted - {person.get_username() for person in found}
    if missing:
        raise ValidationException(message=f"There is nobody called '{min(missing)}'.")
    return found


def who_may_review(ids: Iterable[int] | None = None) -> set[int]:
    """Those who may approve proposals of the workspace now, of these people or of all, by their
    ids.
    """
    account = arns.current_account()
    found = Membership.objects.filter(
        role__in=roles_with(Permission.REVIEW),
        user__is_active=True,
        workspace__account_id=None if account == settings.AWS_ACCOUNT_ID else account,
    )
    if ids is not None:
        found = found.filter(user_id__in=list(ids))
    return set(found.values_list("user_id", flat=True))


def name_of(person: AbstractBaseUser | None) -> str | None:
    """The name that a person signs in with; None for one that is not there any more."""
    return None if person is None else person.get_username()
