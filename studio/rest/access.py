"""Who may call a view of the REST API: what its ``permissions`` say, by method.

class ThingView(APIView):
    permissions = {"GET": Permission.VIEW, "POST": Permission.EDIT}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from studio import arns
from studio.access.caller import (
    Caller,
    chosen_workspace,
    current_caller,
    find_caller,
    set_caller,
)
from studio.access.check import check
from studio.access.permissions import Permission
from studio.actions.api_tokens import KnownToken
from studio.errors import AccessDenied, ConflictException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rest_framework.request import Request
    from rest_framework.views import APIView


ACCOUNT_HEADER: Final = "X-Stepwell-Account"
"""Says which account a page believes to show; may be left out."""
NAMES: Final = frozenset({"name", "stateMachineName"})
"""Parameters of addresses that name what belongs to an account: views get full names, and say
those that bodies and queries name with ``arns.full_name``.
"""


class AnotherWorkspace(ConflictException):
    """The session is in another workspace by now"""


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
        _check_belief(request, caller)
        check(caller, permission)
        set_caller(caller)
        for parameter in NAMES & view.kwargs.keys():
            view.kwargs[parameter] = arns.full_name(view.kwargs[parameter])
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
    chosen = chosen_workspace(request.session)
    return find_caller(request.user.pk, request.user.get_username(), chosen)


def _check_belief(request: Request, caller: Caller) -> None:
    """Refuse what a page asks that shows another workspace than the one its session is in now."""
    believed = request.headers.get(ACCOUNT_HEADER)
    if believed is not None and caller.account_id not in (None, believed):
        raise AnotherWorkspace(
            message=f"This page shows the workspace {believed}, and you have gone over to "
            f"'{caller.workspace_name}' ({caller.account_id}) elsewhere. Load the page again."
        )


def caller_of_request() -> Caller:
    """Whoever is calling; only for views of the REST API, which nobody unknown reaches."""
    caller = current_caller()
    assert caller is not None
    return caller
