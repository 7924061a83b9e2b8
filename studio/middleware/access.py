"""No view is reached that does not say who may call it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from studio.access.caller import chosen_workspace, find_caller, set_caller
from studio.access.check import check
from studio.access.declaration import declaration_of
from studio.errors import AccessDenied
from studio.rest.access import DeclaredPermission

if TYPE_CHECKING:
    from collections.abc import Callable


class AccessMiddleware(MiddlewareMixin):
    """Checks Django's own views by what they declare; those of the REST API check themselves."""

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Refuse the request, or let the view answer it."""
        del args, kwargs
        set_caller(None)
        if (rest := getattr(view, "cls", None)) is not None:
            # Who came as whom is told by its authentication classes.
            return None if tuple(rest.permission_classes) == (DeclaredPermission,) else _refuse()
        declared = declaration_of(view)
        if declared is None:
            return _refuse()
        if declared.permission is None:
            return None
        user = request.user
        if not user.is_authenticated:
            if declared.page:
                return redirect_to_login(request.get_full_path())
            return HttpResponse("Sign in to see this.", status=401, content_type="text/plain")
        assert isinstance(user.pk, int)
        chosen = chosen_workspace(request.session)
        caller = find_caller(user.pk, user.get_username(), chosen)
        try:
            check(caller, declared.permission)
        except AccessDenied as error:
            return _refuse(error.message)
        set_caller(caller)
        return None


def _refuse(message: str = "This does not say who may see it, so nobody may.") -> HttpResponse:
    return HttpResponse(message, status=403, content_type="text/plain")
