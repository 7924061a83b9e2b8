"""Who may call a view of the REST API: what its ``permissions`` say, by method.

class ThingView(APIView):
    permissions = {"GET": Permission.VIEW, "POST": Permission.EDIT}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from studio.access.caller import Caller, current_caller, find_caller, set_caller
from studio.access.check import check
from studio.access.permissions import Permission
from studio.actions.api_tokens import KnownToken
from studio.errors import AccessDenied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rest_framework.request import Request
    from rest_framework.views import APIView


class DeclaredPermission(BasePermission):
    """Refuses what a view does not declare, and whoever has not the permission it declares."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether somebody is signed in.

        Raises:
            AccessDenied: the caller may not, or nothing is declared for the method.
            MethodNotAllowed: the view has no such method.
        """
        if not request.user.is_authenticated:
            return False
        method = cast("str", request.method)
        declared: Mapping[str, Permission] = getattr(view, "permissions", {})
        permission = declared.get("GET" if method == "HEAD" else method)
        if permission is None and (method == "OPTIONS" or not hasattr(view, method.lower())):
            raise MethodNotAllowed(method)
        caller = _caller_of(request, method, permission)
        check(caller, permission)
        set_caller(caller)
        return True


def _caller_of(request: Request, method: str, permission: Permission | None) -> Caller:
    if isinstance(request.auth, KnownToken):
        if permission is Permission.OWN_ACCOUNT and method not in SAFE_METHODS:
            # A token that is for little, or until tomorrow, must not make one that is for more.
            raise AccessDenied(
                message="A token does not change its owner's account: passwords, keys and tokens "
                "are changed by somebody who has signed in."
            )
        return request.auth.caller
    assert isinstance(request.user.pk, int)
    return find_caller(request.user.pk, request.user.get_username())


def caller_of_request() -> Caller:
    """Whoever is calling; only for views of the REST API, which nobody unknown reaches."""
    caller = current_caller()
    assert caller is not None
    return caller
