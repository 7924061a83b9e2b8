"""People by the names they sign in with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from studio.access.permissions import Permission, roles_with
from studio.errors import ValidationException
from studio.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser, User


def people_named(names: Iterable[str]) -> list[User]:
    """The accounts in force with these names, each once.

    Raises:
        ValidationException: a name is nobody's.
    """
    wanted = set(names)
    found = list(get_user_model()._default_manager.filter(username__in=wanted, is_active=True))
    missing = wanted - {person.get_username() for person in found}
    if missing:
        raise ValidationException(message=f"There is nobody called '{min(missing)}'.")
    return found


def who_may_review(ids: Iterable[int] | None = None) -> set[int]:
    """Those who may approve proposals now, of these people or of all, by their ids."""
    found = Membership.objects.filter(role__in=roles_with(Permission.REVIEW), user__is_active=True)
    if ids is not None:
        found = found.filter(user_id__in=list(ids))
    return set(found.values_list("user_id", flat=True))


def name_of(person: AbstractBaseUser | None) -> str | None:
    """The name that a person signs in with; None for one that is not there any more."""
    return None if person is None else person.get_username()
