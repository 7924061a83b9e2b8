"""The one place that refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.access.permissions import OF_KEEPERS, Permission, Role, roles_with
from studio.errors import AccessDenied
from studio.models import Membership

if TYPE_CHECKING:
    from studio.access.caller import Caller

NAMED = 3
"""Admins that a refusal names."""


def check(caller: Caller, permission: Permission | None) -> None:
    """Let the caller pass or raise AccessDenied, which says what is needed and who can give it.

    ``permission`` None is what nobody has declared: it is refused to everybody.
    """
    if permission is not None and caller.may(permission):
        return
    raise AccessDenied(message=_refusal(caller, permission))


def _refusal(caller: Caller, permission: Permission | None) -> str:
    if permission is None:
        return "Nobody may do this: it does not say what permission it needs. That is a fault here."
    if permission in OF_KEEPERS:
        return (
            f"This needs '{permission}', which the superusers have who keep the installation; "
            f"'{caller.username}' is none. On the machine itself: manage.py workspace."
        )
    if caller.workspace_id is None:
        return (
            f"'{caller.username}' belongs to no workspace. Ask an admin of the one you need; "
            "whoever keeps the installation can name one: manage.py member."
        )
    needed = roles_with(permission)
    if caller.role in needed:
        return (
            f"This needs '{permission}', which is not among the scopes of this key. "
            "Make a key that has it."
        )
    return (
        f"This needs '{permission}', which the {_listed(needed)} of the workspace "
        f"'{caller.workspace_name}' has; '{caller.username}' is {caller.role}. "
        f"{_who_can_give_it(caller.workspace_id)}"
    )


def _who_can_give_it(workspace_id: int) -> str:
    admins = list(
        Membership.objects.filter(workspace_id=workspace_id, role=Role.ADMIN, user__is_active=True)
        .order_by("user__username")
        .values_list("user__username", flat=True)[: NAMED + 1]
    )
    if not admins:
        return "It has no admin who could change that: manage.py member names one."
    names = ", ".join(f"'{name}'" for name in admins[:NAMED])
    more = " and others" if len(admins) > NAMED else ""
    return f"Its admins can change that: {names}{more}."


def _listed(roles: list[str]) -> str:
    return roles[0] if len(roles) == 1 else f"{', '.join(roles[:-1])} or {roles[-1]}"
